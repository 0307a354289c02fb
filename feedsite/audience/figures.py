"""The figures that the logs come to, as values. The table, the JSON and the chart each print one Audience."""

from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Requests for feeds: `polls`, and `moved` for those that were answered with a redirect.

    Of the polls, `not_modified` were answered 304, `differences` 226, and `errors` with a status of 400 and above.
    `bytes` are those of all answers, redirects included.
    """

    polls: int = 0
    moved: int = 0
    not_modified: int = 0
    differences: int = 0
    errors: int = 0
    bytes: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(**{one.name: getattr(self, one.name) + getattr(other, one.name) for one in fields(Counts)})

    @property
    def not_modified_share(self) -> float:
        return self.not_modified / self.polls if self.polls else 0.0

    @property
    def differences_share(self) -> float:
        return self.differences / self.polls if self.polls else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """The latest number of subscribers that a reader claimed for one feed. `time` is in seconds since 1970.

    `is_moved` is whether the reader knows the feed by an address that redirects.
    """

    feed: str
    is_moved: bool
    feed_id: str
    subscribers: int
    time: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """How the pollers of one reader use validators (RFC 9110 13). Of a great many pollers a sample is judged.

    `judged` polled often enough to be judged. `ignoring` of them never name the version that they have, and were sent
    `needless_bytes` that they had already.
    """

    judged: int = 0
    ignoring: int = 0
    needless_bytes: int = 0

    def __add__(self, other: "Validators") -> "Validators":
        return Validators(
            judged=self.judged + other.judged,
            ignoring=self.ignoring + other.ignoring,
            needless_bytes=self.needless_bytes + other.needless_bytes,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """One aggregator or program, in all its versions.

    `clients` is the number of its different network addresses: an estimate if there are more than the sample has.
    """

    name: str
    claims: tuple[Claim, ...]
    clients: int
    feeds: int
    counts: Counts
    validators: Validators

    @property
    def is_claimed(self) -> bool:
        return bool(self.claims)

    @property
    def subscribers(self) -> int:
        """The sum of its claims, one for each feed; for a reader without claims the number of its clients."""
        return sum(claim.subscribers for claim in self.claims) if self.claims else self.clients


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """One address of a feed in the logs, and the counts of the requests for it."""

    path: str
    counts: Counts


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """All that was counted. `first` and `last` are the earliest and the latest request's time, in seconds since 1970.

    `others` is the sum of the readers that are too many to be counted apart. `other_requests` are those for anything
    but feeds. `unreadable` lines have no known format; `example` is the first of them, shortened.
    """

    first: float
    last: float
    readers: tuple[Reader, ...]
    others: Counts
    feeds: tuple[Feed, ...]
    other_requests: int
    other_bytes: int
    unreadable: int
    example: str

    @property
    def hours(self) -> float:
        return (self.last - self.first) / 3600

    @property
    def total(self) -> Counts:
        return sum((reader.counts for reader in self.readers), self.others)

    @property
    def polled(self) -> int:
        """The number of the feeds' addresses that were polled, which redirects do not count as."""
        return sum(feed.counts.polls > 0 for feed in self.feeds)

    @property
    def requests(self) -> int:
        """The number of all lines that could be read."""
        return self.total.polls + self.total.moved + self.other_requests

    @property
    def claimed(self) -> int:
        return sum(reader.subscribers for reader in self.readers if reader.is_claimed)

    @property
    def estimated(self) -> int:
        return sum(reader.subscribers for reader in self.readers if not reader.is_claimed)

    def an_hour(self, polls: int) -> float | None:
        """Polls an hour over the time that the logs span; None if that is less than an hour."""
        return polls / self.hours if self.hours >= 1 else None
