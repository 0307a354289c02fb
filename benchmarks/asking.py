"""Feeds of every kind of list and mixes, asked for one after the other: how long each answer takes, and then how many
304s a second there are of all of them by turns."""

import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path

from feedsite import mixes
from feedsite.collection import EVERYTHING
from feedsite.mixes import Mix, NoMixError

from . import auditlists, corpus, wrk
from .reading import SUFFIXES
from .servers import Failed, Server
from .wire import HOST, Line, request
from .wrk import Load

_HEADERS = {"Accept-Encoding": "gzip"}
_SCRIPT = Path(__file__).with_name("asked.lua")
_OF_TAGS, _OF_OTHERS = 0.6, 0.15  # shares of the feeds: of tags, of authors and sections; the others are of mixes


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A path with the status and the ETag of its answer, and the milliseconds that the answer took."""

    path: str
    status: int
    etag: str
    took: float


def feeds(tags: Sequence[str], count: int) -> list[str]:
    """So many feeds of different lists and mixes, as far as there are any; the same for the same tags."""
    suffixes = cycle(SUFFIXES)
    of_tags = _few([f"/tag/{auditlists.part(tag)}/" for tag in tags], int(count * _OF_TAGS))
    authors = [f"/author/{auditlists.part(name)}/" for name in corpus.AUTHORS.values() if name.isascii()]
    sections = [f"/{section}/" for section in corpus.SECTIONS]
    others = [f"{folder}feed.{suffix}" for folder in (*authors, *sections) for suffix in SUFFIXES]
    ready = [f"{folder}feed.{next(suffixes)}" for folder in of_tags] + _few(others, int(count * _OF_OTHERS))
    return ready + mixed(tags, count - len(ready), "first")


def mixed(tags: Sequence[str], count: int, seed: str) -> list[str]:
    """Feeds of so many different mixes, by turns in each format, at their canonical addresses."""
    suffixes = cycle(SUFFIXES)
    return [f"{folder}feed.{next(suffixes)}" for folder in islice(_mixes(tags, random.Random(seed)), count)]


def first(server: Server, paths: Sequence[str]) -> list[Asked]:
    """Each of them, asked for once, in no order that their kinds have. Raises Failed where one is not there."""
    shuffled = random.Random(0).sample(paths, len(paths))
    with Line(server.port) as line:
        return [_asked(line, path, "", (200,)) for path in shuffled]


def again(server: Server, known: Sequence[Asked], statuses: Sequence[int] = (304,)) -> list[Asked]:
    """Each of them, asked for by its ETag, in another order. Raises Failed where an answer has another status."""
    shuffled = random.Random(1).sample(known, len(known))
    with Line(server.port) as line:
        return [_asked(line, each.path, each.etag, statuses) for each in shuffled]


def load(server: Server, known: Sequence[Asked], file: Path, seconds: int) -> Load:
    """wrk asks for them by turns, each by its ETag."""
    file.write_text("".join(f"{each.path}\t{each.etag}\n" for each in known), encoding="ascii")
    headers = _HEADERS | {"Host": HOST}  # so that the server sees the same request again
    found = wrk.run(server.url("/"), seconds, headers, script=_SCRIPT, words=[str(file)])
    if found.errors:
        raise Failed(f"feedsite failed in {found.errors} of {found.requests} answers")
    return found


def kind(path: str) -> str:
    """The kind of list whose feed it is."""
    beginning = path.split("/")[1]
    return beginning if beginning in ("tag", "author", "mix") else "section"


def _asked(line: Line, path: str, etag: str, statuses: Sequence[int]) -> Asked:
    asked = request(path, _HEADERS | ({"If-None-Match": etag} if etag else {}))
    begun = time.perf_counter()
    answer = line.get(asked)
    took = time.perf_counter() - begun
    status = answer.head.status
    if status not in statuses:
        raise Failed(f"{status} is the answer for {path}, which nobody expects")
    return Asked(path=path, status=status, etag=answer.head.etag.decode() or etag, took=1000 * took)


def _few(names: Sequence[str], count: int) -> list[str]:
    """So many of them, from all over the list."""
    return list(names[:: max(1, len(names) // max(1, count))][:count])


def _mixes(tags: Sequence[str], chance: random.Random) -> Iterator[str]:
    """The addresses of different mixes, each of one to four lists, and half of them without another one."""
    keys = [f"tag/{auditlists.part(tag)}" for tag in tags] + [f"section/{section}" for section in corpus.SECTIONS]
    seen = set()
    while True:
        of = chance.sample(keys, chance.randint(1, 4))
        without = chance.sample(keys, 1) if chance.random() < 0.5 else []
        if len(of) == 1:
            of, without = ([EVERYTHING], of) if chance.random() < 0.5 else (of, without or [chance.choice(keys)])
        try:
            folder = mixes.folder_of(mixes.canonical(Mix(tuple(of), tuple(without))))
        except NoMixError:
            continue  # it leaves out all that it names
        if folder.startswith(mixes.FOLDER) and folder not in seen:
            seen.add(folder)
            yield folder
