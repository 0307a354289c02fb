"""An Audience as a table of 100 columns, and as JSON, whose keys are a stable interface."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from textwrap import fill
from typing import Any

from ..cells import cells
from .figures import Audience, Counts, Reader
from .words import NONE, counted, cut, heading, people, rate, share, size

FORMAT = 1  # of the JSON; it grows when a key is removed or changes its meaning
_SHOWN = 40  # readers in the table; JSON has all
_COLUMNS = 100
_HEADS = ("Reader", "Subscribers", "Feeds", "Polls", "Polls/h", "304", "226", "Bytes", "Ignoring")
_WIDTHS = (26, 11, 5, 9, 7, 4, 4, 8, 10)


def table(audience: Audience) -> str:
    """The table, for a terminal or another place where all letters have one width."""
    parts = [f"{heading(audience)}\n"]
    if audience.feeds:
        parts.append("\n".join(_table(audience)) + "\n")
    parts += [fill(note, _COLUMNS, break_long_words=False, break_on_hyphens=False) for note in _notes(audience)]
    if audience.unreadable:
        parts.append(f"{counted(audience.unreadable, 'line')} could not be read, this one first:")
        parts.append(f"  {cut(audience.example, _COLUMNS - 2)}")
    return "\n".join(parts) + "\n"


def _table(audience: Audience) -> Iterator[str]:
    rule = "─" * (sum(_WIDTHS) + 2 * len(_WIDTHS) - 2)
    yield _line(_HEADS)
    yield rule
    for reader in audience.readers[:_SHOWN]:
        yield _row(audience, reader.name, reader.counts, people(reader), f"{reader.feeds:,}", _ignoring(reader))
    if rest := audience.readers[_SHOWN:]:
        more = sum((reader.counts for reader in rest), Counts())
        yield _row(audience, counted(len(rest), "more reader"), more)
    if audience.others != Counts():
        yield _row(audience, "All others", audience.others)
    yield rule
    yield _row(audience, "Total", audience.total, feeds=f"{audience.polled:,}")


def _row(
    audience: Audience, name: str, counts: Counts, subscribers: str = "", feeds: str = "", ignoring: str = ""
) -> str:
    shares = [share(counts.not_modified_share), share(counts.differences_share)] if counts.polls else [NONE, NONE]
    polls = [f"{counts.polls:,}", rate(audience.an_hour(counts.polls))]
    return _line((name, subscribers, feeds, *polls, *shares, size(counts.bytes), ignoring))


def _line(parts: tuple[str, ...]) -> str:
    name = cut(parts[0], _WIDTHS[0])
    figures = [part.rjust(columns) for part, columns in zip(parts[1:], _WIDTHS[1:], strict=True)]
    return "  ".join([name + " " * (_WIDTHS[0] - cells(name)), *figures]).rstrip()


def _ignoring(reader: Reader) -> str:
    found = reader.validators
    return f"{found.ignoring:,} of {found.judged:,}" if found.ignoring else ""


def _notes(audience: Audience) -> Iterator[str]:
    if audience.feeds:
        yield (
            f"{counted(audience.claimed, 'subscriber')} claimed by the readers themselves. ~ marks the different "
            f"clients of readers that claim none, {audience.estimated:,} in all, browsers and robots among them."
        )
    if audience.feeds and audience.hours < 1:
        yield "The logs span less than an hour, too little to tell the polls of one."
    needless = sum(reader.validators.needless_bytes for reader in audience.readers)
    if any(reader.validators.ignoring for reader in audience.readers):
        yield (
            "Ignoring: how many of the pollers that can be judged ask each time as if they held nothing. "
            f"At least {size(needless)} of what they were sent they had already."
        )
    if audience.total.moved:
        yield f"Led to another address, and no polls: {counted(audience.total.moved, 'request')} for feeds."
    yield f"Everything else: {counted(audience.other_requests, 'request')}, {size(audience.other_bytes)}."


def as_json(audience: Audience) -> str:
    """One JSON object, in ASCII."""
    values = {
        "format": FORMAT,
        "from": _moment(audience.first),
        "to": _moment(audience.last),
        "hours": round(audience.hours, 3),
        "subscribers": {"claimed": audience.claimed, "estimated": audience.estimated},
        "total": _counts(audience, audience.total),
        "readers": [_reader(audience, reader) for reader in audience.readers],
        "others": _counts(audience, audience.others),
        "feeds": [{"path": feed.path, **_counts(audience, feed.counts)} for feed in audience.feeds],
        "other_requests": {"requests": audience.other_requests, "bytes": audience.other_bytes},
        "unreadable": {"lines": audience.unreadable, "example": audience.example},
    }
    return json.dumps(values, indent=2) + "\n"


def _reader(audience: Audience, reader: Reader) -> dict[str, Any]:
    return {
        "name": reader.name,
        "subscribers": reader.subscribers,
        "is_claimed": reader.is_claimed,
        "clients": reader.clients,
        "feeds": reader.feeds,
        **_counts(audience, reader.counts),
        "validators": {
            "judged": reader.validators.judged,
            "ignoring": reader.validators.ignoring,
            "needless_bytes": reader.validators.needless_bytes,
        },
        "claims": [
            {
                "feed": claim.feed,
                "is_moved": claim.is_moved,
                "feed_id": claim.feed_id,
                "subscribers": claim.subscribers,
                "time": _moment(claim.time),
            }
            for claim in reader.claims
        ],
    }


def _counts(audience: Audience, counts: Counts) -> dict[str, Any]:
    an_hour = audience.an_hour(counts.polls)
    return {
        "polls": counts.polls,
        "polls_per_hour": None if an_hour is None else round(an_hour, 3),
        "not_modified": counts.not_modified,
        "not_modified_share": round(counts.not_modified_share, 4),
        "differences": counts.differences,
        "differences_share": round(counts.differences_share, 4),
        "errors": counts.errors,
        "moved": counts.moved,
        "bytes": counts.bytes,
    }


def _moment(seconds: float) -> str:
    return datetime.fromtimestamp(int(seconds), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
