"""Feed readers as people run them: each polls an address and shows what it sees then.

Each has a folder of its own and a bare environment, and talks to that address alone.
"""

import json
import os
import shlex
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from ..programs import READERS, missing, needed

_HERE = Path(__file__).parent
_PATIENCE = 60  # seconds for a poll


class Seen(NamedTuple):
    """An item as a reader shows it; seconds since 1970. None is what the reader's model does not have."""

    id: str
    title: str
    link: str
    published: float
    content: str
    updated: float | None = None
    enclosure: str | None = None


class Poll(NamedTuple):
    """What a reader holds of a feed after a poll, and the links of the feed that it shows, by relation."""

    items: list[Seen]
    links: dict[str, str]


class Reader:
    """A reader with a folder of its own, in which it keeps what it must."""

    name: str
    formats: tuple[str, ...] = ("rss", "atom")
    keeps_items = False  # whether it holds what it saw before; else it shows what it downloads
    polls_to_validators = 1  # polls until it has validators to send; None: it never has any
    asks_for_deltas = False  # A-IM: feed
    whole_first = 0  # changes after which it has an ETag that deltas are made from
    shows_links: tuple[str, ...] = ()  # in which formats it shows where older articles stand
    shows_enclosures = ("rss", "atom", "json")  # in which formats

    def __init__(self, folder):
        self.folder = folder
        self.environment = {"HOME": str(folder), "PATH": os.environ["PATH"], "LANG": "C.UTF-8"}

    def poll(self, address: str) -> Poll:
        raise NotImplementedError

    def close(self):
        """Ends what it started."""

    def run(self, *command):
        process = subprocess.run(
            [str(word) for word in command],
            capture_output=True,
            text=True,
            timeout=_PATIENCE,
            check=False,
            cwd=self.folder,
            env=self.environment,
        )
        assert process.returncode == 0, process.stdout + process.stderr
        return process.stdout

    def place(self, address):
        """A name for what belongs to this address."""
        return self.folder / address.partition("://")[2].replace("/", "_")


class Library(Reader):
    """A library that a small program calls, which polls the address that each line of its input names."""

    _process = None

    def command(self):
        return python(self.name), "-I", _HERE / f"poll_{self.name}.py"

    def poll(self, address):
        told = self.told(address)
        return Poll([Seen(**one) for one in told["items"]], told["links"])

    def told(self, address):
        """What the program prints of an address."""
        errors = self.folder / "errors"
        if not self._process:
            pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
            with errors.open("w") as log:
                self._process = subprocess.Popen(
                    self.command(), cwd=self.folder, env=self.environment, stderr=log, **pipes
                )
        print(address, file=self._process.stdin, flush=True)
        line = self._process.stdout.readline()
        assert line, errors.read_text()
        return json.loads(line)

    def close(self):
        if self._process:
            self._process.communicate(timeout=_PATIENCE)


class Feedparser(Library):
    """Shows what it downloads."""

    name = "feedparser"
    asks_for_deltas = True
    shows_links = ("rss", "atom")


class Lemon24(Library):
    """lemon24's reader: a library that keeps all in a database, as a reader with windows does."""

    name = "reader"
    formats = ("rss", "atom", "json")
    keeps_items = True
    asks_for_deltas = True


class Podcastparser(Library):
    """gPodder's: for podcasts in RSS. It follows rel=next, and is given what another program has fetched."""

    name = "podcastparser"
    formats = ("rss",)
    polls_to_validators = None
    shows_links = ("rss",)


class RssParser(Library):
    """The npm package rss-parser. It sends no validators, and shows enclosures of RSS alone."""

    name = "rss-parser"
    polls_to_validators = None
    shows_links = ("rss",)
    shows_enclosures = ("rss",)

    def command(self):
        node, modules = needed("node"), READERS / "node_modules"
        if not (modules / "rss-parser").exists():
            missing("rss-parser")
        self.environment["NODE_PATH"] = str(modules)
        return node, _HERE / "poll_rss_parser.js"


class Newsboat(Reader):
    """Its first poll of a feed keeps no validators (2.21); without any it does not ask for deltas."""

    name = "newsboat"
    keeps_items = True
    polls_to_validators = 2
    asks_for_deltas = True
    whole_first = 1

    def poll(self, address):
        place = self.place(address)
        place.mkdir(exist_ok=True)
        (place / "urls").write_text(f"{address}\n")
        (place / "config").touch()
        files = ("-u", place / "urls", "-c", place / "cache.db", "-C", place / "config")
        self.run(needed("newsboat"), *files, "-x", "reload")
        with closing(sqlite3.connect(place / "cache.db")) as cache:
            rows = cache.execute("SELECT guid, title, url, pubDate, content, enclosure_url FROM rss_item").fetchall()
        return Poll([Seen(*row[:5], enclosure=row[5] or None) for row in rows], {})


class Sfeed(Reader):
    """sfeed_update, with the lines for ETags that its manual gives."""

    name = "sfeed"
    keeps_items = True

    def poll(self, address):
        place = self.place(address)
        place.mkdir(exist_ok=True)
        for program in ("sfeed_update", "curl"):
            needed(program)
        (place / "sfeedrc").write_text(f"""\
sfeedpath={shlex.quote(str(place))}
fetch() {{
    etag="{place}/etag"
    curl -L --max-redirs 0 -H "User-Agent:" -f -s -m 15 --compressed \\
        --etag-save "$etag" --etag-compare "$etag" -z "$etag" "$2" 2>/dev/null
}}
feeds() {{ feed held {shlex.quote(address)}; }}
""")
        assert " OK" in self.run("sfeed_update", place / "sfeedrc")
        return Poll([_from_sfeed(line) for line in (place / "held").read_text().splitlines()], {})


def _from_sfeed(line):
    published, title, link, content, _kind, id_, _author, enclosure, *_ = line.split("\t")
    content = content.replace("\\n", "\n").replace("\\t", "\t").replace("\\\\", "\\")
    return Seen(id_, title, link, float(published), content, enclosure=enclosure or None)


def python(library):
    """The interpreter that has the readers of PyPI."""
    program = READERS / "bin" / "python"
    return str(program) if program.exists() else missing(library)


_ALL = (Feedparser, Lemon24, Newsboat, Podcastparser, RssParser, Sfeed)
EACH = [(kind, suffix) for kind in _ALL for suffix in kind.formats]  # with each format that it reads


def named(each):
    """What a test's parameter is called."""
    return "-".join((each[0].name, each[1]))
