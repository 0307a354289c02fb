"""Tells a WebSub hub which topics changed (W3C WebSub, Recommendation of 23 January 2018).

How a publisher tells its hub, WebSub 6 leaves to the two of them. All hubs take what PubSubHubbub had: a POST with
hub.mode=publish and the topic in hub.url; some read it from hub.topic. So both are sent.

A memory, pinged.json in the cache folder, holds what the hub was told last.
"""

from collections.abc import Generator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ..document import Document, File
from ..settings import Settings
from ..site import Site
from .client import BUSY, USUAL, Client, RetryPolicy, Unreached
from .sent import alone, remember, remembered

MEMORY = "pinged.json"  # in the cache folder
_KEPT = 500  # topics that are none any more and are remembered still: what comes back unchanged is no change


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
        settings.urls.absolute(path): (found if isinstance(found, Document | File) else found.document).digest
        for path, found in standing.items()
    }


def changed(hub: str, digests: Mapping[str, str], memory: Path) -> tuple[str, ...]:
    """The topics that this hub has not been told of as they are now. Raises FeedsiteError."""
    return _changed(digests, _known(memory, hub))


def ping(
    hub: str, digests: Mapping[str, str], memory: Path, patience: RetryPolicy = USUAL
) -> Generator[Told, None, None]:
    """Tells the hub each changed topic once, and the caller what became of it. `digests` are what `topics` gives.

    A topic that the hub took is remembered at once, one that it did not take is told again in the next run. A hub that
    is down ends the run. Raises FeedsiteError where nothing could be remembered: better none is told than twice.
    """
    with alone(memory):
        known = _known(memory, hub)
        waiting = _changed(digests, known)
        if not waiting:
            return
        for topic in [topic for topic in known if topic not in digests][:-_KEPT]:
            del known[topic]
        remember(memory, [{"hub": hub, "told": known}])
        with Client(patience) as agent:
            for topic in waiting:
                told = _tell(agent, hub, topic)
                if not told.problem:
                    known.pop(topic, None)  # the latest stands last
                    known[topic] = digests[topic]
                    remember(memory, [{"hub": hub, "told": known}])
                yield told
                if told.is_down:
                    return


def _tell(agent: Client, hub: str, topic: str) -> Told:
    """A redirect is not followed: whoever answers for the hub could lead feedsite to any service of its network."""
    try:
        answer = agent.send("POST", hub, {}, {"hub.mode": "publish", "hub.url": topic, "hub.topic": topic})
    except Unreached as error:
        return Told(topic=topic, problem=f"the hub {error}", is_down=True)
    if 200 <= answer.status < 300:
        return Told(topic=topic)
    problem = f"the hub answered {answer.line}"
    if answer.target:
        problem += f" and leads to {answer.target}; if the hub has moved there, write `hub: {answer.target}`"
    return Told(topic=topic, problem=problem, is_down=answer.status in BUSY)


def _changed(digests: Mapping[str, str], known: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(topic for topic, digest in digests.items() if known.get(topic) != digest)


def _known(memory: Path, hub: str) -> dict[str, str]:
    """What this hub was told; nothing where the memory is damaged, or another hub's."""
    try:
        (held,) = remembered(memory)
        return {topic: str(digest) for topic, digest in held["told"].items()} if held["hub"] == hub else {}
    except (LookupError, ValueError, TypeError, AttributeError):
        return {}
