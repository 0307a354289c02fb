"""Faults and notes for programs: as commands of GitHub's workflows, as JSON, and as SARIF 2.1.0."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any
from urllib.parse import quote

from .. import __version__
from ..codes import Code
from ..edits import Edit
from ..errors import Fault, in_one_line
from .explanations import Explanation, explanations
from .framed import framed
from .positions import Positions

VERSION = 1  # of the JSON; another one where a program that reads it has to change
_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
# https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts
_IN_MESSAGE = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_IN_PROPERTY = _IN_MESSAGE | {":": "%3A", ",": "%2C"}

TextOf = Callable[[str], str]  # of a path; "" where the file cannot be read


def github(faults: Iterable[Fault], text_of: TextOf) -> Iterator[str]:
    """A workflow command for each: GitHub shows it beside the line, the mend below the message."""
    for fault, text, _ in _with_texts(faults, text_of):
        frame = framed(fault, text)
        ends = {"endLine": fault.line, "endColumn": fault.end} if fault.end else {}
        at = {"line": fault.line, "col": fault.column, **ends} if fault.line else {}
        named = {"file": in_one_line(fault.path), **at, "title": fault.code}
        message = "\n".join((frame.message, *(line.text for line in frame.mend)))
        yield command("notice" if fault.is_note else "error", named, message)


def command(kind: str, properties: Mapping[str, object], message: str) -> str:
    """A workflow command: "error", "warning" or "notice"."""
    named = ",".join(f"{name}={_escaped(str(value), _IN_PROPERTY)}" for name, value in properties.items())
    return f"::{kind} {named}::{_escaped(message, _IN_MESSAGE)}"


def as_json(faults: Iterable[Fault], text_of: TextOf) -> Iterator[str]:
    """One object: docs/messages.md says what stands in it."""
    found = [_members(*one) for one in _with_texts(faults, text_of)]
    notes = sum(one["kind"] == "note" for one in found)
    yield _printed({"version": VERSION, "faults": len(found) - notes, "notes": notes, "messages": found})


def _members(fault: Fault, _text: str, positions: Positions) -> dict[str, Any]:
    return {
        "code": fault.code,
        "kind": "note" if fault.is_note else "fault",
        "path": fault.path,
        "line": fault.line or None,
        "column": fault.column or None,
        "end_column": fault.end or None,
        "message": fault.message,
        "mend": [
            dict(
                zip(
                    ("line", "column", "end_line", "end_column", "text"),
                    (*_span(edit, positions), edit.text),
                    strict=True,
                )
            )
            for edit in fault.mend
            if positions.holds(fault.mend)
        ],
    }


def _edit(edit: Edit, positions: Positions) -> dict[str, Any]:
    names = ("line", "column", "end_line", "end_column")
    return dict(zip(names, _span(edit, positions), strict=True)) | {"text": edit.text}


def sarif(faults: Iterable[Fault], text_of: TextOf) -> Iterator[str]:
    """One log of one run. Columns count characters; paths are relative to the site (%SRCROOT%)."""
    found = list(_with_texts(faults, text_of))
    codes = sorted({fault.code for fault, *_ in found})
    rules = [_rule(explanations()[code]) for code in codes]
    driver = {"name": "feedsite", "version": __version__, "rules": rules}
    results = [_result(*one, codes) for one in found]
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}  # SARIF 3.14.17
    yield _printed({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]})


def _rule(one: Explanation) -> dict[str, Any]:
    return {
        "id": one.code,
        "shortDescription": {"text": one.title},
        "fullDescription": {"text": one.why},
        "help": {"text": f"Wrong:\n\n{one.wrong}\nRight:\n\n{one.right}"},
        "defaultConfiguration": {"level": _level(one.code)},
    }


def _result(fault: Fault, text: str, positions: Positions, codes: Sequence[Code]) -> dict[str, Any]:
    file = {"uri": quote(fault.path, errors="surrogateescape"), "uriBaseId": "%SRCROOT%"}
    end = {"endLine": fault.line, "endColumn": fault.end} if fault.end else {}
    region = {"region": {"startLine": fault.line, "startColumn": fault.column, **end}} if fault.line else {}
    result: dict[str, Any] = {
        "ruleId": fault.code,
        "ruleIndex": codes.index(fault.code),
        "level": _level(fault.code),
        "message": {"text": framed(fault, text).message},
        "locations": [{"physicalLocation": {"artifactLocation": file, **region}}],
    }
    if fault.mend and positions.holds(fault.mend):
        replacements = [_replacement(edit, positions) for edit in fault.mend]
        result["fixes"] = [{"artifactChanges": [{"artifactLocation": file, "replacements": replacements}]}]
    return result


def _replacement(edit: Edit, positions: Positions) -> dict[str, Any]:
    names = ("startLine", "startColumn", "endLine", "endColumn")
    deleted = dict(zip(names, _span(edit, positions), strict=True))
    return {"deletedRegion": deleted, "insertedContent": {"text": edit.text}}


def _level(code: Code) -> str:
    return "note" if code.is_note else "error"


def _span(edit: Edit, positions: Positions) -> tuple[int, int, int, int]:
    return (*positions.of(edit.begin), *positions.of(edit.end))


def _with_texts(faults: Iterable[Fault], text_of: TextOf) -> Iterator[tuple[Fault, str, Positions]]:
    """Each, in their order, with the text of its file."""
    for path, of_file in groupby(sorted(faults), attrgetter("path")):
        known = list(of_file)
        text = text_of(path) if any(fault.line for fault in known) else ""
        positions = Positions(text)
        for fault in known:
            yield fault, text, positions


def _printed(value: Any) -> str:
    return json.dumps(value, indent=2)  # in ASCII: whatever encoding the output has, it is the same JSON


def _escaped(text: str, signs: dict[str, str]) -> str:
    return "".join(signs.get(character, character) for character in text)


FORMATS: dict[str, Callable[[Iterable[Fault], TextOf], Iterator[str]]] = {
    "github": github,
    "json": as_json,
    "sarif": sarif,
}
