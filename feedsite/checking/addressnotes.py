"""Notes on former addresses and ids of articles whose files were renamed, and on what stands where a list does."""

from collections.abc import Iterator

from ..codes import Code
from ..errors import Fault
from ..index import survey
from ..index.edition import Edition
from ..parsing.quoting import in_list
from ..plan import Plan
from .sources import Sources


def former(edition: Edition, sources: Sources) -> Iterator[Fault]:
    """Addresses that articles had until they moved, and at which nothing stands now."""
    for address, row in edition.former_addresses():
        if not edition.at(address) and not edition.at(address.rstrip("/")):
            aliases = ", ".join((*row.aliases, address))
            message = f"its address was {address} until now; write `aliases: [{aliases}]`, or old links break"
            yield sources.note_on_field(Code.LOST_ADDRESS, row.source, message, "aliases", "slug", "published")


def renamed(edition: Edition) -> Iterator[Fault]:
    """Files without an id that seem to be others under new names, until the former id is written down."""
    for one in survey.renamed(edition.index):
        write, or_else = f"`id: {one.id}`", "readers get it again"
        if not one.has_address and one.address not in one.aliases and not edition.at(one.address):
            aliases = ", ".join(map(in_list, (*one.aliases, one.address)))
            write, or_else = f"{write} and `aliases: [{aliases}]`", f"{or_else} and old links break"
        message = f"this file seems to be {one.former_source} under another name: write {write}, or {or_else}"
        yield Fault(one.source, 1, 1, Code.RENAMED, message)


def covered(plan: Plan, sources: Sources) -> Iterator[Fault]:
    """Aliases that lead nowhere, for a list of articles stands there; and standing pages at the address of a list."""
    for row in plan.pages_over_lists():
        message = f"{row.path} is the address of a section as well, which articles name; give the file another name"
        yield Fault(row.source, 1, 1, Code.COVERED_PAGE, message)
    for row, alias in plan.covered_aliases():
        message = f"the alias {alias} leads nowhere, for a list of articles stands there; take it out"
        yield sources.note_on_field(Code.COVERED_ALIAS, row.source, message, alias, "aliases")
