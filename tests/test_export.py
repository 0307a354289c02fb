"""The site exported to a folder: the bytes that are served, and nobody else's files touched."""

import errno
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path, PurePosixPath
from urllib.parse import quote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from feedsite import export
from feedsite.document import Document, Moved
from feedsite.errors import FeedsiteError
from feedsite.export import Change
from feedsite.export.builds import Builds
from feedsite.export.output import locked
from feedsite.folder import indexfile
from feedsite.folder.library import Library
from feedsite.index.edition import Edition
from feedsite.parsing import entryfile
from feedsite.plan import Plan
from feedsite.serving.live import Live
from feedsite.serving.web import create_app
from feedsite.site import Site

from .support.builders import entry_text, index, settings
from .support.golden import NOW, SAMPLE, sample_site
from .support.laws import seldom
from .support.plainsite import PlainSite, Recording

ROOT = Path(__file__).parent.parent


def written(site, folder):
    return {change.path: change.action for change in export.write(site, folder)}


def files(folder):
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()} - {".feedsite/written.json"}


def site_of(**bodies):
    """A site of plain documents: name_of_path=body."""
    return PlainSite({f"/{name}": body for name, body in bodies.items()})


def test_the_served_answer_equals_the_exported_file(tmp_path):
    """Every exported file has the bytes that the server answers at its path, but for the search, which differs."""
    shutil.copytree(SAMPLE, tmp_path / "site", ignore=shutil.ignore_patterns(".feedsite"))
    live = Live(tmp_path / "site", {}, clock=lambda: NOW)
    client = create_app(live).test_client()
    out = tmp_path / "out"
    written(sample_site(search="server"), out)
    assert len(live.site) > 15
    for path in live.site:
        response = client.get(quote(path))
        is_former_feed = response.status_code == 301 and path.endswith(".xml")
        served = client.get(response.headers["Location"]) if is_former_feed else response
        assert served.data == (out / export.file_name(path)).read_bytes(), path
    assert files(out) == {export.file_name(path) for path in live.site}


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/", "index.html"),
        ("/2021/07/japan-taiwan/", "2021/07/japan-taiwan/index.html"),
        ("/feed.rss", "feed.rss"),
        ("/world/old-address", "world/old-address/index.html"),
        ("/old.html", "old.html"),
        ("/v1.2/notes", "v1.2/notes/index.html"),
    ],
)
def test_each_path_has_a_file(path, name):
    """The file of a path is named so that a static server finds it."""
    assert export.file_name(path) == name


def test_only_what_changed_is_written(tmp_path):
    """A second export writes nothing, and no file's time changes."""
    written(site_of(a="1", b="2"), tmp_path)
    before = {name: (tmp_path / name).stat().st_mtime_ns for name in files(tmp_path)}
    assert set(written(site_of(a="1", b="2"), tmp_path).values()) == {"unchanged"}
    assert {name: (tmp_path / name).stat().st_mtime_ns for name in files(tmp_path)} == before
    assert written(site_of(a="1", b="3"), tmp_path) == {"a/index.html": "unchanged", "b/index.html": "written"}


def test_what_no_longer_exists_is_removed_and_nothing_else(tmp_path):
    """An export removes what an earlier export wrote and the site no longer has; somebody else's file stays."""
    written(site_of(a="1", b="2"), tmp_path)
    (tmp_path / "robots.txt").write_text("theirs")
    (tmp_path / "b" / "theirs.txt").write_text("theirs")
    assert written(site_of(a="1"), tmp_path) == {"a/index.html": "unchanged", "b/index.html": "removed"}
    assert files(tmp_path) == {"a/index.html", "robots.txt", "b/theirs.txt"}


def test_what_a_faulty_file_published_stays_and_nothing_else_does(tmp_path):
    """What a faulty file has published stays; what is gone from other files is removed all the same."""
    sources = {f"/{name}/": f"entries/{name}.yaml" for name in "abc"}
    site = PlainSite({path: path for path in sources}, sources)
    written(site, tmp_path)
    del site.bodies["/b/"], site.bodies["/c/"]
    faulty = {"entries/b.yaml"}
    for _ in range(2):
        list(export.write(site, tmp_path, faulty))
        assert files(tmp_path) == {"a/index.html", "b/index.html"}
    written(site, tmp_path)
    assert files(tmp_path) == {"a/index.html"}


def test_what_a_lost_folder_published_stays(tmp_path):
    """When entries/ is missing, as a share that is not mounted, nothing that was published is deleted."""
    sources = {"/a/": "entries/world/a.yaml", "/images/p.png": "images/p.png"}
    written(PlainSite({"/a/": "a", "/images/p.png": "p"}, sources), tmp_path)
    list(export.write(PlainSite({}), tmp_path, {"entries/world", "images"}))
    assert files(tmp_path) == {"a/index.html", "images/p.png"}


def test_two_exports_at_once_do_not_mix(tmp_path):
    """A second export is refused while the first one writes, and works after it."""
    first = export.write(site_of(a="1", b="2"), tmp_path)
    next(first)
    with pytest.raises(FeedsiteError, match="another build"):
        written(site_of(a="other"), tmp_path)
    list(first)
    assert written(site_of(a="1", b="2"), tmp_path) == {"a/index.html": "unchanged", "b/index.html": "unchanged"}


def test_a_link_in_the_way_is_not_written_through(tmp_path):
    """A link in .feedsite, whoever laid it there, is not written through."""
    out = tmp_path / "out"
    written(site_of(a="1"), out)
    (tmp_path / "precious").write_text("x")
    (out / ".feedsite" / "part").symlink_to(tmp_path / "precious")
    written(site_of(a="2"), out)
    assert (tmp_path / "precious").read_text() == "x"


def test_a_folder_in_the_way_of_a_part_is_named(tmp_path):
    """A folder in .feedsite where an unfinished file would be is named in the error, as something to delete."""
    written(site_of(a="1"), tmp_path / "out")
    (tmp_path / "out" / ".feedsite" / "part1").mkdir()
    (tmp_path / "out" / ".feedsite" / "part1" / "x").touch()
    with pytest.raises(FeedsiteError, match=r"out/\.feedsite/part1 is in the way \(.*\); delete it, and build again"):
        written(site_of(a="2"), tmp_path / "out")
    assert files(tmp_path / "out") == {"a/index.html", ".feedsite/part1/x"}


def test_a_file_becomes_a_folder_and_back(tmp_path):
    """A path such as `/a` can give way to `/a/b.txt`, and come back."""
    written(site_of(**{"a.d": "file"}), tmp_path)
    written(site_of(**{"a.d/b": "below"}), tmp_path)
    assert files(tmp_path) == {"a.d/b/index.html"}
    written(site_of(**{"a.d": "file"}), tmp_path)
    assert files(tmp_path) == {"a.d"}


def test_a_folder_that_is_no_export_is_refused(tmp_path):
    """A folder that is neither empty nor an export is refused, and nothing in it is touched."""
    (tmp_path / "thesis.doc").write_text("years of work")
    with pytest.raises(FeedsiteError, match="not empty"):
        written(site_of(a="1"), tmp_path)
    assert files(tmp_path) == {"thesis.doc"}


def test_a_folder_that_cannot_be_written_to_is_reported(tmp_path):
    """A file in the folder's place, or a place where nobody may write, is one sentence."""
    (tmp_path / "file").write_text("x")
    for place in (tmp_path / "file", tmp_path / "file" / "below", Path("/proc/feedsite")):
        with pytest.raises(FeedsiteError, match="cannot be written to"):
            written(site_of(a="1"), place)


def test_a_list_with_names_outside_the_folder_removes_nothing_there(tmp_path):
    """Names outside the folder in a manifest lead to no deletion."""
    out = tmp_path / "out"
    written(site_of(a="1"), out)
    (tmp_path / "precious").write_text("x")
    (out / ".feedsite" / "written.json").write_text('{"../precious": "", "/etc/hostname": "", "a/index.html": ""}')
    written(site_of(b="1"), out)
    assert (tmp_path / "precious").exists()
    assert files(out) == {"b/index.html"}


# A build of many files, or of fewer, larger ones, in a process of its own, which prints what it writes.
_BUILD = """
import sys
import time
from pathlib import Path
from feedsite import export
from tests.support.plainsite import PlainSite
output, letter, count, size = sys.argv[1:]
site = PlainSite({f"/{number}.txt": letter * int(size) for number in range(int(count))})
for change in export.write(site, Path(output)):
    print(change.path, flush=True)
    if change.problem:
        print(change.path, change.problem, file=sys.stderr)
"""


def build(*words):
    command = [sys.executable, "-c", _BUILD, *map(str, words)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def bodies(folder, count):
    return [(folder / f"{number}.txt").read_text() for number in range(count)]


def test_a_disk_that_takes_a_file_only_in_part_leaves_the_former_one(tmp_path):
    """When a full disk takes half of a write without an error, the former file stays, then and later."""
    written(PlainSite({"/0.txt": "a" * 100}), tmp_path / "out")
    limited = ["sh", "-c", 'ulimit -f 100; exec "$@"', "sh", sys.executable, "-c", _BUILD, tmp_path / "out"]
    build = subprocess.run([*limited, "b", "1", "200000"], check=False, cwd=ROOT, capture_output=True, text=True)
    assert build.stderr.splitlines()[-1] == "0.txt it cannot be written: File too large"
    assert bodies(tmp_path / "out", 1) == ["a" * 100]
    assert written(PlainSite({"/0.txt": "b" * 200_000}), tmp_path / "out") == {"0.txt": "written"}
    assert bodies(tmp_path / "out", 1) == ["b" * 200_000]


def test_a_recording_is_copied_in_pieces_and_read_no_more_than_it_must(tmp_path):
    """A recording whose copy has its digest is not copied again, with or without a manifest."""
    recording = Recording(os.urandom(5 * 1024**2))
    site = PlainSite({"/audio/a.mp3": recording.file})
    assert written(site, tmp_path / "out") == {"audio/a.mp3": "written"}
    assert (tmp_path / "out" / "audio" / "a.mp3").read_bytes() == recording.content
    assert recording.opened == 1
    assert written(site, tmp_path / "out") == {"audio/a.mp3": "unchanged"}
    (tmp_path / "out" / ".feedsite" / "written.json").write_text('{"version": 2, "rows": {"audio/a.mp3": [""]}}')
    assert written(site, tmp_path / "out") == {"audio/a.mp3": "unchanged"}
    assert recording.opened == 1


def test_a_recording_that_is_changed_while_it_is_copied_leaves_the_former_file(tmp_path):
    """A recording that changes while it is copied is reported in one sentence, and the former copy stays."""
    written(PlainSite({"/audio/a.mp3": Recording(b"former").file}), tmp_path / "out")
    changed = PlainSite({"/audio/a.mp3": Recording(os.urandom(5 * 1024**2), lasts=2).file})
    (change,) = export.write(changed, tmp_path / "out")
    problem = "it cannot be read: the file is being changed; build again"
    assert change == Change("audio/a.mp3", "failed", problem)
    assert (tmp_path / "out" / "audio" / "a.mp3").read_bytes() == b"former"


def test_what_is_saved_while_a_site_is_built_is_not_taken_for_what_was_planned(tmp_path):
    """An article that was wrong for a moment, during a build, is written right by the next build."""
    folder, out = tmp_path / "site", tmp_path / "out"
    shutil.copytree(SAMPLE, folder, ignore=shutil.ignore_patterns(".feedsite"))
    file = folder / "entries" / "2021-07-04-night-trains.yaml"
    right = file.read_text()
    library, planned = planned_in(folder)

    def save(_):
        file.write_text(right.replace("title: ", "title: Wrong "))
        planned_in(folder)  # another process takes it in: a server, or a check

    def reopen():
        own = library.of_this_process().contents(NOW)
        return Site(own.edition, own.settings, own.media)

    list(export.write(planned, out, reopen=reopen, counted=save))
    assert b"Wrong" in (out / "feed.rss").read_bytes()
    file.write_text(right)
    _, planned = planned_in(folder)
    list(export.write(planned, out))
    for name, item in export.planned(planned).items():
        assert (out / name).read_bytes() == export.drawing.content(planned, item.path).document.body, name


def test_a_build_looks_only_at_what_changed_since_the_last(tmp_path, monkeypatch):
    """After an edit the plan is not walked; what was deleted, or changed by others, in the output is written again."""
    folder, out = tmp_path / "site", tmp_path / "out"
    shutil.copytree(SAMPLE, folder, ignore=shutil.ignore_patterns(".feedsite"))
    list(export.write(planned_in(folder)[1], out))
    file = folder / "entries" / "2021-07-04-night-trains.yaml"
    file.write_text(file.read_text().replace("title: ", "title: Again, ", 1))
    (out / "feed.xml").unlink()
    (out / "2021" / "07" / "index.html").write_text("Somebody else's.")
    (out / "world" / "old-address" / "index.html").unlink()
    _, site = planned_in(folder)
    with monkeypatch.context() as patch:
        patch.setattr(Plan, "__iter__", None)
        changes = {change.path: change.action for change in export.write(site, out)}
    written = {name for name, action in changes.items() if action == "written"}
    assert {"feed.rss", "feed.xml", "2021/07/index.html", "world/old-address/index.html"} <= written
    assert len(written) < len(changes) / 2
    list(export.write(site, tmp_path / "anew"))
    assert tree(out) == tree(tmp_path / "anew")


def tree(folder):
    """The files of a build, but for feedsite's own, with their bytes."""
    files = (file for file in folder.rglob("*") if file.is_file() and ".feedsite" not in file.parts)
    return {file.relative_to(folder): file.read_bytes() for file in files}


def planned_in(folder):
    library = Library(folder, {}, indexfile.opened(folder, {}))
    library.read()
    contents = library.contents(NOW)
    return library, Site(contents.edition, contents.settings, contents.media)


def children(process):
    return [int(pid) for pid in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()]


def is_alive(pid):
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return False


def test_a_kill_in_the_middle_leaves_old_or_new_never_half(tmp_path):
    """After SIGKILL in a build each file is the old or the new one, and the next build removes what is stale."""
    out = tmp_path / "out"
    build(out, "o", 200, 200_000).communicate()
    process = build(out, "n", 200, 200_000)
    for _ in range(20):
        process.stdout.readline()
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    assert set(bodies(out, 200)) == {"o" * 200_000, "n" * 200_000}
    written(site_of(a="1"), out)
    assert files(out) == {"a/index.html"}


def test_a_first_build_that_was_killed_forgets_nothing(tmp_path):
    """What two killed builds began to write is removed by the next one, when the site no longer has it."""
    out = tmp_path / "out"
    for count in (200, 300):
        process = build(out, "n", count, 200_000)
        for _ in range(150):
            process.stdout.readline()
        os.kill(process.pid, signal.SIGKILL)
        process.communicate()
    written(site_of(a="1"), out)
    assert files(out) == {"a/index.html"}


@pytest.mark.skipif(sys.platform != "linux", reason="a build draws in several processes on Linux only")
class TestSeveralProcesses:
    """A large build draws in as many processes as there are cores, with the same result."""

    def test_they_write_what_one_writes(self, tmp_path):
        """Several processes write every file, and each is reported once, in order."""
        output, _ = build(tmp_path, "x", 1000, 10).communicate()
        assert output.split() == [f"{number}.txt" for number in range(1000)]
        assert bodies(tmp_path, 1000) == ["x" * 10] * 1000
        assert files(tmp_path) == set(output.split())

    def test_none_of_them_outlives_a_build_that_is_killed(self, tmp_path):
        """The processes of a killed build end, and release the folder for the next one."""
        process = build(tmp_path, "x", 4000, 10_000)
        process.stdout.readline()
        drawing = children(process)
        assert len(drawing) == min(os.cpu_count(), 16) or os.cpu_count() == 1
        process.kill()
        process.communicate()
        until = time.monotonic() + 10
        while any(map(is_alive, drawing)) and time.monotonic() < until:
            time.sleep(0.01)
        assert not any(map(is_alive, drawing))
        assert set(written(site_of(a="1"), tmp_path).values()) == {"written", "removed"}

    def test_a_build_whose_process_is_killed_reports_that(self, tmp_path):
        """When a process is killed, as for want of memory, the build ends with one sentence; what it wrote stays."""
        process = build(tmp_path, "x", 4000, 10_000)
        process.stdout.readline()
        for child in children(process):
            os.kill(child, signal.SIGKILL)
        _, told = process.communicate()
        assert "FeedsiteError: a process that draws pages was ended from outside" in told.splitlines()[-1]
        assert len(written(site_of(a="1"), tmp_path)) > 1


class TestOnlyWhatChanged:
    """A file with the same fingerprint, size and time is neither drawn nor read."""

    def test_what_did_not_change_is_not_drawn(self, tmp_path):
        """An unchanged path is not drawn again, neither at once nor after a change elsewhere."""
        written(site_of(a="1", b="2"), tmp_path)
        site = site_of(a="1", b="3")
        assert written(site, tmp_path) == {"a/index.html": "unchanged", "b/index.html": "written"}
        assert site.asked == ["/b"]

    @pytest.mark.parametrize("mend", [Path.unlink, lambda file: file.write_text("theirs")])
    def test_what_somebody_changed_or_deleted_is_mended(self, tmp_path, mend):
        """A file that somebody changed or deleted is written again."""
        written(site_of(a="1", b="2"), tmp_path)
        mend(tmp_path / "a" / "index.html")
        assert written(site_of(a="1", b="2"), tmp_path) == {"a/index.html": "written", "b/index.html": "unchanged"}
        assert (tmp_path / "a" / "index.html").read_text() == "1"

    def test_a_folder_that_was_copied_is_read_and_not_drawn(self, tmp_path):
        """Files with other times and the same bytes are not written again, and their times are noted."""
        out = tmp_path / "out"
        written(site_of(a="1", b="2"), out)
        os.utime(out / "a" / "index.html", ns=(1, 1))
        site = site_of(a="1", b="2")
        assert set(written(site, out).values()) == {"unchanged"}
        assert site.asked == []
        assert b",1,1," in (out / ".feedsite" / "written.json").read_bytes()

    def test_a_list_of_feedsite_0_1_is_used(self, tmp_path):
        """With the list of feedsite 0.1 no file is written again, and stale files are removed."""
        written(site_of(a="1", b="2"), tmp_path)
        (tmp_path / ".feedsite" / "written.json").write_text('{"a/index.html": "", "b/index.html": "entries/b.yaml"}')
        assert written(site_of(a="1"), tmp_path) == {"a/index.html": "unchanged", "b/index.html": "removed"}
        assert files(tmp_path) == {"a/index.html"}

    def test_a_fingerprint_that_alone_is_new_writes_nothing(self, tmp_path):
        """A file whose fingerprint alone changed, as with a new feedsite, is drawn once and not written."""
        written(site_of(a="1"), tmp_path)
        before = (tmp_path / "a" / "index.html").stat()
        site = site_of(a=Document(b"1", "text/plain"))
        assert written(site, tmp_path) == {"a/index.html": "unchanged"}
        assert (tmp_path / "a" / "index.html").stat() == before
        assert site.asked == ["/a"]

    def test_a_copy_of_a_feed_changes_with_it(self, tmp_path):
        """The copy of a feed at rss.xml changes with the feed."""
        moved = Moved("/feed.rss", "/feed.rss", Document(b"moved", "text/html"))
        for body in ("1", "2"):
            written(PlainSite({"/feed.rss": body, "/rss.xml": moved, "/rss": moved}), tmp_path)
            assert (tmp_path / "rss.xml").read_text() == body
        assert (tmp_path / "rss" / "index.html").read_text() == "moved"

    def test_a_damaged_manifest_is_reported(self, tmp_path):
        """A damaged manifest ends the build with one sentence: what to remove is not guessed."""
        written(site_of(a="1"), tmp_path)
        for text in ("{", "[]", '{"rows": {"a": 1}}', '{"version": 2, "rows": {"a": []}}'):
            (tmp_path / ".feedsite" / "written.json").write_text(text)
            with pytest.raises(FeedsiteError, match="is damaged; delete"):
                written(site_of(a="1"), tmp_path)


def looks(folder):
    """What stands there and when it was changed; not when it was read, which a build may well do."""
    found = {path: path.stat() for path in folder.rglob("*")}
    return {path: (one.st_mode, one.st_ino, one.st_size, one.st_ctime_ns) for path, one in found.items()}


def test_a_dry_run_reports_the_same_and_touches_nothing(tmp_path):
    """A dry run reports what a build would do, and touches nothing; it makes no folder either."""
    new = tmp_path / "new"
    assert [change.path for change in export.write(site_of(a="1"), new, is_dry=True)] == ["a/index.html"]
    assert not new.exists()
    written(site_of(a="1", b="2", c="3"), tmp_path / "out")
    before = looks(tmp_path)
    site = site_of(a="1", b="4")
    told = {change.path: change.action for change in export.write(site, tmp_path / "out", is_dry=True)}
    assert looks(tmp_path) == before
    assert told == written(site, tmp_path / "out")
    assert told == {"a/index.html": "unchanged", "b/index.html": "written", "c/index.html": "removed"}


def test_what_others_point_to_is_written_first(tmp_path):
    """Pictures are written first, then articles, then the lists of articles."""
    sources = {"/2026/11/a/": "entries/a.yaml", "/images/p.png": "images/p.png"}
    paths = ["/", "/feed.rss", "/2026/11/a/", "/images/p.png", "/static/style.css"]
    order = [change.path for change in export.write(PlainSite(dict.fromkeys(paths, "x"), sources), tmp_path)]
    assert order == ["images/p.png", "static/style.css", "2026/11/a/index.html", "index.html", "feed.rss"]


MOVED = Moved("/a/", "/a/", Document(b"moved", "text/html"))


def site_with_alias(path, **bodies):
    """A site of plain documents in which an article has an alias."""
    pages = {f"/{name}": body for name, body in bodies.items()}
    return PlainSite(pages | {path: MOVED}, {path: "entries/a.yaml"})


class TestWhatIsNotOurs:
    """A file that the manifest does not name is never overwritten or deleted."""

    @pytest.mark.parametrize(
        ("alias", "theirs"), [("/robots.txt", "robots.txt"), ("/own/", "own/index.html"), ("/ads.txt/x", "ads.txt")]
    )
    def test_an_operators_own_file_stays_and_its_alias_is_left_out(self, tmp_path, alias, theirs):
        """Somebody else's file in an alias's place stays, also after the alias is gone, and after a killed build."""
        written(site_of(a="1"), tmp_path)
        (tmp_path / theirs).parent.mkdir(exist_ok=True)
        (tmp_path / theirs).write_text("theirs")
        for number in range(3):
            told = written(site_with_alias(alias, a=str(number)), tmp_path)
            assert told == {"a/index.html": "written", export.file_name(alias): "kept"}
            assert (tmp_path / theirs).read_text() == "theirs"
        written(site_of(a="2"), tmp_path)
        assert (tmp_path / theirs).read_text() == "theirs"

    def test_what_a_killed_build_was_about_to_write_is_not_theirs(self, tmp_path):
        """After a killed build its own files may be overwritten; a file in an alias's place is not one of them."""
        written(site_of(a="1"), tmp_path)
        (tmp_path / "robots.txt").write_text("theirs")
        changes = export.write(site_with_alias("/robots.txt", a="2", b="2"), tmp_path)
        next(changes)
        changes.close()
        (tmp_path / "b").mkdir(exist_ok=True)
        (tmp_path / "b" / "index.html").write_text("of the build that was killed")
        told = written(site_with_alias("/robots.txt", a="3", b="3"), tmp_path)
        assert told == {"a/index.html": "written", "b/index.html": "written", "robots.txt": "kept"}
        assert (tmp_path / "robots.txt").read_text() == "theirs"

    def test_a_page_that_cannot_have_its_place_has_failed(self, tmp_path):
        """An article whose place somebody else's file has is reported as failed."""
        written(site_of(a="1"), tmp_path)
        (tmp_path / "b").mkdir()
        (tmp_path / "b" / "index.html").write_text("theirs")
        (change,) = [one for one in export.write(site_of(a="1", b="2"), tmp_path) if one.action == "failed"]
        assert change == Change("b/index.html", "failed", "a file that feedsite did not write stands there")
        assert (tmp_path / "b" / "index.html").read_text() == "theirs"

    def test_a_file_of_the_same_bytes_counts_as_written(self, tmp_path):
        """Somebody else's file with the bytes of the site's document counts as written."""
        written(site_of(a="1"), tmp_path)
        (tmp_path / "b").mkdir()
        (tmp_path / "b" / "index.html").write_text("2")
        assert written(site_of(a="1", b="2"), tmp_path) == {"a/index.html": "unchanged", "b/index.html": "unchanged"}
        assert written(site_of(a="1"), tmp_path)["b/index.html"] == "removed"

    def test_a_dry_run_reports_what_would_be_kept(self, tmp_path):
        """A dry run reports as kept what the build keeps."""
        written(site_of(a="1"), tmp_path)
        (tmp_path / "robots.txt").write_text("theirs")
        site = site_with_alias("/robots.txt", a="1")
        told = {change.path: change.action for change in export.write(site, tmp_path, is_dry=True)}
        assert told == written(site, tmp_path) == {"a/index.html": "unchanged", "robots.txt": "kept"}


class TestOneFileThatFails:
    """One file that cannot be written is reported, and keeps no other from being written."""

    def test_the_others_are_written(self, tmp_path):
        """When one file cannot be written, all others are; the next build tries it again."""
        for name in ("a", "\u0061" * 300):
            site = site_of(**{name: "1", "feed.rss": "1", "": "1", "z": "1"})
            told = {change.path: change for change in export.write(site, tmp_path)}
        long = f"{'a' * 300}/index.html"
        assert told.pop(long) == Change(long, "failed", "it cannot be written: File name too long")
        assert {change.action for change in told.values()} <= {"unchanged", "written", "removed"}
        assert files(tmp_path) == {"feed.rss", "index.html", "z/index.html"}
        assert written(site, tmp_path)[long] == "failed"

    def test_a_folder_where_a_file_must_stand(self, tmp_path):
        """A folder with something in it, in a file's place, makes that file fail, and no other."""
        (tmp_path / ".feedsite").mkdir()
        (tmp_path / ".feedsite" / "written.json").write_text("{}")
        (tmp_path / "feed.rss" / "x").mkdir(parents=True)
        told = {change.path: change for change in export.write(site_of(**{"feed.rss": "1", "a": "1"}), tmp_path)}
        assert told == {
            "feed.rss": Change("feed.rss", "failed", "a folder stands there"),
            "a/index.html": Change("a/index.html", "written"),
        }

    def test_a_picture_that_cannot_be_read(self, tmp_path):
        """When a picture cannot be read, its former file stays."""

        class Site(PlainSite):
            def draw(self, path):
                if path == "/images/p.png":
                    raise PermissionError(13, "Permission denied")
                return super().draw(path)

        written(PlainSite({"/images/p.png": "p", "/a": "1"}), tmp_path)
        told = {change.path: change for change in export.write(Site({"/images/p.png": "q", "/a": "2"}), tmp_path)}
        problem = "it cannot be read: Permission denied; build again"
        assert told["images/p.png"] == Change("images/p.png", "failed", problem)
        assert ((tmp_path / "images/p.png").read_text(), (tmp_path / "a/index.html").read_text()) == ("p", "2")

    @pytest.mark.parametrize("error", [errno.ENOSPC, errno.EROFS, errno.EDQUOT])
    def test_a_full_or_read_only_disk_ends_the_build(self, tmp_path, error):
        """A full or read-only disk ends the build with one sentence: no other file could be written either."""

        def full():
            yield b"x"
            raise OSError(error, os.strerror(error))

        with (
            locked(tmp_path / "out") as folder,
            pytest.raises(FeedsiteError, match=f"a.txt cannot be written: {os.strerror(error)}") as caught,
        ):
            folder.files.put("a.txt", full())
        assert type(caught.value) is FeedsiteError

    def test_what_cannot_be_removed_is_removed_later(self, tmp_path):
        """A stale file that cannot be removed is removed by a later build."""
        written(site_of(a="1", b="2"), tmp_path)
        if os.geteuid() == 0:
            pytest.skip("whoever runs this may delete everything")
        (tmp_path / "b").chmod(0o500)
        told = {change.path: change for change in export.write(site_of(a="1"), tmp_path)}
        (tmp_path / "b").chmod(0o700)
        problem = "it cannot be removed: Permission denied"
        assert told["b/index.html"] == Change("b/index.html", "failed", problem)
        assert written(site_of(a="1"), tmp_path)["b/index.html"] == "removed"


class TestLinks:
    """No link in the output folder is followed, for a contributor may have laid it there."""

    @pytest.mark.parametrize("name", ["2026", "2026/11", "2026/11/a", "2026/11/a/index.html"])
    def test_nothing_is_written_or_deleted_or_read_through_one(self, tmp_path, name):
        """Through a link, wherever it stands in a path, nothing is written, deleted or read."""
        out, outside = tmp_path / "out", tmp_path / "outside"
        written(PlainSite({"/2026/11/a/": "1", "/b": "1"}), out)
        (out / name).rename(outside)
        (out / name).symlink_to(outside)
        before = {path: path.is_file() and path.read_bytes() for path in outside.rglob("*")}
        told = written(PlainSite({"/2026/11/a/": "2", "/b": "2"}), out)
        assert told["b/index.html"] == "written"
        assert told["2026/11/a/index.html"] == ("written" if name.endswith("html") else "failed")
        written(PlainSite({"/b": "3"}), out)
        assert {path: path.is_file() and path.read_bytes() for path in outside.rglob("*")} == before
        assert outside.exists()

    def test_its_own_folder_is_no_link(self, tmp_path):
        """A link in the place of .feedsite ends the build: it would be written through."""
        out = tmp_path / "out"
        written(site_of(a="1"), out)
        (out / ".feedsite").rename(tmp_path / "elsewhere")
        (out / ".feedsite").symlink_to(tmp_path / "elsewhere")
        with pytest.raises(FeedsiteError, match="cannot be written to"):
            written(site_of(a="2"), out)
        assert (out / "a" / "index.html").read_text() == "1"


class TestAManifestThatAContributorWrote:
    """In the site's folder a manifest is believed only where this user's own build wrote it."""

    def poisoned(self, tmp_path):
        """An output with forged pages and a forged manifest that names their fingerprints."""
        out = tmp_path / "out"
        builds = Builds(tmp_path / "cache", out)
        sources = {"/a": "entries/a.yaml", "/b": "entries/b.yaml"}
        list(export.write(PlainSite({"/a": "1", "/b": "1"}, sources), out, builds=builds))
        list(export.write(PlainSite({"/a": "<script>", "/b": "<script>"}, sources), out))  # no build of this user
        rows = json.loads((out / ".feedsite" / "written.json").read_text())
        good = PlainSite({"/a": "1", "/b": "1"}, sources)
        for name in ("a", "b"):
            rows["rows"][f"{name}/index.html"][0] = good.fingerprint(f"/{name}")
        (out / ".feedsite" / "written.json").write_text(json.dumps(rows))
        return out, builds, good

    def test_it_is_refused_before_anything_is_touched(self, tmp_path):
        """A forged manifest is refused before anything is touched, and the error says to delete the folder."""
        out, builds, good = self.poisoned(tmp_path)
        before = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
        with pytest.raises(FeedsiteError, match="no build of yours is known to have written it; delete it, or build"):
            list(export.write(good, out, builds=builds))
        assert {path: path.read_bytes() for path in out.rglob("*") if path.is_file()} == before

    @pytest.mark.parametrize("name", ["written.json", "begun.json"])
    def test_a_folder_with_nothing_but_a_forged_list_is_no_export(self, tmp_path, name):
        """A folder with a page and an empty forged manifest is refused: the page would count as written by feedsite."""
        out = tmp_path / "out"
        (out / ".feedsite").mkdir(parents=True)
        (out / ".feedsite" / name).write_text('{"version": 2, "rows": {}}')
        (out / "index.html").write_text("<script>")
        with pytest.raises(FeedsiteError, match="no build of yours is known to have written it"):
            list(export.write(PlainSite({"/": "1"}), out, builds=Builds(tmp_path / "cache", out)))

    @pytest.mark.parametrize("is_killed", [False, True])
    def test_a_forged_list_alone_names_nothing(self, tmp_path, is_killed):
        """A forged manifest that lies alone is dropped: an operator's own file of a name in it stays."""
        out = tmp_path / "out"
        (out / ".feedsite").mkdir(parents=True)
        row = ["x", "", "entries/bad.yaml", 1, 1]
        (out / ".feedsite" / "written.json").write_text(json.dumps({"version": 2, "rows": {"CNAME": row}}))
        builds = Builds(tmp_path / "cache", out)
        running = export.write(PlainSite({"/a": "1"}), out, {"entries/bad.yaml"}, builds=builds)
        next(running)
        if is_killed:
            running.close()
        list(running)
        (out / "CNAME").write_text("news.example")
        list(export.write(PlainSite({"/a": "1"}), out, builds=builds))
        assert (out / "CNAME").read_text() == "news.example"
        assert files(out) == {"CNAME", "a/index.html"}

    def test_a_forged_list_of_what_was_begun_names_nothing(self, tmp_path):
        """A forged begun.json is not believed: an operator's own file of a name in it stays."""
        out = tmp_path / "out"
        builds, site = Builds(tmp_path / "cache", out), PlainSite({"/a": "1"})
        list(export.write(site, out, builds=builds))
        (out / "robots.txt").write_text("own")
        row = ["", "", "", -1, 0]
        (out / ".feedsite" / "begun.json").write_text(json.dumps({"version": 2, "rows": {"robots.txt": row}}))
        list(export.write(site, out, builds=builds))
        assert (out / "robots.txt").read_text() == "own"

    def test_a_killed_build_of_this_user_is_continued(self, tmp_path):
        """After a killed build of this user, the next build removes what it was about to write."""
        out = tmp_path / "out"
        builds = Builds(tmp_path / "cache", out)
        running = export.write(PlainSite({"/a": "1", "/b": "1"}), out, builds=builds)
        next(running)
        running.close()
        list(export.write(PlainSite({"/b": "2"}), out, builds=builds))
        assert files(out) == {"b/index.html"}

    def test_no_other_user_can_lock_it(self, tmp_path):
        """feedsite's own folder is closed to other users, who could lock it."""
        list(export.write(PlainSite({"/a": "1"}), tmp_path / "out"))
        assert (tmp_path / "out" / ".feedsite").stat().st_mode & 0o777 == 0o700

    def test_elsewhere_it_is_believed(self, tmp_path):
        """Outside the site's folder a manifest is believed, for it may come from another machine."""
        out, _, good = self.poisoned(tmp_path)
        assert {change.action for change in export.write(good, out)} == {"unchanged"}


PARTS = st.sampled_from(
    [
        *(
            "con",
            "Nul.txt",
            "COM1",
            "lpt9.x",
            "aux",
            "a.",
            "a ",
            "a:b",
            "a|b",
            "a*",
            "A",
            "a",
            "é",
            "e\u0301",
            "ß",
            "ss",
        ),
        *("a.b", "A.B", "..", ".a", "", "index.html", "404.html", "feed.rss", "robots.txt", "2026", "11"),
        *("夜" * 70, "x" * 200, "x" * 201),
    ]
)
ALIASES = st.lists(
    st.tuples(st.lists(PARTS, min_size=1, max_size=24).map("/".join), st.sampled_from(["", "/"])).map(
        lambda told: f"/{told[0]}{told[1]}"
    ),
    max_size=6,
)
SLUGS = st.sampled_from(["a", "con", "com1", "nul", "A", "ß", "夜" * 66, "夜" * 67, "x" * 200, "é"])
WINDOWS = re.compile(r'[<>:"|?*\\\x00-\x1f]|[. ]$|^(con|prn|aux|nul|(com|lpt)[0-9¹²³])(\.|$)', re.IGNORECASE)


@seldom
@given(st.lists(st.tuples(SLUGS, ALIASES), max_size=4))
@example([("a", [f"/{'/'.join(['x' * 200] * 25)}"])])
@example([("a1", ["/404.html/x", "/index.html/x", "/2026/01/a1/index.html/x"])])
@example([("a", ["/x" * 2000])])
@example([("a", ["/a.b", "/a.b/", "/A.b/c"]), ("b", ["/a.B/d"])])
def test_what_check_passes_build_writes(articles):
    """Law: all paths that `feedsite check` passes can be files side by side, on every system and in S3."""
    sound = []
    for number, (slug, aliases) in enumerate(articles):
        for some in [aliases, *([one] for one in aliases), []]:
            text = entry_text(id=f"tag:a.example,2026:{number}", slug=slug, aliases=json.dumps(some))
            if found := entryfile.read(text.encode(), f"entries/{number}.yaml", settings()).entry:
                sound.append(found)
                break
    held = index(*sound)
    site = Site(Edition(held, NOW.replace(year=2027)), settings(), {})
    with tempfile.TemporaryDirectory() as place:
        changes = list(export.write(site, Path(place)))
        assert {change.action for change in changes} == {"written"}
        for change in changes:
            assert (Path(place) / change.path).is_file()
            assert len(change.path.encode()) + 200 <= 1024
            assert not [part for part in change.path.split("/") if WINDOWS.search(part) or len(part.encode()) > 255]
    folded = {change.path.casefold() for change in changes}
    assert len(folded) == len(changes)
    assert not folded & {str(above) for name in folded for above in PurePosixPath(name).parents}
