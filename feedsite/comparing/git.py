"""The only door to git: which commit a name means, and its files of the site.

A repository may be anybody's. Of git only commands that read objects are used: none of them runs a hook, a filter, a
text conversion or a pager, and nothing is fetched.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from ..errors import FeedsiteError, in_one_line
from ..folder.opening import ROOTS
from ..settings import FILE
from . import extraction
from .extraction import Blob, Extracted, IsKnown

_OPTIONS = (
    *("--no-pager", "--no-optional-locks"),
    *("-c", "core.fsmonitor=", "-c", "core.hooksPath=/dev/null"),
    *("-c", "protocol.allow=never"),  # a partial clone would fetch what it lacks
)
# Variables by which a hook tells git where its repository is: not where the site's is.
_OF_HOOKS = frozenset(
    {
        "GIT_DIR",
        "GIT_WORK_TREE",
        "GIT_INDEX_FILE",
        "GIT_OBJECT_DIRECTORY",
        "GIT_COMMON_DIR",
        "GIT_PREFIX",
        "GIT_NAMESPACE",
    }
)
_QUIET = {"LC_ALL": "C", "GIT_NO_LAZY_FETCH": "1", "GIT_TERMINAL_PROMPT": "0"}
_RANGE = re.compile(r"(?P<old>.*?)(?P<dots>\.\.\.?)(?P<new>.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit, and the name by which it was asked for."""

    hash: str
    name: str

    @property
    def said(self) -> str:
        """HEAD (1f2e3d4)"""
        short = self.hash[:7]
        return short if self.hash.startswith(self.name) else in_one_line(f"{self.name} ({short})")


class Git:
    """The repository in which the site's folder lies, which is `folder` there; "" where it is all of it."""

    def __init__(self, site: Path) -> None:
        """Raises FeedsiteError where there is no git, or no repository."""
        program = shutil.which("git")
        if program is None:
            raise FeedsiteError(f"git is not installed; {_ELSEWHERE}")
        self._command = (program, *_OPTIONS, "-C", os.path.abspath(site))
        kept = {name: value for name, value in os.environ.items() if name not in _OF_HOOKS}
        self._environment = kept | _QUIET
        done = self._run("rev-parse", "--show-prefix")
        if done.returncode:
            why = _said(done.stderr)
            raise FeedsiteError(
                f"{site} lies in no git repository; {_ELSEWHERE}" if "not a git repository" in why else f"git: {why}"
            )
        self.folder = os.fsdecode(done.stdout).removesuffix("\n").rstrip("/")

    def commit(self, name: str) -> Commit:
        """The commit that a name means: of a branch, a tag, or its hash. Raises FeedsiteError where there is none."""
        if name.startswith("-"):
            raise FeedsiteError(in_one_line(f"{name} is no revision: the name of none begins with a hyphen"))
        done = self._run("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
        found = done.stdout.decode("ascii", "replace").strip()
        if done.returncode or not re.fullmatch("[0-9a-f]{40,64}", found):
            raise FeedsiteError(in_one_line(self._missing(name)))
        return Commit(found, name)

    def merge_base(self, one: Commit, other: Commit) -> Commit:
        """The commit from which two branches went apart. Raises FeedsiteError where there is none."""
        done = self._run("merge-base", one.hash, other.hash)
        if done.returncode:
            more = f"; {_DEEPEN}" if self._is_shallow() else ""
            raise FeedsiteError(in_one_line(f"{one.name} and {other.name} have no commit in common{more}"))
        return Commit(done.stdout.decode("ascii", "replace").strip(), f"where {other.name} left {one.name}")

    def extract(self, commit: Commit, folder: Path, is_known: IsKnown | None = None) -> Extracted:
        """Writes the site's files of a commit into this empty folder: site.yaml, articles, pages, media, theme.

        See extraction.extract.
        """
        blobs = list(self._blobs(commit))
        with self._reader() as (ask, answers):
            return extraction.extract(blobs, ask, answers, folder, is_known)

    def _blobs(self, commit: Commit) -> Iterator[Blob]:
        tree = f"{commit.hash}:{self.folder}" if self.folder else commit.hash
        done = self._run("ls-tree", "-r", "-z", "--full-tree", "--end-of-options", tree)
        if done.returncode:
            where = f"has no folder {self.folder}" if self.folder else f"cannot be read: {_said(done.stderr)}"
            raise FeedsiteError(in_one_line(f"{commit.said} {where}"))
        for line in done.stdout.split(b"\0")[:-1]:
            about, _, path = line.partition(b"\t")
            mode, _, object_hash = about.decode("ascii").split(" ")
            try:
                name = path.decode()
            except UnicodeDecodeError:  # nothing is published of such a file (folder/walk.py)
                continue
            parts = name.split("/")
            if (name == FILE or parts[0] in ROOTS) and not {"", ".", "..", ".git"} & set(parts):
                yield Blob(mode, object_hash, name)

    @contextmanager
    def _reader(self) -> Iterator[tuple[IO[bytes], IO[bytes]]]:
        command = [*self._command, "cat-file", "--batch"]
        with subprocess.Popen(  # noqa: S603  # a list of words
            command,
            env=self._environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        ) as process:
            try:
                yield cast("IO[bytes]", process.stdin), cast("IO[bytes]", process.stdout)
            finally:
                process.kill()

    def _missing(self, name: str) -> str:
        if self._is_shallow():
            return f"this clone has no {name}, for it is a shallow one; {_DEEPEN}"
        if name == "HEAD":
            return f"nothing is committed yet; {_ELSEWHERE}"
        return f"there is no revision {name}; `git branch --all` lists branches, `git log` commits"

    def _is_shallow(self) -> bool:
        return self._run("rev-parse", "--is-shallow-repository").stdout.strip() == b"true"

    def _run(self, *words: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run([*self._command, *words], env=self._environment, capture_output=True, check=False)  # noqa: S603  # a list of words


_ELSEWHERE = "name an export to compare with: `feedsite diff --against public`, or its address"
_DEEPEN = "fetch its history: `git fetch --unshallow`, or `fetch-depth: 0` where a workflow checks it out"


def range_of(words: tuple[str, ...]) -> tuple[str, str, bool]:
    """The older revision, the newer one, "" for the working tree, and whether their merge base is the older one.

    Of `A`, `A B`, `A..B`, `A...B`, `A...`, and nothing, which is HEAD. Raises FeedsiteError for more words.
    """
    if len(words) > 2:
        raise FeedsiteError("name two revisions at most: `feedsite diff OLD NEW`")
    if len(words) == 2:
        return words[0] or "HEAD", words[1], False
    found = _RANGE.fullmatch(words[0]) if words else None
    if not found:
        return (words[0] if words else "") or "HEAD", "", False
    return found["old"] or "HEAD", found["new"], found["dots"] == "..."


def _said(text: bytes) -> str:
    """What git printed, as one line."""
    lines = text.decode("utf-8", "replace").strip().splitlines()
    return in_one_line(lines[0].removeprefix("fatal: ")) if lines else "it failed"
