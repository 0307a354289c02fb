"""Fields that a table lacks: which ones are meant, and what is written wrong about them."""

import re
from collections.abc import Mapping
from contextlib import suppress

from ..codes import Code
from ..edits import Edit
from . import nodes
from .braces import is_in_words
from .fields import Field
from .fieldtypes import LONGEST_NAME, Context, Found, Invalid, TooManyFaults, is_empty
from .lookalikes import odd_gap, odd_space
from .mendedline import IN_MARKS, is_doubtful
from .nearness import is_one_slip_off
from .nodes import Named, Scalar
from .quoting import brief, in_list, quoted, shown

SHORT = 60  # characters of an editor's value that an example repeats
_FEW = 6  # fields that a message names
# Synonyms that may mean another thing, too.
_GUESSES = frozenset(
    "address by count created day from href label link name not number on path permalink position source subhead"
    " subject subtitle time title topic topics url when with".split()
)
# By what has the fields: in which other file these fields stand, and how they are written there.
_ELSEWHERE = {
    "an article": (
        "site.yaml",
        "archives base_url frames hub math mixes ping publisher purge robots search series theme timezone typographer"
        " window words",
    ),
    "site.yaml": (
        "an article",
        "aliases body contributors corrections enclosures image pin published slug status tags updated withdrawn",
    ),
}
_HOW = {
    "series": "; name there the tag of the parts, `series: [night-trains]`",
    "pin": "; write `pin: true` in the file of the one that leads",
}


def unknown(
    named: Named, known: str, node: nodes.Mapping, table: Mapping[str, Field], words: str, context: Context
) -> None:
    """Adds the fault of one of these fields, which the table lacks. `known` is the field that is probably meant, or "".

    `words` name what has these fields, such as "an article".
    """
    if not known and (cut := _cut_value(node, named.name)):
        context.fault(*cut)
        return
    where, others = _ELSEWHERE.get(words, ("", ""))
    if named.name in others.split():
        message = f"{named.name} stands in {where}, not in {words}{_HOW.get(named.name, '')}; take the line out here"
        context.fault(Code.UNKNOWN_FIELD, named.mark, message)
        return
    lines = {one.name: one.mark.line for one in node.fields if one.name in table}
    code, mark, message, meant = _unknown(named, known, lines, table, words)
    more: tuple[Edit, ...] | None = ()
    if code is Code.OTHER_NAME and meant is not None:
        more = _with_name(meant, named, node, table, context)
    context.fault(code, mark, message, None if more is None else meant, more or ())


def nearest_field(name: str, table: Mapping[str, Field]) -> str:
    """The field of the table that was probably meant; "" where no name is near."""
    if len(name) > LONGEST_NAME and ":" not in name[:LONGEST_NAME]:
        return ""
    head = re.split("[:：]", name, maxsplit=1)[0].rstrip()
    if head in table:
        return head
    folded = name.casefold().replace("_", "").replace("-", "")
    for known, row in table.items():
        if folded == known or folded in row.synonyms:
            return known
    return next((known for known in table if len(known) > 2 and is_one_slip_off(folded, known)), "")


def behind(row: Field) -> str:
    """What a message says behind a row's example."""
    hint = row.hint or ("put your own words there" if row.is_stand_in else "")
    return hint and f"; {hint}"


def _of_text(text: str, row: Field) -> str:
    """A text alone as it is written as this field; "" where it can stand as it is."""
    return row.of_text.format(in_list(text)) if row.of_text and text and len(text) <= SHORT else ""


def _cut_value(node: nodes.Mapping, name: str) -> Found | None:
    """The fault of a value between braces that a comma ends, with a colon in what follows, which so became a name."""
    if not node.is_in_braces:
        return None
    number = next(number for number, named in enumerate(node.fields) if named.name == name)
    before, named = node.fields[number - 1], node.fields[number]
    is_cut = number and is_in_words(name)
    if not is_cut or not isinstance(before.value, Scalar) or before.value.style:
        return None
    rest = named.value.text if isinstance(named.value, Scalar) else "..."
    whole = quoted(f"{before.value.text}, {named.name}: {rest}".strip())
    message = f"a comma ends a value between braces: put it in quotation marks; write {before.name}: {brief(whole)}"
    mark, behind = before.value.mark, named.value.mark
    is_on_line = isinstance(named.value, Scalar) and not named.value.style and mark.line == behind.line
    is_on_line = is_on_line and not is_doubtful(whole[1:-1])
    mark = mark._replace(end=behind.end if is_on_line else 0)
    return Code.COMMA_IN_BRACES, mark, message, whole if is_on_line else None


def _unknown(named: Named, known: str, lines: Mapping[str, int], table: Mapping[str, Field], words: str) -> Found:
    """The fault of a field that is not in the table. `lines` are those of the file's fields that are."""
    name, mark = named.name, named.mark
    more = f": {named.value.text}" if isinstance(named.value, Scalar) and named.value.text else ""
    if space := odd_space(name):
        return space.code, mark, space.message, " " * (len(name) - len(name.lstrip())) + name.lstrip()
    if space := odd_gap(name + more):
        is_alone = named.value.mark.line == mark.line and named.value.mark.end
        return space.code, mark._replace(end=named.value.mark.end), space.message, space.text if is_alone else None
    colon = next((letter for letter in name if letter in ":："), "")
    head, _, rest = name.partition(colon or ":")
    if colon and known and head.rstrip() == known:
        return _glued(named, known, colon, rest.strip(), more, is_there=known in lines)
    if known in lines:
        called = f"{shown(name)} is called {known} here, and that stands on line {lines[known]}"
        return Code.DOUBLED_FIELD, mark, f"{called}; keep one of the two", None
    if known:
        value = named.value.text.strip() if isinstance(named.value, Scalar) else ""
        written = _of_text(value, table[known])
        write = f"`{known}: {written}`{behind(table[known])}" if written else f"`{known}:` and keep what follows"
        is_sure = not written and not is_empty(named.value) and name.casefold() not in _GUESSES - {known}
        return Code.OTHER_NAME, mark, f"{shown(name)} is called {known} here; write {write}", known if is_sure else None
    own = f"call it `x-{name}`" if re.fullmatch(r"[\w.-]{1,60}", name) else "give it a name that begins with x-"
    others = f"; there are {', '.join(table)}" if len(table) <= _FEW else ""
    message = f"{words} has no field {shown(name)}{others}; take it out, or {own} and it is passed over"
    return Code.UNKNOWN_FIELD, mark, message, None


def _with_name(
    meant: str, named: Named, node: nodes.Mapping, table: Mapping[str, Field], context: Context
) -> tuple[Edit, ...] | None:
    """What else changes where a field gets the name that is meant; None where that is not certain: its value cannot
    stand there, another name means that field, too, or the line is rather one of a text above it.
    """
    number = node.fields.index(named)
    above = node.fields[number - 1].value if number else None
    is_below_text = isinstance(above, Scalar) and above.style in ("|", ">") and named.name[:1].isupper()
    is_text = is_below_text and not any(_has_capital(one, table) for one in node.fields[:number])
    others = [one for one in node.fields if one.name not in table and nearest_field(one.name, table) == meant]
    checked = Context(context.path, context.zone, content=context.content)
    with suppress(Invalid, TooManyFaults):
        table[meant].type.check(named.value, checked)
    faults = [fault for fault in checked.faults if not fault.is_note]
    is_certain = not is_text and len(others) == 1 and all(fault.mend for fault in faults)
    return tuple(edit for fault in faults for edit in fault.mend) if is_certain else None


def _has_capital(named: Named, table: Mapping[str, Field]) -> bool:
    """Whether it is a field of the table but for a capital: the file's own way to write them."""
    return named.name not in table and named.name.lower() in table


def _glued(named: Named, known: str, colon: str, rest: str, more: str, *, is_there: bool) -> Found:
    """The fault of a name that holds a colon, and so the beginning of its value; `more` is what follows of that."""
    whole = quoted(rest + more) if more and not IN_MARKS.fullmatch(rest + more) else rest + more
    mark, end = named.mark, named.value.mark.end if more else named.mark.end
    is_sure = not is_there and end and (not isinstance(named.value, Scalar) or not named.value.style)
    if is_sure and named.value.mark.line == mark.line:
        mark = mark._replace(end=end)
    meant = f"{known}: {whole}" if is_sure and named.value.mark.line == mark.line else None
    if colon == ":":
        return Code.NO_SPACE, mark, f"write a space after the colon: {known}: {brief(whole)}", meant
    return Code.LOOKALIKE_SIGN, mark, f"this colon ({colon}) is a letter to YAML; write {known}: {brief(whole)}", meant
