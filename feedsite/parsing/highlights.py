"""==Marked== words."""

import re

_MARK = "=="
_TOKEN = re.compile(r"<(/?)([a-z0-9]+)[^>]*>|={2,}")
# Elements whose text is shown as it was typed.
_AS_TYPED = frozenset("code kbd math pre samp".split())
# Elements that may stand in marked words; any other one ends a paragraph, or has no content.
_PHRASES = frozenset("a abbr b bdi bdo cite del dfn em i ins q s small span strong sub sup u var".split())


def marked(clean: str) -> str:
    """Sanitised HTML in which ==words== are in <mark>, as far as both marks stand in one paragraph and one element.

    As with *stress*, no space stands within them. None is a letter's neighbour outside: `a==b` is no mark.
    """
    if _MARK not in clean:
        return clean
    written: list[str] = []
    position = depth = 0  # depth: the elements that are open within the marks
    opened = -1  # where the first mark is written, while the second may follow
    as_typed, within = "", 0  # the element of _AS_TYPED that is open, and how many of that name
    for found in _TOKEN.finditer(clean):
        end, name = found.groups()
        if as_typed:
            if name == as_typed:
                within += -1 if end else 1
                as_typed = as_typed if within else ""
        elif name in _AS_TYPED:
            as_typed, within = name, 1
            opened = -1 if name == "pre" else opened
        elif name in _PHRASES:
            depth += -1 if end else 1
            opened = -1 if depth < 0 else opened
        elif name:
            opened = -1
        elif found[0] == _MARK:
            before, behind = clean[found.start() - 1 : found.start()], clean[found.end() : found.end() + 1]
            if opened >= 0 and not depth and not before.isspace() and not _is_of_a_word(behind):
                written[opened] = "<mark>"
                written += clean[position : found.start()], "</mark>"
                position, opened = found.end(), -1
            elif not behind.isspace() and not _is_of_a_word(before):
                written += clean[position : found.start()], _MARK
                position, opened, depth = found.end(), len(written) - 1, 0
    return "".join(written) + clean[position:]


def _is_of_a_word(letter: str) -> bool:
    return letter.isascii() and letter.isalnum()
