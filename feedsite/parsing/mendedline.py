"""A faulty line of YAML as it should have been written, judged by the line alone."""

import re
from typing import NamedTuple

from ..codes import Code
from .problems import Change, Problem
from .quoting import brief, is_in_typographic_marks, quoted, without_marks

LONG_TEXTS = ("body", "summary")
LINES = (*LONG_TEXTS, "title", "alt", "caption", "credit", "note", "reason", "rights", "description", "name")
FIELD = re.compile(r"^(?P<lead>[ ]*(?:- +)?)(?P<name>[\w-]+):[ \t]+(?P<value>\S.*)$")
BLOCK = re.compile(r"^[ ]*(?P<name>[\w-]+):[ \t]*[|>][-+0-9]*[ \t]*$")
ITEM = re.compile(r"^(?P<lead>[ ]*)(?P<name>-)[ \t]+(?P<value>\S.*)$")
_LONGEST = 1000  # letters of a list or of fields that are written out
IN_MARKS = re.compile(r"""\"(?:[^"\\]|\\.)*+\"|'(?:[^']|'')*+'""")
_IN_MARKS_ALONE = re.compile(rf"(?:{IN_MARKS.pattern})(?:[ \t]+#.*)?")
_ITEMS = re.compile(rf"(?:{IN_MARKS.pattern}|[^,])++")
_NEEDS_QUOTES = re.compile(r"^[@`%&*!|>#?]|,| #|: |:$")  # a part of a list, or a value between braces
_NEXT_FIELD = re.compile(r",\s*+(?=[A-Za-z][\w-]*:(?:\s|$))")  # between braces: the comma before a field
_HASH = re.compile(r"(?<=[\[{,\s])#")
_APOSTROPHE = re.compile(r"(?:[\[{,]|:[ \t])[ \t]*+'[^']*\w'\w")  # within a value in such marks
_ANOTHER_FIELD = re.compile(  # two fields on one line
    r"\s(?P<field>(?:id|title|published|updated|authors|contributors|section|tags|summary|image|enclosures|link|language|rights"
    r"|slug|status|pin|corrections|withdrawn|aliases|body|description|base_url|timezone|publisher):)(?:\s|$)"
)
# The same without a space before it, or a field that spaces indented.
_MAYBE_A_FIELD = re.compile(
    r"(?:published|updated|authors|section|tags|summary|image|enclosures|language|rights|slug|status|corrections"
    r"|withdrawn|aliases|body|description):(?:\s|$)|\s\s[a-z][\w-]*:(?:\s|$)|[,\s][a-z][\w-]* :"
)
_LETTER_BEHIND = re.compile(r"""("[^"]*"|'[^']*')\S{1,2}""")  # behind the mark that closes a value
_OPENING = {"]": "[", "}": "{"}
_COMMENT = re.compile(r"\s#(?:\s|$)")
_RECORDS = re.compile(r"\[\s*+(?:\{[^\[\]{}]*+\}\s*+,?\s*+)++\]")  # a list of fields between braces
_RECORD = re.compile(r"\{[^\[\]{}]*+\}")
_LISTS = re.compile(r"(?:\[[^\[\]]*\][ ,]*){2,}(?<=\])")  # beside each other
_PAIRS = {"[": "in a list", "{": "between braces"}


class Slip(NamedTuple):
    """What is wrong with a line, from `column` to `stop`. What should stand there from `begin` on is `text`; None where
    that is not certain. Columns count from 0.
    """

    code: Code
    message: str
    column: int
    stop: int
    begin: int = 0
    text: str | None = None
    is_whole: bool = False  # all of the value is wrong, wherever in it the parser stopped

    def at(self, line: str, number: int, column: int | None = None) -> Problem:
        """The problem of a line, whose number counts from 0; at another column than its own, if one is given."""
        end = len(line.rstrip()) + 1
        mend = () if self.text is None else (Change(number + 1, self.begin + 1, end, self.text),)
        if column is None or self.is_whole:
            return Problem(self.code, number + 1, self.column + 1, self.message, self.stop + 1, mend)
        stop = column + 1 if line[column : column + 1] == ":" else max(self.stop, column + 1)
        return Problem(self.code, number + 1, column + 1, self.message, stop + 1, mend)


def mended(line: str) -> Slip | None:
    """What is wrong with a line whose value means something else in YAML. None where the value is harmless."""
    found = FIELD.match(line) or ITEM.match(line)
    if not found or BLOCK.match(line) or _IN_MARKS_ALONE.fullmatch(found["value"].rstrip()):
        return None
    value = found["value"].rstrip()
    if not (meant := _meant(found["name"], value)):
        return None
    code, why, written = meant
    return slip(code, why, line, found, written) if written != value else None


def slip(code: Code, why: str, line: str, found: re.Match[str], written: str | None, say: str = "; write ") -> Slip:
    """A line, `found` as a field or an item, whose value should be `written`; the message and the mend say the same."""
    column, stop, value = found.start("value"), len(line.rstrip()), found["value"].rstrip()
    if another := _ANOTHER_FIELD.search(value):
        begin = column + another.start("field")
        message = f"a second field stands on this line; begin a line of its own with `{another['field']}`"
        return Slip(Code.TWO_FIELDS, message, begin, begin + len(another["field"]), is_whole=True)
    if written is None:
        return Slip(code, why, column, stop)
    name = found["name"]
    begin, field = found.start("name"), "- " if name == "-" else f"{name}: "
    shown = "- " if name == "-" else f"{brief(name)}: "
    is_sure = not is_doubtful(value, has_lost_mark=code is Code.UNCLOSED_MARK)
    if written == quoted(value):
        is_sure &= name in LINES or value[0] not in "*&![{"
        is_sure &= value[0] not in ",]}" and not value.startswith("!!")
    text = f"{field}{written}" if is_sure else None
    is_quoted = written == quoted(value) and code is not Code.COLON_IN_VALUE
    is_whole = is_quoted or code is Code.TYPOGRAPHIC_MARKS
    message = f"{why}{say}{shown}{brief(written)}".rstrip()
    return Slip(code, message, column, stop, begin, text and text.rstrip(), is_whole)


def is_doubtful(value: str, *, has_lost_mark: bool = False) -> bool:
    """Whether a value may not be one text: it holds a comment, another field, or a sign of which the other is missing.

    `has_lost_mark`: that one quotation mark is missing is known.
    """
    has_comment = value[:1] not in ("'", '"') and _COMMENT.search(value)
    has_odd_mark = value.count('"') % 2 and not has_lost_mark
    has_odd_bracket = value[-1:] in ("]", "}") and value.count(_OPENING[value[-1]]) < value.count(value[-1])
    is_odd = has_odd_mark or has_odd_bracket or _LETTER_BEHIND.fullmatch(value)
    return bool(has_comment or is_odd or _MAYBE_A_FIELD.search(value))


_Meant = tuple[Code, str, str | None] | None  # the cause, why it is wrong, the value as it should be written


def _meant(name: str, value: str) -> _Meant:
    """What is wrong with a value; None where nothing is."""
    return next((meant for cause in _CAUSES if (meant := cause(name, value))), None)


def as_meant(name: str, value: str) -> str:
    """A value that nothing of YAML's stands in the way of, in quotation marks where it needs some."""
    meant = None if not value or IN_MARKS.fullmatch(value) else _meant(name, value)
    return meant[2] or value if meant else value


def _typographic(_: str, value: str) -> _Meant:
    if not is_in_typographic_marks(value):
        return None
    why = "only straight quotation marks are some to YAML"
    return Code.TYPOGRAPHIC_MARKS, why, quoted(without_marks(value))


def _mark_within(_: str, value: str) -> _Meant:
    if value[0] not in "\"'":
        return None
    return Code.MARK_IN_VALUE, "a quotation mark inside the value ends it early", quoted(_unwrapped(value))


def _in_brackets(name: str, value: str) -> _Meant:
    if value[0] not in "[{":
        return None
    must = f"a value that begins with {value[0]} must stand in quotation marks"
    if name in LINES:  # no list and no fields can stand there
        return Code.SIGN_BEFORE_VALUE, must, quoted(value)
    if whole := with_quotes(value):
        return *_why_with_quotes(value), whole
    if doubled := re.search(r"[\[,] *,", value) if value[0] == "[" else None:
        fewer = re.sub(r"(?<=\[) *, *| *,(?= *,)", "", value)
        return Code.COMMA_TOO_MANY, f"there is a comma too many at `{brief(doubled[0])}`", fewer
    if _LISTS.fullmatch(value):
        whole = re.sub(r"\][ ,]*\[", ", ", value)
        return Code.LIST_WANTED, "several lists stand on this line, where one is wanted", whole
    if value[-1] in "]}":
        return None
    if value[0] == "[" and "]" not in value:
        return Code.UNCLOSED_BRACKET, "the list is not closed", f"{value}]"
    return Code.SIGN_BEFORE_VALUE, must, quoted(value)


def _beside_bar(name: str, value: str) -> _Meant:
    if value[0] not in "|>" or name not in LONG_TEXTS:
        return None
    why = f"begin the text on the line below `{name}: {value[0]}`, each of its lines indented by two spaces"
    return Code.TEXT_BESIDE_BAR, why, None


def _sign_before(_: str, value: str) -> _Meant:
    if value[0] not in "@`%&*!,]}#|>?" and value != "-" and not value.startswith("- "):
        return None
    return Code.SIGN_BEFORE_VALUE, f"a value that begins with {value[0]} must stand in quotation marks", quoted(value)


def _colon_within(_: str, value: str) -> _Meant:
    if ": " not in value and not value.endswith(":"):
        return None
    return Code.COLON_IN_VALUE, "a value that holds a colon must stand in quotation marks", quoted(value)


def _sign_in_list(_: str, value: str) -> _Meant:
    if not (odd := re.search(r"[@`%&*!]", value) if value[0] in "[{" else None):
        return None
    why = f"in a list, a value that begins with {odd[0]} must stand in quotation marks"
    return Code.SIGN_BEFORE_VALUE, why, None


_CAUSES = (_typographic, _mark_within, _in_brackets, _beside_bar, _sign_before, _colon_within, _sign_in_list)


def hash_in_brackets(line: str) -> Slip | None:
    """A # that makes a comment of the rest of a list."""
    found = FIELD.match(line) or ITEM.match(line)
    if not found or found["value"][0] not in "[{" or not (sign := _HASH.search(found["value"])):
        return None
    name, value = found["name"], found["value"].rstrip()
    before = value[: sign.start()]
    is_open = sum(before.count(opened) - before.count(closed) for opened, closed in ("[]", "{}")) > 0
    whole = quoted(value) if name in LINES else with_quotes(value)
    if '"' in before or "'" in before or not is_open or not whole:
        return None
    why = f"{_PAIRS[value[0]]}, a value with # must stand in quotation marks, for # begins a comment"
    wrong = slip(Code.HASH_IN_VALUE, why, line, found, whole)
    return wrong._replace(column=found.start("value") + sign.start())


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
        return quoted(_unwrapped(part))
    return quoted(part) if _NEEDS_QUOTES.search(part) else part


def _why_with_quotes(value: str) -> tuple[Code, str]:
    """Why a part of a list or of fields has to stand in quotation marks."""
    if _APOSTROPHE.search(value):
        return Code.MARK_IN_VALUE, "an apostrophe ends the value early"
    code, what = _reason(value)
    return code, f"{_PAIRS[value[0]]}, {what} must stand in quotation marks"


def _reason(value: str) -> tuple[Code, str]:
    """What of a list or of fields has to stand in quotation marks."""
    if odd := re.search(r"[\[,] ?([@`%&*!|>?])", value):
        return Code.SIGN_BEFORE_VALUE, f"a value that begins with {odd[1]}"
    if re.search("[\"']", value):
        return Code.MARK_IN_VALUE, "a value with a quotation mark inside"
    return Code.COLON_IN_VALUE, "a value with a colon"


def _unwrapped(value: str) -> str:
    """The text that an editor meant by a value in quotation marks.

    In `"He said "no" today"` the outer marks belong to YAML. In `"A" and "B"` all of them belong to the text.
    """
    mark = value[0]
    second = value.find(mark, 1)
    is_closing = second > 0 and not value[second - 1].isspace() and (value[second + 1 : second + 2] or "x").isspace()
    inner = value if is_closing or value[-1] != mark else value[1:-1]
    return inner.replace('\\"', '"') if mark == '"' else inner.replace("''", "'")
