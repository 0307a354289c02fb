"""The Entry of a file without faults, and the fault of bytes that are no text. Faults of fields are in faulty/."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from feedsite.model import NEVER, Category, Correction, Enclosure, Entry, Image, Person, Withdrawal
from feedsite.parsing import entryfile
from feedsite.parsing.entryfields import FIELDS
from feedsite.parsing.entryfile import EntryFile, derived_id
from feedsite.settings import Publisher, Section

from .support.builders import PATH, entry, entry_text, settings

MIDNIGHT = datetime(2026, 11, 21, 23, tzinfo=UTC)  # in Berlin
WITHDRAWN = "{at: 2026-11-24T10:00:00Z, reason: It was never true.}"


def read(text, path=PATH, **site):
    return entryfile.read(text if isinstance(text, bytes) else text.encode(), path, settings(**site))


def good(text=None, path=PATH, site=None, **fields):
    """The entry of a text or of fields, which has no fault (notes apart)."""
    file = read(text or entry_text(**fields), path, **(site or {}))
    assert [str(fault) for fault in file.faults if not fault.is_note] == []
    return file.entry


def faults_of(text, path=PATH, **site):
    return [str(fault) for fault in read(text, path, **site).faults]


EVERYTHING = """\
# yaml-language-server: $schema=../entry.schema.json
---
id: tag:news.example,2026-11-22:night-trains
title: |
  Night trains
  return
published: 2026-11-22T00:30:00+09:00
updated: 2026-11-23T08:00
authors: [sato, Jonas Weiß, {name: Ada Okoye, email: ada@news.example, url: "https://ada.example/"}]
contributors: Mina Sato
section: world/asia
tags: [Night trains, 鉄道, Night trains]
summary: Vienna is one night away.
image: {src: images/night-train.jpg, alt: A train, credit: AFP, caption: At nine.}
enclosures:
  - {url: audio/talk.mp3, type: Audio/MPEG, length: 12345, duration: "00:31:05", title: The talk}
  - {url: "https://cdn.example/zug.mp3", type: audio/mpeg, length: 9}
link: https://elsewhere.example/story
language: EN-gb
rights: © 2026 Mina Sato
slug: schlafwagen
status: published
corrections:
  - {at: 2026-11-25, note: It leaves at nine.}
  - {at: 2026-11-24T12:00:00Z, note: It was Linz.}
aliases: [/world/night-trains, /2026/11/schlafwagen]
pin: true
x-desk: {approved: [by, "nobody"]}
body: |
  # Again

  The night train to **Vienna** runs [again](/timetable).

  ![The train](/images/train.jpg)
"""


def test_every_field_of_the_schema_becomes_its_part_of_the_entry():
    """Moments are in UTC, addresses absolute, people and sections from site.yaml, corrections in order of time."""
    site = {
        "authors": {"sato": Person(name="Mina Sato", email="sato@news.example")},
        "sections": {"world/asia": Section(title="Asia")},
    }
    assert read(EVERYTHING, "entries/world/asia/night.yml", **site) == EntryFile(
        entry=Entry(
            source="entries/world/asia/night.yml",
            id="tag:news.example,2026-11-22:night-trains",
            path="/2026/11/schlafwagen/",
            title="Night trains return",
            published=datetime(2026, 11, 21, 15, 30, tzinfo=UTC),
            updated=datetime(2026, 11, 24, 23, tzinfo=UTC),
            day=date(2026, 11, 22),
            summary="Vienna is one night away.",
            is_summary_written=True,
            body=(
                '<h2 id="again">Again</h2>\n'
                '<p>The night train to <strong>Vienna</strong> runs <a href="https://news.example/timetable">again</a>.'
                "</p>\n"
                '<p><img src="https://news.example/images/train.jpg" alt="The train"></p>\n'
            ),
            authors=(
                Person(name="Mina Sato", email="sato@news.example"),
                Person(name="Jonas Weiß"),
                Person(name="Ada Okoye", email="ada@news.example", url="https://ada.example/"),
            ),
            contributors=(Person(name="Mina Sato"),),
            section=Category(term="world/asia", label="Asia", scheme="section"),
            tags=(
                Category(term="night-trains", label="Night trains", scheme="tag"),
                Category(term="鉄道", label="鉄道", scheme="tag"),
            ),
            image=Image(
                src="https://news.example/images/night-train.jpg", alt="A train", credit="AFP", caption="At nine."
            ),
            enclosures=(
                Enclosure(
                    url="https://news.example/audio/talk.mp3",
                    type="audio/mpeg",
                    length=12345,
                    duration=1865,
                    title="The talk",
                ),
                Enclosure(url="https://cdn.example/zug.mp3", type="audio/mpeg", length=9),
            ),
            link="https://elsewhere.example/story",
            language="en-GB",
            rights="© 2026 Mina Sato",
            corrections=(
                Correction(at=datetime(2026, 11, 24, 12, tzinfo=UTC), note="It was Linz."),
                Correction(at=datetime(2026, 11, 24, 23, tzinfo=UTC), note="It leaves at nine."),
            ),
            aliases=("/world/night-trains",),
            pin=True,
        ),
        first_line=3,
        places={
            "id": (3, 5, 45),
            "title": (4, 8, 0),
            "published": (7, 12, 37),
            "slug": (21, 7, 18),
            "aliases": (26, 10, 53),
            "/world/night-trains": (26, 11, 30),
            "/2026/11/schlafwagen": (26, 32, 52),
        },
    )


def test_what_site_yaml_says_of_markdown_holds_in_each_text():
    """Formulas and typographic marks are off, and each is turned on by its field."""
    text = entry_text(body="'It is \"$x_1$\".'").encode()
    bodies = [
        entryfile.read(text, PATH, settings(**chosen)).entry.body
        for chosen in ({}, {"typographer": True}, {"math": True})
    ]
    assert bodies == [
        '<p>It is "$x_1$".</p>\n',
        "<p>It is “$x_1$”.</p>\n",
        '<p>It is "<code class="language-math">x_1</code>".</p>\n',
    ]


def test_the_example_of_every_field_shows_all_of_them():
    """EVERYTHING contains every field of the table."""
    assert {name for name in FIELDS if f"\n{name}: " not in EVERYTHING and f"\n{name}:\n" not in EVERYTHING} == {
        "withdrawn"
    }


def test_the_required_fields_are_enough():
    """Address, summary, author and language follow from title, published, body and the settings."""
    places = {"id": (1, 5, 45), "title": (2, 8, 27), "published": (3, 12, 37)}
    assert read(entry_text()) == EntryFile(entry=entry(), places=places)


def test_a_day_without_a_time_has_a_place():
    """Beside that of `published`, whose value it is; midnight is a time."""
    places = [read(entry_text(published=said)).places for said in ("2026-11-22", "2026-11-22 00:00")]
    assert [place.get("day") for place in places] == [(3, 12, 22), None]


# Status


@pytest.mark.parametrize("published", ["2020-01-01", "2026-11-22T09:00:00+01:00", None])
def test_a_draft_is_never_published(published):
    """A draft is published NEVER, whatever its `published` is."""
    draft = good(status="draft", published=published, updated=None if published is None else "2026-12-01")
    assert (draft.published, draft.updated) == (NEVER, NEVER)


def test_a_draft_has_the_address_at_which_it_will_be_published():
    """A draft's address is made of its `published`, so that a link to it can be prepared."""
    assert good(status="draft").path == "/2026/11/night-trains/"


def test_a_withdrawn_entry_has_nothing_that_was_withdrawn():
    """Title, reason and dates of a withdrawn article remain; body, image, enclosures, link and corrections do not."""
    taken_back = (
        EVERYTHING.replace("status: published", f"status: withdrawn\nwithdrawn: {WITHDRAWN}")
        .replace("section: world/asia\n", "")
        .replace("tags: [Night trains, 鉄道, Night trains]\n", "")
    )
    assert good(taken_back) == Entry(
        source=PATH,
        id="tag:news.example,2026-11-22:night-trains",
        path="/2026/11/schlafwagen/",
        title="Withdrawn: Night trains return",
        published=datetime(2026, 11, 21, 15, 30, tzinfo=UTC),
        updated=datetime(2026, 11, 24, 23, tzinfo=UTC),
        day=date(2026, 11, 22),
        summary="It was never true.",
        body="",
        authors=(
            Person(name="sato"),
            Person(name="Jonas Weiß"),
            Person(name="Ada Okoye", email="ada@news.example", url="https://ada.example/"),
        ),
        contributors=(Person(name="Mina Sato"),),
        language="en-GB",
        rights="© 2026 Mina Sato",
        withdrawal=Withdrawal(at=datetime(2026, 11, 24, 10, tzinfo=UTC), reason="It was never true."),
        aliases=("/world/night-trains",),
    )


@pytest.mark.parametrize("status", ["withdrawn", None])
@pytest.mark.parametrize("body", [None, "|\n  The night train to Vienna runs again."])
def test_a_withdrawn_article_needs_no_body_and_no_status(status, body):
    """A file with the field `withdrawn` gives the same entry with and without status and body."""
    assert good(withdrawn=WITHDRAWN, status=status, body=body) == entry(
        title="Withdrawn: Night trains return",
        summary="It was never true.",
        body="",
        updated=datetime(2026, 11, 24, 10, tzinfo=UTC),
        withdrawal=Withdrawal(at=datetime(2026, 11, 24, 10, tzinfo=UTC), reason="It was never true."),
    )


# Dates


@pytest.mark.parametrize(
    ("fields", "updated"),
    [
        ({}, datetime(2026, 11, 22, 8, tzinfo=UTC)),
        ({"updated": "2026-11-22T09:00:00+01:00"}, datetime(2026, 11, 22, 8, tzinfo=UTC)),
        ({"updated": "2026-11-23"}, datetime(2026, 11, 22, 23, tzinfo=UTC)),
        ({"corrections": "[{at: 2026-11-25, note: x}]"}, datetime(2026, 11, 24, 23, tzinfo=UTC)),
        (
            {"updated": "2026-11-26T12:00Z", "corrections": "[{at: 2026-11-25, note: x}]"},
            datetime(2026, 11, 26, 12, tzinfo=UTC),
        ),
        ({"withdrawn": WITHDRAWN}, datetime(2026, 11, 24, 10, tzinfo=UTC)),
    ],
)
def test_an_article_was_updated_at_its_last_change(fields, updated):
    """`updated` is the latest of publication, update, correction and withdrawal."""
    assert good(**fields).updated == updated


def test_the_day_is_the_one_that_the_editor_wrote():
    """Half past midnight in Tokyo gives the day and the address of Tokyo, not those of UTC."""
    tokyo = good(published="2026-12-01T00:30:00+09:00")
    assert (tokyo.day, tokyo.path) == (date(2026, 12, 1), "/2026/12/night-trains/")
    assert tokyo.published == datetime(2026, 11, 30, 15, 30, tzinfo=UTC)


def test_a_time_without_offset_is_the_sites():
    """In Berlin, nine o'clock in summer is seven in UTC."""
    assert good(published="2026-07-05T09:00").published == datetime(2026, 7, 5, 7, tzinfo=UTC)


# The day of the file's name


def test_a_file_without_published_appears_on_the_day_of_its_name():
    """At that day's first second in the site's zone; a note shows the line to write."""
    file = read(entry_text(published=None))
    assert file.entry == replace(entry(), published=MIDNIGHT, updated=MIDNIGHT)
    assert [str(fault) for fault in file.faults] == [
        f"{PATH}:1:1: note: the article appears on the day in its file's name; add `published: 2026-11-22`"
    ]
    noted = read(entry_text(published="2026-11-22"))
    assert (noted.entry, noted.faults) == (file.entry, ())


@pytest.mark.parametrize("published", ["", '""'])
def test_an_empty_published_is_none(published):
    """It counts as left out."""
    assert good(published=published).published == MIDNIGHT


def test_a_draft_has_no_day_by_its_name():
    """It is published never, and has no note."""
    file = read(entry_text(published=None, status="draft"))
    assert (file.entry.published, file.entry.path, file.faults) == (NEVER, "/9999/12/night-trains/", ())


@pytest.mark.parametrize("name", ["night-trains", "2026-02-30-night-trains", "20261122-night-trains", "2026-11-221"])
def test_a_name_without_a_day_needs_published(name):
    """A day that does not exist is none."""
    (fault,) = faults_of(entry_text(published=None), f"entries/{name}.yaml")
    assert "has no `published`; add `published: " in fault


def test_another_name_for_published_is_told_alone():
    """Whoever wrote `date` is told how that is called here, and nothing of the file's name."""
    (fault,) = faults_of(entry_text(published=None) + "date: 2026-11-20\n")
    assert '"date" is called published here; write `published:` and keep what follows' in fault


def test_changes_are_compared_with_the_day_of_the_name():
    """As with one that is written."""
    (_, fault) = sorted(faults_of(entry_text(published=None, updated="2026-11-21")))
    assert "updated lies before published (2026-11-22T00:00:00+01:00)" in fault


# Enclosures


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("audio/talk.mp3", "audio/mpeg"),
        ("audio/talk.MP3", "audio/mpeg"),
        ("audio/talk.vtt", "text/vtt"),
        ("https://cdn.example/talk.m4a?v=1.2/x.y", "audio/mp4"),
        ("https://cdn.example/talk.m4v", "video/mp4"),
        ("https://cdn.example/book.epub", "application/epub+zip"),
    ],
)
def test_an_enclosure_needs_its_address_alone(url, kind):
    """The ending says its type; length and duration are not known before its file is looked at."""
    (found,) = good(enclosures=f'[{{url: "{url}"}}]').enclosures
    assert (found.type, found.length, found.duration) == (kind, 0, None)


def test_a_length_of_nought_is_one_that_is_not_known():
    """Podcast hosts write it."""
    (found,) = good(enclosures='[{url: "https://cdn.example/x", type: audio/mpeg, length: 0}]').enclosures
    assert (found.type, found.length) == ("audio/mpeg", 0)


# Ids


def test_an_id_is_derived_from_the_files_place():
    """The id of a file without one is a UUID that every machine and every release derives alike."""
    file = read(entry_text(id=None))
    assert file.derived_id == file.entry.id == "urn:uuid:a00aa15b-11cc-5757-8711-b815ab903fdf"
    assert file.entry == entry(id=file.derived_id)


def test_a_derived_id_has_a_note():
    """A note warns that the file must not be renamed, and names the option that writes the id into it."""
    assert faults_of(entry_text(id=None)) == [
        f"{PATH}:1:1: note: the article has no id: when the file is renamed, readers get it again as a new one; "
        "`feedsite write-ids` adds an id"
    ]


def test_a_derived_id_does_not_depend_on_the_working_folder(tmp_path, monkeypatch):
    """A derived id is made of the site's id and the path within the site only."""
    here = derived_id(PATH, settings())
    monkeypatch.chdir(tmp_path)
    assert derived_id(PATH, settings()) == here


def test_a_derived_id_does_not_depend_on_the_suffix():
    """.yml renamed to .yaml is the same article."""
    assert derived_id("entries/a.yml", settings()) == derived_id("entries/a.yaml", settings())


def test_a_derived_id_does_not_depend_on_the_disk():
    """A Mac writes the ü of a file's name in two characters."""
    assert derived_id("entries/Zu\u0308rich.yaml", settings()) == derived_id("entries/Z\u00fcrich.yaml", settings())


def test_derived_ids_differ_by_folder_and_by_site():
    """Two files of one name, and two sites, never share an id."""
    ids = {
        derived_id("entries/a.yaml", settings()),
        derived_id("entries/world/a.yaml", settings()),
        derived_id("entries/a.yaml", settings(base_url="https://other.example")),
        derived_id("entries/a.yaml", settings(id="tag:other.example,2026:/")),
    }
    assert len(ids) == 4


def test_a_site_that_moves_keeps_its_derived_ids():
    """Where site.yaml has an id, base_url has no part in them."""
    assert derived_id(PATH, settings(id="tag:a,2026:/")) == derived_id(
        PATH, settings(id="tag:a,2026:/", base_url="https://new.example")
    )


# Addresses


@pytest.mark.parametrize(
    ("path", "address"),
    [
        ("entries/2026-11-22-night-trains.yaml", "/2026/11/night-trains/"),
        ("entries/1999-01-01-night-trains.yml", "/2026/11/night-trains/"),
        ("entries/night-trains.yaml", "/2026/11/night-trains/"),
        ("entries/world/asia/night-trains.yaml", "/2026/11/night-trains/"),
        ("entries/2026-11-22 Night Trains.YAML", "/2026/11/night-trains/"),
        ("entries/Night__trains!.yaml", "/2026/11/night-trains/"),
        ("entries/2026-11-22.yaml", "/2026/11/2026-11-22/"),
        ("entries/2026-11-221.yaml", "/2026/11/2026-11-221/"),
        ("entries/2026-11-22-夜行列車.yaml", "/2026/11/夜行列車/"),
        ("entries/夜行 列車・再開.yaml", "/2026/11/夜行-列車-再開/"),
        ("entries/Zu\u0308rich.yaml", "/2026/11/z\u00fcrich/"),
        ("entries/हिन्दी समाचार.yaml", "/2026/11/हिन्दी-समाचार/"),
        ("entries/❤\ufe0f Wien.yaml", "/2026/11/wien/"),
        ("entries/ข่าวไทย.yaml", "/2026/11/ข่าวไทย/"),
        ("entries/STRASSE-Straße.yaml", "/2026/11/strasse-strasse/"),
        ("entries/v1.2.yaml", "/2026/11/v1-2/"),
    ],
)
def test_the_address_is_the_files_name_without_its_date(path, address):
    """Lower case, words joined by hyphens, letters of every alphabet kept; month and year are those of publication."""
    assert good(path=path).path == address


def test_a_slug_wins_over_the_files_name():
    """The address is made of the slug, whatever the file's name is."""
    assert good(slug="夜行列車").path == "/2026/11/夜行列車/"


def test_a_files_name_without_a_word_is_a_fault():
    """A file whose name has no letter or digit needs a slug."""
    message = "the file's name makes no good address; add a line such as `slug: japan-taiwan`"
    assert faults_of(entry_text(), "entries/2026-11-22-!.yaml") == [f"entries/2026-11-22-!.yaml:1:1: {message}"]


@pytest.mark.parametrize("alias", ["/2026/11/night-trains", "/2026/11/night-trains/"])
def test_an_alias_that_is_the_articles_own_address_is_dropped(alias):
    """A page never redirects to itself, with or without its last slash."""
    assert good(aliases=f"[/old, {alias}]").aliases == ("/old",)


def test_a_base_url_with_a_path_leads_all_addresses():
    """Pictures and links that begin with a slash are below base_url; the entry's path does not contain its path."""
    blog = good(
        image="{src: images/a.jpg, alt: A}",
        body='"[a](/b)"',
        site={"base_url": "https://news.example/blog"},
    )
    assert blog.path == "/2026/11/night-trains/"
    assert blog.image.src == "https://news.example/blog/images/a.jpg"
    assert blog.body == '<p><a href="https://news.example/blog/b">a</a></p>\n'


# People, sections, tags


def test_a_key_of_the_sites_authors_is_that_person():
    """A name that is a key in site.yaml's authors means the person there, but not together with an e-mail address."""
    sato = Person(name="Mina Sato", email="sato@news.example", url="https://sato.example/")
    known = good(
        authors="[sato, {name: sato}, Sato, {name: sato, email: other@news.example}]",
        contributors="sato",
        site={"authors": {"sato": sato}},
    )
    assert known.authors == (sato, sato, Person(name="Sato"), Person(name="sato", email="other@news.example"))
    assert known.contributors == (sato,)


@pytest.mark.parametrize("authors", [None, "", "[]"])
def test_an_article_without_authors_is_the_publishers(authors):
    """RFC 4287 4.2.1 requires an author; it is the publisher of site.yaml."""
    desk = Publisher(name="The Desk", email="desk@news.example", url="https://desk.example/", logo="https://a/logo.svg")
    assert good(authors=authors, site={"publisher": desk}).authors == (
        Person(name="The Desk", email="desk@news.example", url="https://desk.example/"),
    )


@pytest.mark.parametrize(
    ("section", "label"), [("world", "World news"), ("world/asia", "Asia"), ("gardening", "gardening")]
)
def test_a_section_goes_by_its_title(section, label):
    """The label of a section is its title in site.yaml, or the section itself if it is not there."""
    listed = {"world": Section(title="World news"), "world/asia": Section(title="Asia")}
    assert good(section=section, site={"sections": listed}).section == Category(
        term=section, label=label, scheme="section"
    )


@pytest.mark.parametrize(("section", "near"), [("Wrold", "world"), ("world/asai", "world/asia")])
def test_a_section_near_a_listed_one_is_noted(section, near):
    """A section that is spelled much like one of site.yaml has a note, and the article is published."""
    file = read(
        entry_text(section=section), sections={"world": Section(title="World"), "world/asia": Section(title="Asia")}
    )
    assert [str(fault) for fault in file.faults] == [
        f'{PATH}:6:10: note: "{section}" is not among the sections of site.yaml; is `{near}` meant?'
    ]
    assert file.entry.section.term == section.lower()


def test_a_section_far_from_all_listed_ones_is_not_noted():
    """A section that is like none of site.yaml has no note."""
    assert faults_of(entry_text(section="gardening"), sections={"world": Section(title="World")}) == []


def test_tags_that_are_one_name_are_one_tag():
    """Japan and japan lead to one page, so the article has that tag once, as it was written first."""
    assert good(tags="[Japan, japan, ＪＡＰＡＮ]").tags == (Category(term="japan", label="Japan", scheme="tag"),)
    spaces = good(tags="[supply\u3000chains, supply chains, supply\xa0chains]").tags
    assert spaces == (Category(term="supply-chains", label="supply\u3000chains", scheme="tag"),)


# Summary


def test_a_body_that_nests_too_deep_is_a_fault():
    """The fault is where the body begins, and the file has no entry."""
    file = read(entry_text(body="'" + "> " * 600 + "x'"))
    assert file.entry is None
    (fault,) = file.faults
    assert (fault.line, fault.column) == (4, 7)
    assert "stand within one another" in fault.message


def test_the_summary_is_the_first_paragraph():
    """As plain text: without headings, pictures, footnote marks and line ends."""
    body = "|\n  # War\n\n  ![x](/a.jpg)\n\n  Black & <b>white</b>[^1]\n  news.\n\n  More.\n\n  [^1]: A note."
    assert good(body=body).summary == "Black & white news."


def test_the_summary_is_cut_at_a_word():
    """At 280 characters or a little less, and an ellipsis shows that there is more."""
    summary = good(body="|\n  " + "Vienna, " * 50).summary
    assert summary == "Vienna, " * 34 + "Vienna…"


def test_a_body_without_a_paragraph_is_summed_up_by_its_title():
    """A feed's entry always has a summary."""
    assert good(body='"![x](/a.jpg)"').summary == "Night trains return"


def test_the_editors_summary_wins():
    """A summary that the editor wrote is used, with white space folded, and marked as written."""
    written = good(summary=">\n  Vienna\n  again.")
    assert (written.summary, written.is_summary_written) == ("Vienna again.", True)


# Nothing


@pytest.mark.parametrize("nothing", ["", "null", "Null", "NULL", "~", "''", '"  "'])
@pytest.mark.parametrize("name", [name for name, row in FIELDS.items() if not row.is_required])
def test_a_field_with_nothing_in_it_is_an_absent_one(name, nothing):
    """Empty, or one of YAML's words for nothing without quotation marks: in all fields that may be left out."""
    fields = {"id": None} if name == "id" else {}
    assert good(**{name: nothing}) == good(**fields)


@pytest.mark.parametrize("image", ["{src: '', alt: ''}", "{src: , alt: ~}", "{}", "\n  src:\n  alt: null"])
def test_fields_with_nothing_in_them_are_an_absent_field(image):
    """An image that a form left empty is none."""
    assert good(image=image) == entry()


def test_nothing_in_quotation_marks_is_a_word():
    """A quoted null is text, in a list too."""
    named = good(title='"null"', tags='["~", "Null"]', summary="'NULL'")
    assert (named.title, [tag.label for tag in named.tags], named.summary) == ("null", ["~", "Null"], "NULL")


@pytest.mark.parametrize(
    ("published", "is_noted"), [("2027-11-24", True), ("2027-11-20", False), ("2025-01-01", False)]
)
def test_a_day_more_than_a_year_after_the_files_name_is_noted(published, is_noted):
    """Whoever types the next year by mistake is asked; an old name of an article that is moved in is none."""
    said = "published lies more than a year after the day in the file's name, 22 November 2026; is it a slip?"
    assert faults_of(entry_text(published=published)) == ([f"{PATH}:3:12: note: {said}"] if is_noted else [])


# The rest of the file


def test_names_that_begin_with_x_pass():
    """Fields whose names begin with x- may contain anything, and change nothing."""
    assert good(**{"x-desk": "foreign", "x-": "[a, {b: [c]}]", "x-title": "''"}) == entry()


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_line_ends_change_nothing(end):
    """Windows and old Macintosh line ends give the same entry, to the byte."""
    assert read(EVERYTHING.replace("\n", end)) == read(EVERYTHING)


def test_a_byte_order_mark_changes_nothing():
    """A file with and without a byte order mark gives the same entry."""
    assert read(b"\xef\xbb\xbf" + EVERYTHING.encode()) == read(EVERYTHING)


def test_a_missing_last_line_end_changes_nothing():
    """A file with and without a line end at its end gives the same entry."""
    assert read(EVERYTHING.rstrip("\n")) == read(EVERYTHING)


def test_the_order_of_fields_changes_nothing():
    """Body first or last, the entry is the same."""
    lines = entry_text(body="Text.").splitlines(keepends=True)
    assert good("".join(reversed(lines))) == good("".join(lines))


def test_a_body_of_5_mb_is_an_article():
    """Parsing has no limit of size; the scan of the folder has."""
    long = good(body="|\n" + "  Night trains return to Vienna.\n\n" * 150_000)
    assert long.body == "<p>Night trains return to Vienna.</p>\n" * 150_000


@pytest.mark.parametrize(
    ("content", "line", "column", "message"),
    [
        (b"", 1, 1, "the file is empty"),
        (b"\xef\xbb\xbf", 1, 1, "the file is empty"),
        (b"# nothing\n\n# yet\n", 1, 1, "the file is empty"),
        (b"title: Z\xfcrich\n", 1, 9, "this is not UTF-8 text (byte 0xFC)"),
        ("title: 夜".encode() + b"\xff\n", 1, 9, "this is not UTF-8 text (byte 0xFF)"),
        (b"title: cut \xe5\xa4", 1, 12, "this is not UTF-8 text (byte 0xE5)"),
        (b"title: \xed\xa0\x80\n", 1, 8, "this is not UTF-8 text (byte 0xED)"),
        ("title: x\n".encode("utf-16"), 1, 1, "this is UTF-16, which some editors call Unicode"),
        (b"title: x\r\nbody: a\x00b\r\n", 2, 8, "control character (U+0000)"),
        (b"title: x\rbody: a\x07b\r", 2, 8, "control character (U+0007)"),
        ("title: x\nbody: a\u2028b\n".encode(), 2, 8, "control character (U+2028)"),
        ("title: x\nbody: a\u0085b\n".encode(), 2, 8, "control character (U+0085)"),
        (b"\x1b[31mtitle: x\n", 1, 1, "control character (U+001B)"),
        (b"\x89PNG\r\n\x1a\n", 1, 1, "this is a picture, and no plain text"),
        (b"PK\x03\x04", 1, 1, "this is a packed file, and no plain text"),
    ],
)
def test_bytes_that_are_no_text_are_one_fault_in_their_place(content, line, column, message):
    """Another encoding, a picture, a control character: one fault at the first such place, and no entry."""
    file = read(content)
    (fault,) = file.faults
    assert (fault.line, fault.column, file.entry) == (line, column, None)
    assert message in fault.message


def test_faults_and_notes_come_in_the_order_of_the_file():
    """Faults and notes are sorted by line and column."""
    text = entry_text(id=None, title="", published="tomorrow", section="Wrold", link="x")
    assert [fault.line for fault in read(text, sections={"world": Section(title="World")}).faults] == [1, 1, 2, 6]


def test_of_one_file_a_hundred_faults_are_named():
    """The last one says that there may be more: an editor mends these first, and nothing else waits for the rest."""
    file = read(entry_text(enclosures=f"[{', '.join(['{nme: x, mial: y}'] * 90)}]"))
    assert (len(file.faults), file.entry) == (101, None)
    more = "there may be more than these 100 faults; mend them, then check again"
    assert [fault.message for fault in file.faults].count(more) == 1


def test_of_a_file_that_was_pasted_in_many_times_one_fault_is_named():
    """Not one for each name that stands there twice."""
    assert len(read(entry_text() + "link: https://a.example/\n" * 101).faults) == 100
    (fault,) = read(entry_text() + "link: https://a.example/\n" * 102).faults
    assert fault.message == "more than 100 names are written twice up to here; was the text pasted in twice?"


def test_a_file_with_a_fault_has_no_entry():
    """One fault is enough for a file to have no entry."""
    assert read(entry_text(link="nowhere")).entry is None


def test_an_entry_is_the_same_each_time_it_is_read():
    """An entry depends on the file and the settings only."""
    assert read(EVERYTHING) == read(EVERYTHING)
