"""What subscribers notice, as a careful colleague tells it at a terminal: first what somebody must decide about."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from textwrap import wrap
from typing import TypeVar

from ..audience.words import cut
from ..cells import cells
from ..errors import in_one_line
from ..wording import counted
from . import words
from .noticed import Decision, Item, Noticed, Remark
from .weights import Weights

_COLUMNS = 100
_TITLE = 48  # columns
_FATE = 10
_MOST = 20  # of one kind; JSON has all
T = TypeVar("T")
Paint = Callable[[str, str], str]  # a text, and what it is; colours for a terminal


def plain(text: str, _role: str) -> str:
    return text


def lines(noticed: Noticed, weights: Weights | None, paint: Paint = plain) -> Iterator[str]:
    """The lines of the report. `paint` is called with the role of what it is given: break, head, mend, fate."""
    parts = [
        ("To decide first", _some(noticed.decisions, lambda one: _decision(one, weights, paint))),
        ("What subscribers see", _some(noticed.items, lambda one: [_item(one, paint)])),
        ("Worth a second look", _some(noticed.remarks, _remark)),
        ("What their readers do", [line for one in words.sentences(noticed, weights) for line in _wrapped(one, 2)]),
    ]
    shown = [(head, told) for head, told in parts if told]
    if shown:
        yield in_one_line(f"From {noticed.old} to {noticed.new}:")
    for head, told in shown:
        yield ""
        yield paint(head, "head")
        yield from told
    if shown:
        yield ""
    yield words.sums(noticed)
    for sentence in noticed.limits:
        yield from _wrapped(in_one_line(sentence), 0)


def _some(things: Sequence[T], told: Callable[[T], Iterable[str]]) -> list[str]:
    found = [line for one in things[:_MOST] for line in told(one)]
    more = len(things) - _MOST
    return [*found, f"  and {more} more; `--format json` has all"] if more > 0 else found


def _decision(decision: Decision, weights: Weights | None, paint: Paint) -> Iterator[str]:
    yield f"  {paint(_place(decision), 'break')}"
    yield from _wrapped(in_one_line(_weighed(decision, weights)), 4)
    for line in decision.mend:
        yield f"        {paint(in_one_line(line), 'mend')}"


def _weighed(decision: Decision, weights: Weights | None) -> str:
    """The message, with how many subscribers the feeds have that are gone."""
    number = sum(weights.by_feed.get(feed, 0) for feed in decision.feeds) if weights else 0
    return f"{decision.message} ({counted(number, 'subscriber', ',')})" if number else decision.message


def _item(item: Item, paint: Paint) -> str:
    title = cut(in_one_line(item.title), _TITLE)
    about = (
        f"{words.fields(item)} in "
        if item.fate == "updated"
        else f"{item.archive} has it; it left "
        if item.archive
        else ""
    )
    fate = words.fate(item).ljust(_FATE)
    line = f"  {paint(fate, 'fate')}  {title}{' ' * (_TITLE - cells(title))}  {about}{words.feeds(item)}"
    return line.rstrip()


def _remark(remark: Remark) -> Iterator[str]:
    yield from _wrapped(f"{_place(remark)}: {in_one_line(remark.message)}", 2)


def _place(one: Decision | Remark) -> str:
    return in_one_line(f"{one.source}:{one.line}:{one.column}" if one.line else one.source)


def _wrapped(text: str, indent: int) -> list[str]:
    """A text in lines, all but the first of them two columns further in."""
    first, next_ = " " * indent, " " * (indent + 2)
    return wrap(
        text, _COLUMNS, initial_indent=first, subsequent_indent=next_, break_long_words=False, break_on_hyphens=False
    )
