"""What breaks for those who read the site: ids that change, addresses that lead nowhere, feeds that vanish.

Each stands at a line of a file, with what mends it.
"""

import shlex
from collections import Counter
from collections.abc import Iterator, Sequence

from ..checking.sources import Sources
from ..collection import Collection, kind_of
from ..index.rows import Row
from ..model import NEVER
from ..parsing.quoting import in_list
from ..settings import FILE
from .matching import Pair
from .noticed import Decision, Kind, decision
from .states import State

_MANY = 5  # articles whose ids follow from the site's: more of them are one decision
_WHOLE = (0, 0, 0)  # the file as a whole
_IT = ("it", "them")
_NEVER = int(NEVER.timestamp())


class Decisions:
    """The decisions between two states. `restore` is the command that brings a file of the old one back, "" without
    git; `faulty` are files with faults, of which a server goes on to publish what they said before.
    """

    def __init__(self, old: State, new: State, pairs: list[Pair], *, restore: str, faulty: frozenset[str]) -> None:
        self._old, self._new = old, new
        self._pairs = pairs
        self._restore = restore
        self._faulty = faulty
        self._sources = Sources(new.folder, new.index)

    def of_articles(self) -> Iterator[Decision]:
        """In the order of files."""
        public = [pair for pair in self._pairs if pair.old and self._old.is_public(pair.old)]
        derived = [pair for pair in public if self._is_of_site(pair)]
        if len(derived) > _MANY:
            yield self._of_site_id(derived)
            public = [pair for pair in public if pair not in set(derived) or self._broken(pair)]
        for pair in sorted(public, key=_place):
            if found := self._of(pair):
                yield found

    def of_site(self) -> Iterator[Decision]:
        """Where the whole site has another address."""
        old, new = self._old.settings, self._new.settings
        if old.base_url is None or old.base_url == new.base_url:
            return
        message = (
            f"every address began with {old.base_url} until now, and begins with {new.urls.base}: links and "
            "subscriptions break unless the former host redirects to the new one"
        )
        yield decision(("address",), FILE, self._at(FILE, "base_url"), message)

    def of_feeds(self, lists: list[Collection]) -> Iterator[Decision]:
        """Of lists that no article is in any more: of each section that goes on under another name; of the rest."""
        for one in lists:
            part = one.key.partition("/")[2]
            heir = self._heir(one.key) if kind_of(one.of[0]).name == "section" and "/" not in part else ""
            if heir:
                mend = ("mixes:", f"  {part}: {{of: [{heir}], title: {in_list(one.title)}}}")
                message = (
                    f"{_feeds((one,))}; its articles are in {heir} now, and a mix of that name keeps its addresses"
                )
                yield decision(("feed",), FILE, _WHOLE, message, mend, feeds=(one.path,))
                lists = [other for other in lists if other is not one]
        if lists:
            message = f"{_feeds(lists)}; leave one there as long as somebody is subscribed"
            yield decision(("feed",), FILE, _WHOLE, message, feeds=tuple(one.path for one in lists))

    def _heir(self, key: str) -> str:
        """The other section to which most articles of this one went; "" where they went to none."""
        went: Counter[str] = Counter()
        for old, new in self._pairs:
            if old and new and key in self._old.keys(old):
                section = self._new.edition.entry(new).section
                went.update([section.term] if section and section.term != key.partition("/")[2] else [])
        return went.most_common(1)[0][0] if went else ""

    def _is_of_site(self, pair: Pair) -> bool:
        """Whether the article has another id because the site's is another, which ids without a written one follow."""
        return pair.is_renamed and self._old.settings.site_id != self._new.settings.site_id and _same_file(pair)

    def _of_site_id(self, pairs: list[Pair]) -> Decision:
        message = (
            f"{len(pairs)} articles get other ids, for these follow from the site's, which is base_url where there is "
            "no id: everybody gets them twice"
        )
        ids = tuple(pair.old.id for pair in pairs if pair.old)
        mend = (f"id: {self._old.settings.site_id}",)
        return decision(("id",), FILE, self._at(FILE, "id", "base_url"), message, mend, ids)

    def _of(self, pair: Pair) -> Decision | None:
        old, new = pair
        if old is None:
            return None
        broken = self._broken(pair)
        if new is None or not self._new.is_public(new):
            if broken and old.source not in self._faulty:
                return self._gone(old, new, broken)
            return None
        kinds: list[Kind] = []
        said: list[str] = []
        mend: list[str] = []
        ids: tuple[str, ...] = ()
        if pair.is_renamed and not new.is_undated:
            kinds.append("id")
            said.append(f"its id was {self._id(old)} until now, so everybody gets it twice")
            mend.append(f"id: {in_list(self._id(old))}")
            ids = (old.id,)
        if broken:
            kinds.append("address")
            said.append(self._leads(broken))
            written = self._new.edition.entry(new).aliases
            mend.append(f"aliases: [{', '.join(map(in_list, dict.fromkeys((*written, *broken))))}]")
        if not kinds:
            return None
        if old.source != new.source:
            said.append(f"the file was {old.source}; `feedsite mv` would have kept both")
        names = ("aliases", "slug", "published") if broken else ("id", "title")
        return decision(tuple(kinds), new.source, self._at(new.source, *names), "; ".join(said), tuple(mend), ids)

    def _leads(self, broken: list[str]) -> str:
        said = [f"its address was {path} until now, where {self._stands(path)}" for path in broken]
        return "; ".join(said)

    def _stands(self, path: str) -> str:
        other = self._new.edition.at(path)
        return f"{other.source} stands" if other else "nothing stands"

    def _gone(self, old: Row, new: Row | None, broken: list[str]) -> Decision:
        source = new.source if new else old.source
        where = f"{', '.join(broken)} {'leads' if len(broken) == 1 else 'lead'} nowhere"
        if new is None:
            why = "the file is gone"
            mend = [f"$ {self._restore}{shlex.quote(source)}"] if self._restore else []
        elif new.published == _NEVER:
            why, mend = "it is a draft again", ["status: published"]
        else:
            why, mend = "it appears later now", []
        message = f"{why}, so {where}, and readers keep what they have; withdraw it, so that they see why"
        if old.is_undated:
            message = f"{why}, so {where}"
        else:
            mend.append(f'$ feedsite withdraw {shlex.quote(source)} --reason "..."')
        at = self._at(source, "status", "published") if new else _WHOLE
        return decision(("address",), source, at, message, tuple(mend))

    def _at(self, source: str, *names: str) -> tuple[int, int, int]:
        return self._sources.place_of_field(source, *names)

    def _broken(self, pair: Pair) -> list[str]:
        """The addresses at which the article stood, and at which nothing stands now that leads to it."""
        old, new = pair
        if old is None:
            return []
        return [path for path in (old.path, *old.aliases) if self._is_broken(path, old, new)]

    def _is_broken(self, path: str, old: Row, new: Row | None) -> bool:
        stood = self._old.edition.at(path)
        if stood is None or stood.number != old.number:
            return False
        stands = self._new.edition.at(path) or self._new.edition.at(path.rstrip("/"))
        if stands is not None:
            is_merged = path != stands.path and not (new and self._new.is_public(new))  # another one took its alias
            return not is_merged and (new is None or stands.number != new.number)
        return self._new.plan.at(path) is None

    def _id(self, old: Row) -> str:
        return self._old.edition.entry(old).id


def _feeds(lists: Sequence[Collection]) -> str:
    named = ", ".join(f"{one.path}feed.*" for one in lists)
    return (
        f"{named} {'leads' if len(lists) == 1 else 'lead'} nowhere, for no article is in {_IT[len(lists) > 1]} any more"
    )


def _same_file(pair: Pair) -> bool:
    return bool(pair.old and pair.new and pair.old.source == pair.new.source)


def _place(pair: Pair) -> str:
    row = pair.new or pair.old
    return row.source if row else ""
