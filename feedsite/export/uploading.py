"""Objects uploaded to a bucket, several at once; or, in a dry run, compared with what stands there."""

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import NamedTuple

from ..digest import digest_of
from ..document import File
from . import drawing
from .drawing import Outcome
from .lease import Lease
from .manifest import Foreign, Refused
from .objects import UPLOADING, Bucket, Headers

AT_ONCE = 16  # requests under way
_AHEAD = 2 * AT_ONCE  # objects in memory
_AHEAD_BYTES = 64 * 1024 * 1024  # bytes of these, or one that is larger


class Unsent(NamedTuple):
    """An object that is drawn, and not sent yet."""

    body: bytes | File
    headers: Headers


class Unlisted(NamedTuple):
    """Names that the manifest does not list: those at which somebody else's object stands, and those without any."""

    foreign: frozenset[str] = frozenset()
    new: frozenset[str] = frozenset()


def upload(
    bucket: Bucket, lease: Lease, pool: ThreadPoolExecutor, unlisted: Unlisted, outcomes: Iterable[Outcome[Unsent]]
) -> Iterator[Outcome[Unsent]]:
    """The outcomes in their order, each when its object is in the bucket."""
    waiting: deque[tuple[Outcome[Unsent], Future[bool] | None]] = deque()
    sizes: deque[int] = deque()
    try:
        for outcome in outcomes:
            lease.check()
            put = pool.submit(_put, bucket, unlisted, outcome.name, outcome.unsent) if outcome.unsent else None
            waiting.append((outcome._replace(unsent=None), put))
            sizes.append(_size(outcome.unsent))
            while len(waiting) > _AHEAD or (len(waiting) > 1 and sum(sizes) > _AHEAD_BYTES):
                sizes.popleft()
                yield _uploaded(*waiting.popleft())
        while waiting:
            yield _uploaded(*waiting.popleft())
    finally:
        for _, put in waiting:
            if put:
                put.cancel()


def compare(bucket: Bucket, unlisted: Unlisted, outcomes: Iterable[Outcome[Unsent]]) -> Iterator[Outcome[Unsent]]:
    """What would become of the objects, were they uploaded."""
    for outcome in outcomes:
        try:
            bucket.refuse_long(outcome.name)
            if outcome.unsent and outcome.name in unlisted.foreign:
                _refuse_other(bucket, outcome.name, outcome.unsent)
                yield outcome._replace(is_written=False)
            else:
                yield outcome
        except Refused as problem:
            yield outcome._replace(row=None, problem=problem)


def _uploaded(outcome: Outcome[Unsent], put: Future[bool] | None) -> Outcome[Unsent]:
    try:
        return outcome._replace(is_written=put.result()) if put else outcome
    except Refused as problem:
        return outcome._replace(row=None, problem=problem, is_written=False)


def _put(bucket: Bucket, unlisted: Unlisted, name: str, unsent: Unsent) -> bool:
    """Whether it had to be uploaded: False where the same bytes stood there. Raises Refused, and Foreign."""
    if name in unlisted.foreign:
        _refuse_other(bucket, name, unsent)
        return False
    if isinstance(unsent.body, File):
        bucket.put_pieces(name, drawing.pieces(unsent.body), unsent.headers)
    elif not bucket.put(name, unsent.body, unsent.headers, is_new=name in unlisted.new):
        _refuse_other(bucket, name, unsent)
        return False
    return True


def _refuse_other(bucket: Bucket, name: str, unsent: Unsent) -> None:
    """Raises Foreign where the object that stands there has other bytes."""
    body = unsent.body
    size, digest = (body.size, body.digest) if isinstance(body, File) else (len(body), digest_of(body, 12))
    if not bucket.has(name, size, digest):
        raise Foreign("an object that feedsite did not write stands there")


def _size(unsent: Unsent | None) -> int:
    """Bytes in memory while it is uploaded."""
    if unsent is None:
        return 0
    return min(unsent.body.size, UPLOADING) if isinstance(unsent.body, File) else len(unsent.body)
