"""The plan of a site, and the Site: while the fingerprint of a path stays, so does every byte of its document."""

import re
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsite import places, urls
from feedsite.document import Document
from feedsite.documentbytes import to_bytes
from feedsite.documentcache import DocumentCache
from feedsite.feeds import RECENT
from feedsite.folder.mediafiles import Medium
from feedsite.formats import FEED_FORMATS
from feedsite.index import entryjson
from feedsite.index.edition import Edition
from feedsite.index.index import Index
from feedsite.model import NEVER, UNDATED, Category, Correction, Enclosure, Image, Nav, Person, Picture, Withdrawal
from feedsite.paging import PAGE_SIZE, first_page, further_page
from feedsite.pictures.parsed import Shape
from feedsite.settings import Publisher
from feedsite.site import Site
from feedsite.theme import Theme

from .support.beside import front_of, related_of
from .support.builders import entry, index, read_result, settings, site, standing
from .support.golden import NOW, sample_site
from .support.laws import few
from .support.rows import rows

HOUR = timedelta(hours=1)
OF_DISCOVERY = re.compile(r"/(feeds[/.]|tags/|\.well-known/|sitemap|robots\.txt|favicon\.ico|mix/)")
FEEDS = ("/feed.rss", "/feed.atom", "/feed.json")

# One field of an article that is another; each could change a page of its own, a list, a neighbour or a feed.
CHANGES = {
    "title": "Another",
    "updated": NOW + HOUR,
    "summary": "Another.",
    "is_summary_written": True,
    "body": "<p>Another.</p>",
    "authors": (Person(name="Mina Sato", url="https://news.example/sato"),),
    "contributors": (Person(name="Mina Sato"),),
    "section": Category(term="world", label="World", scheme="section"),
    "tags": (Category(term="rail", label="Rail", scheme="tag"),),
    "image": Image(src="https://news.example/images/a.png", alt="A train"),
    "enclosures": (Enclosure(url="https://news.example/audio/a.mp3", type="audio/mpeg", length=3),),
    "link": "https://else.example/",
    "language": "ar",
    "rights": "© Mina Sato",
    "corrections": (Correction(at=NOW, note="It was Vienna."),),
    "withdrawal": Withdrawal(at=NOW, reason="It was wrong."),
    "aliases": ("/old", "/older/"),
    "pin": True,
    "pictures": (Picture(url="https://news.example/images/a.png", shape=Shape(type="", width=900, height=600)),),
}
SETTINGS = {
    "title": "Another",
    "description": "Another.",
    "base_url": "https://other.example/news",
    "language": "fa",
    "own_words": (("Newest", ("Latest",)), ("Correction: {title}", ("Put right: {title}",))),
    "window": 2,
    "hub": "https://hub.example/",
    "rights": "© Another",
    "icon": "https://news.example/images/icon.png",
    "id": "tag:news.example,2026:site",
    "publisher": Publisher(name="Another"),
    "series": ("rail",),
    "theme": Theme(
        accent="#003366",
        files=(
            ("_byline.html", "{% macro byline(entry, words, urls) %}Own{% endmacro %}"),
            ("content.html", "Own"),
            ("entry.html", "{{ entry.title }}{{ newer and newer.title }}{{ entry.image.src }}{{ content }}"),
            ("moved.html", "Own"),
            ("style.css", "p { margin: 0; }"),
        ),
    ),
}
OF_PAGES = {"title", "summary", "is_summary_written", "body", "language", "aliases"}  # fields of standing pages
NAVS = {"x": Nav(place="footer", order=1), "y": Nav()}
HOURS = st.none() | st.integers(-5, 2)


def article(name, hours, changes):
    """An article; or under the last names a standing page, whatever the hour: one that every page links to, another."""
    if name in NAVS:
        place = {"source": f"pages/{name}.yaml", "path": f"/{name}/", "authors": (), "nav": NAVS[name]}
        moments = dict.fromkeys(("published", "updated"), NEVER if hours is None else UNDATED)
        return entry(name, **(place | moments | {field: CHANGES[field] for field in changes & OF_PAGES}))
    moment = NEVER if hours is None else NOW + hours * HOUR
    return entry(name, **({"published": moment, "updated": moment} | {field: CHANGES[field] for field in changes}))


ARTICLES = st.dictionaries(
    st.sampled_from("abcdexy"), st.tuples(HOURS, st.sets(st.sampled_from([*CHANGES]), max_size=2)), max_size=5
)
TOLD = st.sets(st.sampled_from([*SETTINGS]), max_size=1)
PICTURES = st.dictionaries(st.sampled_from(["/images/a.png", "/audio/b.mp3"]), st.sampled_from(["1", "2"]))


@st.composite
def sites(draw):
    """The ingredients of a small site: articles, settings, pictures, and the hour."""
    return draw(ARTICLES), draw(TOLD), draw(PICTURES), draw(st.sampled_from([0, 0, 1, 2]))


@st.composite
def pairs(draw):
    """The ingredients of two sites; the second is the first with an edit or two, or another one."""
    articles, told, pictures, hour = before = draw(sites())
    other = draw(sites())
    changed = dict(articles)
    for name in draw(st.sets(st.sampled_from("abcdexy"), max_size=2)):
        changed.pop(name, None)
        if name in other[0]:
            changed[name] = other[0][name]
    after = draw(st.sampled_from([(changed, told, pictures, hour), (articles, told, pictures, other[3]), other]))
    return before, after


def made(said, kept=None):
    articles, told, pictures, hour = said
    held = index(*(article(name, hours, changes) for name, (hours, changes) in articles.items()))
    sound = settings(**{"window": 3} | {name: SETTINGS[name] for name in told})
    media = {
        path: Medium(mark, lambda path=path, mark=mark: Document(f"{path} {mark}".encode(), "image/png"))
        for path, mark in pictures.items()
    }
    return Site(Edition(held, NOW + hour * HOUR), sound, media, kept)


def fingerprints(a_site):
    return {planned.path: planned.fingerprint for planned in a_site.plan}


@few
@given(pairs())
def test_where_fingerprints_are_equal_documents_are(pair):
    """Law: no ingredient of any document is missing in its fingerprint.

    Resources are compared whole: bytes, type, date, cut, page, and what the Link header tells of a hub.
    """
    before, after = map(made, pair)
    known = fingerprints(before)
    for path, fingerprint in fingerprints(after).items():
        if known.get(path) == fingerprint:
            assert after[path] == before[path], path


@few
@given(sites(), sites())
def test_the_plan_lists_every_path_that_can_be_drawn_once(said, other):
    """Law: each path that the plan lists is drawn, with the fingerprint in the list; no other path is."""
    one = made(said)
    planned = list(one.plan)
    paths = [each.path for each in planned]
    assert len(paths) == len(set(paths)) == len(one)
    assert list(one) == paths
    for each in planned:
        assert one[each.path] is not None
        assert one.plan.at(each.path).planned == each
    guesses = {*made(other), "/page/1/", "/page/2/", "/old", "/older/", "/2026/11/a", "/2026/11/A/", "", "/images/"}
    assert {guess for guess in guesses if guess in one} == guesses & set(paths)


@few
@given(pairs())
def test_what_was_drawn_before_is_what_would_be_drawn_now(pair):
    """Law: a site with the cache of an earlier site has the same documents as a site with an empty cache."""
    drawn = DocumentCache()
    before = made(pair[0], drawn)
    for path in before:
        assert before[path] is not None
    after, fresh = made(pair[1], drawn), made(pair[1])
    after.draw_polled()
    after.compress_polled()
    assert {path: after[path] for path in after} == {path: fresh[path] for path in fresh}


LONG = [article(f"n{number:02}", -10 * number - 10, ()) for number in range(2 * PAGE_SIZE + 5)]  # one archive page
WINDOW = 3


def window_of(entries):
    count = sum(one.published >= entries[0].published - RECENT for one in entries)
    return entries[: max(WINDOW, count)]


def shown(entries):
    """What each path shows of these articles, newest first, by the rules alone: the whole article, of others the face.

    The oldest fill the further pages of a collection, its first page holds the newest. Each page leads to the sections.
    """
    faces = [None, *map(entryjson.record, entries), None]
    collections = rows(entries)
    articles = [one for one in entries if one.published != NEVER]
    sections = [(path, name) for path, (name, _) in sorted(collections.items()) if path.startswith("/world")]
    found = {}
    for number, one in enumerate(entries):
        related = [list(map(entryjson.record, some)) for some in related_of(articles, one, (), NEVER)[:2]]
        found[one.path] = (one, faces[number], faces[number + 2], sections, related)
        found |= dict.fromkeys(one.aliases, one.path)
    for folder, (name, members) in collections.items():
        newest = window_of(members)
        is_complete = len(newest) == len(members)
        found |= {f"{folder}feed.{form.suffix}": (name, newest, is_complete, sections) for form in FEED_FORMATS}
        oldest_first = [(entryjson.record(item.entry), item.part) for item in reversed(members)]
        further = max(0, len(members) // PAGE_SIZE - 1)
        for number in range(further):
            listed = oldest_first[number * PAGE_SIZE :][:PAGE_SIZE]
            found[f"{folder}page/{number + 1}/"] = (name, listed, number == further - 1, sections)
        found[folder] = (name, oldest_first[further * PAGE_SIZE :], further, sections)
        if folder == "/":
            listed = members[: len(members) - further * PAGE_SIZE]
            front = front_of(articles, listed, [path for path, _ in sections], NEVER)
            found[folder] = (
                *found[folder],
                list(map(entryjson.record, one_by_one(front))),
                [len(part) for part in front],
            )
    return found | {urls.NOT_FOUND: sections}


def one_by_one(front):
    """The articles of the front page, in their order."""
    top, newest, blocks, others = front
    return [item.entry for item in (*top, *newest, *(item for _, block in blocks for item in block), *others)]


EDITED = st.dictionaries(
    st.sampled_from([0, 1, 2, 3, 24, 25, 26, 44]), st.none() | st.sampled_from([*CHANGES]), min_size=1, max_size=2
)


@few
@given(EDITED, st.lists(st.sampled_from([-1, -55, -1000]), max_size=1))
def test_an_edit_changes_what_shows_it_and_nothing_else(edits, new):
    """Law: when fields change, and articles come and go, a fingerprint changes where the document shows it.

    That is the article, its neighbours, the lists that show it, the feeds while it is in them, and no more; but
    a section that comes, goes or is renamed changes every page, for each leads to it.
    """
    edited = [
        replace(one, **{edits[number]: CHANGES[edits[number]]}) if number in edits else one
        for number, one in enumerate(LONG)
        if edits.get(number, "") is not None
    ]
    edited += [article("new", hours, ()) for hours in new]
    after = standing(edited)
    fixed = {
        urls.STYLE,
        urls.FEED_STYLE,
        urls.SCRIPT,
        *(old for form in FEED_FORMATS for old in form.former),
    }
    old, now = (fingerprints(site(*entries, window=WINDOW, archives="none")) for entries in (LONG, after))
    right_old, right_now = shown(LONG), shown(after)
    old, now = ({path: one[path] for path in one if not OF_DISCOVERY.match(path)} for one in (old, now))
    assert old.keys() - fixed == right_old.keys()
    assert now.keys() - fixed == right_now.keys()
    changed = {path for path in old.keys() & now.keys() if old[path] != now[path]}
    assert changed == {path for path in right_old.keys() & right_now.keys() if right_old[path] != right_now[path]}


@pytest.mark.parametrize("count", [0, 1, 19, 20, 39, 40, 41, 59, 60, 61])
def test_every_article_stands_in_one_list(count):
    """From the front page on, links to older pages lead past each article once, in order; those to newer pages back."""
    entries = [article(f"n{number:03}", -number - 1, ()) for number in range(count)]
    held = Edition(index(*entries), NOW)
    pages = [first_page("/", count)]
    while pages[-1].older:
        pages.append(further_page("/", places.parse(pages[-1].older).page, count))
    assert [row.path for page in pages for row in held.everything.stretch(page.first, page.size)] == [
        one.path for one in entries
    ]
    assert [page.newer for page in pages] == [None, *(page.path for page in pages[:-1])]
    assert {page.path for page in pages} == {"/"} | {path for path in site(*entries) if path.startswith("/page/")}


def test_a_new_article_leaves_the_archive_as_it_was():
    """A new article changes no archive page, until one is added: then the last one before it links to it."""
    entries = [article(f"n{number:03}", -number - 1, ()) for number in range(60)]
    pages = [site(*entries[start:]) for start in (2, 1, 0)]
    known = [{path: mark for path, mark in fingerprints(one).items() if path.startswith("/page/")} for one in pages]
    assert known[0] == known[1] != known[2]
    assert known[0].keys() == {"/page/1/"}
    assert known[2].keys() == {"/page/1/", "/page/2/"}
    assert known[2]["/page/1/"] != known[1]["/page/1/"]


def test_a_list_of_the_archive_is_of_one_moment():
    """While another process adds an article, an archive page is the old one or the new one, never a mixture."""
    entries = [article(f"n{number:03}", -number - 1, ()) for number in range(80)]
    held = index(*entries)
    planned = Site(Edition(held, NOW), settings(), {})
    planned.draw_polled()
    new = article("new", 0, ())
    with held.writing() as writer:
        writer.settle(writer.put(read_result(new)))
    for path in ("/page/1/", "/page/2/", "/page/3/", "/page/4/"):
        assert planned.get(path) in [site(*entries).get(path), site(new, *entries).get(path)], path


def test_an_article_that_goes_while_its_page_is_asked_for_is_no_damage():
    """An article that another process deletes is published or not; the index is not taken for damaged."""
    held = index(entry("a"), entry("b"))
    planned = Site(Edition(held, NOW), settings(), {})
    with held.writing() as writer:
        writer.settle(writer.drop(entry("a").source))
    assert planned.get("/2026/11/a/") is None
    assert planned["/2026/11/b/"] == site(entry("b"))["/2026/11/b/"]


def test_what_another_process_drew_is_not_drawn_again(tmp_path):
    """A document that the index has with the same fingerprint is not drawn again; `draw_polled` returns the others.

    So it is with the codings, which are written to the index later.
    """
    with closing(Index(tmp_path / "index.sqlite")) as held:
        with held.writing() as writer:
            writer.settle(writer.put(read_result(entry("a"))))
        first = Site(Edition(held, NOW), settings(), {})
        fresh = first.draw_polled()
        assert {planned.path for planned, _ in fresh} == {drawing.planned.path for drawing in first.plan.polled}
        keep(held, fresh)
        second = Site(Edition(held, NOW), settings(), {})
        assert second.draw_polled() == []
        assert {path: second[path] for path in second} == {path: first[path] for path in first}
        assert not any(second[path].compressed for path in FEEDS)
        keep(held, first.compress_polled())
        assert first.compress_polled() == second.draw_polled() == second.compress_polled() == []
        assert {path: second[path].compressed for path in FEEDS} == {path: first[path].compressed for path in FEEDS}
        other = Site(Edition(held, NOW), settings(title="Another"), {})
        assert {planned.path for planned, _ in other.draw_polled()} >= {"/", *FEEDS}


def keep(held, fresh):
    with held.writing() as writer:
        for planned, document in fresh:
            writer.put_document(planned.path, planned.fingerprint, to_bytes(document))


def test_a_damaged_document_is_drawn_again():
    """A document whose bytes in the index are damaged is drawn again."""
    held = index(entry("a"))
    planned = Site(Edition(held, NOW), settings(), {})
    fresh = planned.draw_polled()
    with held.writing() as writer:
        for each, document in fresh:
            writer.put_document(each.path, each.fingerprint, to_bytes(document)[:-1] + b"?")
    again = Site(Edition(held, NOW), settings(), {})
    assert again.draw_polled() == fresh


def test_each_path_of_an_article_names_its_file():
    """A path and its aliases name the entry file, so that an export keeps the pages of a faulty file."""
    sources = {planned.path: planned.source for planned in sample_site().plan if planned.source}
    assert sources["/2021/07/japan-taiwan/"] == sources["/old.html"] == "entries/asia/2021-07-05-japan-taiwan.yaml"
    assert sources["/images/dot.png"] == "images/dot.png"
    assert not {"/", *FEEDS} & sources.keys()


@pytest.mark.parametrize("change", [{"ping": True}, {"purge": ("http://127.0.0.1:6081",)}])
def test_settings_that_no_document_shows_change_no_fingerprint(change):
    """`ping` and `purge` are no ingredients: nothing is drawn, purged or written again because of them."""
    assert fingerprints(site(entry("a"), **change)) == fingerprints(site(entry("a")))
