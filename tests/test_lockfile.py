"""Locks between processes, which no other user of the machine can hold."""

import fcntl
import os
import stat
import threading
from contextlib import contextmanager
from pathlib import Path

import pytest

from feedsite.export.builds import Builds
from feedsite.index import lockfile
from feedsite.notifying import sent


@contextmanager
def held(path, mode):
    """A file with this mode, locked through a descriptor that can only read it, as any neighbour may have."""
    path.touch()
    path.chmod(mode)
    own = os.open(path, os.O_RDONLY)
    fcntl.flock(own, fcntl.LOCK_EX)
    try:
        yield
    finally:
        os.close(own)


def done_in_time(work):
    """Whether it ends within seconds; a lock that a neighbour holds would be waited for without end."""
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join(5)
    return not thread.is_alive()


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o666])
def test_a_lock_that_others_can_open_stops_nobody(tmp_path, mode):
    """The file is made anew, for its user alone."""
    path = tmp_path / "index.writing"
    with held(path, mode):
        lock = lockfile.take(path)
        assert lock is not None
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert lockfile.take(path) is None
        os.close(lock)


def test_a_lock_of_another_user_stops_nobody(tmp_path):
    """Also where its mode is 0600."""
    if os.geteuid():
        pytest.skip("only root can give a file away")
    path = tmp_path / "index.writing"
    with held(path, 0o600):
        os.chown(path, 12345, -1)
        lock = lockfile.take(path)
        assert lock is not None
        assert path.stat().st_uid == os.geteuid()
        os.close(lock)


def test_a_link_in_the_place_of_a_lock_is_not_followed(tmp_path):
    """It is replaced by a file."""
    path, other = tmp_path / "index.writing", tmp_path / "other"
    path.symlink_to(other)
    os.close(lockfile.wait_for(path))
    assert stat.S_ISREG(path.lstat().st_mode)
    assert not other.exists()


def test_a_private_lock_is_never_replaced(tmp_path):
    """Another process of this user holds it."""
    path = tmp_path / "index.writing"
    with held(path, 0o600):
        before = path.stat().st_ino
        assert lockfile.take(path) is None
        assert path.stat().st_ino == before
    os.close(lockfile.wait_for(path))
    assert path.stat().st_ino == before


def test_of_processes_that_replace_a_lock_at_once_one_holds_it(tmp_path):
    """A slow one does not delete the file that a quick one has made and locked."""
    path, count = tmp_path / "index.leading", 8
    for _ in range(100):
        path.touch()
        path.chmod(0o644)
        taken, start = [], threading.Barrier(count)

        def work(start=start, taken=taken):
            start.wait()
            taken.append(lockfile.take(path))

        threads = [threading.Thread(target=work) for _ in range(count)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        locks = [lock for lock in taken if lock is not None]
        assert len(locks) == 1
        os.close(locks[0])


def test_a_lock_that_was_deleted_while_it_was_waited_for_is_made_anew(tmp_path):
    """Else two processes could hold the lock: one on the deleted file, one on the next."""
    path = tmp_path / "purged.lock"
    found = []
    with held(path, 0o600):
        waiting = threading.Thread(target=lambda: found.append(lockfile.wait_for(path)))
        waiting.start()
        path.unlink()
    waiting.join(5)
    assert lockfile.take(path) is None
    os.close(found[0])


def test_a_guard_that_others_may_hold_is_named(tmp_path):
    """The operator deletes it; nothing is waited for."""
    path = tmp_path / "index.writing"
    (tmp_path / "renewal.lock").touch()
    (tmp_path / "renewal.lock").chmod(0o644)
    with held(path, 0o644), pytest.raises(PermissionError, match="another user may hold"):
        lockfile.take(path)


@pytest.mark.parametrize("name", ["purged.json", "pinged.json", "builds.json"])
def test_nobody_else_holds_up_what_is_sent_and_built(tmp_path, name):
    """Each file of what was sent or built has a lock of its own."""
    file = tmp_path / name

    def work():
        with sent.locked(file):
            sent.write(file, [1])

    with held(file.with_suffix(".lock"), 0o644):
        assert done_in_time(work)
    assert sent.read(file) == [1]


@pytest.mark.parametrize("mode", [0o620, 0o602, 0o666])
def test_what_others_may_have_written_was_not_sent(tmp_path, mode):
    """It is not believed, and the next sender deletes it."""
    file = tmp_path / "pinged.json"
    sent.write(file, ["told"])
    assert sent.read(file) == ["told"]
    file.chmod(mode)
    assert sent.read(file) == []
    with sent.locked(file):
        assert not file.exists()


def test_a_build_that_others_may_have_noted_is_not_believed(tmp_path):
    """They could have noted the hash of a forged manifest."""
    builds = Builds(tmp_path, Path("/srv/public"))
    builds.note(b"manifest")
    assert builds.wrote(b"manifest")
    (tmp_path / "builds.json").chmod(0o666)
    assert not builds.wrote(b"manifest")
