"""What holds for the project as a whole: its map, its versions, its first impression."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from feedsite.cli import main

from .support import programs, tried
from .support.golden import SAMPLE

ROOT = Path(__file__).parent.parent
COMMANDS = [name.replace("-", "_") for name in main.list_commands(None)]


def test_imports_run_one_way():
    """The import contract in pyproject.toml is kept: no room knows a room that is nearer to the reader."""
    lint = Path(sys.executable).with_name("lint-imports")
    process = subprocess.run([lint], cwd=ROOT, capture_output=True, text=True, check=False)
    assert process.returncode == 0, process.stdout


@pytest.mark.parametrize(
    ("library", "rooms"),
    [
        ("yaml", {"parsing/composer.py"}),
        ("feedgen", {"formats/_feedgen.py"}),
        ("lxml", {"formats/_feedgen.py"}),
        ("pyromark", {"parsing/markup.py"}),
        ("nh3", {"parsing/markup.py"}),
        ("regex", {"parsing/summary.py"}),
        ("jinja2", {"formats/templates.py", "formats/sandbox.py"}),
        ("flask", {"serving/web.py"}),
        ("watchfiles", {"serving/watch.py"}),
        ("sqlite3", {"index/connections.py"}),
        ("granian", {"serving/server.py"}),
        ("click", {"cli.py", *(f"commands/{name}.py" for name in ("opensite", "changing", *COMMANDS))}),
        ("urllib3", {"notifying/client.py"}),
        ("prometheus_client", {"serving/metrics.py"}),
        ("obstore", {"export/objects.py"}),
        ("brotli", {"document.py"}),
        ("babel", {"languages/__init__.py", "languages/calendar.py", "languages/catalogues.py"}),
        ("idna", {"hosts.py"}),
        ("tinytag", {"folder/recordings.py"}),
        ("backports", {"document.py"}),
    ],
)
def test_each_library_has_one_door(library, rooms):
    """A library's quirks are known in one module."""
    package = ROOT / "feedsite"
    using = {
        str(path.relative_to(package))
        for path in package.rglob("*.py")
        if re.search(rf"^\s*(import|from) {library}\b", path.read_text(), re.MULTILINE)
    }
    assert using == rooms


def test_test_modules_import_nothing_from_one_another():
    """What several of them need is in tests/support/, which imports none of them."""
    importing = re.compile(r"^\s*(from|import) .*\btest_\w+", re.MULTILINE)
    assert [str(path) for path in (ROOT / "tests").rglob("*.py") if importing.search(path.read_text())] == []


@pytest.fixture(scope="module")
def run_of_tests():
    """What a run of some tests prints at a desk that lacks programs; also with several processes."""
    wanted = ("deploy.py::test_systemd_understands_the_unit", "deploy.py::test_the_unit_shuts_the_server_in")
    wanted += ("linear.py::test_a_field_within_a_field_takes_time_that_is_linear_in_its_length",)
    quiet = ["-p", "no:cacheprovider", "--numprocesses", "1"]
    process = subprocess.run(
        [sys.executable, "-m", "pytest", *quiet, *(f"tests/test_{name}" for name in wanted)],
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if name != "CI"} | {"PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    return process.stdout + process.stderr


def test_a_run_of_the_tests_lists_what_was_skipped_with_what_installs_it(run_of_tests):
    """A program that is missing, with the number of its tests and the command."""
    command = "sudo apt-get install systemd"
    assert f"2 tests: systemd-analyze is not installed: {command}\n" in run_of_tests


def test_a_run_of_the_tests_says_how_many_cases_it_left_to_ci(run_of_tests):
    """Of 11 a desk tries three."""
    assert "\n8 cases of a test, of which other cases were tried; CI=true tries all\n" in run_of_tests
    assert " 3 passed, 2 skipped" in run_of_tests


def test_a_case_that_failed_is_tried_until_it_passes():
    """However few of its test are tried; and a test of one case is never left out."""
    names = [*(f"test_x[{number}]" for number in range(10)), "test_y[1]", "test_z"]
    items = [Case(name, None if name == "test_z" else "sampled") for name in names]
    left = {item.nodeid for item in tried.left_to_ci(items, {"test_x[9]": True})}
    assert left == ({f"test_x[{number}]" for number in range(3, 9)} if not tried.IS_CI else set())


class Case:
    """As much of a test's case, of pytest, as decides whether it is tried."""

    def __init__(self, nodeid, mark):
        self.nodeid, self.mark, self.user_properties = nodeid, mark, []

    def get_closest_marker(self, name):
        return name == self.mark


def test_ci_installs_each_program_that_tests_start():
    """With the command that a skipped test names; only what every Debian machine has is not installed there."""
    installing = (ROOT / ".ci" / "run").read_text().split()
    packages = {word for command in programs.INSTALL.values() for word in command.split()[3:] if "apt-get" in command}
    assert packages - {*installing} == {"mount", "util-linux"}


def test_a_command_imports_only_what_it_needs():
    """A build starts without server, client and watcher: each costs more than the whole of a small build."""
    program = """
import sys
from feedsite.cli import main
main.get_command(None, "build")
heavy = {"asyncio", "flask", "granian", "multiprocessing", "obstore", "urllib3", "watchfiles"}
print(*sorted(heavy & set(sys.modules)))
"""
    process = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert process.stdout == "\n"


def test_the_map_names_every_room():
    """ARCHITECTURE.md is under 120 lines and knows each module."""
    text = (ROOT / "ARCHITECTURE.md").read_text()
    assert len(text.splitlines()) < 120
    for path in (ROOT / "feedsite").rglob("*.py"):
        if path.stem not in ("__init__", "__main__"):
            assert f"`{path.stem}`" in text, path.stem


def test_every_dependency_has_its_reason_and_its_version():
    """What feedsite needs stands in ARCHITECTURE.md, and one version of it in constraints.txt."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    pinned = {line.partition("==")[0] for line in (ROOT / "constraints.txt").read_text().splitlines()}
    reasons = (ROOT / "ARCHITECTURE.md").read_text()
    for wanted in project["dependencies"] + project["optional-dependencies"]["dev"]:
        name = re.match("[a-z0-9.-]+", wanted)[0].replace(".", "-")
        assert name in pinned, name
    for wanted in project["dependencies"]:
        assert re.match("[a-z0-9.-]+", wanted)[0] in reasons, wanted


def test_wsgi_py_offers_the_application_to_any_server(tmp_path):
    """`app` answers, from whatever folder the server was started in."""
    program = """
import wsgi
from werkzeug.test import Client
print(Client(wsgi.app).get("/feed.rss").status)
"""
    shutil.copytree(SAMPLE, tmp_path / "site", ignore=shutil.ignore_patterns(".feedsite"))
    process = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "FEEDSITE_SITE": str(tmp_path / "site")},
        capture_output=True,
        text=True,
        check=True,
    )
    assert process.stdout == "200 OK\n"
