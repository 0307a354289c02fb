"""How many subscribers use which reader, of an audience that was counted in access logs."""

from collections.abc import Iterable
from dataclasses import dataclass

from ..audience.figures import Audience
from ..places import parse


@dataclass(frozen=True, slots=True)
class Weights:
    """Numbers of subscribers: by the reader's name, by the path of a list that claims name, and all."""

    by_reader: dict[str, int]
    by_feed: dict[str, int]
    total: int

    def of(self, readers: Iterable[str]) -> int:
        return sum(self.by_reader.get(name, 0) for name in readers)


def weights(audience: Audience) -> Weights:
    """What the readers claim, and the clients of those that claim nothing."""
    by_feed: dict[str, int] = {}
    for reader in audience.readers:
        for claim in reader.claims:
            folder = place.folder if (place := parse(claim.feed)) else claim.feed
            by_feed[folder] = by_feed.get(folder, 0) + claim.subscribers
    by_reader = {reader.name: reader.subscribers for reader in audience.readers}
    return Weights(by_reader, by_feed, sum(by_reader.values()))
