"""What a process costs from its start to its end, everything that it starts included."""

import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from threading import Event, Thread

from .servers import Failed, family

_EACH = 0.02  # seconds between two looks at the memory
_SELDOM = 50  # times what a look took: it walks through all pages, on a processor that is missing in what is measured


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """Seconds by the clock, seconds of the processors, and the most bytes of memory held at one moment."""

    wall: float
    cpu: float
    memory: int


@dataclass(frozen=True, slots=True)
class Memory:
    """Bytes of one process: all that it has mapped, and that with what is shared divided among those who share it."""

    rss: int
    pss: int


def cost(command: Sequence[str], folder: Path, log: Path, environment: Mapping[str, str]) -> Cost:
    """Runs the program in the folder to its end. Raises Failed where that is no good one; what it said is in `log`.

    What earlier runs wrote is brought to the disk first, so that nobody pays for his predecessor.
    """
    os.sync()
    peak, end = [0], Event()
    with log.open("wb") as output:
        begun = time.perf_counter()
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C comes to the benchmark alone
        )
        looking = Thread(target=_look, args=(process.pid, peak, end))
        looking.start()
        try:
            _, status, used = os.wait4(process.pid, 0)
            wall = time.perf_counter() - begun
            process.returncode = os.waitstatus_to_exitcode(status)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)  # what it may have left behind
            end.set()
            looking.join()
    if process.returncode:
        last = log.read_text(errors="replace").strip().splitlines()[-1:] or ["nothing"]
        raise Failed(f"{' '.join(command[:4])} ... failed; it said: {last[0]}")
    return Cost(wall=wall, cpu=used.ru_utime + used.ru_stime, memory=peak[0])


def middle(costs: Sequence[Cost]) -> Cost:
    """The medians, each figure for itself."""
    return Cost(
        wall=median(each.wall for each in costs),
        cpu=median(each.cpu for each in costs),
        memory=int(median(each.memory for each in costs)),
    )


def memory(pid: int) -> Memory:
    """Nothing where the process has ended."""
    held = _kilobytes(f"/proc/{pid}/smaps_rollup")
    return Memory(1024 * held.get("Rss", 0), 1024 * held.get("Pss", 0))


def held(pid: int) -> int:
    """Bytes of the process and all that it started: their sum now; of a single process the most that it ever held."""
    members = family(pid)
    if len(members) == 1:  # costs no walk through its pages, which are a million in the largest peers
        return 1024 * _kilobytes(f"/proc/{pid}/status").get("VmHWM", 0)
    return sum(memory(member).pss for member in members)


def _look(pid: int, peak: list[int], end: Event) -> None:
    pause = _EACH
    while not end.wait(pause):
        begun = time.perf_counter()
        peak[0] = max(peak[0], held(pid))
        pause = max(_EACH, _SELDOM * (time.perf_counter() - begun))


def _kilobytes(path: str) -> dict[str, int]:
    try:
        lines = Path(path).read_text().splitlines()
    except OSError:
        return {}
    rows = (line.split() for line in lines)
    return {row[0].rstrip(":"): int(row[1]) for row in rows if row[-1] == "kB"}
