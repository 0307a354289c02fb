"""Last-Modified (RFC 9110 8.8.2): the moment at which this node began to serve a version.

The articles' own dates cannot be Last-Modified: they stay the same when a word is corrected, an article is deleted, or
one of an earlier day is added. The index keeps the moments, for all processes of the node and across restarts.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from ..model import LONG_AGO

Moments = Mapping[str, tuple[str, datetime]]  # by path: the digest of the version, and its moment
_SECOND = timedelta(seconds=1)


def moments(digests: Mapping[str, str], stored: Moments, now: datetime) -> dict[str, tuple[str, datetime]]:
    """The moments of the versions with these digests. A version that was served before keeps its stored moment.

    A new version's moment is two seconds from now, in whole seconds: until then other processes may still answer with
    the former version. Two versions may share a moment that has not come yet, for no answer has named it. A stored
    moment further ahead was named before the clock was set back; the new version's moment is a second after it.
    """
    soon = now.replace(microsecond=0) + 2 * _SECOND
    found: dict[str, tuple[str, datetime]] = {}
    for path, digest in digests.items():
        former, moment = stored.get(path, ("", LONG_AGO))
        if digest != former:
            moment = soon if moment <= soon else moment + _SECOND
        found[path] = digest, moment
    return found
