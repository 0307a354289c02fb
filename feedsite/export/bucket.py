"""The Site written into a bucket: only what changed is uploaded, and what others point to before what points there.

.feedsite/written.json in the bucket is the manifest of what was written (manifest.py). It is replaced last, on
condition that no other build has replaced it meanwhile. .feedsite/begun.json names what is about to be written, and the
manifest that was there: when a build is killed, the next one uploads that again, and no object is forgotten.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import NamedTuple

from ..digest import digest_of
from ..document import Document, File
from ..errors import FeedsiteError
from ..freshness import cache_control
from ..planned import Planned
from ..site import Site
from . import drawing, manifest, names, uploading
from .drawing import Content, Drawers, Outcome, Task
from .lease import OWN, PRIVATE, USUAL, Lease, Terms
from .manifest import Change, Row, Work
from .objects import Bucket, Headers, Tag
from .uploading import Unlisted, Unsent

_LIST = f"{OWN}/written.json"
_PENDING = f"{OWN}/begun.json"


class _Written(NamedTuple):
    """What the manifest says was written, and its tag; None where there is no manifest: then all is uploaded."""

    rows: dict[str, Row]
    tag: Tag


def write(
    site: Site,
    bucket: Bucket,
    faulty: AbstractSet[str] = frozenset(),
    reopen: Callable[[], Site] | None = None,
    *,
    deletes: bool = False,
    is_dry: bool = False,
    counted: Callable[[int], object] = lambda _: None,
    terms: Terms = USUAL,
) -> Iterator[Change]:
    """Uploads what differs from the site, and reports each object.

    What only an earlier build wrote is removed with `deletes`, else left. For all else see disk.write. Raises
    FeedsiteError where the store fails, or another build is writing there.
    """
    # Processes are forked before obstore starts its threads, and so before the manifest is read: all is planned.
    items = names.planned(site)
    counted(len(items))
    with drawing.drawers(len(items), reopen or (lambda: site), _put) as drawers:
        written = _manifest(bucket)
        work = manifest.work(written.rows, items, faulty, _trusted)
        if is_dry or not (work.tasks or (deletes and work.stale)):
            yield from _untouched(work, deletes=deletes)
            with ThreadPoolExecutor(uploading.AT_ONCE) as pool:
                unlisted = _unlisted(bucket, pool, written, work)
            send = partial(uploading.compare, bucket, unlisted)
            for outcome in _sent(drawers, work, items, written, send):
                if change := drawing.change(outcome, items[outcome.name].source):
                    yield change
            return
        with Lease(bucket, terms) as lease, ThreadPoolExecutor(uploading.AT_ONCE) as pool:
            written = _manifest(bucket)
            work = manifest.work(written.rows, items, faulty, _trusted)
            unlisted = _unlisted(bucket, pool, written, work)
            pending = manifest.pending(work, written.rows, items, unlisted.foreign)
            lease.check()
            bucket.put(_PENDING, json.dumps({"onto": written.tag, "rows": pending}).encode(), PRIVATE)
            rows = written.rows | pending | work.unchanged
            send = partial(uploading.upload, bucket, lease, pool, unlisted)
            try:
                for outcome in _sent(drawers, work, items, written, send):
                    if outcome.problem and outcome.name not in written.rows:
                        rows.pop(outcome.name, None)  # nothing of ours stands there
                    elif outcome.row:
                        rows[outcome.name] = outcome.row
                    if change := drawing.change(outcome, items[outcome.name].source):
                        yield change
                for name in work.stale if deletes else ():
                    lease.check()
                    bucket.delete(name)
                    del rows[name]
            except FeedsiteError:
                with suppress(FeedsiteError):  # what has been uploaded need not be uploaded again
                    lease.check()
                    bucket.quick.swap(_LIST, manifest.to_bytes(rows), PRIVATE, written.tag)
                raise
            lease.check()
            bucket.swap(_LIST, manifest.to_bytes(rows), PRIVATE, written.tag)
            yield from _untouched(work, deletes=deletes)


def _manifest(bucket: Bucket) -> _Written:
    listed, pending = bucket.get(_LIST), bucket.get(_PENDING)
    tag = listed.tag if listed else None
    try:
        rows = manifest.from_bytes(listed.body).rows if listed else {}
        onto = json.loads(pending.body)["onto"] if pending else None
        if pending and onto == tag:  # else that build has ended
            rows |= manifest.from_bytes(pending.body).rows
    except (ValueError, LookupError, TypeError):
        files = f"{bucket.address}/{_LIST} or {_PENDING}"
        raise FeedsiteError(f"{files} is damaged; delete both, and the next build uploads everything") from None
    return _Written(rows, tag)


def _trusted(_name: str, row: Row) -> Row | None:
    """A bucket is not looked through: what was uploaded is there."""
    return row


def _unlisted(bucket: Bucket, pool: ThreadPoolExecutor, written: _Written, work: Work) -> Unlisted:
    """The names to write that the manifest does not list: somebody else may have put objects there."""
    if written.tag is None:
        return Unlisted()
    names = [name for name in work.tasks if name not in written.rows and bucket.takes_name(name)]
    exist = pool.map(bucket.exists, names)
    foreign = frozenset(name for name, is_there in zip(names, exist, strict=True) if is_there)
    return Unlisted(foreign, frozenset(names) - foreign)


def _sent(
    drawers: Drawers[Unsent],
    work: Work,
    items: Mapping[str, Planned],
    written: _Written,
    send: Callable[[Iterable[Outcome[Unsent]]], Iterator[Outcome[Unsent]]],
) -> Iterator[Outcome[Unsent]]:
    """What became of each object: stage by stage, and redirects when all else is there."""
    redirects: list[Outcome[Unsent]] = []
    for number, stage in enumerate(names.staged(work.tasks, items)):
        tasks = [_task(name, items[name], written.rows.get(name)) for name in stage]
        # Pictures and recordings are large, and not drawn.
        outcomes = drawing.outcomes(drawers, tasks) if number else drawers.here(tasks)
        yield from send(_without_redirects(outcomes, redirects))
    yield from send(redirects)


def _without_redirects(
    outcomes: Iterable[Outcome[Unsent]], redirects: list[Outcome[Unsent]]
) -> Iterator[Outcome[Unsent]]:
    for outcome in outcomes:
        if outcome.is_redirect:
            redirects.append(outcome)
        else:
            yield outcome


def _task(name: str, item: Planned, row: Row | None) -> Task:
    return Task(name, item.path, item.source, row.digest if row else "")


def _put(task: Task, found: Content) -> Outcome[Unsent]:
    document = found.document
    headers = Headers(document.media_type, cache_control(document), found.location)
    if isinstance(document, Document):
        body: bytes | File = document.body
        digest = digest_of(repr(tuple(headers)).encode() + document.body, 12)
    else:
        body = document
        digest = digest_of(repr((*headers, document.digest)).encode(), 12)
    row = Row(found.fingerprint, digest, task.source)
    outcome: Outcome[Unsent] = Outcome(task.name, row, is_redirect=bool(found.location))
    return outcome if digest == task.digest else outcome._replace(is_written=True, unsent=Unsent(body, headers))


def _untouched(work: Work, *, deletes: bool) -> Iterator[Change]:
    yield from (Change(name, "unchanged") for name in work.unchanged)
    yield from (Change(name, "removed" if deletes else "left") for name in work.stale)
