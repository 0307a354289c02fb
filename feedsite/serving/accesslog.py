"""A line for each answer, in ASCII whatever was asked: in the combined format of Apache and nginx, or as a JSON object.

Strangers write most of a line. All that could end a field or a line is therefore escaped, and what is too long is cut.
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

from ..urls import SAFE
from ..wording import SHORT_MONTHS
from .logfile import LONGEST
from .streaming import Stream

# Of a request, the answer's status, the bytes of its body, when it was ready (seconds since 1970), how long that took.
Format = Callable[[WSGIEnvironment, int, int, float, float], str]
_PLAIN_PATH = re.compile(r"[\w/:@!$&'()*+,;=~.-]*", re.ASCII)
_RISKY = re.compile(r"[^ !#-\[\]-~]")  # all but ASCII's visible letters and the blank; quotation marks and \ as well
_FROM_STRANGERS = ("REQUEST_METHOD", "PATH_INFO", "QUERY_STRING", "HTTP_REFERER", "HTTP_USER_AGENT")
_CUT = 128  # characters that are left of each of them in a line that would be too long
_quoted = json.JSONEncoder().encode


def before(app: WSGIApplication, add: Callable[[str], None], form: Format) -> WSGIApplication:
    """The application, with a line of `form` added for each answer."""

    def logged(environment: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        begun = time.perf_counter()
        told = "500"

        def started(status: str, headers: list[tuple[str, str]], *failure: Any) -> Callable[[bytes], object]:
            nonlocal told
            told = status
            return start_response(status, headers, *failure)

        def tell(seconds: float, size: int) -> None:
            add(_line(form, environment, int(told[:3]), size, time.time(), seconds))

        body: list[bytes] | Stream = []
        try:
            body = _whole(app(environment, started))
        finally:
            seconds = time.perf_counter() - begun
            if isinstance(body, Stream):
                body.at_end(partial(tell, seconds))
            else:
                tell(seconds, sum(map(len, body)))
        return body

    return logged


def combined(environment: WSGIEnvironment, status: int, size: int, at: float, seconds: float) -> str:  # noqa: ARG001  # Format
    """Apache's LogFormat "combined", which nginx has by itself; the time is UTC, what is escaped is written \\xNN."""
    get = environment.get
    asked = _escaped(f"{get('REQUEST_METHOD', '')} {_target(environment)} {get('SERVER_PROTOCOL', '')}")
    referer, agent = _escaped(get("HTTP_REFERER") or "-"), _escaped(get("HTTP_USER_AGENT") or "-")
    return f'{get("REMOTE_ADDR") or "-"} - - [{_day(int(at))[0]}] "{asked}" {status} {size} "{referer}" "{agent}"\n'


def as_json(environment: WSGIEnvironment, status: int, size: int, at: float, seconds: float) -> str:
    """What the combined format tells, and besides how long it took and whether a version was named (RFC 9110 13.1)."""
    get = environment.get
    is_conditional = "HTTP_IF_NONE_MATCH" in environment or "HTTP_IF_MODIFIED_SINCE" in environment
    return (
        f'{{"time":"{_day(int(at))[1]}.{int(at % 1 * 1000):03}Z","client":{_text(get("REMOTE_ADDR"))},'
        f'"method":{_text(get("REQUEST_METHOD"))},"path":{_text(_target(environment))},'
        f'"protocol":{_text(get("SERVER_PROTOCOL"))},"status":{status},"bytes":{size},"seconds":{seconds:.6f},'
        f'"agent":{_text(get("HTTP_USER_AGENT"))},"referer":{_text(get("HTTP_REFERER"))},'
        f'"is_conditional":{"true" if is_conditional else "false"}}}\n'
    )


FORMATS: Mapping[str, Format] = MappingProxyType({"combined": combined, "json": as_json})


def _whole(body: Iterable[bytes]) -> list[bytes] | Stream:
    """Nearly every answer is whole in memory; so the server may be handed all of it at once."""
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
        cut = {name: environment[name][:_CUT] for name in _FROM_STRANGERS if name in environment}
        line = form(environment | cut, status, size, at, seconds)
    return line


def _target(environment: WSGIEnvironment) -> str:
    """The path and the query, percent-encoded: a WSGI server hands the path over decoded (PEP 3333)."""
    path, query = environment.get("PATH_INFO", ""), environment.get("QUERY_STRING")
    if not _PLAIN_PATH.fullmatch(path):
        path = quote(path.encode("latin-1", "replace"), safe=SAFE)
    return f"{path}?{query}" if query else path


def _escaped(text: str) -> str:
    if text.isascii() and text.isprintable() and '"' not in text and "\\" not in text:
        return text  # as nearly always: this is a third of the time that a line takes
    return _RISKY.sub(_byte, text)


def _byte(risky: re.Match[str]) -> str:
    return f"\\x{ord(risky[0].encode('latin-1', 'replace')):02X}"


def _text(field: str | None) -> str:
    """As JSON. Header fields come as Latin-1, and were mostly written in UTF-8."""
    if field is None:
        return "null"
    return _quoted(field if field.isascii() else field.encode("latin-1", "replace").decode(errors="replace"))


@lru_cache(maxsize=4)  # one for each second, however many are answered in it
def _day(second: int) -> tuple[str, str]:
    """A second since 1970 as the combined format writes it, and as ISO 8601; UTC, in no language but English."""
    at = time.gmtime(second)
    clock = f"{at.tm_hour:02}:{at.tm_min:02}:{at.tm_sec:02}"
    month = SHORT_MONTHS[at.tm_mon - 1]
    return (
        f"{at.tm_mday:02}/{month}/{at.tm_year:04}:{clock} +0000",
        f"{at.tm_year:04}-{at.tm_mon:02}-{at.tm_mday:02}T{clock}",
    )
