"""What a file's editor is told where another file has what it asks for (claims.py): the place, and what to write."""

import re
import unicodedata
from collections.abc import Mapping

from ..codes import Code
from ..errors import Fault
from .claims import Conflict

Places = Mapping[str, tuple[int, int, int]]  # line, column and end, as entryjson.places


def fault(conflict: Conflict, places: Places, others: Places) -> Fault:
    """The fault of a file. `places` are those of its fields, `others` those of the file that has the claim."""
    code, words = _WORDS[conflict.claim]
    where, message = words(conflict, places, others)
    if twins := _twins(conflict):
        code, where, message = Code.TWINS, "", twins
    line, column, end = places.get(where, (0, 0, 0))
    return Fault(conflict.source, line, column, code, message, end)


def _copy(conflict: Conflict, _places: Places, _others: Places) -> tuple[str, str]:
    what = f"this is a copy of {conflict.other}"
    if re.search("[ck]onfli[ck]t", conflict.source.rpartition("/")[2], re.IGNORECASE):
        what = f"a program that keeps folders in step made this copy of {conflict.other}"
    move = "move what is new here into that file and delete this one, or rename it if it is an article of its own"
    return "", f"by its name, {what}; {move}"


def _id(conflict: Conflict, places: Places, others: Places) -> tuple[str, str]:
    holder = f"the id {conflict.value} is that of {_at(conflict, others, 'id')}, which stands"
    if "id" not in places:
        return "", f"{holder}, and is made of this file's name; rename this file, or write an id of its own"
    more = f" and {_slug(conflict, places)}" if conflict.advice else ""
    return "id", f"{holder}; if this file is a copy of it, delete it, or take its id line out{more}"


def _address(conflict: Conflict, places: Places, others: Places) -> tuple[str, str]:
    where = "slug" if "slug" in places else "published"
    holder = f"the address {conflict.value} is that of {_at(conflict, others, 'slug', 'published')}, which stands"
    if conflict.source.startswith("pages/"):  # a standing page's address is its place
        folder, _, name = conflict.source.rpartition("/")
        return "", f"{holder}; rename this file, such as to {folder}/{conflict.advice}.{name.rpartition('.')[2]}"
    return where, f"{holder}; {_slug(conflict, places)}"


def _alias(conflict: Conflict, places: Places, others: Places) -> tuple[str, str]:
    where = conflict.value if conflict.value in places else "aliases"
    other = _at(conflict, others, conflict.value)
    whose = "of one of the two" if conflict.value in others else "here"  # else it is that one's own address
    return where, f"the alias {conflict.value} belongs to {other} already; take it out {whose}"


def _folder(conflict: Conflict, places: Places, _others: Places) -> tuple[str, str]:
    where = conflict.value if conflict.value in places else "aliases"
    return where, f"the alias {conflict.value} needs a folder where another one is a file, or the reverse; take it out"


_WORDS = {
    "copy": (Code.COPY, _copy),
    "id": (Code.TAKEN_ID, _id),
    "address": (Code.TAKEN_ADDRESS, _address),
    "alias": (Code.TAKEN_ALIAS, _alias),
    "folder": (Code.ALIAS_OVER_FILE, _folder),
}


def _at(conflict: Conflict, others: Places, *fields: str) -> str:
    """The other file with the place of the first of these fields that it has."""
    place = next((others[name] for name in fields if name in others), None)
    return f"{conflict.other}:{place[0]}:{place[1]}" if place else conflict.other


def _slug(conflict: Conflict, places: Places) -> str:
    return f"{'write' if 'slug' in places else 'add'} `slug: {conflict.advice}`"


def _twins(conflict: Conflict) -> str:
    """What two files are that some systems, or feedsite, take for one by their names; "" for any others."""
    if conflict.claim not in ("id", "address"):
        return ""
    name, other = (source.rpartition(".")[0] for source in (conflict.source, conflict.other))
    one, two = (unicodedata.normalize("NFC", text) for text in (name, other))
    if name == other:
        what = f"this file and {conflict.other} are the same but for their endings"
    elif one == two:
        form = "in two characters each (NFD)" if one != name else "in one character each (NFC)"
        what = f"to macOS this is the same file as {conflict.other}; here its accents are written {form}"
    elif one.casefold() == two.casefold():
        what = f"to Windows and macOS this is the same file as {conflict.other}, for only capitals differ"
    else:
        return ""
    return f"{what}; that one stands: delete this one, or rename it"
