"""What Markdown reads as something else than an editor meant, or as nothing at all (CommonMark 4.3 to 4.5, 6.2)."""

import html
import re
from collections.abc import Iterator
from itertools import islice

from .quoting import brief

_MOST = 1000  # of one kind in a text that are looked at
_ENDS = ".!?…。！？؟।"  # of a sentence
_MARKS_BEHIND = "\"'”’»)]）」』*_ "
# A sentence, or a long line, that a line of hyphens right below makes a heading of.
_UNDERLINED = re.compile(r"^(?P<line>(?![ ]*[-#>|*+\d]|    )[^\n\0]*\S)\n(?P<rule>-{3,})[ ]*$", re.MULTILINE)
_LONG = 100  # letters: no heading has so many
_FENCE = re.compile(r"^ {0,3}(?P<fence>`{3,}|~{3,})(?P<info>[^\n`]*)$", re.MULTILINE)
_INDENTED = re.compile(r"(?:^|\n[ \t]*\n)(?P<block>(?:(?: {4,7}|\t)[^\s\0][^\n]*(?:\n|$))+)")
_CODE_SIGNS = re.compile(r"[{}<>=;$#\\|`]|\w\(|^\s*[-+*>/.]|\d\s{2,}|[a-z_]\w*[_.]\w|\s{3,}\S", re.MULTILINE)
_CUT = 20  # letters by which a line is known in HTML: before typographic marks become others
_LEAST_WORDS = 6  # of a sentence
_LEAST_BARS = 3  # of a row: |a|b|
_STARS = re.compile(
    r"(?<![*\\\w])\*\*(?P<words>(?:[ ]+[^*\n\0]{1,200}?[^\s*]|[^\s*\0][^*\n\0]{0,200}?[ ]+))\*\*(?!\*)"
    r"|(?<![*\\])\*\*(?P<marked>[「『（【“‘〈《][^*\n\0]{1,200}[」』）】”’〉》。、！？])\*\*(?=[^\W_])"
)

Found = tuple[int, int, str]  # where it begins and ends in the text, and a message


def may_be_misread(text: str, markup: str) -> bool:
    """Whether `misread` may find anything in a text, of which `markup` is the HTML: told in a blink."""
    return "\n---" in text or "<pre" in markup or "```" in text or "~~~" in text


def has_unread_signs(markup: str) -> bool:
    """The same of `unread`."""
    return "**" in markup or "|" in markup


def misread(text: str, prose: str, markup: str) -> Iterator[Found]:
    """Of each kind the first one: a paragraph that becomes a heading or code, and a fence that is never closed, with
    what to write. `prose` is the text without its code (codespans), `markup` its HTML.
    """
    for found in islice(_UNDERLINED.finditer(prose), _MOST):
        line = found["line"]
        if line.rstrip(_MARKS_BEHIND)[-1:] in _ENDS or len(line) > _LONG:
            message = "this line makes a heading of the paragraph above it; put an empty line between the two"
            yield *found.span("rule"), message
            break
    if fence := _open_fence(text):
        yield *fence, f"this fence is never closed, so all below it is code; write {text[slice(*fence)]} below the code"
        return
    for found in islice(_INDENTED.finditer(text), _MOST):
        block = found["block"]
        words = " ".join(block.split())
        is_code = f"<code>{html.escape(block.split(chr(10))[0].strip()[:_CUT], quote=False)}" in markup  # in no list
        is_sentence = is_code and words[:1].isupper() and words.rstrip(_MARKS_BEHIND)[-1:] in _ENDS
        if is_sentence and words.count(" ") >= _LEAST_WORDS and not _CODE_SIGNS.search(block.strip()):
            begin = found.start("block")
            message = "Markdown makes code of a paragraph that is indented so far; begin it where the others begin"
            yield begin + len(block) - len(block.lstrip()), begin + len(block.split("\n")[0]), message
            break


def unread(prose: str, markup: str) -> Iterator[Found]:
    """The first emphasis that is none, and the first table without the line that makes it one."""
    lost = list(islice(_STARS.finditer(prose), _MOST)) if "**" in markup else []
    if lost:
        found = lost[0]
        others = f" (one of {len(lost)} in this text)" if len(lost) > 1 else ""
        words = found["words"] or ""
        lead, trail = " " * words.startswith(" "), " " * words.endswith(" ")
        written = f"{lead}**{words.strip()}**{trail}" if words else f"<strong>{found['marked']}</strong>"
        yield *found.span(), f"readers see the stars of `{brief(found[0])}`{others}; write `{brief(written)}`"
    if "<table" not in markup and "|" in markup and (row := _first_row(prose)):
        begin, first = row
        line = f"|{' --- |' * (first.count('|') - 1)}"
        yield begin, begin + len(first), f"readers see these bars, and no table; write `{brief(line)}` below this line"


def _first_row(prose: str) -> tuple[int, str] | None:
    """Where the first two lines begin that are rows of a table, and the first of them."""
    place, above = 0, ""
    for line in prose.split("\n"):
        row = line.strip(" ")
        is_row = row[:1] == "|" == row[-1:] and row.count("|") >= _LEAST_BARS
        if is_row and above:
            return place - len(above) - 1, above
        above = line if is_row and not line.startswith(" ") else ""
        place += len(line) + 1
    return None


def _open_fence(text: str) -> tuple[int, int] | None:
    """Where the fence stands that is open at the end of a text, with more than one line below it."""
    opened: re.Match[str] | None = None
    for found in _FENCE.finditer(text):
        if opened is None:
            opened = found
        elif found["fence"].startswith(opened["fence"]) and not found["info"].strip():
            opened = None
    is_open = opened and "\n\n" in text[opened.end() :].rstrip()
    return opened.span("fence") if opened and is_open else None
