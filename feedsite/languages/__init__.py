"""What languages call themselves, their months and weekdays, and in which direction they are written; which there are.

The package is the only door to Babel, and so to CLDR: `calendar` has dates, numbers, lists, `catalogues` messages.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache

from babel import Locale, UnknownLocaleError
from babel.core import get_global

# Scripts written from right to left: those of CLDR's scriptMetadata.txt, and the variants of two that ISO 15924 names.
_RIGHT_TO_LEFT = frozenset(
    "Adlm Arab Aran Armi Avst Chrs Cprt Elym Gara Hatr Hebr Hung Khar Lydi Mand Mani Mend Merc Mero Narb Nbat Nkoo Orkh"
    " Ougr Palm Phli Phlp Phnx Prti Rohg Samr Sarb Sidt Sogd Sogo Syrc Syre Syrj Syrn Thaa Yezi".split()
)

# Scripts whose sentences follow each other without a space: those of Chinese and Japanese.
_UNSPACED = frozenset("Bopo Hani Hans Hant Hira Hrkt Jpan Kana".split())

# Languages whose names, months and weekdays are known as editors write them.
_WRITTEN_IN = (
    "en ar bg ca cs da de el es et fa fi fr gl he hr hu hy id is it ka kk lt lv mk nb nl nn pl pt ro ru sk sl sq sr sv"
    " tr uk vi ja ko zh".split()
)
_PRIVATE = re.compile("q[a-t][a-z]")  # ISO 639-2


@lru_cache(256)
def own_name(tag: str) -> str:
    """日本語 for ja; the tag itself (RFC 5646) for a language that is in no list."""
    try:
        return Locale.parse(tag, sep="-").get_display_name() or tag
    except (UnknownLocaleError, ValueError, TypeError):
        return tag


@lru_cache(256)
def direction(tag: str) -> str:
    """HTML's dir attribute for a text in this language, such as en, ar-EG or ku-Arab: by the script that the tag names,
    else by the one in which the language is usually written there (CLDR's likely subtags).
    """
    return "rtl" if _script(tag) in _RIGHT_TO_LEFT else "ltr"


@lru_cache(256)
def sentence_space(tag: str) -> str:
    """What stands between two sentences: a space, or nothing."""
    return "" if _script(tag) in _UNSPACED else " "


def _script(tag: str) -> str:
    language, script, region = subtags(tag)
    if script:
        return script
    language = get_global("language_aliases").get(language, language)
    usual = get_global("likely_subtags")
    likely = usual.get(f"{language}_{region}") or usual.get(language) or ""
    return subtags(likely.replace("_", "-"))[1]


def tag_meant(text: str) -> str:
    """The tag of a language that is written otherwise: as its name, in English or its own, or as de_DE; else ""."""
    tag = re.split("[.@]", text)[0].replace("_", "-")
    if re.fullmatch("[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){1,3}", tag):
        return unknown[1] if (unknown := unheard_of(tag)) else tag
    return _tags_by_name().get(_folded(text), "")


@lru_cache(256)
def unheard_of(tag: str) -> tuple[str, str] | None:
    """The part of a tag that CLDR does not know, and the tag that was probably meant, or "".

    None for a tag of a language, and a region, that CLDR knows.
    """
    language, script, region = subtags(tag)
    territory = language.upper()
    if not _is_language(language):
        spoken = get_global("territory_languages").get(territory, {})
        return language, max(spoken, key=lambda one: spoken[one]["population_percent"], default="").replace("_", "-")
    if region and not _is_territory(region):
        meant = get_global("territory_aliases").get(region, [])
        return region, "-".join(filter(None, (language, script, meant[0]))) if len(meant) == 1 else ""
    return None


@cache
def months() -> Mapping[str, tuple[int, ...]]:
    """The numbers of months by their names, whole and short, as many languages write them: two where languages differ.

    The names are folded: case, points at their ends, compatible letters.
    """
    found: dict[str, set[int]] = {}
    for locale in _locales():
        for number, name in _names(locale.months):
            found.setdefault(name, set()).add(number)
    return {name: tuple(sorted(numbers)) for name, numbers in found.items()}


@cache
def weekdays() -> frozenset[str]:
    """The names of weekdays, folded likewise."""
    return frozenset(name for locale in _locales() for _, name in _names(locale.days))


def _names(forms: Mapping[str, Mapping[str, Mapping[int, str]]]) -> Iterator[tuple[int, str]]:
    for form in ("format", "stand-alone"):
        for width in ("wide", "abbreviated"):
            for number, name in forms[form][width].items():
                if len(folded := _folded(name)) > 1 and folded.isalpha():
                    yield number, folded


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold().strip().rstrip(".")


@cache
def _locales() -> tuple[Locale, ...]:
    return tuple(map(Locale, _WRITTEN_IN))


@cache
def _tags_by_name() -> Mapping[str, str]:
    english = {_folded(name): tag.replace("_", "-") for tag, name in Locale("en").languages.items()}
    return english | {_folded(locale.get_display_name() or ""): locale.language for locale in _locales()}


def _is_language(code: str) -> bool:
    is_known = code in get_global("likely_subtags") or code in get_global("language_aliases")
    return is_known or bool(_PRIVATE.fullmatch(code)) or code in Locale("en").languages


def _is_territory(code: str) -> bool:
    return code in get_global("territory_languages") or code in Locale("en").territories


def subtags(tag: str) -> tuple[str, str, str]:
    """Language, script and region of a tag, in their usual capitals (RFC 5646 2.1); "" for what it does not name."""
    language, *rest = tag.split("-")
    script = region = ""
    for subtag in rest:
        if len(subtag) == 1:
            break  # what follows is an extension, or for private use
        if len(subtag) == 4 and subtag.isalpha():
            script = script or subtag.title()
        elif len(subtag) == 2 or (len(subtag) == 3 and subtag.isdigit()):
            region = region or subtag.upper()
    return language.lower(), script, region
