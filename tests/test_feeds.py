"""The articles in a feed, and how often it says that it changes."""

from datetime import UTC, datetime, timedelta

import pytest

from feedsite.feeds import RECENT, cadence, feed
from feedsite.index.edition import Edition
from feedsite.model import Cadence
from feedsite.sitecollections import Collections

from .support.builders import edition, entry, index, settings

NEWEST = datetime(2026, 11, 22, 8, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def every(distance, count):
    """So many articles, newest first, with this time between two of them."""
    return tuple(entry(str(number), published=NEWEST - number * distance) for number in range(count))


@pytest.mark.parametrize(
    ("entries", "told"),
    [
        ((), ("daily", 1, 60)),
        (every(DAY, 1), ("daily", 1, 60)),
        (every(timedelta(0), 5), ("daily", 1, 60)),
        (every(MINUTE, 7), ("hourly", 60, 15)),
        (every(10 * MINUTE, 7), ("hourly", 6, 15)),
        (every(HOUR, 7), ("hourly", 1, 30)),
        (every(8 * HOUR, 7), ("daily", 3, 240)),
        (every(DAY, 7), ("daily", 1, 720)),
        (every(3 * DAY, 7), ("weekly", 2, 1440)),
        (every(7 * DAY, 2), ("weekly", 1, 1440)),
        (every(15 * DAY, 3), ("monthly", 2, 1440)),
        (every(365 * DAY, 3), ("yearly", 1, 1440)),
        (every(2000 * DAY, 3), ("yearly", 1, 1440)),
    ],
)
def test_the_cadence_is_the_one_that_was_measured(entries, told):
    """A cadence is the shortest period with an article, the number in it, and half the minutes between two articles."""
    period, frequency, ttl = told
    assert cadence(entries) == Cadence(period=period, frequency=frequency, ttl=ttl)


@pytest.mark.parametrize(
    ("distance", "count", "window", "held"),
    [(DAY, 10, 5, 5), (DAY, 10, 50, 10), (HOUR, 100, 5, 49), (16 * HOUR, 10, 1, 4), (DAY, 0, 5, 0)],
)
def test_a_feed_holds_its_window_and_all_of_the_last_48_hours(distance, count, window, held):
    """A feed has its window and all of the 48 hours before its newest: asked every two days, a reader misses none."""
    later = edition(*every(distance, count), now=NEWEST + 1000 * DAY)
    rows = later.everything.window(window, RECENT)
    assert tuple(map(later.entry, rows)) == every(distance, count)[:held]


def test_no_clock_changes_a_feed():
    """With the same articles, a feed is the same value today and in three years."""
    articles = index(*every(5 * HOUR, 20))
    editions = [Edition(articles, NEWEST + wait) for wait in (timedelta(0), HOUR, 1000 * DAY)]
    feeds = [
        feed(
            Collections(one, settings()).everything,
            tuple(map(one.entry, one.everything.window(10, RECENT))),
            settings(),
        )
        for one in editions
    ]
    assert feeds[0] == feeds[1] == feeds[2]
    assert len(feeds[0].entries) == 10
