"""What somebody types into the field of a search, as a value."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsite.queries import LONGEST, NoQueryError, Phrase, read, typed


def word(*words, is_beginning=False):
    return Phrase(words, is_beginning)


@pytest.mark.parametrize(
    ("text", "phrases"),
    [
        ("Rail  strike", (word("rail"), word("strike"))),
        ('"night trains" rail', (word("night", "trains"), word("rail"))),
        ("„Nachtzüge fahren“ «и снова»", (word("nachtzuge", "fahren"), word("и", "снова"))),
        ("「夜行列車」 『海』", (word("夜", "行", "列", "車"), word("海"))),
        ("tr*", (word("tr", is_beginning=True),)),
        ("tr* *", (word("tr", is_beginning=True),)),
        ("日本", (word("日", "本"),)),
        ("e-mail don't", (word("e", "mail"), word("don", "t"))),
        ('rail rail "rail', (word("rail"),)),
        ("rail AND NOT near(a)", (word("rail"), word("and"), word("not"), word("near", "a"))),
        ("tag: x", (word("tag"), word("x"))),
        ("http://x.example", (word("http", "x", "example"),)),
    ],
)
def test_words_and_phrases_must_all_be_found(text, phrases):
    assert read(text).phrases == phrases


def test_lists_are_named_as_they_were_typed():
    query = read('section:World/Asia tag:trade AUTHOR:"Ann Lee" language:pt-BR')
    assert query.lists == (("section", "world/asia"), ("tag", "trade"), ("author", "ann lee"), ("language", "pt-br"))


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        ("from:2021", date(2021, 1, 1), None),
        ("to:2021-12", None, date(2022, 1, 1)),
        ("from:2021-2-1 to:2021-02-03", date(2021, 2, 1), date(2021, 2, 4)),
        ("to:2021", None, date(2022, 1, 1)),
    ],
)
def test_days_months_and_years_are_meant_whole(text, since, until):
    query = read(text)
    assert (query.since, query.until) == (since, until)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "empty"),
        (" \t\n", "empty"),
        ('"', "empty"),
        ("(((", "empty"),
        ("\x00", "empty"),
        ("*", "empty"),
        ("from:yesterday", "date"),
        ("from:2021-13", "date"),
        ("to:2021-02-30", "date"),
        ("to:9999", "date"),
        ("x" * (LONGEST + 1), "long"),
        ("x" * 10_000, "long"),
        (" ".join(f"word{number}" for number in range(13)), "words"),
    ],
)
def test_what_is_no_query_says_why(text, why):
    with pytest.raises(NoQueryError) as refused:
        read(text)
    assert refused.value.why == why


def test_a_query_has_one_normal_form():
    assert read("  Rail “Night Trains”\u00a0 Section:World ").text == 'rail "night trains" section:world'
    assert read("日本　ＲＡＩＬ").field == "q=%E6%97%A5%E6%9C%AC%20%EF%BD%92%EF%BD%81%EF%BD%89%EF%BD%8C"


@given(st.text(max_size=60) | st.text(st.sampled_from('ab"* :“”tagfromsection2021-ßİ日\x00&'), max_size=60))
def test_whatever_is_typed_is_a_query_or_refused_and_its_normal_form_is_the_same_query(text):
    try:
        query = read(text)
    except NoQueryError:
        return
    again = read(query.text)
    assert again == query
    assert typed(query.field) == (query.text, 1)


@pytest.mark.parametrize(
    ("query", "fields"),
    [
        ("", ("", 1)),
        ("q=a+b%20c&page=2", ("a b c", 2)),
        ("page=0&q=a", ("a", 1)),
        ("q=a&q=b", ("b", 1)),
        ("q=a&page=-1", ("a", 1)),
        ("q=a&page=", ("a", 1)),
        ("q=a&page=99999999999999999999", ("a", 1)),
        ("&".join(["q=a"] * 100), ("", 1)),
        ("q=%ff%00", ("\ufffd\x00", 1)),
    ],
)
def test_the_fields_of_a_form_are_a_text_and_the_number_of_a_page(query, fields):
    assert typed(query) == fields
