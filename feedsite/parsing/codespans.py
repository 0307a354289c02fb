"""Markdown text without its code, whose signs mean nothing (CommonMark 4.4, 4.5, 6.1)."""

import re
from collections.abc import Iterator

BLANK = "\0"  # stands in the place of each letter of code; no entry file holds one
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})(.*)")
_TICKS = re.compile("`+")
_ELEMENT = re.compile("<(pre|code|samp|kbd)\\b", re.IGNORECASE)


def without_code(text: str) -> str:
    """The text with BLANK for each letter of code: places and line ends stay as they are."""
    if "`" in text or "~~~" in text or "    " in text or "\t" in text:
        text = "\n".join(_without_spans("\n".join(_without_blocks(text))).split("\n"))
    return _without_elements(text) if _ELEMENT.search(text) else text


def _without_blocks(text: str) -> Iterator[str]:
    """The lines of a text; those of fenced and of indented code are blank."""
    fence = ""
    is_code_possible = True  # below an empty line, or other code
    for line in text.split("\n"):
        found = _FENCE.match(line)
        if fence:
            yield BLANK * len(line)
            if found and found[1].startswith(fence) and not found[2].strip():
                fence = ""
        elif found and not (found[1][0] == "`" and "`" in found[2]):
            fence = found[1]
            yield BLANK * len(line)
        elif is_code_possible and line.startswith(("    ", "\t")):
            yield BLANK * len(line)
            continue
        else:
            yield line
        is_code_possible = not line.strip()


def _without_spans(text: str) -> str:
    """The text with blanks for what stands between two equal runs of backticks in one paragraph."""
    return "\n\n".join(
        _without_spans_of(paragraph) if "`" in paragraph else paragraph for paragraph in text.split("\n\n")
    )


def _without_spans_of(paragraph: str) -> str:
    runs = list(_TICKS.finditer(paragraph))
    nearest: dict[int, int] = {}  # of each length, the number of the run that comes next
    closing = [0] * len(runs)
    for number in range(len(runs) - 1, -1, -1):
        length = len(runs[number][0])
        closing[number] = nearest.get(length, 0)
        nearest[length] = number
    pieces, end, number = [], 0, 0
    while number < len(runs):
        if close := closing[number]:
            span = paragraph[runs[number].start() : runs[close].end()]
            pieces += [paragraph[end : runs[number].start()], re.sub("[^\n]", BLANK, span)]
            end, number = runs[close].end(), close
        number += 1
    return "".join([*pieces, paragraph[end:]])


def _without_elements(text: str) -> str:
    """The text with blanks for what stands in HTML elements of code."""
    pieces, end = [], 0
    folded = text.lower() if text.isascii() else re.sub("[A-Z]", lambda found: found[0].lower(), text)
    while found := _ELEMENT.search(text, end):
        close = folded.find(f"</{found[1].lower()}", found.end())
        stop = len(text) if close < 0 else close
        pieces += [text[end : found.start()], re.sub("[^\n]", BLANK, text[found.start() : stop])]
        end = stop
    return "".join([*pieces, text[end:]])
