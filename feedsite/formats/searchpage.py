"""What a page of a search says: what was found, or why nothing can be."""

from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup

from .. import queries
from ..collection import Collection
from ..queries import Query
from ..words import Words

EXAMPLES = {
    "phrase": '"night trains"',
    "star": "rail*",
    "lists": 'section:world tag:trade author:"Ann Lee" language:en from:2021-07 to:2021-12-31',
}
# Between Arabic letters the parts of a date would change places (UAX 9, W2).
_DATES = tuple(Markup('<bdi dir="ltr">{}</bdi>').format(date) for date in ("2021-07-05", "2021-07", "2021"))


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundPage:
    """A page of what a search has found: that of this `number` of `count` pages. `size` articles were found, or more.

    `typed` is the query as it was typed.
    """

    query: Query
    typed: str
    collection: Collection
    size: int
    is_more: bool
    number: int
    count: int

    @property
    def newer(self) -> str:
        """The query part of the address of the page before; "" for none."""
        return f"{self.query.field}&page={self.number - 1}" if self.number > 1 else ""

    @property
    def older(self) -> str:
        return f"{self.query.field}&page={self.number + 1}" if self.number < self.count else ""


def refusal(words: Words, why: queries.Why | Literal["wide", "unready"]) -> str:
    """Why a search has no answer, in a sentence."""
    match why:
        case "empty":
            return words.text("Enter a word to search for.")
        case "long":
            return words.counted(
                "That is too long to search for: use {number} letter at most.",
                "That is too long to search for: use {number} letters at most.",
                queries.LONGEST,
            )
        case "words":
            return words.counted(
                "That is too many words to search for: use {number} at most.",
                "That is too many words to search for: use {number} at most.",
                queries.MOST,
            )
        case "date":
            return words.text("Write dates like {examples}.", examples=words.listed(_DATES, is_either=True))
        case "wide":
            return words.text("Too many articles match, and searching them took too long. Try adding a word.")
        case "unready":
            return words.text("The search is being prepared. Please try again in a minute.")
