"""From the text of one file in pages/ to a standing page, which is an Entry with a `nav`, or to its faults."""

import re
from collections.abc import Mapping
from contextlib import suppress
from pathlib import PurePosixPath
from typing import Any

from .. import places, urls
from ..codes import Code
from ..model import NEVER, UNDATED, Entry, Nav
from ..settings import Settings
from ..urls import slug_of
from . import composer, entrychecks, movedfields, nodes, strayfields, summary
from .entryfields import FIELDS as OF_ARTICLES
from .entryfile import EntryFile, derived_id, places_of
from .fieldtypes import Context, Invalid, TooManyFaults, is_empty
from .madeentry import html_of
from .nodes import Mark, Named
from .pagefields import FIELDS
from .record import read_fields

FOLDER = "pages"
_YEAR = re.compile("/[0-9]{4}/")


def read(content: bytes, path: str, settings: Settings) -> EntryFile:
    """Checks the file of one standing page. `path` is relative to the site's folder, with forward slashes."""
    root, faults = composer.parse(content, path)
    if root is None:
        return EntryFile(entry=None, faults=tuple(faults))
    root, strays = strayfields.in_place(root, FIELDS | OF_ARTICLES, content)
    context = Context(path, settings.timezone, faults, content)
    fields = {named.name: named for named in root.fields if not is_empty(named.value)}
    entry = None
    with suppress(Invalid, TooManyFaults):
        context.faults_at(strays)
        root = entrychecks.without_moved(root, fields, context, movedfields.OF_PAGES)
        values = read_fields(_without_others(root, context), FIELDS, context, "a standing page")
        address = _address(context, settings)
        entrychecks.check_block(fields.get("body"), content, context)
        if not context.is_faulty:
            entry = _entry(values, fields, address, context, settings)
            entrychecks.check_meaning(entry, fields, content, "", context)
    return EntryFile(
        entry=None if context.is_faulty else entry,  # making it finds faults of its own
        faults=tuple(sorted(context.faults)),
        first_line=root.mark.line,
        places=places_of(fields),
    )


def _without_others(root: nodes.Mapping, context: Context) -> nodes.Mapping:
    """The fields without those that only articles have; one fault names them all."""
    others = [named for named in root.fields if named.name in OF_ARTICLES and named.name not in FIELDS]
    if not others:
        return root
    names = " and ".join(named.name for named in others[:2]) + (", ..." if len(others) > 2 else "")
    message = f"a standing page has no {names}; take the field out, or move the file to entries/ if it is an article"
    context.fault(Code.NOT_OF_PAGES, others[0].mark, message)
    return nodes.Mapping(tuple(named for named in root.fields if named not in others), root.mark)


def _address(context: Context, settings: Settings) -> str:
    """The address that the file's place gives: /help/rss/ for pages/help/rss.yaml. Refuses one that is taken."""
    names = PurePosixPath(context.path).relative_to(FOLDER).with_suffix("").parts
    parts = [slug_of(name) for name in names]
    path = f"/{'/'.join(parts)}/"
    start = Mark(1, 1)
    if not all(parts):
        context.refuse(Code.NO_SLUG, start, "the file's name makes no good address; give it one such as about.yaml")
    if why := urls.unwritable(path):
        context.refuse(
            Code.UNFIT_ADDRESS, start, f"no page can stand at {path} on every system: {why}; give the file another name"
        )
    better = f"{path.strip('/').partition('/')[0]}-page"
    if urls.is_own(path) or _YEAR.match(path) or places.parse(path) != places.Place(folder=path):
        context.refuse(
            Code.OWN_ADDRESS,
            start,
            f"the address {path} belongs to the site itself; give the file or its folder another name, {better}",
        )
    if what := _list_at(path.strip("/"), settings):
        context.refuse(
            Code.TAKEN_ADDRESS,
            start,
            f"{path} is the address of a {what} of site.yaml; give the file another name, {better}",
        )
    return path


def _list_at(part: str, settings: Settings) -> str:
    """What of site.yaml has a list at this part of an address; "" if nothing has."""
    if part in settings.mixes:
        return "mix"
    is_section = any(one == part or one.startswith(f"{part}/") for one in settings.section_parts)
    return "section" if is_section else ""


def _entry(
    values: dict[str, Any], fields: Mapping[str, Named], path: str, context: Context, settings: Settings
) -> Entry:
    body = html_of(values["body"], fields["body"].value.mark, path, context, settings)
    published = NEVER if values.get("status") == "draft" else UNDATED
    return Entry(
        source=context.path,
        id=derived_id(context.path, settings),
        path=path,
        title=values["title"],
        published=published,
        updated=published,
        day=published.date(),
        summary=values.get("summary") or summary.of(body) or values["title"],
        is_summary_written="summary" in values,
        body=body,
        authors=(),
        language=values.get("language", settings.language),
        aliases=tuple(alias for alias in values.get("aliases", ()) if alias.rstrip("/") != path.rstrip("/")),
        nav=Nav(place=values.get("nav", "none"), order=values.get("order")),
    )
