"""Notifies a WebSub hub of the topics that changed (W3C WebSub, Recommendation of 23 January 2018).

WebSub 6 leaves open how a publisher notifies its hub. All hubs take what PubSubHubbub had: a POST with hub.mode=publish
and the topic in hub.url; some read the topic from hub.topic. So both are sent.

pinged.json in the cache folder has the digest of each topic of which the hub was notified last.
"""

from collections.abc import Generator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ..document import Document, File
from ..settings import Settings
from ..site import Site
from . import sent
from .client import BUSY, USUAL, Client, RetryPolicy, Unreached

SENT = "pinged.json"  # in the cache folder
_MOST_FORMER = 500  # former topics whose digests are kept: one that comes back unchanged is no change


@dataclass(frozen=True, slots=True, kw_only=True)
class Notified:
    """What became of one topic. `problem` is "" where the hub took it; `is_down` where the hub takes none now."""

    topic: str
    problem: str = ""
    is_down: bool = False

    def __str__(self) -> str:
        return f"{self.topic}: {self.problem or 'the hub has been told'}"


def topics(site: Site, settings: Settings) -> dict[str, str]:
    """The address of each topic (WebSub 2), and the digest of its document."""
    found = {path: resource for path in site.topics if (resource := site.get(path))}
    return {
        settings.urls.absolute(path): (one if isinstance(one, Document | File) else one.document).digest
        for path, one in found.items()
    }


def changed(hub: str, digests: Mapping[str, str], file: Path) -> tuple[str, ...]:
    """The topics of which this hub was not notified with their present digests. Raises FeedsiteError."""
    return _changed(digests, _sent(file, hub))


def ping(
    hub: str, digests: Mapping[str, str], file: Path, policy: RetryPolicy = USUAL
) -> Generator[Notified, None, None]:
    """Notifies the hub of each changed topic once, and yields what became of it. `digests` are what `topics` returns.

    A topic that the hub took is written to `file` at once; of one that it did not take it is notified in the next run.
    A hub that is down ends the run. Raises FeedsiteError where the file cannot be written: a hub is notified of nothing
    rather than twice.
    """
    with sent.locked(file):
        previous = _sent(file, hub)
        waiting = _changed(digests, previous)
        if not waiting:
            return
        for topic in [topic for topic in previous if topic not in digests][:-_MOST_FORMER]:
            del previous[topic]
        sent.write(file, [{"hub": hub, "told": previous}])
        with Client(policy) as client:
            for topic in waiting:
                notified = _notify(client, hub, topic)
                if not notified.problem:
                    previous.pop(topic, None)  # the latest stands last
                    previous[topic] = digests[topic]
                    sent.write(file, [{"hub": hub, "told": previous}])
                yield notified
                if notified.is_down:
                    return


def _notify(client: Client, hub: str, topic: str) -> Notified:
    """A redirect is not followed: a hub, or an attacker in its place, could lead feedsite to any service inside."""
    try:
        answer = client.send("POST", hub, {}, {"hub.mode": "publish", "hub.url": topic, "hub.topic": topic})
    except Unreached as error:
        return Notified(topic=topic, problem=f"the hub {error}", is_down=True)
    if 200 <= answer.status < 300:
        return Notified(topic=topic)
    problem = f"the hub answered {answer.line}"
    if answer.target:
        problem += f" and leads to {answer.target}; if the hub has moved there, write `hub: {answer.target}`"
    return Notified(topic=topic, problem=problem, is_down=answer.status in BUSY)


def _changed(digests: Mapping[str, str], previous: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(topic for topic, digest in digests.items() if previous.get(topic) != digest)


def _sent(file: Path, hub: str) -> dict[str, str]:
    """Digests by topic, as this hub was notified of them; nothing where the file is damaged, or another hub's."""
    try:
        (value,) = sent.read(file)
        return {topic: str(digest) for topic, digest in value["told"].items()} if value["hub"] == hub else {}
    except (LookupError, ValueError, TypeError, AttributeError):
        return {}
