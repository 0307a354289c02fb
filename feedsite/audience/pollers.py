"""The pollers of one reader: how many there are, and which of them ignore validators.

Of any number of pollers a sample of limited size is kept: those whose hashes are smallest (bottom-k sampling, Cohen
1997). The sample is random, whatever the order and the number of their polls. What is kept of a poller is complete,
because a poller that has left the sample never returns. The density of the hashes gives the number of all pollers.
"""

from hashlib import blake2b
from heapq import heappush, heapreplace
from ipaddress import IPv6Address

from .figures import Validators
from .loglines import Request

_HASHES = 2**64
_HOUSEHOLD = 64  # bits of an IPv6 address: the others change daily (RFC 8981)
_APART = 60  # seconds: polls within a minute count as one, because subscribing or reloading makes several
_ENOUGH = 5  # polls: the first cannot name a version, and four more are a habit
_REPEATS = 3  # of those four: by chance a change leaves the size as it was, once or, rarely, twice
_MOST_FEEDS = 8  # of one poller for which habits are kept
_TO_CONDITIONAL = frozenset({304, 226})  # only a request that names a version is answered so


def client_hash(client: str) -> int:
    """The hash of a client's address, below 2 ** 64 and the same on every machine. A household's addresses have one."""
    if ":" in client:
        client = _household(client)
    return int.from_bytes(blake2b(client.encode(errors="replace"), digest_size=8).digest(), "big")


def _household(client: str) -> str:
    try:
        address = IPv6Address(client.strip("[]"))
    except ValueError:
        return client
    return str(address.ipv4_mapped or int(address) >> _HOUSEHOLD)


class Habit:
    """How one poller asks for one feed.

    It ignores validators if it fetched the whole feed at least five times, a minute or more apart, was never answered
    304 or 226, and one of these is true:

    - the log records conditions, and none of its requests had one;
    - more than half of its fetches, and at least three, had the same size as the one before, while other pollers were
      answered 304 for this feed. If it had named the version that it had, it would have been answered 304 too.
    """

    __slots__ = ("_bytes", "_fetches", "_is_conditional", "_polls", "_repeats", "_time", "_unconditional", "needless")

    def __init__(self) -> None:
        self.needless = 0  # bytes that it had already
        self._is_conditional = False
        self._polls = self._fetches = self._repeats = self._unconditional = 0
        self._bytes, self._time = -1, -float(_APART)

    def take(self, request: Request) -> None:
        if request.status in _TO_CONDITIONAL or request.is_conditional:
            self._is_conditional = True
        if abs(request.time - self._time) < _APART:
            return
        self._time = request.time
        self._polls += 1
        if request.status == 200 and request.method == "GET":
            self._fetches += 1
            self._unconditional += request.is_conditional is False
            if request.bytes == self._bytes > 0:  # 0 if the log has no size
                self._repeats += 1
                self.needless += request.bytes
            self._bytes = request.bytes

    @property
    def is_judged(self) -> bool:
        return self._polls >= _ENOUGH

    def ignores_validators(self, *, others_got_304: bool) -> bool:
        """`others_got_304` is whether the server answered any poller of this feed with 304."""
        if self._is_conditional or self._fetches < _ENOUGH:
            return False
        repeats = self._repeats >= _REPEATS and self._repeats > self._fetches / 2
        return (repeats and others_got_304) or self._unconditional == self._fetches


def take_poll(habits: dict[str, Habit], request: Request, feed: str) -> None:
    if (habit := habits.get(feed)) is None:
        if len(habits) >= _MOST_FEEDS:
            return
        habit = habits[feed] = Habit()
    habit.take(request)


class Pollers:
    """The pollers of one reader, by the hash of each. At most `size` of them are kept."""

    __slots__ = ("_habits", "_is_sample", "_largest", "_size")

    def __init__(self, size: int) -> None:
        self._size = size
        self._is_sample = False
        self._largest: list[int] = []  # a heap of the hashes as negative numbers, so that the largest hash comes first
        self._habits: dict[int, dict[str, Habit]] = {}

    def of(self, poller: int) -> dict[str, Habit] | None:
        """The habits of the poller with this hash, by feed; None if it is not in the sample."""
        if (habits := self._habits.get(poller)) is not None:
            return habits
        if len(self._habits) < self._size:
            heappush(self._largest, -poller)
        else:
            self._is_sample = True
            if poller > -self._largest[0]:
                return None
            del self._habits[-heapreplace(self._largest, -poller)]
        habits = self._habits[poller] = {}
        return habits

    @property
    def count(self) -> int:
        """The number of all pollers: exact while all are kept, then an estimate, mostly within 2 / √size."""
        return round((self._size - 1) * _HASHES / -self._largest[0]) if self._is_sample else len(self._habits)

    def validators(self, with_304: frozenset[str]) -> Validators:
        """`with_304` are the feeds for which any poller was answered 304."""
        judged = ignoring = needless = 0
        for habits in self._habits.values():
            judged += any(habit.is_judged for habit in habits.values())
            bad = [habit for feed, habit in habits.items() if habit.ignores_validators(others_got_304=feed in with_304)]
            ignoring += bool(bad)
            needless += sum(habit.needless for habit in bad)
        return Validators(judged=judged, ignoring=ignoring, needless_bytes=needless)
