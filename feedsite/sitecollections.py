"""The collections that a site has at one moment."""

from collections.abc import Iterator
from functools import cached_property
from uuid import NAMESPACE_URL, uuid5

from . import mixes
from .collection import EVERYTHING, Collection, key_at, kind_of, path_of
from .index.edition import Edition
from .index.members import Members
from .mixes import Mix
from .settings import NamedMix, Section, Settings

_MOST_SHOWN = 20  # sections that are shown of a site whose site.yaml names none


class Collections:
    """The collections that have public items. Everything is one also where it has none."""

    def __init__(self, edition: Edition, settings: Settings) -> None:
        self._edition = edition
        self._settings = settings

    @cached_property
    def everything(self) -> Collection:
        settings = self._settings
        return Collection(
            key=EVERYTHING,
            path=path_of(EVERYTHING),
            title=settings.title,
            description=settings.description,
            language=settings.language,
            id=settings.site_id,
            is_described=True,
            of=(EVERYTHING,),
        )

    @cached_property
    def shown(self) -> tuple[Collection, ...]:
        """The sections that every page leads to: those of site.yaml in its order; without any the first by name."""
        given = [f"section/{part}" for part in self._settings.section_parts]
        keys = dict.fromkeys(given or self._edition.keys("section", _MOST_SHOWN))
        return tuple(found for key in keys if (found := self.at(key)))

    @property
    def named_mixes(self) -> tuple[Collection, ...]:
        """The mixes that site.yaml names, in its order."""
        found = (self._named_mix(f"/{part}/", named) for part, named in self._settings.mixes.items())
        return tuple(mix for mix in found if mix)

    def paths(self) -> Iterator[tuple[str, str]]:
        """The key and the path of each collection but the named mixes."""
        return ((key, path_of(key)) for key in self._edition.sizes())

    def at(self, key: str) -> Collection | None:
        """The collection of this key; None where no public article belongs to one."""
        if key == EVERYTHING:
            return self.everything
        name = self._edition.name(key)
        return None if name is None else self._named(key, name)

    def has_title(self, key: str) -> bool:
        """Whether the collection's title stays, whatever its articles call it."""
        kind = kind_of(key)
        return key == EVERYTHING or bool(kind.title) or self._section(key) is not None

    def at_folder(self, folder: str) -> Collection | None:
        """The collection whose page has this path; None for a path that no collection has now."""
        if named := self._settings.mixes.get(folder.strip("/")):
            return self._named_mix(folder, named)
        key = key_at(folder)
        return self.at(key) if key else None

    def mix(self, folder: str) -> Collection:
        """The mix at an address (mixes.py). Its path is canonical, and may be another one. Raises NoMixError."""
        return self.mixed(mixes.read(folder))

    def mixed(self, asked: Mix) -> Collection:
        """The collection of a mix. Raises NoMixError where it names a collection without articles."""
        titles = {key: self._title(key) for key in (*asked.of, *asked.without)}
        mix = mixes.canonical(asked)
        of, without = ([titles[key] for key in keys] for keys in (mix.of, mix.without))
        title = mixes.title(of, without, self._settings.words)
        return self._united(mixes.folder_of(mix), mix.of, mix.without, title)

    def _title(self, key: str) -> str:
        if found := self.at(key):
            return self._settings.words.text("Everything") if key == EVERYTHING else found.title
        raise mixes.NoMixError(lambda words: words.text("There are no articles in {name}.", name=mixes.name_of(key)))

    def _named_mix(self, folder: str, named: NamedMix) -> Collection | None:
        if self._edition.members(named.of, named.without).oldest is None:
            return None
        of, without = ([one.title for key in keys if (one := self.at(key))] for keys in (named.of, named.without))
        title = named.title or mixes.title(of, without, self._settings.words)
        return self._united(folder, named.of, named.without, title, named.description)

    def _united(
        self, path: str, of: tuple[str, ...], without: tuple[str, ...], title: str, description: str | None = None
    ) -> Collection:
        settings = self._settings
        return Collection(
            key=path.strip("/"),
            path=path,
            title=title,
            description=description or settings.words.text("{site}: {title}.", site=settings.title, title=title),
            language=settings.language,
            id=uuid5(NAMESPACE_URL, f"{settings.site_id}{path}").urn,
            is_described=description is not None,
            of=of,
            without=without,
            is_notified=not path.startswith(mixes.FOLDER),
        )

    def members(self, collection: Collection) -> Members:
        return self._edition.members(collection.of, collection.without)

    def within(self, collection: Collection) -> tuple[tuple[str, str], ...]:
        """The path and the title of each collection right below it: months of a year, parts of a section. Below
        everything stand the years.
        """
        above = "date" if collection.key == EVERYTHING else collection.key
        keys = (key for key in self._edition.keys(above) if "/" not in key.removeprefix(f"{above}/"))
        return tuple((found.path, found.title) for key in keys if (found := self.at(key)))

    @staticmethod
    def above(key: str) -> str:
        """The path of the page that leads to a collection because it is right below that one; else "/"."""
        upper = key.rpartition("/")[0]
        return path_of(upper) if "/" in upper else path_of(EVERYTHING)

    def __iter__(self) -> Iterator[Collection]:
        yield self.everything
        for key in self._edition.keys():  # noqa: SIM118  # no dict
            if key != EVERYTHING and (found := self.at(key)):
                yield found
        yield from self.named_mixes

    def _named(self, key: str, name: str) -> Collection:
        settings, kind = self._settings, kind_of(key)
        section, words = self._section(key), settings.words
        title = section.title if section else words.text(kind.title) if kind.title else kind.titled(name, words)
        return Collection(
            key=key,
            path=path_of(key),
            title=title,
            is_described=bool(section and section.description),
            description=(section and section.description) or words.text(kind.about, site=settings.title, name=title),
            language=name if kind.name == "language" else settings.language,
            id=uuid5(NAMESPACE_URL, f"{settings.site_id}{key}").urn,
            of=(key,),
        )

    def _section(self, key: str) -> Section | None:
        """What site.yaml says of a section."""
        kind, _, part = key.partition("/")
        settings = self._settings
        return settings.sections.get(settings.section_parts.get(part, "")) if kind == "section" else None
