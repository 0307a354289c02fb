"""`python -m benchmarks [part ...]`: the parts one after the other, each table as soon as it is there."""

import argparse
import os
import platform
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from types import FrameType

from . import build, check, day, downloads, edit, endure, lists, million, scale, search, speed
from .servers import Failed
from .subscribers import Wronged
from .wire import Torn

_QUIET = 0.5  # load average up to which nothing else seems to run
_ENDS = (signal.SIGINT, signal.SIGTERM)
PARTS = {
    "speed": speed,
    "day": day,
    "edit": edit,
    "downloads": downloads,
    "build": build,
    "lists": lists,
    "scale": scale,
    "search": search,
    "check": check,
    "million": million,
    "endure": endure,
}
ONLY_NAMED = {"endure", "million"}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "parts",
        nargs="*",
        metavar="part",
        help=f"{', '.join(PARTS)}; if none is named all but {', '.join(sorted(ONLY_NAMED))}",
    )
    parser.add_argument(
        "--quick", action="store_true", help="seconds instead of minutes: whether it runs, not how fast"
    )
    parser.add_argument("--picture", type=Path, metavar="FILE", help="the curves of scale, as SVG")
    parser.add_argument(
        "--minutes",
        type=float,
        default=endure.MINUTES,
        help=f"how long endure goes on; {endure.MINUTES:g} if not given",
    )
    asked = parser.parse_args()
    names = asked.parts or [name for name in PARTS if name not in ONLY_NAMED]
    if unknown := [name for name in names if name not in PARTS]:
        parser.error(f"there is no part {unknown[0]}; there are {', '.join(PARTS)}")
    runs = {name: part.run for name, part in PARTS.items()} | {
        "scale": partial(scale.run, picture_file=asked.picture),
        "endure": partial(endure.run, minutes=asked.minutes),
    }
    _refuse_missing({program for name in names for program in PARTS[name].PROGRAMS})
    for number in _ENDS:
        signal.signal(number, _leave)
    print(f"On {_machine()}.", flush=True)
    if (load := os.getloadavg()[0]) > _QUIET:
        print(f"\nThe machine is busy (load {load:.1f}): figures by the clock say little.", flush=True)
    for name in names:
        begun = time.perf_counter()
        print(f"\n## {name}\n", flush=True)
        with tempfile.TemporaryDirectory(prefix="feedsite-benchmark-") as folder:
            os.environ["XDG_CACHE_HOME"] = folder  # an index of this run alone, and none of the user's
            print(runs[name](Path(folder), is_quick=asked.quick), flush=True)
        print(f"\n({name} took {time.perf_counter() - begun:.0f} seconds.)", flush=True)


def _refuse_missing(programs: set[str]) -> None:
    if missing := sorted(program for program in programs if not shutil.which(program)):
        raise Failed(
            f"{' and '.join(missing)} cannot be found here; on Debian `apt-get install {' '.join(missing)}` brings them"
        )


def _leave(_number: int, _frame: FrameType | None) -> None:
    """Every `with` is left and every server ended, once: whoever is impatient changes nothing."""
    for number in _ENDS:
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


def _machine() -> str:
    cpu = Path("/proc/cpuinfo").read_text()
    model = next((line.partition(":")[2].strip() for line in cpu.splitlines() if line.startswith("model name")), "")
    versions = [f"Python {platform.python_version()}"]
    if shutil.which("nginx"):
        said = subprocess.run(["nginx", "-v"], capture_output=True, text=True, check=False).stderr
        versions.append(f"nginx {said.strip().rpartition('/')[2]}")
    return f"{os.cpu_count()} cores ({model or platform.machine()}), {platform.system()}, {', '.join(versions)}"


if __name__ == "__main__":
    try:
        main()
    except (Failed, Wronged, Torn) as error:
        sys.exit(f"The benchmark stops: {error}")
    except KeyboardInterrupt:
        sys.exit("Ended before its end; every server was ended too.")
