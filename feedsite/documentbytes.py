"""A Document as bytes that the index keeps for other processes, and back."""

import json
from hashlib import blake2b
from typing import Any

from .cut import Cut
from .document import CODINGS, Document

_SEAL = 16  # bytes


def to_bytes(document: Document) -> bytes:
    """A document with the codings that were made, its cut and its page, sealed."""
    parts: list[bytes] = []
    told = _told(document, parts)
    head = json.dumps(told, ensure_ascii=False).encode()
    content = b"".join((len(head).to_bytes(4), head, *parts))
    return blake2b(content, digest_size=_SEAL).digest() + content


def from_bytes(content: bytes) -> Document | None:
    """What `to_bytes` was given; None where the seal is broken."""
    seal, content = content[:_SEAL], content[_SEAL:]
    if blake2b(content, digest_size=_SEAL).digest() != seal:
        return None
    start = 4 + int.from_bytes(content[:4])
    return _made(json.loads(content[4:start]), _Reader(content, start))


def _told(document: Document, parts: list[bytes]) -> dict[str, Any]:
    """The document's fields; lengths stand for bytes, which go to `parts` in their order."""
    codings = dict(document.compressed)
    told: dict[str, Any] = {
        "type": document.media_type,
        "links": document.links,
        "scripted": document.is_scripted,
        "codings": {coding: len(body) for coding, body in codings.items()},
    }
    if cut := document.cut:
        told["cut"] = [len(cut.head), len(cut.tail), len(cut.joint), *map(len, cut.entries)]
        parts += [cut.head, cut.tail, cut.joint, *cut.entries]
    else:
        told["body"] = len(document.body)
        parts.append(document.body)
    parts += codings.values()
    if document.page:
        told["page"] = _told(document.page, parts)
    return told


class _Reader:
    def __init__(self, content: bytes, start: int) -> None:
        self._content = content
        self._start = start

    def take(self, length: int) -> bytes:
        self._start += length
        return self._content[self._start - length : self._start]


def _made(told: dict[str, Any], reader: _Reader) -> Document:
    if "cut" in told:
        head, tail, joint, *entries = map(reader.take, told["cut"])
        cut = Cut(head, tuple(entries), tail, joint)
        body = bytes(cut)
    else:
        cut, body = None, reader.take(told["body"])
    codings = {coding: reader.take(length) for coding, length in told["codings"].items() if coding in CODINGS}
    made = Document(
        body,
        told["type"],
        tuple((relation, address) for relation, address in told["links"]),
        cut,
        _made(told["page"], reader) if "page" in told else None,
        told["scripted"],
    )
    made.compressed.update(codings)
    return made
