"""Lists of names with weights (RFC 9110 12.4.2), and the content coding that Accept-Encoding chooses."""

import re
from collections.abc import Iterable

_QUALITY = re.compile(r"\s*q\s*=\s*(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*", re.ASCII)
_FORMER_NAMES = {"x-gzip": "gzip"}  # of codings: RFC 9110 8.4.1.3


def weights(field: str) -> dict[str, float]:
    """The members of a list in lower case, each with its weight from 0 (refused) to 1."""
    wanted: dict[str, float] = {}
    for item in field.lower().split(","):
        name, _, parameters = item.partition(";")
        quality = _QUALITY.fullmatch(parameters)
        name = name.strip()
        wanted[_FORMER_NAMES.get(name, name)] = float(quality[1]) if quality else 1.0 if not parameters.strip() else 0.0
    return wanted


def coding(field: str, offered: Iterable[str]) -> str:
    """The offered coding with the highest weight, the first of equals; identity where none is accepted (12.5.3).

    A client that refuses identity, too, gets it all the same: it could not decode anything else.
    """
    wanted = weights(field)
    best, most = "identity", wanted.get("identity", 0.0)
    for name in offered:
        weight = wanted.get(name, wanted.get("*", 0.0))
        if weight > 0 and (weight > most or (weight == most and best == "identity")):
            best, most = name, weight
    return best
