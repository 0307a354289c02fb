"""Documents kept after they were drawn: in this process within a budget of bytes, and as bytes for other processes."""

import json
from collections import OrderedDict
from hashlib import blake2b
from threading import Lock
from typing import Any

from .cut import Cut
from .document import CODINGS, Document, File, Resource

BUDGET = 32 * 1024 * 1024  # bytes
_SEAL = 16  # bytes
_ITSELF = 4096  # bytes of a drawing beside its document's, roughly


class Drawn:
    """What was drawn, by path and fingerprint; who was asked for longest ago makes room."""

    def __init__(self, budget: int = BUDGET) -> None:
        self._budget = budget
        self._size = 0
        self._kept: OrderedDict[str, tuple[str, Resource, int]] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, path: str, fingerprint: str) -> Resource | None:
        with self._lock:
            found = self._kept.get(path)
            if not found or found[0] != fingerprint:
                return None
            self._kept.move_to_end(path)
            return found[1]

    def put(self, path: str, fingerprint: str, resource: Resource) -> None:
        """One that would take an eighth of the room is not kept, and no File, which may be another each time."""
        size = _size(resource)
        with self._lock:
            if former := self._kept.pop(path, None):
                self._size -= former[2]
            if size > self._budget // 8 or isinstance(resource, File):
                return
            self._kept[path] = fingerprint, resource, size
            self._size += size
            while self._size > self._budget:
                _, (_, _, freed) = self._kept.popitem(last=False)
                self._size -= freed


def _size(resource: Resource) -> int:
    """With what its codings will take."""
    if isinstance(resource, File):
        return 0
    document = resource if isinstance(resource, Document) else resource.document
    return 2 * len(document.body) + _ITSELF


def packed(document: Document) -> bytes:
    """A document with the codings that were made, its cut and its page, sealed."""
    parts: list[bytes] = []
    told = _told(document, parts)
    head = json.dumps(told, ensure_ascii=False).encode()
    content = b"".join((len(head).to_bytes(4), head, *parts))
    return blake2b(content, digest_size=_SEAL).digest() + content


def unpacked(content: bytes) -> Document | None:
    """What `packed` was given; None where the seal is broken."""
    seal, content = content[:_SEAL], content[_SEAL:]
    if blake2b(content, digest_size=_SEAL).digest() != seal:
        return None
    start = 4 + int.from_bytes(content[:4])
    return _made(json.loads(content[4:start]), _Reader(content, start))


def _told(document: Document, parts: list[bytes]) -> dict[str, Any]:
    """The document's fields; lengths stand for bytes, which go to `parts` in their order."""
    codings = dict(document.made)
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
    made.made.update(codings)
    return made
