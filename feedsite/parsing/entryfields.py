"""The fields that an article can have, one row each; docs/entry-file.md describes them for editors."""

from dataclasses import replace
from datetime import UTC, datetime

from .. import urls
from ..codes import Code
from ..model import Correction, Withdrawal
from ..urls import slug_of
from . import nodes
from .aliases import ALIAS
from .fields import Field
from .fieldtypes import LONGEST_WORD, Context, FieldType, is_empty
from .madetypes import choice_of, list_of
from .mediafields import ENCLOSURE, IMAGE
from .moments import MOMENT
from .nodes import Node, Scalar
from .quoting import in_list, shown
from .record import record_of
from .scalars import (
    ENTRY_ID,
    LANGUAGE,
    LINE,
    SHORT_LINE,
    TEXT,
    TRUTH,
    WEB_ADDRESS,
    note_comment,
)
from .sitetypes import PERSON, section_part_of

MOST_ALIASES = 100
# An article stands whole in the feeds of each tag and author, and so do its notices.
_MOST_TAGS, _MOST_AUTHORS, _MOST_CORRECTIONS = 50, 20, 100
_LONGEST_ADVICE = 50  # letters of the slug that a message proposes
_UNPUBLISHED = ("false", "no", "never", "draft")
_AT_ONCE = ("true", "yes", "on", "published", "now", "public")
_BY_ITSELF = "an article appears by itself at the time of `published`; take this line out"
_OF_STATE = ("status", "withdrawn")
# The required fields that an article can do without, by its status.
NOT_REQUIRED = {"draft": ("published",), "withdrawn": ("body",)}


def fields_of(root: nodes.Mapping, *, is_dated: bool = False) -> dict[str, Field]:
    """FIELDS as they apply to one file: a draft does not need `published`, a withdrawn article does not need `body`.

    `is_dated`: the file's name has a day, so that the article needs no `published`.
    """
    values = {name: value for name, _, value in root.fields if name in _OF_STATE and not is_empty(value)}
    word = "withdrawn" if "withdrawn" in values else ""
    if isinstance(status := values.get("status"), Scalar):
        word = status.text.strip().lower()
    names = (*NOT_REQUIRED.get(word, ()), *("published",) * is_dated)
    return FIELDS | {name: replace(FIELDS[name], is_required=False) for name in names}


def _slug(node: Node, context: Context) -> str:
    value = SHORT_LINE.check(node, context)
    if value != slug_of(value) or not urls.is_writable(value):
        fit = slug_of(value)[:_LONGEST_ADVICE].strip("-") or "japan-taiwan"
        why = urls.unwritable(value)
        fit, why = (f"{fit}-2", f": {why}") if value == fit else (fit, "")
        context.refuse(Code.NO_SLUG, node.mark, f"{shown(value)} cannot stand in an address{why}; write {in_list(fit)}")
    return value


def _section(node: Node, context: Context) -> str:
    value = SHORT_LINE.check(node, context)
    section_part_of(value, node.mark, context)
    return value


def _published(node: Node, context: Context) -> datetime:
    word = node.text.strip() if isinstance(node, Scalar) and len(node.text) < LONGEST_WORD else ""
    if word.lower() in _UNPUBLISHED:
        message = f"{shown(word)} is not {MOMENT.words}; for an article that nobody shall see yet"
        context.refuse(Code.STATE_AS_DATE, node.mark, f"{message}, write `status: draft` in place of this line")
    if word.lower() in _AT_ONCE:
        message = f"{shown(word)} is not {MOMENT.words}; an article is published unless it is a draft"
        context.refuse(
            Code.STATE_AS_DATE,
            node.mark,
            f"{message}: take the line out where the file's name begins with the day, else write `published: "
            "2026-11-22`, with the day on which it appears",
        )
    return MOMENT.check(node, context)


def _body(node: Node, context: Context) -> str:
    if not isinstance(node, Scalar):
        message = "this text is read as YAML's lists and fields; write `body: |`, and below it the text"
        context.refuse(Code.NO_BAR, node.mark, f"{message}, each of its lines indented by two spaces")
    note_comment(node, context)
    return node.text


def _utc(node: Node, context: Context) -> datetime:
    return MOMENT.check(node, context).astimezone(UTC)


_PUBLISHED = FieldType(MOMENT.words, MOMENT.schema, _published)
_BODY = FieldType(TEXT.words, TEXT.schema, _body)
# Of ASCII a slug has only small letters, digits and hyphens.
_SLUG = FieldType(
    "words of an address, joined by hyphens",
    {**SHORT_LINE.schema, "pattern": r"^[^\u0000-,./:-`{-\u007f\s]+$"},
    _slug,
)
_SECTION = FieldType(SHORT_LINE.words, SHORT_LINE.schema, _section)
_UTC_MOMENT = FieldType(MOMENT.words, MOMENT.schema, _utc)
_AT = Field(_UTC_MOMENT, "2026-11-22T09:00:00Z", is_required=True, synonyms=("date", "time", "when", "on"))
_ANNOUNCE = Field(TRUTH, "true", synonyms=("notify", "notice", "tell"))
_CORRECTION = record_of(
    Correction,
    {
        "at": replace(_AT, about="When it was put right."),
        "note": Field(
            LINE,
            "What was wrong and what is right.",
            is_required=True,
            synonyms=("text", "message", "reason", "comment"),
            is_stand_in=True,
            about="What was wrong, and what is right. Text only: no Markdown.",
        ),
        "announce": replace(
            _ANNOUNCE,
            about="Whether an item that says so stands in the article's own feeds, too: `true` or `false` (also if "
            "left out).",
        ),
    },
    "a correction",
)
_WITHDRAWAL = record_of(
    Withdrawal,
    {
        "at": replace(_AT, about="When."),
        "reason": Field(
            LINE,
            "Why it was taken back.",
            is_required=True,
            synonyms=("note", "text", "message", "comment"),
            is_stand_in=True,
            about="Why. It is the text of the notice.",
        ),
        "announce": replace(
            _ANNOUNCE,
            about="Whether an item that says so stands in the article's feeds: `true` (also if left out) or `false`.",
        ),
    },
    "withdrawn",
)

FIELDS = {
    "id": Field(
        ENTRY_ID,
        "tag:news.example,2026-11-22:japan-taiwan",
        synonyms=("guid", "uid", "uuid", "identifier"),
        about="What the article is called for ever. By it a reader's program knows which articles it has shown.",
    ),
    "title": Field(
        LINE,
        '"Japan and Taiwan draw closer"',
        is_required=True,
        synonyms=("headline", "heading", "name", "subject"),
        about="The headline. Text only: no Markdown.",
    ),
    "published": Field(
        _PUBLISHED,
        "2026-11-22T09:00:00Z",
        is_required=True,
        synonyms=("date", "datetime", "pubdate", "publishdate", "datepublished", "created", "time", "day"),
        about="When the article appears. Nobody sees it before.",
    ),
    "updated": Field(
        MOMENT,
        "2026-11-22T09:00:00Z",
        synonyms=("modified", "lastmod", "lastmodified", "datemodified", "edited", "changed"),
        about="When the sense of the article last changed. Never before `published`; leave it out for a mended comma.",
    ),
    "authors": Field(
        list_of(PERSON, most=_MOST_AUTHORS),
        "[Mina Sato]",
        synonyms=("author", "byline", "by", "writer", "writers", "creator"),
        about="The byline: names, keys of `authors` in site.yaml, or `{name, email, url}`.",
    ),
    "contributors": Field(
        list_of(PERSON),
        "[Mina Sato]",
        synonyms=("contributor", "editors", "editor"),
        about="Who helped; written like `authors`.",
    ),
    "section": Field(
        _SECTION,
        "world",
        synonyms=("category", "sections", "categories", "desk", "channel", "topic"),
        about="One section of the paper. Its title comes from `sections` in site.yaml; one that is not listed "
        "there is its own title.",
    ),
    "tags": Field(
        list_of(SHORT_LINE, most=_MOST_TAGS),
        "[japan, taiwan]",
        synonyms=("tag", "keywords", "keyword", "labels", "topics"),
        about="Key words. Each leads to its articles.",
    ),
    "summary": Field(
        LINE,
        "One paragraph of plain text.",
        synonyms=("description", "excerpt", "abstract", "lead", "standfirst", "teaser", "dek", "subtitle", "subhead"),
        about="One paragraph of plain text. Without it the first paragraph of the text is used.",
    ),
    "image": Field(
        IMAGE,
        "{src: images/towers.jpg, alt: what it shows}",
        synonyms=("picture", "photo", "cover", "thumbnail", "hero", "leadimage"),
        hint="put your own words for alt",
        of_text="{{src: {}, alt: what it shows}}",
        about="The picture that the article leads with.",
    ),
    "enclosures": Field(
        list_of(ENCLOSURE, is_of_words=False),
        "[{url: audio/talk.mp3}]",
        synonyms=("enclosure", "attachments", "attachment", "audio", "podcast", "files"),
        of_text="[{{url: {}}}]",
        about="Files that belong to the article, such as a recording. The chief one stands first.",
    ),
    "link": Field(
        WEB_ADDRESS,
        "https://elsewhere.example/story",
        synonyms=("url", "externalurl", "href", "source"),
        about="Another site's page that the article is about.",
    ),
    "language": Field(LANGUAGE, "en", synonyms=("lang", "locale"), about="The language, if it is not the site's."),
    "rights": Field(
        LINE,
        "© 2026 The Meridian",
        synonyms=("copyright", "license", "licence"),
        about="Who owns this article, if not the site.",
    ),
    "slug": Field(
        _SLUG,
        "japan-taiwan",
        synonyms=("permalink", "path", "address"),
        about="The words of the address, instead of the file's name.",
    ),
    "status": Field(
        choice_of("draft", "published", "withdrawn", others={"scheduled": _BY_ITSELF}),
        "draft",
        synonyms=("state", "draft", "visibility"),
        about="`draft`, `published` (also if left out) or `withdrawn`. Nobody sees a draft.",
    ),
    "pin": Field(
        TRUTH,
        "true",
        synonyms=("pinned", "sticky", "featured"),
        about="Whether the article leads the front page: `true` or `false` (also if left out).",
    ),
    "corrections": Field(
        list_of(_CORRECTION, is_of_words=False, most=_MOST_CORRECTIONS),
        "[{at: 2026-11-22T09:00:00Z, note: The summit was in April.}]",
        synonyms=("correction", "errata", "erratum"),
        about="What was wrong in the article. It stands above the text and in every feed; put the text right as well.",
    ),
    "withdrawn": Field(
        _WITHDRAWAL,
        "{at: 2026-11-22T09:00:00Z, reason: Why it was taken back.}",
        synonyms=("withdrawal", "retracted", "retraction", "removed", "deleted"),
        about="Takes the article back. A notice stands in its place, on its page and in every feed.",
    ),
    "aliases": Field(
        list_of(ALIAS, most=MOST_ALIASES),
        "[/world/old-address]",
        synonyms=("alias", "redirects", "redirect", "redirectfrom", "formerly"),
        about="Former addresses of this article. Who comes there is led to it.",
    ),
    "body": Field(
        _BODY,
        "The text.",
        is_required=True,
        synonyms=("content", "text", "article", "markdown", "story", "html"),
        is_stand_in=True,
        hint="a longer text stands below `body: |`, each of its lines indented by two spaces",
        about="The article, in Markdown. A text of more than one line stands below `body: |`, indented by two spaces.",
    ),
}
