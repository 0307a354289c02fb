"""Lines of access logs as servers write them, and the Request of each."""

import json

import pytest

from feedsite.audience.loglines import Request, read

NINE = 1795338000.0  # 22 November 2026, 09:00 UTC
FEEDLY = "Feedly/1.0 (+http://www.feedly.com/fetcher.html; 42 subscribers; )"
POLL = Request(NINE, "203.0.113.9", "GET", "/feed.rss", 304, 0, FEEDLY, None)
START = "203.0.113.9 - - [22/Nov/2026:09:00:00 +0000]"
REST = f'"GET /feed.rss HTTP/1.1" 304 0 "-" "{FEEDLY}"'
CADDY = {
    "level": "info",
    "ts": NINE,
    "logger": "http.log.access.log0",
    "msg": "handled request",
    "request": {
        "remote_ip": "203.0.113.1",
        "remote_port": "55000",
        "client_ip": "203.0.113.9",
        "proto": "HTTP/2.0",
        "method": "GET",
        "host": "news.example",
        "uri": "/feed.rss",
        "headers": {"User-Agent": [FEEDLY], "Accept": ["*/*"]},
    },
    "bytes_read": 0,
    "duration": 0.0002,
    "size": 0,
    "status": 304,
}
NGINX = {
    "remote_addr": "203.0.113.9",
    "time_iso8601": "2026-11-22T09:00:00+00:00",
    "request_method": "GET",
    "request_uri": "/feed.rss",
    "status": "304",
    "body_bytes_sent": "0",
    "http_user_agent": FEEDLY,
}
OWN = {
    "time": "2026-11-22T09:00:00.000Z",
    "client": "203.0.113.9",
    "method": "GET",
    "path": "/feed.rss",
    "protocol": "HTTP/1.1",
    "status": 304,
    "bytes": 0,
    "seconds": 0.0002,
    "agent": FEEDLY,
    "referer": "",
    "is_conditional": True,
}


def without(members, name):
    return {key: value for key, value in members.items() if key != name}


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(f"{START} {REST}", id="combined"),
        pytest.param(f"{START} {REST}\r", id="with the end of a line from Windows"),
        pytest.param(f'{START} {REST} "203.0.113.9" rt=0.4', id="fields behind"),
        pytest.param(f'{START} {REST}rt=0.4 uct="0.0"', id="fields behind without a blank"),
        pytest.param(f"news.example:443 {START} {REST}", id="vhost_combined"),
        pytest.param(START.replace("- -", "- Jane Doe") + f" {REST}", id="a user's name of two words"),
        pytest.param(START.replace("09:00:00 +0000", "17:30:00 +0830") + f" {REST}", id="east of Greenwich"),
        pytest.param(START.replace("22/Nov/2026:09:00:00 +0000", "21/Nov/2026:21:30:00 -1130") + f" {REST}", id="west"),
        pytest.param(START.replace("22/Nov/2026:09:00:00 +0000", "2026-11-22T09:00:00+00:00") + f" {REST}", id="ISO"),
        pytest.param(json.dumps(NGINX), id="nginx's variables"),
        pytest.param(
            json.dumps(
                {
                    **without(without(without(NGINX, "request_method"), "request_uri"), "time_iso8601"),
                    "request": "GET /feed.rss HTTP/1.1",
                    "time_local": "22/Nov/2026:09:00:00 +0000",
                }
            ),
            id="nginx's request in one",
        ),
        pytest.param(json.dumps({**without(NGINX, "time_iso8601"), "msec": "1795338000.000"}), id="nginx's msec"),
        pytest.param(json.dumps(without(OWN, "is_conditional")), id="feedsite without conditions"),
    ],
)
def test_each_servers_line_gives_the_same_request(line):
    """One poll, logged in each of the formats, is the same Request."""
    assert read(line) == POLL


@pytest.mark.parametrize(
    ("fields", "is_conditional"),
    [({"If-None-Match": ['"x"']}, True), ({"If-Modified-Since": ["Sun, 22 Nov 2026 09:00:00 GMT"]}, True), ({}, False)],
)
def test_a_condition_is_found_in_the_headers_that_caddy_logs(fields, is_conditional):
    """Caddy logs the header fields of the request, by name, each with all its values."""
    headers = {**CADDY["request"]["headers"], **fields}
    line = json.dumps({**CADDY, "request": {**CADDY["request"], "headers": headers}})
    assert read(line) == POLL._replace(is_conditional=is_conditional)


def test_caddy_before_2_5_logs_the_client_with_its_port():
    """Address and port were one member, with IPv6 in brackets."""
    asked = without(without(CADDY["request"], "remote_ip"), "client_ip") | {"remote_addr": "[2001:db8::1]:55000"}
    assert read(json.dumps({**CADDY, "request": asked})).client == "[2001:db8::1]"


@pytest.mark.parametrize("said", [True, False])
def test_feedsites_log_has_whether_a_request_was_conditional(said):
    """is_conditional of feedsite's own log is that of the Request."""
    assert read(json.dumps({**OWN, "is_conditional": said})) == POLL._replace(is_conditional=said)


def test_a_proxy_at_a_unix_socket_has_no_address():
    """The client is - where feedsite's log has null, as in nginx's combined format."""
    assert read(json.dumps({**OWN, "client": None})).client == "-"


@pytest.mark.parametrize("client", ["2001:db8::1", "::ffff:203.0.113.9", "reader.example"])
def test_a_client_is_an_address_or_a_name(client):
    """IPv6 addresses are clients, and so are the names of Apache's HostnameLookups."""
    assert read(f"{START} {REST}".replace("203.0.113.9", client, 1)).client == client


@pytest.mark.parametrize("rest", ['"GET /feed.rss HTTP/1.1" 304 0', '"GET /feed.rss HTTP/1.1" 304 - "-" "-"'])
def test_a_log_may_name_no_agent_and_no_size(rest):
    """A line of the common format has no User-Agent, and Apache writes - for no bytes."""
    assert read(f"{START} {rest}") == POLL._replace(agent="")


@pytest.mark.parametrize(
    ("written", "agent"),
    [
        (r"a \"quoted\" word", 'a "quoted" word'),
        (r"a \x22quoted\x22 word", 'a "quoted" word'),
        (r"a back\\slash", r"a back\slash"),
        (r"\xE2\x82\xAC and \xe6\x97\xa5", "€ and 日"),
        (r"half a letter \xE2\x82", "half a letter \ufffd"),
        ("日本 as it is", "日本 as it is"),
    ],
)
def test_what_a_server_escaped_is_read_back(written, agent):
    """Bytes in hexadecimal (nginx) and a backslash before a quote (Apache) become the letters again."""
    assert read(f'{START} "GET /feed.rss HTTP/1.1" 304 0 "-" "{written}"').agent == agent


def test_nginx_without_escape_json_is_read():
    """JSON with bytes in hexadecimal, which is no JSON, is read all the same."""
    line = json.dumps({**NGINX, "http_user_agent": "AGENT"}).replace("AGENT", r"a \x22\xE6\x97\xA5\x22 \x5C\x1B word")
    assert read(line).agent == 'a "日" \\\x1b word'


def test_a_quote_in_the_path_ends_no_field():
    """A client cannot write the rest of the line by a quote in the path."""
    found = read(rf'{START} "GET /\" 200 7 \"-\" \"x HTTP/1.1" 404 9 "-" "curl/8"')
    assert (found.status, found.bytes, found.agent) == (404, 9, "curl/8")


@pytest.mark.parametrize("asked", [r"\x16\x03\x01", "-", "", "GET", "quit", "GET / HTTP/1.1 and more"])
def test_a_request_that_no_server_could_parse_is_counted(asked):
    """Bytes of TLS, or nothing: nginx logs them with status 400."""
    assert read(f'{START} "{asked}" 400 157 "-" "-"').status == 400


@pytest.mark.parametrize(
    "line",
    [
        "",
        "hello",
        "{",
        "{}",
        "[]",
        '{"a":' * 100_000,
        json.dumps({**OWN, "status": "many"}),
        json.dumps({**OWN, "status": True}),
        json.dumps({**OWN, "status": 12345}),
        json.dumps({**OWN, "bytes": -1}),
        json.dumps({**OWN, "bytes": 1.5}),
        json.dumps({**OWN, "time": "yesterday"}),
        json.dumps({**OWN, "time": None}),
        json.dumps({**OWN, "client": 7}),
        json.dumps({**OWN, "time": float("nan")}),
        json.dumps({**OWN, "time": float("inf")}),
        json.dumps({**OWN, "time": 1e300}),
        json.dumps({**OWN, "bytes": 10**400}),
        json.dumps(without(OWN, "time")),
        json.dumps(without(OWN, "client")),
        json.dumps({**CADDY, "request": {}}),
        f"{START} {REST[: len(REST) // 2]}",
        f"{START} {REST}"[:-1],
        f"{START} {REST}".replace("Nov", "Non"),
        f"{START} {REST}".replace("22/Nov", "32/Nov"),
        f"{START} {REST}".replace("09:00:00", "aa:00:00"),
        f"{START} {REST}".replace("2026", "0000"),
        f"{START} {REST}".replace("2026", "1926"),
        f"{START} {REST}".replace(" 304 ", " 3o4 "),
        "2026/11/22 09:00:00 [error] 7#7: *1 open() failed, client: 203.0.113.9",
    ],
)
def test_a_line_of_no_access_log_is_none(line):
    """A line in no known format gives None, and nothing raises."""
    assert read(line) is None


def test_a_leap_second_is_a_second():
    """The leap second 23:59:60 is the second after 23:59:59."""
    assert read(f"{START} {REST}".replace("09:00:00", "08:59:60")) == POLL
