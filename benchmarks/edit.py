"""From an editor's save to a subscriber's answer, without load and under load, and whether any answer is torn."""

import itertools
import random
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from threading import Event

from . import corpus, reading, servers, wrk
from .corpus import Article
from .servers import Failed, Server
from .tables import Goal, goals, middle_and_p95, table
from .wire import UNPACKABLE, Answer, Line, Torn, request

PROGRAMS = ("wrk",)
ARTICLES, WINDOW, WORDS = 1_000, 50, 400
PATH = "/feed.rss"
EDITS = 40
LOADED_SECONDS, A_SECOND = 60, 2
_PATIENCE = 60  # seconds until an edit is served
_CODINGS = ("", "gzip", "br", "zstd")


@dataclass(slots=True)
class Checked:
    """What the checking client met: `bodies` is what each ETag stands for."""

    answers: int = 0
    failed: int = 0
    torn: list[str] = field(default_factory=list)
    bodies: dict[bytes, Answer] = field(default_factory=dict)


class Editor:
    """Saves titles that were never there before, and waits until the feed has them; `pause` is between two polls."""

    def __init__(
        self, save: Callable[[Article], None], articles: Sequence[Article], line: Line, pause: float = 0.001
    ) -> None:
        self._save = save
        self._pause = pause
        self._articles = itertools.cycle(articles)
        self._line = line
        self._number = time.time_ns()  # so that no title is one that an earlier editor saved
        self._etag = ""

    def edit(self) -> float:
        """Milliseconds from before the save until an answer with the new title has come."""
        self._number += 1
        article = next(self._articles)
        title = f"Edition {self._number} of {article.id}"
        begun = time.perf_counter()
        self._save(replace(article, title=title))
        while True:
            answer = self._line.get(request(PATH, {"If-None-Match": self._etag} if self._etag else {}))
            took = time.perf_counter() - begun
            if answer.head.status == 200:
                self._etag = answer.head.etag.decode()
                if f"<title>{title}</title>".encode() in answer.body:
                    return 1000 * took
            if took > _PATIENCE:
                raise Failed(f"an edit was not served within {_PATIENCE} seconds")
            time.sleep(self._pause)


def run(folder: Path, *, is_quick: bool = False) -> str:
    edits, seconds = (5, 5) if is_quick else (EDITS, LOADED_SECONDS)
    site = folder / "site"
    articles = list(corpus.articles(ARTICLES, WORDS))
    corpus.write_site(site, articles, WINDOW)
    with servers.feedsite(site) as server, Line(server.port) as line:
        editor = Editor(partial(corpus.write_article, site), articles[-WINDOW:], line)
        quiet = list(calm_edits(editor, edits))
        with _wrk(server, seconds + 1) as load, _checking(server) as checked:
            loaded = list(_steady_edits(editor, seconds))
    _read_through(checked)
    if load.read is None or not checked.answers:
        raise Failed("there was no load, or nobody checked the answers under it")
    wrong = load.read.errors + checked.failed
    (calm, calm_p95), (busy, busy_p95) = middle_and_p95(quiet), middle_and_p95(loaded)
    served = table(
        (f"edit to served, {ARTICLES:,} articles", "edits", "median", "p95", "worst"),
        [
            ("without load", str(len(quiet)), f"{calm:.0f} ms", f"{calm_p95:.0f} ms", f"{max(quiet):.0f} ms"),
            ("under load", str(len(loaded)), f"{busy:.0f} ms", f"{busy_p95:.0f} ms", f"{max(loaded):.0f} ms"),
        ],
    )
    answers = table(
        ("answers under load", "wrk", "checking client"),
        [
            ("answers", f"{load.read.requests:,}", f"{checked.answers:,}"),
            ("failed (status from 400 on, broken sockets)", str(load.read.errors), str(checked.failed)),
            ("torn", "not looked at", str(len(checked.torn))),
            ("ETags seen", "not looked at", f"{len(checked.bodies):,}"),
        ],
    )
    reached = [
        Goal(name="edit to served, median", wanted=100, measured=calm, is_at_least=False, unit=" ms"),
        Goal(name="failed answers", wanted=0, measured=wrong, is_at_least=False),
        Goal(name="torn answers", wanted=0, measured=len(checked.torn), is_at_least=False),
    ]
    return "\n\n".join([served, answers, *checked.torn[:5], goals(reached)])


def calm_edits(editor: Editor, count: int) -> Iterator[float]:
    chance = random.Random(0)
    editor.edit()  # the first one finds everything cold
    for _ in range(count):
        time.sleep(chance.uniform(0.3, 0.7))  # never in step with the server's own ticks
        yield editor.edit()


def _steady_edits(editor: Editor, seconds: int) -> Iterator[float]:
    begun = time.perf_counter()
    for number in range(seconds * A_SECOND):
        if (early := begun + number / A_SECOND - time.perf_counter()) > 0:
            time.sleep(early)
        elif early < -1:
            continue  # edits that took longer than a second leave no time for this one
        yield editor.edit()


@dataclass(slots=True)
class _Under:
    read: wrk.Load | None = None


@contextmanager
def _wrk(server: Server, seconds: int) -> Iterator[_Under]:
    """wrk beside whatever is done meanwhile; its figures are there afterwards."""
    command = wrk.command(server.url(PATH), seconds, {"Accept-Encoding": "gzip"})
    under = _Under()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        try:
            yield under
            said, _ = process.communicate(timeout=seconds + 30)
        finally:
            process.kill()
    under.read = wrk.read(said)


@contextmanager
def _checking(server: Server) -> Iterator[Checked]:
    checked, end = Checked(), Event()
    with ThreadPoolExecutor(1) as pool:
        checking = pool.submit(_check, server.port, checked, end)
        try:
            yield checked
        finally:
            end.set()
        checking.result()


def _check(port: int, checked: Checked, end: Event) -> None:
    """Asks in every coding by turns; one ETag must always stand for the same bytes."""
    for coding in itertools.cycle(_CODINGS):
        if end.is_set():
            return
        try:
            with Line(port) as line:
                for _ in range(50):
                    if end.is_set():
                        return
                    _look(line, coding, checked)
                    end.wait(0.002)
        except (Torn, TimeoutError) as error:
            checked.torn.append(str(error))
        except OSError:
            checked.failed += 1


def _look(line: Line, coding: str, checked: Checked) -> None:
    answer = line.get(request(PATH, {"Accept-Encoding": coding} if coding else {}))
    checked.answers += 1
    if answer.head.status != 200:
        checked.failed += 1
        return
    known = checked.bodies.setdefault(answer.head.etag, answer)
    if (known.head.coding, known.body) != (answer.head.coding, answer.body):
        checked.torn.append(f"two bodies for the ETag {answer.head.etag.decode()}")


def _read_through(checked: Checked) -> None:
    """Every body is a whole feed."""
    for etag, answer in checked.bodies.items():
        try:
            count = len(reading.entries(answer.content, "rss"))
        except (*reading.UNREADABLE, *UNPACKABLE) as error:
            checked.torn.append(f"{etag.decode()}: {error}")
            continue
        if count != WINDOW:
            checked.torn.append(f"{etag.decode()}: {count} articles where there are {WINDOW}")
