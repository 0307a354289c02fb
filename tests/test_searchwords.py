"""Text as a search compares it."""

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsite import searchwords
from feedsite.searchwords import folded, lengths, nfc, words

TEXTS = st.text(st.sampled_from("aÄß ł日本がカハ한กิİıيأ\u0301\u3099\u200c\xad-.\n\ue000½９①ाक्") | st.characters())


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The Café, in Łódź", ("the", "cafe", "in", "lodz")),
        ("STRASSE straße", ("strasse", "strasse")),
        ("don't re-open", ("don", "t", "re", "open")),
        ("日本語", ("日", "本", "語")),
        ("ﾃｽﾄ テスト", ("テ", "ス", "ト", "テ", "ス", "ト")),
        ("한국", ("한", "국")),
        ("กิน", ("ก", "ิ", "น")),
        ("हिन्दी में", ("हिन्दी", "में")),
        ("الْعَرَبِيَّة أحمد", ("العربيه", "احمد")),
        ("یک کتاب", ("يك", "كتاب")),
        ("שָׁלוֹם", ("שלום",)),
        ("Мой ёж", ("мой", "еж")),
        ("İstanbul Iğdır", ("istanbul", "igdir")),
        ("co\xadop می\u200cروم", ("coop", "ميروم")),
        ("١٢ ９", ("12", "9")),
        ("!? — 😀", ()),
    ],
)
def test_a_text_is_words_without_capitals_accents_and_points(text, found):
    assert words(text) == found
    assert words(unicodedata.normalize("NFD", text)) == found


@given(TEXTS)
def test_words_are_words_of_themselves(text):
    assert words(" ".join(words(text))) == words(text)


@given(TEXTS)
def test_no_word_has_what_sqlite_or_an_index_mark_would_be_taken_for(text):
    """SQLite's tokenizer `ascii` splits at whatever is neither a letter nor a digit of ASCII nor above it."""
    found = folded(text)
    assert not {"\ue000", "\ue001", '"', "*", "\x00"} & set(found)
    assert all(letter.isalnum() or not letter.isascii() or letter in " \n" for letter in found)


@given(TEXTS)
def test_each_letter_becomes_as_many_as_is_said(text):
    text = unicodedata.normalize("NFC", text)
    assert sum(lengths(text)) == len(folded(text))
    assert folded(text).count("\n") == text.count("\n")


def test_a_letter_with_a_hundred_thousand_marks_takes_no_longer_than_other_text():
    """Unicode's normalising takes a time that grows with the square of their number: for these, minutes."""
    text = "a" + "\u0301\u0323" * 100_000
    before = time.process_time()
    assert words(text) == ("a",)
    assert time.process_time() - before < 5


LONG = ["Mädchen über Straßen. ", "Việt Nam quốc gia ", "Мой ёж ", "हिन्दी में ", "ガ、パー本", "한국"]


@pytest.mark.parametrize("text", LONG)
@pytest.mark.parametrize("letters", [100, 255, 256, 257, 5000])
def test_a_long_text_is_composed_wherever_its_letters_stand(text, letters):
    text = unicodedata.normalize("NFD", text * (letters // len(text) + 1))
    assert nfc(text) == unicodedata.normalize("NFC", text)


def test_a_visitor_who_types_all_of_unicode_fills_no_memory(monkeypatch):
    monkeypatch.setattr(searchwords, "_MOST_FOLDS", 500)
    for code in range(0x4E00, 0x5E00):
        folded(chr(code))
    assert len(searchwords._folds) <= 500
