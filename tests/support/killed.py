"""A command that is killed at each step by which it changes the disk, one after the other, each time in a new folder.

Each try is a fork of one process, which has imported all before and has one thread: no try takes longer than its work.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

_STEPS = frozenset(
    "write flush fsync fchmod fchown link mkdir remove rename replace rmdir symlink truncate unlink".split()
)
_OWNERS = ("posix", "BufferedWriter")
_ROOMS = ("feedsite.editing", "feedsite.desk")  # in which files of others are changed


def tries(template, place, commands):
    """For each command its tries: `killed` and `again`, what stands in `place` after the kill and after the same
    command once more, as texts by path; and the status of that one. In the last one nothing was killed.
    """
    program = [sys.executable, "-m", "tests.support.killed"]
    asked = json.dumps({"template": str(template), "place": str(place), "commands": commands})
    root = Path(__file__).parents[2]
    done = subprocess.run(program, input=asked, capture_output=True, text=True, check=False, cwd=root)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def _tries(template, place, words, every):
    found, number = [], 1
    while True:
        shutil.rmtree(place, ignore_errors=True)
        shutil.copytree(template, place)
        was_killed = _forked(words, place, number) == -signal.SIGKILL
        one = {"killed": _files(place)}
        if was_killed:
            one["status"] = _forked(words, place, None)
            one["again"] = _files(place)
        found.append(one)
        if not was_killed:
            return found
        number += every


def _forked(words, place, number):
    """The status of a command in a fork, which is killed before its step of this number."""
    if child := os.fork():
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    try:
        from feedsite.cli import main  # noqa: PLC0415  # see _run

        with open(os.devnull, "w") as nowhere:
            os.dup2(nowhere.fileno(), 1)
            os.dup2(nowhere.fileno(), 2)
        os.environ["FEEDSITE_CACHE"] = f"{place}.cache"
        os.chdir(place)
        if number:
            sys.setprofile(_killer(number))
        main(words)
    except SystemExit as error:
        os._exit(error.code or 0)
    finally:
        os._exit(99)


def _killer(number):
    left = number

    def profiled(frame, event, called):
        nonlocal left
        if event == "c_call" and called.__name__ in _STEPS and _is_of_disk(frame, called):
            left -= 1
            if not left:
                os.kill(os.getpid(), signal.SIGKILL)

    return profiled


def _is_of_disk(frame, called):
    owner = called.__self__
    is_own = getattr(owner, "__name__", type(owner).__name__) in _OWNERS
    return is_own and frame.f_globals["__name__"].startswith(_ROOMS)


def _files(place):
    """What stands in the folder, but for the fork's cache."""
    return {
        str(path.relative_to(place)): path.read_bytes().decode("latin-1")
        for path in sorted(Path(place).rglob("*"))
        if path.is_file()
    }


def _run():
    """Imports what every command needs before the first fork."""
    from feedsite import cli  # noqa: PLC0415  # only where it is a program

    for name in cli._COMMANDS:
        cli.main.get_command(None, name)
    asked = json.load(sys.stdin)
    found = [_tries(asked["template"], asked["place"], words, every) for words, every in asked["commands"]]
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    _run()
