"""What generators of sites leave in a text that was moved from them: their own codes, which mean nothing here."""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

# Elements of HTML that no article has: what they show is of another site, or is run.
ELEMENTS = "iframe|object|embed|video|audio|script|svg|form"
_AS_IT_STANDS = "readers see it as it stands; write out what it stood for"
_NOT_SEEN = "readers do not see it; take it out, or write out what it stood for"
_SHORTCODES = (
    "caption|embed|sourcecode|gallery|playlist|audio|video|youtube|vimeo|contact-form-7|vc_[a-z_]+|et_pb_[a-z_]+"
)
# How a code ends, by how it begins.
_ENDS = {"{{<": ">}}", "{{%": "%}}", "{{": "}}", "{%": "%}", "[[": "]]", "<!": "-->", "<": ">"}
_LONGEST_SHOWN = 60  # letters of a code that a message repeats


class Kind(NamedTuple):
    """A kind of code. `words` complete "this is ...". Each pattern begins with a literal: Python finds that quickly."""

    pattern: re.Pattern[str]
    words: str
    advice: str
    is_at_line_start: bool


def _kind(pattern: str, words: str, advice: str = _AS_IT_STANDS, *, is_at_line_start: bool = False) -> Kind:
    return Kind(re.compile(pattern, re.ASCII), words, advice, is_at_line_start)


# By a sign that each text with such a code has. Most texts have only some of the signs.
_KINDS = {
    "{": (
        _kind(r"\{\{[<%]", "a shortcode of Hugo or Nikola"),
        _kind(r"\{[{%] ?\w{1,40}\(", "a shortcode of Zola"),
        _kind(r"\{(?:\{(?![<%])|(?<!\{\{)%)(?! ?\w{1,40}\()", "template code of Jekyll or Eleventy (Liquid, Nunjucks)"),
        _kind(r"\{:[ .#a-zA-Z][^}\n]{0,200}\}", "an attribute list of kramdown (Jekyll)", "take it out"),
        _kind(r"\{(?:filename|static|attach)\}", "an address of Pelican", "write one such as /images/towers.jpg"),
    ),
    "[": (
        _kind(
            rf"\[(?:/embed|/sourcecode|gallery|playlist|(?:{_SHORTCODES}) [\w-]{{1,40}}=[^\]\n]{{0,300}})\](?![(\[:])",
            "a shortcode of WordPress",
        ),
        _kind(r"\[\[[^\[\]\n]{1,200}\]\](?!\()", "a link of Obsidian or of a wiki", "write it as [words](address)"),
        _kind(
            r"\[TOC\]", "a table of contents of Python-Markdown (Pelican, Nikola)", "take it out", is_at_line_start=True
        ),
        _kind(r"\[/(?:url|img|quote|b|i|u|size|color)\]", "BBCode of a forum"),
    ),
    "<": (
        _kind("<!-- wp:", "a block of WordPress", _NOT_SEEN),
        _kind("<!--kg-card-begin", "a card of Ghost", _NOT_SEEN),
        _kind(r"<[A-Z][a-z]\w{1,40}[\s/>]", "a component of MDX or Vue (Astro, Docusaurus, VuePress)", _NOT_SEEN),
        _kind(
            r"import [^\n]{1,200} from ['\"]", "a line of MDX (Astro, Docusaurus)", "take it out", is_at_line_start=True
        ),
    ),
    "!": (_kind(r"!!! \w", "an admonition of Python-Markdown (MkDocs, Pelican)", is_at_line_start=True),),
    ":": (
        _kind(r":::+ ?\{?[.a-zA-Z]", "a container of Docusaurus, VuePress or pandoc", is_at_line_start=True),
        _kind(r"\.\. [\w-]{1,40}::", "a directive of reStructuredText (Nikola, Pelican)", is_at_line_start=True),
        _kind(r":[a-z]{2,30}:[\0`]", "a role of reStructuredText (Nikola, Pelican)"),
        _kind(
            r":[a-z][a-z0-9_+-]{2,30}:(?![\w:/`\0])", "the name of an emoji (GitHub, Slack)", "write the emoji itself"
        ),
    ),
}
# What a text holds where it may hold a code with the sign, or what prose.py looks for there: one search for all kinds.
_GATES = {
    "{": re.compile(r"\{[{%:fsa]"),
    "[": re.compile(rf"\[(?:[\[/]|TOC\]|{_SHORTCODES})"),
    "<": re.compile(f"<(?:[A-Z]|!--|<<<<<<|(?i:{ELEMENTS}))"),
    "!": re.compile("!!! "),
    ":": re.compile(":(?::|[a-z][a-z0-9_+-]{1,30}:)"),
}


def signs(text: str) -> list[str]:
    """The signs that a text may hold codes with, and so has to be read for: in a blink. Most texts have none."""
    return [sign for sign, gate in _GATES.items() if sign in text and gate.search(text)]


def leftovers(text: str, prose: str, among: Iterable[str]) -> Iterator[tuple[int, int, str]]:
    """The codes with these signs in a text, which `prose` is without what is code in Markdown (codespans): where the
    first of each kind begins and ends, and a message.
    """
    for kind in (kind for sign in among for kind in _KINDS[sign]):
        if found := [one for one in kind.pattern.finditer(prose) if _is_alone(prose, one, kind)]:
            others = f", one of {len(found)} in this text" if len(found) > 1 else ""
            code, begin = _shown(text, found[0]), found[0].start()
            yield begin, begin + len(code.removesuffix("...")), f"`{code}` is {kind.words}{others}: {kind.advice}"


def _is_alone(prose: str, found: re.Match[str], kind: Kind) -> bool:
    """Whether it stands at the beginning of its line, where it has to; and belongs to no word, as in `10:30:45:`."""
    before = prose[max(found.start() - 4, 0) : found.start()]
    if kind.is_at_line_start:
        return not before.rpartition("\n")[2].strip(" ") and (len(before) < 4 or "\n" in before)
    return not found[0].startswith(":") or not re.search(r"[\w:/]$", before)


def _shown(text: str, found: re.Match[str]) -> str:
    """The code itself, up to its end or the end of its line; of a long one the beginning."""
    code = text[found.start() : found.end()]
    line = text[found.start() : found.start() + _LONGEST_SHOWN].split("\n", 1)[0]
    if not (end := next((end for begin, end in _ENDS.items() if code.startswith(begin)), "")):
        return code[:_LONGEST_SHOWN] if code[-1] in "]}:" and code[0] in "[{:" and code[:3] != ":::" else line.rstrip()
    return line[: line.find(end) + len(end)] if end in line else f"{line}..."
