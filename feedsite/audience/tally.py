"""Counts the lines of access logs into an Audience.

Memory stays bounded whatever strangers send: each table here has a limit, and what goes over it is summed with others.
"""

from collections.abc import Callable, Iterable
from dataclasses import fields
from functools import lru_cache, partial
from math import inf

from .. import urls
from ..formats import FEED_FORMATS
from .figures import Audience, Claim, Counts, Feed, Reader
from .loglines import Request, read
from .pollers import Pollers, place, take_poll
from .readers import Identity, identify, printable

MORE_FEEDS = "(more feeds)"
_METHODS = frozenset({"GET", "HEAD"})
_ABSENT = frozenset({404, 410})  # no feed stands there
_LED_ON = frozenset({301, 302, 303, 307, 308})
_SOON = 60  # seconds in which a client follows where it is led
_STALE = 48 * 3600  # seconds: a claim that its reader did not repeat for so long while it made others is one no more
_MOST_FEEDS = 1000
_MOST_UNLISTED = 500  # readers that no row names: when there are more, the half that polls least is summed
_MOST_CLAIMS = 1000  # of one reader that are kept
_MOST_LED = 10_000  # User-Agents remembered as led on
_LISTED_SAMPLE, _UNLISTED_SAMPLE = 1000, 100  # pollers of a reader that are kept
_LONGEST_PATH, _LONGEST_EXAMPLE = 200, 80
_FORMER = frozenset(path for form in FEED_FORMATS for path in form.former)
_ENDS = tuple(urls.feed("", form.suffix) for form in FEED_FORMATS)


def feed_at(path: str, base: str = "") -> str | None:
    """The feed that a path of a request names, or None. `base` is the path of the site's own address, such as /blog."""
    where = path.partition("?")[0]
    if len(where) > _LONGEST_PATH:
        return None
    if not where.startswith("/"):  # to a proxy, with the host (RFC 9112 3.2.2)
        where = f"/{where.partition('://')[2].partition('/')[2]}"
    where = where.removeprefix(base) if where.startswith(f"{base}/") else where
    if where.endswith(_ENDS):
        return where
    where = where.rstrip("/")
    return where if where in _FORMER else None


class _Count:
    """Counts that grow, of a reader or a feed."""

    __slots__ = ("bytes", "differences", "errors", "moved", "not_modified", "polls")

    def __init__(self) -> None:
        self.polls = self.moved = self.not_modified = self.differences = self.errors = self.bytes = 0

    def take(self, status: int, size: int) -> None:
        self.bytes += size
        if status in _LED_ON:
            self.moved += 1
            return
        self.polls += 1
        if status == 304:
            self.not_modified += 1
        elif status == 226:
            self.differences += 1
        elif status >= 400:
            self.errors += 1

    @property
    def counts(self) -> Counts:
        return Counts(**{one.name: getattr(self, one.name) for one in fields(Counts)})


class _Row(_Count):
    """What is counted of one reader."""

    __slots__ = ("claims", "feeds", "is_listed", "name", "pollers", "service")

    def __init__(self, identity: Identity) -> None:
        super().__init__()
        self.name, self.is_listed = identity.name, identity.is_listed
        self.feeds: set[str] = set()
        self.claims: dict[tuple[str, bool], Claim] = {}
        self.pollers = Pollers(_LISTED_SAMPLE if identity.is_listed else _UNLISTED_SAMPLE)
        self.service = Pollers(1)  # who claims subscribers polls once for all of them, from whatever address

    def claim(self, claim: Claim) -> None:
        """The latest counts, whatever order the logs are read in."""
        key = (claim.feed_id, False) if claim.feed_id else (claim.feed, claim.is_moved)
        known = self.claims.get(key)
        if known is None and len(self.claims) >= _MOST_CLAIMS:
            return
        if known is None or (known.time, known.subscribers) < (claim.time, claim.subscribers):
            self.claims[key] = claim

    def reader(self, spared: frozenset[str]) -> Reader:
        newest = max((claim.time for claim in self.claims.values()), default=0)
        current = [claim for claim in self.claims.values() if claim.time > newest - _STALE]
        served, own = self.service.validators(spared), self.pollers.validators(spared)
        return Reader(
            name=self.name,
            claims=tuple(
                sorted(current, key=lambda claim: (-claim.subscribers, claim.feed, claim.feed_id, claim.is_moved))
            ),
            clients=self.pollers.count,
            feeds=len(self.feeds),
            counts=self.counts,
            validators=served + own,
        )


class Tally:
    """Takes lines, in any order and any number of batches, and tells at any time what they come to.

    `base` is the path of the site's own address, such as /blog, which a proxy's log has before every path.
    """

    def __init__(self, base: str = "") -> None:
        self._feed_at: Callable[[str], str | None] = lru_cache(maxsize=5000)(partial(feed_at, base=base))
        self._place = lru_cache(maxsize=50_000)(place)
        self._first, self._last = inf, -inf
        self._rows: dict[str, _Row] = {}
        self._unlisted = 0
        self._others = Counts()
        self._feeds: dict[str, _Count] = {}
        self._led: dict[str, float] = {}
        self._other_requests = self._other_bytes = self._unreadable = 0
        self._example = ""

    def take(self, lines: Iterable[str]) -> None:
        for line in lines:
            request = read(line)
            if request is None:
                if line.strip():
                    self._unreadable += 1
                    self._example = self._example or printable(line, _LONGEST_EXAMPLE)
                continue
            time = request.time
            if time < self._first:  # noqa: PLR1730  # min() costs three times as much, on each line
                self._first = time
            if time > self._last:  # noqa: PLR1730  # and so does max()
                self._last = time
            feed = self._feed_at(request.path) if request.method in _METHODS and request.status not in _ABSENT else None
            if feed is None:
                self._other_requests += 1
                self._other_bytes += request.bytes
            else:
                self._poll(request, feed)

    def _poll(self, request: Request, feed: str) -> None:
        if (counted := self._feeds.get(feed)) is None:
            feed = feed if len(self._feeds) < _MOST_FEEDS else MORE_FEEDS
            counted = self._feeds.setdefault(feed, _Count())
        counted.take(request.status, request.bytes)
        identity = identify(request.agent)
        row = self._rows.get(identity.name) or self._new(identity)
        row.take(request.status, request.bytes)
        habits = row.pollers.of(self._place(request.client))
        if identity.subscribers is not None:
            habits = row.service.of(0)
            self._claim(request, feed, identity, row)
        if request.status not in _LED_ON:
            row.feeds.add(feed)
            if habits is not None:
                take_poll(habits, request, feed)

    def _claim(self, request: Request, feed: str, identity: Identity, row: _Row) -> None:
        """Who is led on asks again elsewhere, and says the same once more: that is no second claim."""
        is_moved = request.status in _LED_ON
        if is_moved:
            if len(self._led) >= _MOST_LED:
                self._led.clear()
            self._led[request.agent] = request.time
        elif abs(request.time - self._led.pop(request.agent, -inf)) <= _SOON:
            return
        row.claim(
            Claim(
                feed=feed,
                is_moved=is_moved,
                feed_id=identity.feed_id,
                subscribers=identity.subscribers or 0,
                time=request.time,
            )
        )

    def _new(self, identity: Identity) -> _Row:
        if not identity.is_listed:
            if self._unlisted >= _MOST_UNLISTED:
                self._fold()
            self._unlisted += 1
        row = self._rows[identity.name] = _Row(identity)
        return row

    def _fold(self) -> None:
        """Half of the readers that no row names make room for others: those that poll least."""
        unlisted = sorted((row.polls, row.name) for row in self._rows.values() if not row.is_listed)
        for _, name in unlisted[: len(unlisted) // 2]:
            self._others += self._rows.pop(name).counts
            self._unlisted -= 1

    def audience(self) -> Audience:
        spared = frozenset(path for path, counted in self._feeds.items() if counted.not_modified)
        readers = [row.reader(spared) for row in self._rows.values()]
        feeds = [
            Feed(path=printable(path, _LONGEST_PATH), counts=counted.counts) for path, counted in self._feeds.items()
        ]
        return Audience(
            first=self._first if self._first < inf else 0,
            last=self._last if self._first < inf else 0,
            readers=tuple(sorted(readers, key=lambda reader: (-reader.subscribers, -reader.counts.polls, reader.name))),
            others=self._others,
            feeds=tuple(sorted(feeds, key=lambda feed: (-feed.counts.polls, feed.path))),
            other_requests=self._other_requests,
            other_bytes=self._other_bytes,
            unreadable=self._unreadable,
            example=self._example,
        )
