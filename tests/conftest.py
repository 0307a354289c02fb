"""What the operating system must lend the tests, and how a missing part is told."""

import os
import resource
import shutil
from contextlib import contextmanager

import hypothesis
import pytest

# With CI=true the laws are tried on the same examples each time; everywhere else on new ones.
hypothesis.settings.register_profile("ci", derandomize=True)
if os.environ.get("CI") == "true":
    hypothesis.settings.load_profile("ci")


def needed(program: str) -> str:
    """The path of a program. Missing, it skips the test and says so; with CI=true it fails it."""
    if found := shutil.which(program):
        return found
    reason = f"{program} is not installed; .ci/run installs it from the system's packages"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture
def no_more_files():
    """Within it, this process can open no file: what a server meets that holds too many connections."""

    @contextmanager
    def refused():
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (3, hard))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))

    return refused


@pytest.fixture(scope="session")
def chromium() -> str:
    return needed("chromium")
