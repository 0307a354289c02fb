"""A Site of plain documents, for what does not care what stands at a path: the export."""

from collections.abc import Mapping
from contextlib import nullcontext

from feedsite.digest import digest_of
from feedsite.document import Document, File
from feedsite.planned import Planned


class Plan(list):
    """What a site of plain documents plans; of what changed since it knows nothing."""

    state = None

    def changed_paths(self, _since):
        return None


class PlainSite(Mapping):
    """A Site of plain documents, by path: text, or a resource as it is. `asked` are the paths that were asked for."""

    until = None

    def __init__(self, bodies, sources=()):
        self.bodies = dict(bodies)
        self.sources = dict(sources)
        self.asked = []

    def __getitem__(self, path):
        body = self.bodies[path]
        self.asked.append(path)
        return Document(body.encode(), "text/plain; charset=utf-8") if isinstance(body, str) else body

    def __iter__(self):
        return iter(self.bodies)

    def __len__(self):
        return len(self.bodies)

    def draw(self, path):
        return (self.fingerprint(path), self[path]) if path in self.bodies else None

    def view(self):
        return nullcontext()

    def fingerprint(self, path):
        return digest_of(repr(self.bodies[path]).encode(), 12)

    @property
    def plan(self):
        return Plan(Planned(path, self.fingerprint(path), self.sources.get(path, "")) for path in self.bodies)


class Recording:
    """A large file of a site, in memory: `opened` is how often it was read; after `lasts` reads it is changed."""

    def __init__(self, content, lasts=1000):
        self.content = content
        self.opened = 0
        self._left = lasts
        self.file = File(len(content), "audio/mpeg", digest_of(content, 12), self._open)

    def _open(self):
        self.opened += 1
        return self

    def read(self, start, most):
        self._left -= 1
        if self._left < 0:
            raise OSError(116, "the file is being changed")
        return self.content[start : start + most]

    def close(self):
        pass
