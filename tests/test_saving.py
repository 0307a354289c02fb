"""Entry files replaced and renamed on the disk: whole, never over another one, and never outside the site."""

import errno
import fcntl
import os

import pytest

from feedsite.editing import changes, disk, moves
from feedsite.editing.save import NotSaved, original_of, save
from feedsite.errors import FeedsiteError
from feedsite.folder.library import Library

from .support.builders import entry_text, settings
from .support.editing import write_id
from .support.golden import NOW

SITE = "title: The Meridian\ndescription: World news, set plainly.\nbase_url: https://news.example\n"
FIELDS = entry_text(id=None)
ID = "id: urn:uuid:cf6ef5a3-1989-54c1-aa81-f0294708d5b7"
IN_BRACES = "{title: War, published: 2026-11-22, body: x}"
A, B = "entries/a.yaml", "entries/b.yaml"


def write(folder, files):
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(text.encode())


@pytest.fixture
def folder(tmp_path):
    """A site with one article, whose file names no id."""
    site = tmp_path / "site"
    write(site, {"site.yaml": SITE, A: FIELDS})
    return site


def library(folder):
    made = Library(folder, {})
    made.read()
    return made


def writes_id(folder):
    """Whether ids were written into the files that have none."""
    site = library(folder)
    return any(write_id(folder, derived, site.contents(NOW).settings) for derived in site.index.derived())


def id_written(folder):
    """The article as it is read from entries/a.yaml, and the change that writes its id down."""
    one = original_of(folder, A, settings())
    return one, changes.write_id(one, ID.removeprefix("id: "))


def refusal(folder, one, change):
    with pytest.raises(NotSaved) as error:
        save(folder, one, change)
    return str(error.value)


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
        (f"id:\n{FIELDS}", f"{ID}\n{FIELDS}"),
        (
            "{title: War, published: 2026-11-22, body: x}",
            f'{{id: "{ID[4:]}", title: War, published: 2026-11-22, body: x}}',
        ),
    ],
)
def test_an_id_is_written_before_the_first_field(folder, before, after):
    """The rest of the file stays to the byte, and every article what it was: its id is written down, not changed."""
    write(folder, {A: before})
    articles = list(library(folder).index.entries())
    assert writes_id(folder)
    assert (folder / A).read_bytes() == after.encode()
    assert os.listdir(folder / "entries") == ["a.yaml"]
    assert list(library(folder).index.entries()) == articles != []
    assert library(folder).index.faults() == []


@pytest.mark.parametrize("text", [entry_text(), "title: [", ""])
def test_a_file_that_has_an_id_or_a_fault_is_left_alone(folder, text):
    write(folder, {A: text})
    assert not writes_id(folder)
    assert (folder / A).read_text() == text


def test_an_article_that_changed_meanwhile_keeps_the_change(folder):
    """The id is written into the file as it is then, so an editor's last save is never overwritten."""
    (derived,) = library(folder).index.derived()
    changed = f"# first\n{FIELDS.replace('return', 'are back')}"
    write(folder, {A: changed})
    assert write_id(folder, derived, settings())
    assert (folder / A).read_text() == changed.replace("# first\n", f"# first\n{ID}\n")


@pytest.mark.parametrize("changed", ["title: [", f"id: tag:a,2026:own\n{FIELDS}", f"- {FIELDS}", ""])
def test_an_article_that_broke_or_got_an_id_meanwhile_is_left_alone(folder, changed):
    """No id is written into a file that has got faults, or an id of its own, since it was read."""
    (derived,) = library(folder).index.derived()
    write(folder, {A: changed})
    assert not write_id(folder, derived, settings())
    assert (folder / A).read_text() == changed


def test_what_a_program_saves_between_reading_and_writing_stays(folder):
    one, change = id_written(folder)
    write(folder, {A: f"{FIELDS}# more\n"})
    assert "changed by another program just now" in refusal(folder, one, change)
    assert (folder / A).read_text() == f"{FIELDS}# more\n"
    assert os.listdir(folder / "entries") == ["a.yaml"]


def test_a_file_keeps_its_rights(folder):
    """The permissions of the file stay as they were, but for those that make a program another user."""
    (folder / A).chmod(0o4664)
    save(folder, *id_written(folder))
    assert (folder / A).stat().st_mode & 0o7777 == 0o664


def test_a_file_keeps_its_owner(folder):
    """A command that root runs takes no file from its editor."""
    if os.geteuid():
        pytest.skip("only root can give files away")
    os.chown(folder / A, 1234, 1235)
    save(folder, *id_written(folder))
    found = (folder / A).stat()
    assert (found.st_uid, found.st_gid) == (1234, 1235)


def test_a_linked_file_stays_a_link(folder):
    """The id is written into the link's target, and there is no second copy of the article."""
    write(folder, {"elsewhere/a.yaml": FIELDS})
    (folder / A).unlink()
    (folder / A).symlink_to("../elsewhere/a.yaml")
    save(folder, *id_written(folder))
    assert (folder / A).is_symlink()
    assert (folder / "elsewhere" / "a.yaml").read_text() == f"{ID}\n{FIELDS}"


@pytest.mark.parametrize("link", ["the file", "its folder"])
def test_nothing_is_written_through_a_link_out_of_the_site(folder, tmp_path, link):
    """Also one that is put there between reading and writing."""
    write(tmp_path, {"other/a.yaml": FIELDS})
    one, change = id_written(folder)
    (folder / A).unlink()
    if link == "the file":
        (folder / A).symlink_to(tmp_path / "other" / "a.yaml")
    else:
        (folder / "entries").rmdir()
        (folder / "entries").symlink_to(tmp_path / "other")
    assert "a link leads out of the site's folder" in refusal(folder, one, change)
    assert os.listdir(tmp_path / "other") == ["a.yaml"]
    assert (tmp_path / "other" / "a.yaml").read_text() == FIELDS


@pytest.mark.parametrize("make", [os.symlink, os.link])
def test_a_link_where_the_new_version_is_written_first_is_deleted(folder, tmp_path, make):
    """A pull request may have put it there."""
    (tmp_path / "victim").write_text("precious")
    make(tmp_path / "victim", folder / "entries" / disk._PART)
    save(folder, *id_written(folder))
    assert (tmp_path / "victim").read_text() == "precious"
    assert (folder / A).read_text() == f"{ID}\n{FIELDS}"


def refuse_rights(folder, path, rights):
    if not os.geteuid():
        pytest.skip("root may write everywhere")
    (folder / path).chmod(rights)


@pytest.mark.parametrize(("path", "rights"), [("entries", 0o555), (A, 0o444)])
def test_a_file_that_may_not_be_written_is_left_alone(folder, path, rights):
    """Nor one in a folder in which nothing may be made."""
    refuse_rights(folder, path, rights)
    message = refusal(folder, *id_written(folder))
    (folder / path).chmod(0o755)
    assert message == f"{A} was left as it is: you may not write to it, or to its folder"
    assert (folder / A).read_text() == FIELDS


def test_a_full_disk_leaves_the_file_as_it_is(folder, monkeypatch):
    def full(_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    one, change = id_written(folder)
    monkeypatch.setattr(os, "fsync", full)
    assert refusal(folder, one, change) == f"{A} was left as it is: No space left on device"
    assert (folder / A).read_text() == FIELDS
    assert os.listdir(folder / "entries") == ["a.yaml"]


class TestRename:
    def moved(self, folder, word="b.yaml"):
        one = original_of(folder, A, settings())
        return one, moves.move(one, NOW, word, ID.removeprefix("id: "))

    def test_a_file_has_its_new_name_and_lines(self, folder):
        one, change = self.moved(folder)
        save(folder, one, change)
        assert os.listdir(folder / "entries") == ["b.yaml"]
        assert (folder / B).read_text() == change.draft.text

    def test_it_may_go_to_another_folder(self, folder):
        (folder / "entries" / "travel").mkdir()
        save(folder, *self.moved(folder, "entries/travel/"))
        assert (folder / "entries/travel/a.yaml").exists()
        assert not (folder / A).exists()

    def test_no_file_is_overwritten(self, folder):
        """One that comes between the look and the rename is safe as well."""
        write(folder, {B: "precious"})
        assert refusal(folder, *self.moved(folder)) == f"{A} was changed, but not renamed: {B} is there already"
        assert (folder / B).read_text() == "precious"

    def test_no_file_is_overwritten_on_a_disk_without_hard_links(self, folder, monkeypatch):
        def refused(*_, **__):
            raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))

        monkeypatch.setattr(os, "link", refused)
        one, change = self.moved(folder)
        write(folder, {B: "precious"})
        assert "is there already" in refusal(folder, one, change)
        (folder / B).unlink()
        save(folder, *self.again(folder))
        assert os.listdir(folder / "entries") == ["b.yaml"]

    def again(self, folder):
        one = original_of(folder, A, settings())
        return one, moves.move(one, NOW, "b.yaml")

    def test_what_ends_between_the_two_steps_leaves_a_sound_article(self, folder):
        """With its id and its address; the same command again does the rest."""
        write(folder, {B: "precious"})
        refusal(folder, *self.moved(folder))
        (folder / B).unlink()
        (entry,) = library(folder).index.entries()
        assert (entry.id, entry.path, entry.aliases) == (ID[4:], "/2026/11/a/", ())
        one, change = self.again(folder)
        assert change.draft == one.draft
        save(folder, one, change)
        (entry,) = library(folder).index.entries()
        assert (entry.id, entry.path, entry.aliases) == (ID[4:], "/2026/11/b/", ("/2026/11/a/",))

    def test_a_link_is_renamed_and_not_its_target(self, folder):
        write(folder, {"elsewhere/a.yaml": FIELDS})
        (folder / A).unlink()
        (folder / A).symlink_to("../elsewhere/a.yaml")
        save(folder, *self.moved(folder))
        assert (folder / B).is_symlink()
        assert (folder / "elsewhere/a.yaml").exists()


def test_two_commands_at_once_lose_nothing(folder):
    """The second one finds the file changed, and says so."""
    one, change = id_written(folder)
    other, correction = one, changes.touch(one, NOW)
    save(folder, one, change)
    assert "changed by another program" in refusal(folder, other, correction)


def test_a_command_waits_for_another_and_then_gives_up(folder, monkeypatch):
    monkeypatch.setattr(disk, "_PATIENCE", 0)
    one, change = id_written(folder)
    held = os.open(folder, os.O_RDONLY)
    fcntl.flock(held, fcntl.LOCK_EX)
    message = "another command is changing files of this site; try again"
    assert refusal(folder, one, change) == f"{A} was left as it is: {message}"
    os.close(held)
    save(folder, one, change)


@pytest.mark.parametrize("content", [b"title: x\n" + b"#" * 5_000_000, b"title: War: what\n"])
def test_a_file_that_cannot_be_read_is_not_changed(folder, content):
    (folder / A).write_bytes(content)
    with pytest.raises(FeedsiteError, match=A):
        original_of(folder, A, settings())
