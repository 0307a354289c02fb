"""Fields by a table: of a whole file, or of a value that is written as fields of its own, such as an image."""

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from ..codes import Code
from . import nodes
from .fields import Field, schema
from .fieldtypes import LONGEST_NAME, Context, FieldType, Invalid, T, is_empty, is_null
from .nodes import Mark, Node, Scalar
from .quoting import in_list, quoted, shown, with_slashes
from .unknownfields import SHORT, behind, nearest_field, unknown


def read_fields(node: nodes.Mapping, table: Mapping[str, Field], context: Context, words: str) -> dict[str, Any]:
    """The values of the fields in `table`. Adds faults for fields that are unknown, invalid or missing.

    `words` name what has these fields, such as "an article". Fields whose names begin with x- are not read.
    """
    values: dict[str, Any] = {}
    invalid: set[str] = set()
    for named in node.fields:
        name, mark, value = named
        row = table.get(name)
        if row is None:
            if not name.startswith("x-"):
                known = nearest_field(name, table)
                invalid.add(known)
                unknown(named, known, node, table, words, context)
        elif not is_empty(value) or (row.type.has_own_names and isinstance(value, nodes.Mapping)):
            try:
                values[name] = row.type.check(value, context)
            except Invalid:
                invalid.add(name)
            if row.is_stand_in and isinstance(value, Scalar) and len(value.text) <= SHORT:
                _note_example(value, row, context)
        elif row.is_required:
            invalid.add(name)
            context.fault(Code.EMPTY_FIELD, mark, _missing(name, value, row))
    for name, row in table.items():
        if row.is_required and name not in values and name not in invalid:
            context.fault(
                Code.MISSING_FIELD, node.mark, f"{words} has no `{name}`; add `{name}: {row.example}`{behind(row)}"
            )
    return values


def record_of(make: Callable[..., T], table: Mapping[str, Field], words: str) -> FieldType[T]:
    """A value that is written as fields of its own, such as an image. `make` is called with those that are there.

    `words` name the value in messages.
    """

    def check(node: Node, context: Context) -> T:
        if not isinstance(node, nodes.Mapping):
            required = [name for name, row in table.items() if row.is_required] or list(table)[:1]
            examples = {name: table[name].example for name in required}
            if isinstance(node, Scalar) and len(node.text) <= SHORT and required[0] in ("name", "src", "title", "url"):
                examples[required[0]] = in_list(with_slashes(node.text) if required[0] == "src" else node.text)
            example = ", ".join(f"{name}: {value}" for name, value in examples.items())
            stand_ins = [name for name in required if table[name].is_stand_in]
            own = f"; put your own words for {stand_ins[0]}" if stand_ins else ""
            context.refuse(Code.FIELDS_WANTED, node.mark, f"{words} is written as fields: {{{example}}}{own}")
        before = len(context.faults)
        values = read_fields(node, table, context, words)
        if any(not fault.is_note for fault in context.faults[before:]):
            raise Invalid
        return make(**values)

    return FieldType(words, {"title": _title(words), **schema(table)}, check)


def mapping_of(
    item: FieldType[T], example: str, check_name: Callable[[str, Mark, Context], object] = lambda *_: None
) -> FieldType[dict[str, T]]:
    """Fields whose names the editor chooses, all of one type. `example` is such a field, for messages.

    `check_name` refuses a name that cannot be one.
    """

    def check(node: Node, context: Context) -> dict[str, T]:
        if not isinstance(node, nodes.Mapping):
            context.refuse(Code.FIELDS_WANTED, node.mark, f"this is written as fields, indented below: `{example}`")
        values: dict[str, T] = {}
        for named in node.fields:
            with suppress(Invalid):
                if len(named.name) > LONGEST_NAME:
                    context.refuse(
                        Code.TOO_LONG,
                        named.mark,
                        f"{shown(named.name)} is too long; {LONGEST_NAME} letters are the most",
                    )
                check_name(named.name, named.mark, context)
                if is_empty(named.value):
                    context.refuse(Code.EMPTY_FIELD, named.mark, f"{named.name} is empty; write `{example}`")
                values[named.name] = item.check(named.value, context)
        return values

    names = {"maxLength": LONGEST_NAME}
    accepted = {"type": "object", "propertyNames": names, "additionalProperties": item.schema}
    return FieldType(f"names of your own, each with {item.words}", accepted, check, has_own_names=True)


def _title(words: str) -> str:
    """What has the fields, as editors' programs call it: image for "an image"."""
    return re.sub("^an? ", "", words)


def _note_example(value: Scalar, row: Field, context: Context) -> None:
    """Adds a note where the example of a message, or dots in its place, were left in."""
    if (text := value.text.strip()) in (row.example, "..."):
        context.fault(Code.EXAMPLE_LEFT, value.mark, f"{shown(text)} is only an example; put your own words there")


def _missing(name: str, value: Node, row: Field) -> str:
    """The message for a required field that is empty."""
    if isinstance(value, Scalar) and is_null(value):
        word = quoted(value.text)
        return f"{name} is empty, for to YAML that word means nothing; if it is meant, write {name}: {word}"
    return f"{name} is empty; write its value behind the colon, such as `{name}: {row.example}`{behind(row)}"
