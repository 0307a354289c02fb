"""Pictures of Markdown with a caption."""

import pytest

from feedsite.parsing import markup
from feedsite.urls import Urls

URLS = Urls("https://news.example")
IMG = '<img src="https://news.example/images/a.jpg" alt="A">'


def html(markdown):
    return markup.article(markdown, URLS, "/2026/11/a/").strip()


@pytest.mark.parametrize(
    ("title", "caption"),
    [
        ("Seen from above.", "Seen from above."),
        ("Seen from above. Credit: AFP", "Seen from above. <small>AFP</small>"),
        ("Seen from above.  PHOTO: Mina Sato / AFP", "Seen from above. <small>Mina Sato / AFP</small>"),
        ("Von oben. Foto: AFP", "Von oben. <small>AFP</small>"),
        ("Vue d’en haut. Crédit photo : AFP", "Vue d’en haut. <small>AFP</small>"),
        ("Вид сверху. Фото: ТАСС", "Вид сверху. <small>ТАСС</small>"),
        ("上空から。写真:共同", "上空から。 <small>共同</small>"),
        ("من فوق. صورة: أ ف ب", "من فوق. <small>أ ف ب</small>"),
        ("Seen from above – Photo: AFP", "Seen from above — <small>AFP</small>"),
        ("Credit: AFP", "<small>AFP</small>"),
        ("(Photo: AFP)", "<small>AFP</small>"),
        ("The winning photo: a cat", "The winning photo: a cat"),
        ("Credit:", "Credit:"),
        ("A &amp; B &lt;b&gt;. Credit: C &amp; D", "A &amp; B &lt;b&gt;. <small>C &amp; D</small>"),
        ("two\nlines. Credit: AFP", "two\nlines. <small>AFP</small>"),
    ],
)
def test_a_picture_with_a_title_that_stands_alone_is_a_figure(title, caption):
    """Its title is the caption; who made it stands behind a word that says so."""
    assert html(f'![A](images/a.jpg "{title}")') == f"<figure>{IMG}<figcaption>{caption}</figcaption></figure>"


def test_a_picture_may_lead_somewhere():
    """The link stays around it."""
    assert html('[![A](images/a.jpg "T")](https://else.example/)') == (
        f'<figure><a href="https://else.example/">{IMG}</a><figcaption>T</figcaption></figure>'
    )


@pytest.mark.parametrize(
    "markdown",
    [
        '![A](images/a.jpg "T") and words',
        '![A](images/a.jpg "T") ![B](images/b.jpg "U")',
        "![A](images/a.jpg)",
        '![A](images/a.jpg "")',
        '- ![A](images/a.jpg "T")',
        '    ![A](images/a.jpg "T")',
        '<p class="x"><img src="images/a.jpg" alt="A" title="T"></p>',
    ],
)
def test_any_other_picture_stays_what_it_is(markdown):
    """One among words, without a title, or in HTML."""
    assert "<figure" not in html(markdown)


def test_nothing_of_a_caption_is_markup():
    """A title is text; what looks like HTML in it is shown as it was typed."""
    shown = html('![A](images/a.jpg "<script>x</script> <b>. Credit: <i>")')
    assert "<script" not in shown
    assert "&lt;b&gt;. <small>&lt;i&gt;</small>" in shown
