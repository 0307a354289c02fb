"""The passage of an article in which a search found its words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsite import searchwords
from feedsite.formats.passages import marked, passage, wanted
from feedsite.queries import read

from .support.builders import entry

LONG = " ".join(f"word{number}" for number in range(200))


def shown(pieces):
    return "".join(f"[{piece.text}]" if piece.is_marked else piece.text for piece in pieces)


@pytest.mark.parametrize(
    ("query", "text", "expected"),
    [
        ("rail", "Rail, rails and the RAIL", "[Rail], rails and the [RAIL]"),
        ("rail*", "Rail, rails and derailed", "[Rail], [rails] and derailed"),
        ("cafe strasse", "Im Café an der Straße.", "Im [Café] an der [Straße]."),
        ('"night train" night', "A night  train at night", "A [night  train] at [night]"),
        ("日本", "全日本語", "全[日本]語"),
        ("本", "日本 本", "日[本] [本]"),
        ("กิน", "กินข้าว", "[กิน]ข้าว"),
        ("کتاب", "كِتاب", "[كِتاب]"),
        ("x", "", ""),
        ("tag:x", "Rail", "Rail"),
        ("x2", "ﬁne x² x", "ﬁne [x²] x"),
    ],
)
def test_the_words_that_were_found_are_marked_as_they_are_written(query, text, expected):
    assert shown(marked(text, wanted(read(query).phrases))) == expected


@pytest.mark.parametrize(
    ("query", "body", "expected"),
    [
        ("b", "<p>a</p>\n<p><em>b</em> c</p>\n<p>d</p>", "[b] c d"),
        ("none", "<p>a</p>", "The night train to Vienna runs again."),
        ("night", "<p>a</p>", "The [night] train to Vienna runs again."),
        ("b", "<p>&lt;a&gt; b</p>", "<a> [b]"),
        ("rail", '<p><a href="/rail/">a</a> derailed</p>\n<p>c</p>\n<p>RAIL</p>', "[RAIL]"),
        ('"night train"', "<p>night a train</p>\n<p>Night <em>train</em></p>", "[Night train]"),
        ('"night train" cafe', "<p>night</p>\n<p>Café — l’été</p>", "[Café] — l’été"),
        ("word100", f"<p>{LONG}</p>", None),
    ],
)
def test_the_first_passage_with_a_word_is_shown(query, body, expected):
    found = shown(passage(entry(body=body), wanted(read(query).phrases)))
    if expected is None:
        assert found.startswith("… word")
        assert found.endswith(" …")
        assert "[word100]" in found
        assert len(found) < 250
    else:
        assert found == expected


def test_a_passage_of_wide_letters_has_half_as_many():
    """So that it takes as much room."""
    pieces = passage(entry(body=f"<p>{'日本語' * 100}</p>"), wanted(read("日本").phrases))
    found = "".join(piece.text for piece in pieces)
    assert 100 < len(found) < 125


@given(st.text(st.sampled_from("aé ß日.\u0301İ\u200c")), st.text(st.sampled_from("aé ß日İ"), min_size=1))
def test_nothing_of_a_text_is_lost_and_what_is_marked_is_what_was_asked_for(text, query):
    phrase = searchwords.words(query)
    if not phrase:
        return
    pieces = marked(text, wanted(read(f'"{query}"').phrases))
    assert searchwords.words("".join(piece.text for piece in pieces)) == searchwords.words(text)
    assert {searchwords.words(piece.text) for piece in pieces if piece.is_marked} <= {phrase}


@given(st.text(st.sampled_from("aé ß日.\u0301İ\u200c\n"), max_size=40), st.text(st.sampled_from("aé ß日İ"), min_size=1))
def test_an_article_that_has_the_words_has_a_passage_with_them(text, query):
    """Law: in whichever block they stand, and however they are written there."""
    phrase = searchwords.words(query)
    body = "\n".join(f"<p>{line}</p>" for line in text.split("\n"))
    has = any(f" {' '.join(phrase)} " in f" {' '.join(searchwords.words(line))} " for line in text.split("\n"))
    if phrase:
        pieces = passage(entry(body=body, summary="None."), wanted(read(f'"{query}"').phrases))
        assert any(piece.is_marked for piece in pieces) == has
