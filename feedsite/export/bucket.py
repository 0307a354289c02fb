"""The Site written into a bucket: only what changed is uploaded, and what others point to before what points there.

.feedsite/written.json in the bucket is the memory of what was written (manifest.py). It is replaced last, on condition
that no other build did so meanwhile. .feedsite/begun.json names what is about to be written onto which memory: where a
build is killed, the next one uploads that again, and no object is forgotten.
"""

import json
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import NamedTuple

from ..digest import digest_of
from ..document import Document, File
from ..errors import FeedsiteError
from ..freshness import cache_control
from ..plan import Planned
from ..processes import Pool
from ..site import Site
from . import drawing, lease, manifest, names
from .lease import OWN, PRIVATE, Lease, Terms
from .manifest import UNKNOWN, Change, Foreign, Refused, Row, Work
from .objects import UPLOADING, Bucket, Tag, Told

_LIST = f"{OWN}/written.json"
_BEGUN = f"{OWN}/begun.json"
_AT_ONCE = 16  # requests under way
_AHEAD = 2 * _AT_ONCE  # objects in memory
_AHEAD_BYTES = 64 * 1024 * 1024  # bytes of these, or one that is larger


class _Task(NamedTuple):
    """An object to draw. `digest` is that of what the bucket holds, "" where nothing is known."""

    name: str
    path: str
    digest: str


class _Drawn(NamedTuple):
    """An object. `body` is None where the bucket holds it already, and when it has been sent; `digest` is "" where
    nothing stands at the path.

    `fingerprint` is that of what was drawn, which may be newer than the plan.
    """

    name: str
    fingerprint: str = ""
    digest: str = ""
    body: bytes | File | None = None
    told: Told = PRIVATE
    is_written: bool = False
    problem: Refused | None = None


class _Memory(NamedTuple):
    """What was written, and the tag of the object that says so; None where there is none: then all is uploaded."""

    rows: dict[str, Row]
    tag: Tag


class _Strange(NamedTuple):
    """What the memory does not know: names under which something stands, and those under which nothing did just now."""

    foreign: frozenset[str] = frozenset()
    new: frozenset[str] = frozenset()


def write(
    site: Site,
    bucket: Bucket,
    faulty: AbstractSet[str] = frozenset(),
    again: Callable[[], Site] | None = None,
    *,
    items: Mapping[str, Planned] | None = None,
    deletes: bool = False,
    is_dry: bool = False,
    terms: Terms = lease.USUAL,
) -> Iterator[Change]:
    """Uploads what differs from the site, and tells what became of each object.

    What only an earlier build wrote is removed with `deletes`, else left. For all else see disk.write. Raises
    FeedsiteError where the store fails, or another build is writing there.
    """
    items = names.planned(site) if items is None else items
    # Processes are forked before obstore starts its threads.
    with drawing.drawers(len(items), partial(_begin, again or (lambda: site))) as drawers:
        memory = _remembered(bucket)
        work = manifest.work(memory.rows, items, faulty, _trusted)
        if is_dry or not (work.tasks or (deletes and work.stale)):
            yield from _told(work, deletes=deletes)
            with ThreadPoolExecutor(_AT_ONCE) as pool:
                strange = _looked_for(bucket, pool, memory, work)
            told = partial(_compared, bucket, strange)
            yield from (_change(drawn, items) for drawn in _sent(drawers, work, items, memory, told) if _is_told(drawn))
            return
        with Lease(bucket, terms) as held, ThreadPoolExecutor(_AT_ONCE) as pool:
            memory = _remembered(bucket)
            work = manifest.work(memory.rows, items, faulty, _trusted)
            strange = _looked_for(bucket, pool, memory, work)
            begun = manifest.begun(work, memory.rows, items, strange.foreign)
            held.check()
            bucket.put(_BEGUN, json.dumps({"onto": memory.tag, "rows": begun}).encode(), PRIVATE)
            rows = memory.rows | begun | work.unchanged
            try:
                for drawn in _sent(drawers, work, items, memory, partial(_uploaded, bucket, held, pool, strange)):
                    if drawn.problem and drawn.name not in memory.rows:
                        rows.pop(drawn.name, None)  # nothing of ours stands there
                    elif drawn.digest and not drawn.problem:
                        rows[drawn.name] = Row(drawn.fingerprint, drawn.digest, items[drawn.name].source)
                    if _is_told(drawn):
                        yield _change(drawn, items)
                for name in work.stale if deletes else ():
                    held.check()
                    bucket.delete(name)
                    del rows[name]
            except FeedsiteError:
                with suppress(FeedsiteError):  # what has been uploaded need not be uploaded again
                    held.check()
                    bucket.hasty.swap(_LIST, manifest.to_bytes(rows), PRIVATE, memory.tag)
                raise
            held.check()
            bucket.swap(_LIST, manifest.to_bytes(rows), PRIVATE, memory.tag)
            yield from _told(work, deletes=deletes)


def _remembered(bucket: Bucket) -> _Memory:
    written, begun = bucket.get(_LIST), bucket.get(_BEGUN)
    tag = written.tag if written else None
    try:
        rows = manifest.from_bytes(written.body) if written else {}
        onto = json.loads(begun.body)["onto"] if begun else None
        if begun and onto == tag:  # else that build has ended
            rows |= manifest.from_bytes(begun.body)
    except (ValueError, LookupError, TypeError):
        message = f"{bucket.address}/{_LIST} or {_BEGUN} is damaged; delete both, and the next build uploads everything"
        raise FeedsiteError(message) from None
    return _Memory(rows, tag)


def _trusted(_name: str, row: Row) -> Row | None:
    """A bucket is not looked through: what was uploaded is there."""
    return row


def _looked_for(bucket: Bucket, pool: ThreadPoolExecutor, memory: _Memory, work: Work) -> _Strange:
    """What stands already under the names that are new to the memory: somebody else may have put it there."""
    if memory.tag is None:
        return _Strange()
    unknown = [name for name in work.tasks if name not in memory.rows and bucket.can_hold(name)]
    stands = pool.map(bucket.stands, unknown)
    foreign = frozenset(name for name, is_there in zip(unknown, stands, strict=True) if is_there)
    return _Strange(foreign, frozenset(unknown) - foreign)


def _sent(
    drawers: Pool[_Task, _Drawn],
    work: Work,
    items: Mapping[str, Planned],
    memory: _Memory,
    send: Callable[[Iterable[_Drawn]], Iterator[_Drawn]],
) -> Iterator[_Drawn]:
    """What became of each object: stage by stage, and what only points elsewhere when all else is there."""
    moved: list[_Drawn] = []
    for number, stage in enumerate(names.staged(work.tasks, items)):
        tasks = [_Task(name, items[name].path, memory.rows.get(name, Row(UNKNOWN)).digest) for name in stage]
        drawn = (
            drawing.outcomes(drawers, tasks) if number else drawers.here(tasks)
        )  # pictures and recordings are not drawn, and large
        yield from send(_unmoved(drawn, moved))
    yield from send(moved)


def _unmoved(objects: Iterable[_Drawn], moved: list[_Drawn]) -> Iterator[_Drawn]:
    for drawn in objects:
        if drawn.told.location:
            moved.append(drawn)
        else:
            yield drawn


def _uploaded(
    bucket: Bucket, held: Lease, pool: ThreadPoolExecutor, strange: _Strange, objects: Iterable[_Drawn]
) -> Iterator[_Drawn]:
    """The objects, in their order, when they are there."""
    waiting: deque[tuple[_Drawn, Future[bool] | None]] = deque()
    sizes: deque[int] = deque()
    try:
        for drawn in objects:
            held.check()
            put = pool.submit(_put, bucket, strange, drawn, drawn.body) if drawn.body is not None else None
            waiting.append((drawn._replace(body=None), put))
            sizes.append(_held(drawn.body))
            while len(waiting) > _AHEAD or (len(waiting) > 1 and sum(sizes) > _AHEAD_BYTES):
                sizes.popleft()
                yield _there(*waiting.popleft())
        while waiting:
            yield _there(*waiting.popleft())
    finally:
        for _, put in waiting:
            if put:
                put.cancel()


def _there(drawn: _Drawn, put: Future[bool] | None) -> _Drawn:
    try:
        return drawn._replace(is_written=put.result()) if put else drawn
    except Refused as problem:
        return drawn._replace(problem=problem, is_written=False)


def _compared(bucket: Bucket, strange: _Strange, objects: Iterable[_Drawn]) -> Iterator[_Drawn]:
    """What would become of the objects, were they uploaded."""
    for drawn in objects:
        try:
            bucket.refuse_unholdable(drawn.name)
            is_written = drawn.is_written and not (
                drawn.name in strange.foreign and _adopted(bucket, drawn, drawn.body)
            )
            yield drawn._replace(is_written=is_written)
        except Refused as problem:
            yield drawn._replace(problem=problem)


def _begin(again: Callable[[], Site]) -> Callable[[_Task], _Drawn]:
    return partial(_draw, again())


def _draw(site: Site, task: _Task) -> _Drawn:
    try:
        found = names.held(site, task.path)
    except Refused as problem:
        return _Drawn(task.name, problem=problem)
    if found is None:
        return _Drawn(task.name)  # a picture, or an article, that was taken away meanwhile
    document = found.document
    told = Told(document.media_type, cache_control(document), found.location)
    if isinstance(document, Document):
        digest = digest_of(repr(tuple(told)).encode() + document.body, 12)
    else:
        digest = digest_of(repr((*told, document.digest)).encode(), 12)
    body = document.body if isinstance(document, Document) else document
    is_there = digest == task.digest
    return _Drawn(task.name, found.fingerprint, digest, None if is_there else body, told, is_written=not is_there)


def _put(bucket: Bucket, strange: _Strange, drawn: _Drawn, body: bytes | File) -> bool:
    """Whether it had to be uploaded. Raises Refused, and Foreign where something else stands there."""
    if drawn.name in strange.foreign:
        return not _adopted(bucket, drawn, body)
    if not isinstance(body, bytes):
        bucket.put_pieces(drawn.name, names.pieces(body), drawn.told)
    elif not bucket.put(drawn.name, body, drawn.told, is_new=drawn.name in strange.new):
        return not _adopted(bucket, drawn, body)
    return True


def _adopted(bucket: Bucket, drawn: _Drawn, body: bytes | File | None) -> bool:
    """True where the same bytes stand there. Raises Foreign for any others."""
    size, digest = (
        (len(body), digest_of(body, 12)) if isinstance(body, bytes) else (body.size, body.digest) if body else (0, "")
    )
    if not bucket.holds(drawn.name, size, digest):
        raise Foreign("an object that feedsite did not write stands there")
    return True


def _held(body: bytes | File | None) -> int:
    """Bytes in memory while it is uploaded."""
    return min(body.size, UPLOADING) if isinstance(body, File) else len(body or b"")


def _is_told(drawn: _Drawn) -> bool:
    return bool(drawn.digest or drawn.problem)


def _change(drawn: _Drawn, items: Mapping[str, Planned]) -> Change:
    """See disk._change."""
    if drawn.problem:
        is_kept = isinstance(drawn.problem, Foreign) and bool(drawn.told.location and items[drawn.name].source)
        return Change(drawn.name, "kept" if is_kept else "failed", str(drawn.problem))
    return Change(drawn.name, "written" if drawn.is_written else "unchanged")


def _told(work: Work, *, deletes: bool) -> Iterator[Change]:
    yield from (Change(name, "unchanged") for name in work.unchanged)
    yield from (Change(name, "removed" if deletes else "left") for name in work.stale)
