"""Work on many items by several processes: one Python computes on one core."""

import gc
import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import cache
from itertools import islice
from types import TracebackType
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar

from .orphans import end_with

if TYPE_CHECKING:
    from concurrent.futures import Future, ProcessPoolExecutor

Item = TypeVar("Item")
Result = TypeVar("Result")
Work = Callable[[Item], Result]

_LOOK = 1.0  # seconds without a result after which is looked whether a process was killed
_AHEAD = 4  # chunks in memory for each process: they wait, or are done and not taken yet


class Ended(Exception):
    """A process of the pool was killed from outside, for want of memory perhaps."""


class Pool(Generic[Item, Result]):
    """`count` processes, started at once, that end with the context or with this process. `begin` is called once in
    each, and returns the function that does one item.

    With a count of 1, and where no process can be started, this process does all items. The processes are forked, and
    share the memory of this process, unless another thread runs: a fork would copy the locks of that thread, and the
    copies would never be released. In that case they are spawned, and `begin` is pickled for them.
    """

    def __init__(self, count: int, begin: Callable[[], Work[Item, Result]], *, chunk: int) -> None:
        """`chunk` items are sent to a process at once."""
        self._count = count
        self._begin = begin
        self._chunk = chunk
        self._work: Work[Item, Result] | None = None
        self._executor: ProcessPoolExecutor | None = None
        if count > 1:
            with suppress(OSError, ImportError):  # no more files or processes; or a system without semaphores
                self._executor = _started(count, begin)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Cancels chunks that wait, and waits for those that are being done."""
        if self._executor:
            self._executor.shutdown(cancel_futures=True)

    def each(self, items: Iterable[Item]) -> Iterator[Result]:
        """The results, in the order of the items. Raises what the work raises, and Ended."""
        if not self._executor:
            yield from self.here(items)
            return
        from concurrent.futures.process import BrokenProcessPool  # noqa: PLC0415  # as in _started

        left = iter(items)
        tasks: deque[Future[list[Result]]] = deque()
        try:
            while chunk := list(islice(left, self._chunk)):
                tasks.append(self._executor.submit(_do, chunk))
                if len(tasks) > _AHEAD * self._count:
                    yield from self._result(tasks.popleft())
            while tasks:
                yield from self._result(tasks.popleft())
        except BrokenProcessPool:
            raise Ended from None

    def _result(self, task: "Future[list[Result]]") -> list[Result]:
        from concurrent.futures import wait  # noqa: PLC0415  # as in _started

        while not wait([task], _LOOK).done:
            self._end_all_if_one_was_killed()
        return task.result()

    def _end_all_if_one_was_killed(self) -> None:
        """Kills all processes and closes the pipe of their results, if one of them has ended.

        A process that is killed while it sends leaves half a result, and keeps the lock by which the others send. The
        library would wait for the other half as long as any process has that pipe open.
        """
        from multiprocessing.connection import wait  # noqa: PLC0415  # as in _started

        executor: Any = self._executor
        children = list((executor._processes or {}).values())  # noqa: SLF001  # it has no other word for either
        if wait([child.sentinel for child in children], 0):
            for child in children:
                child.kill()
            executor._result_queue._writer.close()  # noqa: SLF001

    def here(self, items: Iterable[Item]) -> Iterator[Result]:
        """The same by this process, each when it is asked for: for results that are too large to be sent."""
        self._work = self._work or self._begin()
        yield from map(self._work, items)


def cores() -> int:
    """How many processes can compute at once."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


def can_fork() -> bool:
    """Whether a fork is safe: on Linux, where this process has no other thread."""
    return sys.platform == "linux" and len(os.listdir("/proc/self/task")) == 1


def _started(count: int, begin: Callable[[], Work[Any, Any]]) -> "ProcessPoolExecutor":
    import multiprocessing  # noqa: PLC0415  # a tenth of the time in which most commands start
    from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415

    context = multiprocessing.get_context("fork" if can_fork() else "spawn")
    executor = ProcessPoolExecutor(count, context, _begin_child, (os.getpid(), begin))
    was_frozen = gc.get_freeze_count()  # by a server
    gc.freeze()  # a collection in a child would else write to, and so copy, every page of memory that it shares
    try:
        executor.submit(os.getpid)  # with the first task all processes are forked
    finally:
        if not was_frozen:
            gc.unfreeze()
    return executor


_begins: list[Callable[[], Work[Any, Any]]] = []  # in a child: what its parent gave it


def _begin_child(parent: int, begin: Callable[[], Work[Any, Any]]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # on Ctrl-C the parent ends its children
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    end_with(parent)
    _begins[:] = [begin]


@cache
def _work() -> Work[Any, Any]:
    return _begins[0]()


def _do(chunk: list[Any]) -> list[Any]:
    return list(map(_work(), chunk))
