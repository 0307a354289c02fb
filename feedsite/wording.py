"""Numbers and days in English words, the same in every locale."""

from datetime import date

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
SHORT_MONTHS = tuple(month[:3] for month in MONTHS)  # as in access logs


def day_in_words(day: date) -> str:
    """5 July 2021"""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def counted(number: int, noun: str, form: str = "") -> str:
    """1 path, 2 paths. `form` is the format of the number (PEP 3101)."""
    return f"{number:{form}} {noun}" + ("" if number == 1 else "s")
