"""A cache of drawn documents in memory, within a budget of bytes."""

from collections import OrderedDict
from threading import Lock

from .document import Document, File, Resource

BUDGET = 32 * 1024 * 1024  # bytes
_OVERHEAD = 4096  # bytes of an item beside those of its document, roughly


class DocumentCache:
    """Resources by path and fingerprint. The least recently used one makes room."""

    def __init__(self, budget: int = BUDGET) -> None:
        self._budget = budget
        self._size = 0
        self._items: OrderedDict[str, tuple[str, Resource, int]] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._items)

    def get(self, path: str, fingerprint: str) -> Resource | None:
        with self._lock:
            found = self._items.get(path)
            if not found or found[0] != fingerprint:
                return None
            self._items.move_to_end(path)
            return found[1]

    def put(self, path: str, fingerprint: str, resource: Resource) -> None:
        """Caches no resource that would take an eighth of the budget, and no File, which may be another each time."""
        size = _size(resource)
        with self._lock:
            if former := self._items.pop(path, None):
                self._size -= former[2]
            if size > self._budget // 8 or isinstance(resource, File):
                return
            self._items[path] = fingerprint, resource, size
            self._size += size
            while self._size > self._budget:
                _, (_, _, freed) = self._items.popitem(last=False)
                self._size -= freed


def _size(resource: Resource) -> int:
    """With the bytes that its codings will take, roughly."""
    if isinstance(resource, File):
        return 0
    document = resource if isinstance(resource, Document) else resource.document
    return 2 * len(document.body) + _OVERHEAD
