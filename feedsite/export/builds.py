"""The manifests that this user's own builds wrote: builds.json in the cache folder, hashes by the path of the output.

An output folder within the site's folder may come with a pull request, with a manifest and forged pages. So a build
goes on there only where builds.json, which is no part of the site, has the manifest's hash.
"""

import os
from hashlib import blake2b
from pathlib import Path

from ..errors import FeedsiteError
from ..notifying import sent

_FILE = "builds.json"  # in the cache folder
_MOST = 100  # outputs


class Builds:
    """Hashes of the manifests of one output: what this user's last build wrote, and what it was about to write."""

    def __init__(self, cache: Path, output: Path) -> None:
        self._file = cache / _FILE
        self._output = os.fspath(output)

    def wrote(self, text: bytes) -> bool:
        """Whether a build of this user wrote this manifest, or this list of what it was about to write."""
        try:
            return _hash(text) in self._outputs().get(self._output, ())
        except FeedsiteError:
            return False

    def note(self, text: bytes, *, is_pending: bool = False) -> None:
        """A manifest replaces all that was noted of the output; a pending one is noted beside it.

        Raises FeedsiteError where the file cannot be written: the next build would refuse the folder.
        """
        with sent.locked(self._file):
            outputs = self._outputs()
            former = outputs.pop(self._output, [])[:1] if is_pending else []
            outputs[self._output] = [*former, _hash(text)]  # the latest stands last
            sent.write(self._file, [dict(list(outputs.items())[-_MOST:])])

    def _outputs(self) -> dict[str, list[str]]:
        values = sent.read(self._file)
        if len(values) != 1 or not isinstance(values[0], dict):
            return {}
        return {output: hashes for output, hashes in values[0].items() if isinstance(hashes, list)}


def _hash(text: bytes) -> str:
    return blake2b(text, digest_size=16).hexdigest()
