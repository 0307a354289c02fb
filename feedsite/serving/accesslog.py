"""The access log: one line of ASCII for each answer, in the combined format of Apache and nginx, or as a JSON object.

Most of a line comes from the client. Every character that could end a field or the line is therefore escaped, and a
field that makes the line too long is cut. The token of a signed address is left out (sharing.py).
"""

import json
import re
import time
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache, partial
from types import MappingProxyType
from typing import Any
from urllib.parse import quote
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from ..sharing import without_tokens
from ..urls import SAFE
from ..wording import SHORT_MONTHS
from .logfile import LONGEST
from .streaming import Stream

# A line for a request, the answer's status, its body's size in bytes, the time of the answer (seconds since 1970), and
# the seconds that it took.
Format = Callable[[WSGIEnvironment, int, int, float, float], str]
_PLAIN_PATH = re.compile(r"[\w/:@!$&'()*+,;=~.-]*", re.ASCII)
_RISKY = re.compile(r"[^ !#-\[\]-~]")  # all but the space and ASCII's visible characters; of these " and \
_FROM_CLIENT = ("REQUEST_METHOD", "PATH_INFO", "QUERY_STRING", "HTTP_REFERER", "HTTP_USER_AGENT")
_CUT = 128  # characters that each of these keeps in a line that would be too long
_quoted = json.JSONEncoder().encode


def wrap(app: WSGIApplication, add: Callable[[str], None], form: Format) -> WSGIApplication:
    """The application, which calls `add` with a line of `form` for each answer."""

    def logged(environment: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        started = time.perf_counter()
        status_line = "500"

        def start(status: str, headers: list[tuple[str, str]], *failure: Any) -> Callable[[bytes], object]:
            nonlocal status_line
            status_line = status
            return start_response(status, headers, *failure)

        def add_line(seconds: float, size: int) -> None:
            add(_line(form, environment, int(status_line[:3]), size, time.time(), seconds))

        body: list[bytes] | Stream = []
        try:
            body = _whole(app(environment, start))
        finally:
            seconds = time.perf_counter() - started
            if isinstance(body, Stream):
                body.at_end(partial(add_line, seconds))
            else:
                add_line(seconds, sum(map(len, body)))
        return body

    return logged


def combined(environment: WSGIEnvironment, status: int, size: int, at: float, seconds: float) -> str:  # noqa: ARG001  # Format
    """Apache's LogFormat "combined", which nginx has by default; times are UTC, escaped bytes are written \\xNN."""
    get = environment.get
    request = _escaped(f"{get('REQUEST_METHOD', '')} {_target(environment)} {get('SERVER_PROTOCOL', '')}")
    referer, agent = _escaped(_referer(environment) or "-"), _escaped(get("HTTP_USER_AGENT") or "-")
    return f'{get("REMOTE_ADDR") or "-"} - - [{_day(int(at))[0]}] "{request}" {status} {size} "{referer}" "{agent}"\n'


def as_json(environment: WSGIEnvironment, status: int, size: int, at: float, seconds: float) -> str:
    """The values of the combined format, the seconds that the answer took, and whether the request was conditional."""
    get = environment.get
    is_conditional = "HTTP_IF_NONE_MATCH" in environment or "HTTP_IF_MODIFIED_SINCE" in environment
    return (
        f'{{"time":"{_day(int(at))[1]}.{int(at % 1 * 1000):03}Z","client":{_text(get("REMOTE_ADDR"))},'
        f'"method":{_text(get("REQUEST_METHOD"))},"path":{_text(_target(environment))},'
        f'"protocol":{_text(get("SERVER_PROTOCOL"))},"status":{status},"bytes":{size},"seconds":{seconds:.6f},'
        f'"agent":{_text(get("HTTP_USER_AGENT"))},"referer":{_text(_referer(environment))},'
        f'"is_conditional":{"true" if is_conditional else "false"}}}\n'
    )


FORMATS: Mapping[str, Format] = MappingProxyType({"combined": combined, "json": as_json})


def _whole(body: Iterable[bytes]) -> list[bytes] | Stream:
    """The body as a list, for nearly every answer is in memory already; a Stream as it is."""
    if isinstance(body, list | Stream):
        return body
    try:
        return list(body)
    finally:
        if close := getattr(body, "close", None):
            close()


def _line(form: Format, environment: WSGIEnvironment, status: int, size: int, at: float, seconds: float) -> str:
    line = form(environment, status, size, at, seconds)
    if len(line) > LONGEST:
        cut = {name: environment[name][:_CUT] for name in _FROM_CLIENT if name in environment}
        line = form(environment | cut, status, size, at, seconds)
    return line


def _target(environment: WSGIEnvironment) -> str:
    """The path and the query, percent-encoded: a WSGI server hands the path over decoded (PEP 3333)."""
    path, query = environment.get("PATH_INFO", ""), environment.get("QUERY_STRING")
    if not _PLAIN_PATH.fullmatch(path):
        path = quote(path.encode("latin-1", "replace"), safe=SAFE)
    return without_tokens(f"{path}?{query}" if query else path)


def _referer(environment: WSGIEnvironment) -> str | None:
    found = environment.get("HTTP_REFERER")
    return found and without_tokens(found)


def _escaped(text: str) -> str:
    if text.isascii() and text.isprintable() and '"' not in text and "\\" not in text:
        return text  # as nearly always: this is a third of the time that a line takes
    return _RISKY.sub(_byte, text)


def _byte(risky: re.Match[str]) -> str:
    return f"\\x{ord(risky[0].encode('latin-1', 'replace')):02X}"


def _text(field: str | None) -> str:
    """As a JSON string. A WSGI server decodes header fields as Latin-1; most clients write them in UTF-8."""
    if field is None:
        return "null"
    return _quoted(field if field.isascii() else field.encode("latin-1", "replace").decode(errors="replace"))


@lru_cache(maxsize=4)  # so that each second is written once, however many answers it has
def _day(second: int) -> tuple[str, str]:
    """A second since 1970 in UTC, as the combined format writes it (English months), and as ISO 8601."""
    at = time.gmtime(second)
    clock = f"{at.tm_hour:02}:{at.tm_min:02}:{at.tm_sec:02}"
    month = SHORT_MONTHS[at.tm_mon - 1]
    return (
        f"{at.tm_mday:02}/{month}/{at.tm_year:04}:{clock} +0000",
        f"{at.tm_year:04}-{at.tm_mon:02}-{at.tm_mday:02}T{clock}",
    )
