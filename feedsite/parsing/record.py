"""Fields by a table: of a whole file, or of a value that is written as fields of its own, such as an image."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from . import nodes
from .complaints import brief, shown
from .fieldtypes import LONGEST_NAME, Context, Invalid, Kind, is_empty, text
from .nodes import Node, Scalar

_SHORT = 60  # characters of an editor's value that an example repeats


@dataclass(frozen=True, slots=True)
class Field:
    """A row of a table of fields."""

    kind: Kind
    example: str
    is_required: bool = False
    synonyms: tuple[str, ...] = ()


def record(node: nodes.Mapping, table: Mapping[str, Field], context: Context, what: str) -> dict[str, Any]:
    """The values of the fields in `table`; faults for what is unknown, invalid or missing. `x-` names pass unread."""
    values: dict[str, Any] = {}
    invalid: set[str] = set()
    lines = {named.name: named.mark.line for named in node.fields if named.name in table}
    for name, mark, value in node.fields:
        row = table.get(name)
        if row is None:
            if not name.startswith("x-"):
                known = _nearest(name, table)
                invalid.add(known)
                context.fault(mark, _unknown(name, known, lines, table, what))
        elif not is_empty(value):
            try:
                values[name] = row.kind(value, context)
            except Invalid:
                invalid.add(name)
        elif row.is_required:
            invalid.add(name)
            context.fault(mark, f"{name} is empty; write its value behind the colon, such as `{name}: {row.example}`")
    for name, row in table.items():
        if row.is_required and name not in values and name not in invalid:
            context.fault(node.mark, f"{what} has no `{name}`; add `{name}: {row.example}`")
    return values


def built(make: Callable[..., Any], table: Mapping[str, Field], what: str) -> Kind:
    """A value made of fields of its own, such as an image."""

    def kind(node: Node, context: Context) -> Any:
        if not isinstance(node, nodes.Mapping):
            required = [name for name, row in table.items() if row.is_required] or list(table)[:1]
            is_own = (
                isinstance(node, Scalar) and len(node.text) <= _SHORT and required[0] in ("name", "src", "title", "url")
            )
            own = {required[0]: text(node, context)} if is_own else {}
            example = ", ".join(f"{name}: {own.get(name, table[name].example)}" for name in required)
            context.refuse(node.mark, f"{what} is written as fields: {{{example}}}")
        before = len(context.faults)
        values = record(node, table, context, what)
        if any(not fault.is_note for fault in context.faults[before:]):
            raise Invalid
        return make(**values)

    return kind


def keyed(kind: Kind, example: str) -> Kind:
    """Fields whose names the editor chooses."""

    def table(node: Node, context: Context) -> dict[str, Any]:
        if not isinstance(node, nodes.Mapping):
            context.refuse(node.mark, f"this is written as fields, indented below: `{example}`")
        values: dict[str, Any] = {}
        for named in node.fields:
            with suppress(Invalid):
                if len(named.name) > LONGEST_NAME:
                    context.refuse(named.mark, f"{shown(named.name)} is too long; {LONGEST_NAME} letters are the most")
                if is_empty(named.value):
                    context.refuse(named.mark, f"{named.name} is empty; write `{example}`")
                values[named.name] = kind(named.value, context)
        return values

    return table


def _nearest(name: str, table: Mapping[str, Field]) -> str:
    """The known field that was probably meant; "" where none is near."""
    if len(name) > LONGEST_NAME and ":" not in name[:LONGEST_NAME]:
        return ""
    if name.partition(":")[0] in table:
        return name.partition(":")[0]
    folded = name.casefold().replace("_", "").replace("-", "")
    for known, row in table.items():
        if folded == known or folded in row.synonyms:
            return known
    near = get_close_matches(folded, table, 1, 0.6)
    return near[0] if near else ""


def _unknown(name: str, known: str, lines: Mapping[str, int], table: Mapping[str, Field], what: str) -> str:
    """`lines` tells on which line each known field stands already."""
    head, colon, rest = name.partition(":")
    if colon and head == known:
        return f"write a space after the colon: {head}: {brief(rest)}"
    if known in lines:
        return f"{shown(name)} is called {known} here, and that stands on line {lines[known]}; take one of the two out"
    if known == "status":
        return f"{shown(name)} is called status here; write `status: draft`, or take the line out"
    if known:
        return f"{shown(name)} is called {known} here; write `{known}:` and keep what follows"
    return f"{what} has no field {shown(name)}; there are {', '.join(table)} (a name of your own begins with x-)"
