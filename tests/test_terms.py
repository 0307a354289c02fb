"""Names as parts of addresses: names that differ have addresses that differ, whatever else a site holds."""

import string
import unicodedata
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsite import urls
from feedsite.terms import folded, section_part, term

from .support.laws import few

NAMES = st.text(
    st.sampled_from(string.ascii_letters + string.digits + " -+#&./~%_éÉßİıǅ日本ｶﾞガＡ１²ً́ \u3000\u200b")
    | st.characters(codec="utf-8", exclude_categories=["C"]),
    min_size=1,
    max_size=30,
)


@few
@given(NAMES, NAMES)
def test_names_share_an_address_only_where_they_are_one_name(one, other):
    """The law: two names have the same part of an address where they are folded alike, and only there."""
    assert (term(one) == term(other)) == (folded(one) == folded(other))


@few
@given(NAMES)
def test_a_name_is_one_in_any_case_width_encoding_and_spacing(name):
    """The law: capitals, NFC or NFD, spaces around, and runs of them make no other name; nor does folding twice."""
    forms = [
        unicodedata.normalize("NFC", name),
        unicodedata.normalize("NFD", name),
        f"  {name}\u3000",
        name.replace(" ", " \t "),
    ]
    assert {folded(form) for form in forms} == {folded(name)}
    assert folded(folded(name)) == folded(name)
    for letter in string.ascii_letters:
        assert term(letter) == letter.lower() == term(chr(ord(letter) + 0xFEE0))


@few
@given(NAMES)
def test_every_system_can_have_a_file_at_a_names_address(name):
    """The law: not hidden, no device, none of the letters that a path or a mix needs, the same on all systems."""
    part = term(name)
    if not part:
        assert not folded(name)
        return
    assert urls.is_writable(f"/tag/{part}/")
    assert not set(part) & set("/.+%?# ")
    assert urls.key(part) == part


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("United Nations", "united-nations"),
        ("COVID-19", "covid--19"),
        ("C", "c"),
        ("C++", "c~2b~2b"),
        ("C#", "c~23"),
        ("R&D", "r~26d"),
        ("R D", "r-d"),
        ("RD", "rd"),
        ("日本", "日本"),
        ("日本酒", "日本酒"),
        ("e\u0301te\u0301", "été"),
        ("Ｔｏｋｙｏ　２０２０", "tokyo-2020"),
        ("con", "~63on"),
        (" a - b ", "a-~2d-b"),
    ],
)
def test_ordinary_names_have_addresses_that_people_can_guess(name, part):
    """A space is a hyphen, a hyphen is two; any other sign is written by its bytes."""
    assert term(name) == part


def test_long_names_are_cut_and_stay_apart():
    """Names of 200 letters that differ at their ends have addresses that differ, and fit into a file's name."""
    names = ["x" * 199 + end for end in "abc"] + ["日" * 199 + end for end in "abc"]
    parts = [term(name) for name in names]
    assert all(one != other for one, other in combinations(parts, 2))
    assert max(len(part.encode()) for part in parts) <= 130


def test_a_section_within_another_is_a_path():
    """Each name is a part; empty ones are left out."""
    assert section_part("World/South Asia") == "world/south-asia"
    assert section_part("/world//asia/") == "world/asia"
    assert section_part(" / ") == ""
