"""The addresses of a collection's documents: what is written is what is read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsite.collection import EVERYTHING, KINDS, key_at, path_of
from feedsite.places import Place, parse
from feedsite.places import path_of as path_of_place

from .support.laws import few

KEYS = st.one_of(
    st.sampled_from([kind.name for kind in KINDS if not kind.parts.pattern]),
    st.sampled_from(["section/world", "section/world/asia", "tag/rail", "tag/日本", "author/mina-sato", "language/ja"]),
    st.sampled_from(["date/2021", "date/2021/07", "tag/page", "author/feed"]),
)
NUMBERS = st.integers(1, 999_999_999)
PARTS = st.one_of(
    st.just({}),
    st.builds(lambda page: {"page": page}, NUMBERS),
    st.builds(lambda suffix: {"suffix": suffix}, st.sampled_from(["rss", "atom", "json"])),
    st.builds(
        lambda suffix, year, month, part: {"suffix": suffix, "year": year, "month": month, "part": part},
        st.sampled_from(["rss", "atom", "json"]),
        st.integers(1, 9999),
        st.integers(1, 12),
        NUMBERS,
    ),
)


@few
@given(KEYS, PARTS)
def test_parse_and_path_of_are_inverse(key, parts):
    """The law, for every kind of collection and every document of one."""
    place = Place(folder=path_of(key), **parts)
    assert parse(path_of_place(place)) == place
    assert key_at(place.folder) == key


@pytest.mark.parametrize(
    "path",
    [
        "/world/page/0/",
        "/world/page/02/",
        "/world/page/2",
        "/world/feed.ATOM",
        "/world/archive/2021/13/1/feed.atom",
        "/world/archive/2021/7/1/feed.atom",
        "/world/archive/2021/07/0/feed.atom",
        "/world/archive/2021/07/feed.atom",
    ],
)
def test_what_is_spelled_otherwise_is_no_document(path):
    """Numbers begin with no zero, months have two digits, a page ends in a slash: no second address leads to any."""
    place = parse(path)
    assert place is None or (place.page, place.month) == (0, 0)
    assert place is None or path_of_place(place) == path


@pytest.mark.parametrize("path", ["", "page/2/", "/world", "/world//", "//", "/world/feed."])
def test_no_collection_has_a_path_without_slashes_at_its_ends(path):
    """A page ends in a slash, and no part between two slashes is empty."""
    assert parse(path) is None


def test_the_front_page_is_everything():
    """And no other collection has its path."""
    assert key_at("/") == EVERYTHING
    assert path_of(EVERYTHING) == "/"
