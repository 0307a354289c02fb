"""Each answer is told in one line, which nobody who asks can forge, tear or make long."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from urllib.parse import quote_from_bytes

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsite import sharing
from feedsite.serving import accesslog, answers
from feedsite.serving.accesslog import FORMATS, as_json, combined
from feedsite.serving.live import Live
from feedsite.serving.logfile import LONGEST
from feedsite.serving.web import create_app
from feedsite.urls import SAFE

from .support.golden import NOW, SAMPLE
from .support.requests import PATHS, called, environment
from .support.servers import Server, Watched
from .support.waiting import until

AT = 1795338000.1239  # 2026-11-22T09:00:00.1239Z
READER = {"user_agent": "Reader/1.0 (42 subscribers)", "referer": "https://planet.example/"}
COMBINED = re.compile(
    r'(\S+) - - \[(\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d \+0000)\] "((?:[^"\\]|\\x..)*)" (\d{3}) (\d+) '
    r'"((?:[^"\\]|\\x[0-9A-F]{2})*)" "((?:[^"\\]|\\x[0-9A-F]{2})*)"\n'
)


def test_a_line_in_the_combined_format():
    """As Apache and nginx write it, in UTC."""
    asked = environment("/feed.rss", query="a=b&c", **READER)
    assert combined(asked, 304, 0, AT, 0.0002) == (
        '203.0.113.9 - - [22/Nov/2026:09:00:00 +0000] "GET /feed.rss?a=b&c HTTP/1.1" 304 0 '
        '"https://planet.example/" "Reader/1.0 (42 subscribers)"\n'
    )


def test_a_line_in_json():
    """One object, with all that the combined format tells, the time it took, and whether a version was named."""
    asked = environment("/feed.rss", if_none_match='"x"', **READER)
    assert as_json(asked, 304, 0, AT, 0.0002) == (
        '{"time":"2026-11-22T09:00:00.123Z","client":"203.0.113.9","method":"GET","path":"/feed.rss",'
        '"protocol":"HTTP/1.1","status":304,"bytes":0,"seconds":0.000200,"agent":"Reader/1.0 (42 subscribers)",'
        '"referer":"https://planet.example/","is_conditional":true}\n'
    )


def test_what_nobody_said_is_a_hyphen_or_null():
    """Fields that were not sent are not empty ones."""
    asked = environment("/")
    del asked["REMOTE_ADDR"]
    assert combined(asked, 200, 5, AT, 0).startswith("- - - [")
    assert combined(asked, 200, 5, AT, 0).endswith('" 200 5 "-" "-"\n')
    told = json.loads(as_json(asked, 200, 5, AT, 0))
    assert (told["client"], told["agent"], told["referer"], told["is_conditional"]) == (None, None, None, False)


@pytest.mark.parametrize("fields", [{"if_none_match": "*"}, {"if_modified_since": "Mon, 05 Jul 2021 23:00:00 GMT"}])
def test_a_request_that_names_a_version_is_conditional(fields):
    """By its tag or by its date (RFC 9110 13.1); what it names need not exist."""
    assert json.loads(as_json(environment(**fields), 200, 1, AT, 0))["is_conditional"] is True


@pytest.mark.parametrize(
    ("path", "query", "told"),
    [
        ("/2021/07/%E6%97%A5/", "", "/2021/07/%E6%97%A5/"),
        ("/a%20b%22%0Ac%5C%25", "", "/a%20b%22%0Ac%5C%25"),
        ("/%ff%00", "", "/%FF%00"),
        ("/a", 'x="\\', "/a?x=\\x22\\x5C"),
        ("*", "", "*"),
        ("", "", ""),
    ],
)
def test_a_path_is_written_as_it_is_sent(path, query, told):
    """Percent-encoded, so that no blank or line end of it ends a field or a line."""
    assert f'"GET {told} HTTP/1.1"' in combined(environment(path, query=query), 200, 1, AT, 0)


@pytest.mark.parametrize("form", FORMATS.values())
@pytest.mark.parametrize("before", ["", "/blog"])
def test_no_signed_address_can_be_read_in_the_log(form, before):
    """Whoever may read the log would read drafts by it; that somebody asked for one is told."""
    path = before + sharing.path("a", NOW, b"0123456789abcdef")
    for asked in (
        environment(path),
        environment("/", query=f"from={path}"),
        environment("/style.css", referer=f"https://news.example{path}"),
    ):
        line = accesslog._line(form, asked, 200, 5, AT, 0)
        assert f"{before}/shared/*" in line
        assert path.split("/")[-2] not in line


@pytest.mark.parametrize(
    ("agent", "told", "read"),
    [
        ('"', "\\x22", '"'),
        ("a\\b", "a\\x5Cb", "a\\b"),
        ("a\r\n203.0.113.1 - - [", "a\\x0D\\x0A203.0.113.1 - - [", "a\r\n203.0.113.1 - - ["),
        ("\x00\x1b[31m\x7f\x85", "\\x00\\x1B[31m\\x7F\\x85", "\x00\x1b[31m\x7f\ufffd"),
        ("é".encode().decode("latin-1"), "\\xC3\\xA9", "é"),
        ("\u2028", "\\x3F", "?"),
    ],
)
def test_what_could_end_a_field_or_a_line_is_escaped(agent, told, read):
    """Quotation marks, backslashes, control characters and all that is not ASCII; JSON reads UTF-8 as what it is."""
    asked = environment(user_agent=agent)
    assert combined(asked, 200, 1, AT, 0).endswith(f' "{told}"\n')
    assert json.loads(as_json(asked, 200, 1, AT, 0))["agent"] == read


WORDS = st.text(st.characters(max_codepoint=255), max_size=40)
LONG_WORDS = st.builds(lambda word, times: word * times, WORDS, st.sampled_from([1, 1, 1, 50, 1000]))


@given(
    path=LONG_WORDS,
    query=LONG_WORDS,
    method=LONG_WORDS,
    agent=LONG_WORDS,
    referer=LONG_WORDS,
    status=st.integers(100, 599),
    size=st.integers(0, 2**40),
    at=st.floats(0, 4e9),
    seconds=st.floats(0, 1e6),
)
def test_whatever_is_asked_is_one_short_line(path, query, method, agent, referer, status, size, at, seconds):
    """A law: printable ASCII, one line end, no longer than a pipe keeps together, and read back as what it was."""
    asked = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "2001:db8::1",
        "HTTP_USER_AGENT": agent,
        "HTTP_REFERER": referer,
    }
    for form in FORMATS.values():
        line = accesslog._line(form, asked, status, size, at, seconds)
        assert len(line) <= LONGEST
        assert line.endswith("\n")
        assert line[:-1].isascii()
        assert line[:-1].isprintable()
        if form is combined:
            assert COMBINED.fullmatch(line).group(1, 4, 5) == ("2001:db8::1", str(status), str(size))
            continue
        told = json.loads(line)
        assert (told["status"], told["bytes"], told["client"]) == (status, size, "2001:db8::1")
        if len(form(asked, status, size, at, seconds)) <= LONGEST:
            assert told["agent"] == agent.encode("latin-1").decode("utf-8", "replace")
            assert told["path"].startswith(quote_from_bytes(path.encode("latin-1"), SAFE))


def test_a_long_line_is_cut_in_what_strangers_wrote():
    """Of thirty thousand letters the first remain; who asked, and what was answered, is told whole."""
    line = accesslog._line(combined, environment(user_agent="x" * 30_000), 200, 5, AT, 0)
    assert line.endswith(f'" 200 5 "-" "{"x" * 128}"\n')


class Logged:
    """The sample site with and without the log before it."""

    def __init__(self, folder):
        self.lines = []
        live = Live(folder, {}, clock=lambda: NOW)
        self.plain = answers.wrap(create_app(live, "token").wsgi_app, lambda: live.served.answers, live.clock)
        self.app = accesslog.wrap(self.plain, self.lines.append, as_json)

    def last(self):
        told = json.loads(self.lines[-1])
        return told["status"], told["bytes"]


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("accesslog") / "site"
    shutil.copytree(SAMPLE, folder, ignore=shutil.ignore_patterns(".feedsite"))
    return Logged(folder)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "POST"])
def test_the_log_changes_no_answer_and_tells_each_once(site, path, method):
    """Status and bytes as they were sent, whether the cache of answers gave them or Flask."""
    for fields in ({}, {"if_none_match": "*"}):
        asked = environment(path, method, **fields)
        count = len(site.lines)
        answer = called(site.app, asked)
        assert answer == called(site.plain, asked)
        assert len(site.lines) == count + 1
        assert site.last() == (int(answer[0][:3]), len(answer[2]))


def test_an_application_that_fails_is_told_as_500():
    """Its failure goes on to the server, and the line is there."""
    lines = []

    def app(environment, start_response):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        called(accesslog.wrap(app, lines.append, combined), environment())
    assert '"GET /feed.rss HTTP/1.1" 500 0 ' in lines[0]


def test_a_body_that_is_made_piece_by_piece_is_closed():
    """PEP 3333: whoever takes a body closes it, also when it breaks off."""
    closed = []

    class Body:
        def __init__(self, pieces):
            self.pieces = pieces

        def __iter__(self):
            for piece in self.pieces:
                yield b"x" * (6 // piece)

        def close(self):
            closed.append(self.pieces)

    def app(environment, start_response):
        start_response("200 OK", [])
        return Body([3, 2] if environment["PATH_INFO"] == "/" else [3, 0])

    lines = []
    logged = accesslog.wrap(app, lines.append, combined)
    assert called(logged, environment("/"))[2] == b"xxxxx"
    assert '" 200 5 ' in lines[0]
    with pytest.raises(ZeroDivisionError):
        called(logged, environment("/breaks"))
    assert closed == [[3, 2], [3, 0]]


@pytest.fixture
def start(folder):
    running = []

    def one(kind, *options):
        running.append(kind(folder, *options))
        return running[-1]

    yield one
    for server in running:
        server.kill()


def answered(log):
    """What the lines of a log in JSON tell."""
    return [json.loads(line) for line in log.read_text().splitlines()]


def test_two_workers_write_one_log_through_a_rotation_and_to_the_end(start, tmp_path):
    """Every answer stands in one of the two files, those of the last moment before SIGTERM too."""
    log = tmp_path / "access.log"
    server = start(Server, "--workers", "2", "--access-log", str(log), "--access-log-format", "json")
    for number in range(40):
        server.get(f"/first/{number}")
    until(lambda: log.exists() and len([one for one in answered(log) if "/first/" in one["path"]]) == 40)
    log.rename(tmp_path / "access.log.1")
    for number in range(40):
        server.get(f"/second/{number}")
    assert server.stop() == 0
    told = [one["path"] for name in ("access.log.1", "access.log") for one in answered(tmp_path / name)]
    assert sorted(path for path in told if path != "/") == sorted(
        f"/{half}/{number}" for half in ("first", "second") for number in range(40)
    )
    assert {one["path"].rpartition("/")[0] for one in answered(log)} == {"/second"}


def test_standard_output_is_a_log_too(start):
    """For machines that gather what programs say: lines beside the server's own first one."""
    server = start(Server, "--access-log", "-")
    server.get("/feed.atom", **{"User-Agent": "Reader/1.0"})
    until(lambda: server.said('"GET /feed.atom HTTP/1.1" 200 '))
    assert server.stop() == 0
    lines = server.log.read_text().splitlines(keepends=True)
    told = [line for line in lines if "GET" in line]
    assert told
    assert [line for line in told if not COMBINED.fullmatch(line)] == []


def test_a_full_disk_takes_no_answer(start):
    """The server's log tells it once, the metrics tell how many lines are missing."""
    server = start(Watched, "--access-log", "/dev/full")
    assert {server.get("/feed.rss").status for _ in range(30)} == {200}
    until(lambda: server.figures()["feedsite_access_log_dropped_lines_total",] >= 30)
    assert server.log.read_text().count("/dev/full: lines are left out of the access log: No space left") == 1


def test_a_worker_that_is_killed_tears_no_line(start, tmp_path):
    """kill -9: its last moment may be missing, nobody else's."""
    log = tmp_path / "access.log"
    server = start(Server, "--workers", "2", "--access-log", str(log))
    for _ in range(20):
        server.get("/feed.rss")
    os.kill(server.workers()[0], signal.SIGKILL)
    until(lambda: server.get("/feed.json").status == 200, patience=20)
    answered = [server.get("/feed.atom").status for _ in range(20)].count(200)
    until(lambda: log.read_text().count('"GET /feed.atom HTTP/1.1" 200') == answered)
    assert all(COMBINED.fullmatch(line) for line in log.read_text().splitlines(keepends=True))


def test_a_log_that_cannot_be_written_stops_the_start(folder, tmp_path):
    """In one sentence, before anything listens."""
    process = subprocess.run(
        [sys.executable, "-m", "feedsite", "--site", str(folder), "serve", "--access-log", str(tmp_path / "a" / "b")],
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )
    assert (process.returncode, process.stderr.count("\n")) == (1, 1)
    assert process.stderr.endswith("No such file or directory; choose another with --access-log\n")
