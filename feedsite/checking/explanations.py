"""What `feedsite explain` says of each code: from feedsite/explanations/, which docs/messages.md repeats.

An example is lines of an article, or whole files below lines such as `# entries/a.yaml`. tests/support/examples.py
says how they are read; each wrong one has the code that it is for, and each right one none.
"""

import re
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from ..codes import Code

_FOLDER = "explanations"
_PART = re.compile(
    r"^### (?P<code>\w+) (?P<title>.+)\n(?P<why>(?:.*\n)*?)Wrong:\n(?P<wrong>(?:.*\n)*?)Right:\n", re.MULTILINE
)
_INDENTATION = re.compile("^    ", re.MULTILINE)


class Explanation(NamedTuple):
    """What a code means. `title` is a claim, `why` a paragraph of Markdown; `wrong` and `right` are examples."""

    code: Code
    title: str
    why: str
    wrong: str
    right: str


def pages() -> list[str]:
    """The groups of explanations as Markdown, each with its heading."""
    found = {file.name: file for file in files("feedsite").joinpath(_FOLDER).iterdir() if file.name.endswith(".md")}
    ordered = sorted(found, key=lambda name: int(name.partition("-")[0]))
    return [found[name].read_text("utf-8") for name in ordered]


@cache
def explanations() -> dict[Code, Explanation]:
    """All of them, in the order of pages()."""
    found = {}
    for part in re.split("^(?=### )", "".join(pages()), flags=re.MULTILINE):
        if read := _PART.match(part):
            wrong, right = read["wrong"], re.split("^## ", part[read.end() :], flags=re.MULTILINE)[0]
            code = Code(read["code"])
            found[code] = Explanation(code, read["title"], _joined(read["why"]), _example(wrong), _example(right))
    return found


def groups() -> list[tuple[str, list[Explanation]]]:
    """The explanations below their headings."""
    found: dict[str, list[Explanation]] = {}
    for page in pages():
        heading = page.partition("\n")[0].removeprefix("## ")
        found[heading] = [explanations()[Code(code)] for code in re.findall(r"^### (\w+)", page, re.MULTILINE)]
    return list(found.items())


def _joined(why: str) -> str:
    """A paragraph as one line: terminals wrap it at their own width."""
    return " ".join(why.split())


def _example(text: str) -> str:
    return _INDENTATION.sub("", text.strip("\n")) + "\n"
