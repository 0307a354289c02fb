"""A revision's files of the site, from a repository that may be anybody's."""

import os
import stat
import subprocess

import pytest

from feedsite.comparing import git
from feedsite.comparing.git import Git
from feedsite.errors import FeedsiteError

from .support.repository import Repository

TRAINS = "entries/2021-07-04-night-trains.yaml"


@pytest.fixture
def repository(folder):
    return Repository(folder)


@pytest.fixture
def extracted(tmp_path):
    """What stands in a folder into which a revision is written, by path; links as what they lead to."""

    def extract(repository, name="HEAD"):
        place = tmp_path / "extracted"
        place.mkdir()
        one = Git(repository.site)
        one.extract(one.commit(name), place)
        paths = sorted(path for path in place.rglob("*") if path.is_symlink() or path.is_file())
        return {
            str(path.relative_to(place)): os.readlink(path) if path.is_symlink() else path.read_bytes()
            for path in paths
        }

    return extract


def test_the_files_of_the_site_are_written_byte_for_byte(repository, extracted):
    """And no others: a repository may hold much else, such as what a workflow runs."""
    (repository.folder / "notes.txt").write_text("x")
    repository.commit()
    site = {
        str(path.relative_to(repository.site)): path.read_bytes()
        for path in repository.site.rglob("*")
        if path.is_file() and ".git/" not in str(path) and path.name not in ("notes.txt", ".gitattributes")
    }
    assert extracted(repository) == site


def test_a_name_that_is_no_revision_is_said_in_a_sentence(repository):
    """Whatever it looks like: an option, a command, a control character."""
    for name in ("nothing", "--help", "-x", "HEAD; true", "\x1b[31m", "a\0b"[:1], "HEAD:site.yaml", "x" * 3000):
        with pytest.raises(FeedsiteError) as raised:
            Git(repository.site).commit(name)
        assert "\x1b" not in str(raised.value)
        assert "\n" not in str(raised.value)


def test_what_a_repository_would_run_does_not_run(repository, extracted, tmp_path):
    """Neither filters, text conversions, monitors, hooks, pagers nor what it replaces when files are archived."""
    trace = tmp_path / "ran"
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\necho ran >> {trace}\ncat\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    names = ("filter.x.smudge", "filter.x.process", "diff.x.textconv", "core.fsmonitor", "core.pager", "core.editor")
    (repository.folder / ".gitattributes").write_text("*.yaml filter=x diff=x export-subst\n")
    text = (repository.folder / TRAINS).read_bytes() + b"# $Format:%H$\n"
    (repository.folder / TRAINS).write_bytes(text)
    repository.commit()
    for name in names:
        repository.git("config", name, program)
    for hook in ("post-checkout", "post-index-change", "reference-transaction"):
        (repository.folder / ".git" / "hooks").mkdir(exist_ok=True)
        (repository.folder / ".git" / "hooks" / hook).symlink_to(program)
    assert extracted(repository)[TRAINS] == text
    assert not trace.exists()


def test_no_link_of_a_revision_leads_anything_out(repository, extracted, tmp_path):
    """It is a link in the folder, which is read as any of the site's: nothing is written through it, nor read."""
    (repository.folder / "entries" / "secret.yaml").symlink_to("/etc/hostname")
    (repository.folder / "audio" / "up").symlink_to(tmp_path)
    repository.commit()
    found = extracted(repository)
    assert (found["entries/secret.yaml"], found["audio/up"]) == ("/etc/hostname", str(tmp_path))
    (repository.folder / "entries" / "secret.yaml").unlink()
    result = repository.diff("HEAD")
    assert (result.exit_code, result.output) == (0, "Nothing that a subscriber would notice.\n")


def test_a_tree_with_names_that_lead_out_is_not_followed(repository, extracted):
    """git itself makes none, but a program can write one."""
    blob = repository.git("hash-object", "-w", repository.folder / TRAINS)

    def tree(*rows):
        text = "".join(f"{mode} {kind} {hash_}\t{name}\n" for mode, kind, hash_, name in rows)
        done = subprocess.run(
            ["git", "-C", repository.folder, "mktree"], input=text, capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    inner = tree(("100644", "blob", blob, "..."), ("100644", "blob", blob, "ok.yaml"))
    raw = b"40000 ..\0" + bytes.fromhex(inner) + b"40000 entries\0" + bytes.fromhex(inner)
    done = subprocess.run(
        ["git", "-C", repository.folder, "hash-object", "-w", "--literally", "-t", "tree", "--stdin"],
        input=raw,
        capture_output=True,
        check=True,
    )
    commit = repository.git("commit-tree", done.stdout.decode().strip(), "-m", "x")
    assert set(extracted(repository, commit)) == {"entries/...", "entries/ok.yaml"}


def test_a_name_of_another_encoding_ends_no_comparison(repository):
    """Nothing is published of such a file, so nothing is noticed."""
    with open(os.fsencode(repository.folder / "entries") + b"/caf\xe9.yaml", "w") as file:
        file.write("title: Caf\n")
    (repository.folder / "entries" / "a\n\x1b[31m.yaml").write_text("title: Red\n")
    repository.commit()
    result = repository.diff("HEAD")
    assert (result.exit_code, result.output) == (0, "Nothing that a subscriber would notice.\n")


def test_a_link_with_the_name_of_a_folder_makes_nothing_elsewhere(repository, extracted, tmp_path):
    """Neither does git make such a tree."""
    outside = tmp_path / "outside"
    outside.mkdir()

    def stored(kind, content):
        command = ["git", "-C", repository.folder, "hash-object", "-w", "--literally", "-t", kind, "--stdin"]
        return bytes.fromhex(subprocess.run(command, input=content, capture_output=True, check=True).stdout.decode())

    def tree(*rows):
        return stored("tree", b"".join(mode + b" " + name + b"\0" + hash_ for mode, name, hash_ in rows))

    link = stored("blob", bytes(outside))
    below = tree((b"40000", b"new", tree((b"120000", b"a.png", link))))
    root = tree((b"40000", b"images", tree((b"120000", b"a", link), (b"40000", b"a", below))))
    extracted(repository, repository.git("commit-tree", root.hex(), "-m", "x"))
    assert list(outside.iterdir()) == []


def test_a_file_that_lfs_keeps_is_taken_from_the_folder_and_said(repository):
    """Its pointer is no recording: all articles with recordings would seem to be others."""
    pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 417\n"
    recording = repository.folder / "audio" / "talk.mp3"
    was = recording.read_bytes()
    recording.write_text(pointer)
    repository.commit()
    recording.write_bytes(was + b"ID3\x04")
    result = repository.diff()
    assert "1 file of HEAD" in result.output
    assert result.output.endswith("Nothing that a subscriber would notice.\n")


def test_a_submodule_is_said(repository, tmp_path):
    """git has none of its files here, so they count as new."""
    other = tmp_path / "other"
    other.mkdir()
    (other / "x").write_text("x")
    Repository(other)
    repository.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", other, "entries/agency")
    repository.commit()
    assert "entries/agency is a submodule" in repository.diff().output


def test_a_shallow_clone_says_what_is_missing_and_how_it_comes(repository, tmp_path):
    """As a workflow has one that does not say fetch-depth: 0."""
    repository.commit()
    clone = tmp_path / "clone"
    repository.git("clone", "--quiet", "--depth", "1", f"file://{repository.folder}", clone)
    shallow = Repository.__new__(Repository)
    shallow.folder = shallow.site = clone
    for words in (("HEAD~1",), ("origin/other...",)):
        result = shallow.diff(*words)
        assert (result.exit_code, "`fetch-depth: 0`" in result.output) == (1, True), result.output


def test_a_folder_without_a_repository_is_told_of_exports(folder):
    """And so is one in which nothing is committed yet."""
    one = Repository.__new__(Repository)
    one.folder = one.site = folder
    assert "`feedsite diff --against public`" in one.diff().output
    one.git("init", "--quiet")
    assert one.diff().output.startswith("nothing is committed yet; ")


def test_a_hook_of_git_may_call_it(repository):
    """git tells its hooks where the repository is, by paths that hold from another folder."""
    environment = {"GIT_DIR": ".git", "GIT_INDEX_FILE": ".git/index", "GIT_WORK_TREE": "."}
    assert repository.diff(**environment).exit_code == 0


@pytest.mark.parametrize(
    ("words", "range_"),
    [
        ((), ("HEAD", "", False)),
        (("main",), ("main", "", False)),
        (("a", "b"), ("a", "b", False)),
        (("a..b",), ("a", "b", False)),
        (("a...b",), ("a", "b", True)),
        (("a...",), ("a", "", True)),
        (("..b",), ("HEAD", "b", False)),
    ],
)
def test_a_range_is_read_as_git_reads_one(words, range_):
    """Without an end it ends in the files as they are."""
    assert git.range_of(words) == range_
