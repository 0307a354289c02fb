"""One line of an access log as a Request. Each line is read by itself, in whichever of these formats it is.

These are the common and the combined format of nginx and Apache, also with the name of a virtual host before the line
and any fields behind it; and JSON objects: feedsite's own, Caddy's, and nginx's with the names of nginx's variables.
"""

import json
import re
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache
from typing import Any, NamedTuple

from ..wording import SHORT_MONTHS

_LATEST = 253402300800.0  # seconds since 1970: the year 10000, which is beyond datetime
_MOST_BYTES = 2**63  # in one answer: a larger number is no size
_LONGEST_NUMBER = 19  # digits
_LONGEST_CLIENT, _LONGEST_AGENT, _LONGEST_PATH = 255, 1000, 4000  # letters; longer values are cut
_MONTHS = {name: number for number, name in enumerate(SHORT_MONTHS, 1)}
_TEXT = r'[^"\\]*+(?:\\.[^"\\]*+)*+'  # between quotes; a quote or a backslash has a backslash before it
_LINE = re.compile(
    r"(?:\S++ (?=[0-9A-Fa-f]*[.:][0-9A-Fa-f.:]* ))?+"  # vhost_combined begins with the requested host
    r"(\S++) [^\[]*+\[([^\]]{14,40}+)\] "
    r'"(?:([A-Z]++) ([^ "\\]*+(?:\\.[^ "\\]*+)*+))?+' + _TEXT + r'" '
    r"([0-9]{3}) ([0-9]{1,18}|-)"
    r'(?: "' + _TEXT + r'" "(' + _TEXT + r')"|$|\s(?!"))'
)
_ESCAPED = re.compile(rb"\\(?:x([0-9A-Fa-f]{2})|(.))", re.DOTALL)
_BYTES = re.compile(r"(?:\\x[0-9A-Fa-f]{2})+")
_REQUEST_LINE = re.compile(r"([A-Z]+) (\S*)")
_SECONDS = re.compile(r"[0-9]{1,11}(?:\.[0-9]{1,9})?")


class Request(NamedTuple):
    """One request in a log. `time` is in seconds since 1970, `bytes` is the size of the answer's body.

    `method` and `path` are "" if the server could not parse the request, `agent` if the log has none. `is_conditional`
    is whether the request named the version that the client has (RFC 9110 13.1); None if the log does not record that.
    """

    time: float
    client: str
    method: str
    path: str
    status: int
    bytes: int
    agent: str
    is_conditional: bool | None


def read(line: str) -> Request | None:
    """The request of a line, which comes without its end; None for a line in no known format. Never raises."""
    if line[:1] == "{":
        return _from_json(line)
    if not (found := _LINE.match(line)):
        return None
    client, when, method, path, status, size, agent = found.groups()
    if (time := _seconds(when)) is None:
        return None
    if agent and "\\" in agent:
        agent = _unescaped(agent)
    return Request(
        time,
        client[:_LONGEST_CLIENT],
        method or "",
        path[:_LONGEST_PATH] if path else "",
        int(status),
        0 if size == "-" else int(size),
        agent[:_LONGEST_AGENT] if agent and agent != "-" else "",
        None,
    )


def _seconds(when: str) -> float | None:
    """22/Nov/2026:09:00:00 +0000, or ISO 8601, in seconds since 1970; None for any other text."""
    try:
        if len(when) == len("22/Nov/2026:09:00:00 +0000") and when[2] == "/":
            seconds = (
                _midnight(when[:11], when[21:]) + int(when[12:14]) * 3600 + int(when[15:17]) * 60 + int(when[18:20])
            )
        else:
            moment = datetime.fromisoformat(when)
            seconds = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, KeyError, OverflowError):
        return None
    return seconds if 0 <= seconds < _LATEST else None


@lru_cache(maxsize=100)  # the lines of a day have the same one
def _midnight(day: str, offset: str) -> float:
    """The first second of 22/Nov/2026 at +0000. Raises ValueError and KeyError."""
    east = timedelta(hours=int(offset[:-2]), minutes=int(offset[0] + offset[-2:]))
    return datetime(int(day[7:]), _MONTHS[day[3:6]], int(day[:2]), tzinfo=timezone(east)).timestamp()


def _unescaped(text: str) -> str:
    """Without the escapes \\" and \\xNN (a byte), which nginx and Apache write for what could end the field or line."""
    return _ESCAPED.sub(_byte, text.encode()).decode(errors="replace")


def _byte(found: re.Match[bytes]) -> bytes:
    return bytes([int(found[1], 16)]) if found[1] else found[2]


def _from_json(line: str) -> Request | None:
    members = _parsed(line)
    if members is None and "\\x" in line:
        members = _parsed(_BYTES.sub(_as_json, line))  # of nginx without escape=json: \xNN is not JSON
    if not isinstance(members, dict):
        return None
    make = _caddy if isinstance(members.get("request"), dict) else _feedsite if "client" in members else _nginx
    return make(members)


def _parsed(line: str) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None


def _as_json(found: re.Match[str]) -> str:
    """The letters that a row of escaped bytes stands for, as JSON writes them between quotes."""
    return json.dumps(bytes.fromhex(found[0].replace("\\x", "")).decode(errors="replace"))[1:-1]


def _feedsite(members: dict[str, Any]) -> Request | None:
    is_conditional = members.get("is_conditional")
    if members["client"] is None:  # a proxy on a Unix socket
        members = {**members, "client": "-"}
    return _request(members, is_conditional if isinstance(is_conditional, bool) else None)


def _nginx(members: dict[str, Any]) -> Request | None:
    if found := _REQUEST_LINE.match(_text(members.get("request"))):
        members = {"method": found[1], "path": found[2], **members}
    return _request(members, None)


def _caddy(members: dict[str, Any]) -> Request | None:
    request = members["request"]
    headers = request.get("headers")
    fields = {name.casefold(): value for name, value in headers.items()} if isinstance(headers, dict) else {}
    agent = fields.get("user-agent")
    is_conditional = "if-none-match" in fields or "if-modified-since" in fields if fields else None
    own = {"agent": agent[0] if isinstance(agent, list) and agent else ""}
    if host := _text(request.get("remote_addr")).rpartition(":")[0]:  # before Caddy 2.5, with the port
        own["client"] = host
    return _request({**members, **request, **own}, is_conditional)


# The names that each member may have. The first one that an object has counts.
_NAMES = {
    "time": ("time", "ts", "time_iso8601", "@timestamp", "timestamp", "time_local", "msec"),
    "client": ("client", "client_ip", "remote_addr", "remote_ip", "clientip"),
    "method": ("method", "request_method"),
    "path": ("path", "request_uri", "uri", "url"),
    "status": ("status",),
    "bytes": ("bytes", "body_bytes_sent", "size", "bytes_sent"),
    "agent": ("agent", "http_user_agent", "user_agent"),
}


def _request(members: dict[str, Any], is_conditional: bool | None) -> Request | None:
    """The request of an object's members; None if time, client or status is missing or is none."""
    time = _moment(_first(members, "time"))
    client = _text(_first(members, "client"))
    status = _number(_first(members, "status"), 999)
    size = _first(members, "bytes")
    sent = 0 if size in (None, "", "-") else _number(size, _MOST_BYTES)
    if time is None or not client or status is None or sent is None:
        return None
    agent = _text(_first(members, "agent"))[:_LONGEST_AGENT]
    return Request(
        time,
        client[:_LONGEST_CLIENT],
        _text(_first(members, "method")),
        _text(_first(members, "path"))[:_LONGEST_PATH],
        status,
        sent,
        "" if agent == "-" else agent,
        is_conditional,
    )


def _first(members: dict[str, Any], name: str) -> Any:
    for spelling in _NAMES[name]:
        if (value := members.get(spelling)) is not None:
            return value
    return None


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _number(value: Any, most: int) -> int | None:
    """A whole number from 0 to `most`. nginx may write it in quotes."""
    if isinstance(value, str) and value.isdecimal() and len(value) <= _LONGEST_NUMBER:
        value = int(value)
    return value if type(value) is int and 0 <= value <= most else None


def _moment(value: Any) -> float | None:
    """Seconds since 1970, from a number or a text; None for what is neither, and for NaN and infinity."""
    if isinstance(value, str):
        return float(value) if _SECONDS.fullmatch(value) else _seconds(value)
    return float(value) if type(value) in (int, float) and 0 <= value < _LATEST else None
