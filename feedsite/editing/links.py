"""Links that name files of articles (filelinks.py), in the text of one of them, when a file is renamed. Pure."""

import posixpath
import re
from collections.abc import Iterator
from urllib.parse import quote

from .. import filelinks
from ..edits import Edit, applied
from .original import Original
from .save import Change

# `[x](here)`, `[x]: here`, `href="here"`, without a place on the page behind it.
_LINK = re.compile(
    r"""(?:\]\([ ]*<?|\[[^\]\n]{1,200}\]:[ ]*<?|\bhref[ ]*=[ ]*["']?)"""
    r"""(?P<file>[^\s()<>"'#?\[\]]{1,500}\.ya?ml)(?=[#)>\s"']|$)"""
)
_UNFIT = re.compile(r"[\s()<>\"'%#?\\\[\]]")  # ends a link, or means something else in one


def following(original: Original, change: Change, old: str, new: str) -> Change:
    """The change, and that the article's text, which `original` has, links to the file `new` where it did to `old`.

    Links to other files lead where they did, also where the article's own file goes to another folder.
    """
    field = change.draft.fields.get("body")
    if field is None:
        return change
    places = original.source, change.entry.source, old, new
    begin, written = field.value.begin, change.draft.text[field.value.begin : field.value.end]
    edits = [Edit(begin + edit.begin, begin + edit.end, edit.text) for edit in _edits(written, *places)]
    if not edits:
        return change
    text = applied(field.value.text, _edits(field.value.text, *places))
    return change._replace(draft=change.draft.edited(edits), text=text)


def _edits(text: str, source: str, new_source: str, old: str, new: str) -> Iterator[Edit]:
    for link in _LINK.finditer(text):
        if file := filelinks.file_of(link["file"], source):
            target = new if file == old else file
            if filelinks.file_of(link["file"], new_source) != target:
                yield Edit(*link.span("file"), _reference(link["file"], target, new_source))


def _reference(written: str, target: str, source: str) -> str:
    """The file as it is named in the text of another one: from the site's folder where it was, else from its own."""
    near = posixpath.relpath(target, posixpath.dirname(source))
    is_near = not written.startswith(("/", *filelinks.FOLDERS)) and not near.startswith(filelinks.FOLDERS)
    name = near if is_near else f"/{target}" if written.startswith("/") else target
    return _UNFIT.sub(lambda found: quote(found[0]), name)
