"""Files of other kinds under an article's name: what they are, by their first bytes, and what to do with them."""

import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, BOM_UTF32_BE, BOM_UTF32_LE
from typing import NamedTuple

from ..codes import Code
from .problems import Problem

_MARKS = (BOM_UTF32_LE, BOM_UTF32_BE, BOM_UTF16_LE, BOM_UTF16_BE)
_HEAD = 4096  # bytes by which a kind is told
_COPY = "copy its text into the `body` of an article, which `feedsite new` begins"
_AS_PLAIN_TEXT = "save it as plain text, with the encoding UTF-8"
_TO_IMAGES = "put it into images/, and name it in an article: `image: {src: images/name.png, alt: what it shows}`"
_TO_AUDIO = "put it into audio/, and name it in an article: `enclosures: [{url: audio/name.mp3}]`"
_ONE_BY_ONE = "write each article as a file of its own; `feedsite new` begins one"
_DELETE = "delete it here"


class _Kind(NamedTuple):
    """How a file begins, and the message: this is `words`; `advice`. `is_text`: it is a text, of another kind."""

    begins: bytes  # a pattern
    words: str
    advice: str
    is_text: bool = False


# The first one of which the beginning matches. White space, and a mark of the encoding, may stand before a text.
_KINDS = (
    _Kind(rb"\{\\rtf", "rich text (RTF)", _AS_PLAIN_TEXT),
    _Kind(rb"%PDF-", "a PDF", _COPY),
    _Kind(rb"PK\x03\x04.*?word/", "a Word document (DOCX)", _COPY),
    _Kind(rb"PK\x03\x04.*?opendocument\.text", "a document of LibreOffice (ODT)", _COPY),
    _Kind(rb"PK\x03\x04.*?(?:xl/|opendocument\.spreadsheet)", "a spreadsheet", _ONE_BY_ONE),
    _Kind(rb"PK\x03\x04.*?Index/Document\.iwa", "a document of Pages", _COPY),
    _Kind(rb"PK\x03\x04.*?epub", "an e-book (EPUB)", _COPY),
    _Kind(rb"PK\x03\x04|\x1f\x8b|7z\xbc\xaf|Rar!", "a packed file", "unpack it"),
    _Kind(rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a document of an older Office program (DOC, XLS)", _COPY),
    _Kind(
        rb"\x89PNG|\xff\xd8\xff|GIF8|RIFF....WEBP|II\*\0|MM\0\*|BM....\0|....ftyp(?:avi|hei|mif)",
        "a picture",
        _TO_IMAGES,
    ),
    _Kind(rb"ID3[\2-\4]|\xff[\xf2-\xfb]|OggS|fLaC|RIFF....WAVE|....ftyp", "a recording", _TO_AUDIO),
    _Kind(rb"\0{64}", "a file of zeros, as an interrupted save leaves it", "take it from a copy, such as that of git"),
    _Kind(rb"bplist00", "a link or a list of macOS (plist)", _DELETE),
    _Kind(
        rb"<(?i:!doctype +plist|\?xml[^<]*<!doctype +plist)", "a link or a list of macOS (plist)", _DELETE, is_text=True
    ),
    _Kind(rb"(?:<[?!][^<]*)*<(?:rss|feed|rdf:RDF)\b", "a feed", _ONE_BY_ONE, is_text=True),
    _Kind(rb"(?:<[?!][^<]*)*<svg\b", "a drawing (SVG)", _TO_IMAGES, is_text=True),
    _Kind(rb"<\?php", "a program (PHP)", _DELETE, is_text=True),
    _Kind(
        rb"<(?i:!doctype|\?xml|!--|/?[a-z][a-z0-9]*[ \t\r\n/>])",
        "HTML or XML",
        "write `title`, `published` and `body: |` as lines, and the text below the last, indented by two spaces",
        is_text=True,
    ),
    _Kind(rb'\{[^{}\[\]]*"version"\s*:\s*"https://jsonfeed\.org/version/', "a JSON Feed", _ONE_BY_ONE, is_text=True),
    _Kind(rb"\[\s*\{", "a list in JSON", _ONE_BY_ONE, is_text=True),
    _Kind(
        rb"(?=[^\r\n:]*\b(?i:title|headline|body|text|content)\b)"
        rb"\"?[\w -]{1,40}\"?(?:[,;\t]\"?[\w -]{1,40}\"?){1,60}[ \t]*[\r\n]",
        "a table (CSV)",
        _ONE_BY_ONE,
        is_text=True,
    ),
    _Kind(
        rb"(?i:(?=(?:[\w-]+: [^\r\n]*\r?\n|[ \t][^\r\n]*\r?\n)*from: [^\r\n]*@)"
        rb"(?:[\w-]+: [^\r\n]*\r?\n|[ \t][^\r\n]*\r?\n)*(?:to|subject|mime-version|received): )",
        "an e-mail",
        _COPY,
        is_text=True,
    ),
    _Kind(
        rb"version https://git-lfs\.github\.com/",
        "a pointer of Git LFS, and the file itself is elsewhere",
        "fetch it: `git lfs pull`",
        is_text=True,
    ),
    _Kind(rb"(?:diff --git |--- a/[^\r\n]*\r?\n\+\+\+ )", "a patch", "apply it: `git apply`", is_text=True),
    _Kind(rb"\[InternetShortcut\]", "a link of Windows", _DELETE, is_text=True),
    _Kind(rb"\\(?:documentclass|begin)\b", "LaTeX", _COPY, is_text=True),
)
# How nearly every article begins: a comment, or a field that no other kind has. The table takes 50 times as long.
_USUAL = re.compile(rb"# ?\w|(?:id|title|published|slug|status|authors|language): ")
_ANY = re.compile(
    b"|".join(b"(" + (rb"(?:\xef\xbb\xbf)?\s*" if kind.is_text else b"") + kind.begins + b")" for kind in _KINDS),
    re.DOTALL,
)


def other_kind(content: bytes) -> Problem | None:
    """The problem of a file that is no text of fields, but of another kind."""
    if _USUAL.match(content):
        return None
    head = content[:_HEAD]
    if coding := _wide_coding(head):
        message = f'this is {coding}, and not UTF-8 text; save the file again with the encoding "UTF-8"'
        code = Code.NOT_UTF8 if head.startswith(_MARKS) else Code.NOT_PLAIN_TEXT
        return Problem(code, 1, 1, f"{message} (in the Save As dialogue of most editors)")
    if not (found := _ANY.match(head)):
        return None
    kind = _KINDS[(found.lastindex or 1) - 1]
    code = Code.NO_FIELDS if kind.is_text else Code.NOT_PLAIN_TEXT
    what = "without the fields of an article" if kind.is_text else "and no plain text"
    return Problem(code, 1, 1, f"this is {kind.words}, {what}; {kind.advice}")


def _wide_coding(head: bytes) -> str:
    """The encoding with two or four bytes for each letter in which a text is; "" for another one."""
    if head.startswith(_MARKS):
        return "UTF-32" if head.startswith(_MARKS[:2]) else "UTF-16, which some editors call Unicode"
    if b"\0" not in head[:200] or head.startswith(BOM_UTF8):
        return ""
    for width, name in ((4, "UTF-32"), (2, "UTF-16, which some editors call Unicode")):
        for first in (0, width - 1):  # where the one byte of an ASCII letter stands
            letters = [head[at : at + width] for at in range(0, len(head) - width + 1, width)][:5]
            if len(letters) == 5 and all(one[first] and one.count(0) == width - 1 for one in letters):
                return name
    return ""
