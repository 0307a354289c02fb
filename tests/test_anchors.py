"""The places that links lead to: ids of authors, of headings, of footnotes and of the page."""

import re
from pathlib import Path

import pytest

from feedsite.parsing import anchors, markup
from feedsite.urls import Urls

HERE = "https://news.example/2026/11/x/"
TEMPLATES = Path(__file__).parent.parent / "feedsite" / "templates"


def html(markdown):
    return markup.article(markdown, Urls("https://news.example"), "/2026/11/x/")


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ('<b id="costs">x</b>', '<p><b id="costs">x</b></p>\n'),
        ('<a name="old">x</a>', '<p><a id="old">x</a></p>\n'),
        ('<a id="new" name="old">x</a>', '<p><a id="new">x</a></p>\n'),
        ('<a name="">x</a>', "<p><a>x</a></p>\n"),
        ("[x](#costs)", f'<p><a href="{HERE}#costs">x</a></p>\n'),
        ("[x](/2021/07/y/#costs)", '<p><a href="https://news.example/2021/07/y/#costs">x</a></p>\n'),
        ("[x](#)", f'<p><a href="{HERE}">x</a></p>\n'),
        (
            '<b id="page__main">x</b> [y](#page__main)',
            f'<p><b id="text-page__main">x</b> <a href="{HERE}#text-page__main">y</a></p>\n',
        ),
        (
            '<table><tr><th id=a>x<td headers="a page__b">y</table>',
            '<table tabindex="0"><tbody><tr><th id="a">x</th><td headers="a text-page__b">y</td></tr></tbody></table>',
        ),
        ('She said: name="x"', '<p>She said: name="x"</p>\n'),
    ],
)
def test_an_authors_ids_stay_as_they_are_written(markdown, expected):
    """So links to them work from the text, from another article and from elsewhere; none is ever one of the page."""
    assert html(markdown) == expected


def test_the_ids_of_an_article_are_known():
    """For those who look whether a link leads somewhere."""
    assert anchors.ids(html('## Costs\n\n<b id="a&amp;b">x</b>\n\ny[^1]\n\n[^1]: z')) == {
        "costs",
        "a&b",
        "fn-1",
        "fnref-1",
    }


def test_every_id_of_a_page_begins_as_no_authors_id_does():
    """In every template, and in what refers to them."""
    text = "".join(path.read_text("utf-8") for path in TEMPLATES.rglob("*.html"))
    ids = re.findall(r'\b(?:id|aria-labelledby|data-copy)="([^"]*)"|href="#([^"]*)"', text)
    assert len(ids) > 10
    assert {one for pair in ids for one in pair if one and not one.startswith(anchors.OF_THE_PAGE)} == set()


@pytest.mark.parametrize(
    ("heading", "name"),
    [
        ("Costs", "costs"),
        ("What's new, in *2026*?", "whats-new-in-2026"),
        ("Über `Straßen` & Wege", "über-straßen--wege"),
        ("日本 語", "日本-語"),
        ("ราคาน้ำมัน", "ราคาน้ำมัน"),
        ("हिन्दी में", "हिन्दी-में"),
        ("A_b [c](/d)", "a_b-c"),
        ("Cafe\u0301", "caf\u00e9"),
        ("x[^1]\n\n[^1]: y", "x"),
        ("<ruby>漢<rt>かん</rt></ruby>", "漢"),
        ("page__main", "text-page__main"),
    ],
)
def test_a_heading_has_an_id_made_of_its_words(heading, name):
    """As GitHub, Hugo and Jekyll make one, also of words that are not Latin."""
    assert f'<h2 id="{name}">' in html(f"## {heading}")


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("## ???", "<h2>???</h2>\n"),
        ("## A\n\n## A\n\n## A-1\n\n## A", ["a", "a-1", "a-1-1", "a-2"]),
        ('## A\n\n<b id="a">x</b>', '<h2 id="a-1">A</h2>\n<p><b id="a">x</b></p>\n'),
        ("## Costs\n\n### Sums {#costs}", '<h2 id="costs-1">Costs</h2>\n<h3 id="costs">Sums</h3>\n'),
        ("## Costs {#sums .wide}", '<h2 id="sums">Costs</h2>\n'),
        ("## A set {1, 2}", '<h2 id="a-set-1-2">A set {1, 2}</h2>\n'),
        ("## A `{#b}`", '<h2 id="a-b">A <code>{#b}</code></h2>\n'),
        ("A {#b}", "<p>A {#b}</p>\n"),
        ('<h2 id="b">A {#c}</h2>', '<h2 id="b">A {#c}</h2>'),
    ],
)
def test_each_heading_has_an_id_of_its_own(markdown, expected):
    """One that stands behind its words wins, and none that an author wrote is given twice."""
    made = html(markdown)
    assert (re.findall(' id="(.*?)"', made) if isinstance(expected, list) else made) == expected


@pytest.mark.parametrize(
    ("markdown", "levels"),
    [("## A\n\n### B", "23"), ("# A\n\n## B\n\n###### C", "236"), ("### A\n\n<h1>B</h1>", "42"), ("###### A", "6")],
)
def test_all_headings_are_one_level_lower_where_one_is_of_the_first(markdown, levels):
    """The article's title is the first level. The sixth has none below it."""
    assert "".join(re.findall("<h([1-6])", html(markdown))) == levels
    assert "".join(re.findall("</h([1-6])", html(markdown))) == levels


def mark(number, name):
    return f'<sup class="footnote-reference"><a href="{HERE}#fn-{number}" id="{name}">{number}</a></sup>'


def back(name):
    return f' <a href="{HERE}#{name}" aria-label="Back to the text">↩\ufe0e</a>'


@pytest.mark.parametrize(
    ("markdown", "text", "notes"),
    [
        ("Yes[^n].\n\n[^n]: A note.", f"<p>Yes{mark(1, 'fnref-1')}.</p>\n", [f"<p>A note.{back('fnref-1')}</p>\n"]),
        ("[^n]: A note.\n\nYes[^n].", f"<p>Yes{mark(1, 'fnref-1')}.</p>\n", [f"<p>A note.{back('fnref-1')}</p>\n"]),
        (
            "[^a]: A.\n[^b]: B.\n\nx[^b] y[^a] z[^b]",
            f"<p>x{mark(1, 'fnref-1')} y{mark(2, 'fnref-2')} z{mark(1, 'fnref-1-2')}</p>\n",
            [f"<p>B.{back('fnref-1')}{back('fnref-1-2')}</p>\n", f"<p>A.{back('fnref-2')}</p>\n"],
        ),
        (
            "x[^a]\n\n[^b]: B.\n[^a]: A[^b].\n\n    - more",
            f"<p>x{mark(1, 'fnref-1')}</p>\n",
            [
                f"<p>A{mark(2, 'fnref-2')}.</p>\n<ul>\n<li>more</li>\n</ul>\n{back('fnref-1')}",
                f"<p>B.{back('fnref-2')}</p>\n",
            ],
        ),
        ("x\n\n[^a]: A.", "<p>x</p>\n", ["<p>A.</p>\n"]),
        (
            "> x[^a]\n>\n> [^a]: A.",
            f"<blockquote>\n<p>x{mark(1, 'fnref-1')}</p>\n</blockquote>\n",
            [f"<p>A.{back('fnref-1')}</p>\n"],
        ),
    ],
)
def test_footnotes_stand_at_the_end_in_the_order_of_their_marks(markdown, text, notes):
    """Wherever they are defined; each leads back to its marks."""
    items = "".join(f'<li id="fn-{number}">\n{note}</li>\n' for number, note in enumerate(notes, 1))
    assert html(markdown) == f'{text}<hr>\n<ol class="footnotes">\n{items}</ol>\n'


def test_a_footnotes_id_is_no_authors():
    """An id that an author wrote stays; a footnote takes another."""
    made = html('<b id="fn-1">x</b> y[^1]\n\n[^1]: z\n\n## fnref 1')
    assert len(re.findall(' id="', made)) == len(set(re.findall(' id="(.*?)"', made))) == 4
    assert '<b id="fn-1">' in made
    assert f'<a href="{HERE}#fn-1-1"' in made
