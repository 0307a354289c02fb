"""The messages of pages and feeds in other languages than English: a catalogue each, feedsite/catalogues/TAG.po.

The files are gettext's. One is read at the first message in its language, in some 40 ms; for English none is. What a
region says otherwise, as Portugal does, stands in feedsite/catalogues/regions/TAG.po.
"""

from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.resources import files
from io import BytesIO

from babel.core import get_global

from . import subtags

Catalogue = Mapping[str, tuple[str, ...]]  # by the English message: its translation, or one for each plural category
_FOLDER, _REGIONS = "catalogues", "regions"
_ENGLISH = "messages.pot"


@lru_cache(64)
def catalogue(tag: str) -> Catalogue:
    """The messages in a language. Empty for English, and for one without a catalogue, whose site speaks English."""
    if not (found := tag_of(tag)):
        return {}
    whole, region = _read(f"{found}.po"), _region_of(tag)
    return {**whole, **_read(f"{_REGIONS}/{region}.po")} if region else whole


@cache
def messages() -> Mapping[str, bool]:
    """All messages in English, with whether each has plurals."""
    return {message: len(forms) > 1 for message, forms in _read(_ENGLISH).items()}


@lru_cache(256)
def tag_of(tag: str) -> str:
    """The tag of the catalogue for a language: de for de-AT, zh-Hant for zh-TW. "" where there is none."""
    language, script, region = subtags(tag)
    language = get_global("language_aliases").get(language, language)  # he for iw
    script = script or _script(language, region)
    known = tags()
    if (exact := f"{language}-{script}") in known:
        return exact
    return language if language in known and script == _script(language, "") else ""


@cache
def tags() -> frozenset[str]:
    """Those of the catalogues."""
    return _tags_in(_FOLDER)


@cache
def regions() -> frozenset[str]:
    """The tags of the regions that say something otherwise."""
    return _tags_in(f"{_FOLDER}/{_REGIONS}")


def _tags_in(folder: str) -> frozenset[str]:
    names = (file.name for file in files("feedsite").joinpath(folder).iterdir())
    return frozenset(name.removesuffix(".po") for name in names if name.endswith(".po"))


def _region_of(tag: str) -> str:
    """The region whose words are those of the tag: pt-PT also for pt-AO (CLDR's parent locales); "" for none."""
    language, _, region = subtags(tag)
    parent = get_global("parent_exceptions").get(f"{language}_{region}", "").replace("_", "-")
    return next((one for one in (f"{language}-{region}", parent) if one in regions()), "")


def _script(language: str, region: str) -> str:
    """In which a language is usually written there, by CLDR's likely subtags."""
    usual = get_global("likely_subtags")
    likely = usual.get(f"{language}_{region}") or usual.get(language) or ""
    return subtags(likely.replace("_", "-"))[1]


def _read(name: str) -> Catalogue:
    from babel.messages.pofile import read_po  # noqa: PLC0415  # 30 ms, which an English site need not spend

    content = files("feedsite").joinpath(_FOLDER, name).read_bytes()
    found: dict[str, tuple[str, ...]] = {}
    for message in read_po(BytesIO(content)):
        if message.id:
            first = message.id if isinstance(message.id, str) else message.id[0]
            said = message.string or ""
            forms = (said,) if isinstance(said, str) else tuple(said)
            if all(forms):  # a message that is not translated yet is said in English
                found[first] = forms
    return found
