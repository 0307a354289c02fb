"""`python -m benchmarks [speed] [day] [edit]`: the parts one after the other, each table as soon as it is there."""

import argparse
import os
import platform
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import FrameType

from . import day, edit, speed
from .servers import Failed
from .subscribers import Wronged
from .wire import Torn

_ENDS = (signal.SIGINT, signal.SIGTERM)
PARTS = {"speed": speed, "day": day, "edit": edit}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="part", help=f"{', '.join(PARTS)}; all of them if none is named")
    parser.add_argument(
        "--quick", action="store_true", help="seconds instead of minutes: whether it runs, not how fast"
    )
    asked = parser.parse_args()
    names = asked.parts or list(PARTS)
    if unknown := [name for name in names if name not in PARTS]:
        parser.error(f"there is no part {unknown[0]}; there are {', '.join(PARTS)}")
    _refuse_missing({program for name in names for program in PARTS[name].PROGRAMS})
    for number in _ENDS:
        signal.signal(number, _leave)
    print(f"On {_machine()}.", flush=True)
    for name in names:
        begun = time.perf_counter()
        print(f"\n## {name}\n", flush=True)
        with tempfile.TemporaryDirectory(prefix="feedsite-benchmark-") as folder:
            print(PARTS[name].run(Path(folder), is_quick=asked.quick), flush=True)
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
