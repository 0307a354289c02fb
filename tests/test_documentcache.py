"""Documents as bytes for other processes (documentbytes.py), and in a cache with a budget (documentcache.py)."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsite.cut import Cut
from feedsite.document import CODINGS, Document, Gone, Moved
from feedsite.documentbytes import from_bytes, to_bytes
from feedsite.documentcache import BUDGET, DocumentCache

from .support.builders import entry, site
from .support.golden import sample_site
from .support.laws import seldom

BODIES = st.binary(max_size=300) | st.sampled_from([b"x" * 1000, bytes(range(256)) * 3])
WORDS = st.text(st.characters(codec="utf-8"), max_size=9)
CUTS = st.builds(Cut, BODIES, st.lists(BODIES, max_size=4).map(tuple), BODIES, BODIES)
FIELDS = {
    "media_type": st.sampled_from(["text/html; charset=utf-8", "application/rss+xml", "image/png", ""]) | WORDS,
    "links": st.lists(st.tuples(WORDS, WORDS), max_size=2).map(tuple),
    "is_scripted": st.booleans(),
}
PLAIN = st.builds(Document, body=BODIES, **FIELDS)
DOCUMENTS = PLAIN | st.builds(
    lambda cut, told: Document(body=bytes(cut), cut=cut, **told), CUTS, st.fixed_dictionaries(FIELDS)
)


def made_of(document):
    """What answers are made of: the bytes of each coding with their ETag."""
    return [(document.long_etag(coding), document.coded(coding)) for coding in ("identity", *document.codings)]


@seldom
@given(DOCUMENTS)
def test_a_document_comes_back_as_it_was(document):
    """Law: a document from bytes has the same fields, cut and codings, and is not compressed again."""
    for _ in ("as drawn", "with its codings"):
        again = from_bytes(to_bytes(document))
        assert again == document
        assert again.compressed == document.compressed
        assert made_of(again) == made_of(document)


@pytest.mark.parametrize("path", ["/feed.rss", "/feed.atom", "/feed.json", "/", "/static/style.css"])
def test_feeds_and_the_front_page_come_back_as_they_were(path):
    """Feeds and the front page come back from bytes as they were, so that another process can serve them."""
    document = sample_site()[path]
    again = from_bytes(to_bytes(document))
    assert again == document
    assert made_of(again) == made_of(document)


def test_a_delta_of_it_is_the_same():
    """A feed from bytes gives the same deltas, so that a poller may ask any process."""
    before = site(entry("a"), entry("b"))["/feed.atom"]
    after = site(entry("a"), entry("b", title="Another"))["/feed.atom"]
    again = from_bytes(to_bytes(after))
    assert again.delta(before.long_etag("br")) == after.delta(before.long_etag("br")) != None  # noqa: E711  # a chain


@seldom
@given(PLAIN | DOCUMENTS, st.data())
def test_one_changed_byte_is_noticed(document, data):
    """Law: bytes of which one was changed give no document."""
    content = bytearray(to_bytes(document))
    place = data.draw(st.integers(0, len(content) - 1))
    content[place] ^= data.draw(st.integers(1, 255))
    assert from_bytes(bytes(content)) is None


def test_no_bit_of_a_small_document_can_be_changed():
    """No bit of a small document's bytes can be changed without being noticed."""
    content = to_bytes(Document(b"<p>x</p>", "text/html"))
    for place in range(len(content)):
        for bit in range(8):
            changed = bytearray(content)
            changed[place] ^= 1 << bit
            assert from_bytes(bytes(changed)) is None


@pytest.mark.parametrize("left", [0, 1, 15, 16, 17, 20, -1])
def test_bytes_that_were_cut_off_give_no_document(left):
    """Bytes that were cut off, by a killed process or a full disk, give no document."""
    assert from_bytes(to_bytes(Document(b"<p>x</p>", "text/html"))[:left]) is None


# Within one process

DOCUMENT = Document(b"x" * 10_000, "text/html")


def kept(drawn, paths):
    return [path for path in paths if drawn.get(path, "1")]


def test_a_resource_is_returned_for_its_path_and_fingerprint():
    """The cache returns the last resource of a path, if it has the fingerprint that is asked for."""
    drawn = DocumentCache()
    drawn.put("/a", "1", DOCUMENT)
    assert drawn.get("/a", "1") is DOCUMENT
    assert (drawn.get("/a", "2"), drawn.get("/b", "1")) == (None, None)
    drawn.put("/a", "2", replace(DOCUMENT, body=b"y"))
    assert (drawn.get("/a", "1"), drawn.get("/a", "2").body) == (None, b"y")


SIZES = st.sampled_from([0, 10, 1_000, 4_000, 8_000, 100_000])


@seldom
@given(st.lists(st.tuples(st.sampled_from("abcdefgh"), SIZES, st.sampled_from([Document, Moved, Gone])), max_size=40))
def test_the_cache_keeps_to_its_budget(puts):
    """Law: the bodies in the cache, with what their codings take, never exceed the budget."""
    budget = 100_000
    drawn = DocumentCache(budget)
    held = {}
    for path, size, kind in puts:
        document = Document(b"x" * size, "text/html")
        resource = {Document: document, Moved: Moved("/", "/", document), Gone: Gone(document)}[kind]
        drawn.put(path, "1", resource)
        held[path] = size
        standing = kept(drawn, held)
        assert sum(2 * held[one] for one in standing) <= budget
        assert len(drawn) == len(standing)
        assert path in standing or size > budget // 16


def test_the_least_recently_used_resource_makes_room():
    """The least recently used resource makes room, so that what is often asked for stays."""
    drawn = DocumentCache(8 * (2 * 10_000 + 4096))
    for path in "abcdefgh":
        drawn.put(path, "1", DOCUMENT)
    drawn.get("a", "1")
    drawn.put("i", "1", DOCUMENT)
    assert "".join(kept(drawn, "abcdefghi")) == "acdefghi"


def test_a_recording_is_not_cached():
    """A File is not cached, and removes a former resource of its path."""
    drawn = DocumentCache()
    for number in range(100):
        drawn.put(f"/{number}", "1", DOCUMENT)
    drawn.put("/audio/a.mp3", "1", DOCUMENT)
    drawn.put("/audio/a.mp3", "1", Document(bytes(BUDGET // 8), "audio/mpeg"))
    assert drawn.get("/audio/a.mp3", "1") is None
    assert len(drawn) == 100


@pytest.mark.parametrize("coding", CODINGS)
def test_a_cached_document_keeps_its_codings(coding):
    """A cached document keeps its codings, so that an unchanged page is compressed once."""
    drawn = DocumentCache()
    document = Document(b"x" * 1000, "text/html", datetime(2026, 1, 1, tzinfo=UTC))
    drawn.put("/", "1", document)
    assert drawn.get("/", "1").coded(coding) is document.coded(coding)
