"""Work on many items by several processes: drawing a page is computing, and one Python computes on one core.

Children are forked, so that they begin with what this process knows and cost nothing to start. Only the parent holds
the far ends of their pipes: when it is killed, they find them closed, and end.
"""

import gc
import os
import pickle
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import BinaryIO, Generic, NoReturn, Self, TypeVar

from ..errors import FeedsiteError

Item = TypeVar("Item")
Result = TypeVar("Result")
Work = Callable[[Item], Result]

_CHUNK = 16  # items that are sent at once
_AHEAD = 2  # chunks that a child holds, so that it never waits
_WORTH_A_CHILD = 200  # items: with fewer, the fork and what each child sets up for itself cost more than they save
_MOST_CHILDREN = 16


@dataclass(frozen=True, slots=True)
class _Child:
    pid: int
    tasks: BinaryIO
    results: BinaryIO

    @property
    def pipes(self) -> tuple[int, int]:
        return self.tasks.fileno(), self.results.fileno()


class Crew(Generic[Item, Result]):
    """As many processes as some number of items is worth. `begin` is called once in each, and gives what does an item.

    Where a fork is not worth it, or not safe (on macOS, or with threads), all is done in this process.
    """

    def __init__(self, count: int, begin: Callable[[], Work[Item, Result]]) -> None:
        self._begin = begin
        self._work: Work[Item, Result] | None = None
        self._children: list[_Child] = []
        wanted = min(_cores(), count // _WORTH_A_CHILD, _MOST_CHILDREN)
        if wanted > 1:
            gc.freeze()  # a collection in a child would else write to, and so copy, every page that it shares
            for _ in range(wanted):
                self._children.append(self._fork())
            gc.unfreeze()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Ends the children, at once where something went wrong."""
        for child in self._children:
            if kind:
                os.kill(child.pid, signal.SIGKILL)
            with suppress(BrokenPipeError):
                child.tasks.close()
            child.results.close()
            os.waitpid(child.pid, 0)
        self._children = []

    def each(self, items: Sequence[Item]) -> Iterator[Result]:
        """What became of each item, in their order. Raises what the work raises."""
        if not self._children:
            yield from self.here(items)
            return
        chunks = [items[start : start + _CHUNK] for start in range(0, len(items), _CHUNK)]
        waiting: deque[_Child] = deque()
        for number, chunk in enumerate(chunks):
            child = self._children[number % len(self._children)]
            if len(waiting) >= _AHEAD * len(self._children):
                yield from self._received(waiting.popleft())
            waiting.append(self._sent(child, chunk))
        for child in waiting:
            yield from self._received(child)

    def here(self, items: Sequence[Item]) -> Iterator[Result]:
        """The same in this process, each when it is asked for: for results that are too large to be sent together."""
        self._work = self._work or self._begin()
        yield from map(self._work, items)

    def _fork(self) -> _Child:
        tasks_out, tasks_in = os.pipe()
        results_out, results_in = os.pipe()
        pid = os.fork()
        if pid == 0:
            for file in [tasks_in, results_out, *(pipe for child in self._children for pipe in child.pipes)]:
                os.close(file)
            self._serve(os.fdopen(tasks_out, "rb"), os.fdopen(results_in, "wb"))
        os.close(tasks_out)
        os.close(results_in)
        return _Child(pid, os.fdopen(tasks_in, "wb"), os.fdopen(results_out, "rb"))

    def _serve(self, tasks: BinaryIO, results: BinaryIO) -> NoReturn:
        """A child's whole life. It never returns to what its parent was doing."""
        try:
            signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's concern
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            while True:
                chunk = pickle.load(tasks)  # noqa: S301  # from the parent alone
                pickle.dump(self._done(chunk), results, pickle.HIGHEST_PROTOCOL)
                results.flush()
        except (EOFError, BrokenPipeError):
            os._exit(0)
        finally:
            os._exit(1)

    def _done(self, chunk: Sequence[Item]) -> list[Result] | Exception:
        try:
            self._work = self._work or self._begin()
            return [self._work(item) for item in chunk]
        except Exception as error:  # noqa: BLE001  # raised again, in the parent
            return error

    def _sent(self, child: _Child, chunk: Sequence[Item]) -> _Child:
        try:
            pickle.dump(chunk, child.tasks, pickle.HIGHEST_PROTOCOL)
            child.tasks.flush()
        except BrokenPipeError:
            raise _ended() from None
        return child

    def _received(self, child: _Child) -> list[Result]:
        try:
            done: list[Result] | Exception = pickle.load(child.results)  # noqa: S301  # from our own child
        except EOFError:
            raise _ended() from None
        if isinstance(done, Exception):
            raise done
        return done


def _cores() -> int:
    """How many processes can draw at once; one where a fork could copy a lock that another thread holds."""
    if sys.platform != "linux" or len(os.listdir("/proc/self/task")) > 1:
        return 1
    return len(os.sched_getaffinity(0))


def _ended() -> FeedsiteError:
    return FeedsiteError("a process that draws pages was ended from outside (is memory short?); build again")
