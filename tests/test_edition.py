"""What is public at one moment: the index answers as a list of all entries would."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsite.index.edition import Edition
from feedsite.model import NEVER

from .support.builders import edition, entry, index, standing
from .support.laws import ENTRIES, SOURCES, few

NINE = datetime(2026, 11, 22, 9, tzinfo=UTC)
SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)


def at(hours, name, **changes):
    moment = NINE + timedelta(hours=hours)
    return entry(name, **({"published": moment, "updated": moment} | changes))


def read(an_edition, rows):
    return [an_edition.entry(row) for row in rows]


def public_and_until(an_edition):
    """Its articles, newest first, and when there will be others."""
    return read(an_edition, an_edition.all()), an_edition.until


# Moments that many share, so that names decide; some differ in what Unicode puts elsewhere than bytes might.
MANY = st.lists(st.tuples(st.none() | st.integers(-20, 20), SOURCES), max_size=12, unique_by=lambda said: said[1]).map(
    lambda said: [
        entry(str(number), source=source, published=moment, updated=moment)
        for number, (hours, source) in enumerate(said)
        for moment in [NEVER if hours is None else NINE + hours // 10 * HOUR]
    ]
)
HOURS = st.integers(-7, 7).map(lambda hours: NINE + hours * HOUR)


def public(entries, now):
    return [one for one in standing(entries) if one.published <= now]


@few
@given(MANY | ENTRIES, HOURS)
def test_the_list_of_all_is_that_of_the_entries_that_stand(entries, now):
    """The law: the articles, their number and when the next one comes, for any entries at any moment."""
    asked, right = edition(*entries, now=now), public(entries, now)
    later = [one.published for one in standing(entries) if now < one.published < NEVER]
    assert public_and_until(asked) == (right, min(later, default=None))
    assert asked.everything.size == len(right)


@few
@given(MANY, HOURS, st.integers(1, 13), st.integers(0, 12))
def test_a_window_is_the_newest_and_all_of_a_time(entries, now, count, hours):
    """The law: `count` articles, or those of this time before the newest, if these are more."""
    asked, right = edition(*entries, now=now), public(entries, now)
    recent = [one for one in right if one.published >= right[0].published - hours * HOUR]
    assert read(asked, asked.everything.window(count, hours * HOUR)) == right[: max(count, len(recent))]


@few
@given(MANY, HOURS, st.data())
def test_a_stretch_is_counted_from_the_oldest(entries, now, data):
    """The law: wherever a stretch begins and ends within the list, from whichever end it is reached."""
    asked, right = edition(*entries, now=now), public(entries, now)
    first = data.draw(st.integers(0, len(right)))
    size = data.draw(st.integers(0, len(right) - first))
    assert read(asked, asked.everything.stretch(first, size)) == right[::-1][first : first + size][::-1]


@few
@given(MANY, HOURS)
def test_each_stands_between_its_neighbours(entries, now):
    """The law: newer and older are the articles above and below in the list; the ends have none."""
    asked, right = edition(*entries, now=now), public(entries, now)
    for number, row in enumerate(list(asked.all())):
        above, below = asked.newer(row), asked.older(row)
        assert read(asked, filter(None, [above])) == right[max(0, number - 1) : number]
        assert read(asked, filter(None, [below])) == right[number + 1 : number + 2]


@few
@given(ENTRIES, st.integers(-4, 4))
def test_at_a_path_stands_what_is_public_there(entries, hours):
    """The law: each article at its path and at the aliases that it keeps, and nothing anywhere else."""
    now = datetime(2026, 11, 22, tzinfo=UTC) + hours * HOUR
    asked = edition(*entries, now=now)
    standing = {path: one for one in public(entries, now) for path in (one.path, *one.aliases)}
    for path in ("/a/", "/a", "/A/", "/b/", "/c/", "/c", "/d/", "/x", "/x/", "/X/", "/y", "/", "", "/nowhere/"):
        row = asked.at(path)
        assert (row and asked.entry(row)) == standing.get(path)


def test_no_entries_are_an_empty_edition():
    """A new site has nothing public, and nothing scheduled."""
    empty = edition()
    assert public_and_until(empty) == ([], None)
    assert (
        empty.everything.size,
        empty.everything.window(50, HOUR),
        empty.everything.stretch(0, 20),
        empty.at("/"),
    ) == (0, [], [], None)


def test_an_article_is_public_from_its_very_second_on():
    """Not one second earlier; `until` is when the next one becomes public."""
    late, soon, now = at(2, "late"), at(1, "soon"), at(0, "now")
    held = index(now, soon, late, at(0, "draft", published=NEVER, updated=NEVER))
    assert public_and_until(Edition(held, NINE - SECOND)) == ([], now.published)
    assert public_and_until(Edition(held, NINE)) == ([now], soon.published)
    assert public_and_until(Edition(held, soon.published - SECOND)) == ([now], soon.published)
    assert public_and_until(Edition(held, soon.published)) == ([soon, now], late.published)
    assert public_and_until(Edition(held, late.published)) == ([late, soon, now], None)


def test_a_moment_within_a_second_is_that_second():
    """A clock has microseconds, articles have none."""
    assert public_and_until(edition(at(0, "now"), now=NINE + SECOND / 2)) == ([at(0, "now")], None)
    assert public_and_until(edition(at(0, "now"), now=NINE - SECOND / 2)) == ([], NINE)


def test_a_draft_is_public_at_no_time():
    """It is neither scheduled nor counted."""
    last = edition(entry("draft", published=NEVER, updated=NEVER), now=NEVER - SECOND)
    assert (*public_and_until(last), last.everything.size) == ([], None, 0)


@pytest.mark.parametrize("count", [999, 1000, 1001, 2300])
def test_a_long_list_is_asked_for_in_parts_that_join(count):
    """Where a part ends among articles of one second, none is left out and none comes twice."""
    ids = [f"{number}" for number in range(count)]
    asked = edition(*(entry(name, id=name) for name in ids))
    assert [row.id for row in asked.all()] == ids[::-1]
    assert [row.id for row in asked.everything.stretch(3, 20)] == ids[3:23][::-1]


def test_an_article_of_long_ago_is_older_than_all():
    """Before 1970, too, where seconds are negative."""
    old = entry("old", published=datetime(1000, 1, 1, tzinfo=UTC))
    epoch = entry("epoch", published=datetime(1970, 1, 1, tzinfo=UTC))
    assert public_and_until(edition(old, epoch, at(0, "now")))[0] == [at(0, "now"), epoch, old]


def test_what_stands_beside_an_article_is_found_at_once():
    """However many articles are of its second, are scheduled, or are drafts: SQLite's steps do not grow with them."""

    def steps(count):
        entries = [at(0, f"n{number}") for number in range(count)]
        entries += [at(0, f"draft{number}", published=NEVER) for number in range(count)]
        held, counted = index(*entries), []
        asked = Edition(held, NINE)
        oldest = asked.everything.oldest.item
        middle = asked.everything.stretch(count // 2, 1)[0].item
        with held.reading() as view:
            view.set_progress_handler(lambda: counted.append(1) and None, 10)
            for item in (oldest, middle, max(oldest, middle)):
                asked.newer(item)
                asked.older(item)
                asked.everything.has(item)
            view.set_progress_handler(None, 0)
        return len(counted)

    assert steps(2000) < 2 * steps(200)
