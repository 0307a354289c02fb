"""Names that programs give to a copy which they make beside a file: those that keep folders in step, and desktops.

Such a copy is in nobody's way, and would be published beside its original. (claims.py decides, settlement.py asks.)
"""

import re

# `a (conflicted copy 2026-11-26)`, `a.sync-conflict-20261126-101010-ABC`, `a_conflict-20261126-101010`, `Copy of a`,
# `a - Copy (2)`, `a copy 2`: by Dropbox, Nextcloud, Syncthing, Google Drive, Windows and macOS.
_COPY = "copy|kopie|copie|copia|kopia"
_SAYS_SO = re.compile(
    rf"(?:{_COPY}) (?:of|von|van|de|di) (?P<named>.+)"
    r"|(?P<conflict>.+?) ?\([^()]*(?:conflict|konflikt)[^()]*\)"
    r"|(?P<sync>.+)\.sync-conflict-[0-9a-z-]+"
    r"|(?P<dated>.+)_conflict-[0-9-]+"
    rf"|(?P<beside>.+?)(?: -)? (?:{_COPY})(?: \(?[0-9]+\)?)?",
    re.IGNORECASE,
)
# `a 2`, `a (1)`, `a(1)`: a second article may be called so as well.
_NUMBERED = re.compile(r"(?P<numbered>.+?)(?: [0-9]{1,2}| ?\([0-9]{1,2}\))")
_MOST = 3  # copies of copies


def originals(path: str) -> list[str]:
    """The paths of the files that the one at this path may be a copy of, by its name; nearly always none."""
    folder, slash, name = path.rpartition("/")
    stem, dot, ending = name.rpartition(".")
    found: list[str] = []
    while len(found) < _MOST and (" " in stem or "(" in stem or "conflict" in stem.casefold()):
        copied = _SAYS_SO.fullmatch(stem) or _NUMBERED.fullmatch(stem)
        if not copied:
            break
        stem = copied[copied.lastgroup or 0]
        found.append(f"{folder}{slash}{stem}{dot}{ending}")
    return found
