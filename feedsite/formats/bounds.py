"""What a template may take: steps, and letters.

Each step of a loop, each call and each filter counts, so that a template without end ends at the same step on every
machine, whatever its clock says.
"""

import operator
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any

from markupsafe import escape

STEPS = 500_000  # of one page: a long list takes 20,000
LONGEST = 2_000_000  # letters of one page, and of any text in between
_left: ContextVar[list[int]] = ContextVar("steps left")


class Endless(Exception):
    """A template has taken more steps, or made a longer text, than any page needs."""


class TooMuch(Exception):
    """A template asks for what could fill the memory at once."""


@contextmanager
def budget() -> Iterator[None]:
    """The steps of one page, or of one macro: those of a macro within a page are its own, for it may be in a cache."""
    token = _left.set([STEPS])
    try:
        yield
    finally:
        _left.reset(token)


def bounded(pieces: Iterable[str]) -> str:
    """The text of a page. Raises Endless for one that is too long."""
    found: list[str] = []
    size = 0
    for piece in pieces:
        size += len(piece)
        if size > LONGEST:
            raise Endless
        found.append(piece)
    return "".join(found)


def spend(steps: int) -> None:
    left = _left.get()
    left[0] -= steps
    if left[0] < 0:
        raise Endless


def counted(values: Iterable[Any]) -> Iterator[Any]:
    for value in values:
        spend(1)
        yield value


# In the place of Python's own, which could fill the memory at once.
OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "*": lambda left, right: operator.mul(number(left), number(right)),
    "**": lambda left, right: operator.pow(number(left, 1000), number(right, 16)),
    "%": lambda left, right: operator.mod(number(left), number(right)),
    "+": lambda left, right: short(operator.add(left, right)),
}


def counted_range(*bounds: int) -> range:
    found = range(*bounds)
    spend(len(found))
    return found


def short(value: Any) -> Any:
    if isinstance(value, str | list | tuple) and len(value) > LONGEST:
        raise Endless
    return value


def number(value: Any, most: int = 10**12) -> Any:
    if not isinstance(value, int | float) or abs(value) > most:
        raise TooMuch("only numbers can be multiplied here, and no large ones")
    return value


def costing(call: Callable[..., Any]) -> Callable[..., Any]:
    """A filter that counts what it is given, one step for each item or 100 letters."""
    place = 1 if hasattr(call, "jinja_pass_arg") else 0

    @wraps(call)
    def counting(*args: Any, **named: Any) -> Any:
        value = args[place] if len(args) > place else ()
        size = len(value) if hasattr(value, "__len__") else 0
        spend(1 + (size // 100 if isinstance(value, str) else size))
        return short(call(*args, **named))

    return counting


def replaced(value: Any, old: str, new: str) -> Any:
    """Jinja's own, which escapes what HTML is put into."""
    text = value if isinstance(value, str) else str(value)
    if hasattr(old, "__html__") or hasattr(new, "__html__"):
        text = escape(text)
    if text.count(old) * len(new) > LONGEST:
        raise Endless
    return text.replace(old, new)


def parted(part: Callable[..., Any]) -> Callable[..., Any]:
    """Jinja's batch or slice, which makes as many parts or fillings as it is asked for, whatever it is given."""

    @wraps(part)
    def with_bound(*args: Any, **named: Any) -> Any:
        for number in (*args[1:], *named.values()):
            if isinstance(number, int):
                spend(max(0, number))
        return part(*args, **named)

    return with_bound


def joined(join: Callable[..., Any]) -> Callable[..., Any]:
    """Jinja's own, for a list that is not too long with what stands between its items."""

    @wraps(join)
    def with_bound(context: Any, values: Iterable[Any], between: str = "", attribute: str | None = None) -> Any:
        items = list(values)
        if len(items) * len(between) > LONGEST:
            raise Endless
        return join(context, items, between, attribute)

    return with_bound
