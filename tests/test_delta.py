"""Delta feeds (RFC 3229, A-IM: feed): a poller that names its version is sent the entries that it lacks."""

import json
import re
from datetime import timedelta

import feedparser
import pytest
from lxml import etree

from feedsite.cut import MOST_MARKS, Cut
from feedsite.digest import digest_of
from feedsite.document import CODINGS
from feedsite.formats import FEED_FORMATS
from feedsite.model import Withdrawal

from .support.builders import ask, entry, header, site
from .support.golden import NOW
from .support.requests import UNPACKED

FEEDS = tuple(f"/feed.{form.suffix}" for form in FEED_FORMATS)
HOUR = timedelta(hours=1)


def article(name, hours=1, **changes):
    """An article of so many hours ago."""
    return entry(name, **({"published": NOW - hours * HOUR, "updated": NOW - hours * HOUR} | changes))


OLD = [article(name, hours) for hours, name in enumerate(["a", "b", "c"], start=2)]
BEFORE = site(*OLD)
AFTER = site(*OLD, article("latest", 9))


def withdrawn(one):
    """The notice of an article that was withdrawn."""
    return article(
        one.path.split("/")[-2],
        published=one.published,
        title=f"Withdrawn: {one.title}",
        summary="Wrong.",
        body="",
        withdrawal=Withdrawal(at=NOW, reason="Wrong.", announce=False),
        updated=NOW,
    )


def poll(a_site, path, held=None, **headers):
    """The answer to a poller that has this version, or that of BEFORE."""
    return ask(a_site, path, **({"a_im": "feed", "if_none_match": held or BEFORE[path].long_etag()} | headers))


def titles(body, path):
    """The titles of the articles in a feed."""
    if path.endswith("json"):
        return [item["title"] for item in json.loads(body)["items"]]
    read = feedparser.parse(body)
    assert not read.bozo, read.get("bozo_exception")
    return [one.title for one in read.entries]


@pytest.mark.parametrize("path", FEEDS)
class TestChanges:
    """The entries that a poller is sent after a change of an article, in every format."""

    @pytest.mark.parametrize(
        ("after", "told"),
        [
            ([article("new", title="New"), *OLD], ["New"]),
            ([article("x", 1, title="X"), article("y", 0, title="Y"), *OLD], ["Y", "X"]),
            ([*OLD, article("late", 99, title="Back-dated")], ["Back-dated"]),
            ([*OLD[:2], article("c", 4, title="Mended", updated=NOW)], ["Mended"]),
            ([*OLD[:2], article("c", 4, summary="Mended and told to nobody.")], ["Night trains return"]),
            ([withdrawn(OLD[0]), *OLD[1:]], ["Withdrawn: Night trains return"]),
            ([*OLD[:2], article("c", 1, title="Moved to the front")], ["Moved to the front"]),
            ([article("new", title="New"), *OLD[1:]], ["New"]),
        ],
        ids=["new", "two", "back-dated", "changed", "silently mended", "withdrawn", "another date", "one deleted too"],
    )
    def test_what_is_new_or_changed_is_sent_and_nothing_else(self, path, after, told):
        """New and changed entries are sent with 226, as a feed, newest first, of any date (RFC 3229 10.4.1)."""
        response = poll(site(*after), path)
        assert (response.status, titles(response.body, path)) == (226, told)

    def test_it_says_what_it_is(self, path):
        """A delta has IM, no-store, and the whole feed's ETag and media type (RFC 3229 10.3, 10.5.2)."""
        now = site(article("new"), *OLD)
        response, whole = poll(now, path), ask(now, path, a_im="feed")
        assert header(response, "IM") == "feed"
        assert header(response, "Cache-Control") == "no-store"
        for name in ("ETag", "Content-Type", "Vary", "Access-Control-Allow-Origin", "Link"):
            assert header(response, name) == header(whole, name)
        assert header(response, "Content-Length") == str(len(response.body))
        assert header(response, "Accept-Ranges") is None

    @pytest.mark.parametrize("coding", CODINGS)
    def test_it_comes_packed_like_the_whole(self, path, coding):
        """A delta is compressed like the whole feed, and has its ETag in that coding, for the next poll."""
        now = site(article("new", title="New"), *OLD)
        response = poll(now, path, accept_encoding=coding, held=BEFORE[path].long_etag("gzip"))
        assert (header(response, "Content-Encoding"), header(response, "ETag")) == (coding, now[path].long_etag(coding))
        assert titles(UNPACKED[coding](response.body), path) == ["New"]
        assert poll(now, path, accept_encoding=coding, held=header(response, "ETag")).status == 304

    def test_a_version_of_another_coding_or_a_weak_tag_is_known_too(self, path):
        """A version of another coding is known, and a tag that a proxy made weak by compressing (RFC 9110 8.8.3.2)."""
        now = site(article("new"), *OLD)
        for held in (
            BEFORE[path].long_etag("br"),
            f"W/{BEFORE[path].long_etag()}",
            f'"other", {BEFORE[path].long_etag("zstd")}',
        ):
            assert poll(now, path, held=held).status == 226

    def test_of_several_versions_the_one_that_was_used_is_told(self, path):
        """Delta-Base names the version that was used, where If-None-Match has several (RFC 3229 10.5.1)."""
        now = site(article("new"), *OLD)
        held = BEFORE[path].long_etag("gzip")
        assert header(poll(now, path, held=f'"other", {held}'), "Delta-Base") == held

    def test_head_tells_the_same_without_the_feed(self, path):
        """HEAD has the header fields of the delta, and no body (RFC 9110 9.3.2)."""
        now = site(article("new"), *OLD)
        get, head = poll(now, path), poll(now, path, method="HEAD")
        assert (head.status, head.headers, head.body) == (226, get.headers, b"")

    @pytest.mark.parametrize(
        ("headers", "status"),
        [
            ({"a_im": None}, 200),
            ({"a_im": ""}, 200),
            ({"a_im": "vcdiff, diffe"}, 200),
            ({"a_im": "feed;q=0"}, 200),
            ({"a_im": "feeds"}, 200),
            ({"a_im": "vcdiff, Feed;q=0.5, gzip"}, 226),
            ({"if_none_match": None}, 200),
            ({"if_none_match": '"unknown"'}, 200),
            ({"if_none_match": "*"}, 304),
            ({"if_match": '"other"'}, 412),
            ({"via": "1.1 cache.example"}, 200),
            ({"cdn_loop": "cdn.example"}, 200),
            ({"range": "bytes=0-9"}, 226),
            ({"if_modified_since": "Sun, 22 Nov 2026 09:00:00 GMT"}, 226),
        ],
    )
    def test_who_does_not_ask_for_a_delta_gets_none(self, path, headers, status):
        """No delta is sent without A-IM (RFC 3229 10.5.3), nor through a cache (Via), which may name its own."""
        assert poll(site(article("new"), *OLD), path, **headers).status == status

    def test_none_is_sent_to_http_1_0(self, path):
        """No delta is sent to HTTP/1.0: nginx asks so with its own version and without Via."""
        assert poll(site(article("new"), *OLD), path, is_old=True).status == 200

    @pytest.mark.parametrize(
        ("after", "status"),
        [
            (OLD, 304),
            (OLD[:2], 200),
            ([], 200),
            ([article("x"), article("y")], 200),
        ],
        ids=["nothing changed", "one deleted", "all deleted", "all others"],
    )
    def test_where_a_delta_would_gain_nothing_there_is_none(self, path, after, status):
        """A delta without entries is a 304, and one with all of them the whole feed."""
        now = site(*after)
        response = poll(now, path)
        assert response.status == status
        assert response.body == (now[path].body if status == 200 else b"")

    def test_a_new_title_of_the_feed_alone_is_no_delta(self, path):
        """When the feed's title alone changed, the whole feed is sent."""
        assert poll(site(*OLD, title="The Parallel"), path).status == 200

    def test_the_first_version_with_entries_is_sent_whole(self, path):
        """A poller that has the feed without entries is sent the whole feed."""
        assert poll(BEFORE, path, held=site()[path].long_etag()).status == 200

    def test_a_scheduled_article_is_a_change_at_its_second(self, path):
        """An article that becomes due is sent, though no file changed."""
        later = [*OLD, article("scheduled", -1, title="Scheduled")]
        before, after = site(*later), site(*later, now=NOW + HOUR)
        response = ask(after, path, now=NOW + HOUR, a_im="feed", if_none_match=before[path].long_etag())
        assert (response.status, titles(response.body, path)) == (226, ["Scheduled"])

    def test_pages_have_no_deltas(self, path):
        """A-IM changes no answer but those with feeds."""
        now = site(article("new"), *OLD)
        for other in ("/", "/2026/11/a/", "/nowhere", "/feed"):
            assert ask(now, other, a_im="feed", if_none_match='"x"') == ask(now, other, if_none_match='"x"')
        assert poll(now, path).status == 226


def test_a_withdrawn_article_comes_with_its_tombstone():
    """A delta has a withdrawn article's notice and its tombstone (RFC 6721 3)."""
    now = site(withdrawn(OLD[0]), withdrawn(OLD[1]), OLD[2])
    held = site(withdrawn(OLD[0]), *OLD[1:])["/feed.atom"].long_etag()
    root = etree.fromstring(poll(now, "/feed.atom", held=held).body)
    ids = root.xpath("//a:entry/a:id/text()", namespaces={"a": "http://www.w3.org/2005/Atom"})
    refs = root.xpath("//t:deleted-entry/@ref", namespaces={"t": "http://purl.org/atompub/tombstones/1.0"})
    assert ids == refs == [OLD[1].id]


@pytest.mark.parametrize("path", FEEDS)
def test_a_large_feed_has_plain_tags_and_no_deltas(path):
    """A feed with more than 350 entries has no marks and no deltas: proxies take no such long header fields."""
    many = [article(str(number), number) for number in range(MOST_MARKS + 1)]
    for count, status, length in [(MOST_MARKS, 226, 16 + 4 * MOST_MARKS), (MOST_MARKS + 1, 200, 16)]:
        before = site(*many[:count], window=count)
        after = site(*many[1:count], article("0", 0, title="x"), window=count)
        tag = before[path].long_etag()
        assert len(tag.strip('"')) == length
        assert poll(after, path, held=tag).status == status


@pytest.mark.parametrize("path", FEEDS)
def test_half_of_a_large_feed_is_sent_whole(path):
    """A delta of more than half of a large feed is not made: the whole feed is compressed already."""
    many = [article(str(number), number, body=f"<p>{number} {'long ' * 2000}</p>") for number in range(20)]
    whole = site(*many)
    few, half = (site(*many[count:])[path].long_etag() for count in (5, 12))
    assert poll(whole, path, held=few).status == 226
    assert poll(whole, path, held=half).status == 200
    for number in range(20):
        poll(whole, path, held=site(*many[:number], *many[number + 1 :])[path].long_etag())
    assert sum(len(delta.body) for delta in whole[path]._deltas.values()) < 2 * len(whole[path].body)


@pytest.mark.parametrize("pattern", ["{}", '"other", {}'], ids=["one version", "two versions"])
@pytest.mark.parametrize("path", FEEDS)
def test_the_longest_answer_fits_into_a_proxys_buffer(path, pattern):
    """The longest answer's head fits into the 4096 bytes that nginx takes, with the 200 that the server adds."""
    many = [article(str(number), number) for number in range(MOST_MARKS)]
    before, after = (
        site(*many[1:], article("0", 0, title=title), window=MOST_MARKS, hub="https://hub.example/") for title in "xy"
    )
    response = poll(after, path, held=pattern.format(before[path].long_etag("gzip")), accept_encoding="gzip")
    assert response.status == 226
    assert sum(len(name) + len(value) + 4 for name, value in response.headers) < 4096 - 200


@pytest.mark.parametrize(
    "held",
    [
        '"',
        '""',
        '"x"',
        f'"{"A" * 16}"',
        f'"{"A" * 17}"',
        f'"{"A" * 20}.br.br"',
        f'"{"A" * 16}{"é" * 4}"',
        f'"{"A" * 8000}"',
        f'"{"A" * 20}\n"',
        ",".join(['"x"'] * 2000),
    ],
)
def test_a_tag_that_nobody_gave_is_unknown(held):
    """A tag in If-None-Match that the site never had is answered with the whole feed."""
    assert poll(BEFORE, "/feed.rss", held=held).status == 200


def test_a_version_with_more_marks_than_any_of_ours_is_nobodys():
    """A tag with more marks than a feed can have is ignored: Delta-Base would repeat it."""
    known = BEFORE["/feed.rss"].long_etag()
    made_up = f'{known[:-1]}{"zzzz" * MOST_MARKS}"'
    assert poll(AFTER, "/feed.rss", held=f'"other", {known}').status == 226
    assert poll(AFTER, "/feed.rss", held=f'"other", {made_up}').status == 200


def test_only_the_first_few_versions_that_are_named_can_be_a_base():
    """Only the first few tags in If-None-Match are compared, for each comparison costs time."""
    known = BEFORE["/feed.rss"].long_etag()
    for others, status in ((3, 226), (4, 200)):
        named = [f'"{"A" * 16}{"zzzz" * number}"' for number in range(1, others + 1)]
        assert poll(AFTER, "/feed.rss", held=", ".join([*named, known])).status == status
        assert poll(AFTER, "/feed.rss", held=", ".join([*named, AFTER["/feed.rss"].etag()])).status == 304


class TestCut:
    """A feed document cut at its entries (cut.py)."""

    WHOLE = Cut(b"<", (b"one", b"two", b"three"), b">", b",")

    @staticmethod
    def marks(*entries):
        return "".join(digest_of(entry, 3) for entry in entries)

    def test_its_bytes_are_head_entries_and_tail(self):
        """A cut as bytes is head, entries with the joint between them, and tail."""
        assert bytes(self.WHOLE) == b"<one,two,three>"
        assert bytes(self.WHOLE.only((0, 2))) == b"<one,three>"
        assert bytes(self.WHOLE.only(())) == b"<>"

    @pytest.mark.parametrize(
        ("held", "lacking"),
        [
            ((b"one", b"two"), (2,)),
            ((b"two", b"three"), (0,)),
            ((b"two", b"gone"), (0, 2)),
            ((b"gone", b"one", b"three", b"gone too"), (1,)),
            ((b"one", b"two", b"three"), ()),
            ((b"one", b"two", b"three", b"gone"), ()),
            ((b"gone",), ()),
            ((), ()),
        ],
    )
    def test_lacking_is_what_the_marks_do_not_name(self, held, lacking):
        """`lacking` returns the numbers of the entries without a mark; () where no mark is known, or all are."""
        assert self.WHOLE.lacking(self.marks(*held)) == lacking

    @pytest.mark.parametrize("held", [(b"two", b"one"), (b"three", b"two"), (b"three", b"gone", b"one")])
    def test_marks_out_of_order_are_hits_by_chance(self, held):
        """Where known marks are in another order, one is equal by chance, and the whole feed is sent."""
        assert self.WHOLE.lacking(self.marks(*held)) == ()

    def test_two_entries_of_one_mark_are_not_told_apart(self):
        """Where two entries have one mark, the whole feed is sent."""
        double = Cut(b"", (b"one", b"one", b"two"), b"")
        assert double.lacking(self.marks(b"one")) == ()

    def test_a_mark_is_of_letters_that_a_tag_can_hold(self):
        """A mark has letters that may stand in an entity tag (RFC 9110 8.8.3)."""
        assert all(re.fullmatch(r"[\w-]{4}", digest_of(bytes([number]), 3), re.ASCII) for number in range(256))


@pytest.mark.parametrize("form", FEED_FORMATS, ids=lambda form: form.suffix)
def test_what_an_article_says_cuts_no_feed(form):
    """An article's text that looks like the end of an entry cuts no feed."""
    traps = [
        "\n<item>",
        "\n    </item>\n",
        "\n  <entry>",
        "\n  </entry>\n",
        "\n</feed>",
        "]]>\n<item>",
        "\n},\n{",
        '"items": []',
    ]
    hostile = [
        article(str(n), n, title=f"{n}", summary=f"a {trap}", body=f"<p>{trap}</p>") for n, trap in enumerate(traps)
    ]
    now = site(*hostile)
    cut = now[f"/feed.{form.suffix}"].cut
    assert len(cut.entries) == len(traps)
    for number in range(len(traps)):
        alone = bytes(cut.only((number,)))
        assert titles(alone, form.suffix) == [str(number)]


def test_deltas_that_are_kept_are_bounded():
    """Deltas of invented versions are dropped, so that they fill no memory."""
    now = site(*(article(str(number), number) for number in range(12)))
    document = now["/feed.rss"]
    marks = document.cut.marks
    for chosen in range(1, 2**12 - 1):
        held = "".join(one for number, one in enumerate(marks) if chosen >> number & 1)
        assert document.delta(f'"{"A" * 16}{held}"')
    assert len(document._deltas) <= 64
