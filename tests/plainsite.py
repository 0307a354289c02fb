"""A Site of plain documents, for what does not care what stands at a path: the export."""

from collections.abc import Mapping

from feedsite.delta import mark
from feedsite.document import Document
from feedsite.site import Planned


class PlainSite(Mapping):
    """A Site of plain documents, by path: text, or a resource as it is. `drawn` are the paths that were asked for."""

    until = None

    def __init__(self, bodies, sources=()):
        self.bodies = dict(bodies)
        self.sources = dict(sources)
        self.drawn = []

    def __getitem__(self, path):
        body = self.bodies[path]
        self.drawn.append(path)
        return Document(body.encode(), "text/plain; charset=utf-8") if isinstance(body, str) else body

    def __iter__(self):
        return iter(self.bodies)

    def __len__(self):
        return len(self.bodies)

    def fingerprints(self):
        for path, body in self.bodies.items():
            yield Planned(path, mark(repr(body).encode(), 12), self.sources.get(path, ""))
