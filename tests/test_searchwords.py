"""Text as a search compares it."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsite.searchwords import folded, lengths, words

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
