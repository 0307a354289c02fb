"""Frames, plug-ins, players and lazy pictures as what works without scripts."""

import pytest

from feedsite.parsing import markup, players, summary
from feedsite.urls import Urls

HERE = "https://news.example/2026/11/x/"


def html(markdown):
    return markup.article(markdown, Urls("https://news.example"), "/2026/11/x/")


def figure(address, words, before="", behind=""):
    return f'<figure class="embed">{before}<a href="{address}">{words}</a>{behind}</figure>'


@pytest.mark.parametrize(
    ("address", "page", "words"),
    [
        ("https://www.youtube.com/embed/a_b-1", "https://www.youtube.com/watch?v=a_b-1", "Watch on youtube.com"),
        (
            "https://www.youtube.com/embed/a?start=9&rel=0",
            "https://www.youtube.com/watch?v=a&t=9s",
            "Watch on youtube.com",
        ),
        ("https://www.youtube-nocookie.com/embed/a", "https://www.youtube.com/watch?v=a", "Watch on youtube.com"),
        (
            "https://www.youtube.com/embed/videoseries?list=PL1",
            "https://www.youtube.com/playlist?list=PL1",
            "Watch on youtube.com",
        ),
        ("https://player.vimeo.com/video/12?h=ab&x=1", "https://vimeo.com/12/ab", "Watch on vimeo.com"),
        ("https://player.vimeo.com/video/12", "https://vimeo.com/12", "Watch on vimeo.com"),
        (
            "https://open.spotify.com/embed/episode/1a?si=x",
            "https://open.spotify.com/episode/1a",
            "Listen on spotify.com",
        ),
        (
            "https://embed.podcasts.apple.com/us/podcast/x/id1?i=2",
            "https://podcasts.apple.com/us/podcast/x/id1?i=2",
            "Listen on podcasts.apple.com",
        ),
        (
            "https://w.soundcloud.com/player/?url=x",
            "https://w.soundcloud.com/player/?url=x",
            "Listen on soundcloud.com",
        ),
        ("https://maps.example/a?b=c", "https://maps.example/a?b=c", "Open on maps.example"),
        ("https://notyoutube.com/embed/a", "https://notyoutube.com/embed/a", "Open on notyoutube.com"),
    ],
)
def test_an_embed_leads_to_the_page_that_shows_the_same(address, page, words):
    """The link names the place, and says what one does there where that is known."""
    found = players.destination(address)
    assert (found.address, found.said.format(host=found.host)) == (page, words)


YOUTUBE = ("https://www.youtube.com/watch?v=a", "Watch on youtube.com")


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ('<iframe width="560" src="https://www.youtube.com/embed/a" allowfullscreen></iframe>', figure(*YOUTUBE)),
        ('<IFRAME SRC="//www.youtube.com/embed/a">Your <b>browser</b></IFRAME>', figure(*YOUTUBE)),
        ('<iframe data-src="https://www.youtube.com/embed/a" src="about:blank"></iframe>', figure(*YOUTUBE)),
        (
            '<iframe src="https://www.youtube.com/embed/a" title="The first &lt;train"></iframe>',
            figure(*YOUTUBE, behind="<figcaption>The first &lt;train</figcaption>"),
        ),
        ('<iframe src="https://www.youtube.com/embed/a" title="YouTube video player"></iframe>', figure(*YOUTUBE)),
        (
            '<iframe src="/charts/1.html"></iframe>',
            figure("https://news.example/charts/1.html", "Open on news.example"),
        ),
        (
            "One.\n\nTwo <iframe src=https://www.youtube.com/embed/a></iframe> three.",
            f"<p>One.</p>\n<p>Two </p>{figure(*YOUTUBE)}<p> three.</p>\n",
        ),
        (
            "- <iframe src=https://www.youtube.com/embed/a></iframe>\n- b",
            f"<ul>\n<li>{figure(*YOUTUBE)}\n</li>\n<li>b</li>\n</ul>\n",
        ),
        (
            "<figure><iframe src=https://www.youtube.com/embed/a></iframe><figcaption>c</figcaption></figure>",
            f'<figure><a href="{YOUTUBE[0]}">{YOUTUBE[1]}</a><figcaption>c</figcaption></figure>',
        ),
        (
            '<object data="https://www.youtube.com/v/a"><param name="movie" value="https://b.example/"><p>Old!</p></object>\n\nx',
            figure("https://www.youtube.com/v/a", "Watch on youtube.com") + "\n<p>x</p>\n",
        ),
        (
            '<object><param name="movie" value="https://b.example/c"><embed src="https://d.example/"></object>',
            figure("https://b.example/c", "Open on b.example"),
        ),
        (
            '<object data="https://b.example/"><img src="images/p.png" alt="A map"></object>',
            figure(
                "https://b.example/", "Open on b.example", '<img src="https://news.example/images/p.png" alt="A map">'
            ),
        ),
        (
            '<object type="image/svg+xml" data="images/map.svg" title="A map">old</object>',
            '<figure class="embed"><img src="https://news.example/images/map.svg" alt="A map"></figure>',
        ),
        ('<embed src="https://b.example/c"></embed>', figure("https://b.example/c", "Open on b.example")),
        (
            '<video poster="images/p.jpg" width="640">\n<source src="https://b.example/v.mp4" type="video/mp4">\n'
            '<p>Your browser is old: <a href="v.mp4">load it</a></p>\n</video>',
            figure(
                "https://b.example/v.mp4",
                "Watch on b.example",
                '<video poster="https://news.example/images/p.jpg" width="640" controls="" preload="none">'
                '<source src="https://b.example/v.mp4" type="video/mp4"></video>',
            ),
        ),
        (
            '<audio src="audio/a.mp3" controls preload="auto" autoplay>Old!</audio>',
            figure(
                "https://news.example/audio/a.mp3",
                "Listen on news.example",
                '<audio src="https://news.example/audio/a.mp3" controls="" preload="none"></audio>',
            ),
        ),
        (
            "<audio><source src=audio/a.mp3>\n\nNever closed.",
            figure(
                "https://news.example/audio/a.mp3",
                "Listen on news.example",
                '<audio controls="" preload="none"><source src="https://news.example/audio/a.mp3"></audio>',
            )
            + "\n<p>Never closed.</p>\n",
        ),
        ("<iframe></iframe><video></video><object>old</object><embed>x", "x"),
        ("`<iframe src=x>`", "<p><code>&lt;iframe src=x&gt;</code></p>\n"),
        ('<p title="<iframe src=x>">y</p>', '<p title="&lt;iframe src=x&gt;">y</p>'),
        ("<!-- <iframe src=https://a.example></iframe> -->x", "x"),
        ("</iframe></video></object>x", "x"),
    ],
)
def test_an_embed_is_a_figure_with_a_link(markdown, expected):
    """A frame or a plug-in is a link; a player stays, which loads nothing unasked, beside a link. No fallback, and no
    empty paragraph, is left.
    """
    assert html(markdown).rstrip("\n") == expected.rstrip("\n")


@pytest.mark.parametrize("tag", ["iframe", "object", "video", "audio"])
def test_a_fallback_is_never_a_summary(tag):
    """With or without words in it, an embed is no part of the summary."""
    markdown = (
        f'<{tag} src="https://a.example/" data="https://a.example/"><p>Your browser is old.</p></{tag}>\n\nFirst.'
    )
    assert summary.of(html(markdown)) == "First."


LAZY = '<img data-src="images/a.png" src="data:image/gif;base64,R0" alt="A" class="lazy">'
SCRIPTLESS = '<noscript><img src="images/a.png" alt="A"></noscript>'
SHOWN = '<img alt="A" src="https://news.example/images/a.png">'


@pytest.mark.parametrize(
    "markdown",
    [
        LAZY,
        LAZY + SCRIPTLESS,
        LAZY + "\n" + SCRIPTLESS,
        SCRIPTLESS + LAZY,
        SCRIPTLESS,
        '<img src="data:image/gif;base64,R0" alt="">' + SCRIPTLESS,
        SCRIPTLESS + '<img src="data:image/gif;base64,R0" alt="">',
        LAZY.replace("data-src", "data-original") + SCRIPTLESS,
        LAZY.replace("data-src", "data-lazy-src") + SCRIPTLESS,
        f"<picture>{LAZY}</picture>{SCRIPTLESS}",
        f"<a>{LAZY}{SCRIPTLESS}</a>",
        f"<figure>{LAZY}{SCRIPTLESS}</figure>",
        f"<p>{LAZY}</p>\n{SCRIPTLESS}",
        f"{SCRIPTLESS}\n<p>{LAZY}</p>",
        f'<img src="images/a.png" loading="lazy">{SCRIPTLESS}',
    ],
)
def test_a_lazy_picture_stands_there_once(markdown):
    """With its real address, and no markup as text."""
    made = html(markdown)
    assert made.count("<img") == 1
    assert made.count("https://news.example/images/a.png") == 1
    assert not {"&lt;", "noscript", "data:"} & set(made.split())
    assert "&lt;" not in made
    assert summary.of(html(f"{markdown} Words.")) in ("Words.", "")


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        (
            '<img data-srcset="a.png 1x, b.png 2x" data-src="a.png" sizes="9em">',
            f'<img sizes="9em" src="{HERE}a.png" srcset="{HERE}a.png 1x, {HERE}b.png 2x">',
        ),
        (
            '<picture><source data-srcset="a.webp" type="image/webp"><img data-src="a.png"></picture>',
            f'<p><picture><source type="image/webp" srcset="{HERE}a.webp"><img src="{HERE}a.png"></picture></p>\n',
        ),
        ('<img data-src="/a.png?x=1&copy=2&amp;y">', '<img src="https://news.example/a.png?x=1&amp;copy=2&amp;y">'),
        ('<img data-src="javascript:alert(1)" src="data:,x">', "<img>"),
        ('<img src="/a.png" data-id="7">', '<img src="https://news.example/a.png">'),
        (
            '<img data-src="/a.png"> between <noscript><img src="/b.png"></noscript>',
            '<p><img src="https://news.example/a.png"> between <img src="https://news.example/b.png"></p>\n',
        ),
        (
            '<p><img data-src="/a.png"></p>\n<noscript><img src="/b.png"></noscript>',
            '<p><img src="https://news.example/a.png"></p>\n<img src="https://news.example/b.png">',
        ),
        ('<noscript><img height="1" width="1" src="https://t.example/?id=1"></noscript>x', "<p>x</p>\n"),
        ("<noscript>Turn <b>on</b> scripts</noscript>", "<p>Turn <b>on</b> scripts</p>\n"),
        ("It has a `data-src` and data-x.", "<p>It has a <code>data-src</code> and data-x.</p>\n"),
    ],
)
def test_a_picture_has_the_address_that_a_script_would_give_it(markdown, expected):
    """And what is in <noscript> is read, for no script runs here."""
    assert html(markdown) == expected
