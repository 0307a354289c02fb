"""The fields that an article can have, one row each; docs/entry-file.md tells the same to editors."""

import re
from datetime import UTC, datetime

from .. import media, urls
from ..model import Correction, Enclosure, Image, Withdrawal
from ..urls import slug_of
from .complaints import shown
from .fieldtypes import (
    LONGEST_WORD,
    Context,
    address,
    choice,
    duration,
    iri,
    language,
    line,
    listed,
    positive_number,
    short_line,
    text,
    web_address,
)
from .moments import moment
from .nodes import Node
from .record import Field, built
from .sitefile import person

_LONGEST_ALIAS = 500  # letters
_MOST_ALIASES = 100
_PROPOSED = 50  # letters of a slug


def _slug(node: Node, context: Context) -> str:
    value = short_line(node, context)
    if value != slug_of(value) or not urls.is_writable(value):
        fit = slug_of(value)[:_PROPOSED].strip("-") or "japan-taiwan"
        why = urls.unwritable(value)
        fit, why = (f"{fit}-2", f": {why}") if value == fit else (fit, "")
        context.refuse(node.mark, f"{shown(value)} cannot stand in an address{why}; write {fit}")
    return value


def _alias(node: Node, context: Context) -> str:
    value = line(node, context, _LONGEST_ALIAS)
    parts = value.strip("/").casefold().split("/")
    is_path = value.startswith("/") and "//" not in value and all(part and part[0] != "." for part in parts)
    if not is_path or "index.html" in parts or re.search(r"[\s?#%\\<>\"]", value):
        old = re.sub("^https?://[^/]*", "", value)
        words = "/".join(filter(None, map(slug_of, old.split("/"))))[:60] or "old-address"
        context.refuse(node.mark, f"{shown(value)} is not a path on this site; write one such as /{words}")
    if urls.is_own(value):
        context.refuse(
            node.mark, f"{shown(value)} belongs to the site itself; an alias is a former address of this article"
        )
    if why := urls.unwritable(value):
        context.refuse(node.mark, f"no file can stand at {shown(value)} on every system: {why}; take the alias out")
    return value


def _media_type(node: Node, context: Context) -> str:
    value = line(node, context, LONGEST_WORD).lower()
    if not re.fullmatch(r"[a-z0-9][a-z0-9!#$&^_.+-]*/[a-z0-9][a-z0-9!#$&^_.+-]*", value):
        guess = media.type_of(value) or media.type_of(f"x.{value}") or "audio/mpeg"
        context.refuse(node.mark, f"{shown(value)} is not a media type; write one such as {guess}")
    return value


def _utc(node: Node, context: Context) -> datetime:
    return moment(node, context).astimezone(UTC)


FIELDS = {
    "id": Field(iri, "tag:news.example,2026-11-22:japan-taiwan", synonyms=("guid", "uid", "uuid", "identifier")),
    "title": Field(
        line, '"Japan and Taiwan draw closer"', is_required=True, synonyms=("headline", "heading", "name", "subject")
    ),
    "published": Field(
        moment,
        "2026-11-22T09:00:00Z",
        is_required=True,
        synonyms=("date", "datetime", "pubdate", "publishdate", "datepublished", "created", "time", "day"),
    ),
    "updated": Field(
        moment,
        "2026-11-22T09:00:00Z",
        synonyms=("modified", "lastmod", "lastmodified", "datemodified", "edited", "changed"),
    ),
    "authors": Field(
        listed(person), "[Mina Sato]", synonyms=("author", "byline", "by", "writer", "writers", "creator")
    ),
    "contributors": Field(listed(person), "[Mina Sato]", synonyms=("contributor", "editors", "editor")),
    "section": Field(short_line, "world", synonyms=("category", "sections", "categories", "desk", "channel", "topic")),
    "tags": Field(listed(short_line), "[japan, taiwan]", synonyms=("tag", "keywords", "keyword", "labels", "topics")),
    "summary": Field(
        line,
        "One paragraph of plain text.",
        synonyms=("description", "excerpt", "abstract", "lead", "standfirst", "teaser", "dek", "subtitle", "subhead"),
    ),
    "image": Field(
        built(
            Image,
            {
                "src": Field(
                    address, "images/towers.jpg", is_required=True, synonyms=("url", "file", "source", "href", "path")
                ),
                "alt": Field(line, "what it shows", is_required=True, synonyms=("alttext", "description", "text")),
                "credit": Field(line, "AFP", synonyms=("by", "photographer", "author", "copyright", "source")),
                "caption": Field(line, "Two towers, lit at night.", synonyms=("title", "legend")),
            },
            "an image",
        ),
        "{src: images/towers.jpg, alt: what it shows}",
        synonyms=("picture", "photo", "cover", "thumbnail", "hero", "leadimage"),
    ),
    "enclosures": Field(
        listed(
            built(
                Enclosure,
                {
                    "url": Field(
                        address, "audio/talk.mp3", is_required=True, synonyms=("src", "href", "file", "link", "path")
                    ),
                    "type": Field(
                        _media_type,
                        "audio/mpeg",
                        is_required=True,
                        synonyms=("mimetype", "mime", "mediatype", "contenttype"),
                    ),
                    "length": Field(positive_number, "12345", is_required=True, synonyms=("size", "bytes", "filesize")),
                    "duration": Field(duration, '"00:31:05"', synonyms=("time",)),
                    "title": Field(line, "The briefing", synonyms=("name", "label")),
                },
                "an enclosure",
            ),
            is_of_words=False,
        ),
        "[{url: audio/talk.mp3, type: audio/mpeg, length: 12345}]",
        synonyms=("enclosure", "attachments", "attachment", "audio", "podcast", "files"),
    ),
    "link": Field(web_address, "https://elsewhere.example/story", synonyms=("url", "externalurl", "href", "source")),
    "language": Field(language, "en", synonyms=("lang", "locale")),
    "rights": Field(line, "© 2026 The Meridian", synonyms=("copyright", "license", "licence")),
    "slug": Field(_slug, "japan-taiwan", synonyms=("permalink", "path", "address")),
    "status": Field(choice("draft", "published", "withdrawn"), "draft", synonyms=("state", "draft", "visibility")),
    "corrections": Field(
        listed(
            built(
                Correction,
                {
                    "at": Field(
                        _utc, "2026-11-22T09:00:00Z", is_required=True, synonyms=("date", "time", "when", "on")
                    ),
                    "note": Field(
                        line,
                        "What was wrong, and what is right.",
                        is_required=True,
                        synonyms=("text", "message", "reason", "comment"),
                    ),
                },
                "a correction",
            ),
            is_of_words=False,
        ),
        "[{at: 2026-11-22T09:00:00Z, note: The summit was in April.}]",
        synonyms=("correction", "errata", "erratum"),
    ),
    "withdrawn": Field(
        built(
            Withdrawal,
            {
                "at": Field(_utc, "2026-11-22T09:00:00Z", is_required=True, synonyms=("date", "time", "when", "on")),
                "reason": Field(
                    line, "Why it was taken back.", is_required=True, synonyms=("note", "text", "message", "comment")
                ),
            },
            "withdrawn",
        ),
        "{at: 2026-11-22T09:00:00Z, reason: Why it was taken back.}",
        synonyms=("withdrawal", "retracted", "retraction", "removed", "deleted"),
    ),
    "aliases": Field(
        listed(_alias, most=_MOST_ALIASES),
        "[/world/old-address]",
        synonyms=("alias", "redirects", "redirect", "redirectfrom", "formerly"),
    ),
    "body": Field(
        text,
        "| (and below it the text, each line indented by two spaces)",
        is_required=True,
        synonyms=("content", "text", "article", "markdown", "story", "html"),
    ),
}
