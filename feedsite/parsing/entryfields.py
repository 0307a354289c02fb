"""The fields that an article can have, one row each; docs/entry-file.md describes them for editors."""

from dataclasses import replace
from datetime import UTC, datetime

from .. import urls
from ..model import Correction, Withdrawal
from ..urls import slug_of
from . import nodes
from .aliases import ALIAS
from .fieldtypes import LONGEST_WORD, Context, FieldType, choice_of, is_empty, list_of
from .mediafields import ENCLOSURE, IMAGE
from .moments import MOMENT
from .nodes import Node, Scalar
from .quoting import in_list, shown
from .record import Field, record_of
from .scalars import (
    ENTRY_ID,
    LANGUAGE,
    LINE,
    SHORT_LINE,
    TEXT,
    TRUTH,
    WEB_ADDRESS,
)
from .sitefields import PERSON, section_part_of

MOST_ALIASES = 100
# An article stands whole in the feeds of each tag and author, and so do its notices.
_MOST_TAGS, _MOST_AUTHORS, _MOST_CORRECTIONS = 50, 20, 100
_LONGEST_ADVICE = 50  # letters of the slug that a message proposes
_UNPUBLISHED = ("false", "no", "never", "draft")
_AT_ONCE = ("true", "yes", "on", "published", "now", "public")
_OF_STATE = ("status", "withdrawn")
# The required fields that an article can do without, by its status.
_NOT_REQUIRED = {"draft": ("published",), "withdrawn": ("body",)}


def fields_of(root: nodes.Mapping, *, is_dated: bool = False) -> dict[str, Field]:
    """FIELDS as they apply to one file: a draft does not need `published`, a withdrawn article does not need `body`.

    `is_dated`: the file's name has a day, so that the article needs no `published`.
    """
    values = {name: value for name, _, value in root.fields if name in _OF_STATE and not is_empty(value)}
    word = "withdrawn" if "withdrawn" in values else ""
    if isinstance(status := values.get("status"), Scalar):
        word = status.text.strip().lower()
    names = (*_NOT_REQUIRED.get(word, ()), *("published",) * is_dated)
    return FIELDS | {name: replace(FIELDS[name], is_required=False) for name in names}


def _slug(node: Node, context: Context) -> str:
    value = SHORT_LINE.check(node, context)
    if value != slug_of(value) or not urls.is_writable(value):
        fit = slug_of(value)[:_LONGEST_ADVICE].strip("-") or "japan-taiwan"
        why = urls.unwritable(value)
        fit, why = (f"{fit}-2", f": {why}") if value == fit else (fit, "")
        context.refuse(node.mark, f"{shown(value)} cannot stand in an address{why}; write {in_list(fit)}")
    return value


def _section(node: Node, context: Context) -> str:
    value = SHORT_LINE.check(node, context)
    section_part_of(value, node.mark, context)
    return value


def _published(node: Node, context: Context) -> datetime:
    word = node.text.strip() if isinstance(node, Scalar) and len(node.text) < LONGEST_WORD else ""
    if word.lower() in _UNPUBLISHED:
        message = f"{shown(word)} is not {MOMENT.words}; for an article that nobody shall see yet"
        context.refuse(node.mark, f"{message}, write `status: draft` in place of this line")
    if word.lower() in _AT_ONCE:
        message = f"{shown(word)} is not {MOMENT.words}; an article is published unless it is a draft"
        context.refuse(
            node.mark,
            f"{message}: take the line out where the file's name begins with the day, else write `published: "
            "2026-11-22`, with the day on which it appears",
        )
    return MOMENT.check(node, context)


def _body(node: Node, context: Context) -> str:
    if not isinstance(node, Scalar):
        message = "this text is read as YAML's lists and fields; write `body: |`, and below it the text"
        context.refuse(node.mark, f"{message}, each of its lines indented by two spaces")
    return node.text


def _utc(node: Node, context: Context) -> datetime:
    return MOMENT.check(node, context).astimezone(UTC)


_PUBLISHED = FieldType(MOMENT.words, MOMENT.schema, _published)
_BODY = FieldType(TEXT.words, TEXT.schema, _body)
_SLUG = FieldType("words of an address, joined by hyphens", SHORT_LINE.schema, _slug)
_SECTION = FieldType(SHORT_LINE.words, SHORT_LINE.schema, _section)
_UTC_MOMENT = FieldType(MOMENT.words, MOMENT.schema, _utc)
_AT = Field(_UTC_MOMENT, "2026-11-22T09:00:00Z", is_required=True, synonyms=("date", "time", "when", "on"))
_ANNOUNCE = Field(TRUTH, "true", synonyms=("notify", "notice", "tell"))
_CORRECTION = record_of(
    Correction,
    {
        "at": _AT,
        "note": Field(
            LINE,
            "What was wrong and what is right.",
            is_required=True,
            synonyms=("text", "message", "reason", "comment"),
            is_stand_in=True,
        ),
        "announce": _ANNOUNCE,
    },
    "a correction",
)
_WITHDRAWAL = record_of(
    Withdrawal,
    {
        "at": _AT,
        "reason": Field(
            LINE,
            "Why it was taken back.",
            is_required=True,
            synonyms=("note", "text", "message", "comment"),
            is_stand_in=True,
        ),
        "announce": _ANNOUNCE,
    },
    "withdrawn",
)

FIELDS = {
    "id": Field(ENTRY_ID, "tag:news.example,2026-11-22:japan-taiwan", synonyms=("guid", "uid", "uuid", "identifier")),
    "title": Field(
        LINE, '"Japan and Taiwan draw closer"', is_required=True, synonyms=("headline", "heading", "name", "subject")
    ),
    "published": Field(
        _PUBLISHED,
        "2026-11-22T09:00:00Z",
        is_required=True,
        synonyms=("date", "datetime", "pubdate", "publishdate", "datepublished", "created", "time", "day"),
    ),
    "updated": Field(
        MOMENT,
        "2026-11-22T09:00:00Z",
        synonyms=("modified", "lastmod", "lastmodified", "datemodified", "edited", "changed"),
    ),
    "authors": Field(
        list_of(PERSON, most=_MOST_AUTHORS),
        "[Mina Sato]",
        synonyms=("author", "byline", "by", "writer", "writers", "creator"),
    ),
    "contributors": Field(list_of(PERSON), "[Mina Sato]", synonyms=("contributor", "editors", "editor")),
    "section": Field(_SECTION, "world", synonyms=("category", "sections", "categories", "desk", "channel", "topic")),
    "tags": Field(
        list_of(SHORT_LINE, most=_MOST_TAGS),
        "[japan, taiwan]",
        synonyms=("tag", "keywords", "keyword", "labels", "topics"),
    ),
    "summary": Field(
        LINE,
        "One paragraph of plain text.",
        synonyms=("description", "excerpt", "abstract", "lead", "standfirst", "teaser", "dek", "subtitle", "subhead"),
    ),
    "image": Field(
        IMAGE,
        "{src: images/towers.jpg, alt: what it shows}",
        synonyms=("picture", "photo", "cover", "thumbnail", "hero", "leadimage"),
        hint="put your own words for alt",
        of_text="{{src: {}, alt: what it shows}}",
    ),
    "enclosures": Field(
        list_of(ENCLOSURE, is_of_words=False),
        "[{url: audio/talk.mp3}]",
        synonyms=("enclosure", "attachments", "attachment", "audio", "podcast", "files"),
        of_text="[{{url: {}}}]",
    ),
    "link": Field(WEB_ADDRESS, "https://elsewhere.example/story", synonyms=("url", "externalurl", "href", "source")),
    "language": Field(LANGUAGE, "en", synonyms=("lang", "locale")),
    "rights": Field(LINE, "© 2026 The Meridian", synonyms=("copyright", "license", "licence")),
    "slug": Field(_SLUG, "japan-taiwan", synonyms=("permalink", "path", "address")),
    "status": Field(choice_of("draft", "published", "withdrawn"), "draft", synonyms=("state", "draft", "visibility")),
    "pin": Field(TRUTH, "true", synonyms=("pinned", "sticky", "featured")),
    "corrections": Field(
        list_of(_CORRECTION, is_of_words=False, most=_MOST_CORRECTIONS),
        "[{at: 2026-11-22T09:00:00Z, note: The summit was in April.}]",
        synonyms=("correction", "errata", "erratum"),
    ),
    "withdrawn": Field(
        _WITHDRAWAL,
        "{at: 2026-11-22T09:00:00Z, reason: Why it was taken back.}",
        synonyms=("withdrawal", "retracted", "retraction", "removed", "deleted"),
    ),
    "aliases": Field(
        list_of(ALIAS, most=MOST_ALIASES),
        "[/world/old-address]",
        synonyms=("alias", "redirects", "redirect", "redirectfrom", "formerly"),
    ),
    "body": Field(
        _BODY,
        "The text.",
        is_required=True,
        synonyms=("content", "text", "article", "markdown", "story", "html"),
        is_stand_in=True,
        hint="a longer text stands below `body: |`, each of its lines indented by two spaces",
    ),
}
