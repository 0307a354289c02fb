"""The search of an exported folder: pagefind makes an index of the written articles, and browsers read it.

The only door to pagefind, an extra, which is run as a program. It reads the pages, so they are written before. What it
makes stands in search/, beside the page of the search; files of other names there are nobody's concern.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Container, Iterator
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

from ..document import Document
from ..errors import FeedsiteError
from .builds import Builds
from .files import Files
from .manifest import Change, Refused
from .output import locked

_FOLDER = "search"
_ENTRY = "pagefind-entry.json"
# Of its files those that a search needs; the others are for pages that pagefind draws itself.
_NEEDED = re.compile(
    r"pagefind(?:-worker)?\.js|pagefind-entry\.json|pagefind\.[\w-]+\.pf_meta|wasm\.[\w-]+\.pagefind"
    r"|(?:filter|fragment|index)/[\w-]+\.pf_\w+",
    re.ASCII,
)


def is_installed() -> bool:
    return all(find_spec(name) for name in ("pagefind", "pagefind_bin"))


def exists(output: Path) -> bool:
    """Whether an earlier build has left an index in the folder."""
    return (output / _FOLDER / _ENTRY).is_file()


def write(output: Path, builds: Builds | None = None) -> Iterator[Change]:
    """Writes the index of the articles in a folder: of each file that differs, whole or not at all.

    Raises FeedsiteError where pagefind fails.
    """
    made = _made(output)
    with locked(output, builds) as folder:
        for name, content in made.items():
            yield _put(folder.files, f"{_FOLDER}/{name}", Document(content, "application/octet-stream"))
        yield from _removed(folder.files, made.keys())


def remove(output: Path, builds: Builds | None = None) -> Iterator[Change]:
    """Removes an index that an earlier build has written."""
    with locked(output, builds) as folder:
        yield from _removed(folder.files, ())


def _put(files: Files, name: str, document: Document) -> Change:
    if files.has(name, document):
        return Change(name, "unchanged")
    try:
        files.put(name, document.pieces())
    except Refused as problem:
        return Change(name, "failed", str(problem))
    return Change(name, "written")


def _removed(files: Files, kept: Container[str]) -> Iterator[Change]:
    stands = files.output / _FOLDER
    for folder, _, names in list(os.walk(stands)):
        for name in (os.path.relpath(os.path.join(folder, name), stands) for name in sorted(names)):
            if _NEEDED.fullmatch(name) and name not in kept:
                files.remove(f"{_FOLDER}/{name}")
                yield Change(f"{_FOLDER}/{name}", "removed")


def _made(output: Path) -> dict[str, bytes]:
    """What pagefind makes, by name. It would also read settings from the working folder and the environment."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PAGEFIND_")}
    with TemporaryDirectory(prefix="feedsite-search-") as empty:
        made = Path(empty) / "made"
        # -P: nothing of the working folder is taken for a module.
        command = [sys.executable, "-P", "-m", "pagefind", "--site", str(output.resolve()), "--output-path", str(made)]
        done = subprocess.run(command, cwd=empty, env=environment, capture_output=True, check=False)  # noqa: S603
        if done.returncode:
            last = (done.stderr or done.stdout).decode(errors="replace").strip().splitlines()[-1:]
            raise FeedsiteError(f"pagefind made no search of {output}: {' '.join(last) or done.returncode}")
        files = (path for path in sorted(made.rglob("*")) if path.is_file())
        found = {path.relative_to(made).as_posix(): path.read_bytes() for path in files}
    if _ENTRY in found:  # its languages stand there in no order
        found[_ENTRY] = json.dumps(json.loads(found[_ENTRY]), sort_keys=True, separators=(",", ":")).encode()
    return {name: content for name, content in found.items() if _NEEDED.fullmatch(name)}
