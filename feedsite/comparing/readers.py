"""What feed readers do with an item that they know, and with one that they do not: a table.

It was read in their programs; tests/readers/test_noticing.py tries it on those that can be had. A new reader is a row.
"""

from dataclasses import dataclass

from .shown import FIELDS, TEXT

_ALL = frozenset(FIELDS) - {"id"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """A feed reader. Its name is that of audience/readers.py where it names itself to servers (`is_named`).

    An item is one that it knows where, for any group in `same_if`, every field of the group is as it was. Where one of
    the fields in `notices` differs it takes those in `takes` anew; else it keeps the item as it is. Where one in
    `unread` differs it marks the item unread again; with `if_asked`, for those alone who set it so. `history` is the
    relation by which it reaches items that no longer stand in a feed.
    """

    name: str
    same_if: tuple[tuple[str, ...], ...] = (("id",),)
    notices: frozenset[str] = _ALL
    takes: frozenset[str] = _ALL
    unread: frozenset[str] = frozenset()
    if_asked: bool = False
    history: str = ""
    is_named: bool = True

    def knows(self, shared: frozenset[str]) -> bool:
        """Whether it takes an item for one that it has, of which these fields are the same."""
        return any(shared.issuperset(group) for group in self.same_if)

    def taken(self, changed: frozenset[str]) -> frozenset[str]:
        """Which of the fields that differ it takes."""
        return changed & self.takes if changed & self.notices else frozenset()

    def marks_unread(self, changed: frozenset[str]) -> bool:
        return bool(changed & self.unread)


_TEXT_URL_AUTHOR = TEXT | {"url", "author"}
READERS = (
    Reader(name="NetNewsWire"),
    Reader(name="Feedbin", notices=_TEXT_URL_AUTHOR, takes=_TEXT_URL_AUTHOR),
    Reader(name="Miniflux", takes=_TEXT_URL_AUTHOR | {"tags", "language"}),
    Reader(
        name="FreshRSS",
        notices=_TEXT_URL_AUTHOR | {"tags"},
        unread=_TEXT_URL_AUTHOR | {"tags"},
        if_asked=True,
    ),
    Reader(
        name="RSS Guard",  # 4.7 and later; it ignores a text under the same title unless it is set otherwise
        notices=frozenset({"title", "author", "published"}),
        unread=frozenset({"title", "author", "published"}),
        if_asked=True,
    ),
    Reader(
        name="Nextcloud News",
        notices=TEXT | {"url", "enclosure"},
        unread=TEXT | {"url", "enclosure"},
    ),
    Reader(name="newsboat", takes=_TEXT_URL_AUTHOR | {"enclosure"}, unread=frozenset({"content"}), if_asked=True),
    Reader(name="reader (Python)", is_named=False),
    Reader(name="Capy Reader", takes=_ALL - {"published"}, is_named=False),
    Reader(name="CommaFeed", notices=frozenset()),
    Reader(name="yarr", notices=frozenset()),
    Reader(name="AntennaPod", same_if=(("id",), ("enclosure",), ("title", "published")), history="next"),
    Reader(name="gPodder", history="next"),
    Reader(name="hatsu", same_if=(("url",),), history="next_url", is_named=False),
    Reader(name="sfeed", same_if=(("id", "title", "url"),), notices=frozenset(), is_named=False),
)
