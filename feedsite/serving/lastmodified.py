"""When this node began to serve what it serves now: the only date that hides no change (RFC 9110 8.8.2).

The articles' own dates cannot be Last-Modified: a mended word, a deletion and an article of an earlier day move none of
them. The moments of all processes of a node are kept in its index, also from one start to the next.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from ..model import LONG_AGO

Known = Mapping[str, tuple[str, datetime]]  # by path: the digest of what is served there, and since when
_SECOND = timedelta(seconds=1)


def begun(digests: Mapping[str, str], known: Known, now: datetime) -> dict[str, tuple[str, datetime]]:
    """The digest of what is served from now on, and since when, by path. What was served before keeps its moment.

    A new version's moment is the second whole second from now: until then other processes may still answer with the
    former version. Two versions may have the same moment if it has not come for either, because no answer named it. A
    former moment that lies further ahead was named before the clock was set back; the new one then lies after it.
    """
    soon = now.replace(microsecond=0) + 2 * _SECOND
    former = {path: known.get(path, ("", LONG_AGO)) for path in digests}
    return {
        path: held if (held := former[path])[0] == digest else (digest, soon if held[1] <= soon else held[1] + _SECOND)
        for path, digest in digests.items()
    }
