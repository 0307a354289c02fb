"""A walk over what changed finds what a walk over everything finds there: links, loops, hidden files and all."""

import contextlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from feedsite.folder.opening import is_written_to
from feedsite.folder.walk import Walk, is_below

from .support.laws import seldom

NAMES = st.sampled_from(
    [
        *("a.yaml", "B.YML", "c.txt", "d.yaml.txt", "e.png", "F.JPG", "g.mp3", ".h", ".i.yaml", "j.yaml~", "#k.yaml#"),
        *("world", "asia.yaml", "é", "n b.yaml", "README.md", "a"),
    ]
)
LINKS = st.sampled_from(
    [
        *(".", "..", "../..", "a.yaml", "world", "nowhere.yaml", "world/..", "../entries/world", "../images"),
        *("../site.yaml", "../outside", "../outside/a.yaml", "a"),
    ]
).map(Path)
FILE = "file"
TREES = st.recursive(st.just(FILE) | LINKS, lambda inner: st.dictionaries(NAMES, inner, max_size=5), max_leaves=14)
ROOTS = st.dictionaries(NAMES, TREES, max_size=6) | st.sampled_from([FILE, None, Path("outside"), Path("nowhere")])


def plant(place, tree):
    if tree is None:
        return
    if tree == FILE:
        place.write_text("x")
    elif isinstance(tree, Path):
        place.symlink_to(tree)
    else:
        place.mkdir()
        for name, inner in tree.items():
            plant(place / name, inner)


def looked_at(folder, path):
    """The files that a walk finds, in its order, with their identities; its faults, and what it could not read."""
    walk = Walk(folder, path)
    if path.partition("/")[0] == "entries":
        found = [(file, stat_.st_ino) for file, stat_ in walk.entry_files()]
    else:
        found = [(file, stat_.st_ino, kind) for file, stat_, kind in walk.media_files()]
    return found, walk.faults, sorted(walk.lost)


def paths_within(folder, top):
    """Whatever an event might name: all that stands there, links followed a little way, and what does not exist."""
    found = [top, f"{top}/gone.yaml", f"{top}/gone/gone.yaml"]
    for depth in range(1, 5):
        found += [str(path.relative_to(folder)) for path in folder.glob(f"{top}/{'/'.join('*' * depth)}")]
    return [*found, *(f"{path}/a.yaml" for path in found), *(f"{path}/e.png" for path in found)]


@seldom
@given(st.sampled_from(["entries", "images"]), ROOTS)
@example("entries", {"world": {"a.yaml": FILE, "loop": Path("..")}, "link": Path("world")})
@example("images", {"e.png": Path("../outside/a.yaml"), "world": {"F.JPG": FILE}, "in": Path("world")})
def test_a_part_is_seen_as_the_whole_sees_it(top, tree):
    """The law: for any path that an event may name, the same files in the same order, and the same faults."""
    above = Path(tempfile.mkdtemp())
    place = above / "above" / "site"  # as far as a link may lead upward
    try:
        place.mkdir(parents=True)
        plant(place / "outside", {"a.yaml": FILE, "e.png": FILE, "world": {"B.YML": FILE}})
        plant(place / "site.yaml", FILE)
        if top != "images":
            plant(place / "images", {"e.png": FILE})
        plant(place / top, tree)
        files, faults, lost = looked_at(place, top)
        for path in paths_within(place, top):
            part_files, part_faults, part_lost = looked_at(place, path)
            assert part_files == [file for file in files if is_below(file[0], [path])], path
            assert [fault for fault in part_faults if is_below(fault.path, [path])] == [
                fault for fault in faults if is_below(fault.path, [path])
            ], path
            assert is_below(path, part_lost) == is_below(path, lost), path
            assert [each for each in part_lost if is_below(each, [path])] == [
                each for each in lost if is_below(each, [path])
            ], path
    finally:
        shutil.rmtree(above)


@pytest.mark.parametrize("root", ["file", "link to a file", "link to nowhere", "missing"])
def test_what_stands_in_a_folder_that_is_none_is_unknown(tmp_path, root):
    """Where entries/ is no folder by now, the files that were there are not taken for deleted."""
    if root == "file":
        (tmp_path / "entries").touch()
    elif root != "missing":
        (tmp_path / "file").touch()
        (tmp_path / "entries").symlink_to("file" if root == "link to a file" else "nowhere")
    for path in ("entries", "entries/a.yaml", "entries/world/a.yaml"):
        walk = Walk(tmp_path, path)
        assert list(walk.entry_files()) == []
        assert walk.lost == {"entries"}


def test_a_loop_of_two_links_ends(tmp_path):
    """Where each of two links leads to the other's folder, all files are found and the walk ends."""
    plant(
        tmp_path / "entries", {"a": {"a.yaml": FILE, "to-b": Path("../b")}, "b": {"b.yaml": FILE, "to-a": Path("../a")}}
    )
    walk = Walk(tmp_path, "entries")
    assert [path for path, _ in walk.entry_files()] == [
        "entries/a/a.yaml",
        "entries/a/to-b/b.yaml",
        "entries/b/b.yaml",
        "entries/b/to-a/a.yaml",
    ]
    assert [fault.path for fault in walk.faults] == ["entries/a/to-b/to-a", "entries/b/to-a/to-b"]


def test_a_path_that_is_no_text_is_passed_over(tmp_path):
    """An event may name a file whose name is of another encoding."""
    (tmp_path / "entries").mkdir()
    name = os.fsdecode(b"caf\xe9.yaml")
    (tmp_path / "entries" / name).touch()
    walk = Walk(tmp_path, f"entries/{name}")
    assert list(walk.entry_files()) == []
    assert [fault.path for fault in walk.faults] == ["entries/caf\ufffd.yaml"]


def test_a_name_with_a_line_in_it_is_passed_over(tmp_path):
    """A contributor cannot write a line of their own into the log by a file's name."""
    (tmp_path / "entries").mkdir()
    (tmp_path / "entries" / "b\n2026-11-23 ERROR forged\x1b[31m.yaml").touch()
    (tmp_path / "entries" / "می‌خواهم.yaml").touch()
    walk = Walk(tmp_path, "entries")
    assert [path for path, _ in walk.entry_files()] == ["entries/می‌خواهم.yaml"]
    assert [fault.path for fault in walk.faults] == ["entries/b?2026-11-23 ERROR forged?[31m.yaml"]


@pytest.mark.parametrize("path", ["entries", "entries/all", "audio", "audio/all"])
def test_a_folder_that_leads_out_of_the_site_is_one_fault(tmp_path, path):
    """A walk does not enter it, and does not take the files that were there for deleted."""
    site = tmp_path / "site"
    plant(site.parent / "private", {f"{number}.{end}": FILE for number in range(9) for end in ("yaml", "mp3")})
    plant(site, {"entries": {}, "audio": {}})
    with contextlib.suppress(FileNotFoundError):
        (site / path).rmdir()
    (site / path).symlink_to(tmp_path / "private")
    top = path.partition("/")[0]
    found, faults, lost = looked_at(site, top)
    where = "the site's folder" if "audio/" not in path else "audio/"
    assert [str(fault) for fault in faults] == [
        f"{path}: a link leads out of {where}; put the files themselves there, or delete the link"
    ]
    assert (found, lost) == ([], [path])
    assert looked_at(site, f"{path}/1.yaml")[0] == looked_at(site, f"{path}/1.mp3")[0] == []


@pytest.mark.parametrize("target", ["entries", ".", ".git", "audio", "../site/entries"])
def test_a_folder_of_pictures_leads_to_nothing_that_is_not_published(tmp_path, target):
    """images/ may not be a link to drafts, to all of the site, or to what is hidden."""
    site = tmp_path / "site"
    plant(site, {"entries": {"a.vtt": FILE}, ".git": {"b.vtt": FILE}, "audio": {"c.vtt": FILE}, "d.vtt": FILE})
    (site / "images").symlink_to(target)
    found, faults, lost = looked_at(site, "images")
    assert (found, [fault.path for fault in faults], lost) == ([], ["images"], ["images"])


def test_a_link_in_a_linked_folder_leads_to_no_further_folder(tmp_path):
    """Sixteen folders with two links each to the next one would be 65,536: the walk ends with a fault."""
    site = tmp_path / "site"
    plant(site, {"entries": {f"l{number}": {"x.yaml": FILE} for number in range(17)}})
    for number in range(16):
        for name in "ab":
            (site / "entries" / f"l{number}" / name).symlink_to(f"../l{number + 1}")
    found, faults, _ = looked_at(site, "entries")
    assert len(found) == 17 + 32
    assert {fault.message for fault in faults} == {
        "this link to a folder stands in a linked folder; put the files themselves there"
    }
    assert looked_at(site, "entries/l0/a/b/x.yaml")[0] == []


@pytest.mark.parametrize("marker", [FILE, {"written.json": FILE, "b.yaml": FILE}])
def test_nothing_hidden_in_a_folder_hides_its_articles(tmp_path, marker):
    """An empty file of a contributor's, named like a build's own folder, takes no article away."""
    site = tmp_path / "site"
    plant(site, {"entries": {".feedsite": marker, "a.yaml": FILE}})
    found, faults, lost = looked_at(site, "entries")
    assert ([path for path, _ in found], faults, lost) == (["entries/a.yaml"], [], [])


def test_folders_in_each_other_come_to_an_end(tmp_path):
    """2,000 of them are one fault, where they begin to be too many; the files above are read."""
    site = tmp_path / "site"
    plant(site, {"entries": {"a.yaml": FILE}})
    before = Path.cwd()
    os.chdir(site / "entries")
    try:
        for _ in range(2000):
            os.mkdir("deep")
            os.chdir("deep")
        Path("b.yaml").touch()
    finally:
        os.chdir(before)
    try:
        found, faults, lost = looked_at(site, "entries")
        assert [path for path, _ in found] == ["entries/a.yaml"]
        assert [(fault.path, fault.message) for fault in faults] == [
            (
                "/".join(["entries", *["deep"] * 50]),
                "folders stand in each other 50 deep here; what is in this one is not read",
            )
        ]
        assert lost == []
        assert looked_at(site, "/".join(["entries", *["deep"] * 60, "b.yaml"])) == ([], [], [])
    finally:
        subprocess.run(["rm", "-r", site], check=True)  # shutil would recurse


class TestIsWrittenTo:
    """Whether a program has a file open for writing, as leases show."""

    @pytest.mark.parametrize(("mode", "is_written"), [("a", True), ("r+", True), ("r", False)])
    def test_a_file_is_written_to_while_a_program_has_it_open_for_writing(self, tmp_path, mode, is_written):
        """A program that only reads it does not count."""
        (tmp_path / "a.yaml").touch()
        with (tmp_path / "a.yaml").open(mode):
            assert is_written_to(tmp_path, "a.yaml") == is_written
        assert not is_written_to(tmp_path, "a.yaml")

    def test_asking_for_writers_leaves_no_lease(self, tmp_path):
        """A program that opens the file afterwards need not wait."""
        (tmp_path / "a.yaml").touch()
        for _ in range(100):
            assert not is_written_to(tmp_path, "a.yaml")
            descriptor = os.open(tmp_path / "a.yaml", os.O_WRONLY | os.O_NONBLOCK)  # EWOULDBLOCK where there is one
            os.close(descriptor)

    def test_a_device_is_never_written_to(self):
        """The system gives no lease on it, so whether a program writes to it cannot be known."""
        assert not is_written_to(Path("/dev"), "null")
