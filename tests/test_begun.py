"""Since when a node serves what it serves: a date that hides no change, whatever the clock does."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from feedsite.serving.begun import begun

from .test_laws import often

NOW = datetime(2026, 11, 22, 9, 0, 0, 250_000, tzinfo=UTC)
# Each step: how far the clock goes, also back, and what is served from then on at two paths.
STEPS = st.lists(st.tuples(st.floats(-5000, 5000), st.sampled_from("abc"), st.sampled_from("xy")), max_size=12)


def test_what_stays_keeps_its_moment():
    """Also after a restart: only what changed is served since now."""
    first = begun({"/": "a", "/feed.rss": "x"}, {}, NOW)
    later = begun({"/": "b", "/feed.rss": "x"}, first, NOW + timedelta(hours=1))
    assert later == {"/": ("b", datetime(2026, 11, 22, 10, 0, 2, tzinfo=UTC)), "/feed.rss": first["/feed.rss"]}


def test_a_path_that_is_served_no_more_is_forgotten():
    """And one that comes back begins anew."""
    assert begun({}, begun({"/": "a"}, {}, NOW), NOW) == {}


@often
@given(STEPS)
def test_no_two_versions_one_after_the_other_share_a_moment(steps):
    """The law: a new version's moment has not come yet and is later than that of any version before; else it stays."""
    now, known = NOW, begun({"/": "a", "/feed.rss": "x"}, {}, NOW)
    for ahead, *served in steps:
        now += timedelta(seconds=ahead)
        digests = dict(zip(known, served, strict=True))
        later = begun(digests, known, now)
        for path, digest in digests.items():
            (former, since), (standing, moment) = known[path], later[path]
            assert (standing, moment.microsecond) == (digest, 0)
            assert moment == since if former == digest else moment > max(since, now + timedelta(seconds=1))
        known = later
