"""Formulas and marked words."""

import re

import pytest

from feedsite.parsing import formulas, markup, tags
from feedsite.urls import Urls


def html(markdown, **settings):
    return markup.article(markdown, Urls("https://news.example"), "/2026/11/x/", **settings)


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        (
            "The constants are <math><mi>x</mi></math> and <math><mi>y</mi></math>, which add up",
            "<p>The constants are <math><mi>x</mi></math> and <math><mi>y</mi></math>, which add up</p>\n",
        ),
        (
            '<math display="block" xmlns="http://www.w3.org/1998/Math/MathML"><semantics><mfrac><mn>1</mn><mi>x</mi></mfrac>'
            '<annotation encoding="application/x-tex">\\frac1x</annotation></semantics></math>',
            '<p><math display="block"><mfrac><mn>1</mn><mi>x</mi></mfrac></math></p>\n',
        ),
        (
            "<math><mi>a</mi><mspace width='1em'/><mi>b</mi></math> c",
            '<p><math><mi>a</mi><mspace width="1em"></mspace><mi>b</mi></math> c</p>\n',
        ),
        ("<math><mtext><b onclick=x>a</b></mtext></math>", "<p><math><mtext>a</mtext></math></p>\n"),
        (
            "<math><mi href='javascript:alert(1)' style='x' mathcolor=red>a</mi></math>",
            "<p><math><mi>a</mi></math></p>\n",
        ),
        ("<math><maction actiontype='statusline#x'><mi>a</mi></maction></math>", "<p><math><mi>a</mi></math></p>\n"),
        (
            "<math><annotation-xml encoding='text/html'><p>b</p></annotation-xml><mi>a</mi></math>",
            "<p><math><mi>a</mi></math></p>\n",
        ),
        (
            "<math><mtext><mglyph><style><img src=x onerror=alert(1)></style></mglyph></mtext></math>x",
            "<p><math><mtext></mtext></math>x</p>\n",
        ),
        ("<math><mi>a<p>b", None),
    ],
)
def test_mathml_stays_as_far_as_it_is_safe(markdown, expected):
    """Elements and attributes of a short list stay; of others the text does; annotations, which repeat it, go."""
    made = html(markdown)
    assert expected is None or made == expected
    assert not re.search("href|style|onerror|annotation|mglyph", made)


def test_no_element_that_is_kept_has_raw_text():
    """What makes mutations harmless: each element's content is read as HTML, in whatever namespace it stands."""
    assert not markup._TAGS & tags.RAW_TEXT
    assert not formulas.ELEMENTS & {"annotation-xml", "mglyph", "malignmark", "maction", "semantics"}


@pytest.mark.parametrize(
    ("markdown", "without", "with_math"),
    [
        ("$5, or $10", "<p>$5, or $10</p>\n", "<p>$5, or $10</p>\n"),
        (
            "so $a_1 < b_2$ is",
            "<p>so $a_1 &lt; b_2$ is</p>\n",
            '<p>so <code class="language-math">a_1 &lt; b_2</code> is</p>\n',
        ),
        (
            "$$\na *b* c\n$$",
            "<p>$$\na <em>b</em> c\n$$</p>\n",
            '<pre tabindex="0"><code class="language-math">a *b* c\n</code></pre>\n',
        ),
        ("`$x$`", "<p><code>$x$</code></p>\n", "<p><code>$x$</code></p>\n"),
    ],
)
def test_dollar_signs_are_formulas_only_where_the_site_says_so(markdown, without, with_math):
    """Else a text keeps its prices."""
    assert html(markdown) == without
    assert html(markdown, math=True) == with_math


def test_quotation_marks_are_typographic_only_where_the_site_says_so():
    """In the text, and in no code."""
    markdown = '"It\'s" -- so... `"it\'s"`'
    assert html(markdown) == '<p>"It\'s" -- so... <code>"it\'s"</code></p>\n'
    assert html(markdown, typographer=True) == '<p>“It’s” – so… <code>"it\'s"</code></p>\n'


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("a ==b== c", "<p>a <mark>b</mark> c</p>\n"),
        ("==a *b* c==", "<p><mark>a <em>b</em> c</mark></p>\n"),
        ("这是==重点==内容", "<p>这是<mark>重点</mark>内容</p>\n"),
        ("a == b and c == d", "<p>a == b and c == d</p>\n"),
        ("if a==b or c==d", "<p>if a==b or c==d</p>\n"),
        ("*a ==b* c==", "<p><em>a ==b</em> c==</p>\n"),
        ("==a\n\nb==", "<p>==a</p>\n<p>b==</p>\n"),
        ("`==a==` ===b=== ====", "<p><code>==a==</code> ===b=== ====</p>\n"),
        ("```\n==a==\n```", '<pre tabindex="0"><code>==a==\n</code></pre>\n'),
        ("[x](/?a==b==)", '<p><a href="https://news.example/?a==b==">x</a></p>\n'),
        ("==a `b==` c==", "<p><mark>a <code>b==</code> c</mark></p>\n"),
    ],
)
def test_words_between_two_equals_signs_are_marked(markdown, expected):
    """Where both stand in one paragraph, without a space inside or a letter's neighbour outside; never in code."""
    assert html(markdown) == expected
