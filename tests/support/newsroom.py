"""A site of stories, served by the real program while readers ask: what the tests of faults begin with."""

import os
import subprocess
from collections import Counter
from contextlib import contextmanager
from pathlib import Path

import pytest

from benchmarks import stories
from benchmarks.crowd import reading

from .programs import needed
from .servers import FEEDSITE, Server, kill_all
from .waiting import PATIENCE, until

STORIES = range(12)
TOGETHER = ("--workers", "2")
_LISTENING = "0A"  # the state of a socket in /proc/net/tcp


def newsroom(tmp_path, count=12):
    """A site's folder with so many stories."""
    site = tmp_path / "site"
    stories.write_site(site, count)
    return site


@contextmanager
def serving(site, *options, **how):
    """`feedsite serve` until the end, every worker of it ready; whatever the test did to it, nothing of it stays."""
    server = Server(site, *options, **how)
    try:
        workers = int(options[1]) if options else 1
        until(lambda: listeners(server.port) == workers, PATIENCE)
        yield server
    finally:
        family = [server.process.pid, *server.workers()] if server.process.poll() is None else []
        if server.process.poll() is None:
            server.stop()
        until(lambda: not any(map(is_alive, family)), patience=5)  # a killed process ends a moment later
    assert "Traceback" not in server.log.read_text()


@contextmanager
def read_by_a_crowd(*servers, always=STORIES, known=None, pages=None, broken=0):
    """Readers ask until the end and find nothing wrong; `broken` is how many connections a kill may cost at most."""
    with reading(*(server.port for server in servers), always=always, known=known, pages=pages) as crowd:
        yield crowd
        crowd.hear()
    assert not crowd.complaints, crowd.complaints[:5]
    assert crowd.broken <= broken, f"{crowd.broken} connections were ended"


def listeners(port):
    """How many processes listen on a port: the workers of one server share it (SO_REUSEPORT)."""
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return sum(row[3] == _LISTENING and int(row[1].rpartition(":")[2], 16) == port for row in rows)


def is_alive(pid):
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False


def edit(site, crowd, number, version):
    """Saves a story and waits until a reader has been told it."""
    stories.save(site, number, version)
    until(lambda: crowd.version(number) == version, PATIENCE)


def lines(server, words):
    """The lines of the log that hold these words, without their times."""
    return [line.split(" ", 2)[-1] for line in server.log.read_text().splitlines() if words in line]


def errors(server):
    """What the log tells as ERROR or WARNING, and how often each."""
    told = (line.split(" ", 2)[-1] for line in server.log.read_text().splitlines())
    return Counter(line for line in told if line.startswith(("ERROR", "WARNING")))


@contextmanager
def started(site, *words):
    """Another command, with all its processes, until the end of this."""
    command = [*FEEDSITE, "--site", site, *words]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, start_new_session=True, **quiet) as process:
        try:
            yield process
        finally:
            kill_all(process)


def feedsite(site, *words):
    """Another command, from its begin to its end."""
    return subprocess.run([*FEEDSITE, "--site", str(site), *words], capture_output=True, text=True, check=False)


def bound_by_rights():
    """What a command must run within, so that the rights of files bind it: to root they are nothing."""
    if os.geteuid():
        return ()
    dropped = "-dac_override,-dac_read_search"
    return (needed("setpriv"), f"--bounding-set={dropped}", f"--inh-caps={dropped}")


@contextmanager
def mounted(folder, *options):
    """A disk at this folder, by the options of mount(8): one in memory, or another folder once more."""
    folder.mkdir(exist_ok=True)
    done = subprocess.run([needed("mount"), *options, folder], capture_output=True, check=False)
    if done.returncode:
        pytest.skip("whoever runs this may mount no disk")
    try:
        yield folder
    finally:
        subprocess.run([needed("umount"), "--lazy", folder], check=True)


def in_memory(folder, size):
    """A disk of so many bytes, as tmpfs writes them: 4m."""
    return mounted(folder, "-t", "tmpfs", "-o", f"size={size},mode=700", "feedsite-test")
