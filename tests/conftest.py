"""What the operating system must lend the tests, and how a missing part is told."""

import os
import shutil

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


@pytest.fixture(scope="session")
def chromium() -> str:
    return needed("chromium")
