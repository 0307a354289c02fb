"""In which direction a language is written: by the script that its tag names, else by CLDR."""

from datetime import date, timedelta

import pytest
from babel import Locale
from babel.localedata import locale_identifiers
from hypothesis import given
from hypothesis import strategies as st

from feedsite.languages import calendar, direction, months, own_name, tag_meant, unheard_of
from feedsite.languages.solarhijri import solar_hijri

RIGHT_TO_LEFT = "ar arz ar-EG ku-Arab ckb syr pa-Arab pa-PK az-IR ms-Arab he iw yi ur fa-AF ug dv ff-Adlm nqo rhg ks sd"
LEFT_TO_RIGHT = "en ar-Latn ku ku-Latn pa az uz ms en-x-Arab zh-Hant-TW sr-Cyrl de-1996 es-419 fa-Latn tlh xx"


@pytest.mark.parametrize("tag", RIGHT_TO_LEFT.split())
def test_these_run_from_right_to_left(tag):
    """By the script subtag, by the language, or by the country in which it is written otherwise."""
    assert direction(tag) == "rtl"


@pytest.mark.parametrize("tag", LEFT_TO_RIGHT.split())
def test_these_run_from_left_to_right(tag):
    """Also a language that is in no list, and Arabic in Latin letters."""
    assert direction(tag) == "ltr"


def test_each_language_runs_as_its_locale_does():
    """The law: for every locale that Babel has, the direction is CLDR's order of characters."""
    locales = {name: Locale.parse(name) for name in locale_identifiers()}
    assert len(locales) > 500
    runs = {name: "rtl" if locale.text_direction == "rtl" else "ltr" for name, locale in locales.items()}
    assert {name: direction(name.replace("_", "-")) for name in locales} == runs  # Mongolian letters run downwards


def test_a_language_has_its_own_name():
    """And one that is in no list goes by its tag."""
    assert [own_name(tag) for tag in ("ja", "pt-BR", "tlh")] == ["日本語", "português (Brasil)", "tlh"]


def test_every_locale_is_one_that_is_heard_of():
    """The law: no note on a language or a country that CLDR has a locale for."""
    assert [name for name in locale_identifiers() if unheard_of(name.replace("_", "-"))] == []


def test_months_have_their_numbers():
    """In many languages, whole and short; a name that means two months has both."""
    assert [months()[name] for name in ("november", "ноября", "märz", "maio", "листопада")] == [
        (11,),
        (11,),
        (3,),
        (5,),
        (11,),
    ]
    assert months()["listopada"] == (10, 11)


@pytest.mark.parametrize("tag", ["de", "ja", "pt", "uk", "zh"])
def test_a_language_is_found_by_its_name(tag):
    """Its own, and the English one."""
    locale = Locale(tag)
    assert tag_meant(own_name(tag).upper()) == tag_meant(locale.get_display_name("en")) == tag


@pytest.mark.parametrize(
    ("tag", "first", "second"),
    [
        ("fr", "1er juillet 2021", "2 juillet 2021"),
        ("fr-CA", "1er juillet 2021", "2 juillet 2021"),
        ("pt-BR", "1º de julho de 2021", "2 de julho de 2021"),
        ("pt-PT", "1 de julho de 2021", "2 de julho de 2021"),
        ("es", "1 de julio de 2021", "2 de julio de 2021"),
        ("en", "1 July 2021", "2 July 2021"),
    ],
)
def test_the_first_of_a_month_is_written_as_newspapers_do(tag, first, second):
    """In French, and in Portuguese of Brazil, it is an ordinal number."""
    assert [calendar.day(tag, date(2021, 7, number)) for number in (1, 2)] == [first, second]
    assert calendar.day(tag, date(2021, 7, 11)) == second.replace("2 ", "11 ", 1)


@pytest.mark.parametrize(
    ("tag", "days", "months", "years"),
    [
        ("en", "5–10 July 2021", "5 July – 1 August 2021", "5 July 2021 – 2 January 2022"),
        ("en-US", "July 5–10, 2021", "July 5 – August 1, 2021", "July 5, 2021 – January 2, 2022"),
        ("de", "5.–10. Juli 2021", "5. Juli – 1. August 2021", "5. Juli 2021 – 2. Januar 2022"),
        ("fr", "5–10 juillet 2021", "5 juillet – 1er août 2021", "5 juillet 2021 – 2 janvier 2022"),
        ("it", "5–10 luglio 2021", "5 luglio – 1 agosto 2021", "5 luglio 2021 – 2 gennaio 2022"),
        ("ar", "5–10 يوليو 2021", "5 يوليو – 1 أغسطس 2021", "5 يوليو 2021 – 2 يناير 2022"),
        ("fa", "۱۴ تا ۱۹ تیر ۱۴۰۰", "۱۴ تیر تا ۱۰ مرداد ۱۴۰۰", "۱۴ تیر تا ۱۲ دی ۱۴۰۰"),
        ("ja", "2021年7月5日～10日", "2021年7月5日～8月1日", "2021年7月5日～2022年1月2日"),
        ("zh-Hans", "2021年7月5日–10日", "2021年7月5日 – 8月1日", "2021年7月5日 – 2022年1月2日"),
    ],
)
def test_a_span_of_days_names_month_and_year_once(tag, days, months, years):
    """As CLDR's formats of intervals have it, with the month in full."""
    ends = (date(2021, 7, 10), date(2021, 8, 1), date(2022, 1, 2))
    spans = [calendar.span(tag, date(2021, 7, 5), end) for end in ends]
    assert [span.replace("\u00a0", " ").replace("\u2060", "") for span in spans] == [days, months, years]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(1925, 3, 31), (1304, 1, 11)),  # this calendar became Iran's
        (date(1979, 2, 11), (1357, 11, 22)),
        (date(2017, 3, 20), (1395, 12, 30)),
        (date(2021, 3, 20), (1399, 12, 30)),
        (date(2021, 3, 21), (1400, 1, 1)),
        (date(2024, 3, 20), (1403, 1, 1)),
        (date(2025, 3, 20), (1403, 12, 30)),
        (date(2026, 3, 21), (1405, 1, 1)),
        (date(2026, 11, 22), (1405, 9, 1)),
    ],
)
def test_a_day_of_the_solar_hijri_calendar(day, expected):
    assert solar_hijri(day) == expected


@given(st.dates(date(1831, 3, 22), date(2122, 3, 20)))
def test_solar_hijri_days_follow_each_other_and_years_begin_in_spring(day):
    """Law: the next day has the next number, or is the first of the next month or year."""
    year, month, number = solar_hijri(day)
    following = solar_hijri(day + timedelta(days=1))
    lengths = (31,) * 6 + (30,) * 5 + (29 if following[0] > year and number == 29 else 30,)
    last = number == lengths[month - 1]
    assert following == ((year + month // 12, month % 12 + 1, 1) if last else (year, month, number + 1))
    if (month, number) == (1, 1):
        assert (day.month, day.day) in {(3, 20), (3, 21), (3, 22)}


def test_the_months_of_afghan_papers_have_names_of_their_own():
    assert [calendar.day(tag, date(2026, 11, 22)) for tag in ("fa", "fa-IR", "fa-AF")] == [
        "۱ آذر ۱۴۰۵",
        "۱ آذر ۱۴۰۵",
        "۱ قوس ۱۴۰۵",
    ]


@pytest.mark.parametrize(
    ("tag", "days", "months"),
    [
        ("en", "5\u2060–\u206010_July 2021", "5_July_– 1_August 2021"),
        ("en-US", "July_5\u2060–\u206010, 2021", "July_5_– August_1, 2021"),
        ("de", "5.\u2060–\u206010._Juli 2021", "5._Juli_– 1._August 2021"),
        ("fr", "5\u2060–\u206010_juillet 2021", "5_juillet_– 1er_août 2021"),
        ("id", "5\u2060–\u206010_Juli 2021", "5_Juli–1_Agustus 2021"),
        ("uk", "5\u2060–\u206010_липня 2021\u202fр.", "5_липня_— 1_серпня 2021\u202fр."),
    ],
)
def test_no_line_of_text_ends_within_a_day_and_its_month(tag, days, months):
    """They are joined, here by _ and word joiners; a span of long dates still fits on two lines."""
    ends = (date(2021, 7, 10), date(2021, 8, 1))
    spans = [calendar.span(tag, date(2021, 7, 5), end).replace("\u00a0", "_") for end in ends]
    assert spans == [days, months]
