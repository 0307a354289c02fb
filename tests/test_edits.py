"""Characters of a text that are replaced."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsite.edits import Edit, applied


def test_edits_are_places_of_the_text_as_it_was():
    assert applied("title: War", [Edit(7, 10, '"War"'), Edit(0, 5, "headline")]) == 'headline: "War"'


def test_an_edit_of_no_characters_puts_text_in():
    assert applied("ac", [Edit(1, 1, "b"), Edit(0, 0, ">")]) == ">abc"


def test_two_edits_of_the_same_characters_are_refused():
    with pytest.raises(ValueError, match="same characters"):
        applied("abc", [Edit(0, 2, ""), Edit(1, 3, "")])


@given(st.lists(st.text("ab", max_size=3), min_size=1), st.data())
def test_replacing_each_piece_of_a_text_gives_the_new_pieces(pieces, data):
    new = [data.draw(st.text("xy", max_size=3)) for _ in pieces]
    places = [sum(map(len, pieces[:number])) for number in range(len(pieces))]
    edits = [
        Edit(place, place + len(piece), text) for place, piece, text in zip(places, pieces, new, strict=True) if piece
    ]
    kept = "".join(text for piece, text in zip(pieces, new, strict=True) if piece)
    assert applied("".join(pieces), reversed(edits)) == kept
