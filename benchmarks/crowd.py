"""A crowd of readers that ask a server all the time, in every coding and habit, and check each answer as it comes."""

import itertools
import os
import random
import threading
import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from . import stories
from .stories import UNREADABLE
from .wire import UNPACKABLE, Answer, Closed, Line, Torn, request

FEEDS = ("rss", "atom", "json")
_PATIENCE = 20  # seconds for one round of everybody
_ASKED_A_LINE = 40  # requests until a reader connects anew, perhaps to another process
_PAUSE = 0.008  # seconds between two requests of a reader: whoever is checked needs processor time as well
_RETRY = 0.02  # seconds until a reader that found nobody tries again
_SECOND = 1.0  # after a version has been told anywhere, nobody tells the one before for longer


def same_second() -> float:
    """A second of a machine that has time; longer where more processes want to run than there are processors."""
    return _SECOND * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


@dataclass(frozen=True, slots=True)
class Habit:
    """How one reader asks."""

    coding: str = ""
    sends_etag: bool = False
    takes_delta: bool = False


HABITS = (
    Habit(),
    Habit(coding="gzip", sends_etag=True),
    Habit(coding="br", sends_etag=True, takes_delta=True),
    Habit(coding="zstd", sends_etag=True),
)


@dataclass(frozen=True, slots=True)
class _Held:
    """What a reader keeps of a feed or a page."""

    etag: str
    versions: Mapping[int, int]


class Crowd:
    """One reader for each habit. `always` are the stories that no feed may ever lack, `known` all that may be there,
    and `pages` those whose own pages are asked for.

    `complaints` tells in words whatever was wrong. `broken` counts connections that the server ended: only one that is
    killed may. The ports may be those of several servers over one folder, which then must agree.
    """

    def __init__(
        self,
        ports: Collection[int],
        always: Collection[int],
        known: Collection[int] | None = None,
        pages: Collection[int] | None = None,
    ) -> None:
        self.always = frozenset(always)
        self.known = self.always | frozenset(known or ())
        self.pages = tuple(always if pages is None else pages)
        self.complaints: list[str] = []
        self.broken = 0
        self.slowest = 0.0  # seconds
        self.answers = [0] * len(HABITS)
        self._ports = tuple(ports)
        self._bodies: dict[tuple[str, str], bytes] = {}  # what an ETag stands for, by path
        self._read: dict[tuple[str, str], Mapping[int, int]] = {}  # the same, as versions of stories
        self._newest: dict[int, tuple[int, float]] = {}  # the newest version of a story, and when it was first told
        self._lock = threading.Lock()
        self._end = threading.Event()
        self._threads = [
            threading.Thread(target=self._ask, args=(number, habit), daemon=True) for number, habit in enumerate(HABITS)
        ]

    @property
    def total(self) -> int:
        return sum(self.answers)

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._end.set()
        for thread in self._threads:
            thread.join(_PATIENCE)

    def hear(self, answers: int = 10) -> None:
        """Waits until each reader has had so many answers more. Raises TimeoutError where one has not, after 20 s."""
        wanted = [count + answers for count in self.answers]
        end = time.monotonic() + _PATIENCE
        while any(count < want for count, want in zip(self.answers, wanted, strict=True)):
            if time.monotonic() > end:
                raise TimeoutError(f"readers wait for answers: {self.answers} of {wanted}; {self.complaints[:3]}")
            time.sleep(0.005)

    def version(self, number: int) -> int:
        """The newest version of a story that anybody has been told; 0 where nobody has."""
        return self._newest.get(number, (0, 0.0))[0]

    def feeds(self) -> list[Mapping[int, int]]:
        """The versions of the stories in every feed that anybody was sent."""
        with self._lock:
            return [read for (path, _), read in self._read.items() if path.rpartition(".")[2] in FEEDS]

    def _ask(self, reader: int, habit: Habit) -> None:
        chance = random.Random(reader)
        ports = itertools.cycle(self._ports)
        held: dict[str, _Held] = {}
        while not self._end.is_set():
            try:
                with Line(next(ports)) as line:
                    for _ in range(_ASKED_A_LINE):
                        if self._end.is_set():
                            return
                        self._look(line, chance, habit, held)
                        self.answers[reader] += 1
                        self._end.wait(_PAUSE)
            except (Closed, ConnectionResetError, BrokenPipeError):
                self.broken += 1
            except (Torn, OSError, *UNREADABLE, *UNPACKABLE) as error:
                self._complain(f"{habit.coding or 'identity'}: {error!r}")
                self._end.wait(_RETRY)

    def _look(self, line: Line, chance: random.Random, habit: Habit, held: dict[str, _Held]) -> None:
        number = chance.choice(self.pages) if self.pages else None
        paths = [f"/feed.{suffix}" for suffix in FEEDS] + ["/"] + ([stories.path(number)] if number is not None else [])
        path = chance.choice(paths)
        before = held.get(path)
        headers = {"Accept-Encoding": habit.coding} if habit.coding else {}
        if before and habit.sends_etag:
            headers |= {"If-None-Match": before.etag} | ({"A-IM": "feed"} if habit.takes_delta else {})
        asked = time.monotonic()
        answer = line.get(request(path, headers))
        now = time.monotonic()
        self.slowest = max(self.slowest, now - asked)
        etag = answer.head.etag.decode()
        versions = self._versions(path, answer, headers, before, number)
        held[path] = _Held(etag, versions)
        self._compare(path, versions, asked, now)

    def _versions(
        self, path: str, answer: Answer, headers: Mapping[str, str], before: _Held | None, number: int | None
    ) -> Mapping[int, int]:
        """Of the stories in what a reader holds now. Raises whatever is wrong with the answer."""
        status, etag = answer.head.status, answer.head.etag.decode()
        suffix = path.rpartition(".")[2]
        is_asked_again = "If-None-Match" in headers and before is not None
        if status == 304 and is_asked_again and before:
            if etag != before.etag:
                raise Torn(f"304 to {path} with another ETag than {before.etag}: {etag}")
            return before.versions
        if status == 226 and is_asked_again and before and "A-IM" in headers:
            versions = {**before.versions, **stories.versions(answer.content, suffix)}
            self._refuse_gaps(path, versions)
            return versions
        if status != 200:
            raise Torn(f"{status} to {path}")
        if answer.head.coding not in ("", headers.get("Accept-Encoding", "")):
            raise Torn(f"{path} in {answer.head.coding}, which was not asked for")
        with self._lock:
            body = self._bodies.setdefault((path, etag), answer.body)
            read = self._read.get((path, etag))
        if body != answer.body:
            raise Torn(f"two bodies of {path} for the ETag {etag}")
        if read is None:
            read = self._read_through(path, answer.content, number)
            with self._lock:
                self._read[path, etag] = read
        if suffix in FEEDS:
            self._refuse_gaps(path, read)
        return read

    @staticmethod
    def _read_through(path: str, content: bytes, number: int | None) -> Mapping[int, int]:
        suffix = path.rpartition(".")[2]
        if suffix in FEEDS:
            return stories.versions(content, suffix)
        if path == "/":
            if not content.rstrip().endswith(b"</html>"):
                raise Torn(f"the front page ends in {content[-40:]!r}")
            return {}
        return {number: stories.version_of_page(content, number)} if number is not None else {}

    def _refuse_gaps(self, path: str, versions: Mapping[int, int]) -> None:
        if lost := self.always - versions.keys():
            raise Torn(f"{path} lacks {len(lost)} of {len(self.always)} stories, such as {min(lost)}")
        if strange := versions.keys() - self.known:
            raise Torn(f"{path} holds stories that were never public, such as {min(strange)}")

    def _compare(self, path: str, versions: Mapping[int, int], asked: float, now: float) -> None:
        """With what all others were told before: within a second everybody is told the new version."""
        with self._lock:
            for number, version in versions.items():
                newest, since = self._newest.get(number, (0, 0.0))
                if version > newest:
                    self._newest[number] = (version, now)
                elif version < newest and asked > since + same_second():
                    late = asked - since
                    self.complaints.append(
                        f"{path}: version {version} of story {number}, {late:.1f} s after {newest} was told"
                    )

    def _complain(self, words: str) -> None:
        with self._lock:
            self.complaints.append(words)


@contextmanager
def reading(
    *ports: int,
    always: Collection[int],
    known: Collection[int] | None = None,
    pages: Collection[int] | None = None,
) -> Iterator[Crowd]:
    """A crowd that asks until the end; each of its readers has ten answers before this begins."""
    crowd = Crowd(ports, always, known, pages)
    crowd.start()
    try:
        crowd.hear()
        yield crowd
    finally:
        crowd.stop()
