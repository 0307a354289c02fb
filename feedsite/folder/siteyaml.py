"""The site.yaml that is in force: the file on the disk, or the last text without faults while that one has some."""

import shlex
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from ..codes import Code
from ..errors import Fault, Faults, in_one_line, is_passing, reason
from ..parsing import sitefile
from ..settings import FILE, Settings
from .opening import Unreadable, content
from .saves import is_being_saved


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteYaml:
    """The text in force, its settings, and the faults of the file on the disk.

    `is_passing`: the file is being saved, or cannot be opened just now; it should be read again soon.
    """

    text: bytes
    settings: Settings
    faults: tuple[Fault, ...] = ()
    is_passing: bool = False


class SiteYamlReader:
    """Reads the site.yaml of one folder. It keeps the last text without faults, parsed.

    `is_lenient`: of a text with faults those fields are in force that have none.
    """

    def __init__(self, folder: Path, environment: Mapping[str, str], *, is_lenient: bool = False) -> None:
        self._folder = folder
        self._environment = environment
        self._read = sitefile.standing if is_lenient else sitefile.read
        self._last: SiteYaml | None = None

    def read(self, former: bytes | None, *, waits_for_saves: bool = False) -> SiteYaml:
        """The file as it stands on the disk; where it has faults, `former` or the last text without any.

        With `waits_for_saves` that text is also used while the file seems to be being saved. Raises Faults where there
        is none.
        """
        if former is None and self._last:
            former = self._last.text
        may_pass = False
        try:
            if not (self._folder / FILE).exists():
                raise Faults([Fault(FILE, 0, 0, Code.NO_SITE_YAML, _missing(self._folder))])
            text = content(self._folder, FILE)
            if waits_for_saves and former is not None and former != text and is_being_saved(self._folder, FILE, text):
                return replace(self.parsed(former), faults=(), is_passing=True)
            return self.parsed(text)
        except Faults as error:
            faults = error.faults
        except (OSError, Unreadable) as error:
            may_pass = is_passing(error)
            faults = (Fault(FILE, 0, 0, Code.UNREADABLE, reason(error)),)
        if former is None:
            raise Faults(faults)
        return replace(self.parsed(former), faults=faults, is_passing=may_pass)

    def parsed(self, text: bytes) -> SiteYaml:
        """A text as settings. Raises Faults: also a text that had none may have some under another environment."""
        if self._last is None or self._last.text != text:
            settings, notes = self._read(text, self._environment)
            self._last = SiteYaml(text=text, settings=settings, faults=notes)
        return self._last


def _missing(folder: Path) -> str:
    """What to do in a folder without site.yaml: leave it for the site around it, or make a site."""
    around = next((one for one in folder.absolute().parents if (one / FILE).exists()), None)
    if around:
        return in_one_line(
            f"there is no {FILE} in {folder}; the site is the folder around it: `cd {shlex.quote(str(around))}`"
        )
    return (
        f"there is no {FILE} in {folder}; go into the folder of your site, or make a new one: `feedsite init my-site`"
    )
