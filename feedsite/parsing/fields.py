"""A row of a table of fields, and the table as a JSON Schema (draft 7), by which editors' programs complete and check.

Four keywords are no standard's, and known to yaml-language-server and VS Code: errorMessage, markdownDescription,
defaultSnippets and filePatternAssociation. Other programs pass over them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .fieldtypes import FieldType

# What counts as nothing: for fields whose names the editor chooses, and for others. Neither has a `type`, for a program
# that completes values would offer null. The titles tell the alternatives apart in yaml-language-server, which else
# shows the descriptions of both.
NOTHING = {
    "title": "Left out",
    "not": {"type": ["array", "boolean", "number", "object", "string"], "pattern": r"\S"},
}
EMPTY = {
    "title": "Left out",
    "not": {
        "anyOf": [
            {"type": ["array", "boolean", "number", "string"], "pattern": r"\S"},
            {"type": ["object"], "not": {"additionalProperties": NOTHING}},
        ]
    },
}
_NEVER = {"title": "Nothing else", "not": {}}


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
    """The schema of one field. An empty value counts as no field, so it fits where none is required.

    The value stands in an alternative, also where it is the only one: yaml-language-server puts a colon behind the
    name only then. It stands first, for of alternatives that all do not fit the first one's message is reported.
    """
    written = f"`{name}: {row.example}`"
    message = f"{name} holds {row.type.words}, such as {written}"
    described = {"description": row.about, "markdownDescription": f"{row.about}\n\n{written}"}
    accepted = _with_message(row.type.schema, message)
    if "properties" in accepted and not row.is_required:
        return {**described, **_record(accepted, message)}
    otherwise = _NEVER if row.is_required else NOTHING if row.type.has_own_names else EMPTY
    alternatives = [{"title": name, **one} for one in accepted.get("anyOf", [accepted])]
    return {**described, "anyOf": [*alternatives, otherwise]}


def _record(accepted: Mapping[str, Any], message: str) -> dict[str, Any]:
    """Fields of which all may be empty, else none that is required.

    No alternative says so: of two yaml-language-server would take the empty one while the first field is being written,
    and complete nothing.
    """
    fields, required = accepted["properties"], accepted["required"]
    may_be_empty = {name: {**fields[name], "anyOf": [*fields[name]["anyOf"][:-1], EMPTY]} for name in required}
    known = {name: {"doNotSuggest": True, **({"not": EMPTY} if name in required else {})} for name in fields}
    others = dict.fromkeys(accepted["patternProperties"], True)
    strict = {"required": required, "properties": known, "patternProperties": others, "additionalProperties": False}
    return {
        "title": accepted["title"],
        "properties": {**fields, **may_be_empty},
        "patternProperties": accepted["patternProperties"],
        "if": {"not": EMPTY["not"]},
        "else": {"allOf": [{"type": ["object"], "errorMessage": message}, strict]},
    }


def _with_message(accepted: Mapping[str, Any], message: str) -> dict[str, Any]:
    """The schema with the message for a value that does not fit, in each of its parts that is about a value alone.

    Fields have messages of their own, and so have choices, whose message names the words to choose from.
    """
    for word in ("anyOf", "allOf"):
        if word in accepted:
            return {**accepted, word: [_with_message(one, message) for one in accepted[word]]}
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
            "type": ["null", "string"],
            "pattern": r"^\s*$",
            "errorMessage": f"this field is called {name} here; write it such as `{name}: {table[name].example}`",
        }
        for name, names in tried.items()
        if names
    }
