"""The line that sums an article up: its first paragraph, as plain text."""

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from feedsite.parsing import markup, summary
from feedsite.urls import Urls

from .support.laws import often


def summed_up(markdown):
    return summary.of(markup.article(markdown, Urls("https://news.example"), "/2026/11/x/"))


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ("", ""),
        ("<h2>Again</h2><ul><li>x</li></ul>", ""),
        ("<p> </p><p><img src='x' alt='y'></p><p>First.</p><p>Second.</p>", "First."),
        ("<p>&nbsp;</p><p>\u3000</p><p>First.</p>", "First."),
        ("<h2>Again</h2>\n<p>Black &amp; <em>white</em>\n news.</p>", "Black & white news."),
        ("<p>one<br>two</p>", "one two"),
        ("<p>a &lt;b&gt; &amp;amp; c</p>", "a <b> &amp; c"),
        ("<blockquote><p>Quoted.</p></blockquote><p>x</p>", "Quoted."),
        ('<p id="a" lang="ja">夜行列車</p>', "夜行列車"),
        ("<figure><figcaption><p>A picture.</p></figcaption></figure><p>First.</p>", "First."),
        ("<del><p>Gone.</p></del><p>First.</p>", "First."),
        ("<aside><p>Again.</p></aside><p>First.</p>", "First."),
    ],
)
def test_a_summary_is_the_first_paragraph_with_text(body, line):
    """As plain text, without what is in no paragraph, or in one that was struck out."""
    assert summary.of(body) == line


@pytest.mark.parametrize(
    ("markdown", "line"),
    [
        ("~~free~~ nine", "nine"),
        ("<s>free</s> nine <del>x</del>", "nine"),
        ("10<sup>9</sup> and 10<sup>−3</sup>, x<sup>2a</sup>, e<sup>k</sup>", "10⁹ and 10⁻³, x^2a, e^k"),
        ("1<sup>st</sup>, 2<sup>e</sup>, M<sup>me</sup> X, Brand<sup>TM</sup>", "1st, 2e, Mme X, BrandTM"),
        ("H<sub>2</sub>O, x<sub>max</sub>, y<sub>Å</sub>", "H₂O, xₘₐₓ, yÅ"),
        ("<ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp></ruby>字", "漢字"),
        ("Yes[^n], no.\n\n[^n]: A note.", "Yes, no."),
        ("[^n]: A note.\n\nYes[^n].", "Yes."),
        ("- x[^n]\n\n[^n]: A note.", ""),
        ("> [!TIP]\n> Hear this.", "Hear this."),
        ('<iframe src="https://a.example" title="x">old</iframe>\n\nFirst.', "First."),
        ("<video src=v.mp4><p>Your browser is old.</p></video>\n\nFirst.", "First."),
        ("<object data=x.swf><p>Your browser is old.</p></object>\n\nFirst.", "First."),
        ("<img data-src=a.png><noscript><img src=a.png></noscript> First.", "First."),
        ("a <math><mi>x</mi><annotation>y</annotation></math> b", "a x b"),
        ("10\u00a0km, 10\u202f%,\u3000夜   and", "10\u00a0km, 10\u202f%,\u3000夜 and"),
        ("10&nbsp;km", "10\u00a0km"),
    ],
)
def test_a_summary_says_what_the_paragraph_says(markdown, line):
    """Nothing that is struck out, that reads a word aloud, that is a note, a caption or a player's fallback; raised
    and lowered letters as such; and every space but ASCII's.
    """
    assert summed_up(markdown) == line


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("x" * 280, "x" * 280),
        ("x" * 281, "x" * 280 + "…"),
        ("x" * 280 + " y", "x" * 280 + "…"),
        ("x" * 270 + " yyyyyyyyyyyy", "x" * 270 + "…"),
        ("x" * 200 + " " + "y" * 100, "x" * 200 + " " + "y" * 79 + "…"),
        ("word, " * 60, "word, " * 45 + "word…"),
        ("x" * 279 + "e\u0301\u0302 and more", "x" * 279 + "…"),
        ("夜" * 300, "夜" * 280 + "…"),
        ("夜" * 250 + "\u3000" + "行" * 50, "夜" * 250 + "…"),
        ("🇯🇵" * 150, "🇯🇵" * 140 + "…"),
        ("x" + "🇯🇵" * 150, "x" + "🇯🇵" * 139 + "…"),
        ("👨‍👩‍👧‍👦" * 50, "👨‍👩‍👧‍👦" * 40 + "…"),
        ("นี้" * 100, "นี้" * 93 + "…"),
        ("\u1112\u1161\u11ab" * 100, "\u1112\u1161\u11ab" * 93 + "…"),
        ("क्ष" * 100, "क्ष" * 93 + "…"),
    ],
)
def test_a_summary_is_cut_at_a_word_or_between_two_whole_letters(text, line):
    """At most 280 characters; never within a flag, a family, a syllable of Thai, Hangul or Devanagari."""
    assert summary.of(f"<p>{text}</p>") == line


def test_a_summary_of_accents_alone_is_cut():
    """A line of combining marks only has no better place to be cut than its limit."""
    assert len(summary.of("<p>" + "\u0301" * 500 + "</p>")) <= 281


LETTERS = st.sampled_from(
    ["a", "é", "夜", "🇯🇵", "🇯", "👩‍🚀", "\u0301", "\u200d", "नि", "\u1112\u1161\u11ab", "\r", "\u0e33"]
)


@often
@given(st.lists(LETTERS, min_size=281, max_size=330).map("".join))
def test_no_letter_is_cut_in_two(text):
    """The law: what stands in a summary is whole grapheme clusters of the text (UAX 29)."""
    plain = " ".join(text.split())
    line = summary.of(f"<p>{text}</p>")
    if len(plain) > 280:
        ends = [cluster.end() for cluster in regex.finditer(r"\X", plain)]
        assert len(line) - 1 in ends or ends[0] > 280
        assert plain.startswith(line[:-1])
    else:
        assert line == plain
