"""The fields that site.yaml can have, one row each; docs/entry-file.md describes them for editors."""

from dataclasses import replace

from ..settings import Publisher
from .fields import Field
from .madetypes import choice_of
from .ownwords import OWN_WORDS
from .record import mapping_of, record_of
from .robots import ROBOTS
from .scalars import ADDRESS, ID, LANGUAGE, LINE, POSITIVE_NUMBER, SHORT_LINE, TRUTH, WEB_ADDRESS
from .sitetypes import (
    BASE_URL,
    CACHES,
    MIX,
    PERSON,
    PERSON_FIELDS,
    SEARCH,
    SECTION,
    SERIES,
    TIMEZONE,
    mix_name,
    section_part_of,
)
from .themefields import THEME

FIELDS = {
    "title": Field(
        LINE, "The Meridian", is_required=True, synonyms=("name", "sitename"), about="The name of the site."
    ),
    "description": Field(
        LINE,
        "World news, set plainly.",
        is_required=True,
        synonyms=("subtitle", "tagline", "summary"),
        about="One sentence about it.",
    ),
    "id": Field(
        ID,
        "https://news.example/",
        about="What the site is called for ever. Before `base_url` changes, write the old one here, with a `/` at "
        "its end.",
    ),
    "base_url": Field(
        BASE_URL,
        "https://news.example",
        synonyms=("url", "siteurl", "link", "address", "domain"),
        about="Where the site stands, a folder included.",
    ),
    "language": Field(
        LANGUAGE, "en", synonyms=("lang", "locale"), about="The language of the site, and of articles that name none."
    ),
    "words": Field(
        OWN_WORDS,
        "{Newest: Latest}",
        synonyms=("messages", "translations", "strings", "texts"),
        about="Messages of pages and feeds in your own words, by the English ones.",
    ),
    "timezone": Field(
        TIMEZONE,
        "Europe/Berlin",
        synonyms=("tz", "zone"),
        about="The zone of times without an offset, and of the times that readers see.",
    ),
    "publisher": Field(
        record_of(
            Publisher,
            {
                **PERSON_FIELDS,
                "email": replace(PERSON_FIELDS["email"], about="Shown below each page and in RSS and Atom."),
                "url": replace(PERSON_FIELDS["url"], about="The publisher's own page."),
                "name": Field(SHORT_LINE, "The Meridian", about="What it is called. Without it: the site's title."),
                "logo": Field(
                    ADDRESS,
                    "images/logo.svg",
                    synonyms=("image",),
                    about="A picture, at the head of each page and in Atom.",
                ),
            },
            "publisher",
        ),
        "{name: The Meridian}",
        synonyms=("owner", "organisation", "organization"),
        about="Who answers for the site; the author of articles that name none.",
    ),
    "authors": Field(
        mapping_of(PERSON, "sato: {name: Mina Sato}"),
        "{sato: {name: Mina Sato}}",
        synonyms=("author", "people", "writers"),
        about="Bylines by a short key: a name, or `{name, email, url}`.",
    ),
    "sections": Field(
        mapping_of(SECTION, "world: {title: World}", section_part_of),
        "{world: {title: World}}",
        synonyms=("section", "categories", "category"),
        about="Titles of sections: a title, or `{title, description}`.",
    ),
    "mixes": Field(
        mapping_of(MIX, "quiet: {of: [everything], without: [culture]}", mix_name),
        "{quiet: {of: [everything], without: [culture]}}",
        synonyms=("mix", "blends"),
        about="Lists of your own: what they unite, and what they leave out.",
    ),
    "series": Field(
        SERIES,
        "[silk road]",
        synonyms=("serials", "parts"),
        about="The tags whose articles are parts of a series. They are numbered from the oldest.",
    ),
    "window": Field(
        POSITIVE_NUMBER,
        "50",
        synonyms=("limit", "count", "size", "items", "entries"),
        about="How many articles a feed holds, at the least: all of the 48 hours before the newest are in it too.",
    ),
    "archives": Field(
        choice_of("sections", "all", "none"),
        "sections",
        synonyms=("archive", "history"),
        about="Whose archives an export has: `sections`, `all` or `none`.",
    ),
    "hub": Field(
        WEB_ADDRESS,
        "https://hub.example/",
        synonyms=("websub", "pubsubhubbub"),
        about="A WebSub hub: it brings a change to subscribers at once. It must be told of the change, by `ping` "
        "or by `feedsite ping`.",
    ),
    "ping": Field(
        TRUTH,
        "true",
        synonyms=("notify", "announce", "publish"),
        about="Whether the server tells the hub of each change, `true` or `false`. Needs `hub` and `base_url`.",
    ),
    "purge": Field(
        CACHES,
        "[http://127.0.0.1:6081]",
        synonyms=("caches", "cache", "varnish", "proxies", "proxy"),
        about="The caches in front of the server, which it tells of each change before it tells the hub.",
    ),
    "robots": Field(
        ROBOTS,
        '"Content-Usage: train-ai=n"',
        synonyms=("robots_txt", "robotstxt", "crawlers"),
        about="Lines for `/robots.txt`, a block of `Name: value`, comments and blank lines. Without any, every "
        "program may read everything.",
    ),
    "frames": Field(
        choice_of("none", "self", "any"),
        "none",
        synonyms=("frame", "framing", "embed", "embedding"),
        about="On whose pages this site may be shown: `none`, `self` or `any`. Directories that show sites in a "
        "frame need `any`.",
    ),
    "search": Field(
        SEARCH,
        "pagefind",
        synonyms=("searchengine", "find"),
        about="Who answers a search in an export: `none`, `pagefind`, or the address of a page that does, such "
        "as that of a server. A server always answers itself.",
    ),
    "typographer": Field(
        TRUTH,
        "true",
        synonyms=("smartypants", "smartquotes", "smartpunctuation", "typography"),
        about="Whether quotation marks, dashes and dots in texts become typographic ones: `true` or `false`.",
    ),
    "math": Field(
        TRUTH,
        "true",
        synonyms=("latex", "katex", "mathjax", "formulas"),
        about="Whether `$x^2$` and `$$x^2$$` are formulas: `true` or `false`.",
    ),
    "rights": Field(
        LINE,
        "© 2026 The Meridian",
        synonyms=("copyright", "license", "licence"),
        about="Who owns what is published here.",
    ),
    "icon": Field(
        ADDRESS,
        "images/icon.png",
        synonyms=("favicon",),
        about="A square picture; PNG, JPEG or GIF, for RSS knows no others.",
    ),
    "theme": Field(
        THEME,
        '{accent: "#a62f1b"}',
        synonyms=("style", "design", "look", "colors", "colours"),
        about="How the pages look.",
    ),
}
# The environment variables that replace a field, by the field's name.
VARIABLES = {
    name: f"FEEDSITE_{name.upper()}"
    for name in "title description id base_url language timezone window hub ping purge rights icon".split()
}
