"""A Document as bytes, which the index keeps for other processes, and back."""

import json
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any

from .cut import Cut
from .document import CODINGS, Document

_HASH = 16  # bytes


def to_bytes(document: Document) -> bytes:
    """The document with the codings that were made and its cut, after a hash of all that."""
    parts: list[bytes] = []
    head = json.dumps(_fields(document, parts), ensure_ascii=False).encode()
    content = b"".join((len(head).to_bytes(4), head, *parts))
    return blake2b(content, digest_size=_HASH).digest() + content


def from_bytes(content: bytes) -> Document | None:
    """The document that `to_bytes` was given; None where the bytes are damaged."""
    digest, content = content[:_HASH], content[_HASH:]
    if blake2b(content, digest_size=_HASH).digest() != digest:
        return None
    start = 4 + int.from_bytes(content[:4])
    return _document(json.loads(content[4:start]), _Reader(content, start))


def _fields(document: Document, parts: list[bytes]) -> dict[str, Any]:
    """The document's fields. Bytes are appended to `parts`; their lengths stand in the fields."""
    codings = dict(document.compressed)
    fields: dict[str, Any] = {
        "type": document.media_type,
        "links": document.links,
        "scripted": document.is_scripted,
        "settled": document.is_settled,
        "frames": document.frames,
        "until": document.until and document.until.timestamp(),
        "codings": {coding: len(body) for coding, body in codings.items()},
    }
    if cut := document.cut:
        fields["cut"] = [len(cut.head), len(cut.tail), len(cut.joint), *map(len, cut.entries)]
        parts += [cut.head, cut.tail, cut.joint, *cut.entries]
    else:
        fields["body"] = len(document.body)
        parts.append(document.body)
    parts += codings.values()
    return fields


class _Reader:
    """Takes bytes in the order in which `_fields` appended them."""

    def __init__(self, content: bytes, start: int) -> None:
        self._content = content
        self._start = start

    def take(self, length: int) -> bytes:
        self._start += length
        return self._content[self._start - length : self._start]


def _document(fields: dict[str, Any], reader: _Reader) -> Document:
    if "cut" in fields:
        head, tail, joint, *entries = map(reader.take, fields["cut"])
        cut = Cut(head, tuple(entries), tail, joint)
        body = bytes(cut)
    else:
        cut, body = None, reader.take(fields["body"])
    codings = {coding: reader.take(length) for coding, length in fields["codings"].items() if coding in CODINGS}
    document = Document(
        body,
        fields["type"],
        tuple((relation, address) for relation, address in fields["links"]),
        cut,
        fields["scripted"],
        fields["settled"],
        None if fields["until"] is None else datetime.fromtimestamp(fields["until"], UTC),
        fields["frames"],
    )
    document.compressed.update(codings)
    return document
