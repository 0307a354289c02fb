"""The search of a server: filled while the site is served, and from then on in step with what is served."""

from contextlib import closing

from feedsite.folder import indexfile
from feedsite.serving.live import Live

from .support.articles import article
from .support.golden import NOW
from .support.live import get
from .support.waiting import until


def live(folder):
    return Live(folder, {}, lambda: NOW)


def filled(folder):
    begun = live(folder)
    while not begun._is_search_done:
        begun.tend_search()
    return begun


def save(folder, text, name="new", **fields):
    (folder / "entries" / f"{name}.yaml").write_text(article("A new one", body=text, **fields))


def finds(begun, query):
    response = get(begun, f"/search/?q={query}")
    assert response.status_code == 200
    return response.text.count("teaser found")


def test_the_site_is_served_before_its_search_is_filled(folder):
    with closing(Stopped(live(folder))) as begun:
        assert get(begun, "/").status_code == 200
        assert get(begun, "/search/").status_code == 200
        response = get(begun, "/search/?q=taiwan")
        assert (response.status_code, response.headers["Retry-After"]) == (503, "10")
        begun.start()
        until(lambda: get(begun, "/search/?q=taiwan").status_code == 200)


def test_an_edit_can_be_searched_for_when_it_is_served(folder):
    with closing(Stopped(filled(folder))) as begun:
        assert not finds(begun, "zeppelin")
        save(folder, "Zeppelins")
        begun.take_in()
        assert finds(begun, "zeppelin*") == 1
        save(folder, "Airships")
        begun.take_in()
        assert (finds(begun, "zeppelin*"), finds(begun, "airships")) == (0, 1)


def test_a_withdrawn_text_is_nowhere_in_the_cache_folder(folder):
    told = "zeppelinists"
    with closing(Stopped(filled(folder))) as begun:
        save(folder, f"A {told}.")
        begun.take_in()
        begun.tend_search()
        assert finds(begun, told) == 1
        save(folder, "Other words.", withdrawn='{at: 2026-11-22T10:00:00Z, reason: "It was wrong."}')
        begun.take_in()
        begun.tend_search()
        assert not finds(begun, told)
        cache = indexfile.folder(folder, {})
        assert not [file for file in cache.iterdir() if file.is_file() and told.encode() in file.read_bytes()]


def test_a_follower_finds_what_the_leader_has_put_in(folder):
    with closing(Stopped(filled(folder))) as leader, closing(Stopped(live(folder))) as follower:
        assert finds(follower, "taiwan")
        save(folder, "Zeppelins")
        leader.take_in()
        follower._replan_if_outdated()
        assert finds(follower, "zeppelins") == 1


def test_a_search_is_kept_over_a_restart(folder):
    with closing(Stopped(filled(folder))):
        pass
    with closing(Stopped(live(folder))) as again:
        assert finds(again, "taiwan")


class Stopped:
    """A Live that is stopped when it is closed, whether its thread was started or not."""

    def __init__(self, begun):
        self._begun = begun

    def __getattr__(self, name):
        return getattr(self._begun, name)

    def close(self):
        if not self._begun.is_following:
            self._begun._thread.start()
        self._begun.stop()
