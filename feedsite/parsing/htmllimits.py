"""Limits of the HTML that is sanitised. Beyond them a parser needs far more time or memory than for any article."""

import re
from collections.abc import Callable
from itertools import islice

_MAX_DEPTH = 500  # elements within one another; a browser's parser and the sanitiser take quadratic time for more
_MAX_WORK = 1_000_000  # depth times tags: a parser opens each unclosed <b> again in every later paragraph
_MAX_REFERENCES = 100_000  # the sanitiser's time for each "&" grows with the text before it
_MAX_ATTRIBUTES = 1000  # of one tag: a parser compares each with all before it
_MAX_SIZE = 8 * 1024 * 1024  # characters, before and after sanitising; 1 MB of Markdown has some 2 million
_MAX_ADDRESSES = 20_000  # each is parsed and joined with the article's own
_MAX_VALUES = 4_000_000  # characters of all attributes: an address of one letter may become an absolute one of 700
_SMALL = 20_000  # characters: too few for as many attributes
# Elements whose content is text: no tag begins in it (WHATWG 13.2.5).
_RAW_TEXT = frozenset("iframe noembed noframes plaintext script style textarea title xmp".split())
# Elements that are void, or that end where the next of their kind begins: they do not nest by themselves.
_FLAT = frozenset("br col dd dt hr img input li p source td th tr track wbr".split())
# A comment, or a tag with its attributes, as HTML's tokenizer reads them (WHATWG 13.2.5). A < in quotes begins none.
_NAMED = r"""=?[^\s/>=]++ (?: \s*+ = \s*+ (?: "[^"]*+(?:"|\Z) | '[^']*+(?:'|\Z) | [^\s>"'][^\s>]*+ )?+ )?+"""
_ATTRIBUTE = re.compile(_NAMED, re.VERBOSE)
_MARK = re.compile(
    rf"""<!--(?:-?>|.*?(?:--!?>|\Z)) | <[!?][^>]*+ | </[^a-zA-Z][^>]*+
    | <(?P<end>/?)(?P<name>[a-zA-Z][^\s/>]*+) (?P<attributes>(?: [\s/]++ | {_NAMED} | = )*+)""",
    re.DOTALL | re.VERBOSE,
)


def check(unsafe: str) -> None:
    """Raises ValueError for HTML beyond the limits, with a reason in an editor's words."""
    check_size(unsafe)
    if unsafe.count("&") > _MAX_REFERENCES:
        raise ValueError(f"it holds more than {_MAX_REFERENCES:,} quotation marks, & and the like")
    if unsafe.count("<") <= _MAX_DEPTH and len(unsafe) <= _SMALL:
        return  # too small to reach any other limit
    opened: list[str] = []
    tags = deepest = position = 0
    while found := _MARK.search(unsafe, position):
        position = found.end()
        if not found["name"]:
            continue
        name = found["name"].lower()
        tags += 1
        if len(found["attributes"]) > _MAX_ATTRIBUTES and _has_too_many(found["attributes"]):
            raise ValueError(f"an HTML element has more than {_MAX_ATTRIBUTES:,} attributes")
        if not found["end"] and name in _RAW_TEXT:
            closing = re.compile(f"</{name}", re.IGNORECASE).search(unsafe, position)
            position = closing.start() if closing else len(unsafe)
        elif not found["end"] and name not in _FLAT:
            opened.append(name)
            deepest = max(deepest, len(opened))
        elif found["end"] and name in opened:
            while opened.pop() != name:
                pass
        if deepest > _MAX_DEPTH or deepest * tags > _MAX_WORK:
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


def _has_too_many(attributes: str) -> bool:
    found = _ATTRIBUTE.finditer(attributes)
    return next(islice(found, _MAX_ATTRIBUTES, None), None) is not None
