"""Former addresses of an article, as paths on this site."""

import re
from urllib.parse import unquote

from .. import urls
from ..codes import Code
from ..urls import slug_of
from .fieldtypes import Context, FieldType, one_line
from .nodes import Node
from .quoting import in_list, shown, without_marks

_LONGEST = 500  # letters
_LONGEST_WORDS = 60  # letters of an alias that is made of words
_UNFIT = re.compile(r"[\s?#%\\<>\"\ufffd]")


def _alias(node: Node, context: Context) -> str:
    value = one_line(node, context, _LONGEST)
    if not _is_path(value):
        context.refuse(Code.NO_ALIAS, node.mark, f"{shown(value)} is not {ALIAS.words}; {_advice(value)}")
    if urls.is_own(value):
        context.refuse(
            Code.OWN_ADDRESS,
            node.mark,
            f"{shown(value)} belongs to the site itself; an alias is a former address of this article",
        )
    if why := urls.unwritable(value):
        context.refuse(
            Code.UNFIT_ADDRESS,
            node.mark,
            f"no file can stand at {shown(value)} on every system: {why}; take the alias out",
        )
    return value


def alias_meant(value: str) -> str:
    """The alias of an old address: the path that old links ask for, without a host; "" where it can be none."""
    path = re.split("[?#]", re.sub("^(https?:)?//[^/?#]*", "", without_marks(value), flags=re.IGNORECASE))[0]
    path = re.sub("(?<=/)index[.]html$", "", re.sub("/{2,}", "/", f"/{unquote(path)}"), flags=re.IGNORECASE)
    return path if is_alias(path) else ""


def is_alias(value: str) -> bool:
    """Whether an article can have this alias."""
    return len(value) <= _LONGEST and _is_path(value) and not urls.is_own(value) and not urls.unwritable(value)


def _is_path(value: str) -> bool:
    parts = value.strip("/").casefold().split("/")
    is_path = value.startswith("/") and "//" not in value and all(part and part[0] != "." for part in parts)
    return is_path and "index.html" not in parts and not _UNFIT.search(value)


def _advice(value: str) -> str:
    if meant := alias_meant(value):
        return f"write {in_list(meant)}"
    if re.search(r"[^/]*/?(index\.\w+)?\?", value.rpartition("/")[2]):
        return "what stands behind a ? counts for nothing in an address; take the alias out"
    words = "/" + "/".join(filter(None, map(slug_of, re.sub("^https?://[^/]*", "", value).split("/"))))[:_LONGEST_WORDS]
    return f"write one such as {in_list(words.rstrip('-/')) if is_alias(words.rstrip('-/')) else '/old-address'}"


# Of what cannot be an alias a schema knows what cannot be a path.
_PARTS = r"^(/(?![.]|[Ii][Nn][Dd][Ee][Xx][.][Hh][Tt][Mm][Ll](/|$))[^\s/?#%\\<>\"\ufffd]+)+/?$"
ALIAS = FieldType("a path on this site", {"type": ["string"], "pattern": _PARTS, "maxLength": _LONGEST}, _alias)
