"""Copies that lie on the disk: found again, by nobody else's hand, and not more than fit."""

import os
import stat
from concurrent.futures import ThreadPoolExecutor

import pytest

from feedsite.folder import copystore
from feedsite.folder.copystore import CopyStore, name_of
from feedsite.pictures.sizes import WEBP, Copy

COPY = Copy(path="/static/pictures/640/images/a.jpg.webp", type=WEBP, width=640, height=400)
MONTH = 31 * 24 * 3600


@pytest.fixture
def store(tmp_path):
    return CopyStore(tmp_path / "index.sqlite")


def test_a_copy_is_found_again(store, tmp_path):
    """Also one of no bytes, which says that there is none; its file is its user's alone."""
    assert store.find("a") is None
    store.put("a", b"bytes")
    store.put("b", b"")
    assert (store.find("a"), store.find("b")) == (b"bytes", b"")
    assert CopyStore(tmp_path / "other.sqlite").find("a") == b"bytes"
    assert stat.S_IMODE(os.stat(tmp_path / "pictures" / "a").st_mode) == 0o600
    assert stat.S_IMODE(os.stat(tmp_path / "pictures").st_mode) == 0o700


def test_a_name_says_what_the_copy_was_made_of():
    """Other bytes, another size and another format have other names."""
    names = {
        name_of("digest", COPY),
        name_of("other", COPY),
        name_of("digest", Copy(path=COPY.path, type=WEBP, width=641, height=400)),
        name_of("digest", Copy(path=COPY.path, type="image/jpeg", width=640, height=400)),
    }
    assert len(names) == 4
    assert name_of("digest", COPY) == name_of("digest", Copy(path="/elsewhere", type=WEBP, width=640, height=400))


def test_without_an_index_on_the_disk_nothing_is_kept():
    """Each copy is made when it is asked for."""
    store = CopyStore(None)
    store.put("a", b"bytes")
    assert store.find("a") is None


@pytest.mark.parametrize("name", ["a", ""])
def test_a_file_that_others_may_have_written_is_not_believed(store, tmp_path, name):
    """Neither one that the group can write to, nor one in such a folder: it could show anything to readers."""
    store.put("a", b"bytes")
    os.chmod(tmp_path / "pictures" / name, 0o770)  # noqa: S103  # as it must not be
    store.put("b", b"other")
    assert (store.find("a"), store.find("b")) == ((None, b"other") if name else (None, None))


def test_what_is_not_used_makes_room(store, tmp_path, monkeypatch):
    """The oldest go when all take too much, and what nobody has asked for in a month."""
    monkeypatch.setattr(copystore, "_counted", lambda: True)
    monkeypatch.setattr(copystore, "_LARGEST", 250)
    for number, name in enumerate("abcd"):
        store.put(name, bytes(100))
        os.utime(tmp_path / "pictures" / name, (copystore.time.time() - 1000 + number,) * 2)
    assert sorted(os.listdir(tmp_path / "pictures")) == ["c", "d"]
    os.utime(tmp_path / "pictures" / "c", (copystore.time.time() - MONTH,) * 2)
    store.put("e", b"")
    assert sorted(os.listdir(tmp_path / "pictures")) == ["d", "e"]


def test_what_is_asked_for_is_noted(store, tmp_path):
    """So that it does not go."""
    store.put("a", b"bytes")
    os.utime(tmp_path / "pictures" / "a", (copystore.time.time() - MONTH,) * 2)
    assert store.find("a") == b"bytes"
    assert copystore.time.time() - os.stat(tmp_path / "pictures" / "a").st_mtime < 100
    os.utime(tmp_path / "pictures" / "a", (copystore.time.time() + MONTH,) * 2)
    assert store.find("a") == b"bytes"
    assert os.stat(tmp_path / "pictures" / "a").st_mtime - copystore.time.time() < 100


def test_a_disk_that_is_full_or_closed_only_costs_time(store, tmp_path):
    """Nothing is raised, and nothing half is left."""
    (tmp_path / "pictures").write_bytes(b"in the way")
    store.put("a", b"bytes")
    assert store.find("a") is None


def test_threads_that_keep_the_same_copy_at_once_do_not_disturb_each_other(store, tmp_path, monkeypatch):
    """None takes away what another one is writing, nor puts it in place before it is whole."""
    replace, waiting = os.replace, [1]

    def replaced_later(*paths):
        if waiting:
            waiting.pop()
            with ThreadPoolExecutor(1) as other:
                other.submit(store.put, "a", b"bytes").result()
            assert store.find("a") == b"bytes"
            os.unlink(tmp_path / "pictures" / "a")
        replace(*paths)

    monkeypatch.setattr(copystore.os, "replace", replaced_later)
    store.put("a", b"bytes")
    assert store.find("a") == b"bytes"
    assert os.listdir(tmp_path / "pictures") == ["a"]
