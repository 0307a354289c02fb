"""Fields by a table: of a whole file, or of a value that is written as fields of its own, such as an image."""

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from ..codes import Code
from . import nodes
from .braces import is_in_words
from .fields import Field, schema
from .fieldtypes import LONGEST_NAME, Context, FieldType, Invalid, T, is_empty, is_null
from .mendedline import odd_gap, odd_space
from .nearness import is_one_slip_off
from .nodes import Mark, Node, Scalar
from .quoting import brief, in_full, in_list, quoted, shown

_FEW = 6  # fields that a message names
_SHORT = 60  # characters of an editor's value that an example repeats


def read_fields(node: nodes.Mapping, table: Mapping[str, Field], context: Context, words: str) -> dict[str, Any]:
    """The values of the fields in `table`. Adds faults for fields that are unknown, invalid or missing.

    `words` name what has these fields, such as "an article". Fields whose names begin with x- are not read.
    """
    values: dict[str, Any] = {}
    invalid: set[str] = set()
    lines = {named.name: named.mark.line for named in node.fields if named.name in table}
    for named in node.fields:
        name, mark, value = named
        row = table.get(name)
        if row is None:
            if not name.startswith("x-"):
                known = nearest_field(name, table)
                invalid.add(known)
                cut = None if known else _cut_value(node, name)
                context.fault(*(cut or _unknown(named, known, lines, table, words)))
        elif not is_empty(value) or (row.type.has_own_names and isinstance(value, nodes.Mapping)):
            try:
                values[name] = row.type.check(value, context)
            except Invalid:
                invalid.add(name)
            if row.is_stand_in and isinstance(value, Scalar) and len(value.text) <= _SHORT:
                _note_example(value, row, context)
        elif row.is_required:
            invalid.add(name)
            context.fault(Code.EMPTY_FIELD, mark, _missing(name, value, row))
    for name, row in table.items():
        if row.is_required and name not in values and name not in invalid:
            context.fault(
                Code.MISSING_FIELD, node.mark, f"{words} has no `{name}`; add `{name}: {row.example}`{_behind(row)}"
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
            if isinstance(node, Scalar) and len(node.text) <= _SHORT and required[0] in ("name", "src", "title", "url"):
                examples[required[0]] = in_list(node.text)
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
    return f"{name} is empty; write its value behind the colon, such as `{name}: {row.example}`{_behind(row)}"


def _behind(row: Field) -> str:
    """What a message says behind a row's example."""
    hint = row.hint or ("put your own words there" if row.is_stand_in else "")
    return hint and f"; {hint}"


def nearest_field(name: str, table: Mapping[str, Field]) -> str:
    """The field of the table that was probably meant; "" where no name is near."""
    if len(name) > LONGEST_NAME and ":" not in name[:LONGEST_NAME]:
        return ""
    head = re.split("[:：]", name, maxsplit=1)[0].rstrip()
    if head in table:
        return head
    folded = name.casefold().replace("_", "").replace("-", "")
    for known, row in table.items():
        if folded == known or folded in row.synonyms:
            return known
    return next((known for known in table if len(known) > 2 and is_one_slip_off(folded, known)), "")


def _of_text(text: str, row: Field) -> str:
    """A text alone as it is written as this field; "" where it can stand as it is."""
    return row.of_text.format(in_list(text)) if row.of_text and text and len(text) <= _SHORT else ""


def _cut_value(node: nodes.Mapping, name: str) -> tuple[Code, Mark, str] | None:
    """The fault of a value between braces that a comma ends, with a colon in what follows, which so became a name."""
    if not node.is_in_braces:
        return None
    number = next(number for number, named in enumerate(node.fields) if named.name == name)
    before, named = node.fields[number - 1], node.fields[number]
    is_cut = number and is_in_words(name)
    if not is_cut or not isinstance(before.value, Scalar) or before.value.style:
        return None
    rest = named.value.text if isinstance(named.value, Scalar) else "..."
    whole = in_full(f"{before.value.text}, {named.name}: {rest}".strip())
    message = f"a comma ends a value between braces: put it in quotation marks; write {before.name}: {whole}"
    return Code.COMMA_IN_BRACES, before.value.mark, message


def _unknown(
    named: nodes.Named, known: str, lines: Mapping[str, int], table: Mapping[str, Field], words: str
) -> tuple[Code, Mark, str]:
    """The fault of a field that is not in the table. `lines` are those of the file's fields that are."""
    name, mark = named.name, named.mark
    more = f": {named.value.text}" if isinstance(named.value, Scalar) and named.value.text else ""
    if space := odd_space(name) or odd_gap(name + more):
        return space.code, mark, space.message
    colon = next((letter for letter in name if letter in ":："), "")
    head, _, rest = name.partition(colon or ":")
    if colon and known and head.rstrip() == known:
        whole = in_full(rest.strip() + more) if more else brief(rest.strip())
        if colon == ":":
            return Code.NO_SPACE, mark, f"write a space after the colon: {known}: {whole}"
        return Code.LOOKALIKE_SIGN, mark, f"this colon ({colon}) is a letter to YAML; write {known}: {whole}"
    if known in lines:
        called = f"{shown(name)} is called {known} here, and that stands on line {lines[known]}"
        return Code.DOUBLED_FIELD, mark, f"{called}; keep one of the two"
    if known:
        value = named.value.text.strip() if isinstance(named.value, Scalar) else ""
        written = _of_text(value, table[known])
        write = f"`{known}: {written}`{_behind(table[known])}" if written else f"`{known}:` and keep what follows"
        return Code.OTHER_NAME, mark, f"{shown(name)} is called {known} here; write {write}"
    own = f"call it `x-{name}`" if re.fullmatch(r"[\w.-]{1,60}", name) else "give it a name that begins with x-"
    others = f"; there are {', '.join(table)}" if len(table) <= _FEW else ""
    message = f"{words} has no field {shown(name)}{others}; take it out, or {own} and it is passed over"
    return Code.UNKNOWN_FIELD, mark, message
