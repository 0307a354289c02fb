"""An article whose file is renamed keeps its id and its address, whoever else asks for them, and whenever."""

import time

import pytest

from feedsite.folder.library import Library

from .support.builders import entry_text

SITE = "title: The Meridian\ndescription: World news, set plainly.\nbase_url: https://news.example\n"
TAKEN = "the id tag:news.example,2026:trains is that of {}:1:5, which stands"
OLD, NEW, COPY = "entries/trains.yaml", "entries/n/trains.yaml", "entries/0copy.yaml"
BODY = "|\n  The night train to Vienna runs again, after eleven years without one.\n"


def article(name="trains", **fields):
    return entry_text(
        **{"id": f"tag:news.example,2026:{name}", "slug": name, "title": f"Of {name}", "body": BODY} | fields
    )


TRAINS = article()
CORRECTED = article(body=BODY.replace("eleven", "twelve"))
SPAM = article(
    title="Buy now", published="2020-01-01", body="|\n  Pills for everybody.\n", aliases="[/2026/11/trains/]"
)


class Folder:
    """A site's folder, and the library that follows it."""

    def __init__(self, path, files):
        self.path = path
        (path / "entries").mkdir()
        (path / "site.yaml").write_text(SITE)
        self.library = Library(path, {})
        self.scan(files)

    def change(self, files):
        """Writes these files; None deletes one."""
        for name, text in files.items():
            path = self.path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.unlink() if text is None else path.write_text(text)

    def scan(self, files):
        self.change(files)
        self.library.read()
        return self

    @property
    def standing(self):
        return {entry.source: entry.body for entry in self.library.index.entries()}

    @property
    def faults(self):
        return {fault.path: fault.message.partition(";")[0] for fault in self.library.index.faults()}


@pytest.mark.parametrize("text", [TRAINS, CORRECTED], ids=["as it is", "corrected at once"])
@pytest.mark.parametrize("waiting", [TRAINS, SPAM], ids=["copy", "other text"])
def test_a_refused_file_gets_nothing_when_another_ones_owner_renames_it(tmp_path, text, waiting):
    """Neither at that moment nor when it is edited afterwards."""
    site = Folder(tmp_path, {OLD: TRAINS}).scan({COPY: waiting})
    assert site.faults == {COPY: TAKEN.format(OLD)}
    site.scan({OLD: None, NEW: text})
    assert (site.standing.keys(), site.faults) == ({NEW}, {COPY: TAKEN.format(NEW)})
    assert ("twelve" in site.standing[NEW]) == (text == CORRECTED)
    site.scan({COPY: SPAM})
    assert (site.standing.keys(), site.faults) == ({NEW}, {COPY: TAKEN.format(NEW)})


@pytest.mark.parametrize("other", ["entries/0.yaml", "entries/0/trains.yaml", "entries/n.yaml"])
@pytest.mark.parametrize("new", [NEW, "entries/n/night-trains.yaml"])
@pytest.mark.parametrize("text", [TRAINS, CORRECTED], ids=["as it is", "corrected at once"])
def test_of_two_new_files_the_one_with_the_article_s_text_is_the_renamed_one(tmp_path, other, new, text):
    """Another text gets neither id nor address by its file's name, nor by an earlier date."""
    site = Folder(tmp_path, {OLD: TRAINS})
    site.scan({OLD: None, new: text, other: SPAM})
    assert (site.standing.keys(), site.faults) == ({new}, {other: TAKEN.format(new)})


def test_a_new_copy_in_another_name_gets_nothing_beside_the_renamed_file(tmp_path):
    """Of two files with the same bytes the one with the former file's name is the renamed one."""
    site = Folder(tmp_path, {OLD: TRAINS})
    site.scan({OLD: None, NEW: TRAINS, "entries/0.yaml": TRAINS})
    assert (site.standing.keys(), site.faults) == ({NEW}, {"entries/0.yaml": TAKEN.format(NEW)})


def test_of_two_new_copies_that_nothing_tells_apart_one_stands_and_the_other_is_named(tmp_path):
    """The article stays public, with its own text."""
    other = "entries/m/trains.yaml"
    site = Folder(tmp_path, {OLD: TRAINS})
    site.scan({OLD: None, NEW: TRAINS, other: TRAINS})
    assert (site.standing.keys(), site.faults) == ({other}, {NEW: TAKEN.format(other)})


def test_an_article_keeps_what_it_held_when_another_one_takes_its_file(tmp_path):
    """Its file is new, and the copy that waits was refused before."""
    site = Folder(tmp_path, {OLD: TRAINS}).scan({"entries/0.yaml": TRAINS})
    site.scan({OLD: article("ships"), NEW: CORRECTED})
    assert (site.standing.keys(), site.faults) == ({OLD, NEW}, {"entries/0.yaml": TAKEN.format(NEW)})


def test_two_files_that_exchange_their_names_leave_nothing_to_a_copy(tmp_path):
    """Each article keeps its id and address in the other's file."""
    site = Folder(tmp_path, {OLD: TRAINS, "entries/ships.yaml": article("ships")}).scan({"entries/0.yaml": TRAINS})
    site.scan({OLD: article("ships"), "entries/ships.yaml": TRAINS})
    assert site.standing.keys() == {OLD, "entries/ships.yaml"}
    assert site.faults == {"entries/0.yaml": TAKEN.format("entries/ships.yaml")}


def test_an_article_that_is_refused_a_new_id_keeps_its_own(tmp_path):
    """A new file that asks for its former id in the same moment does not get it."""
    site = Folder(tmp_path, {OLD: TRAINS, "entries/ships.yaml": article("ships")})
    site.scan({OLD: article("ships"), "entries/0.yaml": SPAM})
    assert site.standing.keys() == {OLD, "entries/ships.yaml"}
    assert site.faults.keys() == {OLD, "entries/0.yaml"}
    assert site.faults["entries/0.yaml"] == TAKEN.format(OLD)


def test_a_rename_that_is_seen_in_two_scans_leaves_nothing_to_whoever_comes_between(tmp_path):
    """A checkout deletes the former file, writes others, and then the renamed one: the server waits for that."""
    site = Folder(tmp_path, {OLD: TRAINS}).scan({COPY: TRAINS})
    site.change({OLD: None, COPY: SPAM, "entries/1.yaml": SPAM})
    done = site.library.update(waits_for_saves=True)
    assert (site.standing.keys(), done.again) == ({OLD}, {OLD, COPY, "entries/1.yaml"})
    site.change({NEW: CORRECTED})
    end = time.monotonic() + 10
    while done.again and time.monotonic() < end:
        done = site.library.update(done.again | {NEW}, waits_for_saves=True)
        time.sleep(0.02)
    assert (site.standing.keys(), done.again) == ({NEW}, set())
    assert site.faults == {COPY: TAKEN.format(NEW), "entries/1.yaml": TAKEN.format(NEW)}


def test_an_article_that_is_deleted_leaves_its_id_to_whoever_asks_for_it(tmp_path):
    """As on a node that starts now and never knew it."""
    site = Folder(tmp_path, {OLD: TRAINS}).scan({COPY: SPAM})
    site.scan({OLD: None})
    assert (site.standing.keys(), site.faults) == ({COPY}, {})
