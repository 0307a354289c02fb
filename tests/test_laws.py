"""What holds for every file, every text, every moment and every catalogue."""

import json
import re
import shutil
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from html.parser import HTMLParser
from urllib.parse import urljoin

import feedparser
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import etree

from feedsite.errors import Faults
from feedsite.formats import FEED_FORMATS
from feedsite.index.claims import resolve
from feedsite.index.edition import Edition
from feedsite.model import FORBIDDEN, NEVER, Withdrawal, forbidden
from feedsite.parsing import composer, entryfile, markup, summary
from feedsite.parsing.fieldtypes import Context, Invalid
from feedsite.parsing.moments import MOMENT
from feedsite.parsing.nodes import Mark, Scalar
from feedsite.parsing.quoting import quoted
from feedsite.parsing.sitefields import FIELDS as SITE_FIELDS
from feedsite.parsing.sitefile import read as read_settings
from feedsite.serving import conditions
from feedsite.serving.conditions import Validators
from feedsite.serving.messages import LOOKED_AT, Request
from feedsite.serving.respond import respond
from feedsite.urls import Urls, permalink, slug_of, to_uri

from .support.builders import BERLIN, PATH, ask, entry, entry_text, header, holding, index, site, standing
from .support.golden import SAMPLE, sample_site
from .support.laws import ENTRIES, FILES, NOW, SITE, VALUES, often, seldom
from .support.requests import PATHS, SAYINGS, Application, said

PLAIN = st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp", "Cn"], exclude_characters="\ufeff")


@often
@given(FILES)
@example(b"---")
@example(b"title: x\ntags\n- [a, b\n")
@example(b"tags:\n- a\n- @b\n")
@example(b"title: x\nstatus: withdrawn\nwithdrawn:\npublished: 2026-11-22\n")
@example('title: x\npublished: 2026-11-22\nbody: x\nimage: {alt: x, src: "https://ü..de/a"}\n'.encode())
def test_any_bytes_become_an_entry_or_faults(content):
    """No file whatever is an exception: it has an entry and perhaps notes, or it has faults."""
    file = entryfile.read(content, PATH, SITE)
    assert (file.entry is None) == any(not fault.is_note for fault in file.faults)


@often
@given(FILES)
def test_every_fault_stands_within_the_file(content):
    """Its line is one of the file's, its column one of the line's or just behind it."""
    lines = re.split("\r\n|\r|\n", content.decode("utf-8-sig", "replace"))
    for fault in entryfile.read(content, PATH, SITE).faults:
        assert 1 <= fault.line <= len(lines)
        assert 1 <= fault.column <= len(lines[fault.line - 1]) + 1


@often
@given(FILES)
def test_every_message_is_one_line_of_text_that_a_terminal_shows(content):
    """No message carries a line end or a control character out of the file, and none is told twice."""
    faults = entryfile.read(content, PATH, SITE).faults
    assert not [fault for fault in faults if "\n" in fault.message or FORBIDDEN.search(fault.message)]
    assert len(set(faults)) == len(faults)


@seldom
@given(
    FILES
    | st.dictionaries(st.sampled_from([*SITE_FIELDS]), VALUES).map(
        lambda said: json.dumps({"title": "x", "description": "y"} | said, ensure_ascii=False).encode()
    )
)
@example('title: x\ndescription: y\nicon: "https://ü..de/a"\n'.encode())
def test_any_site_yaml_becomes_settings_or_faults(content):
    """No site.yaml whatever is another exception than Faults."""
    try:
        read_settings(content, {})
    except Faults as error:
        assert error.faults  # noqa: PT017  # either outcome is lawful


def test_every_character_is_either_forbidden_or_allowed():
    """What is quickly known to hold none that is forbidden holds none, and what is not so known holds one."""
    letters = [chr(code) for code in range(0x110000)]
    forbidden_ones = set(filter(FORBIDDEN.match, letters))
    assert {letter for letter in letters if forbidden(f"a{letter}é")} == forbidden_ones
    assert forbidden("".join(letter for letter in letters if letter not in forbidden_ones)) is None


@often
@given(st.text())
@example('Zürich: »@home« #1 \\ "it\'s" 夜行列車 🚃')
@example("\ufeff")
@example("\x85 \u3000 ")
def test_any_title_in_quotation_marks_comes_back_or_is_a_fault(title):
    """As JSON writes it; only what XML cannot carry, and what is blank, is refused."""
    file = entryfile.read(entry_text(title=json.dumps(title, ensure_ascii=False)).encode(), PATH, SITE)
    if file.entry:
        assert file.entry.title == re.sub("[ \t\n\r]+", " ", title.strip(" \t\n\r"))
        assert not FORBIDDEN.search(file.entry.title)
    else:
        assert FORBIDDEN.search(title) or "\ufeff" in title or not title.strip()


@often
@given(st.text(PLAIN, min_size=1))
def test_what_a_fault_tells_in_quotation_marks_can_be_pasted(value):
    """quoted() is YAML's own text for a line of text."""
    root, faults = composer.parse(f"title: {quoted(value)}\n".encode(), PATH)
    assert faults == []
    assert root.fields[0].value.text == value


@often
@given(st.text(PLAIN, min_size=1).map(lambda text: " ".join(text.split())))
@example("War: what")
@example("Bach in C #1")
@example('"Sold out" again')
@example("[Exclusive] Night trains")
@example("#1 in the charts")
def test_a_title_never_says_less_than_was_typed(title):
    """Without quotation marks, a title is what stands behind its name, or a fault: nothing is lost in silence."""
    file = entryfile.read(entry_text(title=title).encode(), PATH, SITE)
    if file.entry and not (title[0] == title[-1] and title[0] in "\"'"):
        assert file.entry.title == re.sub(r" #( .*)?$", "", re.sub(r" # .*", "", title)).rstrip()


class Judge(HTMLParser):
    """Refuses what could run, or lead elsewhere than to a page, a mail or a call."""

    def handle_starttag(self, tag, attributes):
        assert tag in markup._TAGS
        for name, value in attributes:
            assert name != "preload" or value == "none"
            assert not name.startswith("on")
            assert name != "style" or re.fullmatch("(text-align:(left|right|center);?)?", value)
            if name in ("href", "src", "poster", "cite"):
                assert value.startswith(("https://", "http://", "mailto:", "tel:"))
            if name == "srcset":
                for candidate in value.split(", "):
                    assert re.fullmatch(r"https?://[^\s,]+( [0-9.]+[wxh])?", candidate)

    handle_startendtag = handle_starttag


HOSTILE = st.sampled_from(
    [
        *"<>\"'=/ \n\t#[]()!&;:,`*_-|~",
        *(
            "<script>",
            "</script>",
            "<img src=x ",
            "onerror=",
            "<a href=",
            "javascript:",
            "data:",
            "java\tscript:",
            "&#x6A;",
        ),
        *(
            "<svg",
            "<math>",
            "<style>",
            "</math>",
            "<mi>",
            "<mtext>",
            "<annotation-xml encoding=text/html>",
            "<mglyph>",
            "<object data=",
            "<video src=",
            "<audio>",
            "<source src=",
            "</video>",
            "<embed src=",
            "<img data-src=",
            "data-srcset=",
            "</noscript>",
            "<pre>",
            "{#x}",
            "==",
            "]]>",
            "<!--",
            "-->",
            "<![CDATA[",
            "<p ",
            "style=",
            "srcset=",
            " 1x,",
            "[^1]",
            "[^1]: ",
        ),
        *(
            "](",
            "//evil.example",
            "https://a.example",
            "```",
            "\n\n",
            "    ",
            "> ",
            "- ",
            "|a|b|\n|-|-|\n",
            "<table>",
            "<h1 ",
        ),
        *("\x01", "&#1;", "&#xFFFE;", "\u0301", "ü", "<noscript>", "<title>", "<td ", "<iframe srcdoc=", "<template>"),
    ]
)


@often
@given(st.text(max_size=100) | st.lists(HOSTILE | st.text(max_size=3), max_size=25).map("".join))
@example('<img srcset="/a 1x,javascript:alert(1) 2x">')
def test_any_markdown_becomes_safe_html_that_xml_can_carry(markdown):
    """No script, no handler, no address but the web's, mail's and telephone's; no character that a feed cannot hold."""
    html = markup.article(markdown, Urls("https://news.example"), "/2026/11/x/")
    judge = Judge()
    judge.feed(html)
    judge.close()
    assert "<script" not in html.lower()
    etree.Element("content").text = html


@often
@given(st.text(max_size=400) | st.lists(HOSTILE | st.text(max_size=30), max_size=25).map("".join))
@example("\u0301" * 300)
def test_any_body_is_summed_up_in_one_short_line(markdown):
    """Of the length that a reader's list shows."""
    line = summary.of(markup.article(markdown, Urls("https://news.example"), "/2026/11/x/"))
    assert len(line) <= 281
    assert not re.search("[\t\n\f\r]|  |^\\s|\\s$", line)


OFFSETS = st.integers(-1439, 1439).map(lambda minutes: timezone(timedelta(minutes=minutes)))
SECONDS = st.integers(
    int(datetime(1000, 1, 2, tzinfo=UTC).timestamp()), int(datetime(9998, 12, 30, tzinfo=UTC).timestamp())
)
MOMENTS = st.builds(
    lambda seconds, offset: (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)).astimezone(offset),
    SECONDS,
    OFFSETS,
)


def read_moment(written):
    context = Context("a.yaml", BERLIN)
    return MOMENT.check(Scalar(written, Mark(1, 1)), context)


@often
@given(MOMENTS)
def test_a_moment_that_was_written_is_read_as_the_same(drawn):
    """With its offset, and so is the same moment in UTC."""
    read = read_moment(drawn.isoformat())
    assert (read, read.utcoffset()) == (drawn, drawn.utcoffset())
    assert read_moment(f"{drawn.astimezone(UTC):%Y-%m-%d %H:%M:%SZ}") == drawn


@often
@given(st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1)))  # noqa: DTZ001  # read as the site's own time
@example(datetime(2026, 3, 29, 2, 30))  # noqa: DTZ001
@example(datetime(2026, 10, 25, 2, 30))  # noqa: DTZ001
def test_a_local_time_is_read_as_the_clock_showed_it_once(drawn):
    """Where the site's clocks showed a time once it is that moment, else it is a fault."""
    local = drawn.replace(microsecond=0)
    shown = {
        instant
        for fold in (0, 1)
        if (instant := local.replace(tzinfo=BERLIN, fold=fold).astimezone(UTC)).astimezone(BERLIN).replace(tzinfo=None)
        == local
    }
    try:
        assert {read_moment(local.isoformat()).astimezone(UTC)} == shown
    except Invalid:
        assert len(shown) != 1  # either outcome is lawful


@often
@given(ENTRIES, st.randoms(use_true_random=False))
def test_the_order_of_files_changes_nothing(entries, random):
    """Whatever order a disk lists them in, the same entries stand, and the faults are the same."""
    shuffled = random.sample(entries, len(entries))
    assert resolve(shuffled) == resolve(entries)


def public(edition):
    """The articles that anybody may read, and when there will be another one."""
    return [edition.entry(row) for row in edition.all()], edition.until


@often
@given(ENTRIES, st.integers(-4, 4))
def test_a_draft_changes_nothing_that_is_public(entries, hours):
    """Whatever id, address or alias it claims, and whatever is public then."""
    now = NOW + timedelta(hours=hours)
    without = [one for one in entries if one.published != NEVER]
    assert public(Edition(index(*entries), now)) == public(Edition(index(*without), now))


@often
@given(ENTRIES)
def test_no_id_and_no_address_stands_twice(entries):
    """Each file's entry stands, or the file has a fault."""
    found = standing(entries)
    ids = [one.id for one in found]
    paths = [one.path for one in found if one.published != NEVER]
    assert (len(ids), len(paths)) == (len(set(ids)), len(set(paths)))
    sources = {one.source for one in found} | {conflict.source for conflict in resolve(entries).conflicts}
    assert sources == {one.source for one in entries}


@often
@given(ENTRIES)
def test_entries_that_hold_their_claims_stand_again(entries):
    """Where the entries that stand hold their claims, deciding anew changes nothing."""
    assert resolve(entries, holding(*standing(entries))).standing == resolve(entries).standing


@often
@given(ENTRIES, st.integers(-4, 4))
def test_an_edition_holds_until_the_next_one(entries, hours):
    """Up to the second before `until` the same is public, and from then on one more."""
    held = index(*entries)
    now = NOW + timedelta(hours=hours)
    articles, until = public(Edition(held, now))
    if until is None:
        assert public(Edition(held, now + timedelta(days=999))) == (articles, None)
    else:
        assert public(Edition(held, until - timedelta(seconds=1))) == (articles, until)
        assert len(public(Edition(held, until))[0]) > len(articles)


@often
@given(st.text(), st.dates(date(1000, 1, 1), date(9998, 12, 31)))
@example("ΐ", date(2026, 11, 22))
@example("हिन्दी", date(2026, 11, 22))
def test_an_address_made_of_an_address_is_the_same(name, day):
    """So the slug that a fault tells to write is taken, and a file renamed to its own slug keeps its page."""
    slug = slug_of(name)
    assert slug_of(slug) == slug
    assert permalink(day, slug_of(slug)) == permalink(day, slug)


@often
@given(st.from_regex(r"https?://[A-Za-z.]{1,8}(/[a-z.:@!$&'()*+,=;%~-]{0,6}){0,4}", fullmatch=True))
@example("https://a.example/b/../c")
@example("https://a.example/b;")
@example("https://a.example//b")
def test_an_address_that_is_whole_is_no_other_for_being_resolved(address):
    """Most addresses are taken as they are without a look at their parts (urls.Urls.resolve)."""
    assert Urls("https://news.example").resolve(address, "/2026/11/x/") == to_uri(urljoin("https://x.example", address))


@often
@given(st.text())
def test_a_slug_is_one_plain_part_of_a_path(name):
    """No separator, no dot, no white space, nothing that an address has other uses for."""
    assert not re.search(r"[\s/\\.?#%&=:;@<>\"'|*\x00-\x1f]|^-|-$|--", slug_of(name))


# RFC 9110 13: tags are (is_weak, letters), dates are seconds from the last change; None is what is no tag or date.
CHANGED = datetime(2021, 7, 5, 23, tzinfo=UTC)
TAGS = st.lists(st.tuples(st.booleans(), st.sampled_from(["now", "then", "a, b", ""])) | st.none(), max_size=3)
LISTS = TAGS | st.just("*")
DATES = st.sampled_from([-(10**6), -1, 0, 1, 99, 100, 101, 10**6]) | st.none()
FORMS = st.sampled_from(["%a, %d %b %Y %H:%M:%S GMT", "%A, %d-%b-%y %H:%M:%S GMT", "%a %b %e %H:%M:%S %Y"])
NO_DATES = st.sampled_from(["", "yesterday", "Mon, 99 Jul 2021 23:00:00 GMT", "2021-07-05T23:00:00Z", "0", "\x00"])


def as_list(told):
    tags = (
        "*" if told == "*" else [(f'W/"{tag[1]}"' if tag[0] else f'"{tag[1]}"') if tag else "nonsense" for tag in told]
    )
    return tags if told == "*" else ", ".join(tags)


def in_rfc_9110(told, modified, now):
    """13.2.2, its steps as they are numbered there; a date is that of this version or says nothing. None: go on."""
    wanted, unwanted = told.get("if-match"), told.get("if-none-match")
    since, unmodified_since = told.get("if-modified-since"), told.get("if-unmodified-since")
    is_wanted = wanted == "*" or (False, "now") in (wanted or ())  # 13.1.1: a weak tag matches nothing
    is_unwanted = unwanted == "*" or any(tag in (unwanted or ()) for tag in [(False, "now"), (True, "now")])  # 13.1.2
    has_dates = modified is not None  # 13.1.3, 13.1.4: ignored where the resource has none, or the field is no date
    if wanted is not None and not is_wanted:  # 1
        return 412
    if wanted is None and has_dates and unmodified_since is not None and modified > unmodified_since:  # 2
        return 412
    if unwanted is not None and is_unwanted:  # 3
        return 304
    if unwanted is None and has_dates and since is not None and modified == since <= now:  # 4
        return 304
    return None


@often
@given(
    st.fixed_dictionaries(
        {},
        optional={"if-match": LISTS, "if-none-match": LISTS, "if-modified-since": DATES, "if-unmodified-since": DATES},
    ),
    st.booleans(),
    FORMS,
    NO_DATES,
    st.sampled_from(['"now"', '"then"', 'W/"now"', "Mon, 05 Jul 2021 23:00:00 GMT", "x", None]),
)
def test_conditions_are_decided_as_rfc_9110_numbers_them(told, has_date, form, no_date, if_range):
    """Any of the fields together, with tags and dates that match, do not match, or are none."""
    written = {name: as_list(value) for name, value in told.items() if name.endswith("match")}
    for name in told.keys() - written.keys():
        at = None if told[name] is None else CHANGED + timedelta(seconds=told[name])
        written[name] = at.strftime(form) if at else no_date
    if if_range is not None:
        written["if-range"] = if_range
    current = Validators(('"now"',), CHANGED if has_date else None, CHANGED + timedelta(seconds=100))
    assert conditions.failed(written, current) == in_rfc_9110(told, 0 if has_date else None, 100)
    assert conditions.is_range_meant(written, current) == (if_range in (None, '"now"'))


# Editions: what stands under each of six ids; None for nothing. Hours are counted from NOW, later ones are scheduled.
STANDING = st.none() | st.fixed_dictionaries(
    {"hour": st.integers(-3, 1), "text": st.sampled_from("xyz"), "is_withdrawn": st.sampled_from([False, False, True])}
)
EDITIONS = st.tuples(
    st.lists(STANDING, min_size=6, max_size=6),
    st.lists(st.tuples(st.sampled_from(["keep", "keep", "mend", "other"]), STANDING), min_size=6, max_size=6),
    st.sampled_from([1, 2, 3, 50]),
    st.sampled_from([1, 2, 3, 50]),
)


def edited(before, changes):
    """The next edition: each article is kept, silently mended, or anything else (new, deleted, another date...)."""
    for one, (change, other) in zip(before, changes, strict=True):
        mended = one and one | {"text": f"{one['text']}!"}
        yield {"keep": one, "mend": mended, "other": other}[change]


def edition(standing, window):
    entries = []
    for number, told in enumerate(standing):
        if told:
            at = NOW + timedelta(hours=1000 * told["hour"])
            reason = Withdrawal(at=at, reason="Wrong.") if told["is_withdrawn"] else None
            text = f"<p>{told['text']}\n  <entry>\n <item></p>"
            entries.append(entry(str(number), published=at, updated=at, summary=text, body=text, withdrawal=reason))
    return site(*entries, now=NOW, window=window)


def held(body, path):
    """What a program holds that has read a feed: each article by its id, whole, its tombstone included."""
    if path.endswith("json"):
        return {item["id"]: item for item in json.loads(body)["items"]}
    read = feedparser.parse(body)
    assert not read.bozo, read.get("bozo_exception")
    root = etree.fromstring(body)
    found = {}
    for element in root.iter("item", "{*}entry", "{*}deleted-entry"):
        id_ = element.get("ref") or element.findtext("guid") or element.findtext("{http://www.w3.org/2005/Atom}id")
        found.setdefault(id_, []).append(etree.tostring(element, method="c14n", exclusive=True, with_tail=False))
    assert {one.id for one in read.entries} == found.keys()
    return found


@pytest.mark.parametrize("path", [f"/feed.{form.suffix}" for form in FEED_FORMATS])
@seldom
@given(EDITIONS, st.sampled_from(["identity", "br", "gzip"]))
def test_what_a_poller_held_and_what_it_is_sent_are_the_current_feed(path, editions, coding):
    """The law of delta feeds: merged by id, each article of the current feed is the poller's, whatever became of it."""
    standing, changes, *windows = editions
    before, after = edition(standing, windows[0]), edition(list(edited(standing, changes)), windows[1])
    known, current = held(before[path].body, path), held(after[path].body, path)
    response = ask(after, path, now=NOW, a_im="feed", if_none_match=before[path].long_etag(coding))
    assert header(response, "ETag") == after[path].long_etag()
    lacking = {id_: told for id_, told in current.items() if known.get(id_) != told}
    if response.status == 304:
        sent = {}
        assert (coding, before[path].body) == ("identity", after[path].body)
    else:
        sent = held(response.body, path)
        assert sent == (lacking if response.status == 226 else current)
        assert response.status == (226 if lacking and len(lacking) < len(current) else 200)
    assert {id_: told for id_, told in (known | sent).items() if id_ in current} == current


REQUESTS = st.fixed_dictionaries({}, optional={name: st.sampled_from(values) for name, values in SAYINGS.items()})
STEPS = st.lists(
    st.tuples(st.sampled_from(PATHS) | st.just("/feed.rss"), REQUESTS)
    | st.sampled_from([timedelta(seconds=1), timedelta(hours=1), timedelta(days=3000), -timedelta(days=2000), None]),
    max_size=25,
)


@pytest.fixture(scope="module")
def application(tmp_path_factory):
    folder = tmp_path_factory.mktemp("laws") / "site"
    shutil.copytree(SAMPLE, folder, ignore=shutil.ignore_patterns(".feedsite"))
    return Application(folder)


@seldom
@given(STEPS)
def test_the_cache_of_answers_is_exact_whatever_was_asked_before(application, steps):
    """Any requests in any order, while time passes and sites follow one another: the answers are Flask's."""
    application.renew()
    for step in steps:
        if isinstance(step, tuple):
            path, asked = step
            application.both(said(application, path, **asked))
        elif step is None:
            application.renew(application.now)
        else:
            application.now += step


class Watched(Mapping):
    """A request's headers, which remember what was looked at, and cannot be looked through."""

    def __init__(self, told):
        self.told = told
        self.seen = set()

    def __getitem__(self, name):
        self.seen.add(name)
        return self.told[name]

    def __iter__(self):
        raise AssertionError

    __len__ = __iter__


SAMPLE_SITE = sample_site()
OTHERS = st.dictionaries(
    st.sampled_from(["user-agent", "cookie", "accept", "accept-language", "referer", "from", "x-forwarded-for"])
    | st.text(st.characters(codec="ascii"), min_size=1, max_size=12).filter(lambda name: name.lower() not in LOOKED_AT),
    st.text(max_size=20),
    max_size=5,
)


@often
@given(st.sampled_from(PATHS), REQUESTS, OTHERS)
def test_an_answer_follows_from_the_fields_that_are_named_and_from_no_other(path, asked, others):
    """LOOKED_AT is all that is looked at: no User-Agent, no cookie, no word of any other field changes an answer."""
    named = {name.replace("_", "-"): value for name, value in asked.items() if value is not None}
    told = {"host": "news.example"} | {name: named[name] for name in named if name in LOOKED_AT}
    method, is_old = asked.get("method", "GET"), asked.get("protocol", "HTTP/1.1") != "HTTP/1.1"
    watched = Watched(told | others)
    response = respond(Request(method, path, watched, is_old), SAMPLE_SITE, NOW)
    assert response == respond(Request(method, path, told, is_old), SAMPLE_SITE, NOW)
    assert watched.seen - {None} <= set(LOOKED_AT)
