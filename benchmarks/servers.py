"""The servers that are measured: started on free ports of the loopback, ended by their ids whatever happens."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent  # of the tree that these benchmarks lie in; it is the one that is measured
_PATIENCE = 30  # seconds in which a server has to answer first, and to end
_TIGHT = 0.005  # seconds between two questions whether it answers
_TICKS = os.sysconf("SC_CLK_TCK")

# As feedsite/serving/server.py starts granian.
_GRANIAN = "--interface wsgi --workers 1 --blocking-threads 1 --http 1 --no-ws --no-access-log --log-level warning"
_GRANIAN += " --http1-buffer-size 32768"

# As Debian and nginx's own guides have it, beside: no log, one worker, and connections that last for the whole run.
_NGINX = """\
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/nginx.log warn;
{user}
events {{ worker_connections 512; }}
http {{
    access_log off;
    client_body_temp_path {folder}/temp;
    proxy_temp_path {folder}/temp;
    fastcgi_temp_path {folder}/temp;
    uwsgi_temp_path {folder}/temp;
    scgi_temp_path {folder}/temp;
    types {{
        application/rss+xml rss;
        application/atom+xml atom;
        application/feed+json json;
    }}
    charset utf-8;
    charset_types application/rss+xml application/atom+xml application/feed+json;
    sendfile on;
    tcp_nopush on;
    keepalive_requests 1000000000;
    gzip_static on;
    gzip_vary on;
    server {{
        listen 127.0.0.1:{port};
        root {root};
    }}
}}
"""


class Failed(Exception):
    """What a benchmark cannot go on with, in one sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A server that answers on 127.0.0.1, with everything it started.

    `begun` is when its program was started, on time.perf_counter; it first answered `ready_after` seconds later.
    """

    port: int
    process: subprocess.Popen[bytes]
    log: Path
    begun: float
    ready_after: float

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def cpu_seconds(self) -> float:
        """User and system time of its processes until now, those that have ended included."""
        return sum(_cpu_ticks(pid) for pid in family(self.process.pid)) / _TICKS


@contextmanager
def feedsite(site: Path, *options: str, patience: float = _PATIENCE) -> Iterator[Server]:
    """`feedsite serve` with all its defaults but for the options; `patience` is for the first answer, in seconds."""
    port = free_port()
    command = feedsite_command(site, "serve", "--port", str(port), *options)
    with _running(command, port, site.with_suffix(".log"), patience=patience) as server:
        yield server


def feedsite_command(site: Path, *words: str) -> list[str]:
    return [sys.executable, "-m", "feedsite", "--site", str(site), *words]


@contextmanager
def hugo(folder: Path) -> Iterator[Server]:
    """`hugo server`: builds into memory, follows its files, and draws after a change whatever may show it."""
    port = free_port()
    options = f"server --bind 127.0.0.1 --port {port} --disableFastRender --disableLiveReload --source {folder}"
    with _running(["hugo", *options.split()], port, folder.with_suffix(".log"), patience=_PATIENCE * 10) as server:
        yield server


@contextmanager
def granian(app: str, log: Path, variables: Mapping[str, str]) -> Iterator[Server]:
    """A factory of benchmarks/apps.py under the server that feedsite itself runs on, and with the same settings."""
    port = free_port()
    command = [sys.executable, "-m", "granian", *_GRANIAN.split(), "--factory", "--port", str(port), app]
    with _running(command, port, log, variables) as server:
        yield server


@contextmanager
def nginx(folder: Path) -> Iterator[Server]:
    """nginx over the files in `folder`/root."""
    port = free_port()
    root = folder / "root"
    root.mkdir(parents=True, exist_ok=True)
    user = "user root;" if os.geteuid() == 0 else ""  # else its worker could not read the temporary folder
    config = folder / "nginx.conf"
    config.write_text(_NGINX.format(folder=folder, root=root, port=port, user=user))
    command = ["nginx", "-e", str(folder / "nginx.log"), "-p", str(folder), "-c", str(config)]
    with _running(command, port, folder / "nginx.log") as server:
        yield server


def build(site: Path, output: Path) -> None:
    """`feedsite build`."""
    command = feedsite_command(site, "build", "--output", str(output))
    ended = subprocess.run(command, cwd=ROOT, env=environment(), capture_output=True, text=True, check=False)
    if ended.returncode:
        raise Failed(f"feedsite build failed: {ended.stderr.strip()}")


def family(pid: int) -> list[int]:
    """The process and all below it, as far as they run."""
    members = [pid]
    for member in members:
        with suppress(OSError):
            for task in os.listdir(f"/proc/{member}/task"):
                with suppress(OSError):
                    members.extend(map(int, Path(f"/proc/{member}/task/{task}/children").read_text().split()))
    return members


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def _running(
    command: Sequence[str],
    port: int,
    log: Path,
    variables: Mapping[str, str] | None = None,
    patience: float = _PATIENCE,
) -> Iterator[Server]:
    log.unlink(missing_ok=True)
    with log.open("ab") as output:
        begun = time.perf_counter()
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment() | dict(variables or {}),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C comes to the benchmark alone, which then ends its servers
        )
    try:
        _await_answer(process, port, log, patience)
        yield Server(port=port, process=process, log=log, begun=begun, ready_after=time.perf_counter() - begun)
    finally:
        _end(process)


def environment() -> dict[str, str]:
    """Without settings of feedsite that somebody's shell may hold."""
    return {name: value for name, value in os.environ.items() if not name.startswith("FEEDSITE_")}


def _await_answer(process: subprocess.Popen[bytes], port: int, log: Path, patience: float) -> None:
    until = time.monotonic() + patience
    while time.monotonic() < until and process.poll() is None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=patience)
        try:
            connection.request("GET", "/feed.rss")
            if connection.getresponse().status == 200:
                return
        except OSError:
            pass  # nobody listens yet
        finally:
            connection.close()
        time.sleep(_TIGHT)
    last = log.read_text(errors="replace").strip().splitlines()[-1:] or ["nothing"]
    raise Failed(f"a server ({log.stem}) does not serve /feed.rss; it said: {last[0]}")


def _end(process: subprocess.Popen[bytes]) -> None:
    since = {pid: _start(pid) for pid in family(process.pid)}
    process.terminate()
    try:
        process.wait(_PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    for pid, start in since.items():
        if start and _start(pid) == start:  # it outlived its parent, and is no stranger with a number used again
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def _start(pid: int) -> str:
    """When it was started, in ticks since the machine was; empty where it has ended."""
    return next(iter(_stat(pid)[19:20]), "")


def _cpu_ticks(pid: int) -> int:
    """utime, stime, cutime and cstime of proc(5)."""
    return sum(map(int, _stat(pid)[11:15]))


def _stat(pid: int) -> list[str]:
    """The fields of /proc/PID/stat from the third on; a program's name may hold blanks and brackets."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []
