"""From site.yaml and the environment to Settings. A variable, such as FEEDSITE_TITLE, wins over the file's field."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from ..codes import Code
from ..errors import Fault, Faults, FeedsiteError, in_one_line
from ..model import forbidden
from ..settings import FILE, Settings
from ..terms import section_part
from . import composer, nodes, strayfields
from .fieldtypes import Context, Invalid, TooManyFaults
from .nodes import Mark, Scalar
from .ownwords import own
from .record import read_fields
from .sitefields import FIELDS, VARIABLES

_UTC = ZoneInfo("UTC")
_BARE: dict[str, Any] = {"title": "A site", "description": "A site", "authors": {}, "sections": {}}
# `feedsite serve` sets these for its workers: the address it listens at, and whether it was started without a base_url.
ADDRESS, PREVIEW = "_FEEDSITE_ADDRESS", "_FEEDSITE_PREVIEW"


def read(content: bytes, environment: Mapping[str, str]) -> tuple[Settings, tuple[Fault, ...]]:
    """The settings and the notes on them. Raises Faults if anything is wrong."""
    settings, faults = standing(content, environment)
    if any(not fault.is_note for fault in faults):
        raise Faults(faults)
    return settings, faults


def standing(content: bytes, environment: Mapping[str, str]) -> tuple[Settings, tuple[Fault, ...]]:
    """The settings that the fields without faults give, as if the others were left out; and all faults and notes."""
    root, faults = composer.parse(content, FILE)
    if root is None:
        return _completed(Settings(**_BARE)), tuple(faults)
    root, strays = strayfields.in_place(root, FIELDS, content)
    context = Context(FILE, _UTC, faults, content)
    variables = _variables(environment)
    table = {name: row for name, row in FIELDS.items() if name not in variables}
    in_file = nodes.Mapping(tuple(named for named in root.fields if named.name not in variables), root.mark)
    values: dict[str, Any] = {"authors": {}, "sections": {}}
    with suppress(TooManyFaults):
        context.faults_at(strays)
        values |= read_fields(in_file, table, context, "site.yaml")
        for name, variable in variables.items():
            of_variable = Context(variable, _UTC, faults)
            with suppress(Invalid):
                values[name] = _checked(name, environment[variable], of_variable)
    values["mixes"] = {section_part(name): mix for name, mix in values.get("mixes", {}).items()}
    for part in values["mixes"].keys() & {section_part(name).partition("/")[0] for name in values["sections"]}:
        mark = next(named.mark for named in in_file.fields if named.name == "mixes")
        context.fault(
            Code.MIX_OVER_SECTION, mark, f"/{part}/ is the address of a section already; give the mix another name"
        )
    words = values.pop("words", {})
    if context.is_faulty:
        return _completed(Settings(**(_BARE | values))), tuple(sorted(faults))
    settings = Settings(**values)
    settings = replace(settings, own_words=own(words, settings.language))
    if settings.ping and (lacking := [name for name in ("hub", "base_url") if name not in values]):
        mark = next((named.mark for named in in_file.fields if named.name == "ping"), Mark(0, 0))
        lines = " and ".join(f"`{name}: {FIELDS[name].example}`" for name in lacking)
        message = f"so far no hub is told of changes; add {lines}"
        faults.append(Fault(variables.get("ping", FILE), mark.line, mark.column, Code.NO_HUB, message))
    if settings.base_url is None and (address := environment.get(ADDRESS)):
        settings = replace(settings, base_url=address, ping=False)  # a hub could fetch nothing from this address
    return _completed(settings), tuple(faults)


def value_of(name: str, text: str, place: str) -> Any:
    """The value of one field that is written at another place, such as an option of a command. Raises FeedsiteError,
    also for what would have a note in the file.
    """
    context = Context(place, _UTC, [])
    with suppress(Invalid):
        value = _checked(name, text, context)
        if not context.faults:
            return value
    raise FeedsiteError("\n".join(in_one_line(f"{place}: {fault.message}") for fault in context.faults))


def overrides(environment: Mapping[str, str]) -> dict[str, str]:
    """The settings that the environment gives instead of site.yaml.

    A server that was started without a base_url uses its own address as one. That counts as such a setting: no other
    process makes the same links.
    """
    given = {name: environment[variable] for name, variable in _variables(environment).items()}
    return given | ({"address": environment[ADDRESS]} if environment.get(PREVIEW) else {})


def _variables(environment: Mapping[str, str]) -> dict[str, str]:
    """Those of VARIABLES that are set. An empty one counts as not set."""
    return {name: variable for name, variable in VARIABLES.items() if environment.get(variable)}


def _checked(name: str, text: str, context: Context) -> Any:
    if control := forbidden(text):
        context.refuse(
            Code.CONTROL_CHARACTER, Mark(0, 0), f"it holds the control character U+{ord(control[0]):04X}; take it out"
        )
    return FIELDS[name].type.check(Scalar(text, Mark(0, 0)), context)


def _completed(settings: Settings) -> Settings:
    """With a name for the publisher, and the addresses of its files absolute."""
    urls, publisher = settings.urls, settings.publisher
    logo = urls.resolve(publisher.logo) if publisher.logo else None
    return replace(
        settings,
        publisher=replace(publisher, name=publisher.name or settings.title, logo=logo),
        icon=urls.resolve(settings.icon) if settings.icon else None,
    )
