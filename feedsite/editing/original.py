"""An entry file without faults, as it is before it is changed."""

from dataclasses import dataclass
from datetime import datetime

from ..errors import FeedsiteError, in_one_line
from ..folder.opening import PAGES
from ..model import Entry
from ..parsing import entryfields, entryfile, pagefields, pagefile
from ..parsing.entryfile import EntryFile
from ..parsing.fieldtypes import Context, Invalid
from ..parsing.moments import MOMENT
from ..parsing.nodes import Mark, Scalar
from ..parsing.spans import Value
from ..settings import Settings
from .draft import Draft


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """The file's path in the site's folder, its bytes, its article or standing page, and what it was read with."""

    source: str
    content: bytes
    entry: Entry
    settings: Settings

    @property
    def draft(self) -> Draft:
        kind = pagefields if is_page(self.source) else entryfields
        return Draft.of(self.content, kind.FIELDS)

    def has(self, name: str) -> bool:
        """Whether the file has such a field, with something behind its colon."""
        return (value := self._value(name)) is not None and not value.is_empty

    def moment(self, name: str) -> datetime | None:
        """The time in a field, with the offset that it was written with or that of the site's zone; None without it."""
        return moment_of(self.texts(name)[0], self.settings) if self.has(name) else None

    def texts(self, name: str) -> tuple[str, ...]:
        """The texts in a list, or a text as the only one."""
        if (value := self._value(name)) is None:
            return ()
        parts = value.parts if value.style in ("-", "[") else (value,)
        return tuple(part.text.strip() for part in parts if isinstance(part, Value) and not part.is_empty)

    def _value(self, name: str) -> Value | None:
        field = self.draft.fields.get(name)
        return field and field.value


def is_page(source: str) -> bool:
    """Whether the file is that of a standing page."""
    return source.startswith(f"{PAGES}/")


def read(content: bytes, source: str, settings: Settings) -> EntryFile:
    """Reads an article or a standing page."""
    return pagefile.read(content, source, settings) if is_page(source) else entryfile.read(content, source, settings)


def moment_of(written: str, settings: Settings) -> datetime:
    """The moment that an editor means, as in a file. Raises FeedsiteError, with what to write instead."""
    context = Context("", settings.timezone)
    try:
        return MOMENT.check(Scalar(written, Mark(1, 1)), context)
    except Invalid:
        raise FeedsiteError(in_one_line(context.faults[0].message)) from None
