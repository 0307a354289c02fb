"""Notes of `feedsite check` on what only shows beside the rest of the site."""

from datetime import UTC, datetime

import pytest

from feedsite.checking.notes import notes
from feedsite.folder.library import Library

from .support.builders import entry_text
from .support.pictures import plain

SITE = "title: The Meridian\ndescription: World news, set plainly.\nbase_url: https://news.example\n"
NOW = datetime(2026, 11, 23, tzinfo=UTC)


def folder(path, files, site=SITE):
    """The library of a folder with these files, which it has read."""
    library = Library(path, {})
    (path / "entries").mkdir(exist_ok=True)
    return change(library, {"site.yaml": site, **files})


def change(library, files):
    """Writes these files; None deletes one. They are read then."""
    for name, text in files.items():
        path = library.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if text is None:
            path.unlink()
        else:
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
    library.read()
    return library


def article(name, **fields):
    return entry_text(**{"id": f"tag:news.example,2026:{name}", "title": f"Article {name}", "slug": name, **fields})


def notes_of(library):
    return sorted(str(note) for note in notes(library, NOW)[0])


def test_only_articles_of_which_something_may_be_noted_are_read_whole(tmp_path):
    """A change ahead, a link within the site, a file, or a name that is nearly one of site.yaml's."""
    site = f"{SITE}authors: {{sato: Mina Sato}}\n"
    worth = {
        "ahead": {"published": "2026-12-01"},
        "link": {"body": '"[x](/2026/11/other/)"'},
        "file": {"image": "{src: images/a.png, alt: x}"},
        "shown": {"body": '"![](images/a.png)"'},
        "name": {"authors": "[Mina Sata]"},
        "helper": {"contributors": "[Mina Sata]"},
        "two": {"authors": "[Mina and Ken]"},
    }
    others = {"plain": {}, "away": {"body": '"[x](https://else.example/)"'}, "sato": {"authors": "[sato, Ken]"}}
    files = {f"entries/{name}.yaml": article(name, **fields) for name, fields in (worth | others).items()}
    library = folder(tmp_path, files | {"images/a.png": plain("PNG")}, site)
    asked = []
    library.index.database._reader.set_trace_callback(asked.append)
    notes(library, NOW)
    read = {one for one in asked if one.startswith("SELECT path, record, body, digest")}
    assert len(read) == len(worth)


# Pictures and recordings


def test_what_an_article_wants_and_the_folder_lacks_is_noted(tmp_path):
    """An article's missing picture, recording, or picture in its text; not those on other hosts."""
    fields = {
        "image": "{src: images/gone.png, alt: x}",
        "enclosures": "[{url: audio/gone.mp3, type: audio/mpeg, length: 3}]",
        "body": "|\n  ![](/images/lost.png) ![](/images/a.png) ![](https://else.example/b.png)\n",
    }
    site = folder(tmp_path, {"entries/a.yaml": article("a", **fields), "images/a.png": plain("PNG")})
    assert notes_of(site) == [
        f"entries/a.yaml:{place}: note: {path} is not in the site's folder; readers will see a gap"
        for place, path in (("5:7", "/images/lost.png"), ("8:14", "/images/gone.png"), ("9:20", "/audio/gone.mp3"))
    ]


@pytest.mark.parametrize("written", ["suez.png", "image/suez.png", "../images/suez.png", "/images/suez.png"])
def test_a_note_on_a_picture_that_stands_elsewhere_in_the_site_names_its_place(tmp_path, written):
    """Also where a name differs in capitals."""
    files = {"entries/a.yaml": article("a", body=f'"![]({written})"'), "images/2026/Suez.png": plain("PNG")}
    said = f"entries/a.yaml:4:12: note: {written} is not there; write images/2026/Suez.png"
    assert notes_of(folder(tmp_path, files)) == [said]


def test_a_note_on_a_picture_names_no_place_where_several_files_are_called_so(tmp_path):
    pictures = {"images/a/suez.png": plain("PNG"), "images/b/suez.png": plain("PNG")}
    (note,) = notes_of(folder(tmp_path, {"entries/a.yaml": article("a", body='"![](suez.png)"'), **pictures}))
    assert (
        note == "entries/a.yaml:4:12: note: suez.png is not published; pictures stand in images/, recordings in audio/"
    )


@pytest.mark.parametrize(
    ("picture", "message"),
    [
        ("/pictures/a.png", "/pictures/a.png is not published; pictures stand in images/, recordings in audio/"),
        ("/images/a.bmp", "/images/a.bmp is not published; its name must end in one of .aac .avif .gif "),
    ],
)
def test_what_is_there_and_not_published_is_noted(tmp_path, picture, message):
    """A picture in another folder, or of a type that no browser shows: the note says what to change."""
    files = {"entries/a.yaml": article("a", body=f'"![]({picture})"'), picture.lstrip("/"): b"picture"}
    (note,) = notes_of(folder(tmp_path, files))
    assert note.startswith(f"entries/a.yaml:4:12: note: {message}")


def test_a_picture_with_a_space_in_its_name_is_found(tmp_path):
    """An article names it percent-encoded, its file is not."""
    body = '"![](</images/night train.png>)"'
    site = folder(tmp_path, {"entries/a.yaml": article("a", body=body), "images/night train.png": plain("PNG")})
    assert notes_of(site) == []


def test_a_wrong_length_is_noted(tmp_path):
    """The note has the right length, ready to paste."""
    enclosures = "[{url: audio/a.mp3, type: audio/mpeg, length: 4}]"
    files = {"entries/a.yaml": article("a", enclosures=enclosures), "audio/a.mp3": b"mp3"}
    assert notes_of(folder(tmp_path, files)) == [
        "entries/a.yaml:7:51: note: /audio/a.mp3 has 3 bytes; write `length: 3`"
    ]


@pytest.mark.parametrize(
    ("names", "note"),
    [
        (["images/a:b.png"], 'Windows takes no name that ends in a dot or a space, or holds one of < > : " | ? * \\'),
        (["images/x./a.png"], "Windows takes no name that ends in a dot or a space"),
        (["audio/Con.mp3"], "Con.mp3 is the name of a device on Windows"),
        (["images/" + "/".join(["x" * 200] * 4) + "/a.png"], "it is longer than 800 bytes"),
        (["images/A.png", "images/a.png"], "to Windows and macOS this is the same file as images/A.png; rename one"),
        (["images/caf\u00e9.png", "images/cafe\u0301.png"], "to Windows and macOS this is the same file as images/"),
        (["images/a.png", "images/b.png", "images/e.e/caf\u00e9.png"], ""),
    ],
)
def test_a_pictures_name_that_not_every_system_holds_is_noted(tmp_path, names, note):
    """The picture is published all the same."""
    site = folder(tmp_path, {"entries/a.yaml": article("a")} | dict.fromkeys(names, plain("PNG")))
    found = notes_of(site)
    assert len(found) == bool(note)
    assert all(note in one and ": note: " in one for one in found)


# Times


@pytest.mark.parametrize(
    ("fields", "texts"),
    [
        ({"updated": "9998-01-01"}, ["updated lies in the future (9998-01-01T00:00:00+00:00)"]),
        (
            {"corrections": "[{at: 2027-01-01, note: x}, {at: 2028-01-01, note: x}, {at: 2026-11-22 10:00, note: x}]"},
            [f"the time of a correction lies in the future ({year}-01-01T00:00:00+00:00)" for year in (2027, 2028)],
        ),
        (
            {"withdrawn": "{at: 2027-01-01, reason: x}"},
            ["the time of the withdrawal lies in the future (2027-01-01T00:00:00+00:00)"],
        ),
        (
            {"withdrawn": '{at: "2026-11-22T08:30:00Z", reason: x}', "updated": "2027-01-01"},
            ["updated lies in the future (2027-01-01T00:00:00+00:00)"],
        ),
        ({"published": "2027-01-01"}, []),
        ({"published": "2027-01-01", "updated": "2027-01-01"}, []),
        (
            {"published": "2027-01-01", "updated": "2027-01-02"},
            ["updated lies in the future (2027-01-02T00:00:00+00:00)"],
        ),
        ({"status": "draft", "updated": "2027-01-01"}, []),
        ({"updated": "2026-11-22T08:30:00Z"}, []),
    ],
)
def test_the_time_of_a_change_that_lies_in_the_future_is_noted(tmp_path, fields, texts):
    """A change cannot be scheduled; a whole article can, and then it must not have changed before it appears."""
    site = folder(tmp_path, {"entries/a.yaml": article("a", **fields)})
    assert [note.partition(": note: ")[2] for note in notes_of(site)] == [f"{text}; is it a slip?" for text in texts]


def test_an_article_that_is_scheduled_more_than_a_year_ahead_is_noted(tmp_path):
    """Where its `published` stands. Neither a draft nor one of next year's summer is."""
    days = {"a": "2028-02-03", "b": "2027-11-23", "c": "2028-02-03"}
    files = {f"entries/{name}.yaml": article(name, published=day) for name, day in days.items()}
    files["entries/c.yaml"] += "status: draft\n"
    assert notes_of(folder(tmp_path, files)) == [
        "entries/a.yaml:3:12: note: published lies in 2028; is it a slip?",
    ]


def test_articles_of_one_day_without_a_time_are_noted_once(tmp_path):
    """On the oldest of them, with their order; not those with a time, nor one alone."""
    days = {"part-9": "2026-05-09", "part-10": "2026-05-09", "part-1": "2026-05-09", "x": "2026-05-10"}
    days |= {"noon": "2026-05-09 12:00", "noon-2": "2026-05-09 12:00", "midnight": "2026-05-09 00:00"}
    files = {f"entries/{name}.yaml": article(name, published=day) for name, day in days.items()}
    assert notes_of(folder(tmp_path, files)) == [
        "entries/part-1.yaml:3:12: note: 3 articles of 2026-05-09 have no time; they stand in the order of their "
        "names, the newest is entries/part-10.yaml; where another order is meant, write times, such as "
        "`published: 2026-05-09 09:00`"
    ]


# Addresses


MOVED = article("trains", published="2020-11-22", slug="new-trains")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"entries/a.yaml": article("trains", published="2020-11-22")}, {"entries/a.yaml": MOVED}),
        (
            {"entries/a.yaml": article("trains", published="2020-11-22")},
            {"entries/a.yaml": None, "entries/b.yaml": MOVED},
        ),
    ],
    ids=["edited", "renamed"],
)
def test_an_address_that_was_left_without_an_alias_is_noted(tmp_path, before, after):
    """Until the alias of the note stands in the file, or another article has the address."""
    library = folder(tmp_path, before)
    assert notes_of(library) == []
    change(library, after)
    (name,) = (name for name, text in after.items() if text)
    assert notes_of(library) == [
        f"{name}:6:7: note: its address was /2020/11/trains/ until now; write `aliases: [/2020/11/trains/]`, "
        "or old links break"
    ]
    assert notes_of(change(library, {name: MOVED + "aliases: [/2020/11/trains/]\n"})) == []
    change(library, {name: MOVED})
    assert len(notes_of(library)) == 1
    other = article("ships", slug="trains", published="2020-11-22 10:00")
    assert notes_of(change(library, {"entries/other.yaml": other})) == []


def test_an_address_that_was_never_public_is_none_to_keep(tmp_path):
    """Of a draft, and of an article that was scheduled when it moved."""
    library = folder(
        tmp_path,
        {
            "entries/a.yaml": article("a", status="draft"),
            "entries/b.yaml": article("b", published="2150-01-01"),
        },
    )
    change(library, {"entries/a.yaml": article("a", slug="c"), "entries/b.yaml": article("b", slug="d")})
    assert notes_of(library) == []


def test_an_address_that_an_article_was_refused_is_none_that_it_had(tmp_path):
    """Also when that address is free later, and the article stands elsewhere."""
    old = {name: article(name, published="2020-11-22") for name in "ab"}
    library = folder(tmp_path, {f"entries/{name}.yaml": text for name, text in old.items()})
    change(library, {"entries/b.yaml": article("b", published="2020-11-22", slug="a")})
    change(library, {"entries/b.yaml": old["b"]})
    change(library, {"entries/a.yaml": article("a", published="2020-11-22", slug="c", aliases="[/2020/11/a/]")})
    change(library, {"entries/a.yaml": None})
    assert notes_of(library) == []


def test_an_alias_is_added_to_those_that_stand(tmp_path):
    """The line of the note can be pasted in the place of the former one."""
    old = {"published": "2020-11-22", "aliases": "[/older]"}
    library = folder(tmp_path, {"entries/a.yaml": article("a", **old)})
    change(library, {"entries/a.yaml": article("a", **old | {"slug": "b"})})
    (note,) = notes_of(library)
    assert note == (
        "entries/a.yaml:7:10: note: its address was /2020/11/a/ until now; write `aliases: [/older, /2020/11/a/]`, "
        "or old links break"
    )
    change(library, {"entries/a.yaml": article("a", **old | {"slug": "b", "aliases": "[/older, /2020/11/a/]"})})
    assert notes_of(library) == []


def test_an_alias_where_a_list_stands_is_noted(tmp_path):
    """At the alias itself."""
    files = {"entries/a.yaml": article("a", section="world", aliases="[/old, /world/]")}
    assert notes_of(folder(tmp_path, files)) == [
        "entries/a.yaml:8:17: note: the alias /world/ leads nowhere, for a list of articles stands there; take it out"
    ]


def test_names_of_articles_that_are_one_file_on_some_systems_are_noted(tmp_path):
    """Both stand, for their ids and addresses are others."""
    files = {"entries/Trains.yaml": article("a", id=None), "entries/trains.yaml": article("b", id=None)}
    assert notes_of(folder(tmp_path, files)) == [
        "entries/trains.yaml: note: to Windows and macOS this is the same file as entries/Trains.yaml; rename one"
    ]


# Links


def linking(*links):
    return "|\n  First.\n\n" + "".join(f"  [x]({link})\n" for link in links)


def test_a_link_to_no_page_of_the_site_is_noted_at_its_line(tmp_path):
    """Each once, with the article that may be meant."""
    body = linking("/2026/11/b/", "/2026/10/b/", "https://news.example/gone", "/2026/10/b/", "https://else.example/x")
    site = folder(tmp_path, {"entries/a.yaml": article("a", body=body), "entries/b.yaml": article("b")})
    assert notes_of(site) == [
        "entries/a.yaml:8:7: note: the link to /2026/10/b/ leads nowhere, for nothing of this site stands there; "
        "is /2026/11/b/ meant?",
        "entries/a.yaml:9:7: note: the link to https://news.example/gone leads nowhere, for nothing of this site "
        "stands there",
    ]


def test_a_link_to_anything_that_the_site_has_is_not_noted(tmp_path):
    """Articles, aliases, scheduled ones, lists, feeds, mixes, pictures, the site's own pages; with any last slash."""
    there = ["/", "/2026/11/b/", "/2026/11/b", "/old", "/old/", "/2027/01/soon/", "/world/", "/world", "/tag/rail/"]
    there += ["/feed.rss", "/world/feed.atom", "/feeds/", "/feeds.opml", "/mix/world+tag.rail/", "/mix/", "/2026/11/"]
    there += ["images/a.png", "/images/a.png", "/sitemap.xml", "/rss.xml", "mailto:a@b.example", "/2026/11/b/?x=1"]
    files = {
        "entries/a.yaml": article("a", body=linking(*there), section="world", tags="[rail]"),
        "entries/b.yaml": article("b", aliases="[/old]"),
        "entries/soon.yaml": article("soon", published="2027-01-02"),
        "images/a.png": plain("PNG"),
    }
    assert notes_of(folder(tmp_path, files)) == []


def test_of_very_many_links_to_nowhere_some_are_noted(tmp_path):
    """For each, the file is searched through: a thousand of them must not take a thousand times as long."""
    body = linking(*(f"/gone-{number}/" for number in range(1000)))
    found = notes_of(folder(tmp_path, {"entries/a.yaml": article("a", body=body)}))
    assert len(found) == 20
    assert (
        "entries/a.yaml:7:7: note: the link to /gone-0/ leads nowhere, for nothing of this site stands there" in found
    )


def test_a_link_to_a_draft_says_so(tmp_path):
    """It leads nowhere until the draft is published."""
    files = {
        "entries/a.yaml": article("a", body=linking("/2026/11/b/")),
        "entries/b.yaml": article("b", status="draft"),
    }
    (note,) = notes_of(folder(tmp_path, files))
    assert note == "entries/a.yaml:7:7: note: the link to /2026/11/b/ leads nowhere: entries/b.yaml is a draft"


def test_a_link_to_a_place_that_an_article_does_not_have_is_noted(tmp_path):
    """Also within the article itself; the page's beginning is always there."""
    body = linking("/2026/11/b/#gone", "/2026/11/b/#", "/2026/11/b/#top", "#lost")
    files = {"entries/a.yaml": article("a", body=body), "entries/b.yaml": article("b")}
    lost, gone = sorted(notes_of(folder(tmp_path, files)))
    assert """the link to "#lost" leads to that page's beginning""" in lost
    assert gone == (
        "entries/a.yaml:7:7: note: the link to /2026/11/b/#gone leads to that page's beginning, "
        "for nothing there has the id gone"
    )


@pytest.mark.parametrize(
    ("written", "advice"),
    [
        ("other.html", ""),
        ("b.html", "; is /2026/11/b/ meant?"),
        ("www.example.com", "; write https://www.example.com"),
        ("example.org/a", "; write https://example.org/a"),
        ("foo@bar.de", "; write mailto:foo@bar.de"),
        ("b.md", "; write /2026/11/b/"),
        ("/entries/b.md#x", "; write /2026/11/b/#x"),
        ("<a b.html>", ""),
        ("/2026/11/night-trian/", "; is /2026/11/night-train/ meant?"),
        ("night-trin", "; is /2026/11/night-train/ meant?"),
        ("/2026-11-20-b/", "; is /2026/11/b/ meant?"),
        ("/wrold/", "; is /world/ meant?"),
        ("/2026/11/c/", ""),
    ],
)
def test_a_dead_link_is_noted_where_and_as_it_is_written(tmp_path, written, advice):
    """With what was meant, where a scheme is missing, a file of the site is named, or an address is one slip off."""
    files = {"entries/a.yaml": article("a", body=linking("/", written)), "entries/b.yaml": article("b")}
    files["entries/night-train.yaml"] = article("night-train")
    place, shown = ("8:8", written[1:-1]) if written.startswith("<") else ("8:7", written)
    shown = shown if "/" in shown else f'"{shown}"'
    assert notes_of(folder(tmp_path, files, SITE + "sections: {world: World}\n")) == [
        f"entries/a.yaml:{place}: note: the link to {shown} leads nowhere, for nothing of this site stands there"
        + advice
    ]


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("First [one](#one) line. See [self](/2026/11/a/#top1).", 15),
        ("`#one` and <a href='#one'>one</a>, [see](/2026/11/a/#one)", 23),
        ("#one, then [one] [two][one]⏎⏎  [one]: #one", 10),
    ],
)
def test_a_link_to_a_missing_place_is_noted_at_its_own_column(tmp_path, text, column):
    """Not at the same words elsewhere, in a link that is longer, or in none."""
    body = "|\n  " + text.replace("⏎", "\n") + "\n"
    found = notes_of(folder(tmp_path, {"entries/a.yaml": article("a", body=body)}))
    (note,) = (one for one in found if " #one" in one or '"#one"' in one)
    assert f":{column}: note: the link to " in note


def test_a_picture_in_html_that_is_not_there_is_noted_as_it_is_written(tmp_path):
    """A placeholder of another generator."""
    body = '|\n  placeholder.gif <img src="placeholder.gif" alt="x">\n'
    assert notes_of(folder(tmp_path, {"entries/a.yaml": article("a", body=body)})) == [
        "entries/a.yaml:5:29: note: placeholder.gif is not published; pictures stand in images/, recordings in audio/"
    ]


# site.yaml


NAMED = SITE + "authors: {sato: Mina Sato, ap: AP, agency: Wire}\n"


@pytest.mark.parametrize(
    ("byline", "told"),
    [
        ("Mina Sato and Ken Mori", True),
        ("Mina & Ken", True),
        ("Mina Sato / Ken Mori", True),
        ("Smith & Sons", False),
        ("Alexandra Anders", False),
        ("Reuters, AFP and dpa", False),
    ],
)
def test_two_names_as_one_author_are_noted_unless_site_yaml_has_them(tmp_path, byline, told):
    site = SITE + 'authors: {smith: "Smith & Sons"}\n'
    notes = notes_of(folder(tmp_path, {"entries/a.yaml": article("a", authors=f'["{byline}"]')}, site))
    assert [f'"{byline}" is one author here; for two write [' in note for note in notes] == [True] * told


def test_a_name_with_an_odd_space_is_told_as_that(tmp_path):
    """Printed, it looks like the one in site.yaml."""
    text = article("a", authors='["Mina\u00a0Sato"]')
    (note,) = notes_of(folder(tmp_path, {"entries/a.yaml": text}, NAMED))
    assert note.endswith("a space in this name is no ordinary one, so it is another name; write Mina Sato")


def test_a_picture_whose_name_is_one_slip_off_is_proposed(tmp_path):
    """Not where names are so short that they are often near."""
    body = "|\n  ![A](images/lighthuose.png) ![B](images/b.png)\n"
    files = {"images/lighthouse.png": plain("PNG"), "images/a.png": plain("PNG")}
    site = folder(tmp_path, {"entries/a.yaml": article("a", body=body), **files})
    assert [note.partition(" is not in the site's folder; ")[2] for note in notes_of(site)] == [
        "readers will see a gap",
        "is images/lighthouse.png meant?",
    ]


@pytest.mark.parametrize(
    ("byline", "language", "told"),
    [
        ("by Mina Sato", "ja", "By"),
        ("By Mina Sato", "en", "By"),
        ("Words by Mina", "en", "Words by"),
        ("Par Marie Curie", "fr-CA", "Par"),
        ("por Ana Paz", "pt-BR", "por"),
        ("Par Nilsson", "sv", ""),
        ("Von Miller", "de", ""),
        ("By", "en", ""),
        ("Byron Mori", "en", ""),
    ],
)
def test_what_print_has_before_a_name_is_noted(tmp_path, byline, language, told):
    """Readers see it as a part of the name, and it leads to a list of its own."""
    text = article("a", authors=f'["{byline}"]', language=language)
    assert notes_of(folder(tmp_path, {"entries/a.yaml": text})) == [
        f'entries/a.yaml:7:12: note: readers see "{byline[: len(told)]}" as a part of the name; '
        f"write {byline[len(told) :].strip()}"
    ] * bool(told)


@pytest.mark.parametrize(
    ("byline", "near"),
    [
        ("satoo", "sato"),
        ("sat", "sato"),
        ("sto", "sato"),
        ("sa", ""),
        ("Sat", ""),
        ("agen", "agency"),
        ("Mina", ""),
        ("saot", "sato"),
        ("sada", ""),
        ("Sato", "sato"),
        ("Mina Satu", "Mina Sato"),
        ("Mina Sato", ""),
        ("sato", ""),
        ("AP", ""),
        ("AFP", ""),
        ("Ada Okoye", ""),
    ],
)
def test_a_byline_that_is_a_letter_off_is_noted(tmp_path, byline, near):
    """With the author that was meant; neither one that is known nor one that is another's name."""
    files = {"entries/a.yaml": article("a", authors=f"[{byline}]")}
    note = f'entries/a.yaml:7:11: note: "{byline}" is not among the authors of site.yaml; is `{near}` meant?'
    assert notes_of(folder(tmp_path, files, NAMED)) == [note] * bool(near)


def test_what_site_yaml_names_and_nobody_has_is_noted(tmp_path):
    """An icon, a logo, the lists of mixes, and series."""
    site = SITE + "icon: images/icon.png\npublisher: {name: A, logo: images/logo.svg}\n"
    site += "mixes: {quiet: {of: [everything, world], without: [tag/rail]}}\nseries: [Silk road, sport]\n"
    files = {"entries/a.yaml": article("a", section="world", tags="[sport]"), "images/icon.png": plain("PNG")}
    assert notes_of(folder(tmp_path, files, site)) == [
        "site.yaml:5:28: note: /images/logo.svg is not in the site's folder; readers will see a gap",
        "site.yaml:6:52: note: the mix quiet names tag/rail, and no article is there; is it a slip?",
        "site.yaml:7:1: note: no article has the tag silk-road, so it is no series; is it a slip?",
    ]
