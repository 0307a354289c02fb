"""A hash of the code that made something: what is kept from one start to the next is made again when it changes.

The modules and libraries follow from the import statements. These are read as text: parsing the modules with `ast`
would take a fifth of a small build's time. (Law, against another reader of imports: `tests/test_codehash.py`.)
"""

import re
import sys
from functools import cache
from hashlib import blake2b
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

_HERE = Path(__file__).parent
_IMPORT = re.compile(r"^[ \t]*(?:from (\.*)([\w.]*) import (\([^)]*\)|.+)|import ([\w.]+))", re.MULTILINE)
# Folders whose files decide what modules make, by the beginnings of these modules' names. The catalogues of messages
# are no part of what `collection` writes into the index, so a translation that is mended makes no index anew.
_CATALOGUES = ("catalogues", "catalogues/regions")
_DATA = {"formats": ("static", "templates", *_CATALOGUES), "parsing": _CATALOGUES}
# Libraries whose package has another name than the module; zoneinfo reads the zones of tzdata.
_INSTALLED_AS = {"PIL": "pillow", "backports": "backports.zstd", "yaml": "pyyaml", "zoneinfo": "tzdata"}


@cache
def code_hash(*roots: str, beside: str = "") -> str:
    """A hash, in hexadecimal, of the sources of these modules (such as `formats.rss`; of a package all modules in it),
    of all modules that they import, of the versions of all libraries that any of these imports, and of `beside`.
    """
    hashed = blake2b(digest_size=16)
    modules, libraries = imports(*roots)
    sources = [_source(module) for module in sorted(modules)]
    read = [folders for reader, folders in _DATA.items() if any(module.startswith(reader) for module in modules)]
    for folder in sorted({name for folders in read for name in folders}):
        sources += [path for path in sorted((_HERE / folder).iterdir()) if path.is_file()]
    for source in sources:
        hashed.update(source.read_bytes())
    for text in (*map(_version, sorted(libraries)), beside):
        hashed.update(f"\n{text}".encode())
    return hashed.hexdigest()


def imports(*roots: str) -> tuple[frozenset[str], frozenset[str]]:
    """These modules and all that they import of feedsite, by their names within it; and the names of the packages in
    which the libraries are installed.
    """
    modules: set[str] = set()
    libraries: set[str] = set()
    waiting = [module for root in roots for module in _with_all_below(root)]
    while waiting:
        module = waiting.pop()
        if module in modules:
            continue
        modules.add(module)
        for imported in _imported(module):
            name, _, within = imported.partition(".")
            if name == __package__:
                waiting += _above(within)
            elif name not in sys.stdlib_module_names or name in _INSTALLED_AS:
                libraries.add(_INSTALLED_AS.get(name, name))
    return frozenset(modules), frozenset(libraries)


@cache
def _imported(module: str) -> set[str]:
    """The absolute names of what a module imports: `feedsite.urls` for `from . import urls`."""
    source = _source(module)
    package = [str(__package__), *source.relative_to(_HERE).parent.parts]
    found: set[str] = set()
    for dots, base, names, plain in _IMPORT.findall(source.read_text("utf-8")):
        if plain:
            found.add(plain)
            continue
        place = ".".join([*(package[: len(package) + 1 - len(dots)] if dots else ()), *([base] if base else ())])
        for name in re.findall(r"(\w+)(?: as \w+)?", re.sub("#.*", "", names)):
            inner = f"{place}.{name}"
            found.add(inner if _is_module(inner) else place)
    return found


def _is_module(name: str) -> bool:
    package, _, within = name.partition(".")
    return package == __package__ and _source(within).exists()


def _above(module: str) -> list[str]:
    """The module and the packages that it stands in, for importing it runs these too."""
    parts = module.split(".")
    return ["", *(".".join(parts[:count]) for count in range(1, len(parts) + 1))] if module else [""]


def _with_all_below(root: str) -> list[str]:
    source = _source(root)
    if source.name != "__init__.py":
        return _above(root)
    below = (path.relative_to(_HERE).with_suffix("").parts for path in source.parent.glob("*.py"))
    return [*_above(root), *(".".join(parts) for parts in below if parts[-1] != "__init__")]


def _source(module: str) -> Path:
    place = _HERE.joinpath(*module.split(".")) if module else _HERE
    return place / "__init__.py" if place.is_dir() else place.with_suffix(".py")


def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:  # a newer Python has it in its own library
        return ""
