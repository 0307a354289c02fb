"""Programs of the operating system that tests need."""

import os
import shutil
from typing import NoReturn

import pytest


def needed(program: str) -> str:
    """The path of a program. Missing, it skips the test and says so; with CI=true it fails it."""
    if found := shutil.which(program, path=f"{os.environ['PATH']}:/usr/sbin"):
        return found
    return missing(program)


def missing(what: str) -> NoReturn:
    reason = f"{what} is not installed; .ci/run installs it"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)
