"""Since when a node serves what it serves: a date that hides no change, whatever the clock does."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from feedsite.serving.lastmodified import moments

from .support.laws import often

NOW = datetime(2026, 11, 22, 9, 0, 0, 250_000, tzinfo=UTC)
# Each step: how far the clock goes, also back, and what is served from then on at two paths.
STEPS = st.lists(st.tuples(st.floats(-5000, 5000), st.sampled_from("abc"), st.sampled_from("xy")), max_size=12)


def test_what_stays_keeps_its_moment():
    """Also after a restart: only what changed is served since now."""
    first = moments({"/": "a", "/feed.rss": "x"}, {}, NOW)
    later = moments({"/": "b", "/feed.rss": "x"}, first, NOW + timedelta(hours=1))
    assert later == {"/": ("b", datetime(2026, 11, 22, 10, 0, 2, tzinfo=UTC)), "/feed.rss": first["/feed.rss"]}


def test_a_path_that_is_served_no_more_is_forgotten():
    """And one that comes back begins anew."""
    assert moments({}, moments({"/": "a"}, {}, NOW), NOW) == {}


def test_edits_that_follow_each_other_quickly_do_not_run_ahead_of_the_clock():
    """A minute of four edits a second: the date is told two seconds after the last."""
    known = {}
    for number in range(240):
        now = NOW + timedelta(seconds=number / 4)
        known = moments({"/": str(number)}, known, now)
    assert known["/"][1] == now.replace(microsecond=0) + timedelta(seconds=2)


@often
@given(STEPS)
def test_no_version_has_a_date_that_was_told_of_the_one_before(steps):
    """The law, however the clock is set: a new version's moment has not come yet, and the former one's was not told."""
    now, known = NOW, moments({"/": "a", "/feed.rss": "x"}, {}, NOW)
    told = set()
    for ahead, *served in steps:
        now += timedelta(seconds=ahead)
        told |= {(path, since) for path, (_, since) in known.items() if since <= now}
        later = moments(dict(zip(known, served, strict=True)), known, now)
        for path, (digest, moment) in later.items():
            former, since = known[path]
            if digest == former:
                assert moment == since
            else:
                assert moment > now + timedelta(seconds=1)
                assert moment != since or (path, since) not in told
                told = {one for one in told if one[0] != path}
        known = later
