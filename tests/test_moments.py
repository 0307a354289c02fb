"""Dates and times as editors write them."""

import re
from datetime import date
from zoneinfo import ZoneInfo

import pytest

from feedsite.parsing.fieldtypes import Context, Invalid
from feedsite.parsing.moments import MOMENT
from feedsite.parsing.nodes import Mark, Scalar
from feedsite.wording import day_in_words

from .support.builders import BERLIN


def value(written, zone=BERLIN):
    context = Context("a.yaml", zone)
    read = MOMENT.check(Scalar(written, Mark(1, 1)), context)
    assert context.faults == []
    return read


def refusal(written, zone=BERLIN):
    context = Context("a.yaml", zone)
    with pytest.raises(Invalid):
        MOMENT.check(Scalar(written, Mark(1, 1)), context)
    (fault,) = context.faults
    return fault.message


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("2026-11-22T09:30:15+09:00", "2026-11-22T09:30:15+09:00"),
        ("2026-11-22T09:30:15Z", "2026-11-22T09:30:15+00:00"),
        ("2026-11-22t09:30z", "2026-11-22T09:30:00+00:00"),
        ("2026-11-22 09:30 -0330", "2026-11-22T09:30:00-03:30"),
        ("2026-11-22T09:30:15.999Z", "2026-11-22T09:30:15+00:00"),
        ("2026-11-22T09:30", "2026-11-22T09:30:00+01:00"),
        ("2026-07-05T09:30", "2026-07-05T09:30:00+02:00"),
        ("2026-11-22", "2026-11-22T00:00:00+01:00"),
        (" 2026-11-22 ", "2026-11-22T00:00:00+01:00"),
        ("2024-02-29", "2024-02-29T00:00:00+01:00"),
        ("1000-01-01T00:00Z", "1000-01-01T00:00:00+00:00"),
        ("9998-12-31T23:59:59Z", "9998-12-31T23:59:59+00:00"),
    ],
)
def test_a_moment_keeps_the_offset_it_was_written_with(written, iso):
    """A moment without an offset is in the site's zone; a day alone is its first second; seconds are whole."""
    assert value(written).isoformat() == iso


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("2026-03-29T01:59", "2026-03-29T01:59:00+01:00"),
        ("2026-03-29T03:00", "2026-03-29T03:00:00+02:00"),
        ("2026-03-29T02:30+01:00", "2026-03-29T02:30:00+01:00"),
        ("2026-10-25T01:59", "2026-10-25T01:59:00+02:00"),
        ("2026-10-25T03:00", "2026-10-25T03:00:00+01:00"),
        ("2026-10-25T02:30+01:00", "2026-10-25T02:30:00+01:00"),
    ],
)
def test_a_clock_change_is_no_fault_beside_its_hour(written, iso):
    """A time just before or after the change, or one with an offset, is no fault."""
    assert value(written).isoformat() == iso


@pytest.mark.parametrize(
    ("written", "zone", "advice"),
    [
        ("2026-03-29T02:00", "Europe/Berlin", "the clocks skip that hour; write 2026-03-29T03:00:00+02:00"),
        ("2026-03-29T02:59:59", "Europe/Berlin", "the clocks skip that hour; write 2026-03-29T03:59:59+02:00"),
        (
            "2026-10-25T02:00",
            "Europe/Berlin",
            "the clocks go back; write 2026-10-25T02:00:00+02:00 or 2026-10-25T02:00:00+01:00",
        ),
        ("2017-10-15", "America/Sao_Paulo", "the clocks skip that hour; write 2017-10-15T01:00:00-02:00"),
        (
            "2026-04-05T01:45",
            "Australia/Lord_Howe",
            "the clocks go back; write 2026-04-05T01:45:00+11:00 or 2026-04-05T01:45:00+10:30",
        ),
    ],
)
def test_an_hour_that_a_clock_change_skips_or_doubles_is_a_fault(written, zone, advice):
    """The message gives each moment that can be meant."""
    assert refusal(written, ZoneInfo(zone)).endswith(advice)


@pytest.mark.parametrize(
    "written",
    [
        "2026-02-30",
        "2026-02-29",
        "2026-00-10",
        "2026-13-01",
        "2026-11-31",
        "2026-11-22T24:00",
        "2026-11-22T25:00",
        "2026-11-22T09:60",
        "2026-11-22T23:59:60Z",
    ],
)
def test_what_no_calendar_or_clock_has_does_not_exist(written):
    """A day or a time that does not exist is a fault."""
    assert "does not exist" in refusal(written)


@pytest.mark.parametrize("written", ["0000-01-01", "0021-07-05", "0999-12-31", "9999-01-01"])
def test_a_year_beyond_the_feeds_formats_is_a_fault(written):
    """Years before 1000 are a fault, and so is 9999, which means NEVER."""
    assert "lies outside 1000 to 9998" in refusal(written)


@pytest.mark.parametrize(
    ("written", "advice"),
    [
        ("22/11/2026", "2026-11-22"),
        ("11/22/2026", "2026-11-22"),
        ("22.11.2026", "2026-11-22"),
        ("22.11.2026, 17:45", "2026-11-22T17:45:00+01:00"),
        ("2026/11/22", "2026-11-22"),
        ("2026-1-5 7:05", "2026-01-05T07:05:00+01:00"),
        ("2026-11-22T9:00", "2026-11-22T09:00:00+01:00"),
        ("05/05/2026", "2026-05-05"),
        ("03.04.2026", "2026-04-03"),
        ("03/04/2026", "2026-04-03 for 3 April 2026 or 2026-03-04 for 4 March 2026"),
    ],
)
def test_the_message_about_another_spelling_gives_the_right_one(written, advice):
    """Day or month first, points or slashes: the message gives the date to paste, or both if both can be meant."""
    assert refusal(written) == f'"{written}" is not a date and time; write {advice}'


@pytest.mark.parametrize(
    "written",
    [
        "tomorrow",
        "22/11/2026",
        "5/7/1880",
        "5/7/0021",
        "29/03/2026 02:30",
        "25.10.2026 02:30",
        "2026/2/30",
        "now",
        "0/0/0000",
    ],
)
def test_what_a_message_proposes_is_accepted(written):
    """A moment that a message proposes is no fault itself."""
    advice = re.findall(r"\d{4}-\d\d-\d\d(?:T\S+)?", refusal(written).partition("write ")[2])
    assert advice
    for proposed in advice:
        assert value(proposed).isoformat().startswith(proposed)


@pytest.mark.parametrize(
    ("written", "advice"),
    [
        ("2016-03-10 14:45:00 -5", "2016-03-10T14:45:00-05:00"),
        ("2016-03-10 14:45:00 EST", "2016-03-10T14:45:00-05:00"),
        ("2016-03-10 14:45:00 +5:30", "2016-03-10T14:45:00+05:30"),
        ("2016-03-10T14:45:00-5", "2016-03-10T14:45:00-05:00"),
        ("2016-03-10 14:45 \u22125", "2016-03-10T14:45:00-05:00"),
        ("2016-03-10 14:45 JST", "2016-03-10T14:45:00+09:00"),
        ("2016-03-10 14:45 UTC+01:00", "2016-03-10T14:45:00+01:00"),
        ("2016-03-10 14:45 -0600 (CST)", "2016-03-10T14:45:00-06:00"),
        ("March 10, 2016 3pm", "2016-03-10T15:00:00+01:00"),
        ("March 10th, 2016 at 3:05 p.m. EDT", "2016-03-10T15:05:00-04:00"),
        ("10 Mar 2016", "2016-03-10"),
        ("10-Mar-2016", "2016-03-10"),
        ("Thu, 10 Mar 2016 14:45:00 -0500", "2016-03-10T14:45:00-05:00"),
        ("Thu Mar 10 14:45:00 CET 2016", "2016-03-10T14:45:00+01:00"),
        ("Thu Mar 10 2016 14:45:00 GMT+0900 (Japan Standard Time)", "2016-03-10T14:45:00+09:00"),
        ("2016-03-10 14:45:00.123456 +5:00", "2016-03-10T14:45:00+05:00"),
        ("2016-03-10 noon", "2016-03-10T12:00:00+01:00"),
        (
            "2016-03-10 midnight",
            "2016-03-10T00:00:00+01:00 for the midnight before or 2016-03-11T00:00:00+01:00 for the midnight after",
        ),
        ("1457621100", "2016-03-10T14:45:00+00:00"),
        ("1457621100000", "2016-03-10T14:45:00+00:00"),
        ("20160310T144500Z", "2016-03-10T14:45:00+00:00"),
        ("20160310", "2016-03-10"),
        ("22. November 2026, 9.30 Uhr", "2026-11-22T09:30:00+01:00"),
        ("2026年11月22日 午後3時", "2026-11-22T15:00:00+01:00"),
        ("２０２６-11-22 ９：00", "2026-11-22T09:00:00+01:00"),
        ("“2026-11-22”", "2026-11-22"),
        ("25.10.2026 02:30", "2026-10-25T02:30:00+02:00 or 2026-10-25T02:30:00+01:00"),
        ("2026–11–20", "2026-11-20"),
        ("22.11.2026 24:00", "2026-11-23T00:00:00+01:00"),
        ("2026-11-22 09:00 Europe/Berlin", "2026-11-22T09:00:00+01:00"),
        ("2026-11-22 09:00 America/New_York", "2026-11-22T09:00:00-05:00"),
        ("22 Nov 2026 America/New_York", "2026-11-22T00:00:00-05:00"),
        ("2026-11-22T09:00:00+09:00[Asia/Tokyo]", "2026-11-22T09:00:00+09:00"),
        ("2026-11-22 09:00 Etc/GMT+5", "2026-11-22T09:00:00-05:00"),
        ("21 ноября 2026", "2026-11-21"),
        ("21 ноября 2026 г., 09:30", "2026-11-21T09:30:00+01:00"),
        ("20 de noviembre de 2026", "2026-11-20"),
        ("viernes, 20 de noviembre de 2026", "2026-11-20"),
        ("20 novembre 2026 à 9h30", "2026-11-20T09:30:00+01:00"),
        ("3. März 2026, 9 Uhr", "2026-03-03T09:00:00+01:00"),
        ("5 listopada 2026", "2026-10-05 for 5 October 2026 or 2026-11-05 for 5 November 2026"),
        ("2027", "its day too, such as 2027-01-01"),
        ("2027-05", "its day too, such as 2027-05-01"),
    ],
)
def test_what_a_message_proposes_is_the_same_instant(written, advice):
    """Offsets, unambiguous abbreviations, 12-hour clocks, names of months, fractions and unix times are understood."""
    assert refusal(written) == f'"{written}" is not a date and time; write {advice}'


@pytest.mark.parametrize(
    ("written", "advice"),
    [
        ("2026-11-22T24:00", "write 2026-11-23T00:00:00+01:00"),
        ("2026-12-31 24:00Z", "write 2027-01-01T00:00:00+00:00"),
        ("2026-02-30 24:00", "February 2026 has 28 days"),
        ("9998-12-31 24:00", "write one such as 2026-11-22T09:00:00+01:00"),
    ],
)
def test_the_end_of_a_day_is_proposed_as_the_next_one(written, advice):
    """24:00 (ISO 8601) is 00:00 of the next day, if there is one."""
    assert refusal(written).endswith(f"; {advice}" if advice.startswith("write") else advice)


@pytest.mark.parametrize(
    ("zone", "offsets"),
    [("CST", ["-06:00", "+08:00"]), ("BST", ["+01:00", "+06:00"]), ("IST", ["+05:30", "+01:00", "+02:00"])],
)
def test_of_an_abbreviation_of_several_zones_each_is_proposed(zone, offsets):
    """The message names the abbreviation as ambiguous, and each proposed moment by its zone."""
    message = refusal(f"2016-03-10 14:45 {zone}")
    assert f"{zone} is short for more than one zone: write 2016-03-10T14:45:00{offsets[0]} for " in message
    assert re.findall(r"T14:45:00([+-]\d\d:\d\d)", message) == offsets


@pytest.mark.parametrize(
    "written",
    [
        "2016-03-10 14:45 XYZ",
        "2016-03-10 14:45 Mars/Phobos",
        "2016-03-10 14:45 ../Berlin",
        "10 ноября или декабря 2016",
        "2016-03-10 25:00 pm",
        "2016-03-10 15:00 am",
        "2016-03-10 0:30 pm",
        "5/7/21",
        "10 March or April 2016",
        "2016-02-31 noon",
        "2026112209",
        "2016-03-10 14:45 +99",
    ],
)
def test_what_is_not_understood_is_not_guessed(written):
    """Where a part of a date is unknown or impossible, the message gives an example, not half of what was written."""
    assert refusal(written).endswith("; write one such as 2026-11-22T09:00:00+01:00")


@pytest.mark.parametrize("written", ["22.11.2026 9:30 pm", "11/22/2026 12:15 AM", "11/22/2026 09:30pm"])
def test_what_a_message_proposes_has_the_hour_that_was_meant(written):
    """9:30 pm becomes 21:30 in the proposed moment."""
    meant = {"22.11.2026 9:30 pm": "21:30", "11/22/2026 12:15 AM": "00:15", "11/22/2026 09:30pm": "21:30"}[written]
    assert f"2026-11-22T{meant}:00+01:00" in refusal(written)


@pytest.mark.parametrize("offset", ["+24:00", "+25:00", "-99:00", "+01:60"])
def test_an_offset_that_no_place_has_is_a_fault(offset):
    """An offset is less than a day, and its minutes less than an hour."""
    assert refusal(f"2026-11-22T09:00{offset}").endswith(
        f"the offset {offset} does not exist; write one such as +01:00, or Z"
    )


def test_a_day_is_written_in_english_words():
    """day_in_words depends on no locale."""
    assert day_in_words(date(2021, 7, 5)) == "5 July 2021"
