"""Formulas: MathML as far as it is safe, and LaTeX between dollar signs as code.

No element of the list, in whatever namespace a parser puts it, has content that a tokenizer reads in another way than
text. So what one parser wrote is read as the same elements by the next. Left out are `annotation-xml`, `mglyph` and
`malignmark`, which change the namespace of what is in them, `maction`, and every address.
"""

import re

from .tags import RAW_TEXT, tags

ELEMENTS = frozenset(
    "math menclose merror mfrac mi mmultiscripts mn mo mover mpadded mphantom mprescripts mroot mrow ms mspace msqrt"
    " mstyle msub msubsup msup mtable mtd mtext mtr munder munderover none".split()
)
_OF_SPACE = {"depth", "height", "lspace", "rspace", "voffset", "width"}
_OF_STYLE = {"displaystyle", "mathvariant", "scriptlevel"}
ATTRIBUTES = {
    "math": {"alttext", "display", *_OF_STYLE},
    "menclose": {"notation"},
    "mfrac": {"linethickness"},
    "mi": {"mathvariant"},
    "mo": {
        *("accent", "fence", "form", "largeop", "lspace", "maxsize", "minsize", "movablelimits", "rspace", "separator"),
        *("stretchy", "symmetric"),
    },
    "mover": {"accent"},
    "mpadded": _OF_SPACE,
    "mspace": _OF_SPACE,
    "mstyle": _OF_STYLE,
    "mtable": {"columnalign", "displaystyle", "rowspacing", "columnspacing"},
    "mtd": {"columnalign", "columnspan", "rowspan"},
    "munder": {"accentunder"},
    "munderover": {"accent", "accentunder"},
}
_LATEX = re.compile(r'<span class="math math-(?:inline|display)">([^<]*+)</span>')
_BLOCK_OF_LATEX = re.compile(r'<p><span class="math math-display">([^<]*+)</span></p>')
_ANNOTATIONS = ("annotation", "annotation-xml")
# Elements of HTML before which a parser ends a formula (WHATWG 13.2.6.5), as far as Markdown makes none of them.
_ENDING = frozenset(
    "blockquote body center dd div dl dt embed h1 h2 h3 h4 h5 h6 head hr li menu meta ol p pre table ul".split()
)


def kept(unsafe: str) -> str:
    """HTML whose formulas hold only ELEMENTS, each with an end tag. Of all others the text stays, but no annotation."""
    written: list[str] = []
    position = 0
    is_within = False
    passed = ""  # the annotation that is passed over
    for tag in tags(unsafe):
        text, end = unsafe[position : tag.start], tag.end + len(tag.content)
        position = end
        if not is_within:
            is_within = tag.name == "math" and not tag.is_end
            written += text, unsafe[tag.start : end]
            continue
        if not passed:
            written.append(text)
        is_ending = tag.name in _ENDING and not tag.is_end and passed != "annotation-xml"  # which may hold HTML
        is_over = is_ending or (tag.name == "math" and tag.is_end)
        if is_over:
            written.append("</math>" if tag.name == "math" else "</math>" + unsafe[tag.start : end])
            is_within, passed = False, ""
        elif passed:
            passed = "" if tag.is_end and tag.name == passed else passed
        elif tag.name in _ANNOTATIONS and not tag.is_end:
            passed = tag.name
        elif tag.name in ELEMENTS:
            written.append(unsafe[tag.start : end])
            if not tag.is_end and tag.attributes.endswith("/"):
                written.append(f"</{tag.name}>")
        elif tag.name not in RAW_TEXT:
            written.append(" " * (tag.name == "br"))
    return "".join(written) + ("" if passed else unsafe[position:])


def typed(unsafe: str) -> str:
    """pyromark's HTML in which $formulas$ are code: LaTeX as it was typed, of which Markdown has read nothing.

    No library makes MathML of them safely: math-core 0.9 doubles its work for each bracket that is not closed and
    crashes the process at deep nesting; latex2mathml 3.81 raises whatever its code stumbles over, and is slow.
    """
    return _LATEX.sub(_as_code, _BLOCK_OF_LATEX.sub(_as_block, unsafe))


def _as_block(found: re.Match[str]) -> str:
    return f'<pre><code class="language-math">{found[1].strip()}\n</code></pre>'


def _as_code(found: re.Match[str]) -> str:
    return f'<code class="language-math">{found[1]}</code>'
