"""Notes on addresses that lead nowhere: former ones of articles that moved, and aliases where a list stands."""

from collections.abc import Iterator

from ..errors import Fault
from ..index.edition import Edition
from ..plan import Plan
from .sources import Sources


def former(edition: Edition, sources: Sources) -> Iterator[Fault]:
    """Addresses that articles had until they moved, and at which nothing stands now."""
    for address, row in edition.former_addresses():
        if not edition.at(address) and not edition.at(address.rstrip("/")):
            aliases = ", ".join((*row.aliases, address))
            message = f"its address was {address} until now; write `aliases: [{aliases}]`, or old links break"
            yield sources.note_on_field(row.source, message, "aliases", "slug", "published")


def covered(plan: Plan, sources: Sources) -> Iterator[Fault]:
    """Aliases that lead nowhere, for a list of articles stands there."""
    for row, alias in plan.covered_aliases():
        message = f"the alias {alias} leads nowhere, for a list of articles stands there; take it out"
        yield sources.note_on_field(row.source, message, alias, "aliases")
