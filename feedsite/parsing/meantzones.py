"""The zone, or the offset from UTC, that an editor meant by what stands behind a time."""

import re
from datetime import timedelta
from difflib import get_close_matches
from zoneinfo import ZoneInfo, available_timezones

TIME = " time"
_NEAR, _MOST_MEANT = 0.75, 2  # of difflib's ratio; zones that a message proposes
# Abbreviations of zones with their hours from UTC. None of these is in wide use for another zone.
_UNAMBIGUOUS = (
    "UTC 0, GMT 0, Z 0, UT 0, WET 0, WEST 1, CET 1, MEZ 1, CEST 2, MESZ 2, EET 2, SAST 2, EEST 3, MSK 3, HKT 8, SGT 8,"
    " AWST 8, JST 9, KST 9, ACST 9.5, AEST 10, ACDT 10.5, AEDT 11, NZST 12, NZDT 13, NST -3.5, NDT -2.5, EDT -4,"
    " EST -5, MDT -6, PDT -7, PST -8, AKDT -8, AKST -9, HST -10"
)
_ZONES = {name: round(float(hours) * 60) for name, hours in map(str.split, _UNAMBIGUOUS.split(","))}  # in minutes
# Abbreviations that two or more parts of the world use, and their offsets there.
_AMBIGUOUS = {
    "AST": (("Atlantic", -240), ("Arabian", 180)),
    "BST": (("British summer", 60), ("Bangladesh", 360)),
    "CDT": (("American Central", -300), ("Cuban", -240)),
    "CST": (("American Central", -360), ("Chinese", 480)),
    "GST": (("Gulf", 240), ("South Georgian", -120)),
    "IST": (("Indian", 330), ("Irish", 60), ("Israeli", 120)),
    "MST": (("American Mountain", -420), ("Malaysian", 480)),
    "SST": (("Samoan", -660), ("Singaporean", 480)),
}
_OFFSET = re.compile(
    r"(?:(?<!\S)|\b(?:UTC|GMT) ?)(?P<sign>[+-])(?P<hours>\d{1,2})(?::?(?P<minutes>[0-5]\d))?(?![\d:])", re.ASCII
)
_NAMED_ZONE = re.compile(r"(?:(?<!\S)|(?=\[))\[?(?P<zone>[A-Za-z_]{2,20}(?:/[A-Za-z0-9_+-]{2,30}){1,2})\]?(?!\S)")
_ABBREVIATION = re.compile(r"(?<![^\W\d_])(?<!/)[A-Za-z]{1,4}(?![^\W\d_]|/)")  # no letter, of any script, beside it


def zones_meant(name: str) -> list[str]:
    """The zones that are called nearly so, or whose city is, the likeliest first: Europe/Berlin for berlin."""
    zones = {zone.casefold().replace(" ", "_"): zone for zone in sorted(available_timezones())}
    cities = {folded.rpartition("/")[2]: zone for folded, zone in zones.items() if "/" in folded}
    typed = "_".join(name.casefold().split())
    city = typed.rpartition("/")[2]
    if typed in zones or city in cities:
        return [zones.get(typed) or cities[city]]
    near = [zones[one] for one in get_close_matches(typed, zones, _MOST_MEANT, _NEAR)]
    near += [cities[one] for one in get_close_matches(city, cities, _MOST_MEANT, _NEAR)]
    return list(dict.fromkeys(near))[:_MOST_MEANT]


def zones_of(text: str) -> tuple[list[tuple[str, timedelta | ZoneInfo | None]], str]:
    """The offsets that a text may name, each with a label where there are several, and the rest of the text.

    The offset is None for the site's zone; beside an offset, the name of a zone counts for nothing. Of
    `GMT+0100 (Central European Standard Time)` the words are left out.
    """
    zone, text = _named_zone(text)
    if found := _OFFSET.search(text):
        rest = re.sub(r"\([^)]*\)", " ", without(text, found))
        offset = timedelta(hours=int(found["hours"]), minutes=int(found["minutes"] or 0))
        if offset >= timedelta(hours=24):
            return [], rest
        return [("", -offset if found["sign"] == "-" else offset)], rest
    for found in _ABBREVIATION.finditer(text):
        word = found[0].upper()
        if word in _ZONES:
            return [("", timedelta(minutes=_ZONES[word]))], without(text, found)
        if word in _AMBIGUOUS:
            named: list[tuple[str, timedelta | ZoneInfo | None]] = [
                (f"{label}{TIME}", timedelta(minutes=minutes)) for label, minutes in _AMBIGUOUS[word]
            ]
            return named, without(text, found)
    return [("", zone)], text


def _named_zone(text: str) -> tuple[ZoneInfo | None, str]:
    """The zone that a text names, such as Europe/Berlin, and the rest of the text."""
    if found := _NAMED_ZONE.search(text):
        try:
            return ZoneInfo(found["zone"]), without(text, found)
        except (LookupError, ValueError, OSError):
            pass
    return None, text


def doubtful(text: str) -> str:
    """The abbreviation in a text that is one of several zones; "" if there is none."""
    return next((word for word in _ABBREVIATION.findall(text) if word.upper() in _AMBIGUOUS), "")


def without(text: str, found: re.Match[str]) -> str:
    """The text without what was found in it."""
    return f"{text[: found.start()]} {text[found.end() :]}"
