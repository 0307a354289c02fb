"""The types of field values: what each accepts, as which value, and what it refuses."""

import pytest

from feedsite.codes import Code
from feedsite.parsing import nodes
from feedsite.parsing.durations import DURATION, LENGTH
from feedsite.parsing.fieldtypes import Invalid
from feedsite.parsing.madetypes import choice_of, list_of
from feedsite.parsing.scalars import (
    ADDRESS,
    EMAIL,
    LANGUAGE,
    LINE,
    POSITIVE_NUMBER,
    SHORT_LINE,
    TEXT,
    TRUTH,
    WEB_ADDRESS,
    WHOLE_NUMBER,
)

from .support.checking import context, node, refusal, value


def test_a_line_has_its_white_space_folded():
    """Line ends, tabs and runs of spaces in a title become one space each."""
    assert value(LINE, '" Night\\ttrains\\n  return "') == "Night trains return"


@pytest.mark.parametrize("space", ["\xa0", "\u202f", "\u3000", "\u2009", "\u2003"])
def test_a_space_of_no_keyboard_stays(space):
    """A no-break space before a colon, and the wide one between Japanese words, are typed on purpose."""
    assert value(LINE, f'"{space}Qui vient{space}:  moi{space}"') == f"{space}Qui vient{space}: moi{space}"
    assert value(list_of(SHORT_LINE), f"[a{space}b]") == (f"a{space}b",)


@pytest.mark.parametrize(
    ("accepted", "written"), [(LANGUAGE, "\xa0en"), (WHOLE_NUMBER, "12\u3000"), (TRUTH, "\u2003true")]
)
def test_a_word_takes_no_space_with_it(accepted, written):
    """Of what is read by its letters, every kind of white space around it is dropped, as before."""
    assert value(accepted, f'"{written}"') == value(accepted, written.strip())


def test_a_text_keeps_its_white_space():
    """Line ends and indentation of a body stay as they are written."""
    assert value(TEXT, "|\n  a\n\n    b  c\n") == "a\n\n  b  c\n"


@pytest.mark.parametrize(
    ("written", "number"), [("0", 0), ("12345", 12345), ('"007"', 7), ("999999999999999", 10**15 - 1)]
)
def test_a_whole_number_is_digits(written, number):
    """With or without quotation marks, with or without zeros before it."""
    assert value(WHOLE_NUMBER, written) == number


@pytest.mark.parametrize(
    ("written", "truth"), [("true", True), ("True", True), ('"TRUE"', True), ("false", False), ("False", False)]
)
def test_a_truth_is_true_or_false(written, truth):
    """The two words of YAML 1.2, in any capitals, become a bool."""
    assert value(TRUTH, written) is truth


@pytest.mark.parametrize(
    ("written", "advice"),
    [("yes", "true"), ("On", "true"), ("1", "true"), ("no", "false"), ("off", "false"), ("maybe", "one of the two")],
)
def test_what_is_neither_true_nor_false_is_refused(written, advice):
    """The other words of YAML 1.1 are refused, and the message names what to write instead."""
    assert refusal(TRUTH, written) == f'a.yaml:1:4: "{written}" is neither true nor false; write {advice}'


@pytest.mark.parametrize(
    "written", ["-1", "+1", "1.5", "1,000", "1_000", "1e3", "0x10", "١٢", "12 kB", "9999999999999999"]
)
def test_what_is_not_digits_is_no_number(written):
    """Signs, points, units, other alphabets' digits and numbers of more than 15 digits are refused."""
    assert refusal(WHOLE_NUMBER, written) == (
        f'a.yaml:1:4: "{written}" is not a whole number; write digits only, such as 50'
    )


def test_nought_is_no_positive_number():
    """A window of 0 articles is refused."""
    assert value(POSITIVE_NUMBER, "1") == 1
    assert refusal(POSITIVE_NUMBER, "0") == "a.yaml:1:4: 0 is too small; write 1 or more"


@pytest.mark.parametrize(
    ("written", "seconds"),
    [("90", 90), ("0", 0), ("31:05", 1865), ("1:02", 62), ("00:31:05", 1865), ("1:00:00", 3600), ("120:00:00", 432000)],
)
def test_a_duration_comes_to_seconds(written, seconds):
    """A duration is written as a clock shows it, or in seconds, with or without quotation marks."""
    assert value(DURATION, written) == seconds


@pytest.mark.parametrize(
    "written", ["half an hour", "31 min", "1:2", "1:60", "1:00:60", "1:2:3:4", "-5", "PT31M", "1.5"]
)
def test_what_no_clock_shows_is_no_duration(written):
    """A duration in words, with units, or with more than 59 minutes or seconds is refused."""
    assert refusal(DURATION, written).startswith(f'a.yaml:1:4: "{written}" is not a duration; ')


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("31 min", "00:31:00"),
        ("1h 5m", "01:05:00"),
        ("1h05", "01:05:00"),
        ("1 hour and 5 minutes", "01:05:00"),
        ("1:5:00", "01:05:00"),
        ("31'05", "00:31:05"),
        ("PT31M5S", "00:31:05"),
        ("90 min", "01:30:00"),
    ],
)
def test_a_duration_in_another_spelling_is_proposed_as_a_clock_shows_it(written, meant):
    """With units, as ISO 8601 has it, or with single digits."""
    assert refusal(DURATION, written).endswith(f'is not a duration; write "{meant}"')


@pytest.mark.parametrize(
    "written", ["half an hour", "1.5 h", "31.05", "31:75", "1 h 75 m", "5 min 1 h", "9999 h", "5 x"]
)
def test_a_duration_that_is_not_understood_is_not_guessed(written):
    """The message has an example."""
    assert refusal(DURATION, written).endswith('write hours, minutes and seconds: "00:31:05"')


@pytest.mark.parametrize(
    ("written", "write"),
    [
        ('"12,345"', "write 12345"),
        ('"12.345.678"', "write 12345678"),
        ("12MB", "write its bytes in digits, such as 12345"),
        ('"1,5"', "write its bytes in digits, such as 12345"),
    ],
)
def test_a_length_is_one_in_bytes_or_is_left_out(written, write):
    """Commas between thousands are taken out; of a unit nothing is guessed."""
    assert refusal(LENGTH, written).endswith(f"; leave length out for a file of the site, or {write}")


@pytest.mark.parametrize(
    ("written", "write"),
    [
        ("Deutsch", "de"),
        ("english", "en"),
        ("de_DE", "de-DE"),
        ("de_DE.UTF-8", "de-DE"),
        ("en_UK", "en-GB"),
        ("日本語", "ja"),
        ("zh_hans_cn", "zh-Hans-CN"),
        ("English and German", "its code, such as en, ja or zh-Hant"),
    ],
)
def test_a_language_by_its_name_or_as_systems_name_it_is_proposed_as_a_tag(written, write):
    """In English or in its own letters."""
    assert refusal(LANGUAGE, written).endswith(f"is not a language; write {write}")


@pytest.mark.parametrize(("written", "first"), [("[de, en]", "de"), ("[[de]]", "en"), ("[x y]", "en"), ("[]", "en")])
def test_a_text_has_one_language(written, first):
    """Of a list the first one is proposed."""
    assert refusal(LANGUAGE, written) == f"a.yaml:1:4: this is one language, not a list of them; write {first}"


@pytest.mark.parametrize(
    ("written", "note"),
    [
        ("jp", "no language or country has the code jp; is `ja` meant?"),
        ("cn", "no language or country has the code cn; is `zh` meant?"),
        ("en-UK", "no language or country has the code UK; is `en-GB` meant?"),
        ("xx", "no language or country has the code xx; write one such as en, ja or zh-Hant"),
    ],
)
def test_a_code_that_no_language_has_is_noted(written, note):
    """Which may be that of a country; the value stays."""
    seen = context()
    assert LANGUAGE.check(node(written), seen) == written
    assert [str(fault) for fault in seen.faults] == [f"a.yaml:1:4: note: {note}"]


@pytest.mark.parametrize(
    ("written", "advice"),
    [("Draft", "write draft"), ("publish", "write published"), ("x", "write one of draft, published")],
)
def test_a_choice_proposes_the_nearest_word(written, advice):
    """The message proposes the word that was probably meant; if none is near, all words."""
    assert refusal(choice_of("draft", "published"), written) == f'a.yaml:1:4: "{written}" is not known here; {advice}'


@pytest.mark.parametrize("written", ["world", "[world]", "\n  - world"])
def test_one_value_is_a_list_of_one(written):
    """One value alone becomes a list of one item."""
    assert value(list_of(LINE), written) == ("world",)


def test_an_empty_list_has_no_items():
    """An empty list is a value, with no items."""
    assert value(list_of(LINE), "[]") == ()


def test_every_item_of_a_list_is_checked():
    """Each invalid item has a fault, not only the first one."""
    seen = context()
    with pytest.raises(Invalid):
        list_of(WHOLE_NUMBER).check(node("[1, x, 2, y]"), seen)
    assert [fault.column for fault in seen.faults] == [8, 14]


@pytest.mark.parametrize(
    ("written", "shaped"),
    [
        ("en", "en"),
        ("EN-gb", "en-GB"),
        ("zh-hant", "zh-Hant"),
        ("ZH-HANT-tw", "zh-Hant-TW"),
        ("yue", "yue"),
        ("es-419", "es-419"),
    ],
)
def test_a_language_takes_its_usual_capitals(written, shaped):
    """RFC 5646 2.1.1: a country is in capitals, a script in title case, everything else in lower case."""
    assert value(LANGUAGE, written) == shaped


@pytest.mark.parametrize("written", ["english!", "English", "en_GB", "e", "en-", "日本語", "x-klingon"])
def test_a_languages_name_is_no_language(written):
    """A language is a tag of RFC 5646; a name such as English is refused."""
    assert "is not a language" in refusal(LANGUAGE, written)


@pytest.mark.parametrize("written", ["desk@news.example", "mina.sato+rss@news.example", "é@münchen.example"])
def test_an_email_address_has_one_at(written):
    """An e-mail address is its two halves with an @ between them, without a name."""
    assert value(EMAIL, written) == written


@pytest.mark.parametrize("written", ["mina", "mina at news", "mina@", '"@news"', "a@b@c", '"Mina <mina@news.example>"'])
def test_what_has_no_two_halves_is_no_email_address(written):
    """Half an e-mail address, two of them, or one in angle brackets is refused."""
    assert "is not an e-mail address" in refusal(EMAIL, written)


WEB_ADDRESSES = [
    "https://news.example",
    "http://news.example:8080/a?b=c#d",
    "https://[::1]/a",
    "https://news.example/%E5",
]


@pytest.mark.parametrize("written", WEB_ADDRESSES)
def test_a_web_address_is_absolute(written):
    """A web address has the scheme http or https and a host."""
    assert value(WEB_ADDRESS, f'"{written}"') == written


@pytest.mark.parametrize(
    ("written", "ascii_only"),
    [
        ("https://münchen.example/straße?ö=ü#ß", "https://xn--mnchen-3ya.example/stra%C3%9Fe?%C3%B6=%C3%BC#%C3%9F"),
        ("https://新聞.example/日本", "https://xn--efvv70d.example/%E6%97%A5%E6%9C%AC"),
        ("https://mina@münchen.example:8080/", "https://mina@xn--mnchen-3ya.example:8080/"),
        ("HTTPS://news.example/", "https://news.example/"),
    ],
)
def test_a_web_address_is_put_into_ascii(written, ascii_only):
    """A web address in other letters is encoded as RFC 3987 3.1 says, so that every program can open it."""
    assert value(WEB_ADDRESS, written) == ascii_only


@pytest.mark.parametrize(
    "written",
    [
        "news.example/a",
        "//news.example/a",
        "/a",
        "ftp://news.example/",
        "mailto:desk@news.example",
        "javascript:alert(1)",
        "data:text/html,x",
        "https://",
        "https:news.example",
        "https://news.example/a b",
        "https://news.example:99999/",
        "https://news.example:0/",
        "https://[::1/",
        "https://news.example/<script>",
        "https://exam℀ple.example/",
    ],
)
def test_what_a_browser_could_not_open_is_no_web_address(written):
    """Web addresses with other schemes, without a host, with impossible ports, spaces or angle brackets are refused."""
    message = refusal(WEB_ADDRESS, f'"{written}"')
    assert "is not a web address" in message
    assert not message.endswith(f"such as {written}")


@pytest.mark.parametrize("written", ["images/towers.jpg", "/images/towers.jpg", "images/日本.jpg", *WEB_ADDRESSES])
def test_an_address_may_be_a_file_of_the_site(written):
    """The place of a file, with or without a slash before it, is an address, and so is a web address."""
    assert value(ADDRESS, f'"{written}"') == written


@pytest.mark.parametrize(
    "written",
    [
        "../towers.jpg",
        "images/../towers.jpg",
        "./towers.jpg",
        "images//towers.jpg",
        "images/",
        "//evil.example/a.jpg",
        "images/my towers.jpg",
        "images/a.jpg?size=2",
        "data:image/png;base64,AAAA",
        "javascript:alert(1)",
        "C:\\\\towers.jpg",
        "/",
    ],
)
def test_an_address_never_leaves_the_site(written):
    """An address with a step upward, with a host but no scheme, or with another scheme is refused."""
    assert "is no address" in refusal(ADDRESS, f'"{written}"')


def test_a_note_is_no_fault():
    """A note is in the list of faults, and is marked as a note."""
    seen = context()
    seen.fault(Code.UNKNOWN_SECTION, nodes.Mark(3, 2), "is `world` meant?")
    assert [(str(fault), fault.is_note) for fault in seen.faults] == [("a.yaml:3:2: note: is `world` meant?", True)]


def test_a_fault_does_not_repeat_a_whole_text():
    """A message repeats only the beginning of a long text."""
    assert len(refusal(WHOLE_NUMBER, "Night trains return. " * 1000)) < 200
