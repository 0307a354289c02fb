"""The id of an article in Atom, which takes IRIs only (RFC 4287 4.2.6). RSS and JSON Feed print any id as it is."""

import re
from functools import cache
from uuid import NAMESPACE_URL, uuid5

_PLANES = "".join(f"{chr(plane << 16)}-{chr((plane << 16) + 0xFFFD)}" for plane in range(1, 14))
_LETTERS = f"A-Za-z0-9._~!$&'()*+,;=:@\xa0-\ud7ff\uf900-\ufdcf\ufdf0-\uffef{_PLANES}-"  # ipchar of RFC 3987 2.2
_PART, _PATH, _QUERY = (f"(?:[{further}{_LETTERS}]++|%[0-9A-Fa-f]{{2}})*+" for further in ("", "/", "/?"))
_PLACE = rf"//(?:\[[0-9A-Fa-f:.]++\](?::[0-9]*+)?|{_PART})(?![^/?#])|(?!//)"  # the host, or none
_IRI = rf"[A-Za-z][A-Za-z0-9+.-]*+:(?=.)(?:{_PLACE}){_PATH}(?:\?{_QUERY})?(?:#{_QUERY})?"
# White space, and marks that cannot be seen (4.1): IRIs that differ in them look the same.
_UNSEEN = re.compile("[\\s\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f]")


def urn_of(written: str, site_id: str) -> str | None:
    """The id in Atom of an article whose file names the id `written`; None where that is an absolute IRI itself.

    It is a UUID in the site's own namespace, the same on every machine. Ids that differ have IRIs that differ.
    """
    if _iri().fullmatch(written) and not _UNSEEN.search(written):
        return None
    return uuid5(uuid5(NAMESPACE_URL, site_id), written).urn


@cache
def _iri() -> re.Pattern[str]:
    """Compiled where it is first needed: it takes 7 ms, and most commands need none."""
    return re.compile(_IRI)
