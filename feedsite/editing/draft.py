"""The text of an entry file, changed in place: the fields that are set change, and not one character of all others.

Pure: it reads and writes no file. Whether a change means what it should is verified when it is saved (save.py).
"""

import re
from codecs import BOM_UTF8
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from ..edits import Edit, applied
from ..parsing import quoting
from ..parsing.spans import Field, Value, spans
from .written import Item, field_lines, in_brackets, inline, item_lines

_LINE_END = re.compile("\r\n|\r|\n")
_COMMENT = re.compile(r"#[^\r\n]*")
_PLAIN_IN_BRACKETS = re.compile(r"[^\[\]{},#\r\n:]+")


@dataclass(frozen=True, slots=True)
class Draft:
    """A text that composer.parse reads without a fault. A new field stands behind the last one before it in `order`.

    `mark` are the bytes before the text that tell its encoding, or none.
    """

    text: str
    order: tuple[str, ...]
    mark: bytes = b""

    @classmethod
    def of(cls, content: bytes, order: Iterable[str]) -> "Draft":
        """The bytes of a sound file. `order` are the names of all fields."""
        mark = BOM_UTF8 if content.startswith(BOM_UTF8) else b""
        return cls(content[len(mark) :].decode(), tuple(order), mark)

    @property
    def content(self) -> bytes:
        return self.mark + self.text.encode()

    @property
    def fields(self) -> dict[str, Field]:
        return spans(self.text).fields

    def set(self, name: str, value: Item | Sequence[Item]) -> "Draft":
        """The text with this value of the field, whatever it has now."""
        root = spans(self.text)
        if field := root.fields.get(name):
            return self._with(self._replaced(field, inline(value, is_in_braces=root.style == "{")))
        return self._with(self._placed(root, name, value))

    def append(self, name: str, item: Item) -> "Draft":
        """The text with one more item in a list. A value that stands there alone becomes its first item."""
        field = self.fields.get(name)
        if field is None or field.value.is_empty:
            return self.set(name, [item])
        found = field.value
        if found.style == "-":
            return self._with(self._below(field, item))
        if found.style == "[":
            return self._with(_within(found, item))
        if found.style == ":":
            return self._with(self._as_item(found)).append(name, item)
        return self._with(self._replaced(field, f"[{self._in_brackets(found)}, {in_brackets(item)}]"))

    def remove(self, name: str) -> "Draft":
        """The text without the field. A comment behind it stays, on a line of its own."""
        root = spans(self.text)
        if (field := root.fields.get(name)) is None:
            return self
        return self._with(*(self._without_part(root, field) if root.style == "{" else [self._without_lines(field)]))

    def edited(self, edits: Iterable[Edit]) -> "Draft":
        """The text with these edits."""
        return self._with(*edits)

    def _with(self, *edits: Edit) -> "Draft":
        return replace(self, text=applied(self.text, edits))

    def _replaced(self, field: Field, new: str) -> Edit:
        found = field.value
        if found.is_left_out:
            has_colon = ":" in self.text[field.name_end : found.begin]
            return Edit(found.begin, found.begin, f" {new}") if has_colon else Edit(field.end, field.end, f": {new}")
        if found.style in ("-", ":"):
            colon = self.text.index(":", field.name_end) + 1
            return Edit(colon, found.end, f" {new}")
        block = self.text[found.begin : found.end].rstrip() if found.style in ("|", ">") else ""
        return Edit(found.begin, found.begin + len(block) if block else found.end, new)

    def _placed(self, root: Value, name: str, value: Item | Sequence[Item]) -> Edit:
        """A field that the text does not have yet."""
        before = self._before(root, name)
        if root.style == "{":
            part = f"{name}: {inline(value, is_in_braces=True)}"
            place = before.end if before else root.begin + 1
            return Edit(place, place, f", {part}" if before else f"{part}, ")
        lines = field_lines(name, value)
        margin = self._margin(root.begin)
        if before is None:
            return Edit(root.begin, root.begin, "".join(f"{line}{self._newline}{margin}" for line in lines))
        return self._lines_behind(before, margin, lines)

    def _before(self, root: Value, name: str) -> Field | None:
        """The field behind which a new one is put; None where it becomes the first one."""
        rank = {known: number for number, known in enumerate(self.order)}
        mine = rank.get(name, len(rank))
        before = [field for field in root.fields.values() if rank.get(field.name, len(rank)) < mine]
        return max(before, key=lambda field: rank[field.name], default=None)

    def _lines_behind(self, field: Field, margin: str, lines: Iterable[str]) -> Edit:
        """New lines below those of a field."""
        end = self._end(field)
        if end and self.text[end - 1] not in "\r\n":  # the file ends within its last line
            return Edit(end, end, "".join(f"{self._newline}{margin}{line}" for line in lines))
        return Edit(end, end, "".join(f"{margin}{line}{self._newline}" for line in lines))

    def _below(self, field: Field, item: Item) -> Edit:
        """A new item below the last one of a list, as far indented; on lines of its own where that one is."""
        last = field.value.parts[-1]
        lines = item_lines(item) if isinstance(last, Value) and last.style == ":" else [f"- {in_brackets(item)}"]
        return self._lines_behind(field, self._margin(field.value.begin), lines)

    def _as_item(self, found: Value) -> Edit:
        """Fields on lines of their own as the only item of a list."""
        begin = self._line_begin(found.begin)
        margin = self.text[begin : found.begin]
        lines = self.text[found.begin : found.end].splitlines(keepends=True)
        rest = (f"  {line}" if line.strip() else line for line in lines[1:])
        return Edit(begin, found.end, "".join([margin, "- ", lines[0], *rest]))

    def _in_brackets(self, found: Value) -> str:
        """A value that stands alone, as the item of a list in brackets."""
        written = self.text[found.begin : found.end]
        if found.style in ('"', "'", "{") or (not found.style and _PLAIN_IN_BRACKETS.fullmatch(written)):
            return written
        return quoting.quoted(found.text.strip())

    def _without_lines(self, field: Field) -> Edit:
        begin, end = self._line_begin(field.begin), self._end(field)
        beside = self.text[field.name_end : field.value.begin], self.text[field.value.end : end]
        comments = _COMMENT.findall("".join(beside))
        margin = self.text[begin : field.begin]
        return Edit(begin, end, "".join(f"{margin}{comment}{self._newline}" for comment in comments))

    def _without_part(self, root: Value, field: Field) -> list[Edit]:
        """Of fields between braces one is taken out, with the comma behind it, or else with the one before it."""
        parts = [part for part in root.parts if isinstance(part, Field)]
        number = parts.index(field)
        if comma := self._comma(field.end, parts[number + 1].begin if number + 1 < len(parts) else root.end):
            begin, end = field.begin, comma.end
        elif number and (comma := self._comma(parts[number - 1].end, field.begin)):
            begin, end = comma.begin, field.end
        else:
            begin, end = field.begin, field.end
        if self.text[begin:end].replace(self.text[field.begin : field.end], "", 1).strip(", \t"):
            return [Edit(field.begin, field.end, ""), *([comma] if comma else [])]  # a comment, or a line end, stays
        line = self._line_begin(begin), self._line_end(end)
        is_alone = not (self.text[line[0] : begin] + self.text[end : line[1]]).strip()
        return [Edit(*line, "") if is_alone else Edit(begin, end + _blanks(self.text, end), "")]

    def _comma(self, begin: int, end: int) -> Edit | None:
        """Takes out the comma between two fields; None where there is none."""
        between = _COMMENT.sub(lambda comment: " " * len(comment[0]), self.text[begin:end])
        comma = begin + between.find(",")
        return Edit(comma, comma + 1, "") if "," in between else None

    def _end(self, field: Field) -> int:
        """Behind the last line of a field; comments below it that are indented more than its name belong to it."""
        end = self._line_end(field.end)
        deeper = re.compile(f"{self._margin(field.begin)}[ ]+#")
        while comment := deeper.match(self.text, end):
            end = self._line_end(comment.end())
        return end

    def _margin(self, place: int) -> str:
        return " " * (place - self._line_begin(place))

    def _line_begin(self, place: int) -> int:
        return max(self.text.rfind("\n", 0, place), self.text.rfind("\r", 0, place)) + 1

    def _line_end(self, place: int) -> int:
        """Behind the end of the line on which something ends that ends at `place`."""
        if place and self.text[place - 1] in "\r\n":
            return place
        found = _LINE_END.search(self.text, place)
        return found.end() if found else len(self.text)

    @property
    def _newline(self) -> str:
        found = _LINE_END.search(self.text)
        return found[0] if found else "\n"


def _within(found: Value, item: Item) -> Edit:
    """A new item before the bracket that closes a list."""
    if not found.parts:
        return Edit(found.end - 1, found.end - 1, in_brackets(item))
    return Edit(found.parts[-1].end, found.parts[-1].end, f", {in_brackets(item)}")


def _blanks(text: str, place: int) -> int:
    """How many spaces stand at this place."""
    return len(text[place:]) - len(text[place:].lstrip(" "))
