"""From the text of one file in entries/ to an Entry, or to its faults."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from pathlib import PurePosixPath
from typing import Any, NamedTuple
from uuid import NAMESPACE_URL, uuid5

from .. import notices
from ..codes import Code
from ..edits import Edit
from ..errors import Fault
from ..model import Entry
from ..settings import Settings
from . import composer, entrychecks, nodes, strayfields
from .entryfields import FIELDS, fields_of
from .fieldtypes import Context, Invalid, TooManyFaults, is_empty
from .madeentry import DAY, address_of, entry_of, html_of
from .moments import MOMENT
from .nodes import Mark, Named, Scalar, Sequence
from .problems import LINE_END
from .record import read_fields

_PLACED = ("id", "title", "published", "slug", "aliases")
_DAY_ALONE = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}")


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryFile:
    """What the text of one file gives: its entry, or None where there is a fault; and all faults and notes.

    `places` are where those fields stand that other files may contradict: by their names, each alias by itself, and
    `day` for a `published` that names a day alone.
    """

    entry: Entry | None
    faults: tuple[Fault, ...] = ()
    derived_id: str | None = None  # the entry's id, if it was made of the file's place because the file names none
    first_line: int = 1  # where its first field stands
    places: Mapping[str, Mark] = field(default_factory=dict)


def read(content: bytes, path: str, settings: Settings) -> EntryFile:
    """Checks one entry file. `path` is relative to the site's folder, with forward slashes."""
    (file,) = read_all(((content, path),), settings)
    return file


def read_all(files: Iterable[tuple[bytes, str]], settings: Settings) -> list[EntryFile]:
    """Checks several, in their order.

    Each step is done with all of them before the next: so its code stays in the processor's cache, which holds a part
    of that of all steps. Fifty files take two thirds of the time.
    """
    composed = [(content, path, *composer.parse(content, path)) for content, path in files]
    checked = [_checked(*one, settings) for one in composed]
    bodies = [_body(one, settings) for one in checked]
    return [_made(one, body, settings) for one, body in zip(checked, bodies, strict=True)]


class _Checked(NamedTuple):
    """A file whose fields are read. Without `values` they have faults, and without a `root` the text is none of YAML.

    `fields` and `marks` are those that are not empty, and the places of their values.
    """

    content: bytes
    context: Context
    root: nodes.Mapping | None = None
    fields: Mapping[str, Named] = {}
    marks: Mapping[str, Mark] = {}
    values: Mapping[str, Any] | None = None
    address: str = ""


def _checked(
    content: bytes, path: str, root: nodes.Mapping | None, faults: list[Fault], settings: Settings
) -> _Checked:
    context = Context(path, settings.timezone, faults, content)
    if root is None:
        return _Checked(content, context)
    root, strays = strayfields.in_place(root, FIELDS, content)
    fields = {named.name: named for named in root.fields if not is_empty(named.value)}
    marks = {name: named.value.mark for name, named in fields.items()}
    values, address = None, ""
    day = "" if "published" in marks else day_of_name(path)
    with suppress(Invalid, TooManyFaults):
        context.faults_at(strays)
        root = entrychecks.without_moved(root, fields, context)
        read = read_fields(root, fields_of(root, is_dated=bool(day)), context, "an article")
        if day and read.get("status") != "draft" and not context.is_faulty:
            read["published"] = MOMENT.check(Scalar(day, root.mark), context)
            context.fault(
                Code.DAY_OF_NAME,
                root.mark,
                f"the article appears on the day in its file's name; add `published: {day}`",
            )
        _check_together(read, marks, context)
        entrychecks.check_block(fields.get("body"), content, context)
        if not context.is_faulty:
            values, address = read, address_of(read, context)
    return _Checked(content, context, root, fields, marks, values, address)


def _body(file: _Checked, settings: Settings) -> str | None:
    """The HTML of the text; None where the file has too many faults."""
    if file.values is None or "withdrawn" in file.values:
        return ""
    with suppress(Invalid, TooManyFaults):
        return html_of(file.values["body"], file.marks["body"], file.address, file.context, settings)
    return None


def _made(file: _Checked, body: str | None, settings: Settings) -> EntryFile:
    content, context, root, fields, marks, values, address = file
    path = context.path
    if root is None:
        return EntryFile(entry=None, faults=tuple(context.faults))
    derived = None if "id" in marks else derived_id(path, settings)
    entry = None
    with suppress(Invalid, TooManyFaults):
        if values is not None and body is not None:
            entry = entry_of(values, marks, derived or values["id"], address, body, context, settings)
            entrychecks.check_meaning(entry, fields, content, day_of_name(path), context)
            entrychecks.check_first_words(entry, fields.get("body"), settings.words, context)
    if derived:
        is_certain = entry and not context.is_faulty and (settings.base_url or settings.id)
        mend = _id_line(derived, root, content) if is_certain else ()
        message = (
            "the article has no id: when the file is renamed, readers get it again as a new one; "
            "`feedsite write-ids` adds an id"
        )
        context.faults.append(Fault(path, 1, 1, Code.WITHOUT_ID, message, mend=mend))
    return EntryFile(
        entry=None if context.is_faulty else entry,  # making it finds faults of its own
        faults=tuple(sorted(context.faults)),
        derived_id=derived,
        first_line=root.mark.line,
        places=places_of(fields),
    )


def day_of_name(path: str) -> str:
    """The day that the file's name begins with, as `published` is written; "" where it begins with none."""
    found = DAY.match(path.rpartition("/")[2])
    with suppress(ValueError):
        return date.fromisoformat(found[0]).isoformat() if found else ""
    return ""


def derived_id(path: str, settings: Settings) -> str:
    """An id made of the file's place, for an article whose file names none: the same on every machine."""
    place = unicodedata.normalize("NFC", str(PurePosixPath(path).with_suffix("")))  # macOS writes é in two characters
    return uuid5(NAMESPACE_URL, settings.site_id + place).urn


def _id_line(derived: str, root: nodes.Mapping, content: bytes) -> tuple[Edit, ...]:
    """The edit that adds a line with the id before the first field; none where that does not begin its line."""
    text = content.decode("utf-8-sig")
    place = 0
    for found in islice(LINE_END.finditer(text), root.mark.line - 1):
        place = found.end()
    lead = text[place : place + root.mark.column - 1]
    end = LINE_END.search(text)
    written = f"{lead}id: {derived}{end[0] if end else chr(10)}"
    return () if lead.strip(" ") or root.is_in_braces else (Edit(place, place, written),)


def _check_together(values: dict[str, Any], marks: dict[str, Mark], context: Context) -> None:
    """Adds faults for fields that contradict each other. `marks` are the places of all values that are not empty."""
    if part := notices.part_of(values.get("id", "")):
        context.fault(
            Code.NO_ID, marks["id"], f"an id that ends in {part} is that of a notice about an article; take the end off"
        )
    status = values.get("status", "withdrawn" if "withdrawn" in values else "published")
    if status == "withdrawn" and "withdrawn" not in marks:
        message = f"a withdrawn article says when and why; add `withdrawn: {FIELDS['withdrawn'].example}`"
        context.fault(Code.CONTRADICTION, marks["status"], message)
    if status != "withdrawn" and "withdrawn" in values:
        context.fault(
            Code.CONTRADICTION,
            marks["status"],
            f"the article is {status} and withdrawn at once; write `status: withdrawn`, or take withdrawn out",
        )
    if "published" not in values:
        return
    published = values["published"]
    if "updated" in values and values["updated"] < published:
        context.fault(
            Code.BEFORE_PUBLISHED,
            marks["updated"],
            f"updated lies before published ({published.isoformat()}); write a later time, or take the line out",
        )
    withdrawal = (values["withdrawn"],) if "withdrawn" in values else ()
    for name, changes in (("corrections", values.get("corrections", ())), ("withdrawn", withdrawal)):
        if any(change.at < published for change in changes):
            context.fault(
                Code.BEFORE_PUBLISHED,
                marks[name],
                f"its time lies before published ({published.isoformat()}); write a later one",
            )


def places_of(fields: Mapping[str, Named]) -> dict[str, Mark]:
    """Where the fields of a file stand that other files may contradict (EntryFile.places)."""
    places = {name: fields[name].value.mark for name in _PLACED if name in fields}
    published = fields["published"].value if "published" in fields else None
    if isinstance(published, Scalar) and _DAY_ALONE.fullmatch(published.text.strip()):
        places["day"] = published.mark
    if "aliases" in fields:
        value = fields["aliases"].value
        aliases = value.items if isinstance(value, Sequence) else (value,)
        places |= {alias.text.strip(): alias.mark for alias in aliases if isinstance(alias, Scalar)}
    return places
