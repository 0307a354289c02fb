"""What a field may hold, kind by kind: what is taken, as which value, and what is refused."""

import pytest

from feedsite.parsing import nodes
from feedsite.parsing.fieldtypes import Invalid, choice_of, list_of
from feedsite.parsing.scalars import (
    ADDRESS,
    DURATION,
    EMAIL,
    LANGUAGE,
    LINE,
    POSITIVE_NUMBER,
    TEXT,
    TRUTH,
    WEB_ADDRESS,
    WHOLE_NUMBER,
)

from .support.checking import context, node, refusal, value


def test_a_line_has_its_white_space_folded():
    """Line ends, tabs and wide spaces in a title become one space each."""
    assert value(LINE, '" Night\\ttrains\\n\\u3000 return "') == "Night trains return"


def test_a_text_keeps_its_white_space():
    """A body is taken to the letter."""
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
    """YAML 1.2's words, in any capitals."""
    assert value(TRUTH, written) is truth


@pytest.mark.parametrize(
    ("written", "advice"),
    [("yes", "true"), ("On", "true"), ("1", "true"), ("no", "false"), ("off", "false"), ("maybe", "one of the two")],
)
def test_what_is_neither_true_nor_false_is_refused(written, advice):
    """Also what YAML 1.1 took, and the message says what to write instead."""
    assert refusal(TRUTH, written) == f'a.yaml:1:4: "{written}" is neither true nor false; write {advice}'


@pytest.mark.parametrize(
    "written", ["-1", "+1", "1.5", "1,000", "1_000", "1e3", "0x10", "١٢", "12 kB", "9999999999999999"]
)
def test_what_is_not_digits_is_no_number(written):
    """Signs, points, units and other alphabets' digits are refused, and what no counter holds."""
    assert refusal(WHOLE_NUMBER, written) == (
        f'a.yaml:1:4: "{written}" is not a whole number; write digits only, such as 50'
    )


def test_nought_is_no_positive_number():
    """A feed of no articles is a slip."""
    assert value(POSITIVE_NUMBER, "1") == 1
    assert refusal(POSITIVE_NUMBER, "0") == "a.yaml:1:4: 0 is too small; write 1 or more"


@pytest.mark.parametrize(
    ("written", "seconds"),
    [("90", 90), ("0", 0), ("31:05", 1865), ("1:02", 62), ("00:31:05", 1865), ("1:00:00", 3600), ("120:00:00", 432000)],
)
def test_a_duration_comes_to_seconds(written, seconds):
    """Written as a clock shows it, or as seconds, without quotation marks too."""
    assert value(DURATION, written) == seconds


@pytest.mark.parametrize(
    "written", ["half an hour", "31 min", "1:2", "1:60", "1:00:60", "1:2:3:4", "-5", "PT31M", "1.5"]
)
def test_what_no_clock_shows_is_no_duration(written):
    """Words, units and minutes beyond 59 are refused."""
    assert refusal(DURATION, written).startswith(f'a.yaml:1:4: "{written}" is not a duration; ')


@pytest.mark.parametrize(
    ("written", "advice"),
    [("Draft", "write draft"), ("publish", "write published"), ("x", "write one of draft, published")],
)
def test_a_choice_tells_the_nearest_word(written, advice):
    """A slip is told the word that was meant, anything else all words."""
    assert refusal(choice_of("draft", "published"), written) == f'a.yaml:1:4: "{written}" is not known here; {advice}'


@pytest.mark.parametrize("written", ["world", "[world]", "\n  - world"])
def test_one_value_is_a_list_of_one(written):
    """An editor with one tag need not think of lists."""
    assert value(list_of(LINE), written) == ("world",)


def test_an_empty_list_has_no_items():
    """`tags: []` says that there are none."""
    assert value(list_of(LINE), "[]") == ()


def test_every_item_of_a_list_is_read():
    """Each invalid item is told, not only the first."""
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
    """RFC 5646 2.1.1: two letters are a country, four a script."""
    assert value(LANGUAGE, written) == shaped


@pytest.mark.parametrize("written", ["english!", "English", "en_GB", "e", "en-", "日本語", "x-klingon"])
def test_a_languages_name_is_no_language(written):
    """The code is wanted, as programs know it."""
    assert "is not a language" in refusal(LANGUAGE, written)


@pytest.mark.parametrize("written", ["desk@news.example", "mina.sato+rss@news.example", "é@münchen.example"])
def test_an_email_address_has_one_at(written):
    """A mail's two halves, without a name around them."""
    assert value(EMAIL, written) == written


@pytest.mark.parametrize("written", ["mina", "mina at news", "mina@", '"@news"', "a@b@c", '"Mina <mina@news.example>"'])
def test_what_has_no_two_halves_is_no_email_address(written):
    """Half an address, two of them, or one in brackets is refused."""
    assert "is not an e-mail address" in refusal(EMAIL, written)


WEB_ADDRESSES = [
    "https://news.example",
    "http://news.example:8080/a?b=c#d",
    "https://[::1]/a",
    "https://news.example/%E5",
]


@pytest.mark.parametrize("written", WEB_ADDRESSES)
def test_a_web_address_is_absolute(written):
    """http or https, a host, and what a browser shows behind it."""
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
    """As XML formats want it (RFC 3987 3.1), so that every reader can open it."""
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
    """Other schemes, missing hosts, impossible ports, spaces and angle brackets are refused."""
    message = refusal(WEB_ADDRESS, f'"{written}"')
    assert "is not a web address" in message
    assert not message.endswith(f"such as {written}")


@pytest.mark.parametrize("written", ["images/towers.jpg", "/images/towers.jpg", "images/日本.jpg", *WEB_ADDRESSES])
def test_an_address_may_be_a_file_of_the_site(written):
    """With or without a slash before it, or a whole web address."""
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
    """No step upward, no foreign host without its scheme, no scheme but http and https."""
    assert "is no address" in refusal(ADDRESS, f'"{written}"')


def test_a_note_is_no_fault():
    """Advice stands beside the faults and says that it is advice."""
    seen = context()
    seen.note(nodes.Mark(3, 2), "is `world` meant?")
    assert [(str(fault), fault.is_note) for fault in seen.faults] == [("a.yaml:3:2: note: is `world` meant?", True)]


def test_a_fault_does_not_repeat_a_whole_text():
    """A body that stands under the wrong name is shown by its beginning, so that the fault can still be read."""
    assert len(refusal(WHOLE_NUMBER, "Night trains return. " * 1000)) < 200
