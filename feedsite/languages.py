"""What languages call themselves, and in which direction they are written. The only door to Babel, and so to CLDR."""

from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.core import get_global

# Scripts written from right to left: those of CLDR's scriptMetadata.txt, and the variants of two that ISO 15924 names.
_RIGHT_TO_LEFT = frozenset(
    "Adlm Arab Aran Armi Avst Chrs Cprt Elym Gara Hatr Hebr Hung Khar Lydi Mand Mani Mend Merc Mero Narb Nbat Nkoo Orkh"
    " Ougr Palm Phli Phlp Phnx Prti Rohg Samr Sarb Sidt Sogd Sogo Syrc Syre Syrj Syrn Thaa Yezi".split()
)


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
    language, script, region = _subtags(tag)
    if not script:
        language = get_global("language_aliases").get(language, language)
        usual = get_global("likely_subtags")
        likely = usual.get(f"{language}_{region}") or usual.get(language) or ""
        _, script, _ = _subtags(likely.replace("_", "-"))
    return "rtl" if script in _RIGHT_TO_LEFT else "ltr"


def _subtags(tag: str) -> tuple[str, str, str]:
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
