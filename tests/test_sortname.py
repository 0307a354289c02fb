"""The order of articles of one second: that of their files' names, the later one newer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsite.index.edition import Edition
from feedsite.index.sortname import sort_name

from .support.builders import entry, index
from .support.golden import NOW
from .support.laws import SOURCES, often
from .support.rows import name_of


@often
@given(st.lists(SOURCES, max_size=8, unique=True))
def test_sort_names_compare_as_the_names_do(sources):
    """The law: as texts they are in the order of the names, numbers by their values, and no two are the same."""
    assert sorted(sources, key=sort_name) == sorted(sources, key=name_of)
    assert len({*map(sort_name, sources)}) == len(sources)


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        ("part-1", "part-2"),
        ("part-9", "part-10"),
        ("part-9b", "part-10a"),
        ("part-09", "part-10"),
        ("part-1", "part-01"),
        ("part-1-b", "part-01-c"),
        ("part", "part-2"),
        ("a/part-2", "b/part-1"),
        ("2/x", "10/x"),
        ("part-99999999999999999998", "part-99999999999999999999"),
        ("part-999999999", "part-1000000000"),
        ("caf\u00e9-1", "cafe\u0301-2"),
        ("Z", "a"),
    ],
)
def test_the_later_name_is_the_newer_article(older, newer):
    """Whatever their ids, and whichever was read first."""
    sources = [f"entries/{name}.yaml" for name in (older, newer)]
    for order in (sources, sources[::-1]):
        entries = [entry(str(number), source=source) for number, source in enumerate(order)]
        asked = Edition(index(*entries), NOW)
        assert [row.source for row in asked.all()] == sources[::-1]
        assert [row.source for row in asked.everything.all()] == sources[::-1]


def test_names_that_are_the_same_on_a_mac_or_but_for_their_ending_have_an_order():
    """One of them ends in .yaml and has its accents in one character: that one is the older."""
    names = ["entries/caf\u00e9.yaml", "entries/cafe\u0301.yaml", "entries/caf\u00e9.yml"]
    assert [*map(sort_name, names)] == sorted(map(sort_name, names))
    assert len({*map(sort_name, names)}) == len(names)
