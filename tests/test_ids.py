"""Ids of articles: any that an older feed had, exactly as it was; in Atom an IRI."""

import json
import re

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from lxml import etree

from feedsite.ids import urn_of
from feedsite.notices import notice, notices_of
from feedsite.parsing import entryfile
from feedsite.words import ENGLISH

from .support.builders import PATH, ask, entry_text, settings, site
from .support.laws import often

SITE = "https://news.example/"
UUID = "f81d4fae-7dec-11d0-a765-00a0c91e6bf6"
OLD = ["4711", "?p=123", UUID, "Buzzsprout-1", 'Folge 1: a  <b> & "c"', "日本/1", "a#b"]
IRIS = [
    "tag:news.example,2026-11-22:night-trains",
    "https://old.example/?p=123&a=b",
    "https://old.example/a#b",
    "http://[::1]:80/x",
    "http://münchen.example/ä?ö#ü",
    f"urn:uuid:{UUID}",
    "podcast:12",
    "a:%20",
]
NO_IRIS = [
    *("x:", "12:30", "//a/b", "/a", "a b:c", "a:b c", "a:%zz", "a:[x]", "http://[::1]x/", "a:b#c#d", "a:\xa0"),
    *("a:\u200bb", "a:<b>", 'a:"b"', "a:{b}", "a:b|c", "a:b\\c", "a:b^c", "a:`", "ä:b", "a:\ue000"),
]
IDS = st.one_of(
    st.sampled_from([*OLD, *IRIS, *NO_IRIS]),
    st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=30),
    st.from_regex(r"(https?://old\.example/|tag:a,2026:|urn:x:)[a-z0-9?#%&= ]{1,10}[a-z0-9]", fullmatch=True),
)


def read(written, **fields):
    text = entry_text(id=json.dumps(written, ensure_ascii=False), **fields)
    return entryfile.read(text.encode(), PATH, settings())


def printed(one):
    """What each format calls the items of a site with this article."""
    there = site(one)
    channel = etree.fromstring(ask(there, "/feed.rss").body)
    atom = etree.fromstring(ask(there, "/feed.atom").body)
    items = json.loads(ask(there, "/feed.json").body)["items"]
    return (
        [(guid.text, guid.get("isPermaLink")) for guid in channel.iter("guid")],
        [item["id"] for item in items],
        [found.text for found in atom.findall("{*}entry/{*}id")],
        [stone.get("ref") for stone in atom.iter("{*}deleted-entry")],
    )


@pytest.mark.parametrize("written", OLD)
def test_an_id_of_an_older_feed_stays_as_it_is(written):
    """In RSS and JSON Feed it is what subscribers know; in Atom a URN, the same on every machine."""
    one = read(written).entry
    guids, items, ids, _ = printed(one)
    assert (guids, items) == ([(written, "false")], [written])
    assert ids == [urn_of(written, SITE)]
    assert re.fullmatch(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", ids[0])


def test_a_urn_is_the_same_in_every_release():
    """Subscribers have it."""
    assert urn_of("4711", SITE) == "urn:uuid:d500a0f8-e683-5f53-a826-8129e90b2099"
    assert urn_of("4711", "https://other.example/") != urn_of("4711", SITE)


@pytest.mark.parametrize("written", IRIS)
def test_an_iri_is_the_id_in_every_format(written):
    """An absolute one, with letters of every script (RFC 3987)."""
    assert urn_of(written, SITE) is None
    one = read(written).entry
    assert printed(one) == ([(written, "false")], [written], [written], [])


@pytest.mark.parametrize("written", NO_IRIS)
def test_what_is_nearly_an_iri_is_none(written):
    """White space, brackets, a second fragment, a % that encodes nothing, what cannot be seen."""
    assert urn_of(written, SITE)


@pytest.mark.parametrize("written", ["4711", "https://old.example/a#b", "tag:a,2026:b"])
@pytest.mark.parametrize(
    "fields",
    [
        {"corrections": "[{at: 2026-11-22 10:00, note: x, announce: true}]"},
        {"withdrawn": "{at: 2026-11-22 10:00, reason: x}"},
    ],
    ids=["corrected", "withdrawn"],
)
def test_notices_and_tombstones_are_called_likewise(written, fields):
    """The id of a notice is the article's and its part, in each format; a tombstone names the entry beside it."""
    one = read(written, **fields).entry
    ((part, _, _),) = notices_of(one)
    guids, items, ids, stones = printed(one)
    assert [text for text, _ in guids] == items
    assert set(items) == {written, written + part}
    iri = urn_of(written, SITE) or written
    assert set(ids) == {iri, iri + (part.replace("#", "%23") if "#" in written else part)}
    assert stones == ([iri] if one.withdrawal else [])
    assert not [found for found in ids if urn_of(found, SITE)]


@often
@given(IDS)
@example("a:b#c%23withdrawn")
@example("a%23correction-1")
def test_an_id_is_kept_exactly_or_refused(written):
    """The law: RSS and JSON Feed have what was written, Atom has an IRI, and so has each notice."""
    file = read(written, corrections="[{at: 2026-11-22 10:00, note: x}]")
    if not file.entry:
        assert len(written) > 500 or re.search("(#|%23)(withdrawn|correction-\\d+)$", written)
        return
    one = file.entry
    assert one.id == written
    for item in (one, notice(one, "#correction-1", ENGLISH)):
        assert urn_of(item.iri, SITE) is None
    assert printed(one) == ([(written, "false")], [written], [one.iri], [])


@often
@given(IDS, IDS)
def test_articles_that_differ_differ_in_atom(written, other):
    """The law: neither an article nor a notice about it has an IRI that another one has."""
    assume(written != other)
    pairs = [read(one, corrections="[{at: 2026-11-22 10:00, note: x}]").entry for one in (written, other)]
    found = [item.iri for one in pairs if one for item in (one, notice(one, "#correction-1", ENGLISH))]
    assert len(found) == len(set(found))


def test_nobody_takes_the_urn_of_another_article():
    """An article that names as its id what another one is called in Atom has a fault: it asks for the other's id."""
    mine = read("4711").entry
    other = entryfile.read(
        entry_text(id=mine.iri, slug="another").encode(), "entries/2026-11-22-later-and-longer.yaml", settings()
    ).entry
    assert printed_paths(site(mine, other)) == ["https://news.example/2026/11/night-trains/"]


def printed_paths(there):
    return [item["url"] for item in json.loads(ask(there, "/feed.json").body)["items"]]


def test_an_id_that_is_a_number_needs_no_quotation_marks():
    """YAML's own types have no part in it."""
    for written in ("4711", "007", "1e3", "yes"):
        assert entryfile.read(entry_text(id=written).encode(), PATH, settings()).entry.id == written


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("a\tb", r'"a\u0009b" is no id: it holds a tab, or a line end; write it on one line'),
        ("a\nb", r'"a\u000Ab" is no id: it holds a tab, or a line end; write it on one line'),
        ("x" * 501, "is too long; 500 letters are the most that can stand here"),
        ("a#withdrawn", "an id that ends in #withdrawn is that of a notice about an article; take the end off"),
        ("a#b%23withdrawn", "an id that ends in %23withdrawn is that of a notice about an article; take the end off"),
    ],
)
def test_what_no_id_can_be_is_refused(written, message):
    """In a sentence."""
    (fault,) = read(written).faults
    assert message in fault.message


@pytest.mark.parametrize("written", ["", "  ", "\u3000"])
def test_an_empty_id_is_none(written):
    """It counts as left out, as every empty field does."""
    assert read(written).derived_id


def test_white_space_around_an_id_is_not_a_part_of_it():
    """Within it all of it is."""
    assert read(" a  b ").entry.id == "a  b"
