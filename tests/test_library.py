"""A site's folder, read again and again while editors work in it."""

import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from feedsite.document import Document
from feedsite.errors import Faults
from feedsite.reading.library import Library, loose_ends, write_id
from feedsite.reading.walk import LARGEST

from .builders import entry_text
from .golden import SAMPLE

SITE = "title: The Meridian\ndescription: World news, set plainly.\nbase_url: https://news.example\n"
OLD = Path(__file__).parent / "faulty" / "section-near.yaml"  # nobody has changed it within the last 100 ms
NOW = datetime(2026, 11, 23, tzinfo=UTC)


def write(folder, files):
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(text if isinstance(text, bytes) else text.encode())


def library(folder, files=None, site=SITE, **environment):
    """The library of a folder with these files."""
    (folder / "entries").mkdir()
    write(folder, {"site.yaml": site, **(files or {})})
    return Library(folder, environment)


def article(name, **fields):
    return entry_text(**{"id": f"tag:news.example,2026:{name}", "title": f"Article {name}", "slug": name, **fields})


def titles(holdings):
    return sorted(entry.title for entry in holdings.catalogue.entries)


def told(holdings):
    return [str(fault) for fault in holdings.faults]


# What is an entry file


def test_entries_are_read_in_every_folder(tmp_path):
    """.yaml and .yml, in capitals too, at any depth; the source is the path within the site."""
    files = ["entries/a.yaml", "entries/b.yml", "entries/world/asia/c.yaml", "entries/D.YAML"]
    holdings = library(tmp_path, {path: article(f"n{number}") for number, path in enumerate(files)}).read()
    assert sorted(entry.source for entry in holdings.catalogue.entries) == sorted(files)
    assert told(holdings) == []


@pytest.mark.parametrize(
    "name", [".a.yaml", ".a.yaml.swp", "a.yaml~", "#a.yaml#", ".#a.yaml", ".git/a.yaml", "a.png", "README.md", "a"]
)
def test_hidden_files_backups_and_others_are_passed_over(tmp_path, name):
    """What an editor's program or git leaves beside an article is none, and is not told."""
    holdings = library(tmp_path, {f"entries/{name}": article("a")}).read()
    assert (titles(holdings), told(holdings)) == ([], [])


@pytest.mark.parametrize("name", ["a.yaml.txt", "a.yml.bak", "A.YAML.orig"])
def test_a_file_that_only_looks_like_an_article_is_noted(tmp_path, name):
    """Notepad adds .txt where nobody sees it; a note tells why the article does not appear."""
    holdings = library(tmp_path, {f"entries/{name}": article("a")}).read()
    assert titles(holdings) == []
    assert told(holdings) == [f"entries/{name}: note: this file is not read; its name must end in .yaml"]


def test_a_folder_with_the_name_of_an_article_is_a_fault(tmp_path):
    """It is not read, nor what stands in it."""
    holdings = library(tmp_path, {"entries/a.yaml/b.yaml": article("b"), "entries/c.yaml": article("c")}).read()
    assert titles(holdings) == ["Article c"]
    assert told(holdings) == ["entries/a.yaml: this is a folder with the name of an article; rename the folder"]


def test_a_link_that_leads_back_is_a_fault(tmp_path):
    """Walking ends, and all other files are read once."""
    site = library(tmp_path, {"entries/world/a.yaml": article("a")})
    (tmp_path / "entries" / "world" / "loop").symlink_to(tmp_path / "entries", target_is_directory=True)
    holdings = site.read()
    assert titles(holdings) == ["Article a"]
    assert told(holdings) == ["entries/world/loop: this link leads back to a folder above it; delete the link"]


def test_a_linked_folder_is_read(tmp_path):
    """A section may stand elsewhere on the disk."""
    site = library(tmp_path)
    write(tmp_path, {"elsewhere/a.yaml": article("a")})
    (tmp_path / "entries" / "world").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    assert titles(site.read()) == ["Article a"]


@pytest.mark.parametrize("target", ["nowhere.yaml", "a.yaml"])
def test_a_link_that_leads_nowhere_is_a_fault(tmp_path, target):
    """To a missing file or to itself; the other files are read."""
    site = library(tmp_path, {"entries/b.yaml": article("b")})
    (tmp_path / "entries" / "a.yaml").symlink_to(target)
    holdings = site.read()
    assert titles(holdings) == ["Article b"]
    assert [(fault.path, fault.line, fault.is_note) for fault in holdings.faults] == [("entries/a.yaml", 0, False)]


def test_a_pipe_is_a_fault(tmp_path):
    """Reading it would never end."""
    site = library(tmp_path)
    os.mkfifo(tmp_path / "entries" / "a.yaml")
    assert told(site.read()) == ["entries/a.yaml: this is no ordinary file (a folder, a pipe or a device)"]


@pytest.mark.parametrize("size", [LARGEST + 1, 5 * 1024**2])
def test_a_file_of_megabytes_is_a_fault(tmp_path, size):
    """Nobody wrote that by hand; up to the limit all of it is read."""
    text = article("a", body=None) + "body: |\n  "
    files = {"entries/a.yaml": text.ljust(size, "x"), "entries/b.yaml": text.ljust(LARGEST, "x")}
    holdings = library(tmp_path, files).read()
    assert told(holdings) == [
        "entries/a.yaml: the file is larger than 1 MB; an article holds text, its pictures stand in images/"
    ]
    assert [entry.source for entry in holdings.catalogue.entries] == ["entries/b.yaml"]


def test_a_file_that_may_not_be_read_is_a_fault(tmp_path):
    """It tells whom to give which right; the other files are read."""
    site = library(tmp_path, {"entries/a.yaml": article("a"), "entries/b.yaml": article("b")})
    (tmp_path / "entries" / "a.yaml").chmod(0)
    if os.access(tmp_path / "entries" / "a.yaml", os.R_OK):
        pytest.skip("whoever runs this may read every file")
    holdings = site.read()
    assert titles(holdings) == ["Article b"]
    assert told(holdings) == ["entries/a.yaml: feedsite is not allowed to read this; give its user permission to read"]


# While editors work


def test_a_file_that_breaks_keeps_its_last_good_version(tmp_path):
    """A slip is told, and never takes an article offline."""
    site = library(tmp_path, {"entries/a.yaml": article("a")})
    good = site.read()
    write(tmp_path, {"entries/a.yaml": article("a", title="War: what")})
    broken = site.read()
    assert broken.catalogue == good.catalogue
    assert [(fault.path, fault.line, fault.column) for fault in broken.faults] == [("entries/a.yaml", 2, 11)]
    assert [file.entry for file in broken.files] == [None]


def test_a_file_that_breaks_again_keeps_what_it_said_when_it_was_good(tmp_path):
    """However many slips follow one another."""
    site = library(tmp_path, {"entries/a.yaml": article("a")})
    for slip in ("War: what", "@War", '"War'):
        good = site.read().catalogue
        write(tmp_path, {"entries/a.yaml": article("a", title=slip)})
    assert titles(site.read()) == ["Article a"]
    assert site.read().catalogue == good


def test_a_file_that_was_never_good_is_no_article(tmp_path):
    """The others appear without it."""
    holdings = library(tmp_path, {"entries/a.yaml": "title: [", "entries/b.yaml": article("b")}).read()
    assert titles(holdings) == ["Article b"]


def test_a_mended_file_is_taken_in(tmp_path):
    """What it says now replaces what it said before the slip, and the fault is gone."""
    site = library(tmp_path, {"entries/a.yaml": article("a")})
    site.read()
    write(tmp_path, {"entries/a.yaml": "\ttitle"})
    site.read()
    write(tmp_path, {"entries/a.yaml": article("a", title="Mended")})
    assert titles(site.read()) == ["Mended"]
    assert told(site.read()) == []


def test_a_deleted_file_takes_its_article_with_it(tmp_path):
    """Also where its last version was broken."""
    site = library(tmp_path, {"entries/a.yaml": article("a"), "entries/b.yaml": article("b")})
    site.read()
    write(tmp_path, {"entries/b.yaml": "\ttitle"})
    site.read()
    (tmp_path / "entries" / "a.yaml").unlink()
    assert titles(site.read()) == ["Article b"]
    (tmp_path / "entries" / "b.yaml").unlink()
    assert (titles(site.read()), told(site.read())) == ([], [])


def test_articles_stay_while_their_folder_is_away(tmp_path):
    """A disk that comes late, or a deployment halfway, empties no feed; the fault tells it."""
    site = library(tmp_path, {"entries/a.yaml": article("a"), "entries/world/b.yaml": article("b")})
    before = site.read()
    (tmp_path / "entries").rename(tmp_path / "away")
    without = site.read()
    assert without.catalogue == before.catalogue
    assert told(without) == [
        "entries: this does not exist; a link may point nowhere, or the folder has still to be made"
    ]
    (tmp_path / "away").rename(tmp_path / "entries")
    assert site.read() == before


def test_articles_stay_while_their_folder_is_a_file(tmp_path):
    """The same slip in another shape."""
    site = library(tmp_path, {"entries/a.yaml": article("a")})
    before = site.read()
    (tmp_path / "entries").rename(tmp_path / "away")
    write(tmp_path, {"entries": b""})
    assert site.read().catalogue == before.catalogue
    assert told(site.read()) == ["entries: this must be a folder"]


def test_articles_stay_while_their_folder_may_not_be_listed(tmp_path):
    """Its siblings are read on."""
    site = library(tmp_path, {"entries/world/a.yaml": article("a"), "entries/b.yaml": article("b")})
    before = site.read()
    (tmp_path / "entries" / "world").chmod(0)
    try:
        if os.access(tmp_path / "entries" / "world", os.R_OK):
            pytest.skip("whoever runs this may list every folder")
        assert site.read().catalogue == before.catalogue
        assert [fault.path for fault in site.read().faults] == ["entries/world"]
    finally:
        (tmp_path / "entries" / "world").chmod(0o755)


def test_only_changed_files_are_read_again(tmp_path):
    """What has the stat it had when it was read is the very value that it became then."""
    site = library(tmp_path)
    for name in "abc":
        (tmp_path / "entries" / f"{name}.yaml").symlink_to(OLD)
    before = site.read().files
    (tmp_path / "entries" / "b.yaml").unlink()
    write(tmp_path, {"entries/b.yaml": article("b")})
    after = site.read().files
    assert [now is then for now, then in zip(after, before, strict=True)] == [True, False, True]


def test_a_change_within_one_tick_of_the_clock_is_seen(tmp_path):
    """Two versions of one length and one time: what was young when it was read is read again."""
    site = library(tmp_path, {"entries/a.yaml": article("a", title="One")})
    time = (tmp_path / "entries" / "a.yaml").stat().st_mtime_ns
    assert titles(site.read()) == ["One"]
    write(tmp_path, {"entries/a.yaml": article("a", title="Two")})
    os.utime(tmp_path / "entries" / "a.yaml", ns=(time, time))
    assert titles(site.read()) == ["Two"]


def test_a_copy_does_not_push_its_model_out(tmp_path):
    """Even backdated, and with a name that comes first: the article that readers know stays."""
    site = library(tmp_path, {"entries/b.yaml": article("b")})
    site.read()
    write(tmp_path, {"entries/a.yaml": article("b", title="Copy", published="2020-01-01")})
    holdings = site.read()
    assert titles(holdings) == ["Article b"]
    assert [fault.path for fault in holdings.faults] == ["entries/a.yaml"]


def test_two_files_may_exchange_their_names(tmp_path):
    """Each article has an id of its own, so it stays the article it is."""
    site = library(tmp_path, {"entries/a.yaml": article("a"), "entries/b.yaml": article("b")})
    site.read()
    write(tmp_path, {"entries/a.yaml": article("b"), "entries/b.yaml": article("a")})
    assert (titles(site.read()), told(site.read())) == (["Article a", "Article b"], [])


# site.yaml


def test_a_folder_without_site_yaml_is_told_what_to_write(tmp_path):
    """Two lines are enough, and the fault shows them."""
    with pytest.raises(Faults) as caught:
        Library(tmp_path, {}).read()
    assert str(caught.value) == (
        f"site.yaml: there is no site.yaml in {tmp_path}; make one that says\n"
        "title: The Meridian\ndescription: World news, set plainly."
    )


@pytest.mark.parametrize("site", ["title: [", "title: x\n", b"\xff"])
def test_a_site_yaml_that_was_never_good_is_told(tmp_path, site):
    """Nothing can be drawn without it."""
    with pytest.raises(Faults):
        library(tmp_path, site=site).read()


@pytest.mark.parametrize("site", ["title: [", "", None])
def test_a_site_yaml_that_breaks_later_keeps_the_former_settings(tmp_path, site):
    """Faulty, empty or deleted: the fault is told, and everything stays as it was."""
    library_ = library(tmp_path, {"entries/a.yaml": article("a")})
    before = library_.read()
    (tmp_path / "site.yaml").unlink()
    if site is not None:
        write(tmp_path, {"site.yaml": site})
    after = library_.read()
    assert (after.settings, after.catalogue) == (before.settings, before.catalogue)
    assert [fault.path for fault in after.faults] == ["site.yaml"]


def test_a_change_of_site_yaml_reaches_every_article(tmp_path):
    """Also those whose own files have not changed."""
    site = library(tmp_path, {"entries/a.yaml": article("a", section="world", body='"[x](/y)"')})
    (tmp_path / "entries" / "b.yaml").symlink_to(OLD)
    site.read()
    write(tmp_path, {"site.yaml": SITE.replace("news.example", "new.example") + "sections: {world: World news}\n"})
    a, b = sorted(site.read().catalogue.entries, key=lambda entry: entry.source)
    assert (a.section.label, a.body) == ("World news", '<p><a href="https://new.example/y">x</a></p>\n')
    assert b.authors[0].name == "The Meridian"
    assert told(site.read()) != []


def test_the_environment_wins_over_site_yaml(tmp_path):
    """The same folder, published under another name."""
    assert library(tmp_path, FEEDSITE_TITLE="Other").read().settings.title == "Other"


# Media


def test_pictures_and_recordings_are_media(tmp_path):
    """By path, each with its type; other files, hidden ones and links out of the folder are not published."""
    site = library(
        tmp_path,
        {
            "images/a.png": b"png",
            "images/2026/b.JPG": b"jpg",
            "audio/c.mp3": b"mp3",
            "images/.d.png": b"",
            "images/e.html": b"",
            "secret.png": b"",
        },
    )
    (tmp_path / "images" / "f.png").symlink_to(tmp_path / "secret.png")
    assert {path: draw() for path, draw in site.read().media.items()} == {
        "/images/a.png": Document(b"png", "image/png"),
        "/images/2026/b.JPG": Document(b"jpg", "image/jpeg"),
        "/audio/c.mp3": Document(b"mp3", "audio/mpeg"),
    }


def test_a_medium_that_was_taken_away_is_not_there(tmp_path):
    """Between reading the folder and drawing the picture it may be deleted; that is told as a missing key."""
    holdings = library(tmp_path, {"images/a.png": b"png"}).read()
    (tmp_path / "images" / "a.png").unlink()
    with pytest.raises(KeyError):
        holdings.media["/images/a.png"]()


def test_what_an_article_wants_and_the_folder_lacks_is_noted(tmp_path):
    """Its picture, recording and pictures in the text; what is there or elsewhere is not."""
    fields = {
        "image": "{src: images/gone.png, alt: x}",
        "enclosures": "[{url: audio/gone.mp3, type: audio/mpeg, length: 3}]",
        "body": "|\n  ![](/images/lost.png) ![](/images/a.png) ![](https://else.example/b.png)\n",
    }
    holdings = library(tmp_path, {"entries/a.yaml": article("a", **fields), "images/a.png": b"png"}).read()
    assert [str(fault) for fault in loose_ends(holdings, NOW)] == [
        f"entries/a.yaml: note: {path} is not in the site's folder; readers will see a gap"
        for path in ("/images/gone.png", "/audio/gone.mp3", "/images/lost.png")
    ]


@pytest.mark.parametrize(
    ("picture", "message"),
    [
        ("/pictures/a.png", "/pictures/a.png is not published; pictures stand in images/, recordings in audio/"),
        ("/images/a.bmp", "/images/a.bmp is not published; its name must end in one of .aac .avif .gif "),
    ],
)
def test_what_is_there_and_not_published_is_noted(tmp_path, picture, message):
    """In another folder, or of a type that no browser shows: the note says what to change."""
    files = {"entries/a.yaml": article("a", body=f'"![]({picture})"'), picture.lstrip("/"): b"picture"}
    (note,) = loose_ends(library(tmp_path, files).read(), NOW)
    assert str(note).startswith(f"entries/a.yaml: note: {message}")


def test_a_picture_with_a_space_in_its_name_is_found(tmp_path):
    """Its address is percent-encoded, its file is not."""
    body = '"![](</images/night train.png>)"'
    holdings = library(tmp_path, {"entries/a.yaml": article("a", body=body), "images/night train.png": b"png"}).read()
    assert loose_ends(holdings, NOW) == []


def test_a_wrong_length_is_noted(tmp_path):
    """With the right one, ready to paste."""
    enclosures = "[{url: audio/a.mp3, type: audio/mpeg, length: 4}]"
    files = {"entries/a.yaml": article("a", enclosures=enclosures), "audio/a.mp3": b"mp3"}
    assert [str(fault) for fault in loose_ends(library(tmp_path, files).read(), NOW)] == [
        "entries/a.yaml: note: /audio/a.mp3 has 3 bytes; write `length: 3`"
    ]


def test_a_change_to_come_is_noted(tmp_path):
    """An update cannot be scheduled; a whole article can."""
    files = {
        "entries/a.yaml": article("a", updated="2027-01-01"),
        "entries/b.yaml": article("b", published="2027-01-01"),
        "entries/c.yaml": article("c", status="draft"),
    }
    assert [str(fault) for fault in loose_ends(library(tmp_path, files).read(), NOW)] == [
        "entries/a.yaml: note: its last change (updated, or a correction) lies in the future"
    ]


# Writing ids

FIELDS = entry_text(id=None)
ID = "id: urn:uuid:cf6ef5a3-1989-54c1-aa81-f0294708d5b7"


def with_id_written(folder, text):
    """Whether an id was written into entries/a.yaml with this text, and the file's bytes afterwards."""
    site = library(folder, {"entries/a.yaml": text})
    holdings = site.read()
    written = write_id(folder, holdings.files[0], holdings.settings)
    assert os.listdir(folder / "entries") == ["a.yaml"]
    if written:
        assert site.read().catalogue == holdings.catalogue
        assert told(site.read()) == []
    return written, (folder / "entries" / "a.yaml").read_bytes()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (FIELDS, f"{ID}\n{FIELDS}"),
        (FIELDS.rstrip("\n"), f"{ID}\n{FIELDS}".rstrip("\n")),
        (FIELDS.replace("\n", "\r\n"), f"{ID}\n{FIELDS}".replace("\n", "\r\n")),
        (FIELDS.replace("\n", "\r"), f"{ID}\n{FIELDS}".replace("\n", "\r")),
        (f"---\n{FIELDS}", f"---\n{ID}\n{FIELDS}"),
        (f"---\r\n{FIELDS}", f"---\r\n{ID}\r\n{FIELDS}"),
        (f"# $schema\n\n{FIELDS}", f"# $schema\n\n{ID}\n{FIELDS}"),
        (f"# $schema\n---\n# more\n{FIELDS}...\n", f"# $schema\n---\n# more\n{ID}\n{FIELDS}...\n"),
        (f"\ufeff{FIELDS}", f"\ufeff{ID}\n{FIELDS}"),
        (f"\ufeff# $schema\n{FIELDS}", f"\ufeff# $schema\n{ID}\n{FIELDS}"),
    ],
)
def test_an_id_is_written_before_the_first_field(tmp_path, before, after):
    """The rest of the file stays to the byte, with its line ends, its comments and its byte order mark."""
    assert with_id_written(tmp_path, before) == (True, after.encode())


@pytest.mark.parametrize(
    "text",
    [
        article("a"),
        f"id:\n{FIELDS}",
        "title: [",
        "{title: War, published: 2026-11-22, body: Text.}\n",
        "--- {title: War, published: 2026-11-22, body: Text.}\n",
        "",
    ],
)
def test_a_file_that_has_an_id_or_no_place_for_one_is_left_alone(tmp_path, text):
    """To the byte: what cannot be written without doubt is not written."""
    assert with_id_written(tmp_path, text) == (False, text.encode())


def test_an_article_that_changed_meanwhile_is_left_alone(tmp_path):
    """An editor's last save is never overwritten."""
    site = library(tmp_path, {"entries/a.yaml": FIELDS})
    holdings = site.read()
    write(tmp_path, {"entries/a.yaml": FIELDS.replace("return", "are back")})
    assert not write_id(tmp_path, holdings.files[0], holdings.settings)
    assert (tmp_path / "entries" / "a.yaml").read_text() == FIELDS.replace("return", "are back")


def test_a_file_keeps_its_rights_when_an_id_is_written(tmp_path):
    """Whoever could read and write it still can."""
    site = library(tmp_path, {"entries/a.yaml": FIELDS})
    (tmp_path / "entries" / "a.yaml").chmod(0o664)
    holdings = site.read()
    assert write_id(tmp_path, holdings.files[0], holdings.settings)
    assert (tmp_path / "entries" / "a.yaml").stat().st_mode & 0o777 == 0o664


def test_a_linked_file_stays_a_link_when_an_id_is_written(tmp_path):
    """The id is written where the article stands, and no second copy of it comes about."""
    site = library(tmp_path)
    write(tmp_path, {"elsewhere/a.yaml": FIELDS})
    (tmp_path / "entries" / "a.yaml").symlink_to("../elsewhere/a.yaml")
    holdings = site.read()
    assert write_id(tmp_path, holdings.files[0], holdings.settings)
    assert (tmp_path / "entries" / "a.yaml").is_symlink()
    assert (tmp_path / "elsewhere" / "a.yaml").read_text() == f"{ID}\n{FIELDS}"


def test_a_name_of_another_encoding_stops_nobody(tmp_path):
    """As zip files of other systems leave them: told, passed over, and everything else is read."""
    made = library(tmp_path, {"entries/a.yaml": article("a")})
    (tmp_path / "images").mkdir()
    for folder in (b"entries/caf\xe9.yaml", b"images/caf\xe9.png"):
        with open(os.fsencode(tmp_path) + b"/" + folder, "wb") as file:
            file.write(b"x")
    holdings = made.read()
    assert titles(holdings) == ["Article a"]
    assert len(told(holdings)) == 2
    assert all("another encoding" in fault for fault in told(holdings))


def test_what_cannot_be_opened_for_a_moment_is_neither_lost_nor_forgotten(tmp_path, no_more_files):
    """Too many open files: articles, pictures and settings stay, a fault says so, and it is looked at again."""
    shutil.copytree(SAMPLE, tmp_path / "site")
    library = Library(tmp_path / "site", {})
    before = library.read()
    with no_more_files():
        during = library.read(is_patient=True)
    assert during.catalogue.entries == before.catalogue.entries
    assert during.media.keys() == before.media.keys() != set()
    assert during.settings == before.settings
    assert {fault.path for fault in during.faults if not fault.is_note} == {"audio", "entries", "images", "site.yaml"}
    assert library.is_being_saved
    after = library.read(is_patient=True)
    assert (after.catalogue, after.faults, library.is_being_saved) == (before.catalogue, before.faults, False)
