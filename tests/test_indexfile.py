"""Where the index of a site lies, when it is made anew, and which process leads it."""

import os
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from feedsite.folder import indexfile, trustedpath
from feedsite.index import leaderlock
from feedsite.index.databasefile import discard
from feedsite.index.unusable import Unusable

HELD = """
import sys
from pathlib import Path
from feedsite.folder import indexfile
from feedsite.index import leaderlock
index = indexfile.opened(Path(sys.argv[1]), {})
print(leaderlock.take(index), flush=True)
sys.stdin.read()
"""


@pytest.fixture
def site(tmp_path):
    place = tmp_path / "site"
    place.mkdir()
    return place


def opened(site, **environment):
    return closing(indexfile.opened(site, environment))


def set_meta(index, name, value):
    with index.writing() as writer:
        writer.set_meta(name, value)


def remembers(site, name="known", **environment):
    with opened(site, **environment) as index:
        return index.meta(name)


def test_what_one_start_kept_the_next_one_finds(site):
    """The next start opens the same index."""
    with opened(site) as index:
        set_meta(index, "known", "yes")
    assert remembers(site) == "yes"


@pytest.mark.parametrize(
    ("environment", "below"),
    [
        ({}, "{home}/.cache/feedsite"),
        ({"XDG_CACHE_HOME": "/srv/caches"}, "/srv/caches/feedsite"),
        ({"XDG_CACHE_HOME": "relative"}, "{home}/.cache/feedsite"),
        ({"CACHE_DIRECTORY": "/var/cache/news:/var/cache/more", "XDG_CACHE_HOME": "/srv/caches"}, "/var/cache/news"),
        ({"FEEDSITE_CACHE": ""}, "{home}/.cache/feedsite"),
    ],
)
def test_the_index_lies_in_the_cache_of_the_unit_or_of_the_user(site, environment, below):
    """systemd.exec(5), XDG Base Directory: a variable that is empty, or no absolute path, counts as unset."""
    place = indexfile.folder(site, environment)
    assert str(place.parent) == below.format(home=os.environ["HOME"])
    assert place.name.startswith("site-")


def test_the_environment_moves_the_folder(site, tmp_path):
    """FEEDSITE_CACHE names the folder, which is made where it is missing."""
    with opened(site, FEEDSITE_CACHE=str(tmp_path / "var" / "cache")) as index:
        assert index.database.path.parent == tmp_path / "var" / "cache"


def test_for_a_user_without_a_home_the_error_names_the_folder(site, monkeypatch):
    """As in a container, for a user whom no file there names."""
    monkeypatch.delenv("HOME")
    monkeypatch.setattr(os.path, "expanduser", lambda path: path)
    assert indexfile.folder(site, {}).parent == Path("/var/cache/feedsite")


def test_nothing_in_the_site_is_read_or_written(site):
    """An index that a contributor has committed into the site's folder is not used."""
    with opened(site) as forged:
        set_meta(forged, "known", "forged")
        forged.database.path.parent.rename(site / ".feedsite")
    held = {path: path.read_bytes() for path in (site / ".feedsite").iterdir()}
    assert remembers(site) is None
    assert {path: path.read_bytes() for path in (site / ".feedsite").iterdir()} == held
    assert os.listdir(site) == [".feedsite"]


@pytest.mark.parametrize(
    "environment",
    [
        {"FEEDSITE_CACHE": "{site}/cache"},
        {"FEEDSITE_CACHE": "{site}"},
        {"FEEDSITE_CACHE": "{site}/../link/cache"},
        {"XDG_CACHE_HOME": "{site}/.cache"},
    ],
)
def test_a_place_in_the_site_is_refused(site, environment):
    """A commit could lay an index there, which would be believed."""
    (site.parent / "link").symlink_to(site)
    with pytest.raises(Unusable, match="lies in the site's folder, where a commit could lay an index"):
        indexfile.opened(site, {name: place.format(site=site) for name, place in environment.items()})
    assert os.listdir(site) == []


def test_a_link_in_the_site_leads_to_no_cache(site, tmp_path):
    """A commit could lay another link."""
    (site / "cache").symlink_to(tmp_path)
    with pytest.raises(Unusable, match="lies in the site's folder"):
        indexfile.opened(site, {"FEEDSITE_CACHE": str(site / "cache")})


def test_the_folder_is_its_users_alone(site, tmp_path):
    """The cache folder and those made above it are private, whatever the umask is."""
    former = os.umask(0)
    try:
        with opened(site, XDG_CACHE_HOME=str(tmp_path / "new")) as index:
            place = index.database.path.parent
    finally:
        os.umask(former)
    assert {stat.S_IMODE(one.stat().st_mode) for one in (place, place.parent, tmp_path / "new")} == {0o700}
    assert {stat.S_IMODE(file.stat().st_mode) for file in place.iterdir()} == {0o600}


@pytest.mark.parametrize("mode", [0o770, 0o702, 0o777, 0o1777])
def test_a_folder_that_others_may_write_to_is_refused(site, mode):
    """Others could put an index there. The error says what to do, and nothing is made."""
    place = indexfile.folder(site, {})
    place.mkdir(parents=True)
    place.chmod(mode)
    with pytest.raises(Unusable) as caught:
        indexfile.opened(site, {})
    assert str(caught.value) == f"others may write to {place}, and may have laid an index there; delete it"
    assert not caught.value.is_damaged
    assert list(place.iterdir()) == []


@pytest.mark.parametrize(("mode", "is_refused"), [(0o777, True), (0o1777, False), (0o775, False), (0o755, False)])
def test_a_folder_above_the_cache_that_others_may_write_to_is_refused(site, tmp_path, mode, is_refused):
    """A neighbour could rename the cache folder, unless the sticky bit is set."""
    above = tmp_path / "above"
    above.mkdir()
    above.chmod(mode)
    place = {"FEEDSITE_CACHE": str(above / "a" / "cache")}
    if is_refused:
        with pytest.raises(Unusable, match=f"others may write to {above}, and so could replace"):
            indexfile.opened(site, place)
    else:
        indexfile.opened(site, place).close()


def test_a_folder_that_others_may_write_to_is_refused_with_a_sound_index(site):
    """They could replace the index, however it looks now."""
    with opened(site) as index:
        set_meta(index, "known", "yes")
        place = index.database.path.parent
    place.chmod(0o770)
    with pytest.raises(Unusable, match="may have laid an index there; delete it"):
        indexfile.opened(site, {})


def test_a_folder_that_others_may_read_is_closed_to_them(site):
    """As older versions made it: whoever can open a lock's file there can lock it."""
    place = indexfile.folder(site, {})
    place.mkdir(parents=True)
    place.chmod(0o755)
    indexfile.opened(site, {}).close()
    assert stat.S_IMODE(place.stat().st_mode) == 0o700


def test_a_folder_that_holds_others_stays_open(site, tmp_path):
    """FEEDSITE_CACHE=/var/cache takes no other program's cache away."""
    place = tmp_path / "caches"
    (place / "man").mkdir(parents=True)
    place.chmod(0o755)
    indexfile.opened(site, {"FEEDSITE_CACHE": str(place)}).close()
    assert stat.S_IMODE(place.stat().st_mode) == 0o755


def given_away(path):
    """The file belongs to another user now."""
    if os.geteuid():
        pytest.skip("only root can give a file away")
    os.chown(path, 12345, -1, follow_symlinks=False)


def writable(path):
    """The file may be written to by others now."""
    path.chmod(0o666)


@pytest.mark.parametrize("spoiled", [given_away, writable])
@pytest.mark.parametrize("suffix", ["", "-wal", "-shm", "-journal"])
def test_an_index_that_others_may_have_written_is_made_anew(site, spoiled, suffix):
    """It may have been put there while others could write to the folder."""
    with opened(site) as index:
        set_meta(index, "known", "forged")
        path = index.database.path
    beside = path.with_name(path.name + suffix)
    beside.touch()
    spoiled(beside)
    assert remembers(site) is None
    assert {stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()} == {0o600}


def test_an_index_that_others_could_only_read_is_kept(site):
    """As older versions made it."""
    with opened(site) as index:
        set_meta(index, "known", "yes")
        index.database.path.chmod(0o644)
    assert remembers(site) == "yes"


def test_an_index_behind_a_link_of_another_user_is_not_read(site, tmp_path):
    """The link may lead to any file of this user."""
    with opened(site) as index:
        set_meta(index, "known", "forged")
        path = index.database.path
    away = path.rename(tmp_path / "away.sqlite")
    path.symlink_to(away)
    given_away(path)
    assert remembers(site) is None
    assert away.exists()


def test_a_folder_of_another_user_is_refused(site):
    """Also for root."""
    if os.geteuid():
        pytest.skip("only root can give a folder away")
    place = indexfile.folder(site, {})
    place.mkdir(parents=True, mode=0o700)
    os.chown(place, 12345, -1)
    with pytest.raises(Unusable, match="belongs to another user; name a folder of your own in FEEDSITE_CACHE"):
        indexfile.opened(site, {})
    assert list(place.iterdir()) == []


def test_a_folder_above_that_is_nobodys_is_refused(site, tmp_path):
    """Its owner could rename the cache away; only within a user namespace are root's folders seen as nobody's."""
    if os.geteuid() or trustedpath._is_in_user_namespace():
        pytest.skip("only root can give a folder away")
    above = tmp_path / "above"
    above.mkdir()
    os.chown(above, 65534, -1)
    with pytest.raises(Unusable, match=f"another user owns {above}, and so could replace"):
        indexfile.opened(site, {"FEEDSITE_CACHE": str(above / "cache")})


def test_nothing_is_made_below_another_users_folder(site, tmp_path):
    """As root with HOME=/home/alice: alice could not use a folder .cache of root's."""
    home = tmp_path / "home"
    home.mkdir()
    given_away(home)
    with pytest.raises(Unusable, match=f"another user owns {home}, and so could replace"):
        indexfile.opened(site, {"XDG_CACHE_HOME": str(home / ".cache")})
    assert list(home.iterdir()) == []


def test_a_link_of_another_user_on_the_way_is_refused(site, tmp_path):
    """Its owner could set it anew, also where it stands in a folder like /tmp."""
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o1777)
    (tmp_path / "real").mkdir()
    link = shared / "link"
    link.symlink_to("../real")
    place = {"FEEDSITE_CACHE": str(link / "cache")}
    indexfile.opened(site, place).close()
    given_away(link)
    with pytest.raises(Unusable, match=f"another user owns the link {link}, and so could replace"):
        indexfile.opened(site, place)


def test_a_loop_of_links_on_the_way_is_refused(site, tmp_path):
    """The error gives the system's reason."""
    (tmp_path / "one").symlink_to("other")
    (tmp_path / "other").symlink_to("one")
    with pytest.raises(Unusable, match="cannot be written to: Too many levels of symbolic links"):
        indexfile.opened(site, {"FEEDSITE_CACHE": str(tmp_path / "one" / "cache")})


def test_other_settings_have_an_index_of_their_own(site):
    """FEEDSITE_TITLE and the like make other articles of the same files, as in two servers side by side."""
    for environment in ({}, {"FEEDSITE_TITLE": "A"}, {"FEEDSITE_TITLE": "B"}, {"FEEDSITE_LANGUAGE": "A"}):
        assert remembers(site, **environment) is None
        with opened(site, **environment) as index:
            set_meta(index, "known", str(environment))
    assert remembers(site, FEEDSITE_TITLE="A") == "{'FEEDSITE_TITLE': 'A'}"
    assert remembers(site, FEEDSITE_TITLE="A", FEEDSITE_PORT="80", PATH="/") == "{'FEEDSITE_TITLE': 'A'}"


def test_a_folder_that_was_moved_has_a_new_index(site, tmp_path):
    """A moved folder looks like a copy, which is another site."""
    with opened(site) as index:
        set_meta(index, "known", "yes")
    moved = site.rename(tmp_path / "moved")
    assert remembers(moved) is None
    assert remembers(moved, "folder") == str(moved)


def test_a_link_that_is_set_anew_keeps_its_index(site, tmp_path):
    """As git-sync sets it at each pull; a path with dots is the same path."""
    (tmp_path / "other").mkdir()
    link = tmp_path / "link"
    link.symlink_to(site)
    with opened(link) as index:
        set_meta(index, "known", "yes")
    link.unlink()
    link.symlink_to(tmp_path / "other")
    assert remembers(link) == remembers(tmp_path / "site" / ".." / "link") == "yes"


def test_a_folder_of_a_site_that_is_served_is_left_alone(site, tmp_path):
    """Of two sites with one FEEDSITE_CACHE the second has no index, and its log says what to name."""
    other = tmp_path / "other"
    other.mkdir()
    place = {"FEEDSITE_CACHE": str(tmp_path / "cache")}
    with opened(site, **place) as index:
        set_meta(index, "known", "yes")
        lead = leaderlock.take(index)
        with pytest.raises(Unusable) as caught:
            indexfile.opened(other, place)
        assert str(caught.value) == f"{tmp_path}/cache is the cache of {site}; name another one in FEEDSITE_CACHE"
        assert not caught.value.is_damaged
        assert index.database.is_in_place
        os.close(lead)
    assert remembers(site, **place) == "yes"


@pytest.mark.parametrize("content", [b"x" * 10_000, b"SQLite format 3\0" + bytes(5000), b"title: The Meridian\n"])
def test_what_is_no_index_is_made_anew(site, content):
    """Garbage, or another program's database, is deleted with its log."""
    indexfile.make(place := indexfile.folder(site, {}))
    for name in ("index.sqlite", "index.sqlite-wal", "index.sqlite-shm"):
        (place / name).write_bytes(content)
    with opened(site) as index:
        set_meta(index, "known", "yes")
    assert remembers(site) == "yes"


def test_what_is_no_index_is_left_alone_while_a_process_leads(site):
    """The leader finds the damage itself, and has more to lose."""
    path = indexfile.folder(site, {}) / "index.sqlite"
    with opened(site) as index:
        lead = leaderlock.take(index)
        discard(path)
        path.write_bytes(b"x" * 10_000)
        with pytest.raises(Unusable):
            indexfile.opened(site, {})
        assert path.read_bytes() == b"x" * 10_000
        os.close(lead)


@pytest.mark.parametrize("place", ["/dev/null/cache", "/proc/feedsite"])
def test_a_cache_that_cannot_be_written_is_no_damage(site, place):
    """The error gives a reason that an operator understands."""
    with pytest.raises(Unusable) as caught:
        indexfile.opened(site, {"FEEDSITE_CACHE": place})
    assert str(caught.value).startswith(f"{place} cannot be written to: ")
    assert not caught.value.is_damaged


def test_a_file_in_the_place_of_the_cache_folder_is_left_alone(site):
    """It is an error that names the file."""
    place = indexfile.folder(site, {})
    indexfile.make(place.parent)
    place.write_text("mine")
    with pytest.raises(Unusable) as caught:
        indexfile.opened(site, {})
    assert not caught.value.is_damaged
    assert place.read_text() == "mine"


def test_one_process_leads_until_it_ends(site):
    """However it ends, the next process to ask leads from then on."""
    with opened(site) as index:
        with subprocess.Popen(
            [sys.executable, "-c", HELD, str(site)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as process:
            assert process.stdout.readline().strip() != "None"
            assert leaderlock.take(index) is None
            process.kill()
            process.wait()
        lead = leaderlock.take(index)
        assert lead is not None
        os.close(lead)


def test_an_index_in_memory_has_no_leader_lock():
    """No other process uses it."""
    with closing(indexfile.Index()) as index:
        assert leaderlock.take(index) is None


def test_an_index_of_another_version_is_made_anew(site):
    """An index of an older feedsite, or of another schema, is made again from the files."""
    with opened(site) as index:
        set_meta(index, "known", "yes")
        with index.database.writing() as connection:
            connection.execute("PRAGMA user_version = 7")
    assert remembers(site) is None


def test_a_relative_path_has_the_same_index_from_anywhere(site, monkeypatch):
    """The folder in which feedsite is started does not matter."""
    with opened(site) as index:
        set_meta(index, "known", "yes")
    monkeypatch.chdir(site.parent)
    assert remembers(Path("site")) == "yes"
