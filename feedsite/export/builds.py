"""Which manifests this user's own builds wrote: builds.json in the cache folder, an output's path and hashes.

An output folder in the site's folder may come with a pull request, its manifest and forged pages with it. So a build
goes on there only where the cache, which is no part of the site, knows the manifest.
"""

import os
from hashlib import blake2b
from pathlib import Path

from ..errors import FeedsiteError
from ..notifying.sent import alone, remember, remembered

MEMORY = "builds.json"  # in the cache folder
_KEPT = 100  # outputs


class Builds:
    """What this user's last build of one output wrote down about it: what it was about to write, and what it wrote."""

    def __init__(self, cache: Path, output: Path) -> None:
        self._memory = cache / MEMORY
        self._output = os.fspath(output)

    def wrote(self, text: bytes) -> bool:
        """Whether a build of this user wrote this manifest, or this list of what it began."""
        try:
            return _mark(text) in self._known().get(self._output, ())
        except FeedsiteError:
            return False

    def remember(self, text: bytes, *, is_begun: bool = False) -> None:
        """A manifest takes the place of what was known; what is begun stands beside it.

        Raises FeedsiteError where it cannot be kept: the next build would refuse this one's folder.
        """
        with alone(self._memory):
            known = self._known()
            former = known.pop(self._output, [])[:1] if is_begun else []
            known[self._output] = [*former, _mark(text)]  # the latest stands last
            remember(self._memory, [dict(list(known.items())[-_KEPT:])])

    def _known(self) -> dict[str, list[str]]:
        held = remembered(self._memory)
        if len(held) != 1 or not isinstance(held[0], dict):
            return {}
        return {output: marks for output, marks in held[0].items() if isinstance(marks, list)}


def _mark(text: bytes) -> str:
    return blake2b(text, digest_size=16).hexdigest()
