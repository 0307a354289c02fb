"""By which code a thing was made: what is kept from one start to the next must be made again when that changes."""

from functools import cache
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path
from types import ModuleType

_SUFFIXES = (".py", ".html", ".css", ".js")


@cache
def made_by(modules: tuple[ModuleType, ...], libraries: tuple[str, ...] = (), beside: str = "") -> str:
    """A hash in hexadecimal: of the sources of these modules, of all below those that are packages, of the versions of
    these libraries, and of `beside`.
    """
    mark = blake2b(digest_size=16)
    for module in modules:
        here = Path(module.__file__ or "")
        for source in sorted(here.parent.rglob("*")) if here.name == "__init__.py" else [here]:
            if source.suffix in _SUFFIXES:
                mark.update(source.read_bytes())
    for text in (*map(version, libraries), beside):
        mark.update(f"\n{text}".encode())
    return mark.hexdigest()
