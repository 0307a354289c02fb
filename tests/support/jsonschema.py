"""Where a value does not fit a JSON Schema, for schemas that use what feedsite uses; and YAML as such values."""

import re

import yaml

TYPES = {
    "array": list,
    "boolean": bool,
    "integer": int,
    "null": type(None),
    "number": (int, float),
    "object": dict,
    "string": str,
}


class Core(yaml.SafeLoader):
    """Types scalars by YAML 1.2's core schema (10.3.2), as editors' programs do: a date is text."""

    yaml_implicit_resolvers = {}  # noqa: RUF012  # PyYAML's own attribute


Core.add_implicit_resolver("tag:yaml.org,2002:null", re.compile("^(~|null|Null|NULL|)$"), None)
Core.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(true|True|TRUE|false|False|FALSE)$"), None)
Core.add_implicit_resolver("tag:yaml.org,2002:int", re.compile("^[-+]?[0-9]+$"), None)
Core.add_implicit_resolver("tag:yaml.org,2002:float", re.compile(r"^[-+]?[0-9]+\.[0-9]*$"), None)
Core.add_constructor("tag:yaml.org,2002:int", lambda loader, node: int(loader.construct_scalar(node)))


def misfits(value, accepted, place=""):
    """Where the value does not fit the schema, by the keywords of JSON Schema, draft 7, that feedsite uses."""
    for keyword, wanted in accepted.items():
        if not KEYWORDS[keyword](value, wanted):
            yield f"{place}: {keyword} {wanted}"
    for one in accepted.get("allOf", ()):
        yield from misfits(value, one, place)
    if "if" in accepted:
        yield from misfits(value, accepted.get("else" if list(misfits(value, accepted["if"])) else "then", {}), place)
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from misfits(inner, inner_schema(accepted, name), f"{place}/{name}")
    if isinstance(value, list) and "items" in accepted:
        for number, inner in enumerate(value):
            yield from misfits(inner, accepted["items"], f"{place}/{number}")


def inner_schema(accepted, name):
    """What a member of an object has to fit."""
    if name in accepted.get("properties", {}):
        return accepted["properties"][name]
    for pattern, inner in accepted.get("patternProperties", {}).items():
        if re.search(pattern, name):
            return {} if inner is True else inner
    others = accepted.get("additionalProperties", {})
    return {"not": {}} if others is False else others


def is_of(value, types):
    names = [types] if isinstance(types, str) else types
    return any(isinstance(value, TYPES[name]) and (name == "boolean" or not isinstance(value, bool)) for name in names)


def anything(value, wanted):
    return True


KEYWORDS = {  # those that stand for `anything` here are looked at by misfits(), or are words for people
    "additionalProperties": anything,
    "allOf": anything,
    "anyOf": lambda value, wanted: any(not list(misfits(value, one)) for one in wanted),
    "$id": anything,
    "$schema": anything,
    "const": lambda value, wanted: value == wanted,
    "defaultSnippets": anything,
    "description": anything,
    "else": anything,
    "doNotSuggest": anything,
    "enum": lambda value, wanted: value in wanted,
    "enumDescriptions": anything,
    "errorMessage": anything,
    "filePatternAssociation": anything,
    "if": anything,
    "items": anything,
    "maxItems": lambda value, wanted: not isinstance(value, list) or len(value) <= wanted,
    "markdownDescription": anything,
    "maxLength": lambda value, wanted: not isinstance(value, str) or len(value) <= wanted,
    "minimum": lambda value, wanted: not isinstance(value, int) or value >= wanted,
    "not": lambda value, wanted: list(misfits(value, wanted)) != [],
    "pattern": lambda value, wanted: not isinstance(value, str) or re.search(wanted, value) is not None,
    "patternProperties": anything,
    "properties": anything,
    "propertyNames": lambda value, wanted: not any(list(misfits(name, wanted)) for name in value),
    "required": lambda value, wanted: not isinstance(value, dict) or set(wanted) <= set(value),
    "then": anything,
    "title": anything,
    "type": is_of,
}


def load(text):
    return yaml.load(text, Loader=Core)  # noqa: S506  # Core constructs no objects
