"""The calendar of Iran and Afghanistan, which Babel does not have: a year begins at the spring equinox.

Its leap years follow a cycle of 33 years, as ICU counts them. That is what the equinox says from 1831 to 2122.
"""

from datetime import date

_EPOCH = 226_895  # date.toordinal() of its first day
_CYCLE = 12_053  # days of 33 years, eight of which have 366
_FIRST_HALF = 6 * 31  # days of its first six months; of the others five have 30


def solar_hijri(day: date) -> tuple[int, int, int]:
    """The year, the month and the day: 1400, 1, 1 for 21 March 2021."""
    since = day.toordinal() - _EPOCH
    year = 1 + (33 * since + 3) // _CYCLE
    of_year = since - 365 * (year - 1) - (8 * year + 21) // 33
    if of_year < _FIRST_HALF:
        return year, 1 + of_year // 31, 1 + of_year % 31
    return year, 7 + (of_year - _FIRST_HALF) // 30, 1 + (of_year - _FIRST_HALF) % 30
