"""The faults of a site's files in the server's log: each when it comes, and each file when it has none any more.

Notes are for `feedsite check` alone.
"""

import logging

from ..errors import Fault, in_one_line

_LINES = 20  # of one kind at once
_log = logging.getLogger("feedsite")


def report(before: list[Fault], now: list[Fault]) -> list[Fault]:
    """Logs what differs from the faults that were reported before, and returns those that are reported now."""
    known = set(before)
    _write(logging.ERROR, [str(fault) for fault in now if fault not in known])
    mended = {fault.path for fault in before} - {fault.path for fault in now}
    _write(logging.INFO, [in_one_line(f"{path}: no fault any more") for path in sorted(mended)])
    return now


def _write(level: int, lines: list[str]) -> None:
    """A line each; of very many the first, and how many more there are."""
    for line in lines[:_LINES]:
        _log.log(level, "%s", line)
    if len(lines) > _LINES:
        _log.log(level, "and %d more such lines; `feedsite check` tells all", len(lines) - _LINES)
