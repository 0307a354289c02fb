"""Processes that draw a share of an export's documents."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from ..errors import FeedsiteError
from ..processes import Ended, Pool, Work, can_fork, cores

Task = TypeVar("Task")
Outcome = TypeVar("Outcome")

_CHUNK = 16  # tasks that are sent to a process at once
_WORTH_A_PROCESS = 200  # tasks: with fewer, the start of each process costs more than it saves
_MOST_PROCESSES = 16


def drawers(count: int, begin: Callable[[], Work[Task, Outcome]]) -> Pool[Task, Outcome]:
    """Processes to draw so many tasks; where a fork is not safe, or not worth it, this process alone."""
    processes = min(cores(), count // _WORTH_A_PROCESS, _MOST_PROCESSES) if can_fork() else 1
    return Pool(processes, begin, chunk=_CHUNK)


def outcomes(pool: Pool[Task, Outcome], tasks: Iterable[Task]) -> Iterator[Outcome]:
    """In the order of the tasks. Raises FeedsiteError."""
    try:
        yield from pool.each(tasks)
    except Ended:
        message = "a process that draws pages was ended from outside (is memory short?); build again"
        raise FeedsiteError(message) from None
