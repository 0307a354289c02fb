"""Slow downloads of a large recording: what feeds, memory and other requests for the recording feel of them."""

import os
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from . import servers, stories, wrk
from .servers import Failed, Server
from .tables import Goal, goals, megabytes, table, times

PROGRAMS = ("curl", "wrk")
_SIZE = 200_000_000  # bytes
_DOWNLOADS, _RATE = 50, "200k"  # at once, and bytes a second of each
_ROUNDS = 5
_PATH = "/audio/long.mp3"
_FEED = {"Accept-Encoding": "gzip"}


def run(folder: Path, *, is_quick: bool = False) -> str:
    site, seconds = folder / "site", 1 if is_quick else 5
    stories.write_site(site, 50)
    (site / "audio").mkdir(exist_ok=True)
    with (site / "audio" / "long.mp3").open("wb") as file:
        piece = os.urandom(1_000_000)
        file.writelines(piece for _ in range(_SIZE // len(piece)))
    time.sleep(1)  # what was saved just now is read again for its ETag
    with servers.feedsite(site) as server:
        rest = _feeds(server, seconds)
        before = _memory(server)
        alone = _recording(server)
        with _downloads(server):
            busy = _feeds(server, seconds)
            held = _memory(server)
            beside = _recording(server)
    return _told(rest, busy, alone, beside, held - before)


def _feeds(server: Server, seconds: int) -> wrk.Load:
    """The round in the middle, by its p99."""
    rounds = [wrk.run(server.url("/feed.rss"), seconds, _FEED) for _ in range(_ROUNDS)]
    if any(load.errors for load in rounds):
        raise Failed("wrk met errors")
    return sorted(rounds, key=lambda load: load.p99)[_ROUNDS // 2]


def _recording(server: Server) -> Mapping[str, float]:
    """Milliseconds of one request each; the ETag is asked for once more."""
    tag = subprocess.run(
        ["curl", "-sI", "-o", "/dev/null", "-w", "%header{etag}", server.url(_PATH)],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    ways = {"HEAD": ["-I"], "304": ["-H", f"If-None-Match: {tag}"], "Range: bytes=0-0": ["-r", "0-0"]}
    return {name: median(_asked(server, options) for _ in range(_ROUNDS)) for name, options in ways.items()}


def _asked(server: Server, options: list[str]) -> float:
    command = ["curl", "-s", "-o", "/dev/null", "-w", "%{time_total}", *options, server.url(_PATH)]
    return 1000 * float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


@contextmanager
def _downloads(server: Server) -> Iterator[None]:
    command = ["curl", "-s", "-o", "/dev/null", "--limit-rate", _RATE, server.url(_PATH)]
    fetching = [subprocess.Popen(command) for _ in range(_DOWNLOADS)]
    try:
        time.sleep(2)
        yield
        if ended := [one for one in fetching if one.poll() is not None]:
            raise Failed(f"{len(ended)} downloads ended too early")
    finally:
        for one in fetching:
            one.kill()
            one.wait()


def _memory(server: Server) -> int:
    """Bytes that its processes have written to, for themselves alone."""
    found = 0
    for process in servers.family(server.process.pid):
        for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
            if line.startswith("Private_Dirty:"):
                found += int(line.split()[1]) * 1024
    return found


def _told(rest: wrk.Load, busy: wrk.Load, alone: Mapping[str, float], beside: Mapping[str, float], grown: int) -> str:
    heading = f"{_DOWNLOADS} downloads of {_SIZE // 1_000_000} MB at {_RATE}B/s each, one worker."
    rows = [
        ("a feed, gzip, p99", f"{rest.p99:.2f} ms", f"{busy.p99:.2f} ms", times(busy.p99 / rest.p99)),
        (
            "feeds a second",
            f"{rest.per_second:,.0f}",
            f"{busy.per_second:,.0f}",
            times(busy.per_second / rest.per_second),
        ),
        *(
            (name, f"{alone[name]:.2f} ms", f"{beside[name]:.2f} ms", times(beside[name] / alone[name]))
            for name in alone
        ),
        ("megabytes more", "", megabytes(grown), ""),
    ]
    reached = [
        Goal(name="p99 of feeds, times that at rest", wanted=3, measured=busy.p99 / rest.p99, is_at_least=False),
        Goal(name="memory", wanted=50, measured=grown / 1e6, is_at_least=False, unit=" MB"),
        Goal(name="HEAD, 304, one byte", wanted=20, measured=max(alone.values()), is_at_least=False, unit=" ms"),
    ]
    return "\n\n".join([heading, table(("", "at rest", "beside them", "ratio"), rows), goals(reached)])
