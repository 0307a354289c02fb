"""What subscribers notice for a forge: workflow commands at files and lines, and a summary in Markdown."""

import re
from collections.abc import Iterator

from ..checking.machineformats import command
from ..errors import in_one_line
from . import words
from .noticed import Decision, Noticed, Remark
from .weights import Weights

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>()#+!|~&-])")
_MOST = 50  # items in the summary


def commands(noticed: Noticed, folder: str) -> Iterator[str]:
    """Workflow commands, of which the forge makes remarks at lines. `folder` is the site's in the repository, or ""."""
    for one in noticed.decisions:
        message = "\n".join((one.message, *one.mend))
        yield command("error", _at(one, folder), message)
    for remark in noticed.remarks:
        yield command("warning", _at(remark, folder), remark.message)
    yield command("notice", {"title": "What subscribers notice"}, words.sums(noticed))


def summary(noticed: Noticed, weights: Weights | None) -> str:
    """Markdown for the page of a run."""
    parts = [f"### What subscribers notice\n\n{_marked(words.sums(noticed))}\n"]
    if noticed.decisions:
        parts.append("#### To decide first\n")
    for one in noticed.decisions:
        place = f"{one.source}:{one.line}" if one.line else one.source
        parts.append(f"- {_marked(place)}: {_marked(one.message)}\n")
        if one.mend:
            lines = "".join(f"  {_fenced(line)}\n" for line in one.mend)
            parts.append(f"  ```\n{lines}  ```\n")
    if noticed.items:
        parts.append("\n| | article | feeds |\n| --- | --- | --- |\n")
    for item in noticed.items[:_MOST]:
        parts.append(f"| {words.fate(item)} | {_marked(item.title)} | {_marked(words.feeds(item))} |\n")
    if len(noticed.items) > _MOST:
        parts.append(f"\nand {len(noticed.items) - _MOST} more\n")
    said = list(words.sentences(noticed, weights))
    if said:
        parts.append("\n" + "".join(f"- {_marked(one)}\n" for one in said))
    return "".join(parts)


def _at(one: Decision | Remark, folder: str) -> dict[str, object]:
    place = f"{folder}/{one.source}" if folder else one.source
    return {"file": in_one_line(place), **({"line": one.line, "col": one.column} if one.line else {})}


def _marked(text: str) -> str:
    """A text in which nothing is Markdown or HTML, in one line."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))


def _fenced(line: str) -> str:
    return " ".join(line.split("\n")).replace("```", "'''")
