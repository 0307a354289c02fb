"""What deploy/ and the Containerfile run is the program of this tree: its options, variables and addresses."""

import http.server
import json
import os
import re
import shlex
import shutil
import stat
import subprocess
import sys
import threading
import tomllib
from pathlib import Path

import pytest

from feedsite.parsing.sitefields import VARIABLES
from feedsite.urls import HEALTH

from .support.docs import DOCS, HOME, VARIABLE, called
from .support.golden import SAMPLE
from .support.nginx import get
from .support.programs import needed
from .support.servers import Server, free_port

UNIT = (HOME / "deploy" / "feedsite@.service").read_text()
CONTAINERFILE = (HOME / "Containerfile").read_text()
IGNORED = (HOME / ".dockerignore").read_text().splitlines()


def instructions(name):
    """What stands behind each instruction of that name, in order."""
    return re.findall(rf"^{name} (.+)$", CONTAINERFILE, re.MULTILINE)


def commands(text):
    """The command lines in its comments."""
    return re.findall(r"^#   (.+)$", text, re.MULTILINE)


def variables(text):
    return sorted(set(VARIABLE.findall(text)))


@pytest.mark.parametrize("name", variables(UNIT + CONTAINERFILE))
def test_each_variable_that_is_set_is_read(name):
    """A slip in a name would go unnoticed: nobody refuses a variable."""
    code = "\n".join(path.read_text("utf-8") for path in (HOME / "feedsite").rglob("*.py"))
    assert name in set(VARIABLE.findall(code)) | set(VARIABLES.values())


def test_what_systemd_starts_can_be_typed():
    """The program's own options, each with a value that it takes."""
    program, *words = shlex.split(re.search(r"^ExecStart=(.+)$", UNIT, re.MULTILINE)[1])
    assert program == "/opt/feedsite/bin/feedsite"
    assert called(words)[0] == "serve"


def test_what_the_container_starts_can_be_typed():
    """The entry point and what follows it where nobody says otherwise."""
    (program,), words = (json.loads(instructions(name)[0]) for name in ("ENTRYPOINT", "CMD"))
    assert program == "/opt/feedsite/bin/feedsite"
    assert called(words) == ("serve", [])


@pytest.mark.parametrize("file", [UNIT, CONTAINERFILE], ids=["unit", "container"])
def test_the_guide_tells_each_command_that_a_file_names(file):
    """Whoever reads the file or the guide is told the same."""
    assert len(commands(file)) == 2
    for command in commands(file):
        assert command in DOCS["deploy.md"], command


def assigned(text):
    """Every line NAME=VALUE."""
    return re.findall(r"^([A-Z]\w*)=(.*)$", text, re.MULTILINE)


def test_an_instance_of_the_unit_shares_nothing_with_another():
    """Folder, variables, cache and logs bear the instance's name; no option binds all to one port."""
    unit = dict(assigned(UNIT))
    assert unit["ExecStart"].partition(" ")[2] == "--site /srv/%i serve"
    for name in ("RequiresMountsFor", "EnvironmentFile", "CacheDirectory", "LogsDirectory"):
        assert re.search(r"/%i\b", unit[name]), name
    assert unit["CacheDirectoryMode"] == unit["LogsDirectoryMode"] == "0700"


def test_two_sites_are_served_side_by_side_as_the_guide_has_it(tmp_path):
    """Each with its port, metrics, log, token and cache, by the variables of the guide's own second site."""
    told = re.search(r"^# /etc/feedsite/sport.env\n(.*?)^```", DOCS["deploy.md"], re.MULTILINE | re.DOTALL)[1]
    running = []
    try:
        for name in ("news", "sport"):
            shutil.copytree(SAMPLE, tmp_path / name)
            variables = dict(assigned(told)) | {"CACHE_DIRECTORY": str(tmp_path / "cache" / name)}
            port, metrics = (variables[name] for name in ("FEEDSITE_PORT", "FEEDSITE_METRICS_PORT"))
            assert port != metrics
            variables["FEEDSITE_METRICS_PORT"] = str(free_port())
            variables["FEEDSITE_ACCESS_LOG"] = str(tmp_path / f"{name}.log")
            running.append((Server(tmp_path / name, **variables), variables))
        for server, variables in running:
            token = variables["FEEDSITE_STATUS_TOKEN"]
            assert server.get("/status", Authorization=f"Bearer {token}").status == 200
            figures = get(int(variables["FEEDSITE_METRICS_PORT"]), "/metrics").body
            assert b"feedsite_workers " in figures
            (cache,) = Path(variables["CACHE_DIRECTORY"]).iterdir()
            assert stat.S_IMODE(cache.stat().st_mode) == 0o700
            assert (cache / "index.sqlite").exists()
    finally:
        for server, _ in running:
            server.stop()
    for _, variables in running:
        assert " /status " in Path(variables["FEEDSITE_ACCESS_LOG"]).read_text()


def test_systemd_understands_the_unit(tmp_path):
    """Every directive and every value of it."""
    unit = tmp_path / "feedsite@.service"
    unit.write_text(UNIT.replace("/opt/feedsite/bin/feedsite", sys.executable))
    process = subprocess.run(
        [needed("systemd-analyze"), "verify", unit], capture_output=True, text=True, check=False, timeout=60
    )
    assert (process.returncode, process.stdout + process.stderr) == (0, "")


def test_the_unit_shuts_the_server_in():
    """systemd's own judgement, from 0 (can do nothing) to 10 (everything): 2 at most."""
    command = [needed("systemd-analyze"), "security", "--offline=true", "--threshold=20"]
    process = subprocess.run(
        [*command, HOME / "deploy" / "feedsite@.service"], capture_output=True, text=True, check=False, timeout=60
    )
    assert process.returncode == 0, process.stdout


def test_the_image_begins_with_a_pinned_python_from_no_named_registry():
    """One version for making and for running, new enough, wherever its builder has it from."""
    images = [image.removesuffix(" AS made") for image in instructions("FROM")]
    assert set(images) == {"python:3.12-slim"}
    least = tomllib.loads((HOME / "pyproject.toml").read_text())["project"]["requires-python"]
    assert least == ">=3.11"


def test_the_container_is_nobody_in_particular():
    """A number, since the machine outside knows no name of it, and not root's."""
    user, group = instructions("USER")[-1].split(":")
    assert int(user) == int(group) >= 1000
    assert f"chown {user}:{group} /cache" in CONTAINERFILE


def test_all_that_goes_into_the_image_exists_and_is_sent():
    """Nothing that is copied is missing here or left out by .dockerignore, which leaves out all else."""
    copied = [source for line in instructions("COPY") if not line.startswith("--from") for source in line.split()[:-1]]
    assert sorted(copied) == sorted(line[1:] for line in IGNORED if line.startswith("!"))
    assert [name for name in copied if not (HOME / name).exists()] == []
    assert "*" in IGNORED


def check_health(port):
    """The status of the container's own check."""
    (program, *words) = json.loads(instructions("HEALTHCHECK")[0].partition(" CMD ")[2])
    assert program == "/opt/feedsite/bin/python"
    environment = {**os.environ, "FEEDSITE_PORT": str(port)}
    ended = subprocess.run([sys.executable, *words], env=environment, check=False, capture_output=True, timeout=30)
    return ended.returncode


def test_the_container_asks_its_health_where_it_listens(tmp_path):
    """0 from a server that is well."""
    shutil.copytree(SAMPLE, tmp_path / "site", ignore=shutil.ignore_patterns(".feedsite"))
    server = Server(tmp_path / "site")
    try:
        assert check_health(server.port) == 0
    finally:
        server.stop()
    assert check_health(server.port) != 0
    assert f"'{HEALTH}'" in CONTAINERFILE
    assert instructions("EXPOSE") == re.findall(r"FEEDSITE_PORT=(\d+)", CONTAINERFILE)


def test_the_container_is_not_well_where_its_server_is_not():
    """503 is an answer, and a bad one."""

    class Unwell(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_error(503)

        def log_message(self, *_):
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Unwell) as server:
        threading.Thread(target=server.handle_request).start()
        assert check_health(server.server_port) == 1
    assert check_health(free_port()) == 1
