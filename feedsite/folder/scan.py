"""Compares a site's folder with its index. What a scan finds is a value; it writes nothing.

Only files whose signatures changed are read. A folder that cannot be listed keeps the files that the index has of it.
"""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path

from ..codehash import code_hash
from ..errors import Fault
from ..index import mediarows
from ..index.index import Index
from ..index.readresult import ReadResult, Signature
from ..settings import FILE, Settings
from . import filereader, published, saves
from .filereader import Job, Progress
from .opening import ENTRIES, PAGES, ROOTS, TEXTS, THEME, signature
from .siteyaml import SiteYaml
from .themefiles import ThemeFiles
from .walk import Place, Walk, is_below

# Names in the index: what its entries were read with, and what they are read with by a first commit under way.
READ_WITH, BEING_READ_WITH = "read with", "being read with"
_FEW_REFUSED = 50  # refused files that each scan reads again
_FEW = 2000  # files that a scan reads; more of them are read while they are committed, to save memory
# The code that makes rows of the index from entry files.
READ_BY = (
    "folder.picturefacts",
    "folder.published",
    "folder.recordings",
    "index.entryjson",
    "parsing.entryfile",
    "parsing.pagefile",
)


@dataclass(frozen=True, slots=True)
class ScanState:
    """What one scan passes on to the next: where each link leads, and since when each missing file is waited for."""

    links: Mapping[str, Place] = field(default_factory=dict)
    missing: Mapping[str, int] = field(default_factory=dict)  # monotonic nanoseconds


@dataclass(frozen=True, slots=True)
class MediaFile:
    """A picture or recording that is new or changed."""

    kind: str
    signature: Signature
    facts: published.Facts


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a scan found in the folder and the index does not have yet.

    `jobs` are the entry files to be read, and `reads` is what reading them gave. It is None where the commit is to read
    them: in a first scan, or where they are too many to keep in memory.
    """

    site: SiteYaml
    theme: ThemeFiles
    read_with: str  # a hash of the settings and the code that the entry files are read with
    is_first: bool  # no scan of the folder was ever committed
    is_anew: bool  # the index's entries were read with something else: every file is read
    waits_for_saves: bool  # whether files that are being saved are left for a later scan
    jobs: tuple[Job, ...]
    reads: tuple[ReadResult, ...] | None
    gone: tuple[str, ...]
    media: Mapping[str, MediaFile]
    gone_media: tuple[str, ...]
    walk_faults: Mapping[str, tuple[Fault, ...]]  # of each path that was scanned, in the place of its former ones
    again: frozenset[str]  # paths to scan again soon, even without a file event
    count: int  # of the entry files at these paths
    state: ScanState
    has_other_news: bool  # beside the entry files: settings, media, or faults of the walk or of site.yaml

    @property
    def is_empty(self) -> bool:
        return not (self.has_other_news or self.jobs or self.gone)


def scan(
    folder: Path,
    index: Index,
    site: SiteYaml,
    theme: ThemeFiles,
    former: ScanState,
    paths: Iterable[str] = ROOTS,
    *,
    waits_for_saves: bool = False,
    progress: Progress | None = None,
) -> Change:
    """Compares these paths, and all below them, with the index.

    With `waits_for_saves`, a file that seems to be being saved stays as the index has it, and is in `again`.
    """
    read_with = _read_with(site.settings)
    is_first = index.meta(READ_WITH) is None
    is_anew = index.meta(BEING_READ_WITH) != read_with
    found = _Findings()
    wanted = set(ROOTS) if is_first or is_anew else _with_refused(paths, index)
    wanted = {path for path in wanted if path.partition("/")[0] != THEME}  # which every scan reads whole
    of_entries = {path for path in wanted if path.partition("/")[0] in TEXTS}
    for path in sorted(wanted - of_entries):
        _compare_media(path, _walk(path, folder, found), index, found, is_anew=is_anew)
    outdated = set() if is_first or is_anew else mediarows.asking(index, (*found.media, *found.gone_media))
    for path in sorted(of_entries | {path for path in outdated if not is_below(path, of_entries)}):
        _compare_entries(path, _walk(path, folder, found), index, found, outdated, is_anew=is_anew)
    reads: tuple[ReadResult, ...] | None = None
    missing: Mapping[str, int] = {}
    if not is_first and len(found.jobs) <= _FEW:
        reads = tuple(
            filereader.read(found.jobs, folder, site.settings, waits_for_saves=waits_for_saves, progress=progress)
        )
        if waits_for_saves:
            missing, early = saves.missing(found.gone, reads, former.missing, index)
            early |= saves.beside({job.path: job.signature for job in found.jobs}, found.gone, reads, index)
            reads = tuple(ReadResult(read.path, is_passing=True) if read.path in early else read for read in reads)
    facts = published.facts(folder, found.media)
    return Change(
        site=site,
        theme=theme,
        read_with=read_with,
        is_first=is_first,
        is_anew=is_anew,
        waits_for_saves=waits_for_saves,
        jobs=tuple(found.jobs),
        reads=reads,
        gone=tuple(path for path in found.gone if path not in missing),
        media={path: MediaFile(kind, known, facts[path]) for path, (kind, known) in found.media.items()},
        gone_media=tuple(found.gone_media),
        walk_faults={THEME: theme.faults} | {path: tuple(walk.faults) for path, walk in found.walks.items()},
        again=frozenset(
            {path for path, walk in found.walks.items() if walk.is_passing}
            | {path for path, fact in facts.items() if fact.digest == ""}
            | set(missing)
            | ({FILE} if site.is_passing else set())
            | ({THEME} if theme.is_passing else set())
        ),
        count=found.count,
        state=ScanState(_links(former.links, found.walks), missing),
        has_other_news=is_first or is_anew or _differs(index, site, theme, found),
    )


@dataclass(slots=True)
class _Findings:
    """What the walks have found so far."""

    walks: dict[str, Walk] = field(default_factory=dict)
    jobs: list[Job] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    media: dict[str, tuple[str, Signature]] = field(default_factory=dict)
    gone_media: list[str] = field(default_factory=list)
    count: int = 0


def _with_refused(paths: Iterable[str], index: Index) -> set[str]:
    """These paths, and the files that were refused: they may be taken once another file has changed.

    Where very many were, each edit would cost as much as all of them: then they wait for a scan of everything.
    """
    wanted = set(paths) - {FILE}  # which every scan reads
    refused = index.refused_files()
    return wanted | {path for path in refused if len(refused) <= _FEW_REFUSED and not is_below(path, wanted)}


def _walk(path: str, folder: Path, found: _Findings) -> Walk:
    walk = found.walks[path] = Walk(folder, path)
    return walk


def _compare_entries(
    path: str, walk: Walk, index: Index, found: _Findings, outdated: Container[str], *, is_anew: bool
) -> None:
    """`outdated` are the entry files to be read again whatever their signatures are: for their recordings changed."""
    known = index.signatures("" if path == ENTRIES else path)
    for page in index.signatures(PAGES) if path == ENTRIES else ():
        del known[page]
    for file, stat in walk.entry_files():
        found.count += 1
        now = signature(stat)
        if is_anew or file in outdated or known.get(file) != now:
            has_hash = not is_anew and file in known and file not in outdated
            found.jobs.append(Job(file, now, index.hash(file) if has_hash else None))
        known.pop(file, None)
    found.gone += [file for file in known if not is_below(file, walk.lost)]


def _compare_media(path: str, walk: Walk, index: Index, found: _Findings, *, is_anew: bool) -> None:
    known, undigested = mediarows.signatures(index, path), mediarows.undigested(index)
    for file, stat, kind in walk.media_files():
        now = signature(stat)
        if known.pop(file, None) != now or file in undigested or is_anew:
            found.media[file] = (kind, now)
    found.gone_media += [file for file in known if not is_below(file, walk.lost)]


def _links(former: Mapping[str, Place], walks: Mapping[str, Walk]) -> dict[str, Place]:
    links = {link: place for link, place in former.items() if not is_below(link, walks)}
    for walk in walks.values():
        links |= walk.links
    return links


def _differs(index: Index, site: SiteYaml, theme: ThemeFiles, found: _Findings) -> bool:
    """Whether media came or went, or site.yaml, the theme, or their faults or those of the walks are others than the
    index has.
    """
    return bool(
        found.media
        or found.gone_media
        or site.text != index.meta(FILE)
        or theme.written != (index.meta(THEME) or b"")
        or set(site.faults) != index.faults_below(FILE, "site")
        or set(theme.faults) != index.faults_below(THEME, "walk")
        or any(set(walk.faults) != index.faults_below(path, "walk") for path, walk in found.walks.items())
    )


def _read_with(settings: Settings) -> str:
    """A hash of what decides, beside a file itself, what is read in it: settings, and the code."""
    ingredients = (
        code_hash(*READ_BY),
        settings.urls,
        settings.site_id,
        settings.language,
        settings.own_words,
        settings.timezone.key,
        settings.publisher,
        settings.authors,
        settings.sections,
        tuple(settings.mixes),
        settings.typographer,
        settings.math,
    )
    return blake2b(repr(ingredients).encode(), digest_size=16).hexdigest()
