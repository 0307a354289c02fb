"""An article without an id whose file is renamed: which one it was is found out, told and written down."""

import os
import time
from datetime import UTC, datetime

import pytest

from feedsite.checking.notes import notes
from feedsite.folder.library import Library
from feedsite.parsing.entryfile import derived_id

from .support.builders import entry_text
from .support.editing import write_id

SITE = "title: The Meridian\ndescription: World news, set plainly.\nbase_url: https://news.example\n"
NOW = datetime(2026, 12, 1, tzinfo=UTC)
OLD, NEW = "entries/old.yaml", "entries/new.yaml"
BODY = "|\n  The night train to Vienna runs again, after eleven long years without a single one.\n"
TRAINS = entry_text(id=None, body=BODY)


class Folder:
    """A site's folder, and the library that follows it."""

    def __init__(self, path, files):
        (path / "entries").mkdir()
        (path / "site.yaml").write_text(SITE)
        self.library = Library(path, {})
        self.scan(files)

    def scan(self, files):
        """Writes these files, or deletes those that are None, and reads the folder."""
        for name, text in files.items():
            path = self.library.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.unlink() if text is None else path.write_text(text)
        self.library.read()
        return self

    @property
    def settings(self):
        return self.library.contents(NOW).settings

    @property
    def told(self):
        """By its file, what is said of each that seems to be another one."""
        found = [note for note in notes(self.library, NOW)[0] if "under another name" in note.message]
        return {note.path: note.message for note in found}

    def write_ids(self):
        for derived in self.library.index.derived():
            assert write_id(self.library.folder, derived, self.settings)
        self.library.read()


@pytest.mark.parametrize("text", [TRAINS, TRAINS.replace("eleven", "twelve")], ids=["as it is", "corrected at once"])
def test_a_renamed_file_without_an_id_is_told_what_it_was(tmp_path, text):
    """Until both lines stand in it."""
    site = Folder(tmp_path, {OLD: TRAINS}).scan({OLD: None, NEW: text})
    former = derived_id(OLD, site.settings)
    written = f"`id: {former}` and `aliases: [/2026/11/old/]`"
    assert site.told == {
        NEW: f"this file seems to be {OLD} under another name: write {written}, "
        "or readers get it again and old links break"
    }
    assert site.scan({}).told.keys() == {NEW}
    site.scan({NEW: f"id: {former}\naliases: [/2026/11/old/]\n{text}"})
    assert notes(site.library, NOW)[0] == []


def test_a_file_that_keeps_its_address_needs_its_id_only(tmp_path):
    """One that went to another folder."""
    site = Folder(tmp_path, {OLD: TRAINS}).scan({OLD: None, "entries/n/old.yaml": TRAINS})
    (message,) = site.told.values()
    assert message.endswith(f"write `id: {derived_id(OLD, site.settings)}`, or readers get it again")


def test_the_former_id_is_the_one_that_is_written(tmp_path):
    """By `feedsite write-ids`; then the former address is still told."""
    site = Folder(tmp_path, {OLD: TRAINS}).scan({OLD: None, NEW: TRAINS})
    site.write_ids()
    (entry,) = site.library.index.entries()
    assert (entry.source, entry.id) == (NEW, derived_id(OLD, site.settings))
    (note,) = notes(site.library, NOW)[0]
    assert "write `aliases: [/2026/11/old/]`" in note.message


@pytest.mark.parametrize("between", [{"entries/other.yaml": entry_text(id=None, title="Other", slug="other")}, {}])
def test_a_file_that_is_renamed_twice_is_still_the_first_one(tmp_path, between):
    """Subscribers have the id that it had when it came."""
    site = Folder(tmp_path, {OLD: TRAINS}).scan({OLD: None, NEW: TRAINS} | between)
    site.scan({NEW: None, "entries/newest.yaml": TRAINS})
    (message,) = site.told.values()
    assert f"`id: {derived_id(OLD, site.settings)}`" in message


def test_a_copy_takes_nothing_over(tmp_path):
    """Neither while the original stands, nor when it is gone later: only a file that comes as the other one goes."""
    copy = TRAINS + "slug: copy\n"
    site = Folder(tmp_path, {OLD: TRAINS}).scan({NEW: copy})
    assert site.told == {}
    assert site.scan({OLD: None}).told == {}
    assert site.scan({OLD: TRAINS}).told == {}


@pytest.mark.parametrize("age", [0, 60])
def test_a_server_sees_the_same(tmp_path, age):
    """It waits for files that may only be being saved, but not for one that was renamed."""
    site = Folder(tmp_path, {OLD: TRAINS})
    os.utime(tmp_path / OLD, (time.time() - age,) * 2)
    site.library.read()
    (tmp_path / OLD).rename(tmp_path / NEW)
    site.library.read(waits_for_saves=True)
    assert site.told.keys() == {NEW}


def test_a_file_that_comes_back_is_itself(tmp_path):
    """Then the other one is an article of its own."""
    site = Folder(tmp_path, {OLD: TRAINS}).scan({OLD: None, NEW: TRAINS})
    site.scan({OLD: TRAINS})
    assert site.told == {}
    site.write_ids()
    assert len({entry.id for entry in site.library.index.entries()}) == 2


def test_what_was_known_of_a_file_goes_with_it(tmp_path):
    """Another article that comes to its path later is not taken for the first one."""
    site = Folder(tmp_path, {OLD: TRAINS}).scan({OLD: None, NEW: TRAINS})
    site.scan({NEW: f"id: tag:news.example,2026:x\n{TRAINS}"}).scan({NEW: None})
    assert site.scan({NEW: entry_text(id=None, title="Another")}).told == {}


def test_another_text_is_another_article(tmp_path):
    """Also one with the same title, and a short one."""
    other = entry_text(id=None, body="|\n  Pills for everybody, and cheap ones too; order them now or never.\n")
    assert Folder(tmp_path, {OLD: TRAINS}).scan({OLD: None, NEW: other}).told == {}


def test_what_was_never_public_needs_no_id(tmp_path):
    """A draft, and an article that was scheduled."""
    files = {
        "entries/a.yaml": entry_text(id=None, status="draft", title="A"),
        "entries/b.yaml": entry_text(id=None, published="2150-01-01", title="B"),
    }
    renamed = dict.fromkeys(files) | {path.replace(".", "2."): text for path, text in files.items()}
    assert Folder(tmp_path, files).scan(renamed).told == {}


def test_of_many_renamed_files_each_is_itself(tmp_path):
    """A folder that was renamed, with files of which some have the same text."""
    files = {f"entries/a/{number}.yaml": entry_text(id=None, title=f"{number // 2}") for number in range(40)}
    site = Folder(tmp_path, files)
    site.scan(dict.fromkeys(files) | {path.replace("/a/", "/b/"): text for path, text in files.items()})
    assert {new: message.split()[5] for new, message in site.told.items()} == {
        path.replace("/a/", "/b/"): path for path in files
    }


def test_no_id_is_written_into_a_copy_that_is_refused(tmp_path):
    """`a copy.yaml` beside its original: with an id it would be an article of its own."""
    site = Folder(tmp_path, {"entries/a.yaml": TRAINS, "entries/a copy.yaml": TRAINS})
    assert [one.source for one in site.library.index.derived()] == ["entries/a.yaml"]
