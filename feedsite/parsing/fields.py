"""A row of a table of fields, and the table as a JSON Schema (draft 7), by which editors' programs complete and check.

Four keywords are no standard's, and known to yaml-language-server and VS Code: errorMessage, markdownDescription,
defaultSnippets and filePatternAssociation. Other programs pass over them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .fieldtypes import FieldType

# Neither has a `type`: a program that completes values would offer null, which nobody needs to write.
_NOTHING = {"not": {"type": ["array", "boolean", "number", "object", "string"], "pattern": r"\S"}}
_EMPTY = {
    "not": {"type": ["array", "boolean", "number", "string"], "pattern": r"\S"},
    "additionalProperties": _NOTHING,
}


@dataclass(frozen=True, slots=True)
class Field:
    """A row of a table of fields. `example` is a value as it is written, `synonyms` are names that editors may try.

    `about` tells editors in Markdown what it is: in the docs, and in their programs. `is_stand_in`: the example stands
    for words that only the editor knows, and has a note where it is left in. `hint` is what a message says behind the
    example. `of_text` is how a text alone, at {}, is written as this field.
    """

    type: FieldType[Any]
    example: str
    is_required: bool = False
    synonyms: tuple[str, ...] = ()
    is_stand_in: bool = False
    hint: str = ""
    of_text: str = ""
    about: str = ""


def schema(table: Mapping[str, Field]) -> dict[str, Any]:
    """The table as a JSON Schema, for the fields as a YAML 1.2 parser types their values.

    Fields without faults fit it, with one exception: white space around a quoted value counts in the schema only. The
    reverse does not hold: a schema cannot express that a day does not exist, or that one field contradicts another.
    """
    return {
        "type": "object",
        "properties": {name: _property(name, row) for name, row in table.items()},
        "patternProperties": {"^x-": True, **_misnomers(table)},
        "additionalProperties": False,
        "required": [name for name, row in table.items() if row.is_required],
    }


def _property(name: str, row: Field) -> dict[str, Any]:
    """The schema of one field. An empty value counts as no field, so it fits where none is required."""
    written = f"`{name}: {row.example}`"
    described = {"description": row.about, "markdownDescription": f"{row.about}\n\n{written}"}
    accepted = _with_message(row.type.schema, f"{name} holds {row.type.words}, such as {written}")
    if row.is_required:
        return {**described, **accepted}
    # The first one comes first, for of two that do not fit yaml-language-server reports why the first does not.
    return {**described, "anyOf": [accepted, _NOTHING if row.type.has_own_names else _EMPTY]}


def _with_message(accepted: Mapping[str, Any], message: str) -> dict[str, Any]:
    """The schema with the message for a value that does not fit, in each of its parts that is about a value alone.

    Fields have messages of their own, and so have choices, whose message names the words to choose from.
    """
    if "anyOf" in accepted:
        return {**accepted, "anyOf": [_with_message(one, message) for one in accepted["anyOf"]]}
    if "items" in accepted:
        return {**accepted, "items": _with_message(accepted["items"], message), "errorMessage": message}
    if "then" in accepted:
        return {**accepted, "then": _with_message(accepted["then"], message), "errorMessage": message}
    if accepted.get("type") == "object" or "enum" in accepted:
        return dict(accepted)
    return {**accepted, "errorMessage": message}


def _misnomers(table: Mapping[str, Field]) -> dict[str, Any]:
    """By pattern: the names that editors may try for each field, which hold nothing here but have a message."""
    tried = {name: [one for one in row.synonyms if one not in table] for name, row in table.items()}
    return {
        f"^({'|'.join(names)})$": {
            "type": ["null"],
            "errorMessage": f"this field is called {name} here; write it such as `{name}: {table[name].example}`",
        }
        for name, names in tried.items()
        if names
    }
