"""A lean HTTP/1.1 client for the loopback: prebuilt requests on connections kept alive, every byte counted."""

import gzip
import socket
import sys
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Self

import brotli

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

DECODERS: Mapping[str, Callable[[bytes], bytes]] = MappingProxyType(
    {"": bytes, "gzip": gzip.decompress, "br": brotli.decompress, "zstd": zstd.decompress}
)
UNPACKABLE = (OSError, EOFError, zlib.error, brotli.error, zstd.ZstdError)  # what they raise
HOST = "lantern.example"
_PATIENCE = 10  # seconds for one answer
_PIECE = 256 * 1024


class Torn(Exception):
    """An answer that is not whole, or more than whole."""


class Closed(Torn):
    """The server ended the connection, as one does that is killed: its client sees that the answer is not whole."""


@dataclass(frozen=True, slots=True)
class Head:
    """What a subscriber keeps of an answer's head; `length` is that of the body as it is sent."""

    status: int
    length: int
    etag: bytes
    modified: bytes
    coding: str


@dataclass(frozen=True, slots=True)
class Answer:
    """`size` counts head and body as they were received."""

    head: Head
    body: bytes
    size: int

    @property
    def content(self) -> bytes:
        """The body without its content coding."""
        return DECODERS[self.head.coding](self.body)


def request(path: str, headers: Mapping[str, str] = MappingProxyType({})) -> bytes:
    """A GET, as bytes to be sent."""
    lines = [f"GET {path} HTTP/1.1", f"Host: {HOST}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


class Line:
    """One connection, one request at a time."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=_PATIENCE)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    @property
    def own_port(self) -> int:
        """The port at the client's end."""
        port: int = self._socket.getsockname()[1]
        return port

    def get(self, asked: bytes) -> Answer:
        self.ask(asked)
        return self.answer()

    def ask(self, asked: bytes) -> None:
        self._socket.sendall(asked)

    def answer(self) -> Answer:
        """Raises Torn where the server ends before the answer does, or goes on after it."""
        received = self._piece()
        while (end := received.find(b"\r\n\r\n")) < 0:
            received += self._piece()
        head = read_head(received[:end])
        body = received[end + 4 :]
        if len(body) < head.length:
            pieces = [body]
            missing = head.length - len(body)
            while missing > 0:
                pieces.append(self._piece())
                missing -= len(pieces[-1])
            body = b"".join(pieces)
        if len(body) != head.length:
            raise Torn(f"{len(body)} bytes came where Content-Length says {head.length}")
        return Answer(head, body, end + 4 + len(body))

    def _piece(self) -> bytes:
        piece = self._socket.recv(_PIECE)
        if not piece:
            raise Closed("the server closed the connection in the middle of an answer")
        return piece


@lru_cache(maxsize=8192)  # within one second most heads are the same
def read_head(raw: bytes) -> Head:
    start, *lines = raw.split(b"\r\n")
    headers = {}
    for line in lines:
        name, _, value = line.partition(b":")
        headers[name.lower()] = value.strip()
    status = int(start[9:12])
    if status != 304 and b"content-length" not in headers:
        raise Torn("an answer without Content-Length")
    return Head(
        status=status,
        length=0 if status == 304 else int(headers[b"content-length"]),
        etag=headers.get(b"etag", b""),
        modified=headers.get(b"last-modified", b""),
        coding=headers.get(b"content-encoding", b"").decode(),
    )
