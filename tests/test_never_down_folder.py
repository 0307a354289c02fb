"""Whatever becomes of the folder, readers are served what was good last, and a line in the log names the cause."""

import os
import shutil
import subprocess

import pytest

from benchmarks import stories

from .support.newsroom import (
    PATIENCE,
    STORIES,
    TOGETHER,
    bound_by_rights,
    edit,
    lines,
    newsroom,
    read_by_a_crowd,
    serving,
)
from .support.programs import needed
from .support.waiting import until

WORKERS = 2
LARGE = 50 * 1024**2  # bytes


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """One server for all tests that leave the folder as they found it."""
    site = newsroom(tmp_path_factory.mktemp("never-down"))
    with serving(site, *TOGETHER) as one:
        one.site = site
        yield one


@pytest.fixture
def site(server):
    """Its folder; afterwards every story is there again, in its first version, and nothing else."""
    yield server.site
    for path in sorted((server.site / "entries").iterdir()):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
    for number in STORIES:
        stories.save(server.site, number)
    until(lambda: all(f"Story {number}, version 1<".encode() in server.get("/feed.rss").body for number in STORIES))
    until(lambda: b"faults: 0" in server.get("/status").body)


def pipe(path):
    os.mkfifo(path)


def endless(path):
    path.symlink_to("/dev/zero")


def itself(path):
    path.symlink_to(path.name)


def nowhere(path):
    path.symlink_to("nowhere.yaml")


def above(path):
    path.symlink_to(path.parent, target_is_directory=True)


def large(path):
    path.touch()
    os.truncate(path, LARGE)


def folder(path):
    path.mkdir()


def nothing(path):
    path.touch()


def noise(path):
    path.write_bytes(bytes(range(256)) * 100)


@pytest.mark.parametrize(
    ("make", "name", "cause"),
    [
        (pipe, "pipe.yaml", "this is no ordinary file (a folder, a pipe or a device)"),
        (endless, "endless.yaml", "a link leads out of the site's folder"),
        (itself, "itself.yaml", "this cannot be read: Too many levels of symbolic links"),
        (nowhere, "nowhere-to.yaml", "this does not exist; a link may point nowhere"),
        (above, "above", "this link leads back to a folder above it; delete the link"),
        (large, "large.yaml", "the file is larger than 1 MB"),
        (folder, "folder.yaml", "this is a folder with the name of an article; rename the folder"),
        (nothing, "nothing.yaml", ""),
        (noise, "noise.yaml", ""),
    ],
)
def test_what_is_no_article_harms_none(server, site, make, name, cause):
    """Its fault stands in one line of the log, and the next edit of another file is served."""
    path = site / "entries" / name
    with read_by_a_crowd(server) as crowd:
        make(path)
        until(lambda: lines(server, f"ERROR entries/{name}:"), PATIENCE)
        edit(site, crowd, 3, 2)
        path.rmdir() if make is folder else path.unlink()
        until(lambda: lines(server, f"INFO entries/{name}: no fault any more"), PATIENCE)
    told = lines(server, f"ERROR entries/{name}:")
    assert len(told) <= WORKERS
    assert {cause in line for line in told} == {True}


def test_ten_thousand_broken_files_harm_no_article(server, site, tmp_path):
    """They come all at once, and go all at once; an edit is served meanwhile."""
    broken = tmp_path / "broken"
    broken.mkdir()
    for number in range(10_000):
        (broken / f"{number}.yaml").write_text("title: [\n")
    with read_by_a_crowd(server) as crowd:
        broken.rename(site / "entries" / "broken")
        until(lambda: b"faults: 10000\n" in server.get("/status").body, PATIENCE)
        edit(site, crowd, 3, 2)
        (site / "entries" / "broken").rename(broken)
        until(lambda: b"faults: 0\n" in server.get("/status").body, PATIENCE)


def test_an_emptied_folder_is_an_empty_feed_and_filled_again_a_full_one(server, site):
    """All files deleted at once: that is what the editor wants. What comes back is there again, once."""
    with read_by_a_crowd(server, always=(), known=STORIES) as crowd:
        for number in STORIES:
            stories.file(site, number).unlink()
        until(lambda: b"<item>" not in server.get("/feed.rss").body, PATIENCE)
        crowd.hear()
        for number in STORIES:
            stories.save(site, number, 2)
        until(lambda: server.get("/feed.rss").body.count(b"<item>") == len(STORIES), PATIENCE)


def rename(site, new):
    (site / "entries").rename(site / "aside")
    new.rename(site / "entries")


def link(site, new):
    """As deployments do that keep their releases: the link is replaced in one step."""
    if not (site / "entries").is_symlink():
        (site / "entries").rename(site / "release-1")
        (site / "entries").symlink_to("release-1")
    (site / "link").symlink_to(new.name)
    (site / "link").rename(site / "entries")


@pytest.mark.parametrize("replace", [rename, link])
def test_a_folder_that_is_replaced_loses_no_article(tmp_path, replace):
    """From one answer to the next all its articles are the new ones; edits in the new folder are seen."""
    site = newsroom(tmp_path)
    new = site / "release-2"
    new.mkdir()
    for number in STORIES:
        (new / stories.file(site, number).name).write_text(stories.text(number, 2))
    with serving(site, *TOGETHER) as server, read_by_a_crowd(server) as crowd:
        replace(site, new)
        until(lambda: {crowd.version(number) for number in STORIES} == {2}, PATIENCE)
        edit(site, crowd, 3, 3)


def test_a_folder_that_is_away_and_comes_back_loses_no_article(tmp_path):
    """A disk that drops out: all stays as it was, one line tells it, and what was edited there is served afterwards."""
    site = newsroom(tmp_path)
    with serving(site, *TOGETHER) as server, read_by_a_crowd(server) as crowd:
        (site / "entries").rename(site / "away")
        until(lambda: lines(server, "ERROR entries: this does not exist"), PATIENCE)
        crowd.hear(100)
        (site / "away" / stories.file(site, 3).name).write_text(stories.text(3, 2))
        (site / "away").rename(site / "entries")
        until(lambda: crowd.version(3) == 2, PATIENCE)
        until(lambda: lines(server, "INFO entries: no fault any more"), PATIENCE)
        assert len(lines(server, "ERROR ")) <= WORKERS


def test_a_folder_that_may_not_be_read_loses_no_article(tmp_path):
    """Nor does a file: rights that a deployment set wrong are told in one line, and taken back they are no matter."""
    site = newsroom(tmp_path)
    with serving(site, *TOGETHER, within=bound_by_rights()) as server, read_by_a_crowd(server) as crowd:
        for path in (site / "entries", stories.file(site, 3)):
            usual = path.stat().st_mode
            path.chmod(0)
            name = path.relative_to(site)
            until(lambda name=name: lines(server, f"ERROR {name}: feedsite is not allowed to read this"), PATIENCE)
            crowd.hear(50)
            path.chmod(usual)
            until(lambda name=name: lines(server, f"INFO {name}: no fault any more"), PATIENCE)
            assert len(lines(server, f"ERROR {name}:")) <= WORKERS
        edit(site, crowd, 3, 2)


def test_a_git_checkout_of_a_thousand_files_is_one_new_version(tmp_path):
    """Readers see the branch before or the branch after, and no mixture of both."""
    site = newsroom(tmp_path, 1200)
    newest = range(1150, 1200)

    def git(*words):
        told = ("-c", "user.name=T", "-c", "user.email=t@localhost", "-c", "commit.gpgsign=false")
        subprocess.run([needed("git"), *told, *words], cwd=site, check=True, capture_output=True)

    # As names come, so git writes: the feed's stories lie all over the folder, or a mixture would hardly be met.
    for number in newest:
        path = stories.file(site, number)
        path.with_name(f"story-{number * 7919 % 1200:05}-as-{number}.yaml").write_text(
            stories.text(number, slug=path.stem)
        )
        path.unlink()
    git("init", "--quiet", "--initial-branch=one")
    git("add", ".")
    git("commit", "--quiet", "--message=one")
    git("checkout", "--quiet", "-b", "two")
    for path in (site / "entries").iterdir():
        path.write_text(path.read_text().replace("ersion 1", "ersion 2"))
    git("commit", "--quiet", "--all", "--message=two")
    git("checkout", "--quiet", "one")
    with serving(site, *TOGETHER) as server, read_by_a_crowd(server, always=newest) as crowd:
        for version, branch in ((1, "one"), (2, "two")):
            git("checkout", "--quiet", branch)
            until(lambda version=version: crowd.version(1150) == version, PATIENCE)
        crowd.hear(50)
        feeds = [set(feed.values()) for feed in crowd.feeds()]
    assert {1} in feeds
    assert {2} in feeds
    assert [mixture for mixture in feeds if len(mixture) > 1] == []
