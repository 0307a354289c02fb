"""Limits of the HTML that is sanitised. Beyond them a parser needs far more time or memory than for any article."""

import re
from collections.abc import Callable
from itertools import islice

_MAX_DEPTH = 500  # elements within one another; a browser's parser and the sanitiser take quadratic time for more
_MAX_WORK = 1_000_000  # the depths at all tags: a parser opens each unclosed <b> again in every later paragraph
_MAX_REFERENCES = 100_000  # the sanitiser's time for each "&" grows with the text before it
_MAX_ATTRIBUTES = 1000  # of one tag: a parser compares each with all before it
_MAX_SIZE = 8 * 1024 * 1024  # characters, before and after sanitising; 1 MB of Markdown has some 2 million
_MAX_ADDRESSES = 20_000  # each is parsed and joined with the article's own
_MAX_VALUES = 4_000_000  # characters of all attributes: an address of one letter may become an absolute one of 700
_SMALL = 20_000  # characters: too few for as many attributes
# Elements whose content is text: no tag begins in it (WHATWG 13.2.5).
_RAW_TEXT = frozenset("iframe noembed noframes noscript plaintext script style textarea title xmp".split())
# Elements that are void, and rows of a table, which end where the next begins: they do not nest by themselves.
_FLAT = frozenset(
    "area base br col colgroup embed hr img input link meta param source tbody tfoot thead tr track wbr".split()
)
_STRANGE = ("svg", "math", "template", "select")  # in these, parsers read _RAW_TEXT and _FLAT in other ways
# A start tag, and the elements that end there if one of them is the last opened (WHATWG 13.2.6.4.7, 13.2.6.4.15).
_ENDS = {"p": ("p",), "li": ("li",), "td": ("td", "th"), "th": ("td", "th"), "dd": ("dd", "dt"), "dt": ("dd", "dt")}
_ITEMS = ("li", "dd", "dt")
# Elements that a parser opens again, with their attributes, after an element around them ended (WHATWG 13.2.4.3).
_REOPENED = frozenset("a b big code em font i nobr s small strike strong tt u".split())
# A comment, or a tag with its attributes, as HTML's tokenizer reads them (WHATWG 13.2.5). A < in quotes begins none.
_SPACE = r"\t\n\f\r\x20"
_NAMED = rf"""=?[^{_SPACE}/>=]++ (?: [{_SPACE}]*+ = [{_SPACE}]*+
    (?: "[^"]*+(?:"|\Z) | '[^']*+(?:'|\Z) | [^{_SPACE}>"'][^{_SPACE}>]*+ )?+ )?+"""
_ATTRIBUTE = re.compile(_NAMED, re.VERBOSE)
_MARK = re.compile(
    rf"""<!--(?:-?>|.*?(?:--!?>|\Z)) | <[!?][^>]*+ | </(?:>|[^a-zA-Z>][^>]*+)
    | <(?P<end>/?)(?P<name>[a-zA-Z][^{_SPACE}/>]*+) (?P<attributes>(?: [{_SPACE}/]++ | {_NAMED} | = )*+)""",
    re.DOTALL | re.VERBOSE,
)


def check(unsafe: str) -> None:
    """Raises ValueError for HTML beyond the limits, with a reason in an editor's words."""
    check_size(unsafe)
    if unsafe.count("&") > _MAX_REFERENCES:
        raise ValueError(f"it holds more than {_MAX_REFERENCES:,} quotation marks, & and the like")
    if unsafe.count("<") <= _MAX_DEPTH and len(unsafe) <= _SMALL:
        return  # too small to reach any other limit
    opened = _Opened()
    position = 0
    while found := _MARK.search(unsafe, position):
        position = found.end()
        if not found["name"]:
            continue
        name = found["name"].lower() if found["name"].isascii() else found["name"]
        if len(found["attributes"]) > _MAX_ATTRIBUTES and _has_too_many(found["attributes"]):
            raise ValueError(f"an HTML element has more than {_MAX_ATTRIBUTES:,} attributes")
        if found["end"]:
            opened.end(name)
        elif name not in _RAW_TEXT:
            opened.begin(name, len(found["attributes"]))
        else:
            closing = re.compile(rf"</{name}(?=[{_SPACE}/>])", re.IGNORECASE | re.ASCII).search(unsafe, position)
            start, position = position, closing.start() if closing else len(unsafe)
            # A <!-- in a script may hide its end tag (WHATWG 13.2.5.20).
            is_doubtful = opened.are_strange or (name == "script" and unsafe.find("<!--", start, position) >= 0)
            opened.begin_raw(unsafe.count("<", start, position) if is_doubtful else 0)
        if opened.are_too_many:
            raise ValueError(
                "too many quotations, lists or HTML elements stand within one another; "
                "is a > or a <div> repeated by mistake?"
            )


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
        self._ruby = -1  # the place of a <ruby> that holds only text, <rt> and <rp>: their end tags may be left out

    @property
    def are_strange(self) -> bool:
        return any(name in self._names for name in _STRANGE)

    @property
    def are_too_many(self) -> bool:
        return len(self._names) > _MAX_DEPTH or self._depths > _MAX_WORK or self._written > _MAX_VALUES

    def begin(self, name: str, length: int) -> None:
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

    def begin_raw(self, doubtful: int) -> None:
        """An element of _RAW_TEXT. So many tags in it may be tags, or text."""
        self._ruby = -1
        self._names += ["<"] * doubtful  # no end tag has this name
        self._lengths += [0] * doubtful

    def end(self, name: str) -> None:
        if name == "ruby" and self._ruby >= 0:
            self._end_from(self._ruby)
        elif self._names and self._names[-1] == name:
            self._end_from(len(self._names) - 1)
        else:
            self._count()
        if name not in ("rt", "rp"):
            self._ruby = -1

    def _count(self) -> None:
        self._depths += len(self._names)
        self._written += self._length

    def _end_from(self, place: int) -> None:
        self._length -= sum(self._lengths[place:])
        del self._names[place:], self._lengths[place:]


def _has_too_many(attributes: str) -> bool:
    found = _ATTRIBUTE.finditer(attributes)
    return next(islice(found, _MAX_ATTRIBUTES, None), None) is not None
