"""A site's folder taken into its index: settings, articles, pictures and faults. The only reader of the folder.

Only files whose stat changed are read again. A file that breaks keeps its last good version, a folder that cannot be
listed keeps what it held: an editor's slip never takes an article offline.
"""

import stat
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import blake2b
from itertools import filterfalse, islice
from pathlib import Path

from ..codehash import code_hash
from ..errors import Fault, Faults, is_passing, reason
from ..index.database import Unusable, strange
from ..index.index import Index
from ..index.readresult import ReadResult, Signature, content_hash
from ..index.writer import IndexWriter
from ..parsing.sitefile import read as read_settings
from ..settings import FILE, Settings
from . import filereader, mediafiles, opening
from .filereader import BeingSaved, Job, Same
from .holdings import Holdings
from .opening import ENTRIES, ROOTS, Unreadable, content, signature
from .walk import Place, Walk, is_below

_SEAL = f"hash of {FILE}"  # in the index
_PATIENCE = 3  # seconds that a file which is being saved is waited for
_PAUSE = 0.05  # seconds between two looks at it
_FEW = 2000  # files that are read before the index is locked for them
_AT_ONCE = 500  # files of a first reading that are kept together
READ_BY = ("index.entryjson", "parsing.entryfile")  # by whose code an article becomes what is kept of it
Progress = Callable[[int, int], None]  # files read, and files to read


@dataclass(slots=True)
class _Found:
    """What a look at the folder brought. `told` are the faults of the walks, by what was walked over."""

    jobs: list[Job]
    gone: list[str]
    media: dict[str, tuple[str, Signature]]
    lost_media: list[str]
    told: dict[str, list[Fault]]
    count: int = 0


class Library:
    """Keeps the index of one site's folder in step with it."""

    def __init__(self, folder: Path, environment: Mapping[str, str], index: Index | None = None) -> None:
        """Without an index that lasts, what is read is kept in memory."""
        self.folder = folder
        self.index = index or Index()
        self.again: set[str] = set()  # what must soon be looked at again, whatever the system tells
        self._outdated: set[str] = set()  # of these, what changed since it was read: another process may know better
        self.count = 0  # files that the last look met
        self.links: dict[str, Place] = {}  # that were met, with what tells where each led
        self._environment = environment
        self._missing: dict[str, int] = {}  # since when files that were there are not
        self._sound: tuple[bytes, Settings, tuple[Fault, ...]] | None = None  # the last site.yaml that was sound

    @property
    def has_holdings(self) -> bool:
        """Whether the folder was ever taken in, by whatever process."""
        return self.index.meta("reader") is not None

    def holdings(self) -> Holdings:
        """What was taken in last, by whatever process. Raises Unusable where nothing was."""
        if (text := self._former()) is None:
            raise Unusable("nothing was taken in", is_damaged=True)
        return Holdings(self._settings_of(text), self.folder, self.index)

    def settings(self, *, is_patient: bool = False) -> tuple[Settings, tuple[Fault, ...], bytes]:
        """site.yaml; where it is faulty now, what it said before. Raises Faults where it never said anything.

        A patient reader goes on with what it said before while it seems to be being saved.
        """
        former = self._former() or (self._sound and self._sound[0])
        try:
            if not (self.folder / FILE).exists():
                example = "`title: The Meridian` and, below it, `description: World news, set plainly.`"
                raise Faults([Fault(FILE, 0, 0, f"there is no {FILE} in {self.folder}; make one that says {example}")])
            text = content(self.folder, FILE)
            if is_patient and former not in (None, text) and filereader.is_being_saved(self.folder, FILE, text):
                self.again.add(FILE)
                return self._settings_of(former), (), former
            settings, faults = self._parsed(text)
        except Faults as error:
            faults = error.faults
        except (OSError, Unreadable) as error:
            if is_passing(error):
                self.again.add(FILE)
            faults = (Fault(FILE, 0, 0, reason(error)),)
        else:
            return settings, faults, text
        if former is None:
            raise Faults(faults)
        return self._settings_of(former), faults, former

    def trust(self, other: "Library") -> None:
        """Takes over what another one knows of the same folder, should site.yaml be faulty now."""
        self._sound = other._sound  # noqa: SLF001  # of its own class

    def read(self, progress: Progress | None = None, *, is_patient: bool = False) -> Holdings:
        """Everything, as it stands on the disk now. Raises Faults where site.yaml is faulty and always was.

        A patient reader waits some seconds for what is only being saved.
        """
        with self.taking_in(progress=progress, is_patient=is_patient):
            pass
        until = time.monotonic() + _PATIENCE
        while (self.again if is_patient else self._outdated) and time.monotonic() < until:
            time.sleep(_PAUSE)
            with self.taking_in(self.again - {FILE}, is_patient=is_patient):
                pass
        return self.holdings()

    @contextmanager
    def taking_in(
        self, changed: Iterable[str] = ROOTS, *, is_patient: bool = False, progress: Progress | None = None
    ) -> Iterator[bool]:
        """Takes in what changed at these paths or below them, and yields whether anything did.

        What is done within the `with` becomes true together with it, for every process. A patient reader goes on with
        what it knows of a file while that seems to be being saved: `again` then names what it should soon look at.
        """
        self.again, self._outdated = set(), set()
        settings, faults, text = self.settings(is_patient=is_patient)
        reader = _reader(settings)
        is_first = self.index.meta("reader") is None
        is_anew = self.index.meta("begun") != reader
        found = self._look(ROOTS if is_first or is_anew else self._with_refused(changed), is_anew=is_anew)
        looked = {job.path: job.signature for job in found.jobs}
        outcomes = filereader.read(found.jobs, self.folder, settings, is_patient=is_patient)
        if progress:
            outcomes = _counted(outcomes, len(found.jobs), progress)
        if is_first:
            with self.index.writing() as writer:
                writer.tell("begun", reader)
            while batch := list(islice(outcomes, _AT_ONCE)):
                with self.index.writing() as writer:
                    self._keep(writer, batch, looked)
                self.index.database.tidy()  # while others read on, for at the end all would wait
        elif len(found.jobs) <= _FEW:
            read = list(outcomes)  # before the index is locked
            outcomes = iter(read)
            self._wait_for_missing(found, read, is_patient=is_patient)
        digests = mediafiles.digests(self.folder, found.media)
        self.again |= {path for path, digest in digests.items() if digest == ""}
        is_other = is_first or is_anew or text != self.index.meta(FILE) or self._differs(found, faults)
        if not (is_other or found.jobs or found.gone):
            yield False
            return
        with self.index.writing() as writer:
            if is_anew and not is_first:
                writer.unsettle()
            touched, has_read = self._keep(writer, outcomes, looked)
            for path in filterfalse(self._is_back, found.gone):
                touched |= writer.drop(path)
            for path, (kind, known) in found.media.items():
                writer.put_medium(path, kind, known, digests[path])
            for path in found.lost_media:
                writer.drop_medium(path)
            for path, walk_faults in found.told.items():
                writer.blame_below(path, walk_faults)
            writer.blame(FILE, "site", faults)
            if is_first:
                writer.settle_all()
            else:
                writer.settle(touched)
            writer.tell(FILE, text)
            writer.tell(_SEAL, content_hash(text))
            writer.tell("begun", reader)
            writer.tell("reader", reader)
            yield is_other or has_read or bool(found.gone)

    def _keep(
        self, writer: IndexWriter, outcomes: Iterable[filereader.Outcome], looked: Mapping[str, Signature]
    ) -> tuple[set[int], bool]:
        """The entries whose standing may change, and whether any file says another thing than before.

        While this one read, another process may have read a newer version, and kept it: that is not written over.
        """
        touched: set[int] = set()
        has_read = False
        for outcome in outcomes:
            if isinstance(outcome, Same):
                writer.settle_file(outcome.path, outcome.signature)
                continue
            if isinstance(outcome, BeingSaved):
                self.again.add(outcome.path)
            read = outcome if isinstance(outcome, ReadResult) else outcome.read
            if read and self._has_changed(read.path, looked[read.path]):
                self._outdated.add(read.path)
                self.again.add(read.path)
            elif read:
                has_read = True
                touched |= writer.put(read)
        return touched, has_read

    def _has_changed(self, path: str, known: Signature) -> bool:
        try:
            return signature(opening.found(self.folder, path)) != known
        except FileNotFoundError:
            return True
        except OSError:
            return False

    def _is_back(self, path: str) -> bool:
        """Whether a file that was away has come in the last seconds: then it is looked at again."""
        try:
            found = opening.found(self.folder, path)
        except OSError:
            return False
        if stat.S_ISREG(found.st_mode) and 0 <= time.time_ns() - found.st_ctime_ns < _PATIENCE * 10**9:
            self._outdated.add(path)
            self.again.add(path)
            return True
        return False

    def _with_refused(self, changed: Iterable[str]) -> set[str]:
        """These paths, and the files that may stand as they are once another one has changed."""
        paths = set(changed)
        return paths | {path for path in self.index.refused() if not is_below(path, paths)}

    def _look(self, paths: Iterable[str], *, is_anew: bool) -> _Found:
        """What stands at these paths and below, compared with what is known."""
        found = _Found([], [], {}, [], {})
        for path in sorted(set(paths)):
            walk = Walk(self.folder, path)
            if path.partition("/")[0] == ENTRIES:
                self._look_at_entries(path, walk, found, is_anew=is_anew)
            else:
                known, undigested = self.index.media(path), self.index.undigested()
                for medium, stat_, kind in walk.media_files():
                    now = signature(stat_)
                    if known.pop(medium, None) != now or medium in undigested:
                        found.media[medium] = (kind, now)
                found.lost_media += [medium for medium in known if not is_below(medium, walk.lost)]
            found.told[path] = walk.faults
            self.links = {link: place for link, place in self.links.items() if not is_below(link, [path])} | walk.links
            if walk.is_passing:
                self.again.add(path)
        self.count = found.count
        return found

    def _look_at_entries(self, path: str, walk: Walk, found: _Found, *, is_anew: bool) -> None:
        known = self.index.known("" if path == ENTRIES else path)
        for file, stat_ in walk.entry_files():
            found.count += 1
            now = signature(stat_)
            if is_anew or known.get(file) != now:
                is_read = not is_anew and file in known
                found.jobs.append(Job(file, now, self.index.hash(file) if is_read else None))
            known.pop(file, None)
        found.gone += [file for file in known if not is_below(file, walk.lost)]

    def _wait_for_missing(self, found: _Found, outcomes: Sequence[filereader.Outcome], *, is_patient: bool) -> None:
        """Takes out of what is gone the files that may only be being saved.

        An article that another file holds now was renamed, and need not be waited for.
        """
        now = time.monotonic_ns()
        since = {path: self._missing.get(path, now) for path in found.gone if is_patient}
        held = {read.claimed.id for read in outcomes if isinstance(read, ReadResult) and read.claimed}
        waiting = {
            path
            for path, entry_id in self.index.ids(since).items()
            if now - since[path] < filereader.SAVING and entry_id not in held and self.index.holders(entry_id) == {path}
        }
        self._missing = {path: since[path] for path in waiting}
        self.again |= waiting
        found.gone = [path for path in found.gone if path not in waiting]

    def _differs(self, found: _Found, faults: tuple[Fault, ...]) -> bool:
        """Whether pictures came or went, or anything but an article is faulty that was not, or the reverse."""
        return bool(
            found.media
            or found.lost_media
            or set(faults) != self.index.faults_below(FILE, "site")
            or any(set(faulty) != self.index.faults_below(path, "walk") for path, faulty in found.told.items())
        )

    def _former(self) -> bytes | None:
        """The site.yaml that was taken in last."""
        text = self.index.meta(FILE)
        if text is not None and (not isinstance(text, bytes) or content_hash(text) != self.index.meta(_SEAL)):
            raise strange()
        return text

    def _settings_of(self, text: bytes) -> Settings:
        """Of a site.yaml that was sound. Raises Faults where the environment has become faulty."""
        return self._parsed(text)[0]

    def _parsed(self, text: bytes) -> tuple[Settings, tuple[Fault, ...]]:
        if self._sound is None or self._sound[0] != text:
            self._sound = text, *read_settings(text, self._environment)
        return self._sound[1:]


def _counted(outcomes: Iterator[filereader.Outcome], count: int, progress: Progress) -> Iterator[filereader.Outcome]:
    for number, outcome in enumerate(outcomes, 1):
        progress(number, count)
        yield outcome


def _reader(settings: Settings) -> str:
    """What decides, beside a file itself, what becomes of it: the settings that entries are read with, and the code."""
    told = (
        code_hash(*READ_BY),
        settings.urls,
        settings.site_id,
        settings.language,
        settings.timezone.key,
        settings.publisher,
        settings.authors,
        settings.sections,
    )
    return blake2b(repr(told).encode(), digest_size=16).hexdigest()
