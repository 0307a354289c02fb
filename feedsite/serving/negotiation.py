"""What a client would rather have: lists of names with weights (RFC 9110 12.4.2), and the coding they choose."""

import re
from collections.abc import Iterable

_QUALITY = re.compile(r"\s*q\s*=\s*(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*", re.ASCII)
_FORMER_NAMES = {"x-gzip": "gzip"}  # of codings: RFC 9110 8.4.1.3


def weights(field: str) -> dict[str, float]:
    """The members of a list, lower-case, and how much each is wanted: 0 for not at all."""
    wanted: dict[str, float] = {}
    for item in field.lower().split(","):
        name, _, parameters = item.partition(";")
        quality = _QUALITY.fullmatch(parameters)
        name = name.strip()
        wanted[_FORMER_NAMES.get(name, name)] = float(quality[1]) if quality else 1.0 if not parameters.strip() else 0.0
    return wanted


def coding(field: str, offered: Iterable[str]) -> str:
    """The coding most wanted, of equals the first offered (RFC 9110 12.5.3); identity where none is asked for.

    Who refuses identity as well gets it nevertheless: an article that cannot be unpacked is no article.
    """
    wanted = weights(field)
    best, most = "identity", wanted.get("identity", 0.0)
    for name in offered:
        weight = wanted.get(name, wanted.get("*", 0.0))
        if weight > 0 and (weight > most or (weight == most and best == "identity")):
            best, most = name, weight
    return best
