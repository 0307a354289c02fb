"""An Entry comes back from the index as it was, whatever it has; default values take no room."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsite.index import entryjson
from feedsite.model import NEVER, Category, Correction, Enclosure, Entry, Image, Nav, Person, Picture, Withdrawal
from feedsite.parsing import entryfile
from feedsite.pictures.parsed import Shape

from .support.builders import PATH, entry
from .support.laws import FILES, SITE, seldom

TEXT = st.text(st.characters(codec="utf-8"), max_size=12)
SAID = TEXT | st.none()
MOMENTS = st.datetimes(datetime(1, 1, 1), datetime(9999, 12, 31), timezones=st.just(UTC)).map(  # noqa: DTZ001  # aware
    lambda moment: moment.replace(microsecond=0)
) | st.just(NEVER)
PEOPLE = st.lists(st.builds(Person, name=TEXT, email=SAID, url=SAID), max_size=2).map(tuple)
CATEGORIES = st.builds(Category, term=TEXT, label=TEXT, scheme=TEXT)
LENGTHS = st.integers(0, 10**15)
ENCLOSURES = st.builds(Enclosure, url=TEXT, type=TEXT, length=LENGTHS, duration=LENGTHS | st.none(), title=SAID)
FIELDS = {
    **dict.fromkeys(("source", "id", "path", "title", "summary", "body", "language"), TEXT),
    "urn": SAID,
    "published": MOMENTS,
    "updated": MOMENTS,
    "day": st.dates(),
    "is_summary_written": st.booleans(),
    "authors": PEOPLE,
    "contributors": PEOPLE,
    "section": CATEGORIES | st.none(),
    "tags": st.lists(CATEGORIES, max_size=2).map(tuple),
    "image": st.builds(Image, src=TEXT, alt=TEXT, credit=SAID, caption=SAID) | st.none(),
    "enclosures": st.lists(ENCLOSURES, max_size=2).map(tuple),
    "link": SAID,
    "rights": SAID,
    "corrections": st.lists(st.builds(Correction, at=MOMENTS, note=TEXT), max_size=2).map(tuple),
    "withdrawal": st.builds(Withdrawal, at=MOMENTS, reason=TEXT) | st.none(),
    "aliases": st.lists(TEXT, max_size=2).map(tuple),
    "pin": st.booleans(),
    "nav": st.builds(Nav, place=TEXT, order=st.integers() | st.none()) | st.none(),
    "pictures": st.lists(
        st.builds(Picture, url=TEXT, shape=st.builds(Shape, type=TEXT, width=LENGTHS, height=LENGTHS), length=LENGTHS),
        max_size=2,
    ).map(tuple),
}
ANY = st.builds(Entry, **FIELDS)


def kept(one):
    return entryjson.entry(entryjson.record(one), one.source, one.body)


@seldom
@given(ANY)
def test_any_entry_comes_back_as_it_was(one):
    """The law: every field, every moment, every letter; the record is one line."""
    assert kept(one) == one
    assert "\n" not in entryjson.record(one)


@seldom
@given(FILES)
def test_whatever_a_file_gives_comes_back(content):
    """Values come back with the same types, so that they are printed the same."""
    if one := entryfile.read(content, PATH, SITE).entry:
        assert repr(kept(one)) == repr(one)


@seldom
@given(ANY, ANY)
def test_two_entries_have_one_record_only_if_they_are_equal(one, other):
    """A hash of records tells lists apart."""
    records = [(entryjson.record(each), each.source, each.body) for each in (one, other)]
    assert (records[0] == records[1]) == (one == other)


def test_a_record_has_neither_body_nor_source_nor_default_values():
    """Lists of a hundred thousand articles are made of records."""
    values = json.loads(entryjson.record(entry()))
    assert values.keys() == {"id", "path", "title", "published", "updated", "day", "summary", "authors", "language"}
    assert (values["published"], values["day"]) == (1795334400, "2026-11-22")


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", "null", '{"day": 3}', entryjson.record(entry()).replace("title", "x")]
)
def test_what_was_never_recorded_is_refused(text):
    """As ValueError, LookupError or TypeError, whatever another program wrote there."""
    with pytest.raises((ValueError, LookupError, TypeError)):
        entryjson.entry(text, PATH, "")


def test_every_field_of_an_entry_is_tried_here():
    """A field that is added to the model must be added to the strategies above."""
    assert FIELDS.keys() == set(Entry.__slots__)
