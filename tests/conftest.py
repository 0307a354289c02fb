"""Fixtures of several test modules, what a desk leaves to CI, and the list of what was not tested."""

import contextlib
import gc
import resource
import shutil
import subprocess
from collections import Counter
from contextlib import contextmanager

import pytest
from playwright.sync_api import sync_playwright

from feedsite.serving.live import Live

from .support import (
    laws,  # noqa: F401  # loads Hypothesis's profile before any law is made
    tried,
)
from .support.golden import NOW, SAMPLE
from .support.programs import needed

# What Chromium has for people at its window, a third of the cost of a page; then what Playwright switches off itself,
# for Chromium takes the last list alone.
_UNUSED = """WebUIOmniboxPopup WebUIOmniboxAimPopup WebUIOmniboxFullPopup SpareRendererForSitePerProcess
    AvoidUnnecessaryBeforeUnloadCheckSync DestroyProfileOnBrowserClose HttpsUpgrades HttpsFirstBalancedModeAutoEnable
    LensOverlay MediaRouter PaintHolding ThirdPartyStoragePartitioning AvoidCorsURLLoaderRestartOnRedirect
    OptimizationHints NetworkTimeServiceQuerying AimEnabled PreconnectToSearch""".split()
_QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-sync"]
_QUIET += [f"--disable-features={','.join(_UNUSED)}"]


def pytest_collection_modifyitems(config, items):
    """Leaves to CI what a desk need not try in each run."""
    if not tried.IS_CI:
        failed = config.cache.get("cache/lastfailed", {}) if hasattr(config, "cache") else {}
        left = tried.left_to_ci(items, failed)
        items[:] = [item for item in items if item not in left]


def pytest_collection_finish():
    """What was collected stays until the end: whoever looks for garbage need not look at it, which takes 0.15 s."""
    gc.collect()
    gc.freeze()


def pytest_terminal_summary(terminalreporter):
    """Lists at the end what was left to CI; and what was not tested on this machine and why, a missing program with
    what installs it.
    """
    cases, tests = tried.counted(one for kind in ("passed", "failed") for one in terminalreporter.getreports(kind))
    if cases:
        terminalreporter.section("left to CI")
        those = "a test" if tests == 1 else f"{tests} tests"
        terminalreporter.line(f"{cases} cases of {those}, of which other cases were tried; CI=true tries all")
    skipped = terminalreporter.getreports("skipped")
    reasons = Counter(report.longrepr[2].removeprefix("Skipped: ") for report in skipped)
    if reasons:
        terminalreporter.section("not tested on this machine")
    for reason, count in sorted(reasons.items()):
        terminalreporter.line(f"{count} {'test' if count == 1 else 'tests'}: {reason}")


@pytest.fixture(autouse=True)
def module_path(monkeypatch):
    """A command that a test calls in this process sets the variable for its children: other tests' are none of them."""
    monkeypatch.setenv("PYTHONSAFEPATH", "")
    monkeypatch.delenv("PYTHONSAFEPATH")


@pytest.fixture(scope="session", autouse=True)
def home(tmp_path_factory):
    """A home of the tests' own: the indexes that they make lie below it, and none of the user's is touched."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("CACHE_DIRECTORY", "FEEDSITE_CACHE", "XDG_CACHE_HOME"):
            patch.delenv(name, raising=False)
        patch.setenv("HOME", str(tmp_path_factory.mktemp("home")))
        yield


@pytest.fixture(scope="module")
def browser(chromium):
    """Chromium, which asks nothing of the network by itself."""
    with sync_playwright() as playwright:
        one = playwright.chromium.launch(executable_path=chromium, args=_QUIET)
        yield one
        one.close()


@pytest.fixture
def folder(tmp_path):
    """A copy of the sample site's folder."""
    shutil.copytree(SAMPLE, tmp_path / "site", ignore=shutil.ignore_patterns(".feedsite"))
    return tmp_path / "site"


@pytest.fixture
def live(folder):
    """A Live of `folder`, running, whose clock stands at NOW."""
    one = Live(folder, {}, clock=lambda: NOW)
    one.start()
    yield one
    one.stop()


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


@pytest.fixture
def small_disk(tmp_path):
    """A disk of its own that holds 4 MB; `fill()` takes all that is left of it, and returns what gives it back."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(
        [needed("mount"), "-t", "tmpfs", "-o", "size=4m,mode=700", "none", place],
        capture_output=True,
        text=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip(f"this user may mount no disk: {mounted.stderr.strip()}")

    def fill():
        filling = place / "filling"
        with filling.open("wb", buffering=0) as file, contextlib.suppress(OSError):
            while file.write(bytes(4096)):
                pass
        return filling.unlink

    yield place, fill
    subprocess.run([needed("umount"), "--lazy", place], check=True)


@pytest.fixture(scope="session")
def chromium() -> str:
    return needed("chromium")
