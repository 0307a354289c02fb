"""What in an entry file was probably not meant, beyond what the type of each field checks."""

from collections.abc import Mapping
from datetime import date

from ..model import NEVER, Entry
from ..settings import Settings
from ..wording import day_in_words
from . import bodyblock, movedfields, nodes, prose
from .fieldtypes import Context
from .nearness import is_one_slip_off
from .nodes import Named, Scalar, Sequence
from .quoting import quoted

_LONG_KEY = 4  # letters: shorter ones are often one letter off a name that is right
_DAYS_OF_A_YEAR = 366
_MOST_COMPARED = 20  # names of one file


def without_moved(root: nodes.Mapping, fields: Mapping[str, Named], context: Context) -> nodes.Mapping:
    """The fields without those of other generators, each of which gets a fault. `fields` are those with a value."""
    moved = set()
    names = movedfields.NAMES & fields.keys()
    if "section" in fields and isinstance(fields["section"].value, Sequence):
        names |= {"section"}
    for name in names:
        if message := movedfields.advice(fields[name], fields):
            context.fault(fields[name].mark, message)
            moved.add(name)
    return nodes.Mapping(tuple(each for each in root.fields if each.name not in moved), root.mark) if moved else root


def check_block(body: Named | None, content: bytes, context: Context) -> None:
    """Adds faults and notes for what YAML drops of the text or joins in it."""
    if body:
        for mark, message, is_note in bodyblock.problems(body, content):
            (context.note if is_note else context.fault)(mark, message)


def check_meaning(
    entry: Entry, fields: Mapping[str, Named], content: bytes, day: str, context: Context, settings: Settings
) -> None:
    """Adds faults and notes for what a sound file says and probably does not mean.

    `day` is the one in the file's name, or "".
    """
    body = fields["body"].value if "body" in fields else None
    if isinstance(body, Scalar) and not entry.withdrawal and not context.is_faulty:
        for slip in prose.slips(body.text, entry.body, settings.urls, entry.path):
            mark = bodyblock.place(body, content, slip.line, slip.column)
            (context.note if slip.is_note else context.fault)(mark, slip.message)
    if settings.authors:
        _note_bylines(fields, settings, context)
    if day and day[:4] < str(entry.day.year) and entry.published != NEVER:
        _note_next_year(entry.day, date.fromisoformat(day), fields, context)


def _note_bylines(fields: Mapping[str, Named], settings: Settings, context: Context) -> None:
    """Adds notes for names that are one letter off a key of site.yaml's authors."""
    keys = [key for key in settings.authors if len(key) >= _LONG_KEY]
    for field in ("authors", "contributors"):
        value = fields[field].value if field in fields else None
        for item in (value.items if isinstance(value, Sequence) else (value,))[:_MOST_COMPARED]:
            if not isinstance(item, Scalar) or (name := item.text.strip()) in settings.authors:
                continue
            if near := next((key for key in keys if is_one_slip_off(name, key)), None):
                context.note(item.mark, f"{quoted(name)} is not among the authors of site.yaml; is `{near}` meant?")


def _note_next_year(published: date, day: date, fields: Mapping[str, Named], context: Context) -> None:
    """Adds a note where an article appears more than a year after the day in its file's name."""
    if "published" in fields and (published - day).days > _DAYS_OF_A_YEAR:
        why = f"published lies more than a year after the day in the file's name, {day_in_words(day)}"
        context.note(fields["published"].value.mark, f"{why}; is it a slip?")
