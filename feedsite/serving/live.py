"""A site's folder as it is served now: a saved file is seen within a second, in every process.

Of all processes over one folder one leads: it follows the folder, and keeps what changed in the index. The others
follow the index. Who leads holds a lock that its end opens, and another one takes over. Where no index can be kept,
each process reads for itself and keeps all in memory.
"""

import logging
import os
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from ..document import Document
from ..documentbytes import to_bytes
from ..documentcache import DocumentCache
from ..errors import Fault, FeedsiteError
from ..folder import indexfile
from ..folder.library import Library
from ..folder.opening import ROOTS
from ..index.database import Unusable
from ..index.index import Index
from ..index.readresult import ReadResult
from ..notifying.announcer import Announcer
from ..notifying.websub import MEMORY
from ..plan import Planned
from ..site import Site
from . import lastmodified, watch
from .answers import Served
from .rootfolders import Ground
from .watch import TICK

Clock = Callable[[], datetime]
_MENDED = 10  # seconds that a request waits for a new index when the old one was damaged
_TOLD = 20  # lines of one kind in the log at once
_AGAIN = 60  # seconds until an index that could not be kept is tried again
_SILENCE = 10  # seconds after which a leader that shows no sign of work is waited for in vain
_STALLED = 30  # seconds that a first reading by another process may show no sign of work
_NET = 300  # seconds between looks at every file, for changes that no system told of; a long look takes a second
_log = logging.getLogger("feedsite")


def utc_now() -> datetime:
    return datetime.now(UTC)


class Live:
    """A site's folder as it is served now. `served` is replaced whole, by one thread only."""

    def __init__(self, folder: Path, environment: Mapping[str, str], clock: Clock = utc_now) -> None:
        self.clock = clock
        self.drawn = DocumentCache()
        self.taken_in = clock()  # when what is served was last compared with the folder, by whichever process leads
        self.trouble = ""  # why that failed since
        self._folder = Path(os.path.abspath(folder))  # whatever links it has are followed anew each time
        self._environment = environment
        self._lead: int | None = None
        self._faults: list[Fault] = []
        self._carried: list[ReadResult] = []  # from a former index, of files that are faulty now
        self._damage = threading.Event()
        self._announcer = Announcer(indexfile.folder(folder, environment) / MEMORY)
        self._is_leader_silent = False
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._follow, name="feedsite-follow", daemon=True)
        self._library = self._opened()
        try:
            self._begin()
        except Unusable as error:
            self._recover(error)
        except FeedsiteError:  # there is nothing to serve
            self._resign()
            self._library.index.close()
            raise
        if self.holdings.settings.base_url is None:
            _log.warning("site.yaml names no base_url: links point to %s", self.holdings.settings.urls.base)

    def start(self) -> None:
        """Begins to follow the folder, and to tell the hub what changed."""
        self._announcer.start()
        self._thread.start()

    def announce_no_more(self) -> None:
        """What a hub fetches on being told, a server that ends could not give it."""
        self._announcer.stop()

    def stop(self) -> None:
        self._stop.set()
        self._announcer.stop()
        self._thread.join()
        self._resign()
        self._library.index.close()

    @property
    def site(self) -> Site:
        return self.served.site

    @property
    def is_following(self) -> bool:
        """Whether changes are taken in."""
        return self._thread.is_alive()

    @property
    def is_waiting(self) -> bool:
        """Whether this process waits for another one that holds a lock of the index, longer than it should."""
        return self._library.index.database.is_waiting or self._is_leader_silent

    def take_in(self, paths: Iterable[str] = ROOTS) -> None:
        """Reads what changed at these paths and below, and serves it."""
        try:
            with self._library.taking_in(paths, is_patient=True) as has_news:
                served = self._drawn() if has_news else None
            if served is not None:
                self._serve(served)
            self._was_taken_in()
            if served is not None:
                self._tell_faults()
                self._pack(served.site)
                self._library.index.database.tidy()
        except Unusable as error:
            self._recover(error)

    def _was_taken_in(self) -> None:
        """Just now, where this process leads; else when the leader was last seen at its work."""
        silence = 0.0
        if self._lead is not None:
            indexfile.beat(self._lead)
        elif not self._is_leading:
            silence = indexfile.silence(self._library.index)
        self._is_leader_silent = silence > _SILENCE
        self.taken_in = self.clock() - timedelta(seconds=silence if self._is_leader_silent else 0)
        self.trouble = ""

    def mend(self) -> None:
        """Has an index that a request found damaged made anew; returns when that is served, or after some seconds."""
        before = self.served
        self._damage.set()
        until = time.monotonic() + _MENDED
        while self.served is before and time.monotonic() < until:
            time.sleep(0.01)

    # What is served

    def _replan(self) -> None:
        """Serves what the index holds now: another process has written it, or an article is due."""
        self._state = self._library.index.database.state()
        served = self._drawn()
        self._serve(served)
        if self._is_leading:
            self._tell_faults()
        self._pack(served.site)

    def _drawn(self) -> Served:
        """Within `writing` what is drawn becomes true together with what it is made of."""
        index = self._library.index
        with index.reading():
            site = self._planned()
            fresh = site.draw_polled()
            known = index.begun()
        now_served = lastmodified.begun(site.polled_digests, known, self.clock())
        if not self._is_leading:  # what the leader did not begin to serve, nobody knows the moment of
            now_served = {path: moment for path, moment in now_served.items() if known.get(path) == moment}
        elif now_served != known:
            with index.writing() as writer:
                writer.begin(now_served)
        self._keep(fresh)
        return Served(site, {path: moment for path, (_, moment) in now_served.items()})

    def _pack(self, site: Site) -> None:
        """What is served already: until then each coding is made when it is asked for. The others take it over."""
        if self._is_leading:
            fresh = site.compress_polled()
            with suppress(Unusable):  # they go on without
                self._keep(fresh)

    def _keep(self, fresh: list[tuple[Planned, Document]]) -> None:
        if fresh and self._lead is not None:
            with self._library.index.writing() as writer:
                for planned, document in fresh:
                    writer.keep_drawn(planned.path, planned.fingerprint, to_bytes(document))

    def _planned(self) -> Site:
        self._planned_at = self.clock()
        self.holdings = self._library.holdings()
        return Site(self.holdings.edition(self._planned_at), self.holdings.settings, self.holdings.media, self.drawn)

    def _serve(self, served: Served) -> None:
        self.served = served
        self._announcer.announce(served.site, self.holdings.settings)

    def _tell_faults(self) -> None:
        """In the log when they come and when they go; notes are for `feedsite check`."""
        before, self._faults = self._faults, self.holdings.index.faults(with_notes=False)
        known = set(before)
        _tell(logging.ERROR, [str(fault) for fault in self._faults if fault not in known])
        mended = {fault.path for fault in before} - {fault.path for fault in self._faults}
        _tell(logging.INFO, [f"{path}: no fault any more" for path in sorted(mended)])

    # Who leads, and where the index is

    @property
    def _is_leading(self) -> bool:
        return self._lead is not None or self._library.index.is_in_memory

    def _opened(self) -> Library:
        """A library with the index that others share; else with one of its own, in memory."""
        try:
            index = indexfile.opened(self._folder, self._environment)
        except Unusable as error:
            self._tell_without(error)
            index = Index()
        return Library(self._folder, self._environment, index)

    def _begin(self) -> None:
        """Serves what the index holds. Where it holds nothing yet, one process reads the folder and the others wait."""
        index, begun = self._library.index, time.monotonic()
        while not self._stop.is_set():
            self._lead = indexfile.lead(index)
            if not self._library.has_holdings and self._is_leading:
                with index.writing() as writer:
                    for read in self._carried:
                        writer.put(read)
                self._library.read(is_patient=True)
            if self._library.has_holdings:
                self._replan()
                return
            self._resign()
            if min(time.monotonic() - begun, indexfile.silence(index)) > _STALLED:
                raise Unusable(f"another process holds {index.database.path}, and reads nothing")
            self._stop.wait(TICK / 1000)

    def _resign(self) -> None:
        if self._lead is not None:
            os.close(self._lead)
            self._lead = None

    def _recover(self, error: Unusable) -> None:
        """Goes on with a new index where the old one is damaged, and without one where none can be written."""
        former = self._library.index
        self.trouble = str(error)
        if error.is_passing:
            _log.warning("%s; trying again", error)
            self._library.again.update(ROOTS)
            return
        if not former.database.is_standing:
            self._move()
            return
        if error.is_damaged:
            _log.warning("the index is damaged (%s): it is made anew", error)
            former.database.discard()
            self._go_on_with(self._opened())
            return
        self._tell_without(error)
        try:
            index = former.in_memory()
        except Unusable:
            index = Index()
        self._go_on_with(Library(self._folder, self._environment, index))

    def _move(self) -> None:
        _log.warning("the index is gone, or another one stands there: that is used from now on")
        self._go_on_with(self._opened())

    def _go_on_with(self, library: Library) -> None:
        former = self._library.index
        self._resign()
        library.trust(self._library)
        self._library = library
        with suppress(Unusable):
            self._carried = former.last_good()
        self._begin()
        former.close()
        if self._is_leading:
            self.take_in()

    def _tell_without(self, error: Unusable) -> None:
        _log.warning("the index cannot be kept (%s): this process goes on without, all articles in memory", error)
        self._again_at = time.monotonic() + _AGAIN

    def _try_again(self) -> None:
        """Whether an index can be kept by now."""
        self._again_at = time.monotonic() + _AGAIN
        try:
            index = indexfile.opened(self._folder, self._environment)
            with index.writing() as writer:
                writer.tell("tried", time.time_ns())
        except Unusable:
            return
        _log.info("the index can be kept again")
        self._go_on_with(Library(self._folder, self._environment, index))

    # What is followed

    def _follow(self) -> None:
        while not self._stop.is_set():
            try:
                if self._is_leading:
                    self._lead_on()
                else:
                    self._trail()
            except Unusable as error:
                self._attempt(partial(self._recover, error))
            except Exception as error:  # noqa: BLE001  # the thread must outlive whatever a disk does; the site goes on
                self.trouble = repr(error)
                _log.exception("the folder could not be followed; trying again")
                self._stop.wait(1)

    def _attempt(self, task: Callable[[], None]) -> None:
        try:
            task()
        except Unusable as error:
            _log.warning("the index could not be replaced (%s); trying again", error)
            self._stop.wait(1)
        except Exception:  # noqa: BLE001  # as above
            _log.exception("the index could not be replaced; trying again")
            self._stop.wait(1)

    def _lead_on(self) -> None:
        """Takes in changes until the folders themselves are others than before, or another index is led."""
        ground, library = Ground(self._folder), self._library
        state = ground.state()
        if not (folders := ground.folders()):
            self.take_in()
            self._stop.wait(TICK / 1000)
            return
        looked_at: float | None = None  # what was saved before the watch began, no event tells of
        for told in watch.changes(folders, self._stop):
            if self._must_change() or library is not self._library:
                return
            now = ground.state()
            if now[1:] != state[1:]:
                return
            if looked_at is None:
                looked_at = time.monotonic()
                self.take_in()
                _log.info("verified %d files in %.1f s", library.count, time.monotonic() - looked_at)
            elif told is None or time.monotonic() - looked_at > _NET:
                self.take_in()
                looked_at = time.monotonic()
            elif (changed := ground.to_look_at(told, library.links)) or library.again or now != state:
                if ground.is_shifted(changed):
                    return
                self.take_in(changed | library.again)
            else:
                self._was_taken_in()
            if library is self._library and (self._is_out_of_date() or self._is_beginning):
                self._replan()
            state = now

    def _trail(self) -> None:
        """Serves what another process keeps in the index, until this one is to lead."""
        for _ in watch.changes([indexfile.folder(self._folder, self._environment)], self._stop):
            if self._must_change():
                return
            if self._is_out_of_date():
                self._replan()
            self._was_taken_in()
            self._lead = indexfile.lead(self._library.index)
            if self._lead is not None:
                return

    def _must_change(self) -> bool:
        """Whether the index was replaced by another one, which is followed from now on."""
        index = self._library.index
        if self._damage.is_set():
            self._damage.clear()
            self._recover(Unusable("a request met it", is_damaged=True))
        elif not index.database.is_standing:
            self._move()
        elif index.is_in_memory and time.monotonic() > self._again_at:
            self._try_again()
        return index is not self._library.index

    def _is_out_of_date(self) -> bool:
        """Another process has written; or an article is due; or the clock was ahead when this was planned."""
        now = self.clock()
        is_due = now < self._planned_at or (self.site.until is not None and now >= self.site.until)
        return is_due or self._library.index.database.state() != self._state

    @property
    def _is_beginning(self) -> bool:
        """Whether this process, which leads by now, serves what the former leader never did: since when, it says."""
        return self.served.begun.keys() != self.site.polled_digests.keys()


def _tell(level: int, lines: list[str]) -> None:
    """A line each; of very many the first, and how many more there are."""
    for line in lines[:_TOLD]:
        _log.log(level, "%s", line)
    if len(lines) > _TOLD:
        _log.log(level, "and %d more such lines; `feedsite check` tells all", len(lines) - _TOLD)
