"""Files below one folder, reached without following a link, whatever is done to the folders meanwhile."""

import os
import shutil

import pytest

from feedsite.export import tree
from feedsite.export.tree import Tree


@pytest.fixture
def top(tmp_path):
    (tmp_path / "top").mkdir()
    return tmp_path / "top"


@pytest.fixture
def files(top):
    found = Tree(os.open(top, os.O_RDONLY | os.O_DIRECTORY))
    yield found
    found.close()


def put(files, tmp_path, name, text="x"):
    (tmp_path / "part").write_text(text)
    within = os.open(tmp_path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        files.take(within, "part", name)
    finally:
        os.close(within)


def test_few_folders_stay_open(files, top, tmp_path, monkeypatch):
    """However many there are, and however deep a name is."""
    monkeypatch.setattr(tree, "_MOST_OPEN", 3)
    before = len(os.listdir("/dev/fd"))
    names = [f"{number % 4}/{'a/' * number}x" for number in range(12)]
    for name in names:
        put(files, tmp_path, name, name)
    for name in names:
        assert (top / name).read_text() == name
        assert files.stat(name).st_size == len(name)
    assert len(os.listdir("/dev/fd")) == before + 3
    with pytest.raises(OSError, match=r"File name too long|No such file"):
        files.stat("a/" * 5000 + "x")


def test_a_folder_that_is_deleted_meanwhile_is_made_again(files, top, tmp_path):
    put(files, tmp_path, "a/b/c")
    shutil.rmtree(top / "a")
    with pytest.raises(FileNotFoundError):
        files.stat("a/b/c")
    put(files, tmp_path, "a/b/c", "again")
    assert (top / "a" / "b" / "c").read_text() == "again"


def test_with_a_file_go_the_folders_that_are_empty(files, top, tmp_path):
    for name in ("a/b/c/x", "a/b/y"):
        put(files, tmp_path, name)
    files.remove("a/b/c/x")
    assert sorted(path.name for path in (top / "a" / "b").iterdir()) == ["y"]
    files.remove("a/b/y")
    assert list(top.iterdir()) == []
    put(files, tmp_path, "a/b/y", "new")
    assert (top / "a" / "b" / "y").read_text() == "new"


def test_no_link_on_the_way_is_followed(files, top, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (top / "a").symlink_to(tmp_path / "elsewhere")
    for act in (files.stat, files.opened, files.remove):
        with pytest.raises(OSError, match=r"Not a directory|Too many levels"):
            act("a/x")
    with pytest.raises(OSError, match=r"Not a directory|Too many levels"):
        put(files, tmp_path, "a/x")
    assert list((tmp_path / "elsewhere").iterdir()) == []
