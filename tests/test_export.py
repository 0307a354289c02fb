"""The site in a folder: the bytes that are served, and nothing of anybody else's touched."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import quote

import pytest

from feedsite import export
from feedsite.document import Document, Moved
from feedsite.errors import FeedsiteError
from feedsite.reading import cache
from feedsite.reading.library import Library
from feedsite.serving.live import Live
from feedsite.serving.web import create_app
from feedsite.site import Site

from .golden import NOW, SAMPLE, sample_site
from .plainsite import PlainSite, Recording

ROOT = Path(__file__).parent.parent


def written(site, folder):
    return {change.path: change.action for change in export.write(site, folder)}


def files(folder):
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()} - {".feedsite/written.json"}


def site_of(**bodies):
    """A site of plain documents: name_of_path=body."""
    return PlainSite({f"/{name}": body for name, body in bodies.items()})


def test_the_served_answer_equals_the_exported_file(tmp_path):
    """Server and export read the same Site: every path, byte for byte."""
    shutil.copytree(SAMPLE, tmp_path / "site", ignore=shutil.ignore_patterns(".feedsite"))
    live = Live(tmp_path / "site", {}, clock=lambda: NOW)
    client = create_app(live).test_client()
    out = tmp_path / "out"
    written(sample_site(), out)
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
    """A static server finds the file where the address points."""
    assert export.file_name(path) == name


def test_only_what_changed_is_written(tmp_path):
    """A second export writes nothing and touches no file's time."""
    written(site_of(a="1", b="2"), tmp_path)
    before = {name: (tmp_path / name).stat().st_mtime_ns for name in files(tmp_path)}
    assert set(written(site_of(a="1", b="2"), tmp_path).values()) == {"unchanged"}
    assert {name: (tmp_path / name).stat().st_mtime_ns for name in files(tmp_path)} == before
    assert written(site_of(a="1", b="3"), tmp_path) == {"a/index.html": "unchanged", "b/index.html": "written"}


def test_what_no_longer_exists_is_removed_and_nothing_else(tmp_path):
    """An export removes what exports wrote; a file that somebody laid there stays."""
    written(site_of(a="1", b="2"), tmp_path)
    (tmp_path / "robots.txt").write_text("theirs")
    (tmp_path / "b" / "theirs.txt").write_text("theirs")
    assert written(site_of(a="1"), tmp_path) == {"a/index.html": "unchanged", "b/index.html": "removed"}
    assert files(tmp_path) == {"a/index.html", "robots.txt", "b/theirs.txt"}


def test_what_a_faulty_file_published_stays_and_nothing_else_does(tmp_path):
    """A slip takes no page offline, and shields no page that was taken back elsewhere."""
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
    """An unmounted share, or entries/ moved away for a moment, deletes nothing."""
    sources = {"/a/": "entries/world/a.yaml", "/images/p.png": "images/p.png"}
    written(PlainSite({"/a/": "a", "/images/p.png": "p"}, sources), tmp_path)
    list(export.write(PlainSite({}), tmp_path, {"entries/world", "images"}))
    assert files(tmp_path) == {"a/index.html", "images/p.png"}


def test_two_exports_at_once_do_not_mix(tmp_path):
    """The second is refused while the first writes, and works after it."""
    first = export.write(site_of(a="1", b="2"), tmp_path)
    next(first)
    with pytest.raises(FeedsiteError, match="another build"):
        written(site_of(a="other"), tmp_path)
    list(first)
    assert written(site_of(a="1", b="2"), tmp_path) == {"a/index.html": "unchanged", "b/index.html": "unchanged"}


def test_a_link_laid_in_the_way_is_not_written_through(tmp_path):
    """What a stranger put into .feedsite leads nowhere."""
    out = tmp_path / "out"
    written(site_of(a="1"), out)
    (tmp_path / "precious").write_text("x")
    (out / ".feedsite" / "part").symlink_to(tmp_path / "precious")
    written(site_of(a="2"), out)
    assert (tmp_path / "precious").read_text() == "x"


def test_a_file_becomes_a_folder_and_back(tmp_path):
    """`/a` and `/a/b.txt` can follow each other."""
    written(site_of(**{"a.d": "file"}), tmp_path)
    written(site_of(**{"a.d/b": "below"}), tmp_path)
    assert files(tmp_path) == {"a.d/b/index.html"}
    written(site_of(**{"a.d": "file"}), tmp_path)
    assert files(tmp_path) == {"a.d"}


def test_a_folder_that_is_no_export_is_refused(tmp_path):
    """--output on the wrong folder destroys nothing."""
    (tmp_path / "thesis.doc").write_text("years of work")
    with pytest.raises(FeedsiteError, match="not empty"):
        written(site_of(a="1"), tmp_path)
    assert files(tmp_path) == {"thesis.doc"}


def test_a_folder_that_cannot_be_written_to_is_told(tmp_path):
    """A file in the way, or a place where nobody may write, is one sentence."""
    (tmp_path / "file").write_text("x")
    for place in (tmp_path / "file", tmp_path / "file" / "below", Path("/proc/feedsite")):
        with pytest.raises(FeedsiteError, match="cannot be written to"):
            written(site_of(a="1"), place)


def test_a_list_with_other_peoples_paths_removes_nothing_outside(tmp_path):
    """What the list names outside the folder is not ours."""
    out = tmp_path / "out"
    written(site_of(a="1"), out)
    (tmp_path / "precious").write_text("x")
    (out / ".feedsite" / "written.json").write_text('{"../precious": "", "/etc/hostname": "", "a/index.html": ""}')
    written(site_of(b="1"), out)
    assert (tmp_path / "precious").exists()
    assert files(out) == {"b/index.html"}


# A build of many files, or of fewer, larger ones, in a process of its own, which tells what it writes.
_BUILD = """
import sys
import time
from pathlib import Path
from feedsite import export
from tests.plainsite import PlainSite
output, letter, count, size = sys.argv[1:]
site = PlainSite({f"/{number}.txt": letter * int(size) for number in range(int(count))})
for change in export.write(site, Path(output)):
    print(change.path, flush=True)
"""


def build(*words):
    command = [sys.executable, "-c", _BUILD, *map(str, words)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def bodies(folder, count):
    return [(folder / f"{number}.txt").read_text() for number in range(count)]


def test_a_disk_that_takes_a_file_only_in_part_leaves_the_former_one(tmp_path):
    """A full disk may take the first half of a write without a word: no half file is taken for whole, then or later."""
    written(PlainSite({"/0.txt": "a" * 100}), tmp_path / "out")
    limited = ["sh", "-c", 'ulimit -f 100; exec "$@"', "sh", sys.executable, "-c", _BUILD, tmp_path / "out"]
    build = subprocess.run([*limited, "b", "1", "200000"], check=False, cwd=ROOT, capture_output=True, text=True)
    assert "0.txt cannot be written: File too large" in build.stderr.splitlines()[-1]
    assert bodies(tmp_path / "out", 1) == ["a" * 100]
    assert written(PlainSite({"/0.txt": "b" * 200_000}), tmp_path / "out") == {"0.txt": "written"}
    assert bodies(tmp_path / "out", 1) == ["b" * 200_000]


def test_a_recording_is_copied_in_pieces_and_read_no_more_than_it_must(tmp_path):
    """What stands there with its digest is not copied again, whether the memory of it is there or not."""
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
    """One sentence says so, and no file is half the one and half the other."""
    written(PlainSite({"/audio/a.mp3": Recording(b"former").file}), tmp_path / "out")
    changed = PlainSite({"/audio/a.mp3": Recording(os.urandom(5 * 1024**2), lasts=2).file})
    with pytest.raises(FeedsiteError, match="cannot be read: the file is being changed; build again"):
        written(changed, tmp_path / "out")
    assert (tmp_path / "out" / "audio" / "a.mp3").read_bytes() == b"former"


def test_what_is_saved_while_a_site_is_built_is_not_taken_for_what_was_planned(tmp_path):
    """An article that was wrong for a moment, during a build, stays nowhere: the next build takes it back."""
    folder, out = tmp_path / "site", tmp_path / "out"
    shutil.copytree(SAMPLE, folder, ignore=shutil.ignore_patterns(".feedsite"))
    file = folder / "entries" / "2021-07-04-night-trains.yaml"
    right = file.read_text()
    holdings, planned = planned_in(folder)
    items = export.planned(planned)
    file.write_text(right.replace("title: ", "title: Wrong "))
    planned_in(folder)  # another process takes it in: a server, or a check

    def again():
        own = holdings.of_this_process()
        return Site(own.edition(NOW), own.settings, own.media)

    list(export.write(planned, out, again=again, items=items))
    assert b"Wrong" in (out / "feed.rss").read_bytes()
    file.write_text(right)
    _, planned = planned_in(folder)
    list(export.write(planned, out))
    for name, item in export.planned(planned).items():
        assert (out / name).read_bytes() == export.names.held(planned, item.path).document.body, name


def planned_in(folder):
    library = Library(folder, {}, cache.opened(folder, {}))
    holdings = library.read()
    return holdings, Site(holdings.edition(NOW), holdings.settings, holdings.media)


def children(process):
    return [int(pid) for pid in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()]


def is_alive(pid):
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return False


def test_a_kill_in_the_middle_leaves_old_or_new_never_half(tmp_path):
    """SIGKILL during a build: each file is whole, and the next build mends the rest and forgets nothing."""
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
    """Nor does the one after it, killed too: what either began to write is removed when the site has it no more."""
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
    """A large build is drawn on all cores, and nobody sees that it is."""

    def test_they_write_what_one_writes(self, tmp_path):
        """Every file, each told once."""
        output, _ = build(tmp_path, "x", 1000, 10).communicate()
        assert output.split() == [f"{number}.txt" for number in range(1000)]
        assert bodies(tmp_path, 1000) == ["x" * 10] * 1000
        assert files(tmp_path) == set(output.split())

    def test_none_of_them_outlives_a_build_that_is_killed(self, tmp_path):
        """Nobody writes on, and nobody holds the folder: the next build begins at once."""
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

    def test_a_build_that_loses_one_says_so(self, tmp_path):
        """The system ends whoever takes too much memory: that is one sentence, and what was written stays."""
        process = build(tmp_path, "x", 4000, 10_000)
        process.stdout.readline()
        for child in children(process):
            os.kill(child, signal.SIGKILL)
        _, told = process.communicate()
        assert "FeedsiteError: a process that draws pages was ended from outside" in told.splitlines()[-1]
        assert len(written(site_of(a="1"), tmp_path)) > 1


class TestWhatIsRemembered:
    """A file whose plan and place are as they were is neither drawn nor read."""

    def test_what_did_not_change_is_not_drawn(self, tmp_path):
        """Neither at once nor after a change elsewhere."""
        written(site_of(a="1", b="2"), tmp_path)
        site = site_of(a="1", b="3")
        assert written(site, tmp_path) == {"a/index.html": "unchanged", "b/index.html": "written"}
        assert site.asked == ["/b"]

    @pytest.mark.parametrize("mend", [Path.unlink, lambda file: file.write_text("theirs")])
    def test_what_somebody_changed_or_deleted_is_mended(self, tmp_path, mend):
        """The folder is as the site is, whoever was in it."""
        written(site_of(a="1", b="2"), tmp_path)
        mend(tmp_path / "a" / "index.html")
        assert written(site_of(a="1", b="2"), tmp_path) == {"a/index.html": "written", "b/index.html": "unchanged"}
        assert (tmp_path / "a" / "index.html").read_text() == "1"

    def test_a_folder_that_was_copied_is_read_and_not_drawn(self, tmp_path):
        """Other times, same bytes: nothing is written, and the times are remembered."""
        out = tmp_path / "out"
        written(site_of(a="1", b="2"), out)
        os.utime(out / "a" / "index.html", ns=(1, 1))
        site = site_of(a="1", b="2")
        assert set(written(site, out).values()) == {"unchanged"}
        assert site.asked == []
        assert b",1,1]" in (out / ".feedsite" / "written.json").read_bytes()

    def test_an_older_list_is_taken_over(self, tmp_path):
        """What feedsite 0.1 wrote, by file and entry file: nothing is written anew, and what is stale goes."""
        written(site_of(a="1", b="2"), tmp_path)
        (tmp_path / ".feedsite" / "written.json").write_text('{"a/index.html": "", "b/index.html": "entries/b.yaml"}')
        assert written(site_of(a="1"), tmp_path) == {"a/index.html": "unchanged", "b/index.html": "removed"}
        assert files(tmp_path) == {"a/index.html"}

    def test_a_fingerprint_that_alone_is_new_writes_nothing(self, tmp_path):
        """A new version of feedsite draws everything once; what has the same bytes keeps its file."""
        written(site_of(a="1"), tmp_path)
        before = (tmp_path / "a" / "index.html").stat()
        site = site_of(a=Document(b"1", "text/plain"))
        assert written(site, tmp_path) == {"a/index.html": "unchanged"}
        assert (tmp_path / "a" / "index.html").stat() == before
        assert site.asked == ["/a"]

    def test_a_copy_of_a_feed_changes_with_it(self, tmp_path):
        """At rss.xml stands the feed itself, whose plan is not that of a redirect."""
        moved = Moved("/feed.rss", "/feed.rss", Document(b"moved", "text/html"))
        for body in ("1", "2"):
            written(PlainSite({"/feed.rss": body, "/rss.xml": moved, "/rss": moved}), tmp_path)
            assert (tmp_path / "rss.xml").read_text() == body
        assert (tmp_path / "rss" / "index.html").read_text() == "moved"

    def test_a_list_that_is_damaged_is_told(self, tmp_path):
        """Guessing what to remove would be worse."""
        written(site_of(a="1"), tmp_path)
        for text in ("{", "[]", '{"rows": {"a": 1}}', '{"version": 2, "rows": {"a": []}}'):
            (tmp_path / ".feedsite" / "written.json").write_text(text)
            with pytest.raises(FeedsiteError, match="is damaged; delete"):
                written(site_of(a="1"), tmp_path)


def test_a_dry_run_tells_the_same_and_touches_nothing(tmp_path):
    """Not even a folder that does not exist yet."""
    new = tmp_path / "new"
    assert [change.path for change in export.write(site_of(a="1"), new, is_dry=True)] == ["a/index.html"]
    assert not new.exists()
    written(site_of(a="1", b="2", c="3"), tmp_path / "out")
    before = {path: path.stat() for path in tmp_path.rglob("*")}
    site = site_of(a="1", b="4")
    told = {change.path: change.action for change in export.write(site, tmp_path / "out", is_dry=True)}
    assert {path: path.stat() for path in tmp_path.rglob("*")} == before
    assert told == written(site, tmp_path / "out")
    assert told == {"a/index.html": "unchanged", "b/index.html": "written", "c/index.html": "removed"}


def test_what_others_point_to_is_written_first(tmp_path):
    """Pictures, then articles, then lists of them."""
    sources = {"/2026/11/a/": "entries/a.yaml", "/images/p.png": "images/p.png"}
    paths = ["/", "/feed.rss", "/2026/11/a/", "/images/p.png", "/static/style.css"]
    order = [change.path for change in export.write(PlainSite(dict.fromkeys(paths, "x"), sources), tmp_path)]
    assert order == ["images/p.png", "static/style.css", "2026/11/a/index.html", "index.html", "feed.rss"]
