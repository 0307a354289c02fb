"""Limits of the HTML that is sanitised. Beyond them a parser needs far more time or memory than for any article."""

import re
from collections.abc import Callable
from itertools import islice

from .tags import ATTRIBUTE, MARK, RAW_TEXT, end_of_raw_text, lowered

_MAX_DEPTH = 500  # elements within one another; a browser's parser and the sanitiser take quadratic time for more
_MAX_WORK = 1_000_000  # the depths at all tags: a parser opens each unclosed <b> again in every later paragraph
_MAX_REFERENCES = 100_000  # the sanitiser's time for each "&" grows with the text before it
_MAX_ATTRIBUTES = 1000  # of one tag: a parser compares each with all before it
_MAX_SIZE = 8 * 1024 * 1024  # characters, before and after sanitising; 1 MB of Markdown has some 2 million
_MAX_MOVES = 3_000_000_000  # a parser looks through all elements beside a table for each one that it moves out of it
_MAX_ADDRESSES = 20_000  # each is parsed and joined with the article's own
_MAX_VALUES = 4_000_000  # characters of all attributes: an address of one letter may become an absolute one of 700
_SMALL = 20_000  # characters: too few for as many attributes
# Elements that are void, and rows of a table, which end where the next begins: they do not nest by themselves.
_FLAT = frozenset(
    "area base br col colgroup embed hr img input link meta param source tbody tfoot thead tr track wbr".split()
)
_STRANGE = ("svg", "math", "template", "select")  # in these, parsers read RAW_TEXT and _FLAT in other ways
# A start tag, and the elements that end there if one of them is the last opened (WHATWG 13.2.6.4.7, 13.2.6.4.15).
_ENDS = {"p": ("p",), "li": ("li",), "td": ("td", "th"), "th": ("td", "th"), "dd": ("dd", "dt"), "dt": ("dd", "dt")}
_ITEMS = ("li", "dd", "dt")
# Elements that a table may hold. A parser moves any other one, and any text, out in front of it (WHATWG 13.2.6.4.9).
_OF_TABLES = frozenset("caption col colgroup table tbody td tfoot th thead tr".split())
_CELLS = ("td", "th", "caption")
# Elements that a parser opens again, with their attributes, after an element around them ended (WHATWG 13.2.4.3).
_REOPENED = frozenset("a b big code em font i nobr s small strike strong tt u".split())
_SCRIPT = re.compile("<script", re.IGNORECASE | re.ASCII)


def check(unsafe: str) -> None:
    """Raises ValueError for HTML beyond the limits, with a reason in an editor's words."""
    check_size(unsafe)
    if unsafe.count("&") > _MAX_REFERENCES:
        raise ValueError(f"it holds more than {_MAX_REFERENCES:,} quotation marks, & and the like")
    if unsafe.count("<") <= _MAX_DEPTH and len(unsafe) <= _SMALL:
        return  # too small to reach any other limit
    opened = _Opened()
    merged = 0  # attributes of all <html> and <body>: a parser gives them to one element
    position = 0
    while found := MARK.search(unsafe, position):
        if unsafe[position : found.start()].strip("\t\n\f\r "):
            opened.add_text()
        position = found.end()
        if not found["name"]:
            continue
        name = lowered(found["name"])
        attributes = found["attributes"]
        if name in ("html", "body"):
            merged += _number_of(attributes)
        if merged > _MAX_ATTRIBUTES or (len(attributes) > _MAX_ATTRIBUTES and _number_of(attributes) > _MAX_ATTRIBUTES):
            raise ValueError(f"an HTML element has more than {_MAX_ATTRIBUTES:,} attributes")
        if found["end"]:
            opened.end(name)
        elif name not in RAW_TEXT:
            opened.begin(name, len(attributes))
        else:
            position = _end_of_raw_text(unsafe, position, name, is_certain=not opened.are_strange)
            opened.begin_raw_text()
        opened.check()


def _end_of_raw_text(unsafe: str, start: int, name: str, *, is_certain: bool) -> int:
    """Where the content of an element of RAW_TEXT ends. Raises ValueError where parsers may find its end elsewhere.

    In a <svg> and the like its content may be tags, and not text. Without a < it is text in any case.
    """
    end = end_of_raw_text(unsafe, start, name)
    # A <script in a <!-- in a script hides the end tag (WHATWG 13.2.5.27).
    is_hidden = name == "script" and unsafe.find("<!--", start, end) >= 0 and _SCRIPT.search(unsafe, start, end)
    if (is_hidden or not is_certain) and unsafe.find("<", start, end) >= 0:
        raise ValueError(
            f"an HTML element <{name}> holds a < where browsers may end it in different places; "
            "leave the element out, or its <"
        )
    return end


def check_size(text: str) -> None:
    """Raises ValueError for HTML that is too large."""
    if len(text) > _MAX_SIZE:
        raise ValueError(f"as HTML it would have more than {_MAX_SIZE // 1024**2} MB; make several articles of it")


class Attributes:
    """Counts the attributes of one article while it is sanitised. `resolve` makes an address absolute.

    nh3 prints an exception of its attribute filter and goes on. So the filter drops what is beyond the limits, and
    `check` raises when nh3 is done.
    """

    def __init__(self, resolve: Callable[[str], str]) -> None:
        self._resolve = resolve
        self._addresses = 0
        self._characters = 0

    @property
    def are_too_many(self) -> bool:
        return self._addresses > _MAX_ADDRESSES or self._characters > _MAX_VALUES

    def add(self, value: str) -> None:
        self._characters += len(value)

    def resolved(self, reference: str) -> str:
        """The absolute address. Raises ValueError for what is none, and beyond the limits."""
        self._addresses += 1
        self.check()
        address = self._resolve(reference)
        self.add(address)
        return address

    def check(self) -> None:
        """Raises ValueError beyond the limits."""
        if self.are_too_many:
            raise ValueError(
                f"it has more than {_MAX_ADDRESSES:,} links and pictures, or their addresses are too long together; "
                "make several articles of it, or give it a short slug"
            )


class _Opened:
    """The elements that are open at one place: at least those that a parser has open there.

    An end tag ends the last opened element, if it has that name. What a parser does with any other end tag depends on
    everything in between; here nothing ends, so that such an element counts as open until the end of the article.
    """

    def __init__(self) -> None:
        self._names: list[str] = []
        self._lengths: list[int] = []  # characters of the attributes that are written again with each of them
        self._length = 0  # the sum of these
        self._depths = 0  # the sum of the depths at all tags so far
        self._written = 0  # characters of attributes that a parser may have written again so far
        self._marks = 0  # tags so far
        self._moves = 0  # the sum of these at all that a parser may have moved out of a table so far
        self._is_cell = False  # whether a cell is open for certain: what stands in it is not moved
        self._ruby = -1  # the place of a <ruby> that holds only text, <rt> and <rp>: their end tags may be left out

    @property
    def are_strange(self) -> bool:
        return any(name in self._names for name in _STRANGE)

    def check(self) -> None:
        """Raises ValueError beyond the limits."""
        if len(self._names) > _MAX_DEPTH or self._depths > _MAX_WORK or self._written > _MAX_VALUES:
            raise ValueError(
                "too many quotations, lists or HTML elements stand within one another; "
                "is a > or a <div> repeated by mistake?"
            )
        if self._moves > _MAX_MOVES:
            raise ValueError(
                "too much HTML stands in a <table> and in none of its cells; is a </table> missing, or a <td>?"
            )

    def begin(self, name: str, length: int) -> None:
        self._pass_by(name, is_cell=name in _CELLS and not self.are_strange)
        self._count()
        if not self.are_strange:
            if name in _FLAT:
                self._ruby = -1
                return
            last = len(self._names) - 1
            if name in _ITEMS and last > 0 and self._names[last] == "p":
                last -= 1  # it ends with the item around it
            if last >= 0 and self._names[last] in _ENDS.get(name, ()):
                self._end_from(last)
        if name not in ("rt", "rp"):
            self._ruby = len(self._names) if name == "ruby" else -1
        self._names.append(name)
        self._lengths.append(length if name in _REOPENED else 0)
        self._length += self._lengths[-1]

    def begin_raw_text(self) -> None:
        self._pass_by("")
        self._ruby = -1

    def add_text(self) -> None:
        """Letters between two tags."""
        if not self._is_cell and "table" in self._names:
            self._moves += self._marks

    def end(self, name: str) -> None:
        self._pass_by(name)
        if name == "ruby" and self._ruby >= 0:
            self._end_from(self._ruby)
        elif self._names and self._names[-1] == name:
            self._end_from(len(self._names) - 1)
        else:
            self._count()
        if name not in ("rt", "rp"):
            self._ruby = -1

    def _pass_by(self, name: str, *, is_cell: bool = False) -> None:
        self._marks += 1
        if name in _OF_TABLES or name in _STRANGE:
            self._is_cell = is_cell
        else:
            self.add_text()  # what holds for text holds for such an element

    def _count(self) -> None:
        self._depths += len(self._names)
        self._written += self._length

    def _end_from(self, place: int) -> None:
        self._length -= sum(self._lengths[place:])
        del self._names[place:], self._lengths[place:]


def _number_of(attributes: str) -> int:
    """How many these are; of very many, one more than the limit."""
    return sum(1 for _ in islice(ATTRIBUTE.finditer(attributes), _MAX_ATTRIBUTES + 1))
