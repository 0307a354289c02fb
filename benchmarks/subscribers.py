"""Ten thousand subscribers: what they ask for, how they ask, how often. README.md says why these shares.

The mix is a table; who is what, and when each asks first, follows from the seed alone.
"""

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TypeVar

from . import reading
from .reading import Entries
from .wire import DECODERS, UNPACKABLE, Answer, request

SEED = "subscribers"
Kind = TypeVar("Kind")
DAY = 24 * 60 * 60


class Wronged(Exception):
    """A subscriber was answered so that it misses something, or does not understand it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Behaviour:
    """How a reader asks again: with which validators, and whether it takes a delta (RFC 3229)."""

    name: str
    sends_etag: bool = False
    sends_date: bool = False
    takes_delta: bool = False


DELTA = Behaviour(name="ETag, date, A-IM: feed", sends_etag=True, sends_date=True, takes_delta=True)
VALIDATORS = Behaviour(name="ETag and date", sends_etag=True, sends_date=True)
DATE_ONLY = Behaviour(name="date only", sends_date=True)
NOTHING = Behaviour(name="nothing")

# Percent of the subscribers, each list for itself.
BEHAVIOURS = ((DELTA, 60), (VALIDATORS, 31), (DATE_ONLY, 6), (NOTHING, 3))
FORMATS = (("rss", 65), ("atom", 30), ("json", 5))
CODINGS = (("gzip, deflate", 50), ("gzip, deflate, br", 28), ("gzip, deflate, br, zstd", 17), ("", 5))
MINUTES = ((10, 8), (15, 10), (30, 32), (60, 50))  # between two polls


@dataclass(slots=True)
class Tally:
    """What one class of subscribers was sent: answers and bytes by status."""

    subscribers: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    sent: Counter[int] = field(default_factory=Counter)

    @property
    def requests(self) -> int:
        return self.statuses.total()

    @property
    def bytes(self) -> int:
        return self.sent.total()


class Subscriber:
    """One reader and all that it keeps: `held` are the entries it has, and `request` is what it sends next."""

    __slots__ = ("_fixed", "behaviour", "held", "request", "seconds", "suffix", "tally")

    def __init__(self, behaviour: Behaviour, suffix: str, accepts: str, seconds: range) -> None:
        self.behaviour = behaviour
        self.suffix = suffix
        self.seconds = seconds
        self._fixed = {"User-Agent": "reader/1.0", "Accept": "*/*"} | ({"Accept-Encoding": accepts} if accepts else {})
        self.forget()

    def forget(self) -> None:
        """As somebody who has just subscribed."""
        self.request = request(f"/feed.{self.suffix}", self._fixed)
        self.held: Entries = frozenset()
        self.tally: Tally | None = None

    def take(self, answer: Answer, current: Entries) -> None:
        """Keeps what the answer says. Raises Wronged where that leaves the subscriber without some current entry."""
        status, asked = answer.head.status, self.request
        if self.tally:
            self.tally.statuses[status] += 1
            self.tally.sent[status] += answer.size
        if status == 200 or (status == 226 and self.behaviour.takes_delta):
            try:
                said = _read(answer.body, answer.head.coding, self.suffix)
            except (*reading.UNREADABLE, *UNPACKABLE) as error:
                raise Wronged(f"{self.behaviour.name}: no feed in the answer to {asked!r}: {error}") from None
            self.held = reading.merged(self.held, said)
            self.request = request(f"/feed.{self.suffix}", self._fixed | self._conditions(answer))
        elif status != 304:
            raise Wronged(f"{self.behaviour.name}: an answer of status {status} to {asked!r}")
        if lost := reading.lost(self.held, current):
            raise Wronged(f"{self.behaviour.name}: {len(lost)} entries missed after {asked!r}: {min(lost)}")

    def _conditions(self, answer: Answer) -> dict[str, str]:
        behaviour, head = self.behaviour, answer.head
        conditions = {}
        if behaviour.sends_etag and head.etag:
            conditions["If-None-Match"] = head.etag.decode()
        if behaviour.sends_date and head.modified:
            conditions["If-Modified-Since"] = head.modified.decode()
        if behaviour.takes_delta and conditions:
            conditions["A-IM"] = "feed"
        return conditions


def subscribers(count: int) -> list[Subscriber]:
    chance = random.Random(SEED)
    made = []
    for _ in range(count):
        every = 60 * _drawn(MINUTES, chance)
        seconds = range(chance.randrange(every), DAY, every)
        made.append(Subscriber(_drawn(BEHAVIOURS, chance), _drawn(FORMATS, chance), _drawn(CODINGS, chance), seconds))
    return made


def polls(everybody: Sequence[Subscriber]) -> list[tuple[int, int]]:
    """Every poll of the day as (second, number of the subscriber), in order."""
    return sorted((second, number) for number, each in enumerate(everybody) for second in each.seconds)


@cache
def _read(body: bytes, coding: str, suffix: str) -> Entries:
    """Each body is unpacked and parsed once, however many subscribers get it."""
    return reading.entries(DECODERS[coding](body), suffix)


def _drawn(shares: Sequence[tuple[Kind, int]], chance: random.Random) -> Kind:
    return chance.choices([each for each, _ in shares], [share for _, share in shares])[0]
