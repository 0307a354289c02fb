"""The newspaper, served by the real program; and each reader, with each format that it reads."""

import json
from itertools import count

import pytest

from ..support import paper
from ..support.newsroom import serving
from ..support.readers import EACH, named
from ..support.waiting import until


class Served:
    """The newspaper as a server on the loopback serves it; `site` is its folder."""

    def __init__(self, site, server, log):
        self.site, self.get = site, server.get
        self._log, self._marks = log, count()
        self.base = f"http://127.0.0.1:{server.port}"

    def feed(self, folder, suffix):
        return f"{self.base}{folder}feed.{suffix}"

    def answers(self, act):
        """What `act` returns, and of each answer that it was given the status and the size, by the access log."""
        begin = self._all_logged()
        done = act()
        end = self._all_logged()
        return done, [(line["status"], line["bytes"]) for line in self._lines()[begin : end - 1]]

    def _all_logged(self):
        """The number of lines once all answers are logged: the log has their order, and is written a moment later."""
        mark = f"/mark/{next(self._marks)}"
        self.get(mark)
        until(lambda: any(line["path"] == mark for line in self._lines()))
        return len(self._lines())

    def _lines(self):
        return [json.loads(line) for line in self._log.read_text().splitlines(keepends=True) if line.endswith("\n")]


@pytest.fixture(scope="session")
def newspaper(tmp_path_factory):
    """One for all tests that change nothing."""
    yield from _served(tmp_path_factory.mktemp("newspaper"))


@pytest.fixture
def own_newspaper(tmp_path):
    """One for a test that edits it."""
    yield from _served(tmp_path)


def _served(folder):
    site, log = folder / "site", folder / "access.log"
    paper.write_site(site)
    with serving(site, "--workers", "1", "--access-log", str(log), "--access-log-format", "json") as server:
        yield Served(site, server, log)


@pytest.fixture(params=EACH, ids=named)
def reading(request, tmp_path):
    """A reader that has seen nothing, and a format."""
    kind, suffix = request.param
    home = tmp_path / "reader"
    home.mkdir()
    reader = kind(home)
    yield reader, suffix
    reader.close()


@pytest.fixture
def reader(reading):
    return reading[0]


@pytest.fixture
def suffix(reading):
    return reading[1]
