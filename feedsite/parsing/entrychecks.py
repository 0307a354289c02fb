"""What in an entry file was probably not meant, beyond what the type of each field checks."""

import re
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from datetime import date

from ..codes import Code
from ..model import NEVER, Entry
from ..wording import day_in_words
from ..words import Words, message
from . import bodyblock, movedfields, nodes, prose
from .fieldtypes import Context, folded
from .mendedline import as_meant
from .nodes import Mark, Named, Scalar, Sequence
from .quoting import in_full, is_in_double_marks, without_marks

FIRST_WORDS = message("Write the text here, in Markdown.")
_SHORT = 200  # letters; in no language these words have more
_DAYS_OF_A_YEAR = 366
_LONGEST_HEADING = 1000  # letters
_TOP_HEADING = re.compile(r"\s*(?P<line>#{1,2}[ \t]+(?P<words>[^\n]*))(?:\n|$)")
_LOREM = re.compile(r"\s*(?:<p>)?lorem ipsum dolor\b", re.IGNORECASE)
_ENDS = ".,!?…。！？ "  # signs with which a title ends, and the same words in a text may not


def without_moved(
    root: nodes.Mapping, fields: Mapping[str, Named], context: Context, known: AbstractSet[str] = movedfields.NAMES
) -> nodes.Mapping:
    """The fields without those of other generators, each of which gets a fault. `fields` are those with a value.

    `known` are the names that may be such fields.
    """
    moved = set()
    names = known & fields.keys()
    if "categories" in known and "section" in fields and isinstance(fields["section"].value, Sequence):
        names |= {"section"}
    for name in names:
        if message := movedfields.advice(fields[name], fields):
            context.fault(Code.FOREIGN_FIELD, fields[name].mark, message)
            moved.add(name)
    return nodes.Mapping(tuple(each for each in root.fields if each.name not in moved), root.mark) if moved else root


def check_block(body: Named | None, content: bytes, context: Context) -> None:
    """Adds faults and notes for what YAML drops of the text or joins in it."""
    if body:
        context.faults_at(bodyblock.problems(body, content))


def check_meaning(entry: Entry, fields: Mapping[str, Named], content: bytes, day: str, context: Context) -> None:
    """Adds faults and notes for what a sound file says and probably does not mean.

    `day` is the one in the file's name, or "".
    """
    body = fields["body"].value if "body" in fields else None
    if isinstance(body, Scalar) and not entry.withdrawal and body.text[:_LONGEST_HEADING].lstrip()[:1] == "#":
        _note_title(entry.title, body, content, context)
    _note_marks(fields, body.text if isinstance(body, Scalar) else "", context)
    if isinstance(body, Scalar) and not entry.withdrawal and not context.is_faulty:
        for slip in prose.slips(body.text, entry.body):
            mark = bodyblock.place(body, content, Mark(slip.line, slip.column, slip.end))
            context.fault(slip.code, mark, slip.message)
    if day and day[:4] < str(entry.day.year) and entry.published != NEVER:
        _note_next_year(entry.day, date.fromisoformat(day), fields, context)


def _note_marks(fields: Mapping[str, Named], text: str, context: Context) -> None:
    """Adds a note where typographic quotation marks stand around the whole title, or summary, as if they were YAML's.

    A title may be a quotation: one whose words stand in the text as well is.
    """
    for name in ("title", "summary"):
        value = fields[name].value if name in fields else None
        if not isinstance(value, Scalar) or value.style or not is_in_double_marks(value.text):
            continue
        words = without_marks(value.text)
        if folded(words).rstrip(_ENDS).casefold() not in folded(text).casefold():
            why = "readers see these quotation marks, for to YAML they are letters"
            quotation = f"if it is a quotation, {name}: {in_full(value.text.strip())}"
            message = f"{why}; write {name}: {as_meant(name, words)}, or, {quotation}"
            context.fault(Code.MARKS_SEEN, value.mark, message)


def _note_title(title: str, body: Scalar, content: bytes, context: Context) -> None:
    """Adds a note where a text begins with its title as a heading: readers get that twice."""
    found = _TOP_HEADING.match(body.text[:_LONGEST_HEADING])
    if found and folded(found["words"]).rstrip("# ").casefold() == title.casefold():
        line = body.text.count("\n", 0, found.start("line")) + 1
        mark = bodyblock.place(body, content, Mark(line, 1, len(found["line"]) + 1))
        context.fault(Code.TITLE_TWICE, mark, "the title stands above the text already; take this heading out")


def check_first_words(entry: Entry, body: Named | None, words: Words, context: Context) -> None:
    """Adds a note where an article that is no draft still has the sentence that `feedsite new` begins it with."""
    if not body or not isinstance(body.value, Scalar) or entry.published == NEVER:
        return
    if _LOREM.match(body.value.text):
        message = "this text only fills the place of one that is to come; write the article in its place"
        context.fault(Code.EXAMPLE_LEFT, body.value.mark, message)
    if len(body.value.text) <= _SHORT and body.value.text.strip() == words.text(FIRST_WORDS):
        message = "with this sentence `feedsite new` begins an article; write the article in its place"
        context.fault(Code.EXAMPLE_LEFT, body.value.mark, message)


def _note_next_year(published: date, day: date, fields: Mapping[str, Named], context: Context) -> None:
    """Adds a note where an article appears more than a year after the day in its file's name."""
    if "published" in fields and (published - day).days > _DAYS_OF_A_YEAR:
        why = f"published lies more than a year after the day in the file's name, {day_in_words(day)}"
        context.fault(Code.FAR_AHEAD, fields["published"].value.mark, f"{why}; is it a slip?")
