"""The site in a folder: the bytes that are served, and nothing of anybody else's touched."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import pytest

from feedsite import export
from feedsite.document import Document
from feedsite.errors import FeedsiteError
from feedsite.serving.live import Live
from feedsite.serving.web import create_app
from feedsite.site import Site

from .golden import NOW, SAMPLE, sample_site


def written(site, folder):
    return {change.path: change.action for change in export.write(site, folder)}


def files(folder):
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()} - {".feedsite/written.json"}


def site_of(**bodies):
    """A site of plain documents: name_of_path=body."""
    plan = {f"/{name}": lambda body=body: Document(body.encode(), "text/plain") for name, body in bodies.items()}
    return Site(plan, None, lambda _path: None, {})


def test_the_served_answer_equals_the_exported_file(tmp_path):
    """Server and export read the same Site: every path, byte for byte."""
    shutil.copytree(SAMPLE, tmp_path / "site")
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
    plan = {f"/{name}/": lambda name=name: Document(name.encode(), "text/plain") for name in "abc"}
    sources = {f"/{name}/": f"entries/{name}.yaml" for name in "abc"}
    written(Site(plan, None, None, sources), tmp_path)
    del plan["/b/"], plan["/c/"]
    faulty = {"entries/b.yaml"}
    for _ in range(2):
        list(export.write(Site(plan, None, None, sources), tmp_path, faulty))
        assert files(tmp_path) == {"a/index.html", "b/index.html"}
    written(Site(plan, None, None, sources), tmp_path)
    assert files(tmp_path) == {"a/index.html"}


def test_what_a_lost_folder_published_stays(tmp_path):
    """An unmounted share, or entries/ moved away for a moment, deletes nothing."""
    plan = {"/a/": lambda: Document(b"a", "text/plain"), "/images/p.png": lambda: Document(b"p", "image/png")}
    sources = {"/a/": "entries/world/a.yaml", "/images/p.png": "images/p.png"}
    written(Site(plan, None, None, sources), tmp_path)
    list(export.write(Site({}, None, None, {}), tmp_path, {"entries/world", "images"}))
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


_KILLED = """
import sys
from pathlib import Path
from pathlib import Path
from feedsite import export
from feedsite.document import Document
from feedsite.site import Site
body = (sys.argv[2] * 200_000).encode()
plan = {f"/{n}.txt": lambda: Document(body, "text/plain") for n in range(200)}
for change in export.write(Site(plan, None, None, {}), Path(sys.argv[1])):
    print(change.path, flush=True)
"""


def test_a_kill_in_the_middle_leaves_old_or_new_never_half(tmp_path):
    """SIGKILL during an export: each file is whole, and the next export mends the rest and forgets nothing."""
    out = tmp_path / "out"
    subprocess.run([sys.executable, "-c", _KILLED, str(out), "o"], check=True, stdout=subprocess.DEVNULL)
    process = subprocess.Popen([sys.executable, "-c", _KILLED, str(out), "n"], stdout=subprocess.PIPE, text=True)
    for _ in range(20):
        process.stdout.readline()
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    bodies = [(out / f"{n}.txt").read_bytes() for n in range(200)]
    assert set(bodies) == {b"o" * 200_000, b"n" * 200_000}
    written(site_of(a="1"), out)
    assert files(out) == {"a/index.html"}
