"""The pictures and recordings of an article, as fields of their own."""

import re
from dataclasses import replace
from functools import partial
from pathlib import PurePosixPath

from .. import media, urls
from ..codes import Code
from ..model import Enclosure, Image
from .durations import DURATION, LENGTH
from .fields import Field
from .fieldtypes import LONGEST_WORD, Context, FieldType, one_line
from .nodes import Node
from .quoting import shown
from .record import record_of
from .scalars import ADDRESS, LINE

_TYPE_AND_SUBTYPE = "[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]*/[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]*"  # RFC 6838 4.2


def _media_type(node: Node, context: Context) -> str:
    value = one_line(node, context, LONGEST_WORD).lower()
    if not re.fullmatch(_TYPE_AND_SUBTYPE, value):
        guess = media.type_of(value) or media.type_of(f"x.{value}") or "audio/mpeg"
        context.refuse(
            Code.NO_MEDIA_TYPE, node.mark, f"{shown(value)} is not {_MEDIA_TYPE.words}; write one such as {guess}"
        )
    return value


def _enclosure(node: Node, context: Context) -> Enclosure:
    """An enclosure with its type, by its ending where none is written; the rest is read from its file."""
    found = _WRITTEN_ENCLOSURE.check(node, context)
    if kind := found.type or media.type_at(found.url):
        return replace(found, type=kind)
    if urls.is_web_address(found.url):
        advice = "does not say what it is; add its type, such as `type: audio/mpeg`, if it is one"
        return context.refuse(Code.UNKNOWN_MEDIA_TYPE, node.mark, f"the name of {shown(found.url)} {advice}")
    ending = PurePosixPath(found.url).suffix
    files = f"no files that end in {shown(ending)[1:-1]}" if ending else "no files without an ending"
    endings = " ".join(media.TYPES)
    return context.refuse(
        Code.UNPUBLISHED_ENDING,
        node.mark,
        f"{shown(found.url)} cannot stand here: feedsite publishes {files}, only those in {endings}",
    )


_MEDIA_TYPE = FieldType(
    "a media type",
    {"type": "string", "pattern": f"^{_TYPE_AND_SUBTYPE}$", "maxLength": LONGEST_WORD},
    _media_type,
)
IMAGE = record_of(
    Image,
    {
        "src": Field(
            ADDRESS,
            "images/towers.jpg",
            is_required=True,
            synonyms=("url", "file", "source", "href", "path"),
            about="Where it stands: a file in `images/`, or an address.",
        ),
        "alt": Field(
            LINE,
            "what it shows",
            is_required=True,
            synonyms=("alttext", "description", "text"),
            is_stand_in=True,
            about="What it shows, for those who do not see it.",
        ),
        "credit": Field(
            LINE, "AFP", synonyms=("by", "photographer", "author", "copyright", "source"), about="Who made it."
        ),
        "caption": Field(LINE, "Two towers, lit at night.", synonyms=("title", "legend"), about="The words below it."),
    },
    "an image",
)
_WRITTEN_ENCLOSURE = record_of(
    partial(Enclosure, type=""),
    {
        "url": Field(
            ADDRESS,
            "audio/talk.mp3",
            is_required=True,
            synonyms=("src", "href", "file", "link", "path"),
            about="Where it stands: a file in `audio/`, or an address.",
        ),
        "type": Field(
            _MEDIA_TYPE,
            "audio/mpeg",
            synonyms=("mimetype", "mime", "mediatype", "contenttype"),
            about="Its media type. Without it the ending of the name tells.",
        ),
        "length": Field(
            LENGTH,
            "12345",
            synonyms=("size", "bytes", "filesize"),
            about="Its size in bytes. Without it, or with 0, that of the site's own file; of a file elsewhere it is "
            "not known.",
        ),
        "duration": Field(
            DURATION,
            '"00:31:05"',
            synonyms=("time",),
            about="How long it plays: hours, minutes, seconds. Without it what the site's own file says, if it is MP3, "
            "MP4, Ogg or WAV.",
        ),
        "title": Field(
            LINE,
            "The briefing",
            synonyms=("name", "label"),
            about='What it is called. It stands in place of "Listen" or "Download".',
        ),
    },
    "an enclosure",
)
ENCLOSURE = FieldType(_WRITTEN_ENCLOSURE.words, _WRITTEN_ENCLOSURE.schema, _enclosure)
