"""A site compared with an export of a former state, of which only what it published is known."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Literal

from .. import places
from ..checking.sources import Sources
from ..collection import EVERYTHING, kind_of
from ..errors import FeedsiteError
from ..export.manifest import Row
from ..export.names import file_name, path_of
from ..formats import FORMATS, jsonfeed
from ..index import survey
from ..notices import part_of
from ..parsing.quoting import in_list
from ..settings import FILE
from ..urls import HOME
from . import exports, shown
from .effects import effects
from .exports import Export
from .noticed import Decision, Fate, FeedChange, Item, Noticed, decision
from .shown import Shown
from .states import State

_OF_ADDRESS = (EVERYTHING, "corrections", "section")  # kinds of lists whose feeds are asked for, one by one
_WHOLE = (0, 0, 0)  # a file as a whole
_TEXTS = ("entries/", "pages/")


def compare(written: str, new: State) -> Noticed:
    """What subscribers notice when the site is published in the place of an export. Raises FeedsiteError."""
    with exports.opened(written) as export, new.index.reading():
        rows = exports.rows(export)
        if rows is None and exports.feed(export, HOME) is None:
            raise FeedsiteError(f"{export.said} is no export of a site: there is no {places.feed(HOME, 'json')}")
        return _Comparison(export, rows, new).noticed()


class _Comparison:
    def __init__(self, export: Export, rows: Mapping[str, Row] | None, new: State) -> None:
        self._export = export
        self._rows = rows
        self._new = new
        self._sources = Sources(new.folder, new.index)
        self._base = new.settings.urls.base
        self._published: dict[str, str] = {}  # the path of each item that the feeds had, by its id
        self._files: dict[str, str] = {}  # the file of each item that they have

    def noticed(self) -> Noticed:
        found: dict[str, Item] = {}
        changes: list[FeedChange] = []
        for folder in self._folders():
            if compared := self._feed(folder):
                change, differing = compared
                changes.append(change)
                for item in differing:
                    known = found.get(item.id)
                    found[item.id] = replace(known or item, feeds=(*(known.feeds if known else ()), folder))
        items = tuple(sorted(found.values(), key=lambda item: (-item.published, item.id)))
        return Noticed(
            old=self._export.said,
            new=self._new.said,
            decisions=(*self._ids(items), *self._addresses(), *self._gone_feeds()),
            items=items,
            feeds=tuple(changes),
            effects=effects(items),
            limits=tuple(self._limits()),
        )

    def _folders(self) -> Iterator[str]:
        """The lists whose feeds are compared: all that the manifest has, too."""
        folders = {collection.path: None for collection in self._new.plan.collections if self._is_asked(collection.of)}
        for name in self._rows or ():
            place = places.parse(path_of(name))
            if place and place.suffix == jsonfeed.SUFFIX and not place.month:
                folders.setdefault(place.folder)
        return iter(sorted(folders))

    def _is_asked(self, of: tuple[str, ...]) -> bool:
        return not self._export.is_far or (len(of) == 1 and kind_of(of[0]).name in _OF_ADDRESS)

    def _feed(self, folder: str) -> tuple[FeedChange, list[Item]] | None:
        value = exports.feed(self._export, folder)
        now = self._new.collection(folder)
        if value is None and now is None:
            return None
        if value and folder == HOME and isinstance(home := value.get("home_page_url"), str):
            self._base = home.rstrip("/")
        before = {item.id: item for item in map(shown.of_item, value["items"])} if value else {}
        window = [(row, self._new.shown(row)) for row in self._new.window(now)]
        self._files |= {item.id: row.source for row, item in window}
        after = {item.id for _, item in window}
        by_name = {_name(item): item for item in before.values() if item.id not in after}
        items: list[Item] = []
        for row, item in window:
            former = before.get(item.id)
            fate: Fate = "updated"
            if former is None and (former := by_name.pop(_name(item), None)):
                fate = "twice"
            elif former is None:
                fate = "back" if self._was_published(row.path) else "new"
            elif former.title != item.title and row.is_withdrawn and not row.part:
                fate = "withdrawn"
            changed = former.differing(item) if former else frozenset()
            if former is None or changed:
                items.append(_item(item, fate, changed, row.source, row.path, bool(row.part), row.published))
        twice = {_name(item) for _, item in window if item.id not in before}
        for one in before.values():
            path = self._path(one.url)
            if not part_of(one.id):
                self._published[one.id] = path
            if one.id not in after and _name(one) not in twice:
                stays = self._new.edition.at(path)
                items.append(_item(one, "left" if stays else "gone", frozenset(), "", path, False, _second(one)))
        title = now.title if now else str(value.get("title", folder)) if value else folder
        state: Literal["new", "changed", "gone"] = "new" if value is None else "gone" if now is None else "changed"
        if state == "changed" and not items:
            return None
        fates: dict[Fate, tuple[str, ...]] = {}
        for each in items:
            fates[each.fate] = (*fates.get(each.fate, ()), each.id)
        return FeedChange(path=folder, title=title, state=state, fates=fates), items

    def _was_published(self, path: str) -> bool:
        return self._rows is not None and file_name(path) in self._rows

    def _path(self, address: str) -> str:
        """The path of an address of the export; "" for one elsewhere."""
        return shown.path_below(address, self._base)

    def _ids(self, items: tuple[Item, ...]) -> Iterator[Decision]:
        former = {path: entry_id for entry_id, path in self._published.items()}
        for item in items:
            if item.fate == "twice" and not item.is_notice:
                was = former.get(item.path, "")
                message = f"its id was {was} until now, so everybody gets it twice"
                at = self._sources.place_of_field(item.source, "id", "title")
                yield decision(("id",), item.source, at, message, (f"id: {in_list(was)}",), (item.id,))

    def _addresses(self) -> Iterator[Decision]:
        """The addresses of articles and pages that lead nowhere now."""
        for path, source in sorted(self._former_addresses().items()):
            if self._new.plan.at(path) is not None:
                continue
            address = survey.address_of(self._new.index, source) if source else ""
            if address:
                message = f"its address was {path} until now, where nothing stands"
                at = self._sources.place_of_field(source, "aliases", "slug", "published")
                row = self._new.edition.at(address)
                aliases = ", ".join(map(in_list, (*(row.aliases if row else ()), path)))
                yield decision(("address",), source, at, message, (f"aliases: [{aliases}]",))
            else:
                message = f"{path} leads nowhere; withdraw the article, or give another one the alias"
                mend = (f"aliases: [{in_list(path)}]",)
                yield decision(("address",), source or self._export.said, _WHOLE, message, mend)

    def _former_addresses(self) -> dict[str, str]:
        """The paths of the export's articles and pages, with their files as far as the manifest tells."""
        found = {path: self._files.get(entry_id, "") for entry_id, path in self._published.items() if path}
        for name, row in (self._rows or {}).items():
            if row.source.startswith(_TEXTS):
                found[row.path or path_of(name)] = row.source
        return found

    def _gone_feeds(self) -> Iterator[Decision]:
        for name in sorted(self._rows or ()):
            path = path_of(name)
            place = places.parse(path)
            if place and place.suffix in FORMATS and not place.month and self._new.plan.at(path) is None:
                message = f"the feed {path} leads nowhere now"
                yield decision(("feed",), FILE, _WHOLE, message, feeds=(place.folder,))

    def _limits(self) -> Iterator[str]:
        if self._rows is None:
            yield (
                f"{self._export.said} shows no manifest: of addresses, those in its feeds alone were looked at, and "
                "feeds that vanished cannot be known."
            )
        if self._export.is_far:
            yield "Of feeds, those of the site and of its sections were compared."
        yield "What an export's feeds no longer hold, it cannot tell: older texts, drafts, files that were renamed."


def _item(
    item: Shown, fate: Fate, changed: frozenset[str], source: str, path: str, is_notice: bool, published: int
) -> Item:
    return Item(
        id=item.id,
        fate=fate,
        title=item.title,
        path=path,
        source=source,
        published=published,
        changed=tuple(sorted(changed)),
        is_notice=is_notice,
    )


def _name(item: Shown) -> tuple[str, str]:
    """By what an item is known under another id: its address, and which notice about an article it is."""
    return item.url, part_of(item.id)


def _second(item: Shown) -> int:
    with suppress(ValueError, OverflowError):
        return int(datetime.fromisoformat(item.published).timestamp())
    return 0
