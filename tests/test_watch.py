"""How a change in a folder is noticed: the system tells it, or everything is looked at again and again."""

import logging
import os
import tempfile
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from feedsite.serving import watch
from feedsite.serving.watch import Watch, is_remote

PATIENCE = 20.0  # seconds in which a change must have been told; some 20 ms are usual


@contextmanager
def noticing(*folders):
    """What is told, as it comes: ready when the first word has been said, so that all later changes are noticed."""
    stop = threading.Event()
    told = iter(Watch([*folders], stop))
    next(told)
    yield told
    stop.set()
    assert [*told] in ([], [set()])


def first(told):
    """The first change that is told."""
    until = time.monotonic() + PATIENCE
    for paths in told:
        if paths or time.monotonic() > until:
            return paths
    return None


def test_a_change_is_told_by_its_path(tmp_path):
    """Made, changed, renamed and deleted, a folder too."""
    with noticing(tmp_path) as told:
        file = tmp_path / "a.yaml"
        for change in (
            lambda: file.write_text("a"),
            lambda: file.write_text("b"),
            lambda: file.rename(tmp_path / "b.yaml"),
            (tmp_path / "b.yaml").unlink,
            (tmp_path / "world").mkdir,
        ):
            change()
            assert first(told) <= {str(tmp_path / name) for name in ("a.yaml", "b.yaml", "world")}


def test_what_stands_in_a_folder_is_not_watched_with_it(tmp_path):
    """Neither a folder nor a link to one: links would lead a watch out of the site, or around without end."""
    elsewhere, site = tmp_path / "elsewhere", tmp_path / "site"
    (site / "world").mkdir(parents=True)
    elsewhere.mkdir()
    (site / "link").symlink_to(elsewhere)
    with noticing(site) as told:
        (site / "world" / "a.yaml").write_text("a")
        (elsewhere / "b.yaml").write_text("b")
        assert [next(told) for _ in range(3)] == [set()] * 3


def test_a_watch_of_other_folders_misses_nothing(tmp_path):
    """Files are saved all the time while the folders to be watched are set anew: each one is told."""
    stop, saved = threading.Event(), []
    watching = Watch([tmp_path], stop)
    told = iter(watching)
    next(told)

    def save():
        while not stop.is_set():
            file = tmp_path / f"{len(saved)}.yaml"
            file.touch()
            saved.append(str(file))
            time.sleep(0.001)

    saving = threading.Thread(target=save)
    saving.start()
    found = set()
    for number in range(20):
        (tmp_path / f"folder-{number}").mkdir()
        assert watching.watch([tmp_path, *tmp_path.glob("folder-*")])
        found |= next(told)
    stop.set()
    saving.join()
    stop.clear()
    until = time.monotonic() + PATIENCE
    while not found.issuperset(saved) and time.monotonic() < until:
        found |= next(told)
    assert set(saved) - found == set()


def test_a_watch_that_is_refused_leaves_the_former_one(tmp_path, no_more_files, caplog):
    """One line says so; what was watched before is watched on."""
    stop = threading.Event()
    watching = Watch([tmp_path], stop)
    told = iter(watching)
    next(told)
    (tmp_path / "world").mkdir()
    assert first(told) == {str(tmp_path / "world")}
    with no_more_files():
        assert not watching.watch([tmp_path, tmp_path / "world"])
    (tmp_path / "a.yaml").touch()
    assert first(told) == {str(tmp_path / "a.yaml")}
    (record,) = caplog.records
    assert record.getMessage().startswith("the system watches no more folders (")


@pytest.mark.skipif(os.geteuid() != 0, reason="root alone can become another user and return")
def test_a_folder_that_is_unreadable_or_gone_takes_no_watch_from_others(caplog):
    """It is left out, and nothing else is."""
    with tempfile.TemporaryDirectory() as name:  # pytest's folders are root's alone
        place = Path(name)
        os.chown(place, 65534, 65534)
        for below in ("shut/below", "open"):
            (place / below).mkdir(parents=True)
        (place / "shut").chmod(0)
        watching = Watch([place], threading.Event())
        told = iter(watching)
        os.seteuid(65534)
        try:
            next(told)
            assert watching.watch(place / below for below in ("shut", "shut/below", "gone", "open"))
        finally:
            os.seteuid(0)
        (place / "open" / "a.yaml").touch()
        assert first(told) == {str(place / "open" / "a.yaml")}
    assert caplog.records == []


def test_nothing_is_told_when_nothing_changes(tmp_path):
    """But a word each fifth of a second, so that whoever listens can look at the clock."""
    with noticing(tmp_path) as told:
        begun = time.monotonic()
        assert [next(told) for _ in range(3)] == [set()] * 3
        assert 0.3 < time.monotonic() - begun < PATIENCE


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_the_lock_of_a_repository_counts_where_its_owner_may_change_the_site(tmp_path):
    """The nearest one above, and none that somebody else has laid further up."""
    entries = tmp_path / "site" / "entries"
    entries.mkdir(parents=True)
    further = tmp_path / ".git"
    further.mkdir()
    assert watch._git_locks(entries) == [further / "index.lock"]
    os.chown(further, 65534, 65534)
    assert watch._git_locks(entries) == []
    os.chown(entries, 65534, 65534)
    assert watch._git_locks(entries) == [further / "index.lock"]
    own = tmp_path / "site" / ".git"
    own.mkdir()
    assert watch._git_locks(entries) == [own / "index.lock"]


def test_many_changes_are_told_together(tmp_path):
    """A checkout of another branch is one change, not a thousand."""
    with noticing(tmp_path) as told:
        for number in range(1000):
            (tmp_path / f"{number}.yaml").write_text("x")
        found, times = set(), 0
        until = time.monotonic() + PATIENCE
        while len(found) < 1000 and time.monotonic() < until:
            paths = next(told)
            times += bool(paths)
            found |= paths
        assert len(found) == 1000
        assert times < 5


def test_its_end_is_heard(tmp_path):
    """Within a fifth of a second, by whoever listens in another thread."""
    stop = threading.Event()
    listening = threading.Thread(target=lambda: [*Watch([tmp_path], stop)])
    listening.start()
    stop.set()
    listening.join(PATIENCE)
    assert not listening.is_alive()


def test_where_no_system_tells_everything_is_looked_at(tmp_path, no_more_files, caplog):
    """No watch can be had, as when their number is used up: one line says why, and it goes on by looking."""
    stop = threading.Event()
    told = iter(Watch([tmp_path], stop))
    with no_more_files():
        assert next(told) is None
    assert next(told) == set()
    until = time.monotonic() + PATIENCE
    while (paths := next(told)) is not None and time.monotonic() < until:
        assert paths == set()
    assert paths is None
    stop.set()
    assert [*told] == []
    (record,) = caplog.records
    assert record.levelno == logging.WARNING
    assert record.getMessage().startswith("no system tells of changes (")
    assert record.getMessage().endswith("): every file is looked at every few seconds")


def test_a_folder_that_is_gone_by_now_is_looked_for(tmp_path):
    """It was there when it was to be watched; whoever listens will see what became of it."""
    stop = threading.Event()
    assert next(iter(Watch([tmp_path / "gone"], stop))) is None


# A table as proc(5) describes it: a space in a name is \040, other letters stand as they are.
TABLE = """\
22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
23 22 0:21 / /proc rw,nosuid - proc proc rw
30 22 0:40 / /srv/news rw - nfs4 server:/news rw,vers=4.2
31 30 8:2 / /srv/news/entries rw - xfs /dev/sdb1 rw
32 22 0:41 / /srv/my\\040news rw shared:9 master:2 - cifs //server/news rw
33 22 0:42 / /srv/redacción rw - fuse.sshfs server: rw
34 22 0:43 / /srv/日本\\040news rw - 9p share rw
35 22 8:3 / /srv/disk rw - fuseblk /dev/sdc1 rw
36 22 0:44 / /srv/twice rw - ext4 /dev/sdd1 rw
37 36 0:45 / /srv/twice rw - nfs server:/twice rw
"""


@pytest.mark.parametrize(
    ("place", "told"),
    [
        ("/", False),
        ("/srv", False),
        ("/srv/news", True),
        ("/srv/news/images", True),
        ("/srv/news/entries", False),
        ("/srv/news/entries/world", False),
        ("/srv/newspaper", False),
        ("/srv/my news/entries", True),
        ("/srv/redacción/entries", True),
        ("/srv/日本 news", True),
        ("/srv/disk/entries", False),
        ("/srv/twice", True),
    ],
)
def test_a_network_disk_is_known_by_the_table_of_mounts(tmp_path, place, told):
    """What stands nearest above the folder decides, and of two at one place the later one."""
    table = tmp_path / "mountinfo"
    table.write_text(TABLE)
    assert is_remote(watch.Path(place), table) == told


def test_without_a_table_a_disk_counts_as_this_machine_s(tmp_path):
    """Other systems have none."""
    assert not is_remote(tmp_path, tmp_path / "nowhere")


def test_this_machine_s_disks_are_its_own(tmp_path, small_disk):
    """As the system itself tells it."""
    assert not is_remote(tmp_path)
    assert not is_remote(small_disk[0])
