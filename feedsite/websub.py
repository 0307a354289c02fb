"""Tells a WebSub hub which topics changed (W3C WebSub, Recommendation of 23 January 2018). The only door to urllib3.

How a publisher tells its hub, WebSub 6 leaves to the two of them. All hubs take what PubSubHubbub had: a POST with
hub.mode=publish and the topic in hub.url; some read it from hub.topic. So both are sent.

A memory, .feedsite/pinged.json below the site's folder, holds what the hub was told last. Whoever tells holds a lock,
and reads the memory only then: of two workers the second finds nothing left to tell.
"""

import fcntl
import json
import logging
import os
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import responses
from pathlib import Path
from urllib.parse import urljoin

import urllib3
from urllib3 import exceptions

from . import __version__
from .document import Document
from .errors import FeedsiteError
from .reading.settings import Settings
from .reading.walk import Unreadable, content
from .reading.walk import told as reason
from .site import Site

MEMORY = Path(".feedsite") / "pinged.json"
_KEPT = 500  # topics that are none any more and are remembered still: what comes back unchanged is no change
_DOWN = frozenset({429, *range(500, 600)})  # statuses that speak of the hub, not of the topic
_LONGEST_WAIT = 30  # seconds: of a longer Retry-After no more is waited for
_HOPS = 3
logging.getLogger("urllib3").setLevel(logging.ERROR)  # it would tell each attempt; how they ended is told here


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """Seconds that a hub may take to answer, how often it is asked again, and seconds before that, doubled each time.

    Asked again is a hub that lets nobody connect, or says 429 or 5xx. One that took the request and answers nothing may
    have heard it, and is not told twice.
    """

    answer: float = 10
    retries: int = 3
    backoff: float = 1


USUAL = Patience()


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What became of one topic. `problem` is "" where the hub took it; `is_down` where the hub takes none now."""

    topic: str
    problem: str = ""
    is_down: bool = False

    def __str__(self) -> str:
        return f"{self.topic}: {self.problem or 'the hub has been told'}"


def topics(site: Site, settings: Settings) -> dict[str, str]:
    """The address of each topic (WebSub 2), and the digest of what stands there now."""
    standing = {path: found for path in site.topics if (found := site.get(path))}
    return {
        settings.urls.absolute(path): (found if isinstance(found, Document) else found.document).digest
        for path, found in standing.items()
    }


def changed(hub: str, digests: Mapping[str, str], memory: Path) -> tuple[str, ...]:
    """The topics that this hub has not been told of as they are now. Raises FeedsiteError."""
    return _changed(digests, _remembered(memory, hub))


def ping(hub: str, digests: Mapping[str, str], memory: Path, patience: Patience = USUAL) -> Generator[Told, None, None]:
    """Tells the hub each changed topic once, and the caller what became of it. `digests` are what `topics` gives.

    A topic that the hub took is remembered at once, one that it did not take is told again in the next run. A hub that
    is down ends the run. Raises FeedsiteError where nothing could be remembered: better none is told than twice.
    """
    with _alone(memory):
        known = _remembered(memory, hub)
        waiting = _changed(digests, known)
        if not waiting:
            return
        for topic in [topic for topic in known if topic not in digests][:-_KEPT]:
            del known[topic]
        _remember(memory, hub, known)
        with urllib3.PoolManager() as pool:
            for topic in waiting:
                told = _tell(pool, hub, topic, patience)
                if not told.problem:
                    known.pop(topic, None)  # the latest stands last
                    known[topic] = digests[topic]
                    _remember(memory, hub, known)
                yield told
                if told.is_down:
                    return


def _tell(pool: urllib3.PoolManager, hub: str, topic: str, patience: Patience) -> Told:
    try:
        status = _post(pool, hub, topic, patience)
    except (exceptions.HTTPError, ValueError) as error:
        return Told(topic=topic, problem=f"the hub {_trouble(error, patience)}", is_down=True)
    if 200 <= status < 300:
        return Told(topic=topic)
    problem = f"the hub answered {status} {responses.get(status, '')}".rstrip()
    return Told(topic=topic, problem=problem, is_down=status in _DOWN)


def _post(pool: urllib3.PoolManager, hub: str, topic: str, patience: Patience) -> int:
    """The hub's last status. Raises HTTPError, or ValueError for a Location that is no address."""
    retries = urllib3.Retry(
        total=patience.retries,
        read=0,
        other=0,
        allowed_methods=None,  # POST too
        status_forcelist=_DOWN,
        backoff_factor=patience.backoff,
        raise_on_status=False,
        retry_after_max=_LONGEST_WAIT,
    )
    address = hub
    for _ in range(1 + _HOPS):
        with pool.request(
            "POST",
            address,
            fields={"hub.mode": "publish", "hub.url": topic, "hub.topic": topic},
            encode_multipart=False,
            # Each on a connection of its own: a hub may close one that is kept just when the next topic goes out.
            headers={"User-Agent": f"feedsite/{__version__}", "Connection": "close"},
            preload_content=False,  # the status says all
            redirect=False,  # urllib3 would repeat the POST after 301 and 302 too
            retries=retries,
            timeout=patience.answer,
        ) as answer:
            status, location = answer.status, answer.headers.get("Location")
        if status not in (307, 308) or not location:  # RFC 9110 15.4.8, 15.4.9: the same request, elsewhere
            break
        address = urljoin(address, location)
    return status


def _trouble(error: Exception, patience: Patience) -> str:
    reason = (isinstance(error, exceptions.MaxRetryError) and error.reason) or error
    if isinstance(reason, exceptions.TimeoutError) and not isinstance(reason, exceptions.NewConnectionError):
        return f"did not answer within {patience.answer:g} seconds"
    cause = next((one for one in (reason.__cause__, *reason.args) if isinstance(one, OSError)), reason)
    return f"cannot be reached: {getattr(cause, 'strerror', None) or cause}"


def _changed(digests: Mapping[str, str], known: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(topic for topic, digest in digests.items() if known.get(topic) != digest)


@contextmanager
def _alone(memory: Path) -> Iterator[None]:
    """One run at a time, whatever the process; another one waits. The lock of a killed process is open."""
    try:
        memory.parent.mkdir(exist_ok=True)
        lock = os.open(memory.with_suffix(".lock"), os.O_RDWR | os.O_CREAT, 0o666)
    except OSError as error:
        raise _unwritable(memory, error) from None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def _remembered(memory: Path, hub: str) -> dict[str, str]:
    """What this hub was told; nothing where the memory is damaged, or another hub's."""
    try:
        held = json.loads(content(memory))
        return {topic: str(digest) for topic, digest in held["told"].items()} if held["hub"] == hub else {}
    except (FileNotFoundError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return {}
    except (OSError, Unreadable) as error:
        raise FeedsiteError(f"{memory} cannot be read: {reason(error)}; so the hub is told nothing") from None


def _remember(memory: Path, hub: str, known: Mapping[str, str]) -> None:
    """The file is replaced whole: a process that is killed meanwhile leaves the former one."""
    part = memory.with_suffix(".part")
    try:
        part.unlink(missing_ok=True)  # of a run that was killed; or a link that somebody laid there
        part.write_text(json.dumps({"hub": hub, "told": known}, indent=0) + "\n", "utf-8")
        os.replace(part, memory)
    except OSError as error:
        raise _unwritable(memory, error) from None


def _unwritable(memory: Path, error: OSError) -> FeedsiteError:
    return FeedsiteError(f"{memory.parent} cannot be written to: {error.strerror}; so the hub is told nothing")
