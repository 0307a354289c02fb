"""A faulty line of YAML as it should have been written, judged by the line alone."""

import re

from .quoting import brief, in_full, is_in_typographic_marks, without_marks

LONG_TEXTS = ("body", "summary")
LINES = (*LONG_TEXTS, "title", "alt", "caption", "credit", "note", "reason", "rights", "description", "name")
FIELD = re.compile(r"^(?P<lead>[ ]*(?:- +)?)(?P<name>[\w-]+):[ \t]+(?P<value>\S.*)$")
BLOCK = re.compile(r"^[ ]*(?P<name>[\w-]+):[ \t]*[|>][-+0-9]*[ \t]*$")
_GLUED = re.compile(r"^(?P<lead>[ ]*(?:- +)?)(?P<name>[A-Za-z][\w-]*):(?P<value>[^ \t:/].*)$")
ITEM = re.compile(r"^(?P<lead>[ ]*)(?P<name>-)[ \t]+(?P<value>\S.*)$")
_BULLET = re.compile(r"^[ ]*(?P<bullet>[*+•·‣◦・–—－＊])[ \t\u3000]*(?P<value>[^\s*].*)$")
_WIDE_COLON = re.compile(r"^[ ]*(?:- +)?(?P<name>[\w-]+)[ \t]*(?P<colon>[：﹕︓])[ \t\u3000]*(?P<value>.*)$")
_LONGEST = 1000  # letters of a list or of fields that are written out
IN_MARKS = re.compile(r"""\"(?:[^"\\]|\\.)*+\"|'(?:[^']|'')*+'""")
_IN_MARKS_ALONE = re.compile(rf"(?:{IN_MARKS.pattern})(?:[ \t]+#.*)?")
_ITEMS = re.compile(rf"(?:{IN_MARKS.pattern}|[^,])++")
_NEEDS_QUOTES = re.compile(r"^[@`%&*!|>#?]|,| #|: |:$")  # a part of a list, or a value between braces
_NEXT_FIELD = re.compile(r",\s*+(?=[A-Za-z][\w-]*:(?:\s|$))")  # between braces: the comma before a field
_HASH = re.compile(r"(?<=[\[{,\s])#")
_APOSTROPHE = re.compile(r"(?:[\[{,]|:[ \t])[ \t]*+'[^']*\w'\w")  # within a value in such marks
_RECORDS = re.compile(r"\[\s*+(?:\{[^\[\]{}]*+\}\s*+,?\s*+)++\]")  # a list of fields between braces
_RECORD = re.compile(r"\{[^\[\]{}]*+\}")
_ODD_GAP = re.compile(r"[ ]*(?:- +)?(?P<name>[A-Za-z][\w-]*):(?P<gap>[^\S \t])\s*+(?P<value>.*)$")
WIDE_BLOCKS = ("｜", "＞")  # what only looks like the signs of a block
_PAIRS = {"[": "in a list", "{": "between braces"}
_SPACES = {"\t": "a tab", "\xa0": "a no-break space", "\u3000": "an ideographic space"}


def mended(line: str) -> str | None:
    """What to write instead of a line whose value means something else in YAML. None where the value is harmless."""
    advice = _mended(line)
    return advice if advice and not advice.endswith(f"write {line.strip()}") else None


def _mended(line: str) -> str | None:
    found = FIELD.match(line) or ITEM.match(line)
    if not found or BLOCK.match(line) or _IN_MARKS_ALONE.fullmatch(found["value"].rstrip()):
        return None
    name, value = found["name"], found["value"].rstrip()
    field = "- " if name == "-" else f"{brief(name)}: "
    if is_in_typographic_marks(value):
        return f"only straight quotation marks are some to YAML; write {field}{in_full(without_marks(value))}"
    if value[0] in "\"'":
        return f"a quotation mark inside the value ends it early; write {field}{in_full(_unwrapped(value))}"
    if value[0] in "[{" and name in LINES:  # no list and no fields can stand there
        return f"a value that begins with {value[0]} must stand in quotation marks; write {field}{in_full(value)}"
    if value[0] in "[{" and (whole := with_quotes(value)):
        return f"{_why_with_quotes(value)}; write {field}{whole}"
    if doubled := re.search(r"[\[,] *,", value) if value[0] == "[" else None:
        fewer = re.sub(r"(?<=\[) *,|,(?= *,)", "", value)
        return f"there is a comma too many at `{brief(doubled[0])}`; write {field}{brief(fewer)}"
    if value[0] in "[{" and value[-1] not in "]}":
        if value[0] == "[" and "]" not in value:
            return f"the list is not closed; write {field}{brief(value)}]"
        return f"a value that begins with {value[0]} must stand in quotation marks; write {field}{in_full(value)}"
    if value[0] in "|>" and name in LONG_TEXTS:
        return f"begin the text on the line below `{name}: {value[0]}`, each of its lines indented by two spaces"
    if value[0] in "@`%&*!,]}#|>?" or value == "-" or value.startswith("- "):
        return f"a value that begins with {value[0]} must stand in quotation marks; write {field}{in_full(value)}"
    if ": " in value or value.endswith(":"):
        return f"a value that holds a colon must stand in quotation marks; write {field}{in_full(value)}"
    if value[0] in "[{" and (odd := re.search(r"[@`%&*!]", value)):
        return f"in a list, a value that begins with {odd[0]} must stand in quotation marks"
    return None


def hash_in_brackets(line: str) -> tuple[int, str] | None:
    """The column of a # that makes a comment of the rest of a list, and what to write instead."""
    found = FIELD.match(line) or ITEM.match(line)
    if not found or found["value"][0] not in "[{" or not (sign := _HASH.search(found["value"])):
        return None
    name, value = found["name"], found["value"].rstrip()
    before = value[: sign.start()]
    is_open = sum(before.count(opened) - before.count(closed) for opened, closed in ("[]", "{}")) > 0
    whole = in_full(value) if name in LINES else with_quotes(value)
    if '"' in before or "'" in before or not is_open or not whole:
        return None
    field = "- " if name == "-" else f"{brief(name)}: "
    why = f"{_PAIRS[value[0]]}, a value with # must stand in quotation marks, for # begins a comment"
    return found.start("value") + sign.start() + 1, f"{why}; write {field}{whole}"


def odd_space(line: str) -> tuple[int, str] | None:
    """The column of white space that YAML does not take for indentation, and what to write instead."""
    indentation = line[: len(line) - len(line.lstrip())]
    if not (odd := indentation.lstrip(" ")):
        return None
    name = _SPACES.get(odd[0], f"the character U+{ord(odd[0]):04X}")
    return len(indentation) - len(odd) + 1, f"{name} indents this line; use spaces, two for each step"


def odd_gap(line: str) -> tuple[int, str] | None:
    """The column of a space behind a field's colon that is none to YAML, and what to write instead."""
    if not (found := _ODD_GAP.match(line)):
        return None
    name, value = found["name"], found["value"].rstrip()
    written = f"{brief(name)}: {in_full(value) if _mended(f'{name}: {value}') else brief(value)}".rstrip()
    odd = _SPACES.get(found["gap"], f"the character U+{ord(found['gap']):04X}")
    return found.start("gap") + 1, f"{odd} stands behind the colon; write an ordinary one: {written}"


def wide_block(name: str, sign: str) -> str:
    """The message for a sign that only looks like the one of a block."""
    usual = "|" if sign == WIDE_BLOCKS[0] else ">"
    return f"this sign ({sign}) is a letter to YAML, which knows only {usual}; write {name}: |"


def lookalike(line: str) -> tuple[int, str] | None:
    """The column of a sign that only looks like one of YAML's, and what to write instead."""
    if found := _WIDE_COLON.match(line):
        written = f"{found['name']}: {brief(found['value'].rstrip())}".rstrip()
        return found.start("colon") + 1, f"this colon ({found['colon']}) is a letter to YAML; write {written}"
    if (found := _BULLET.match(line)) and not FIELD.match(line):
        written = f"write - {brief(found['value'].rstrip())}"
        return found.start("bullet") + 1, f"an item of a list begins with a hyphen and a space; {written}"
    return None


def with_space(line: str) -> str | None:
    """What to write instead of a line such as `title:War`."""
    if not (glued := _GLUED.match(line)):
        return None
    return f"write a space after the colon: {brief(glued['name'])}: {brief(glued['value'].strip())}"


def value_column(line: str) -> int:
    """Where, from 0, the value of a field or an item begins."""
    found = FIELD.match(line) or ITEM.match(line)
    return found.start("value") if found else 0


def with_quotes(value: str) -> str | None:
    """A list or fields between braces with the parts in quotation marks that need them.

    None where no part does, and where lists or fields stand within it, but for fields in a list.
    """
    if len(value) <= _LONGEST and _RECORDS.fullmatch(value):
        records = _RECORD.findall(value)
        quoted = [with_quotes(record) or record for record in records]
        return f"[{', '.join(quoted)}]" if quoted != records else None
    inner = value[1:].rstrip().removesuffix("]" if value[0] == "[" else "}").strip()
    if len(value) > _LONGEST or re.search(r"[\[\]{}]", inner):
        return None
    if value[0] == "[":
        parts = [("", item.strip()) for item in _ITEMS.findall(inner) if item.strip()]
    else:
        pairs = [part.partition(": ") for part in _NEXT_FIELD.split(inner)]
        parts = [(f"{name.strip()}{colon}", text.strip()) for name, colon, text in pairs]
    written = [head + _with_quotes_if_needed(text) for head, text in parts]
    is_changed = written != [head + text for head, text in parts]
    return f"{value[0]}{', '.join(written)}{']' if value[0] == '[' else '}'}" if is_changed else None


def _with_quotes_if_needed(part: str) -> str:
    if IN_MARKS.fullmatch(part):
        return part
    if part[:1] in ("'", '"'):
        return in_full(_unwrapped(part))
    return in_full(part) if _NEEDS_QUOTES.search(part) else part


def _why_with_quotes(value: str) -> str:
    """Why a part of a list or of fields has to stand in quotation marks."""
    if _APOSTROPHE.search(value):
        return "an apostrophe ends the value early"
    return f"{_PAIRS[value[0]]}, {_reason(value)} must stand in quotation marks"


def _reason(value: str) -> str:
    """What of a list or of fields has to stand in quotation marks."""
    if odd := re.search(r"[\[,] ?([@`%&*!|>?])", value):
        return f"a value that begins with {odd[1]}"
    return "a value with a quotation mark inside" if re.search("[\"']", value) else "a value with a colon"


def _unwrapped(value: str) -> str:
    """The text that an editor meant by a value in quotation marks.

    In `"He said "no" today"` the outer marks belong to YAML. In `"A" and "B"` all of them belong to the text.
    """
    mark = value[0]
    second = value.find(mark, 1)
    is_closing = second > 0 and not value[second - 1].isspace() and (value[second + 1 : second + 2] or "x").isspace()
    inner = value if is_closing or value[-1] != mark else value[1:-1]
    return inner.replace('\\"', '"') if mark == '"' else inner.replace("''", "'")
