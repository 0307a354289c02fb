"""wrk's figures: https://github.com/wg/wrk, one thread, 32 connections."""

import re
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from .servers import Failed

CONNECTIONS = 32
_MILLISECONDS = {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60000.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """Answers a second, and the time of one in milliseconds; `errors` are answers from 400 on and broken sockets."""

    per_second: float
    p50: float
    p99: float
    requests: int
    errors: int


def command(
    url: str, seconds: int, headers: Mapping[str, str], script: Path | None = None, words: Sequence[str] = ()
) -> list[str]:
    """`script` is one in Lua that makes the requests; it is given the words."""
    return [
        "wrk",
        *("-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--latency"),
        *(option for name, value in headers.items() for option in ("-H", f"{name}: {value}")),
        *(("-s", str(script), url, "--", *words) if script else (url,)),
    ]


def run(
    url: str, seconds: int, headers: Mapping[str, str], *, script: Path | None = None, words: Sequence[str] = ()
) -> Load:
    asked = command(url, seconds, headers, script, words)
    ended = subprocess.run(asked, capture_output=True, text=True, check=False, timeout=seconds + 30)
    return read(ended.stdout + ended.stderr)


def read(said: str) -> Load:
    """Raises Failed where wrk did not measure."""
    if not (rate := re.search(r"Requests/sec:\s+([\d.]+)", said)):
        raise Failed(f"wrk measured nothing: {said.strip()}")
    errors = sum(map(int, re.findall(r"Non-2xx or 3xx responses: (\d+)", said)))
    for sockets in re.findall(r"Socket errors: (.*)", said):
        errors += sum(map(int, re.findall(r"\d+", sockets)))
    total = re.search(r"(\d+) requests in", said)
    return Load(
        per_second=float(rate[1]),
        p50=_percentile("50%", said),
        p99=_percentile("99%", said),
        requests=int(total[1]) if total else 0,
        errors=errors,
    )


def _percentile(name: str, said: str) -> float:
    found = re.search(rf"{name}\s+([\d.]+)(us|ms|s|m)\b", said)
    return float(found[1]) * _MILLISECONDS[found[2]] if found else float("nan")
