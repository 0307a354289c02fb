"""`feedsite serve` as an operator runs it: a real process, real sockets on the loopback."""

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from random import SystemRandom

import pytest
from prometheus_client.parser import text_string_to_metric_families

from .waiting import until

TOKEN = "secret"  # noqa: S105  # FEEDSITE_STATUS_TOKEN, of servers that live as long as a test
FEEDSITE = (sys.executable, "-m", "feedsite")
_CHANCE = SystemRandom()


def free_port():
    """A port that nobody uses, and that no connection gets from the system before a server has it: those of Linux begin
    at 32768. Chosen by chance that pytest-randomly does not make the same in each process.
    """
    while True:
        port = _CHANCE.randrange(10_000, 32_768)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def kill_all(process):
    """Kills a process and those it started, in one moment, as a power cut does."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


class Server:
    """A running `feedsite serve`; everything it prints is kept."""

    def __init__(self, folder, *options, port=None, within=(), cwd=None, **environment):
        """`within` is a command that runs others, such as setpriv with its options; `cwd` is the current folder."""
        self.port = port or free_port()
        self.log = folder.parent / f"{self.port}.log"
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [*within, *FEEDSITE, "--site", str(folder), "serve", "--port", str(self.port), *options],
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**os.environ, "FEEDSITE_STATUS_TOKEN": TOKEN, **environment},
                start_new_session=True,
                cwd=cwd,
            )
        try:
            until(lambda: self.process.poll() is not None or self._answers(), patience=30)
            assert self.process.poll() is None, self.log.read_text()
        except BaseException:
            self.process.kill()
            self.process.wait()
            raise

    def _answers(self):
        return self.said(f":{self.port}/") and self.get("/").status == 200

    def said(self, words):
        return words in self.log.read_text()

    def get(self, path, method="GET", **headers):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
            connection.request(method, path, headers={"Authorization": f"Bearer {TOKEN}", **headers})
            response = connection.getresponse()
            response.body = response.read()
            connection.close()
        except (ConnectionError, http.client.HTTPException) as error:
            return http_error(error)
        return response

    def raw(self, request, patience=10):
        """All that comes back until the server closes, or for `patience` seconds."""
        answer = b""
        with socket.create_connection(("127.0.0.1", self.port), timeout=patience) as connection:
            with suppress(TimeoutError, ConnectionError):  # a server that has heard enough closes
                connection.sendall(request)
            with suppress(TimeoutError, ConnectionError):
                while piece := connection.recv(65536):
                    answer += piece
        return answer

    def workers(self):
        """The processes that answer: the server's children, by /proc."""
        found = []
        for child in Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split():
            with suppress(FileNotFoundError, ProcessLookupError):  # one that has just ended
                if b"feedsite" in Path(f"/proc/{child}/cmdline").read_bytes():
                    found.append(int(child))
        return found

    def stop(self, how=signal.SIGTERM):
        self.process.send_signal(how)
        return self.process.wait(timeout=15)

    def kill(self):
        """Ends the server sooner than `stop`, for a test that is not about its end."""
        kill_all(self.process)

    def pipelined(self, requests):
        """The statuses of these requests (what stands before HTTP/1.1, and fields), all sent at once."""
        last = "HEAD / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        written = [f"{line} HTTP/1.1\r\nHost: x\r\n{fields}\r\n" for line, fields in requests]
        answer = self.raw("".join([*written, last]).encode())
        return [int(status) for status in re.findall(rb"HTTP/1\.1 (\d{3}) ", answer)][:-1]

    def memory(self):
        """Bytes that its processes hold together."""
        below = [self.process.pid]
        for pid in below:
            for tasks in Path(f"/proc/{pid}/task").iterdir():
                with suppress(FileNotFoundError):  # a thread that has just ended
                    below += map(int, (tasks / "children").read_text().split())
        held = (re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text()) for pid in below)
        return sum(int(found[1]) * 1024 for found in held if found)


def http_error(error):
    class Unanswered:
        status = 0
        body = str(error).encode()

    return Unanswered()


def read(text, parser=text_string_to_metric_families):
    """The value of each sample, by its name and its labels: ("feedsite_requests_total", "rss", "2xx")."""
    return {
        (sample.name, *(sample.labels[name] for name in sorted(sample.labels))): sample.value
        for family in parser(text)
        for sample in family.samples
    }


class Watched(Server):
    """A server with metrics on a port of their own."""

    def __init__(self, folder, *options, **environment):
        self.metrics_port = free_port()
        super().__init__(folder, "--metrics-port", str(self.metrics_port), *options, **environment)

    def scrape(self, **headers):
        connection = http.client.HTTPConnection("127.0.0.1", self.metrics_port, timeout=10)
        connection.request("GET", "/metrics", headers=headers)
        response = connection.getresponse()
        response.body = response.read().decode()
        connection.close()
        return response

    def figures(self):
        """Asked again where a worker took the connection that is just being killed."""
        for _ in range(5):
            with suppress(ConnectionError):
                return read(self.scrape().body)
        pytest.fail("nobody tells figures")
