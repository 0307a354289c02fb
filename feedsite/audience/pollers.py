"""The pollers of one reader: how many there are, and which of them ask as if they held nothing.

However many there are, a sample of them is kept: those whose hashes are the smallest (bottom-k sampling, Cohen 1997).
Chance alone chooses it, whoever comes first or often; what it keeps of a poller is complete, since who once fell out
never comes back; and how densely the hashes lie tells how many pollers there are.
"""

from hashlib import blake2b
from heapq import heappush, heapreplace
from ipaddress import IPv6Address

from .figures import Validators
from .loglines import Request

_HASHES = 2**64
_HOUSEHOLD = 64  # bits of an IPv6 address: what lies behind changes daily (RFC 8981)
_APART = 60  # seconds: of polls within a minute one counts, for who subscribes or reloads asks several times
_ENOUGH = 5  # polls: the first has nothing to name, and four more are a habit
_REPEATS = 3  # of those four: a change may leave the size as it was once, and by great chance twice
_MOST_FEEDS = 8  # of one poller that are followed
_KEPT = frozenset({304, 226})  # both answer those only who named the version that they hold


def place(client: str) -> int:
    """Where chance puts a client, from 0 to 2 ** 64, on every machine alike; a household's addresses at one place."""
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
    304 or 226, and one of these holds:

    - the log tells conditions, and none of its requests had one;
    - most of what it fetched, and at least three times, was of the size that it had fetched last, in a feed for which
      others were answered 304. A poller that held the version would have been answered so too.
    """

    __slots__ = ("_bytes", "_fetches", "_is_conditional", "_polls", "_repeats", "_time", "_unconditional", "needless")

    def __init__(self) -> None:
        self.needless = 0  # bytes that it had
        self._is_conditional = False
        self._polls = self._fetches = self._repeats = self._unconditional = 0
        self._bytes, self._time = -1, -float(_APART)

    def take(self, request: Request) -> None:
        if request.status in _KEPT or request.is_conditional:
            self._is_conditional = True
        if abs(request.time - self._time) < _APART:
            return
        self._time = request.time
        self._polls += 1
        if request.status == 200 and request.method == "GET":
            self._fetches += 1
            self._unconditional += request.is_conditional is False
            if request.bytes == self._bytes > 0:  # a log may tell no size
                self._repeats += 1
                self.needless += request.bytes
            self._bytes = request.bytes

    @property
    def is_judged(self) -> bool:
        return self._polls >= _ENOUGH

    def ignores_validators(self, *, others_are_spared: bool) -> bool:
        """`others_are_spared` where the server answered anybody 304 for this feed."""
        if self._is_conditional or self._fetches < _ENOUGH:
            return False
        repeats = self._repeats >= _REPEATS and self._repeats > self._fetches / 2
        return (repeats and others_are_spared) or self._unconditional == self._fetches


def take_poll(habits: dict[str, Habit], request: Request, feed: str) -> None:
    if (habit := habits.get(feed)) is None:
        if len(habits) >= _MOST_FEEDS:
            return
        habit = habits[feed] = Habit()
    habit.take(request)


class Pollers:
    """The pollers of one reader. `size` of them are kept at most."""

    __slots__ = ("_farthest", "_habits", "_is_cut", "_size")

    def __init__(self, size: int) -> None:
        self._size = size
        self._is_cut = False
        self._farthest: list[int] = []  # a heap of places, the greatest first, and hence negative
        self._habits: dict[int, dict[str, Habit]] = {}

    def of(self, where: int) -> dict[str, Habit] | None:
        """The habits of the poller with that place, by feed; None where it is not in the sample."""
        if (habits := self._habits.get(where)) is not None:
            return habits
        if len(self._habits) < self._size:
            heappush(self._farthest, -where)
        else:
            self._is_cut = True
            if where > -self._farthest[0]:
                return None
            del self._habits[-heapreplace(self._farthest, -where)]
        habits = self._habits[where] = {}
        return habits

    @property
    def count(self) -> int:
        """How many there are: exactly while all are kept, and else as their places tell, mostly within 2 / √size."""
        return round((self._size - 1) * _HASHES / -self._farthest[0]) if self._is_cut else len(self._habits)

    def validators(self, spared: frozenset[str]) -> Validators:
        """`spared` are the feeds for which anybody was answered 304."""
        judged = ignoring = needless = 0
        for habits in self._habits.values():
            judged += any(habit.is_judged for habit in habits.values())
            bad = [
                habit for feed, habit in habits.items() if habit.ignores_validators(others_are_spared=feed in spared)
            ]
            ignoring += bool(bad)
            needless += sum(habit.needless for habit in bad)
        return Validators(judged=judged, ignoring=ignoring, needless_bytes=needless)
