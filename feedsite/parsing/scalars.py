"""The types of single values: text, numbers, a language, addresses. Entries and site.yaml share them."""

import html
import re

from ..codes import Code
from ..languages import tag_meant, unheard_of
from ..urls import is_web_address, slug_of, to_uri
from .fieldtypes import ASCII_SPACE, LONGEST_NAME, LONGEST_WORD, Context, FieldType, any_text, line_as_typed, one_line
from .madetypes import matching
from .nodes import Node, Scalar, Sequence
from .quoting import brief, in_full, in_list, shown, with_slashes, without_marks

_LONGEST_ID = 500
_LONGEST_ADDRESS = 2000
# A text in JSON Schema: a YAML parser makes a number of `title: 1984`. The types that fit are not named, for a program
# that completes values would offer true and false.
_SCALAR = {"if": {"type": ["array", "null", "object"]}, "then": {"type": ["string"]}}
_TRUTHS = {"true": ("true", "yes", "y", "on", "1"), "false": ("false", "no", "n", "off", "0")}
_PLACE = r'[^\s:?#\\<>"{}|^`]+'
_NAME = rf"(?![.]{{1,2}}(/|$))[^/{_PLACE[2:]}"  # a part of a place
_UNSEEN = "\u200b\u2060\ufeff\xad"  # at the ends of a name they come with a copy, and would make another one of it
_MOST_PIECES = 20
_SIGNS = "<&*["  # with which markup begins: most texts have none, and that is told sooner
# Markup of Markdown and HTML in a text that has none.
_MARKUP = re.compile(
    r"</?(?:b|i|u|em|strong|a|br|p|span|sub|sup|small|q|cite|mark)(?:\s[^<>]{0,500})?/?>"
    r"|(?P<entity>&(?:amp|lt|gt|quot|nbsp|shy|[lr][sd]quo|[bs]dquo|[lr]aquo|[nm]dash|hellip|copy|euro|[a-zA-Z](?:acute|grave|uml|circ"
    r"|tilde|cedil)|#[0-9]{2,6}|#x[0-9a-fA-F]{2,5});)"
    r"|(?<![\w*])\*\*(?P<strong>[^\s*][^*]{0,500}?(?<!\s))\*\*(?![\w*])"
    r"|(?<![\w*])\*(?P<em>[^\W\d_][^*]{0,500}?(?<!\s))\*(?![\w*])"
    r"|\[(?P<link>[^\[\]]{1,300})\]\((?:https?://|/|mailto:)[^()\s]{1,1000}\)",
)
# A comment for editors, not for readers.
_REMARK = re.compile(
    r"(?:todo|fixme|xxx|tb[acd]|tk|nb|wip|note|notes|draft|check|checked|see|was|were|old|ok|done|optional|required|max|min"
    r"|maximum|minimum|e\.g|placeholder|working|provisional|temporary|updated|changed|internal|embargo\w*)\b",
    re.IGNORECASE,
)
_HTTP = r'[Hh][Tt][Tt][Pp][Ss]?://[^\s\\<>"{}|^`]+'


def _line(node: Node, context: Context) -> str:
    note_comment(node, context)
    text = line_as_typed(node, context)
    if any(sign in text for sign in _SIGNS) and (found := _MARKUP.search(text)):
        why = f"readers see `{brief(found[0])}` as it stands, for this is text without markup"
        context.fault(Code.MARKUP_SEEN, node.mark, f"{why}; write {in_full(_plain(text))}")
    return text


def _plain(text: str) -> str:
    """The text without the markup that _MARKUP finds: what readers were meant to see."""
    for _ in range(_MOST_PIECES):
        if not (found := _MARKUP.search(text)):
            break
        words = found["strong"] or found["em"] or found["link"] or (html.unescape(found[0]) if found["entity"] else "")
        text = f"{text[: found.start()]}{words}{text[found.end() :]}"
    return " ".join(text.split(" "))


def note_comment(node: Node, context: Context) -> None:
    """Adds a note where a # behind a text for readers begins a comment that may be a part of it."""
    if not isinstance(node, Scalar) or node.style or not node.comment:
        return
    mark, comment = node.comment
    if (words := comment.strip("# \t")) and not _REMARK.match(words):
        whole = in_full(f"{node.text} {comment}")
        message = (
            f"to YAML this is a comment, and readers do not get {shown(words)}; if they shall, put all in quotation"
            f" marks: {whole}; if not, two spaces before the # tell that it is a comment"
        )
        context.fault(Code.COMMENT_BEHIND, mark, message)


def _short_line(node: Node, context: Context) -> str:
    return line_as_typed(node, context, LONGEST_NAME).strip(_UNSEEN)


def _positive_number(node: Node, context: Context) -> int:
    if (value := WHOLE_NUMBER.check(node, context)) == 0:
        context.refuse(Code.NO_NUMBER, node.mark, "0 is too small; write 1 or more")
    return value


def _truth(node: Node, context: Context) -> bool:
    """true or false, in any capitals, as in YAML 1.2. The other words of YAML 1.1, such as yes, are refused."""
    value = one_line(node, context, LONGEST_WORD)
    word = value.lower()
    if word not in ("true", "false"):
        word = without_marks(word)
        meant = next((truth for truth, words in _TRUTHS.items() if word in words), "")
        message = f"{shown(value)} is neither true nor false; write {meant or 'one of the two'}"
        context.refuse(Code.NO_CHOICE, node.mark, message, meant or None)
    return word == "true"


def _language(node: Node, context: Context) -> str:
    if isinstance(node, Sequence):
        first = next((item for item in node.items if not isinstance(item, Sequence)), None)
        tag = getattr(first, "text", "").strip()
        one = tag if len(tag) <= LONGEST_WORD and re.fullmatch(_TAG, tag) else "en"
        context.refuse(Code.NO_LANGUAGE, node.mark, f"this is one language, not a list of them; write {in_list(one)}")
    tag = _LANGUAGE_TAG.check(node, context)
    if unknown := unheard_of(tag):
        part, meant = unknown
        advice = f"is `{meant}` meant?" if meant else "write one such as en, ja or zh-Hant"
        context.fault(Code.UNHEARD_LANGUAGE, node.mark, f"no language or country has the code {part}; {advice}")
    return tag


def _language_advice(text: str) -> str:
    meant = tag_meant(without_marks(text))
    return f"write {_in_usual_capitals(meant)}" if meant else "write its code, such as en, ja or zh-Hant"


def _in_usual_capitals(tag: str) -> str:
    """RFC 5646 2.1.1: of the later parts of a language tag, two letters are a country, four a script."""
    first, *rest = tag.split("-")
    shaped = [part.upper() if len(part) == 2 else part.title() if len(part) == 4 else part.lower() for part in rest]
    return "-".join([first.lower(), *shaped])


def _web_address(node: Node, context: Context) -> str:
    value = one_line(node, context, _LONGEST_ADDRESS)
    if not is_web_address(value):
        meant = shown(_address_meant(value))[1:-1]
        context.refuse(
            Code.NO_WEB_ADDRESS,
            node.mark,
            f"{shown(value)} is not {WEB_ADDRESS.words}; write it whole, such as {meant}",
        )
    return to_uri(value)


def _address_meant(value: str) -> str:
    """The web address within a text, or the one that lacks its scheme; an example where there is neither."""
    found = re.search(r"https?://[^\s)>\"'“”„«»‘’]+", value)
    if found and is_web_address(found[0]):
        return found[0]
    if ":" not in value and "." in value and is_web_address(f"https://{value}"):
        return f"https://{value}"
    return "https://news.example/page"


def _address(node: Node, context: Context) -> str:
    value = one_line(node, context, _LONGEST_ADDRESS)
    parts = value.lstrip("/").split("/")
    is_place = re.fullmatch(_PLACE, value) and not value.startswith("//") and not {"", ".", ".."} & set(parts)
    if not is_place and not is_web_address(value):
        advice = "write one such as images/towers.jpg or https://news.example/a.jpg"
        meant = with_slashes(without_marks(value))
        if " " in meant:
            advice = f"it has spaces; give the file a name without, such as {shown(meant.replace(' ', '-'))[1:-1]}"
        elif meant != value:
            advice = f"write {shown(meant)[1:-1]}"
        context.refuse(Code.NO_ADDRESS, node.mark, f"{shown(value)} is no address; {advice}")
    return value


def _entry_id(node: Node, context: Context) -> str:
    """An id exactly as it is written: subscribers may know the article by one of any older feed."""
    value = any_text(node, context).strip(ASCII_SPACE)
    if len(value) > _LONGEST_ID:
        context.refuse(
            Code.TOO_LONG,
            node.mark,
            f"{shown(value)} is too long; {_LONGEST_ID} letters are the most that can stand here",
        )
    if re.search(r"[\t\n\r]", value):
        context.refuse(
            Code.NO_ID, node.mark, f"{shown(value)} is no id: it holds a tab, or a line end; write it on one line"
        )
    return value


TEXT = FieldType("text", {**_SCALAR, "pattern": r"\S"}, any_text)
LINE = FieldType("a line of text", TEXT.schema, _line)
SHORT_LINE = FieldType("a short line of text", {**TEXT.schema, "maxLength": LONGEST_NAME}, _short_line)
WHOLE_NUMBER = matching(
    Code.NO_NUMBER, "a whole number", "[0-9]{1,15}", "write digits only, such as 50", int, is_number=True
)
POSITIVE_NUMBER = FieldType("a whole number of 1 or more", {**WHOLE_NUMBER.schema, "minimum": 1}, _positive_number)
TRUTH = FieldType(
    "true or false",
    {"type": ["boolean", "string"], "pattern": "^([Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee])$"},
    _truth,
)
_TAG = "[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*"
_LANGUAGE_TAG = matching(Code.NO_LANGUAGE, "a language", _TAG, _language_advice, _in_usual_capitals)
LANGUAGE = FieldType("a language", _LANGUAGE_TAG.schema, _language)  # a language tag (RFC 5646)
EMAIL = matching(
    Code.NO_EMAIL,
    "an e-mail address",
    r'[^\s@<>()"]+@[^\s@<>()"]+',
    "write one such as desk@news.example",
    str,
    longest=LONGEST_NAME,
)
ID = matching(  # a permanent IRI (RFC 4287 4.2.6)
    Code.NO_ID,
    "an id",
    r'[A-Za-z][A-Za-z0-9+.-]*:[^\s<>"{}|\\^`]+',
    lambda text: f"write one such as tag:news.example,2026-11-22:{slug_of(text) or 'japan-taiwan'}",
    str,
    longest=_LONGEST_ID,
    refusal="cannot be an id",
)
ENTRY_ID = FieldType("an id", {**TEXT.schema, "maxLength": _LONGEST_ID}, _entry_id)
# An absolute http or https address (RFC 3986). Its value is in ASCII.
WEB_ADDRESS = FieldType(
    "a web address", {"type": "string", "pattern": f"^{_HTTP}$", "maxLength": _LONGEST_ADDRESS}, _web_address
)
# A web address, or the place of a file of this site, such as images/towers.jpg.
ADDRESS = FieldType(
    "the place of a file, or a web address",
    {**_SCALAR, "pattern": f"^(/?{_NAME}(/{_NAME})*|{_HTTP})$", "maxLength": _LONGEST_ADDRESS},
    _address,
)
