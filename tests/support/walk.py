"""The walk of docs/editing.md: its commands one after the other, in one folder, with what each is to print.

Dates in the guide are those of one day. A walk on another day types, and compares, that day's instead. Run as a
program, it takes what is printed now as right: read the difference.
"""

import os
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import takewhile
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from click.testing import CliRunner

from feedsite.cli import main
from feedsite.wording import day_in_words

from .programs import needed

DAY = date(2026, 11, 27)  # of the guide
_SERVING = ("preview", "serve")
_ASSIGNED = re.compile(r"[A-Z_]+=")
_ZONE = ZoneInfo("Europe/Berlin")  # of the guide's site
_BLOCK = re.compile(r"^```(console|yaml)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_NAMED = re.compile(r"# (\S+/\S+\.yaml)\n")
_MOMENT = re.compile(r"T\d\d:\d\d:\d\d[+-]\d\d:\d\d")
_DATE = re.compile(r"\b20\d\d-\d\d-\d\d(?!\d)")
# What differs from one walk to another: moments, commits, ports, signatures.
_VARIES = (
    (_MOMENT.pattern, "T09:00:00+01:00"),
    (rf"(?<=\d\d\d\d-\d\d-\d\d )\d\d:\d\d|(?<={day_in_words(DAY)} at )\d\d:\d\d", "09:00"),
    (r"\bCEST\b", "CET"),
    (r"\([0-9a-f]{7,}\)", "(1f2e3d4)"),
    (r"--source=[0-9a-f]+", "--source=1f2e3d4"),
    (r"127\.0\.0\.1:\d+", "127.0.0.1:8000"),
    (r"/shared/[\w-]+/", "/shared/AGrBHQCk3.../"),
)


class Step(NamedTuple):
    """A command, and what it prints; or a file that is written, with its name and its text."""

    command: str
    printed: str
    is_file: bool = False


def steps(page: str) -> Iterator[Step]:
    """Those of all screens and files of a page, in their order. A file's name stands in its first line, a comment."""
    for kind, block in _BLOCK.findall(page):
        if kind == "console":
            for typed in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
                command, _, printed = typed.partition("\n")
                yield Step(command, printed)
        elif named := _NAMED.match(block):
            yield Step(named[1], block, is_file=True)


class Walk:
    """A shell that knows `cd`, `cat`, `rm`, `git` and `feedsite`, the last one in this process."""

    def __init__(self, folder: Path, change_folder) -> None:
        self._folder = folder
        self._change_folder = change_folder

    def take(self, step: Step) -> str:
        """Writes the file, or types the command; what that prints, with the dates of the guide."""
        today = datetime.now(_ZONE).date()
        typed = step.command.replace(DAY.isoformat(), today.isoformat())
        if step.is_file:
            midnight = datetime.combine(today, time(), _ZONE).isoformat()  # before all that commands publish
            text = step.printed.replace(DAY.isoformat(), today.isoformat())
            (self._folder / typed).write_text(_MOMENT.sub(midnight[10:], text), "utf-8")
            return step.printed
        words = shlex.split(typed, comments=True)
        given = dict(word.split("=", 1) for word in takewhile(_ASSIGNED.match, words))
        program, *words = words[len(given) :]
        return _as_in_guide(getattr(self, f"_{program}")(*words, **given), today)

    def _cd(self, folder: str) -> str:
        self._folder /= folder
        self._change_folder(self._folder)
        return ""

    def _cat(self, path: str) -> str:
        return (self._folder / path).read_text("utf-8")

    def _rm(self, path: str) -> str:
        (self._folder / path).unlink()
        return ""

    def _git(self, *words: str) -> str:
        named = ("-c", "user.name=Mina Sato", "-c", "user.email=sato@news.example")
        return subprocess.run(
            [needed("git"), *named, *words], cwd=self._folder, capture_output=True, text=True, check=True
        ).stdout

    def _feedsite(self, *words: str, **given: str) -> str:
        if words[0] in _SERVING:
            return self._hello(*words)
        result = CliRunner(env={"FEEDSITE_BASE_URL": None, **given}).invoke(main, words)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result.output

    def _hello(self, *words: str) -> str:
        """What a command prints that serves until it is ended; it is, once it has said so."""
        called = [sys.executable, "-m", "feedsite", *words]
        with subprocess.Popen(called, cwd=self._folder, stdout=subprocess.PIPE, text=True) as server:
            lines = []
            for line in server.stdout:
                lines.append(line)
                if "Ctrl-C" in line:
                    break
            server.terminate()
            return "".join(lines)


def _as_in_guide(printed: str, today: date) -> str:
    for written in ("/{:%Y/%m}/".format, "/{0:%Y}/  {0:%Y}".format, _month_in_words, day_in_words):
        printed = printed.replace(written(today), written(DAY))
    printed = _DATE.sub(lambda found: _shifted(found[0], DAY - today), printed)
    for pattern, shown in _VARIES:
        printed = re.sub(pattern, shown, printed)
    return printed


def _shifted(day: str, by: timedelta) -> str:
    """A day near to today, as it is in the guide."""
    return (date.fromisoformat(day) + by).isoformat()


def _month_in_words(day: date) -> str:
    return day_in_words(day).partition(" ")[2]


def _print_anew(page: Path) -> None:
    """Writes what each command prints now into the page."""
    text = page.read_text("utf-8")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["HOME"] = folder  # the indexes lie below it
        os.chdir(folder)
        walk = Walk(Path(folder), os.chdir)
        place = 0
        for step in steps(text):
            printed = walk.take(step)
            if not step.is_file:
                place = text.index(f"$ {step.command}\n", place) + len(step.command) + 3
                text = text[:place] + printed + text[place + len(step.printed) :]
    page.write_text(text, "utf-8")


if __name__ == "__main__":
    _print_anew(Path("docs", "editing.md").absolute())
