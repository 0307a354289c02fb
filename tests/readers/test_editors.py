"""yaml-language-server, which is behind most editors, completes, explains and checks files by our schemas."""

import re
import shutil
from itertools import count

import pytest

from feedsite.cli import main
from feedsite.errors import Faults
from feedsite.parsing import entryfile, pagefile, sitefile
from feedsite.schemas import SCHEMAS, file_of

from ..support.builders import entry_text, settings
from ..support.docs import DOCS
from ..support.golden import SAMPLE
from ..support.languageserver import language_server
from ..support.programs import ROOT

FAULTY = sorted((ROOT / "tests" / "faulty").glob("*.yaml"))
SOUND = [
    path
    for site in (ROOT, SAMPLE)
    for path in sorted([*site.glob("site.yaml"), *site.glob("entries/**/*.y*ml"), *site.glob("pages/**/*.y*ml")])
]
PATTERNS = {"entry": "entries/**", "page": "pages/**", "site": "**/site.yaml"}
# Faulty files of which a schema cannot know, or not where the fault is, by the reason.
UNKNOWN_TO_SCHEMAS = {
    "an address that the site needs itself, or that no file can have": (
        "alias-capitals alias-colon alias-deep alias-device alias-ending-in-a-dot alias-feed alias-long"
        " alias-not-found-folder alias-own-paths alias-too-many-bytes slug-device slug-many-bytes"
    ),
    "a host that is none": ("image-host link-host-at link-host-brackets link-host-control link-host-slash link-port"),
    "what other fields, the site's zone or a file's name make of a moment": (
        "2026-02-30-no-day correction-before-published date-doubled date-skipped updated-before-published"
        " withdrawn-before-published"
    ),
    "what kind of file an address names": "enclosure-unknown-ending enclosure-unpublished-ending",
    "what YAML drops as a comment": (
        "body-heading-lost body-heading-lost-at-the-end summary-hash-first tags-with-hashes title-hash-inside"
    ),
    "what was meant by sound YAML": (
        "braces-comma braces-comma-before-a-field byline-with-mail id-two-lines merge-unfinished-in-body"
        " quote-backslash-n quote-control"
    ),
    "YAML that is never needed": "merge-key root-anchor tag-text",
    "nothing at all": "only-comments root-empty",
    "a fault that YAML meets on another line": (
        "apostrophe-unclosed body-without-bar body-without-bar-hash field-indented list-hash-second list-unclosed"
        " quote-unclosed second-document second-document-front-matter"
    ),
}
UNKNOWN = {name for names in UNKNOWN_TO_SCHEMAS.values() for name in names.split()}


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A site with the schemas that `feedsite schema --write` writes, of the sample."""
    folder = tmp_path_factory.mktemp("site")
    shutil.copytree(SAMPLE, folder, ignore=shutil.ignore_patterns(".feedsite"), dirs_exist_ok=True)
    main(["--site", str(folder), "schema", "--write"], standalone_mode=False)
    return folder


@pytest.fixture(scope="module")
def server(site):
    """The language server in that site, as VS Code starts it there."""
    with language_server(site, {str(site / file_of(word)): PATTERNS[word] for word in SCHEMAS}) as running:
        yield running


@pytest.fixture(scope="module")
def opened(server):
    """All samples, opened at once: the server waits some time after each is opened."""
    for path in [*FAULTY, *SOUND]:
        server.open(place_of(path), path.read_bytes().decode("utf-8-sig"))
    return server


def place_of(path):
    """Where a sample stands in the site; the samples of faults are articles."""
    if path.parent.name == "faulty":
        return f"entries/{path.name}"
    return str(path.relative_to(SAMPLE) if path.is_relative_to(SAMPLE) else "own" / path.relative_to(ROOT))


NUMBERS = count(1)
ARTICLE, PAGE, OF_SITE = "entries/new/{}.yaml", "pages/new/{}.yaml", "new/{}/site.yaml"


def opened_as(server, kind, text):
    """A new file with this text: its place."""
    place = kind.format(next(NUMBERS))
    server.open(place, text)
    return place


def at(server, kind, text):
    """A new file with the cursor where § stands: its place, line and column."""
    before, after = text.split("§")
    return opened_as(server, kind, before + after), before.count("\n") + 1, len(before) - before.rfind("\n")


def put_in(completion):
    """What an editor puts in that knows no variables: each place of the cursor with its default."""
    written = completion.get("insertText") or completion["textEdit"]["newText"]
    return re.sub(r"\$\w+", "x", re.sub(r"\$\{\w+:([^}]*)\}", r"\1", written))


@pytest.mark.parametrize("path", SOUND, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_sound_file_has_no_diagnostic(opened, path):
    """Articles, drafts, withdrawn and scheduled ones; pages; site.yaml."""
    assert opened.diagnostics(place_of(path)) == []


@pytest.mark.parametrize("path", FAULTY, ids=lambda path: path.stem)
def test_a_fault_has_a_diagnostic_on_its_line_where_a_schema_can_know_of_it(opened, path):
    """And a file of which check has only notes has none."""
    found = opened.diagnostics(place_of(path))
    read = entryfile.read(path.read_bytes(), f"entries/{path.name}", settings())
    faulty = {fault.line for fault in read.faults if not fault.is_note}
    reported = {line for line, _ in found}
    if path.stem in UNKNOWN:
        assert not faulty <= reported
    else:
        assert faulty <= reported
        assert faulty or not reported


@pytest.mark.parametrize(
    "fields",
    [
        {"title": "2024", "summary": "12:30", "section": "7", "slug": "2024"},
        {"title": "yes", "published": "2026-11-22", "updated": "2026-11-23 09:00", "rights": "1.5"},
        {"title": "true", "tags": "[2024, 1.5, no]", "authors": "[1984, {name: 7}]", "pin": "TRUE"},
        {"image": "{src: 2024.jpg, alt: 7}", "enclosures": "[{url: a.mp3, length: 12345, duration: 31:05}]"},
        {"title": "0o17", "summary": "0x1F", "id": "4711", "aliases": "/old/2024"},
        {"summary": "", "image": "{}", "withdrawn": "~", "corrections": "null", "tags": "''"},
        {"x-desk": "{any: [thing]}", "authors": "Mina Sato", "tags": "japan", "link": "HTTPS://elsewhere.example/"},
    ],
)
def test_what_yaml_makes_of_a_value_is_no_diagnostic(server, fields):
    """Numbers, dates and truths where text is meant, and words for nothing."""
    text = entry_text(**fields)
    assert entryfile.read(text.encode(), "entries/a.yaml", settings()).entry
    assert server.diagnostics(opened_as(server, ARTICLE, text)) == []


def test_no_file_that_the_docs_show_has_a_diagnostic(server):
    """Whole articles, pages and site.yaml."""
    shown = [
        text for page in DOCS.values() for text in re.findall(r"^```yaml\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    ]
    kinds = {"id:": ARTICLE, "title:": ARTICLE, "# pages/": PAGE, "# site.yaml": OF_SITE}
    files = [(kind, text) for text in shown for head, kind in kinds.items() if text.startswith(head)]
    found = {text: server.diagnostics(opened_as(server, kind, text)) for kind, text in files}
    assert not any(found.values()), found
    assert {kind for kind, _ in files} == {ARTICLE, PAGE, OF_SITE}


@pytest.mark.parametrize(
    "text",
    [
        "title: T\ndescription: D\ntitel: x\n",
        "title: T\ndescription: D\nwindow: 0\n",
        "title: T\ndescription: D\nping: yes\n",
    ],
)
def test_a_fault_of_site_yaml_has_a_diagnostic_on_its_line(server, text):
    """An unknown field, a number that is too small, a word that is none of the two."""
    with pytest.raises(Faults) as raised:
        sitefile.read(text.encode(), {})
    found = server.diagnostics(opened_as(server, OF_SITE, text))
    assert [line for line, _ in found] == [fault.line for fault in raised.value.faults]


def test_a_fault_of_a_standing_page_has_a_diagnostic_on_its_line(server):
    """A field that only articles have, and a word that is none of three."""
    text = "title: About\ntags: [a]\nnav: left\nbody: B\n"
    read = pagefile.read(text.encode(), "pages/about.yaml", settings())
    found = server.diagnostics(opened_as(server, PAGE, text))
    assert [line for line, _ in found] == [fault.line for fault in read.faults]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("date: 2026-11-22\ntitle: T\nbody: B", "this field is called published here"),
        ("titel: T\nbody: B\nstatus: draft", "Property titel is not allowed."),
        ("title: T\nbody: B\npublished: tomorrow", "published holds a date and time, such as `published: "),
        ("title: T\nbody: B\nstatus: live", 'Valid values: "draft", "published", "withdrawn".'),
        ("title: T\nbody: B\nimage: images/a.jpg", "image holds an image, such as `image: {src: "),
        ("title: T\npublished: 2026-11-22\n", "an article has no body; add `body: "),
        ("title: T\nbody: B\n", "an article has no published; add `published: "),
        ("title: T\nstatus: withdrawn\npublished: 2026-11-22", "says when and why; add `withdrawn: {at: "),
    ],
)
def test_a_diagnostic_says_what_to_write(server, text, message):
    """Where the program takes messages from the schema, they have an example to paste."""
    found = server.diagnostics(opened_as(server, ARTICLE, text))
    assert message in "\n".join(told for _, told in found)


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("§", {"title", "published", "image", "status", "New article", "New draft", "Correction", "Withdrawal"}),
        ("title: T\nsec§", {"section"}),
        ("section: §", {"world", "world/asia", "culture"}),
        ("tags: [§]", {"Japan", "文化"}),
        ("tags:\n  - §", {"Japan", "supply chains"}),
        ("authors: §", {"sato", "wire"}),
        ("authors:\n  - §", {"sato", "wire", "name"}),
        ("status: §", {"draft", "published", "withdrawn"}),
        ("language: §", {"en-GB", "ja", "zh-Hant"}),
        ("pin: §", {"true", "false"}),
        ("published: §", {"Now"}),
        ("image:\n  §", {"src", "alt", "credit", "caption"}),
        ("image:\n  src: §", {"images/dot.png", "images/mark.svg"}),
        ("enclosures:\n  - url: §", {"audio/talk.mp3"}),
        ("corrections:\n  - §", {"at", "note", "announce"}),
    ],
)
def test_fields_and_values_of_an_article_are_completed(server, text, offered):
    """Those of the table, and what the site has."""
    assert server.completions(*at(server, ARTICLE, text)).keys() >= offered


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("title: T\n§", {"description", "base_url", "sections", "theme"}),
        ("timezone: §", {"Europe/Berlin", "Asia/Taipei"}),
        ("theme:\n  §", {"accent", "dark", "font"}),
        ("archives: §", {"sections", "all", "none"}),
    ],
)
def test_fields_and_values_of_site_yaml_are_completed(server, text, offered):
    """Those of the table, and time zones."""
    assert server.completions(*at(server, OF_SITE, text)).keys() >= offered


@pytest.mark.parametrize("text", ["title: §", "summary: §", "slug: §", "body: §", "link: §"])
def test_nothing_is_offered_where_only_the_editor_knows(server, text):
    """No null, true or false in the place of words."""
    assert server.completions(*at(server, ARTICLE, text)) == {}


@pytest.mark.parametrize("name", ["New article", "New draft", "Picture", "Recording", "Correction", "Withdrawal"])
def test_what_a_snippet_puts_in_is_sound(server, name):
    """Alone, or below the fields that an article needs."""
    snippet = put_in(server.completions(*at(server, ARTICLE, "§"))[name])
    around = "" if name.startswith("New") else "title: T\npublished: 2026-11-22\nbody: B\n"
    read = entryfile.read(f"{around}{snippet}\n".encode(), "entries/a.yaml", settings())
    assert [fault for fault in read.faults if not fault.is_note] == []
    assert "${" not in snippet


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("sta§tus: draft", "Nobody sees a draft."),
        ("publ§ished: 2026-11-22", "When the article appears."),
        ("image:\n  src: a.jpg\n  al§t: x", "What it shows, for those who do not see it."),
        ("corrections: [{at: 2026-11-22, no§te: x}]", "What was wrong, and what is right."),
        ("section: wor§ld", "World"),
    ],
)
def test_a_field_is_explained(server, text, told):
    """By the sentence of the docs, with an example; a value by what it is called."""
    shown = server.hover(*at(server, ARTICLE, text))
    assert told in shown
    assert re.search("^`[a-z]+: .+`$", shown, re.MULTILINE)
    assert "Left out" not in shown


def test_a_line_in_the_file_names_its_schema(site):
    """Without any setting: by a path from the file's own folder."""
    with language_server(site, {}) as running:
        line = f"# yaml-language-server: $schema=../{file_of('entry')}\n"
        running.open("entries/named.yaml", f"{line}titel: T\n")
        assert (2, "Property titel is not allowed.") in running.diagnostics("entries/named.yaml")
