"""Notifies a WebSub hub of the topics that changed (W3C WebSub, Recommendation of 23 January 2018).

WebSub 6 leaves open how a publisher notifies its hub. All hubs take what PubSubHubbub had: a POST with hub.mode=publish
and the topic in hub.url; some read the topic from hub.topic. So both are sent.

Topics are the feeds and the first page of every collection, and every article. Of those of everything the documents are
compared, each time; of the others that the index's journal names since the last time, where it reaches back so far.

pinged.json in the cache folder has the states of the site up to which that was done, one of each index that a process
has (changes.State); the topics of which the hub is still to be notified; and digests of the latest documents of which
it was.
"""

from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from ..changes import State, later, state_of
from ..document import Document, File
from ..settings import Settings
from ..site import Site
from . import sent
from .client import BUSY, USUAL, Client, RetryPolicy, Unreached

SENT = "pinged.json"  # in the cache folder
_MOST_FORMER = 500  # other topics whose digests are kept: one that comes back unchanged is no change
_MOST = 10_000  # other topics that wait; where more may have changed at once, those of everything are compared alone
_MOST_STATES = 8
_UNSURE = ""  # in the place of a digest: the hub may fetch this version or the next one, of which no cache knows yet


@dataclass(frozen=True, slots=True, kw_only=True)
class Topics:
    """The topics of a site (WebSub 2), by their addresses.

    `digests` are those of the documents of everything. `changed` returns the topics that may have changed since a state
    of the site, None where that is unknown; and `digest` that of another topic's document, None where there is none. ""
    is no digest: then the hub is notified again next time.
    """

    digests: Mapping[str, str]
    state: State | None = None
    changed: Callable[[State | None], tuple[str, ...] | None] = lambda _: None
    digest: Callable[[str], str | None] = lambda _: None


@dataclass(frozen=True, slots=True, kw_only=True)
class Notified:
    """What became of one topic. `problem` is "" where the hub took it; `is_down` where the hub takes none now."""

    topic: str
    problem: str = ""
    is_down: bool = False

    def __str__(self) -> str:
        return f"{self.topic}: {self.problem or 'the hub has been told'}"


def topics(site: Site, settings: Settings) -> Topics:
    urls = settings.urls

    def changed(since: State | None) -> tuple[str, ...] | None:
        paths = site.changed_topics(since, _MOST + 1)
        return None if paths is None or len(paths) > _MOST else tuple(map(urls.absolute, paths))

    def digest(topic: str) -> str | None:
        path = urls.own_path(topic)
        with site.view():
            if not path or not site.is_topic(path):
                return None
            return _digest(site, path) if site.is_current else _UNSURE

    own = {urls.absolute(path): found for path in site.topics if (found := _digest(site, path))}
    return Topics(digests=own, state=site.plan.state, changed=changed, digest=digest)


def changed(hub: str, now: Topics, file: Path) -> tuple[str, ...]:
    """The topics of which this hub was not notified with their present documents. Raises FeedsiteError."""
    work = _Work(hub, now, file)
    return tuple(topic for topic, _ in work.waiting())


def ping(hub: str, now: Topics, file: Path, policy: RetryPolicy = USUAL) -> Generator[Notified, None, None]:
    """Notifies the hub of each changed topic once, and yields what became of it.

    A topic that the hub took is written to `file` at once; of one that it did not take it is notified in the next run.
    A hub that is down ends the run. Raises FeedsiteError where the file cannot be written: a hub is notified of nothing
    rather than twice.
    """
    with sent.locked(file):
        work = _Work(hub, now, file)
        if not work.is_waiting:
            return
        work.write()
        with Client(policy) as client:
            for topic, digest in work.waiting():
                notified = _notify(client, hub, topic)
                if not notified.problem:
                    work.done(topic, digest)
                yield notified
                if notified.is_down:
                    return
        work.write()


class _Work:
    """What the file says was done for this hub, and what is to be done now."""

    def __init__(self, hub: str, now: Topics, file: Path) -> None:
        self._hub, self._now, self._file = hub, now, file
        self._sent = _sent(file, hub)
        known = next((one for one in self._sent.states if now.state and one.journal == now.state.journal), None)
        changed = [topic for topic in now.changed(known) or () if topic not in now.digests]
        self._others = dict.fromkeys([*self._sent.waiting, *changed][-_MOST:])
        self._own = [topic for topic, digest in now.digests.items() if self._sent.told.get(topic) != digest]
        states = [one for one in self._sent.states if one is not known]
        self._states = [*states, *([later(now.state, known)] if now.state else [])][-_MOST_STATES:]

    @property
    def is_waiting(self) -> bool:
        return bool(self._own or self._others)

    def waiting(self) -> Iterator[tuple[str, str]]:
        """Each topic whose document is another one than the hub was notified of last, with its digest."""
        for topic in self._own:
            yield topic, self._now.digests[topic]
        for topic in list(self._others):
            digest = self._now.digest(topic)
            if digest is None or (digest != _UNSURE and self._sent.told.get(topic) == digest):
                del self._others[topic]
            else:
                yield topic, digest

    def done(self, topic: str, digest: str) -> None:
        self._others.pop(topic, None)
        self._sent.told.pop(topic, None)  # the latest stands last
        self._sent.told[topic] = digest
        self.write()

    def write(self) -> None:
        told = self._sent.told
        for topic in [topic for topic in told if topic not in self._now.digests][:-_MOST_FORMER]:
            del told[topic]
        states = list(map(asdict, self._states))
        sent.write(self._file, [{"hub": self._hub, "states": states, "waiting": [*self._others], "told": told}])


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


def _digest(site: Site, path: str) -> str | None:
    """Of the document at this path, which is drawn; None where there is none."""
    if (found := site.get(path)) is None:
        return None
    return (found if isinstance(found, Document | File) else found.document).digest


@dataclass(frozen=True, slots=True)
class _Sent:
    """What the file says: states, topics of which this hub is still to be notified, and digests by topic."""

    states: tuple[State, ...] = ()
    waiting: tuple[str, ...] = ()
    told: dict[str, str] = field(default_factory=dict)


def _sent(file: Path, hub: str) -> _Sent:
    """Nothing where the file is damaged, or another hub's."""
    try:
        (value,) = sent.read(file)
        if value["hub"] != hub:
            return _Sent()
        return _Sent(
            tuple(map(state_of, value["states"])),
            tuple(map(str, value["waiting"])),
            {topic: str(digest) for topic, digest in value["told"].items()},
        )
    except (LookupError, ValueError, TypeError, AttributeError):
        return _Sent()
