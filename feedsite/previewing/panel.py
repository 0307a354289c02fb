"""What the preview puts into each page: what state its article is in, its faults, and the script that follows saves."""

from base64 import b64encode
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from importlib.resources import files
from urllib.parse import quote

from ..checking.framed import Frame, framed
from ..checking.sources import text_of
from ..digest import digest_of
from ..errors import Fault, in_one_line
from ..folder.opening import TEXTS
from ..formats import insertion
from ..formats.templates import OURS
from ..wording import counted, day_in_words
from .view import FOLDER, Unpublished, View

STYLE, EVENTS = f"{FOLDER}preview.css", f"{FOLDER}events"
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MOST = 20  # faults on a page
# By Unpublished.kind: how the panel is marked, and what it says.
_OF_UNPUBLISHED = {
    "draft": ("draft", "Draft: nobody sees this yet."),
    "scheduled": ("scheduled", "Appears on {moment}."),
    "fallen": ("faulty", "Nobody sees this: another article has what it claims."),
    "unread": ("faulty", "Nobody sees this: the file has faults."),
}


def put_in(page: bytes, view: View, path: str, query: str, status: int) -> bytes:
    """The page as the preview shows it."""
    one = view.unpublished_at(path)
    source = view.source_at(path)
    faults = view.faults_on(source)
    state, sentence = _state(view, path, one, status)
    base = view.settings.urls
    asked = quote(f"{path}?{query}" if query else path, safe="")
    what = (
        state or ("faulty" if faults else ""),
        sentence,
        in_one_line(source) if source.startswith(tuple(f"{folder}/" for folder in TEXTS)) else "",
        f"The site as it will be on {moment_in_words(view.moment, view)}." if view.is_later else "",
        frames(faults[:_MOST], view),
        _sum_of(faults, source, one),
        counts(view),
        base.href(FOLDER),
        base.href(EVENTS, f"page={asked}"),
    )
    version = digest_of(page + repr(what).encode() + view.media_state.encode(), 12)
    head = f'<meta name="robots" content="noindex"><link rel="stylesheet" href="{base.href(STYLE)}">'
    panel = OURS.macro("preview/panel.html", "panel", *what, version)
    return insertion.at_end(insertion.in_head(page, head), f"{panel}<script>{script()}</script>\n")


def version(page: bytes) -> str:
    """The version that stands in a page which was put in."""
    return page.rpartition(b'data-version="')[2].partition(b'"')[0].decode()


def frames(faults: Iterable[Fault], view: View) -> list[Frame]:
    return [framed(fault, text_of(view.library.folder, fault.path)) for fault in faults]


def moment_in_words(moment: datetime, view: View) -> str:
    """Tuesday 1 December 2026, 08:00 in the site's zone."""
    local = moment.astimezone(view.settings.timezone)
    return f"{_DAYS[local.weekday()]} {day_in_words(local.date())}, {local:%H:%M}"


def counts(view: View) -> str:
    """1 draft, 2 scheduled, 1 fault"""
    kinds = [one.kind for one in view.unpublished.values()]
    drafts, scheduled, faults = kinds.count("draft"), kinds.count("scheduled"), len(view.faults)
    parts = [counted(drafts, "draft")] * bool(drafts) + [f"{scheduled} scheduled"] * bool(scheduled)
    return ", ".join([*parts, *[counted(faults, "fault")] * bool(faults)]) or "No draft, nothing scheduled"


def _state(view: View, path: str, one: Unpublished | None, status: int) -> tuple[str, str]:
    """How the panel is marked, and what it says of what stands at the path."""
    if one:
        moment = moment_in_words(datetime.fromtimestamp(one.at, UTC), view)
        return _OF_UNPUBLISHED[one.kind][0], _OF_UNPUBLISHED[one.kind][1].format(moment=moment)
    if path.startswith(FOLDER):
        return "", ""
    row = view.edition.at(path)
    if row and row.is_withdrawn and row.path == path and (gone := view.library.index.entry(row.number).withdrawal):
        return "withdrawn", f"Withdrawn on {moment_in_words(gone.at, view)}: this notice is what everybody sees."
    if view.is_later:
        return "", ""
    return "", "Everybody sees this." if status < 400 else "Nothing stands here."


def _sum_of(faults: list[Fault], source: str, one: Unpublished | None) -> str:
    if not faults:
        return ""
    if all(fault.path != source for fault in faults):
        return f"{counted(len(faults), 'fault')} in what every page is made of"
    shows_last = one is None or one.kind in ("draft", "scheduled")
    return f"{counted(len(faults), 'fault')} to mend" + ("; this is the last version without any" * shows_last)


@cache
def script() -> str:
    return (files("feedsite") / "static" / "preview.js").read_text("utf-8")


@cache
def script_hash() -> str:
    """As a Content-Security-Policy names it (CSP Level 3, 2.3.1)."""
    return f"'sha256-{b64encode(sha256(script().encode()).digest()).decode()}'"


@cache
def style() -> bytes:
    return (files("feedsite") / "static" / "preview.css").read_bytes()
