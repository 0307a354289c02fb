"""JSON Schemas of an article's file, a standing page's, and site.yaml, as editors' programs read them.

They are made of the tables of fields by which `feedsite check` checks the files. They also suggest what a site has
already, such as its sections, tags, authors and pictures; any other value fits as well.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from dataclasses import field as given
from typing import Any
from zoneinfo import available_timezones

from . import media
from .errors import in_json
from .folder.library import Contents
from .index import mediarows
from .index.edition import Edition
from .languages import catalogues, own_name
from .parsing.entryfields import FIELDS, NOT_REQUIRED
from .parsing.fields import EMPTY, Field, schema
from .parsing.pagefields import FIELDS as OF_PAGES
from .parsing.quoting import in_list
from .parsing.sitefields import FIELDS as OF_SITE
from .schemasnippets import OF_ARTICLES, OF_FIELDS

FOLDER = "schema"  # in the site's folder, where they may be written
_MOST = 300  # tags, names or files that are suggested
Named = Mapping[str, str]  # values in the order in which they are offered, and what each is called, or ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestions:
    """What a site has already, as values of fields."""

    sections: Named = given(default_factory=dict)
    tags: Named = given(default_factory=dict)
    authors: Named = given(default_factory=dict)
    languages: Named = given(default_factory=dict)
    pictures: Named = given(default_factory=dict)
    recordings: Named = given(default_factory=dict)


def suggestions(contents: Contents) -> Suggestions:
    """Those of a site: what site.yaml names, in its order, then what public articles name as well."""
    edition, settings = contents.edition, contents.settings
    people = {key: person.name for key, person in settings.authors.items()}
    files = sorted(path for path, _ in mediarows.rows(edition.index))
    sections = [name for part, name in _used(edition, "section") if part not in settings.section_parts]
    authors = [name for _, name in _used(edition, "author") if name not in people.values()]
    used = [tag for _, tag in _used(edition, "language")]
    languages = dict.fromkeys([settings.language, *used, *sorted(catalogues.tags())])
    return Suggestions(
        sections={name: section.title for name, section in settings.sections.items()} | dict.fromkeys(sections, ""),
        tags=dict.fromkeys((name for _, name in _used(edition, "tag")), ""),
        authors=people | dict.fromkeys(authors, ""),
        languages={tag: own_name(tag) for tag in languages},
        pictures=dict.fromkeys(
            [path for path in files if (media.type_of(path) or "").startswith("image/")][:_MOST], ""
        ),
        recordings=dict.fromkeys([path for path in files if path.startswith("audio/")][:_MOST], ""),
    )


def of_article(known: Suggestions) -> dict[str, Any]:
    """The schema of a file in entries/. What an article needs depends on its status, and on the name of its file."""
    table = _suggesting(
        FIELDS,
        section=known.sections,
        tags=known.tags,
        authors=known.authors,
        contributors=known.authors,
        language=known.languages,
        image=known.pictures,
        enclosures=known.recordings,
    )
    made = _whole("entry", "Article", table)
    del made["required"]  # of each there is a rule, with its message
    return {**made, "allOf": _rules(), "defaultSnippets": OF_ARTICLES}


def _rules() -> list[dict[str, Any]]:
    """What an article needs by its status, and by the name of its file; what contradicts each other."""
    is_draft, is_withdrawn = ({"required": ["status"], "properties": {"status": {"const": w}}} for w in NOT_REQUIRED)
    has_withdrawn = {"required": ["withdrawn"], "properties": {"withdrawn": {"not": EMPTY}}}
    published = _needs("published")
    for digit in "123456789":  # a simple pattern is all that the keyword takes
        published = {"if": {"filePatternAssociation": f"*/{digit}*-*-*"}, "else": published}
    says_when = f"a withdrawn article says when and why; add `withdrawn: {FIELDS['withdrawn'].example}`"
    at_once = "the article is withdrawn as well; write `status: withdrawn`, or take withdrawn out"
    return [
        _needs("title"),
        {"if": is_draft, "else": published},
        {"if": {"anyOf": [is_withdrawn, has_withdrawn]}, "else": _needs("body")},
        {
            "if": has_withdrawn,
            "then": _status("^(?!(draft|published)$)", at_once),
            "else": _status("^(?!withdrawn$)", says_when),
        },
    ]


def _status(pattern: str, message: str) -> dict[str, Any]:
    return {"properties": {"status": {"doNotSuggest": True, "pattern": pattern, "errorMessage": message}}}


def of_page(known: Suggestions) -> dict[str, Any]:
    """The schema of a file in pages/."""
    return _whole("page", "Standing page", _suggesting(OF_PAGES, language=known.languages))


def of_site(known: Suggestions) -> dict[str, Any]:
    """The schema of site.yaml."""
    zones = {name: "" for name in sorted(available_timezones()) if "/" in name and not name.startswith("Etc/")}
    table = _suggesting(OF_SITE, language=known.languages, timezone=zones, series=known.tags, icon=known.pictures)
    return _whole("site", "site.yaml", table)


# By the word that `feedsite schema` takes: each is written as WORD.schema.json.
SCHEMAS: Mapping[str, Callable[[Suggestions], dict[str, Any]]] = {"entry": of_article, "page": of_page, "site": of_site}


def file_of(word: str) -> str:
    """Where a schema is written, in the site's folder."""
    return f"{FOLDER}/{word}.schema.json"


def text_of(word: str, known: Suggestions) -> str:
    """A schema as a file has it."""
    return in_json(json.dumps(SCHEMAS[word](known), ensure_ascii=False, indent=1)) + "\n"


def _whole(word: str, title: str, table: Mapping[str, Field]) -> dict[str, Any]:
    head = {"$schema": "http://json-schema.org/draft-07/schema#", "$id": f"urn:feedsite:{word}", "title": title}
    made = {**head, **schema(table)}
    for name, snippets in OF_FIELDS.items():
        if name in made["properties"]:
            made["properties"][name]["defaultSnippets"] = snippets
    return made


def _needs(name: str) -> dict[str, Any]:
    message = f"an article has no {name}; add `{name}: {FIELDS[name].example}`"
    return {"required": [name], "errorMessage": message}


def _suggesting(table: Mapping[str, Field], **named: Named) -> dict[str, Field]:
    """The table with values that its fields suggest."""
    types = {name: table[name].type for name in named}
    return {**table} | {
        name: replace(table[name], type=replace(types[name], schema=_offering(types[name].schema, values)))
        for name, values in named.items()
        if values
    }


def _offering(accepted: Mapping[str, Any], values: Named) -> dict[str, Any]:
    """The schema with the values where a text stands: alone, in a list, or in the first field of a record."""
    if "anyOf" in accepted:
        return {**accepted, "anyOf": [each for one in accepted["anyOf"] for each in _alternatives(one, values)]}
    if "allOf" in accepted:
        first, *others = accepted["allOf"]
        return {**accepted, "allOf": [_offering(first, values) if "anyOf" in first else first, *others]}
    if "items" in accepted:
        items = accepted["items"]
        # With alternatives in a list yaml-language-server offers items that it cannot put in.
        offered = {**items, "defaultSnippets": _snippets(values)} if _is_text(items) else _offering(items, values)
        return {**accepted, "items": offered}
    if "properties" in accepted:
        fields = accepted["properties"]
        first, *_ = fields
        return {**accepted, "properties": {**fields, first: _offering(fields[first], values)}}
    return {"anyOf": _alternatives(accepted, values)}


def _alternatives(accepted: Mapping[str, Any], values: Named) -> list[Mapping[str, Any]]:
    """A text and the values that it may be; or what has them within."""
    if not _is_text(accepted):
        has_text = {"anyOf", "allOf", "items", "properties"} & accepted.keys()
        return [_offering(accepted, values) if has_text else accepted]
    choice = {"title": "Of this site", "enum": list(values)}
    descriptions = list(values.values())
    return [accepted, {**choice, "enumDescriptions": descriptions} if any(descriptions) else choice]


def _is_text(accepted: Mapping[str, Any]) -> bool:
    return bool({"pattern", "maxLength"} & accepted.keys())


def _snippets(values: Named) -> list[dict[str, str]]:
    """The values as snippets, in which none of their own letters means a place for the cursor, or raw text (^)."""
    return [{"label": one, "body": re.sub(r"^\^|[\\$}]", _escaped, in_list(one))} for one in values]


def _escaped(found: re.Match[str]) -> str:
    return "^^" if found[0] == "^" else f"\\{found[0]}"


def _used(edition: Edition, kind: str) -> list[tuple[str, str]]:
    """What most public articles name: as a part of an address, and as they write it, in the order of parts."""
    sizes = edition.sizes(kind)
    keys = sorted(sizes, key=lambda key: (-sizes[key], key))[:_MOST]
    return [(key.partition("/")[2], name) for key in sorted(keys) if (name := edition.name(key)) is not None]
