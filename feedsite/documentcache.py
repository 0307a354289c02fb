"""Documents kept in memory after they were drawn, within a budget of bytes."""

from collections import OrderedDict
from threading import Lock

from .document import Document, File, Resource

BUDGET = 32 * 1024 * 1024  # bytes
_ITSELF = 4096  # bytes of a drawing beside its document's, roughly


class DocumentCache:
    """Documents by path and fingerprint. The least recently used one makes room."""

    def __init__(self, budget: int = BUDGET) -> None:
        self._budget = budget
        self._size = 0
        self._kept: OrderedDict[str, tuple[str, Resource, int]] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, path: str, fingerprint: str) -> Resource | None:
        with self._lock:
            found = self._kept.get(path)
            if not found or found[0] != fingerprint:
                return None
            self._kept.move_to_end(path)
            return found[1]

    def put(self, path: str, fingerprint: str, resource: Resource) -> None:
        """One that would take an eighth of the room is not kept, and no File, which may be another each time."""
        size = _size(resource)
        with self._lock:
            if former := self._kept.pop(path, None):
                self._size -= former[2]
            if size > self._budget // 8 or isinstance(resource, File):
                return
            self._kept[path] = fingerprint, resource, size
            self._size += size
            while self._size > self._budget:
                _, (_, _, freed) = self._kept.popitem(last=False)
                self._size -= freed


def _size(resource: Resource) -> int:
    """With what its codings will take."""
    if isinstance(resource, File):
        return 0
    document = resource if isinstance(resource, Document) else resource.document
    return 2 * len(document.body) + _ITSELF
