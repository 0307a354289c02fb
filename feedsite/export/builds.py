"""Which manifests this user's own builds wrote: builds.json in the cache folder, an output's path and a hash.

An output folder in the site's folder may come with a pull request, its manifest and forged pages with it. So a manifest
there is believed only where the cache, which is no part of the site, knows it.
"""

import os
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path

from ..errors import FeedsiteError
from ..memory import alone, remember, remembered

MEMORY = "builds.json"  # in the cache folder
_KEPT = 100  # outputs


class Builds:
    """The manifest of one output as this user's last build left it."""

    def __init__(self, cache: Path, output: Path) -> None:
        self._memory = cache / MEMORY
        self._output = os.fspath(output)

    def wrote(self, manifest: bytes) -> bool:
        """Whether a build of this user wrote this manifest last."""
        try:
            return self._known().get(self._output) == _mark(manifest)
        except FeedsiteError:
            return False

    def remember(self, manifest: bytes) -> None:
        """Where that cannot be, the next build draws everything."""
        with suppress(FeedsiteError), alone(self._memory):
            known = self._known()
            known.pop(self._output, None)  # the latest stands last
            known[self._output] = _mark(manifest)
            remember(self._memory, [dict(list(known.items())[-_KEPT:])])

    def _known(self) -> dict[str, object]:
        held = remembered(self._memory)
        return held[0] if len(held) == 1 and isinstance(held[0], dict) else {}


def _mark(manifest: bytes) -> str:
    return blake2b(manifest, digest_size=16).hexdigest()
