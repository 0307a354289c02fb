"""`feedsite serve` as an operator runs it: a real process, real sockets on the loopback, real signals."""

import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time

import pytest

from .golden import SAMPLE
from .test_web import article, until


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """A running `feedsite serve`; everything it prints is kept."""

    def __init__(self, folder, *options, **environment):
        self.port = free_port()
        self.log = folder.parent / "log.txt"
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "feedsite", "--site", str(folder), "serve", "--port", str(self.port), *options],
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**os.environ, **environment},
                start_new_session=True,
            )
        until(lambda: self.said(f"127.0.0.1:{self.port}/") and self.get("/").status == 200, patience=30)

    def said(self, words):
        return words in self.log.read_text()

    def get(self, path, method="GET", **headers):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
            connection.request(method, path, headers=headers)
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
            connection.sendall(request)
            try:
                while piece := connection.recv(65536):
                    answer += piece
            except (TimeoutError, ConnectionError):
                pass
        return answer

    def stop(self, how=signal.SIGTERM):
        self.process.send_signal(how)
        return self.process.wait(timeout=15)


def http_error(error):
    class Unanswered:
        status = 0
        body = str(error).encode()

    return Unanswered()


@pytest.fixture
def folder(tmp_path):
    shutil.copytree(SAMPLE, tmp_path / "site")
    return tmp_path / "site"


@pytest.fixture
def start(folder):
    running = []

    def one(*options, **environment):
        running.append(Server(folder, *options, **environment))
        return running[-1]

    yield one
    for server in running:
        if server.process.poll() is None:
            server.stop()


def test_one_line_says_where_the_site_is(start):
    """The home page and every feed, by address; and a SIGTERM ends it cleanly."""
    server = start()
    lines = server.log.read_text().splitlines()
    address = f"http://127.0.0.1:{server.port}"
    feeds = f"{address}/feed.rss, {address}/feed.atom, {address}/feed.json"
    assert lines == [f'The "Sample" & Sons: {address}/ with {feeds}']
    assert server.stop() == 0
    assert "Traceback" not in server.log.read_text()


def test_without_base_url_links_point_to_where_it_listens(start, folder):
    """A site without base_url can be read and subscribed to on the machine it is written on."""
    path = folder / "site.yaml"
    path.write_text(re.sub("base_url.*\n", "", path.read_text()))
    server = start()
    assert server.said("site.yaml names no base_url")
    assert f"http://127.0.0.1:{server.port}/2021/07/night-trains/".encode() in server.get("/feed.rss").body


def test_a_saved_article_is_seen_by_every_worker_within_a_second(start, folder):
    """Two processes, one edit: from a second later on, no answer is the old one."""
    server = start("--workers", "2")
    (folder / "entries" / "new.yaml").write_text(article())
    time.sleep(1)  # the promise is about the clock
    assert {server.get("/2026/11/new/").status for _ in range(40)} == {200}


def test_real_answers_are_the_ones_respond_gives(start):
    """Through socket and server: 200, 304, HEAD, gzip, 301, 404, 405, 410."""
    server = start()
    whole = server.get("/feed.atom")
    assert whole.status == 200
    again = server.get("/feed.atom", **{"If-None-Match": whole.getheader("ETag")})
    assert (again.status, again.body, again.getheader("ETag")) == (304, b"", whole.getheader("ETag"))
    head = server.get("/feed.atom", "HEAD")
    assert (head.getheader("Content-Length"), head.body) == (str(len(whole.body)), b"")
    assert server.get("/feed.atom", **{"Accept-Encoding": "gzip"}).getheader("Content-Encoding") == "gzip"
    assert server.get("/old.html").getheader("Location") == "/2021/07/japan-taiwan/"
    assert server.get("/2021/07/taken-back/").status == 410
    assert server.get("/nowhere").status == 404
    posted = server.get("/feed.atom", "POST")
    assert (posted.status, posted.getheader("Allow")) == (405, "GET, HEAD")
    assert server.get("/2021/07/%E6%97%A5%E6%9C%AC/").status == 200


CLOSE = b"\r\nHost: x\r\nConnection: close\r\n\r\n"
LONG = b"Accept-Encoding: " + b"gzip;q=0.1, " * 3000


@pytest.mark.parametrize(
    ("request_", "answered"),
    [
        (b"GET /%00 HTTP/1.1" + CLOSE, b"HTTP/1.1 404 "),
        (b"GET /%ff%fe HTTP/1.1" + CLOSE, b"HTTP/1.1 404 "),
        (b"GET /images/../site.yaml HTTP/1.1" + CLOSE, b"HTTP/1.1 404 "),
        (b"GET /images/%2e%2e/site.yaml HTTP/1.1" + CLOSE, b"HTTP/1.1 404 "),
        (b"GET //evil.example/ HTTP/1.1" + CLOSE, b"HTTP/1.1 404 "),
        (b"GET / HTTP/1.1\r\nHost: <script>\r\nConnection: close\r\n\r\n", b"HTTP/1.1 200 "),
        (b"GET /feed.rss HTTP/1.1\r\n" + LONG + CLOSE, b"HTTP/1.1 200 "),
        (b"BREW / HTTP/1.1" + CLOSE, b"HTTP/1.1 405 "),
        (b"NONSENSE\r\n\r\n", b"HTTP/1.1 400 "),
        (b"\x16\x03\x01\x02\x00\x01\x00", b""),
        (b"GET /feed.rss HTTP/1.1\r\n", b""),
    ],
    ids=["NUL", "not UTF-8", "dots", "coded dots", "two slashes", "host", "long", "method", "nonsense", "TLS", "half"],
)
def test_hostile_requests_hurt_nobody(start, request_, answered):
    """A clear answer or none, no traceback, and the next reader is served."""
    server = start()
    answer = server.raw(request_, patience=1)
    assert answer.startswith(answered)
    assert b"timezone:" not in answer
    assert server.get("/").status == 200
    assert "Traceback" not in server.log.read_text()


def test_status_is_shut_to_a_proxy_that_hides_itself(start):
    """nginx by itself asks in HTTP/1.0, from this machine, with its Host."""
    server = start()
    host = f"Host: 127.0.0.1:{server.port}\r\n".encode()
    assert b" 404 " in server.raw(b"GET /status HTTP/1.0\r\n" + host + b"\r\n").splitlines()[0]
    assert server.get("/status").status == 200
    assert server.get("/status", "POST").status == 405


def test_slow_clients_do_not_hold_the_end_up(start):
    """SIGTERM with twenty half requests open: the server ends within seconds."""
    server = start()
    half = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(20)]
    for connection in half:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n")
    server.stop()
    for connection in half:
        connection.close()


def test_workers_end_with_a_killed_server(start):
    """kill -9 of the server leaves nobody behind that holds the port."""
    server = start()
    server.process.kill()
    server.process.wait()

    def is_free():
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            return probe.connect_ex(("127.0.0.1", server.port)) != 0

    until(is_free)


def test_a_taken_port_is_told_in_one_sentence(start, folder):
    """A second server on the same port says what to do."""
    server = start()
    second = subprocess.run(
        [sys.executable, "-m", "feedsite", "--site", str(folder), "serve", "--port", str(server.port)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert second.returncode == 1
    assert "is not free" in second.stderr
    assert "Traceback" not in second.stderr
