"""A link in the site is followed where it leads within the site, and never out of it."""

import errno
import os
import shutil
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsite.errors import Outside
from feedsite.folder import nofollow, opening
from feedsite.folder.opening import Unreadable, content, open_folder, opened, status, without_links

from .support.laws import often


@pytest.fixture
def site(tmp_path):
    """A site in a folder with others, reached by a link as git-sync makes one."""
    (tmp_path / "releases" / "1" / "entries" / "world").mkdir(parents=True)
    (tmp_path / "releases" / "1" / "entries" / "world" / "a.yaml").write_text("inside")
    (tmp_path / "secret.yaml").write_text("outside")
    (tmp_path / "current").symlink_to("releases/1")
    return tmp_path / "current"


def link(site, path, target):
    (site / path).parent.mkdir(parents=True, exist_ok=True)
    (site / path).symlink_to(target)


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("entries/b.yaml", "world/a.yaml"),
        ("entries/b.yaml", "./world//../world/a.yaml"),
        ("entries/b.yaml", "../entries/world/a.yaml"),
        ("entries/b.yaml", "{site}/entries/world/a.yaml"),
        ("entries/b.yaml", "{real}/entries/world/a.yaml"),
    ],
)
def test_a_link_within_the_site_is_followed(site, path, target):
    """Relative, upward, or absolute: by the site's path as it was given, or by its real one."""
    link(site, path, target.format(site=site, real=site.resolve()))
    assert content(site, path) == b"inside"
    assert without_links(site, path) == "entries/world/a.yaml"


@pytest.mark.parametrize(
    "target",
    ["../../../secret.yaml", "../../../releases/1/entries/world/a.yaml", "{above}/secret.yaml", "/proc/self/environ"],
)
def test_no_link_out_of_the_site_is_followed(site, target):
    """Not even a link that comes back in by another way."""
    link(site, "entries/b.yaml", target.format(above=site.parent))
    for ask in (content, opened, status, without_links, opening.is_written_to):
        with pytest.raises(Outside, match="a link leads out of the site's folder"):
            ask(site, "entries/b.yaml")


def test_a_link_that_goes_up_and_down_comes_to_an_end(site):
    """Each .. begins at the top again: 4 kB of them would be half a million steps."""
    place = site / "deep"
    place.joinpath(*["d"] * 300).mkdir(parents=True)
    link(site, "entries/b.yaml", "../deep" + "/d" * 300 + "/../d" * 300)
    with pytest.raises(OSError, match="File name too long"):
        status(site, "entries/b.yaml")


def test_a_folder_that_leads_out_is_none(site):
    """Nothing below it is opened or listed."""
    link(site, "audio", site.parent)
    for ask in (content, status, open_folder):
        with pytest.raises(Outside):
            ask(site, "audio/secret.yaml")


def test_a_picture_s_link_stays_in_its_folder(site):
    """It leads to no article or draft; images/ itself may be a link within the site."""
    (site / "pictures").mkdir()
    (site / "pictures" / "a.png").write_bytes(b"png")
    link(site, "images", "pictures")
    link(site, "images/b.png", "a.png")
    link(site, "images/c.png", f"{site}/pictures/a.png")
    link(site, "images/d.png", "../entries/world/a.yaml")
    for name in "abc":
        with opened(site, f"images/{name}.png", "images") as file:
            assert file.whole() == b"png"
    with pytest.raises(Outside, match="a link leads out of images/"):
        opened(site, "images/d.png", "images")


@pytest.mark.parametrize("target", ["../.secret/a.yaml", "../shown/a.yaml", "../.a.yaml"])
def test_no_link_below_entries_leads_to_what_is_hidden(site, target):
    """A hidden folder beside the articles is published by nobody's link, not by one through another link either."""
    (site / ".secret").mkdir()
    (site / ".secret" / "a.yaml").write_text("hidden")
    (site / ".a.yaml").write_text("hidden")
    link(site, "shown", ".secret")
    link(site, "entries/b.yaml", target)
    for ask in (content, opened, status, without_links):
        with pytest.raises(Outside, match="a link leads to a hidden file"):
            ask(site, "entries/b.yaml")


def test_the_folder_of_the_articles_may_be_a_link_to_a_hidden_one(site):
    """As some deployments lay it: it is the operator's own."""
    (site / "entries").rename(site / ".entries")
    link(site, "entries", ".entries")
    assert content(site, "entries/world/a.yaml") == b"inside"
    (site / ".entries" / ".draft.yaml").write_text("hidden")
    link(site, ".entries/b.yaml", ".draft.yaml")
    with pytest.raises(Outside, match="a link leads to a hidden file"):
        content(site, "entries/b.yaml")


def test_what_kubernetes_makes_of_a_config_map_is_read(site):
    """Files are links into ..data, which is a link to a hidden folder."""
    (site / "entries" / "..2026_11").mkdir()
    (site / "entries" / "..2026_11" / "b.yaml").write_text("mounted")
    link(site, "entries/..data", "..2026_11")
    link(site, "entries/b.yaml", "..data/b.yaml")
    assert content(site, "entries/b.yaml") == b"mounted"


def test_links_in_a_circle_end(site):
    """With the error that Linux gives."""
    link(site, "entries/b.yaml", "c.yaml")
    link(site, "entries/c.yaml", "b.yaml")
    with pytest.raises(OSError, match="Too many levels of symbolic links"):
        content(site, "entries/b.yaml")


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir])
def test_what_is_no_file_is_not_read(site, make):
    """A pipe or a folder is refused, without waiting."""
    make(site / "entries" / "b.yaml")
    with pytest.raises(Unreadable, match="this is no ordinary file"):
        content(site, "entries/b.yaml")


def test_a_file_that_changes_while_it_is_read_is_refused(site):
    """Its pieces would belong to two versions."""
    with opened(site, "entries/world/a.yaml") as file:
        assert file.read(0, 3) == b"ins"
        (site / "entries" / "world" / "a.yaml").write_text("INSIDE")
        with pytest.raises(OSError, match="the file is being changed") as caught:
            file.read(3, 3)
    assert caught.value.errno == errno.ESTALE


@pytest.mark.parametrize("how", ["deleted", "replaced"])
def test_a_file_that_is_deleted_or_replaced_while_it_is_read_is_read_to_its_end(site, how):
    """As git-sync replaces a recording while it is fetched: the open file has the bytes that were promised."""
    path = site / "entries" / "world" / "a.yaml"
    with opened(site, "entries/world/a.yaml") as file:
        assert file.read(0, 3) == b"ins"
        path.with_name("b.yaml").write_text("another")
        if how == "replaced":
            path.with_name("b.yaml").rename(path)
        else:
            path.unlink()
        assert file.read(3, 9) == b"ide"


def test_a_path_that_is_swapped_all_the_time_never_leads_out(site):
    """Where a name and a folder above it are a file and a link by turns, only files of the site are read."""
    ended = threading.Event()
    world, away = site / "entries" / "world", site / "entries" / "away"
    (site.parent / "evil").mkdir()
    (site.parent / "evil" / "a.yaml").write_text("outside")
    link(site, "entries/evil", site.parent / "evil")

    def swap():
        while not ended.is_set():
            world.rename(away)
            (site / "entries" / "evil").rename(world)
            world.rename(site / "entries" / "evil")
            away.rename(world)

    swapping = threading.Thread(target=swap)
    swapping.start()
    try:
        seen = set()
        until = time.monotonic() + 1
        while time.monotonic() < until:
            with suppress(OSError):
                seen.add(content(site, "entries/world/a.yaml"))
    finally:
        ended.set()
        swapping.join()
    assert seen == {b"inside"}


def test_few_files_are_open_at_once(site):
    """A server with many readers has hardly any left: two are enough, at any depth, upward too."""
    deep = "/".join(["entries", *"abcdefgh"])
    (site / deep).mkdir(parents=True)
    (site / deep / "b.yaml").write_text("deep")
    link(site, "entries/c.yaml", f"../{deep}/../../g/h/b.yaml")
    before = os.listdir("/proc/self/fd")
    real, most = os.open, 0

    def counted(*values, **more):
        nonlocal most
        file = real(*values, **more)
        most = max(most, len(os.listdir("/proc/self/fd")) - len(before))
        return file

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(opening.os, "open", counted)
        assert content(site, "entries/c.yaml") == b"deep"
    assert most <= 2
    assert os.listdir("/proc/self/fd") == before


NAMES = st.sampled_from(["a", "b", "..", ".", "", "c"])
TARGETS = st.lists(NAMES, min_size=1, max_size=5).map("/".join)


@often
@given(
    st.dictionaries(st.sampled_from(["a", "b", "c", "a/a", "a/b", "b/a", "b/c"]), TARGETS | st.none(), max_size=7),
    TARGETS,
)
def test_where_a_path_leads_is_where_the_system_leads_it(tree, path):
    """The law: within the site the same file or the same refusal; out of it, Outside."""
    above = Path(tempfile.mkdtemp())
    place = above / "site"
    place.mkdir()
    try:
        for name, target in sorted(tree.items()):
            with suppress(OSError):
                if target is None:
                    (place / name).mkdir()
                else:
                    (place / name).symlink_to(target)
        expected = None
        try:
            expected = os.stat(f"{place}/{path}")
        except OSError as error:
            refused = error.errno
        else:
            refused = None
        try:
            there = status(place, path.lstrip("/"))
        except OSError as error:
            assert error.errno in (errno.EXDEV, refused)  # noqa: PT017  # both may be right
            return
        assert expected
        assert (there.st_dev, there.st_ino) == (expected.st_dev, expected.st_ino)
        assert Path(os.path.realpath(f"{place}/{path}")).is_relative_to(place.resolve())
    finally:
        shutil.rmtree(above)


@pytest.fixture
def openings(monkeypatch):
    """A list of what a descent opens."""
    done, open_ = [], os.open
    monkeypatch.setattr(nofollow.os, "open", lambda *args, **kwargs: done.append(args[0]) or open_(*args, **kwargs))
    return done


@pytest.mark.parametrize(
    "targets",
    [
        ["d/../" * 800 + "entries/world/a.yaml"],
        [f"{'d/../' * 20}entries/{number}.yaml" for number in range(1, 30)],
        ["./" * 1000 + "../entries/world/a.yaml"],
    ],
)
def test_a_link_of_many_names_is_not_followed(site, openings, targets):
    """Nor a chain of links with many names together: each .. begins at the top, and 4 kB of them took 7 ms."""
    (site / "d").mkdir()
    (site / "entries" / "d").mkdir()
    for number, target in enumerate(targets):
        link(site, f"entries/{number}.yaml", f"../{target}")
    with pytest.raises(OSError, match="File name too long"):
        status(site, "entries/0.yaml")
    assert len(openings) < 300


def test_a_link_from_the_deepest_folder_leads_to_the_next_one(site):
    """Fifty folders in each other, and a link up through all of them and down again."""
    deep, other = "/".join(["a"] * 48), "/".join(["b"] * 22)
    link(site, f"entries/{deep}/link.yaml", f"{'../' * 26}{other}/a.yaml")
    (site / "entries" / "/".join(["a"] * 22) / other).mkdir(parents=True)
    (site / "entries" / "/".join(["a"] * 22) / other / "a.yaml").write_text("inside")
    assert content(site, f"entries/{deep}/link.yaml") == b"inside"
