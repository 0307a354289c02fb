"""Counts the lines of access logs into an Audience.

Each table here has a limit, and what goes beyond it is summed, so memory stays bounded whatever the logs contain.
"""

from collections.abc import Callable, Iterable
from dataclasses import fields
from functools import lru_cache, partial
from math import inf

from ..formats import FEED_FORMATS
from .figures import Audience, Claim, Counts, Feed, Reader
from .loglines import Request, read
from .pollers import Pollers, client_hash, take_poll
from .readers import Identity, identify, printable

MORE_FEEDS = "(more feeds)"
_METHODS = frozenset({"GET", "HEAD"})
_ABSENT = frozenset({404, 410})  # there is no feed at this address
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_SOON = 60  # seconds within which a client follows a redirect
_STALE = 48 * 3600  # seconds: a claim that is older than its reader's newest by so much no longer counts
_MOST_FEEDS = 1000
_MOST_UNLISTED = 500  # readers that are not in the table; of more, the half that polls least is summed
_MOST_CLAIMS = 1000  # of one reader that are kept
_MOST_REDIRECTED = 10_000  # User-Agents whose last redirect is kept
_LISTED_SAMPLE, _UNLISTED_SAMPLE = 1000, 100  # pollers of a reader that are kept
_LONGEST_PATH, _LONGEST_EXAMPLE = 200, 80
_FORMER = frozenset(path for form in FEED_FORMATS for path in form.former)
_ENDS = tuple(f".{form.suffix}" for form in FEED_FORMATS)


def feed_at(path: str, base: str = "") -> str | None:
    """The feed that a request's path means, as a path, or None. `base` is the path of base_url, such as /blog."""
    where = path.partition("?")[0]
    if len(where) > _LONGEST_PATH:
        return None
    if not where.startswith("/"):  # a request to a proxy names the host too (RFC 9112 3.2.2)
        where = f"/{where.partition('://')[2].partition('/')[2]}"
    where = where.removeprefix(base) if where.startswith(f"{base}/") else where
    if where.endswith(_ENDS):
        return where
    where = where.rstrip("/")
    return where if where in _FORMER else None


class _Counter:
    """The counts of one reader or one feed so far."""

    __slots__ = ("bytes", "differences", "errors", "moved", "not_modified", "polls")

    def __init__(self) -> None:
        self.polls = self.moved = self.not_modified = self.differences = self.errors = self.bytes = 0

    def take(self, status: int, size: int) -> None:
        self.bytes += size
        if status in _REDIRECTS:
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


class _ReaderCounter(_Counter):
    """What is counted of one reader."""

    __slots__ = ("claims", "feeds", "is_listed", "name", "pollers", "service")

    def __init__(self, identity: Identity) -> None:
        super().__init__()
        self.name, self.is_listed = identity.name, identity.is_listed
        self.feeds: set[str] = set()
        self.claims: dict[tuple[str, bool], Claim] = {}
        self.pollers = Pollers(_LISTED_SAMPLE if identity.is_listed else _UNLISTED_SAMPLE)
        self.service = Pollers(1)  # a service polls once for all its subscribers, from any address

    def claim(self, claim: Claim) -> None:
        """Keeps the claim if it is the latest, in whatever order the logs are read."""
        key = (claim.feed_id, False) if claim.feed_id else (claim.feed, claim.is_moved)
        known = self.claims.get(key)
        if known is None and len(self.claims) >= _MOST_CLAIMS:
            return
        if known is None or (known.time, known.subscribers) < (claim.time, claim.subscribers):
            self.claims[key] = claim

    def reader(self, with_304: frozenset[str]) -> Reader:
        newest = max((claim.time for claim in self.claims.values()), default=0)
        current = [claim for claim in self.claims.values() if claim.time > newest - _STALE]
        served, own = self.service.validators(with_304), self.pollers.validators(with_304)
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
    """Counts lines, which come in any order and in any number of batches. `audience()` is the sum so far.

    `base` is the path of the site's base_url, such as /blog. A proxy's log may have it before each path.
    """

    def __init__(self, base: str = "") -> None:
        self._feed_at: Callable[[str], str | None] = lru_cache(maxsize=5000)(partial(feed_at, base=base))
        self._hash = lru_cache(maxsize=50_000)(client_hash)
        self._first, self._last = inf, -inf
        self._readers: dict[str, _ReaderCounter] = {}
        self._unlisted = 0
        self._others = Counts()
        self._feeds: dict[str, _Counter] = {}
        self._redirected: dict[str, float] = {}
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
            if time < self._first:  # noqa: PLR1730  # min() takes three times as long, for each line
                self._first = time
            if time > self._last:  # noqa: PLR1730  # so does max()
                self._last = time
            feed = self._feed_at(request.path) if request.method in _METHODS and request.status not in _ABSENT else None
            if feed is None:
                self._other_requests += 1
                self._other_bytes += request.bytes
            else:
                self._poll(request, feed)

    def _poll(self, request: Request, feed: str) -> None:
        if (of_feed := self._feeds.get(feed)) is None:
            feed = feed if len(self._feeds) < _MOST_FEEDS else MORE_FEEDS
            of_feed = self._feeds.setdefault(feed, _Counter())
        of_feed.take(request.status, request.bytes)
        identity = identify(request.agent)
        of_reader = self._readers.get(identity.name) or self._new(identity)
        of_reader.take(request.status, request.bytes)
        habits = of_reader.pollers.of(self._hash(request.client))
        if identity.subscribers is not None:
            habits = of_reader.service.of(0)
            self._claim(request, feed, identity, of_reader)
        if request.status not in _REDIRECTS:
            of_reader.feeds.add(feed)
            if habits is not None:
                take_poll(habits, request, feed)

    def _claim(self, request: Request, feed: str, identity: Identity, counter: _ReaderCounter) -> None:
        """Counts the claim of a request. A request that follows a redirect repeats a claim that was counted there."""
        is_moved = request.status in _REDIRECTS
        if is_moved:
            if len(self._redirected) >= _MOST_REDIRECTED:
                self._redirected.clear()
            self._redirected[request.agent] = request.time
        elif abs(request.time - self._redirected.pop(request.agent, -inf)) <= _SOON:
            return
        counter.claim(
            Claim(
                feed=feed,
                is_moved=is_moved,
                feed_id=identity.feed_id,
                subscribers=identity.subscribers or 0,
                time=request.time,
            )
        )

    def _new(self, identity: Identity) -> _ReaderCounter:
        if not identity.is_listed:
            if self._unlisted >= _MOST_UNLISTED:
                self._sum_least()
            self._unlisted += 1
        counter = self._readers[identity.name] = _ReaderCounter(identity)
        return counter

    def _sum_least(self) -> None:
        """Sums half of the readers that are not in the table, those that polled least, to make room for others."""
        unlisted = sorted((one.polls, one.name) for one in self._readers.values() if not one.is_listed)
        for _, name in unlisted[: len(unlisted) // 2]:
            self._others += self._readers.pop(name).counts
            self._unlisted -= 1

    def audience(self) -> Audience:
        with_304 = frozenset(path for path, counter in self._feeds.items() if counter.not_modified)
        readers = [counter.reader(with_304) for counter in self._readers.values()]
        feeds = [
            Feed(path=printable(path, _LONGEST_PATH), counts=counter.counts) for path, counter in self._feeds.items()
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
