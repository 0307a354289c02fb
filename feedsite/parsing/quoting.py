"""An editor's value as a message repeats it: shortened where it only has to be recognised, whole where it is pasted."""

import re

_SHOWN = 60  # characters of a value that has to be recognised
_PASTED = 1000  # characters of a value that is to be pasted
_MARKS = "\"'“”„‟«»‹›‘’‚‛「」『』＂"  # typographic ones are letters to YAML
_DOUBLE = "“”„‟«»＂"
# Harmless in a list: a text without [ ] { } , # and :
_PLAIN = re.compile(r"[^\W_](?:[\w ./+&'()@%~=-]*[\w)/])?|/[\w./~-]*")
_NOTHING = re.compile("null|true|false", re.IGNORECASE)
# What would end the line of a message, or turn its direction; a quoted value has it as an escape.
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def shown(value: str) -> str:
    """The value in quotation marks; of a long one only its beginning."""
    return quoted(value if len(value) <= _SHOWN else f"{value[:_SHOWN]}...")


def quoted(value: str) -> str:
    """The value as YAML's double-quoted text."""
    return '"' + _UNSEEN.sub(_escape, value.replace("\\", "\\\\").replace('"', '\\"')) + '"'


def _escape(unseen: re.Match[str]) -> str:
    return f"\\u{ord(unseen[0]):04X}"


def in_full(value: str) -> str:
    """The value in quotation marks, ready to paste; of a very long one only its two ends."""
    return quoted(brief(value))


def brief(value: str) -> str:
    """The value itself; of a very long one only its two ends."""
    return value if len(value) <= _PASTED else f"{value[:_SHOWN]} ... {value[-_SHOWN:]}"


def in_list(value: str) -> str:
    """The value as it is pasted into a list or between braces: in quotation marks where it needs them."""
    return listed(value) if len(value) <= _PASTED else in_full(value)


def listed(value: str) -> str:
    """The same, whole in any case."""
    return value if _PLAIN.fullmatch(value) and not _NOTHING.fullmatch(value) else quoted(value)


def without_marks(value: str) -> str:
    """The value without the quotation marks around it, of whatever kind."""
    inner = value.strip()
    return inner[1:-1].strip() if len(inner) > 1 and inner[0] in _MARKS and inner[-1] in _MARKS else inner


def with_slashes(path: str) -> str:
    """A picture's path of Windows as one within the site; of one on somebody's own disk the file's name is left."""
    place = path.replace("\\", "/")
    return f"images/{place.rpartition('/')[2]}" if re.match("[A-Za-z]:/", place) else place


def is_in_typographic_marks(value: str) -> bool:
    """Whether the value stands in quotation marks that are none to YAML, such as those of a word processor."""
    inner = value.strip()
    is_within = len(inner) > 2 and inner[0] in _MARKS[2:] and inner[-1] in _MARKS[2:]
    return is_within and not set(inner[1:-1]) & {inner[0], inner[-1]}


def is_in_double_marks(value: str) -> bool:
    """Whether the value stands in typographic marks that programs make of two straight ones."""
    inner = value.strip()
    return not inner.isascii() and is_in_typographic_marks(inner) and {inner[0], inner[-1]} <= set(_DOUBLE)
