"""`feedsite serve` as an operator runs it: a real process, real sockets on the loopback, real signals."""

import json
import os
import re
import resource
import shutil
import signal
import socket
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest
from click.testing import CliRunner

from feedsite.cli import main
from feedsite.document import CODINGS
from feedsite.folder.filereader import SETTLED
from feedsite.parsing.sitefile import ADDRESS, PREVIEW
from feedsite.serving.server import _reserved, _socket

from .support.articles import article
from .support.golden import SAMPLE
from .support.live import lose_index
from .support.programs import needed
from .support.requests import UNPACKED
from .support.servers import Server, free_port
from .support.waiting import PATIENCE, until


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """One server for all tests that only ask; whatever they ask, it has no reason to complain."""
    place = tmp_path_factory.mktemp("server") / "site"
    shutil.copytree(SAMPLE, place, ignore=shutil.ignore_patterns(".feedsite"))
    one = Server(place)
    yield one
    assert "Traceback" not in one.log.read_text()
    assert one.stop() == 0


@pytest.fixture
def start(folder):
    running = []

    def one(*options, **environment):
        running.append(Server(folder, *options, **environment))
        return running[-1]

    yield one
    for server in running:
        server.kill()
        print(server.log.read_text())  # noqa: T201  # is shown beside what failed


def test_one_line_says_where_the_site_is(start):
    """The home page and every feed, by address; the first start tells beside why it takes longer. SIGTERM ends both."""
    for beside in (["Reading all articles; the next start will be quick."], []):
        server = start()
        until(lambda server=server: server.said("verified 10 files in "))
        told = [line for line in server.log.read_text().splitlines() if " INFO verified " not in line]
        address = f"http://127.0.0.1:{server.port}"
        feeds = f"{address}/feed.rss, {address}/feed.atom, {address}/feed.json"
        assert told == [*beside, f'The "Sample" & Sons: {address}/ with {feeds}']
        assert server.stop() == 0
        assert "Traceback" not in server.log.read_text()


def test_without_base_url_links_point_to_where_it_listens(start, folder):
    """A site without base_url can be read and subscribed to on the machine it is written on."""
    path = folder / "site.yaml"
    path.write_text(re.sub("base_url.*\n", "", path.read_text()))
    server = start()
    assert server.said("site.yaml names no base_url")
    assert f"http://127.0.0.1:{server.port}/2021/07/night-trains/".encode() in server.get("/feed.rss").body


def test_a_site_below_a_path_is_shown_with_its_pictures_on_the_desk(start, folder):
    """Each link of its pages leads somewhere, and the first line names an address that does."""
    path = folder / "site.yaml"
    path.write_text(re.sub("base_url.*\n", "base_url: https://news.example/blog\n", path.read_text()))
    server = start()
    address = f"http://127.0.0.1:{server.port}/blog"
    assert server.said(f"{address}/ with {address}/feed.rss, ")
    assert server.said("(a proxy may take /blog off)")
    links = set(re.findall(rb'(?:href|src)="(/[^"]*)"', server.get("/blog/").body + server.get("/blog/mix/").body))
    links |= set(re.findall(rb'(?:href|src)="(/[^"]*)"', server.get("/blog/2021/07/night-trains/").body))
    assert {link.split(b"/")[1] for link in links} == {b"blog"}
    assert {server.get(link.decode()).status for link in links} == {200, 410}  # one article was taken back


STEAL = """
import socket, sys
for option in (socket.SO_REUSEADDR, socket.SO_REUSEPORT):
    for other in (0, 1):
        thief = socket.socket()
        thief.setsockopt(socket.SOL_SOCKET, option, 1)
        thief.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, other)
        try:
            thief.bind(("127.0.0.1", int(sys.argv[1])))
            thief.listen()
            print("had")
        except OSError:
            print("refused")
"""


def test_the_port_stays_its_users_while_nobody_listens_there(folder):
    """A worker has died and the next one has not begun: no other user can take the port meanwhile."""
    port = free_port()
    with _reserved("127.0.0.1", port):
        thief = [needed("setpriv"), "--reuid=65534", "--regid=65534", "--clear-groups", "/usr/bin/python3", "-c", STEAL]
        process = subprocess.run([*thief, str(port)], capture_output=True, text=True, check=True, cwd="/")
        assert process.stdout.split() == ["refused"] * 4
        with _socket("127.0.0.1") as own:
            own.bind(("127.0.0.1", port))
            own.listen()


def test_no_module_in_the_site_is_imported(folder):
    """A commit lays modules beside site.yaml, and the server is started there: none of them runs, in no process."""
    ran = folder.parent / "ran"
    for name in ("click", "flask", "granian", "multiprocessing", "signal", "watchfiles", "sqlite3", "concurrent"):
        (folder / f"{name}.py").write_text(f"open({str(ran)!r}, 'a').write({name!r})\nraise SystemExit")
    server = Server(folder, "--metrics-port", str(free_port()), cwd=folder)
    try:
        for number in range(320):  # so many are read by processes that are started for it
            (folder / "entries" / f"new-{number}.yaml").write_text(
                article(f"New {number}", published="2026-11-22", id=f"tag:a,2026:{number}")
            )
        until(lambda: server.get("/2026/11/new-319/").status == 200, patience=30)
    finally:
        assert server.stop() == 0
    assert not ran.exists(), ran.read_text()


SETTINGS = {  # what site.yaml says instead, then where the site shows it, and what
    "base_url: https://news.example": ("/feed.rss", "<link>https://news.example/2021/07/night-trains/</link>"),
    "title: Another title": ("/feed.rss", "<title>Another title</title>"),
    "description: Something else": ("/feed.rss", "<description>Something else</description>"),
    "id: tag:other.example,2026:/": ("/feed.atom", "<id>tag:other.example,2026:/</id>"),
    "language: de": ("/feed.rss", "<language>de</language>"),
    "timezone: Asia/Tokyo": ("/2021/07/night-trains/", "UTC+9"),
    "publisher: {name: Other Press}": ("/2021/07/night-trains/", '"name": "Other Press"'),
    "authors: {sato: Mina K. Sato, wire: Wire}": ("/feed.json", "Mina K. Sato"),
    "sections: {world: Abroad, world/asia: Asia}": ("/feed.rss", ">Abroad</category>"),
    "hub: https://other.example/": ("/feed.atom", 'href="https://other.example/"'),
    "rights: CC0": ("/feed.atom", "<rights>CC0</rights>"),
    "icon: images/mark.svg": ("/feed.atom", "images/mark.svg</icon>"),
}


def test_each_setting_of_site_yaml_is_taken_up_by_every_worker_without_restart(start, folder):
    """Among them a base_url where there was none when the server began."""
    path = folder / "site.yaml"
    text = re.sub("^base_url.*\n", "", path.read_text(), flags=re.MULTILINE)
    path.write_text(text)
    server = start("--workers", "2")
    for line, (place, shown) in SETTINGS.items():
        name = line.partition(":")[0]
        assert shown.encode() not in server.get(place).body, line
        text = re.sub(rf"^{name}:.*\n( .*\n)*", "", text, flags=re.MULTILINE) + f"{line}\n"
        path.write_text(text)
        until(lambda place=place, shown=shown: {shown in server.get(place).body.decode() for _ in range(20)} == {True})
    path.write_text(text.replace("window: 50", "window: 1"))
    until(lambda: server.get("/feed.rss").body.count(b"<item>") < 6)


def test_a_base_url_that_is_taken_away_leaves_links_to_where_it_listens(start, folder):
    """As a server that is started now would have it."""
    server = start()
    path = folder / "site.yaml"
    path.write_text(re.sub("^base_url.*\n", "", path.read_text(), flags=re.MULTILINE))
    link = f"http://127.0.0.1:{server.port}/2021/07/night-trains/".encode()
    until(lambda: link in server.get("/feed.rss").body)


def test_a_saved_article_is_seen_by_every_worker_within_a_second(start, folder):
    """Two processes, one edit: from a second later on, no answer is the old one."""
    server = start("--workers", "2")
    (folder / "entries" / "new.yaml").write_text(article())
    time.sleep(1)  # the promise is about the clock
    assert {server.get("/2026/11/new/").status for _ in range(40)} == {200}


def test_real_answers_are_the_ones_respond_gives(server):
    """Through socket and server: 200, 304, HEAD, 301, 404, 405, 410, OPTIONS."""
    whole = server.get("/feed.atom")
    assert whole.status == 200
    again = server.get("/feed.atom", **{"If-None-Match": whole.getheader("ETag")})
    assert (again.status, again.body, again.getheader("ETag")) == (304, b"", whole.getheader("ETag"))
    assert again.getheader("Content-Length") is None
    head = server.get("/feed.atom", "HEAD")
    assert (head.getheader("Content-Length"), head.body) == (str(len(whole.body)), b"")
    assert server.get("/old.html").getheader("Location") == "/2021/07/japan-taiwan/"
    assert server.get("/feed/").getheader("Location") == "/feed.rss"
    assert server.get("/2021/07/taken-back/").status == 410
    assert server.get("/nowhere").status == 404
    posted = server.get("/feed.atom", "POST")
    assert (posted.status, posted.getheader("Allow")) == (405, "GET, HEAD, OPTIONS")
    assert server.get("/2021/07/%E6%97%A5%E6%9C%AC/").status == 200


@pytest.mark.parametrize("coding", CODINGS)
def test_each_coding_arrives_and_unpacks(server, coding):
    """What a client unpacks is what another one gets as it is."""
    packed = server.get("/feed.rss", **{"Accept-Encoding": coding})
    assert packed.getheader("Content-Encoding") == coding
    assert UNPACKED[coding](packed.body) == server.get("/feed.rss").body


def test_a_part_arrives(server):
    """RFC 9110 14: a player asks for the middle of a recording."""
    part = server.get("/audio/talk.mp3", Range="bytes=100-199")
    assert (part.status, part.getheader("Content-Range")) == (206, "bytes 100-199/417")
    assert part.body == server.get("/audio/talk.mp3").body[100:200]


def test_a_preflight_arrives(server):
    """Fetch 4.8: 204 without a length, and what a script may ask."""
    asked = {"Origin": "https://reader.example", "Access-Control-Request-Headers": "a-im, if-none-match"}
    answer = server.get("/feed.rss", "OPTIONS", **asked)
    assert (answer.status, answer.body, answer.getheader("Content-Length")) == (204, b"", None)
    assert answer.getheader("Access-Control-Allow-Headers") == answer.getheader("Access-Control-Allow-Origin") == "*"
    assert answer.getheader("Allow") == "GET, HEAD, OPTIONS"
    assert server.raw(b"OPTIONS * HTTP/1.1" + CLOSE).startswith(b"HTTP/1.1 204 ")


def test_a_delta_outlives_a_restart_and_is_the_same_from_every_process(start, folder):
    """RFC 3229: nobody remembers a poller, and each of two processes that never met it knows what it lacks.

    A server that starts answers what it knows from before, until it has looked at the files.
    """
    first = start()
    held, known = (first.get("/feed.json", **asked).getheader("ETag") for asked in ({"A-IM": "feed"}, {}))
    first.stop()
    path = folder / "entries" / "2021-07-02-arabic.yml"
    path.write_text(path.read_text().replace("**", "*"))  # a silent mend of an article far from the newest
    answers = []
    for server in (start(), start()):
        until(lambda server=server: server.get("/feed.json").getheader("ETag") != known)
        answers.append(server.get("/feed.json", **{"A-IM": "feed", "If-None-Match": held}))
    one, other = answers
    assert [item["title"] for item in json.loads(one.body)["items"]] == ["مقال بالعربية"]
    for answer in (one, other):
        assert (answer.status, answer.body) == (226, one.body)
        assert answer.getheader("ETag") == one.getheader("ETag")


CLOSE = b"\r\nHost: x\r\nConnection: close\r\n\r\n"
LONG = b"Accept-Encoding: " + b"gzip;q=0.1, " * 2000


@pytest.mark.parametrize(
    ("request_", "answered"),
    [
        (b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nHost:\r\nConnection: close\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nHost: a\r\nhost: a\r\nConnection: close\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nHost: <script>\r\nConnection: close\r\n\r\n", b"400"),
        (b"GET http://a/ HTTP/1.1\r\nHost: <script>\r\nConnection: close\r\n\r\n", b"400"),
        (b"GET http://a.example/feed.rss HTTP/1.1" + CLOSE, b"200"),
        (b"GET / HTTP/1.0\r\n\r\n", b"200"),
        (b"GET / HTTP/1.0\r\nHost: a b\r\n\r\n", b"400"),
    ],
    ids="none empty two twice malformed absolute absolute-form old old-malformed".split(),
)
def test_a_request_names_one_host(server, request_, answered):
    """RFC 9112 3.2: missing, doubled or malformed is 400; HTTP/1.0 need name none."""
    assert server.raw(request_).split()[1] == answered


@pytest.mark.parametrize(
    ("request_", "answered"),
    [
        # paths
        (b"GET /%00 HTTP/1.1" + CLOSE, "404"),
        (b"GET /%ff%fe HTTP/1.1" + CLOSE, "404"),
        (b"GET /% HTTP/1.1" + CLOSE, "404"),
        (b"GET /%zz HTTP/1.1" + CLOSE, "404"),
        (b"GET /images/../site.yaml HTTP/1.1" + CLOSE, "404"),
        (b"GET /images/%2e%2e/site.yaml HTTP/1.1" + CLOSE, "404"),
        (b"GET /images/..%2fsite.yaml HTTP/1.1" + CLOSE, "404"),
        (b"GET //evil.example/ HTTP/1.1" + CLOSE, "404"),
        (b"GET /%0d%0aSet-Cookie:%20a=b HTTP/1.1" + CLOSE, "404"),
        (b"GET /feed.rss\x00 HTTP/1.1" + CLOSE, "400"),
        (b"GET /" + b"a" * 100_000 + b" HTTP/1.1" + CLOSE, "4(14|31)"),
        # request lines
        (b"NONSENSE\r\n\r\n", "400"),
        (b"GET /\r\n\r\n", "400"),
        (b"GET / HTTP/3.7" + CLOSE, "400"),
        (b"GET / HTTP/1.1 HTTP/1.1" + CLOSE, "400"),
        (b"BREW / HTTP/1.1" + CLOSE, "405"),
        (b"get / HTTP/1.1" + CLOSE, "405"),
        (b"CONNECT a.example:443 HTTP/1.1" + CLOSE, "405"),
        (b"TRACE / HTTP/1.1" + CLOSE, "405"),
        # fields
        (b"GET /feed.rss HTTP/1.1\r\n" + LONG + CLOSE, "431"),
        (b"GET / HTTP/1.1\r\nX: " + b"a" * 100_000 + CLOSE, "431"),
        (b"GET / HTTP/1.1\r\nX: " + b"a" * 1_000_000 + CLOSE, "(431)?"),  # it closes while this is still being sent
        (b"GET / HTTP/1.1\r\n" + b"X: a\r\n" * 5000 + CLOSE, "431"),
        (b"GET / HTTP/1.1\r\nX: a\x00b" + CLOSE, "400"),
        (b"GET / HTTP/1.1\r\nBad Name: x" + CLOSE, "400"),
        (b"GET / HTTP/1.1\r\n folded: x" + CLOSE, "400"),
        (b"GET / HTTP/1.1\r\nIf-None-Match: \xff\xfe" + CLOSE, "200"),
        (b"GET / HTTP/1.1\r\nContent-Length: -5" + CLOSE, "400"),
        (b"POST / HTTP/1.1\r\nContent-Length: 99999999999" + CLOSE, "405"),
        # not HTTP at all
        (b"\x16\x03\x01\x02\x00\x01\x00", "(400)?"),
        (b"GET /feed.rss HTTP/1.1\r\n", ""),
    ],
)
def test_hostile_requests_hurt_nobody(server, request_, answered):
    """A clear answer or none, no traceback, and the next reader is served."""
    answer = server.raw(request_, patience=1)
    assert re.fullmatch(answered, b"".join(answer.split()[1:2]).decode())
    assert b"timezone:" not in answer
    assert b"set-cookie" not in answer.lower()
    assert server.get("/static/feed.css").status == 200


def test_slow_clients_keep_nobody_waiting(server):
    """1,500 half requests, half bodies and readers that read nothing are open, and the next reader is served."""
    halves = [
        b"GET / HTTP/1.1\r\nHost: x\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\r\nhalf",
        b"GET /feed.rss HTTP/1.1\r\nHost: x\r\n\r\n" * 100,
        b"",
    ]
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 4096), hard))
    slow = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(1500)]
    try:
        for number, connection in enumerate(slow):
            connection.sendall(halves[number % len(halves)])
        begin = time.monotonic()
        assert [server.get("/feed.rss").status for _ in range(10)] == [200] * 10
        assert time.monotonic() - begin < PATIENCE
    finally:
        for connection in slow:
            connection.close()
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_pipelined_requests_are_answered_in_their_order(server):
    """RFC 9112 9.3.2."""
    asked = {"/feed.rss": 200, "/nowhere": 404, "/old.html": 301, "/feed.json": 200, "/2021/07/taken-back/": 410}
    assert server.pipelined([(f"HEAD {path}", "") for path in asked]) == [*asked.values()]


def test_ten_thousand_unknown_paths_fill_no_memory(server):
    """Nor do as many ways to ask for what there is: after the first thousands the memory stays as it is."""

    def guess(numbers):
        paths = [(f"HEAD /guess/{number}", "") for number in numbers]
        ways = [("HEAD /images/dot.png", f"Accept-Encoding: x{number}\r\n") for number in numbers[::2]]
        assert server.pipelined(paths + ways) == [404] * len(paths) + [200] * len(ways)

    for begin in range(0, 5_000, 500):
        guess(range(begin, begin + 500))
    before = server.memory()
    for begin in range(5_000, 10_000, 500):
        guess(range(begin, begin + 500))
    assert server.memory() - before < 10 * 1024**2


def test_status_is_open_to_the_token_alone(server):
    """From this machine, under a name of the loopback, nobody sees it without."""
    host = f"Host: 127.0.0.1:{server.port}\r\n".encode()
    assert b" 404 " in server.raw(b"GET /status HTTP/1.1\r\n" + host + b"Connection: close\r\n\r\n").splitlines()[0]
    assert server.get("/status").status == 200
    assert server.get("/status", "POST").status == 405


def test_without_a_token_nobody_sees_the_status(start):
    """An operator who sets none has a page less, and no leak."""
    server = start(FEEDSITE_STATUS_TOKEN="")
    assert [server.get(path).status for path in ("/status", "/")] == [404, 200]


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


def is_serving(worker):
    """Whether a process has opened the site's index."""
    with suppress(OSError):  # it ends, or closes a file, just now
        return any(os.readlink(file).endswith("/index.sqlite") for file in Path(f"/proc/{worker}/fd").iterdir())
    return False


def test_a_worker_begins_under_the_last_sound_settings(start, folder):
    """site.yaml breaks, then each worker dies in turn: both come back and serve what the file said before."""
    server = start("--workers", "2")
    until(lambda: sum(map(is_serving, server.workers())) == 2, patience=20)
    (folder / "site.yaml").write_text("title: [\n")
    until(lambda: server.said(" site.yaml:1:8"))
    before = server.get("/feed.rss").body
    for worker in server.workers():
        os.kill(worker, signal.SIGKILL)
        until(lambda worker=worker: sum(map(is_serving, set(server.workers()) - {worker})) == 2, patience=20)
        assert {server.get("/feed.rss").body for _ in range(20)} == {before}
    assert "Traceback" not in server.log.read_text()


def test_a_worker_that_cannot_begin_ends_nobody_else(start, folder):
    """site.yaml breaks, the index is gone and one worker dies: the other serves on, and the first comes back."""
    server = start("--workers", "2")
    until(lambda: sum(map(is_serving, server.workers())) == 2, patience=20)
    path = folder / "site.yaml"
    whole = path.read_text()
    path.write_text("title: [\n")
    until(lambda: server.said(" site.yaml:1:8"))
    lose_index(folder)
    workers = server.workers()
    os.kill(workers[0], signal.SIGKILL)
    until(lambda: len(set(server.workers()) - {workers[0]}) == 2, patience=20)
    until(lambda: server.said("the index is gone"))
    assert {server.get("/feed.rss").status for _ in range(20)} == {200}
    path.write_text(whole)
    until(lambda: sum(map(is_serving, set(server.workers()) - {workers[0]})) == 2, patience=20)
    assert {server.get("/feed.rss").status for _ in range(20)} == {200}
    assert "Traceback" not in server.log.read_text()


def test_a_worker_that_has_nothing_to_serve_waits_and_says_so(start, folder):
    """The only one dies when neither site.yaml nor an index tells what the site is: one line, and it comes back."""
    server = start()
    path = folder / "site.yaml"
    whole = path.read_text()
    path.write_text("title: [\n")
    until(lambda: server.said(" site.yaml:1:8"))
    (worker,) = server.workers()
    os.kill(worker, signal.SIGSTOP)  # else it might begin another index
    lose_index(folder)
    os.kill(worker, signal.SIGKILL)
    until(lambda: server.said("a worker waits until this is mended: site.yaml:1:8"), patience=20)
    path.write_text(whole)
    until(lambda: server.get("/feed.rss").status == 200, patience=20)
    assert server.log.read_text().count("a worker waits") == 1
    assert "Traceback" not in server.log.read_text()


def refusal(folder, *options):
    """What the command says, and how it ends, before it opens a socket; without the variables that it sets."""
    unset = dict.fromkeys((ADDRESS, PREVIEW, "FEEDSITE_SITE"))
    return CliRunner(env=unset).invoke(main, ["--site", str(folder), "serve", *map(str, options)])


def test_an_address_of_another_machine_is_told_in_one_sentence(folder):
    """Not that feedsite may be running already: nobody can listen there."""
    refused = refusal(folder, "--host", "203.0.113.9")
    assert refused.exit_code == 1
    assert refused.stderr.startswith("feedsite cannot listen on 203.0.113.9:8000: ")
    assert len(refused.stderr.splitlines()) == 1


def test_a_taken_port_is_told_in_one_sentence(start, folder):
    """A second server on the same port says what to do."""
    server = start()
    second = refusal(folder, "--port", server.port)
    assert second.exit_code == 1
    assert "is not free" in second.stderr
    assert "Traceback" not in second.stderr


# Recordings, which are sent while they are read

LONG = 30 * 1024 * 1024  # bytes
SLOW = 60  # who fetch it at once: in memory it would be 1.8 GB


@pytest.fixture
def recorded(folder):
    """A site with a recording that was there before the server began."""
    (folder / "audio" / "long.mp3").write_bytes(os.urandom(1024) * (LONG // 1024))
    time.sleep(SETTLED / 1e9)
    return folder


def in_process(pid, file, words):
    """A figure of a process, as /proc tells it: bytes of memory (kB there), or of what it has read."""
    found = re.search(rf"^{words}:\s+(\d+)( kB)?", Path(f"/proc/{pid}/{file}").read_text(), re.MULTILINE)
    return int(found[1]) * (1024 if found[2] else 1)


def opened_by(pid, name):
    """How often a process has a file of that name open."""
    count = 0
    for file in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(OSError):  # one that is closed just now
            count += os.readlink(file).endswith(name)
    return count


def test_slow_downloads_hold_neither_feeds_nor_memory(start, recorded):
    """Sixty at once that take nothing for now: feeds are answered, the worker grows by little, and in the end each has
    what it was promised, or went away."""
    server = start()
    (worker,) = server.workers()
    whole = server.get("/audio/long.mp3").body
    assert whole == (recorded / "audio" / "long.mp3").read_bytes()
    before = in_process(worker, "smaps_rollup", "Private_Dirty")
    slow = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(SLOW)]
    try:
        for connection in slow:
            connection.sendall(b"GET /audio/long.mp3 HTTP/1.1" + CLOSE)
        until(lambda: opened_by(worker, "/long.mp3") == SLOW, patience=20)
        for path in ("/feed.rss", "/feed.atom", "/feed.json", "/nowhere", "/audio/talk.mp3"):
            assert server.get(path).status == (404 if path == "/nowhere" else 200)
        part = server.get("/audio/long.mp3", Range=f"bytes={LONG - 10}-")
        assert (part.status, part.body) == (206, whole[-10:])
        assert in_process(worker, "smaps_rollup", "Private_Dirty") - before < 50 * 1024**2
        with slow.pop() as patient:
            received = b"".join(iter(lambda: patient.recv(1024**2), b""))
        assert received.partition(b"\r\n\r\n")[2] == whole
    finally:
        for connection in slow:
            connection.close()
    until(lambda: opened_by(worker, "/long.mp3") == 0, patience=20)  # nobody reads on for who went away
    assert "Traceback" not in server.log.read_text()


def test_clients_that_read_nothing_fill_no_memory(start, folder):
    """A thousand ask for a page of 900 kB, eight times each, and take nothing: the worker grows by 150 MB at most, the
    packed feed is answered, and so is the page when they are gone."""
    (folder / "entries" / "long.yaml").write_text(article(body="word " * 180_000))
    server = start()
    (worker,) = server.workers()
    assert len(server.get("/2026/11/long/").body) > 900_000
    before = in_process(worker, "smaps_rollup", "Private_Dirty")
    silent = [silent_client(server.port) for _ in range(1000)]
    try:
        for connection in silent:
            connection.sendall(b"GET /2026/11/long/ HTTP/1.1\r\nHost: x\r\n\r\n" * 8)
        until(lambda: all(map(is_answered, silent)), patience=20)
        assert in_process(worker, "smaps_rollup", "Private_Dirty") - before < 150 * 1024**2
        assert server.get("/feed.rss", **{"Accept-Encoding": "gzip"}).status == 200
    finally:
        for connection in silent:
            connection.close()
    until(lambda: server.get("/2026/11/long/").status == 200, patience=20)


def silent_client(port):
    """A connection that has little room for what it is sent."""
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    connection.connect(("127.0.0.1", port))
    return connection


def is_answered(connection):
    with suppress(BlockingIOError):
        return connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) == b"H"


def test_what_is_not_sent_is_not_read(start, recorded):
    """A head, a 304, ten bytes: the worker reads no recording for them, and its digest was taken before."""
    server = start()
    tag = server.get("/audio/long.mp3", "HEAD").getheader("ETag")
    (worker,) = server.workers()
    before = in_process(worker, "io", "rchar")
    for _ in range(10):
        assert server.get("/audio/long.mp3", "HEAD").getheader("Content-Length") == str(LONG)
        assert server.get("/audio/long.mp3", **{"If-None-Match": tag}).status == 304
        assert server.get("/audio/long.mp3", Range="bytes=1000-1009").status == 206
    assert in_process(worker, "io", "rchar") - before < LONG / 10


def test_a_download_does_not_hold_the_end_up(start, recorded):
    """SIGTERM while somebody fetches slowly: the server ends within seconds, with no traceback."""
    server = start()
    with socket.create_connection(("127.0.0.1", server.port)) as slow:
        slow.sendall(b"GET /audio/long.mp3 HTTP/1.1" + CLOSE)
        slow.recv(10)
        assert server.stop() == 0
    assert "Traceback" not in server.log.read_text()


def test_a_recording_that_shrinks_while_it_is_fetched_is_told_to_be_cut(start, recorded):
    """The connection ends before the length that was told: no player takes it for whole."""
    server = start()
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as slow:
        slow.sendall(b"GET /audio/long.mp3 HTTP/1.1\r\nHost: x\r\n\r\n")
        first = slow.recv(10)
        os.truncate(recorded / "audio" / "long.mp3", 1000)
        received = first
        with suppress(ConnectionError):
            while piece := slow.recv(1024**2):
                received += piece
    assert f"content-length: {LONG}".encode() in received
    assert len(received) < LONG
    assert server.get("/audio/long.mp3").status == 200
    assert "Traceback" not in server.log.read_text()


# What an operator sets, and what the system sends


def test_signals_that_nobody_uses_end_nobody(start):
    """SIGUSR1 and SIGUSR2, to the server and to each worker: tools send them to ask for a log's rotation."""
    server = start("--workers", "2")
    until(lambda: sum(map(is_serving, server.workers())) == 2, patience=20)
    workers = server.workers()
    for number in (signal.SIGUSR1, signal.SIGUSR2):
        for process in (server.process.pid, *workers):
            os.kill(process, number)
    assert [server.get("/feed.rss").status for _ in range(20)] == [200] * 20
    assert server.workers() == workers
    assert server.stop() == 0


def test_a_connection_is_kept_as_long_as_was_asked_for(start):
    """Between two requests, in the middle of one, and before the first."""
    server = start("--keep-alive", "2")
    request = b"GET /static/feed.css HTTP/1.1\r\nHost: x\r\n\r\n"

    def seconds(begin):
        with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
            connection.sendall(begin)
            begun = time.monotonic()
            with suppress(ConnectionError):
                while connection.recv(65536):
                    pass
            return time.monotonic() - begun

    with ThreadPoolExecutor() as pool:
        assert [each for each in pool.map(seconds, (request, request[:20], b"")) if not 1.5 < each < PATIENCE] == []
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        for _ in range(3):
            connection.sendall(request)
            assert connection.recv(65536).startswith(b"HTTP/1.1 200 ")
            time.sleep(1)


def test_a_name_can_be_listened_on(start):
    """localhost, which is 127.0.0.1 where it is ::1 besides."""
    server = start("--host", "localhost")
    assert server.get("/feed.rss").status == 200
    assert server.said(f"http://localhost:{server.port}/ with ")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--host", "nowhere.invalid"), "feedsite cannot listen on nowhere.invalid: "),
        (("--host", "a" * 300), f"feedsite cannot listen on {'a' * 300}: "),
        (("--host", "1.2.3"), "feedsite cannot listen on 1.2.0.3:8000: "),
        (("--host", ""), "feedsite cannot listen on no host: "),
        (("--host", "fe80::1%lo"), "feedsite cannot listen on fe80::1:8000: "),
        (("--host", "203.0.113.9"), "feedsite cannot listen on 203.0.113.9:8000: "),
    ],
)
def test_a_host_that_is_none_is_told_in_one_sentence(folder, options, words):
    """Whatever is wrong with it."""
    told = refusal(folder, *options)
    assert told.exit_code == 1
    assert told.stderr.startswith(words)
    assert len(told.stderr.splitlines()) == 1


@pytest.mark.parametrize("options", [("--port", "0"), ("--port", "x"), ("--keep-alive", "0"), ("--workers", "5000")])
def test_a_wrong_option_is_told_in_one_sentence(folder, options):
    """Which one, and what it may be."""
    told = refusal(folder, *options)
    assert told.exit_code == 2
    (line,) = told.stderr.splitlines()
    assert line.startswith(f"Invalid value for '{options[0]}': ")
