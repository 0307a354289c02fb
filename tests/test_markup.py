"""Markdown to HTML that is safe in every reader and whose addresses are absolute."""

import re
from time import process_time

import nh3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsite.parsing import entryfile, htmllimits, markup
from feedsite.urls import Urls

from .support.builders import PATH as FILE
from .support.builders import entry_text, settings
from .support.laws import often

SITE = Urls("https://news.example")
BLOG = Urls("https://news.example/blog")
PATH = "/2026/11/night-trains/"
HERE = "https://news.example/2026/11/night-trains/"


def html(markdown, urls=SITE):
    return markup.article(markdown, urls, PATH)


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("One\nparagraph.\n\nAnother.", "<p>One\nparagraph.</p>\n<p>Another.</p>\n"),
        (
            "*em* **strong** `code` ~~gone~~",
            "<p><em>em</em> <strong>strong</strong> <code>code</code> <del>gone</del></p>\n",
        ),
        ("## One\n\nTwo\n---", '<h2 id="one">One</h2>\n<h2 id="two">Two</h2>\n'),
        ("a\\\nb  \nc", "<p>a<br>\nb<br>\nc</p>\n"),
        ("> quoted", "<blockquote>\n<p>quoted</p>\n</blockquote>\n"),
        ("<aside>Vienna!</aside>", "<aside>Vienna!</aside>"),
        ("> x\n>\n> <footer>Ada</footer>", "<blockquote>\n<p>x</p>\n<footer>Ada</footer></blockquote>\n"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"),
        ("3. a\n4. b", '<ol start="3">\n<li>a</li>\n<li>b</li>\n</ol>\n'),
        ("---", "<hr>\n"),
        ("    x < y", '<pre tabindex="0"><code>x &lt; y</code></pre>\n'),
        (
            '```python\nx = "<1>"\n```',
            '<pre tabindex="0"><code class="language-python">x = "&lt;1&gt;"\n</code></pre>\n',
        ),
        ("``` c++ evil\nx\n```", '<pre tabindex="0"><code class="language-c++">x\n</code></pre>\n'),
        (
            "| a | b | c |\n|---|--:|:-:|\n| 1 | 2 | 3 |",
            '<table tabindex="0"><thead><tr><th>a</th><th style="text-align:right">b</th>'
            '<th style="text-align:center">c</th></tr></thead><tbody>\n'
            '<tr><td>1</td><td style="text-align:right">2</td><td style="text-align:center">3</td></tr>\n'
            "</tbody></table>\n",
        ),
        ("No[^n].", "<p>No[^n].</p>\n"),
        ("- [ ] task\n- [x] done", "<ul>\n<li>☐ task</li>\n<li>☑ done</li>\n</ul>\n"),
        ("- [x](/a)", '<ul>\n<li><a href="https://news.example/a">x</a></li>\n</ul>\n'),
        ("Word\n: what it means", "<dl>\n<dt>Word</dt>\n<dd>what it means</dd>\n</dl>\n"),
        (
            "> [!NOTE]\n> Hear this.",
            '<blockquote class="markdown-alert-note">\n<p class="markdown-alert-title"><strong>Note</strong></p>\n'
            "<p>Hear this.</p>\n</blockquote>\n",
        ),
        ("> [!HELLO]\n> x", "<blockquote>\n<p>[!HELLO]\nx</p>\n</blockquote>\n"),
        ("It costs $5, or $10; 2^10 and 3^5", "<p>It costs $5, or $10; 2^10 and 3^5</p>\n"),
        ("<pre>\n\n  x\n</pre>", '<pre tabindex="0">\n\n  x\n</pre>'),
        ("<pre>\nx</pre>", '<pre tabindex="0">x</pre>'),
        ('"quoted" -- and so...', '<p>"quoted" -- and so...</p>\n'),
        (
            "<https://else.example/?a=1&b=2>",
            '<p><a href="https://else.example/?a=1&amp;b=2">https://else.example/?a=1&amp;b=2</a></p>\n',
        ),
        ("https://else.example", "<p>https://else.example</p>\n"),
        ('<p lang="ja" dir="ltr" title="t">x</p>', '<p lang="ja" dir="ltr" title="t">x</p>'),
        ("<details open><summary>s</summary>x</details>", '<details open=""><summary>s</summary>x</details>'),
        (
            "<ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp></ruby>",
            "<p><ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp></ruby></p>\n",
        ),
        ("a & b &lt; c &nbsp;d", "<p>a &amp; b &lt; c &nbsp;d</p>\n"),
        ("", ""),
    ],
)
def test_markdown_becomes_html(markdown, expected):
    """CommonMark with tables, footnotes, strikethrough task lists, alerts and harmless HTML."""
    assert html(markdown) == expected


@pytest.mark.parametrize(
    ("hostile", "harmless"),
    [
        # elements
        ("<script>alert(1)</script>x", "x"),
        ("<SCRIPT SRC=//evil.example/x.js></SCRIPT>x", "x"),
        ("x <script>alert(1)", "<p>x </p>"),
        ("<scr<script>ipt>alert(1)</script>", "<p>&lt;scr</p>\n"),
        ("<style>p { color: red }</style>x", "x"),
        ("<svg><script>alert(1)</script></svg>x", "<p>x</p>\n"),
        ("<svg onload=alert(1)>x", "<p>x</p>\n"),
        ("<math><mi xlink:href='javascript:alert(1)'>x</mi></math>", "<p><math><mi>x</mi></math></p>\n"),
        (
            '<iframe src="https://evil.example" onload="alert(1)"></iframe>x',
            '<figure class="embed"><a href="https://evil.example">Open on evil.example</a></figure>x',
        ),
        ('<iframe src="javascript:alert(1)"></iframe>x', "x"),
        ("<iframe srcdoc='<script>alert(1)</script>'></iframe>x", "x"),
        (
            '<object data="x.swf">x</object>',
            f'<figure class="embed"><a href="{HERE}x.swf">Open on news.example</a></figure>\n',
        ),
        ('<object data="data:text/html,x">x</object>y', "<p>y</p>\n"),
        (
            "<embed src=x.swf>x",
            f'<figure class="embed"><a href="{HERE}x.swf">Open on news.example</a></figure><p>x</p>\n',
        ),
        ('<form action="https://evil.example"><input name=a><button>x</button></form>', "x"),
        ('<base href="https://evil.example/">\n\n[x](y)', f'\n<p><a href="{HERE}y">x</a></p>\n'),
        ('<meta http-equiv=refresh content="0;url=https://evil.example">x', "<p>x</p>\n"),
        ("<link rel=stylesheet href=https://evil.example/x.css>x", "x"),
        ("<textarea><script>alert(1)</script></textarea>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("<template><p onclick=x>y</p></template>", "<p></p>\n"),
        (
            '<noscript><p title="</noscript><img src=x onerror=alert(1)>"></noscript>',
            '<p title="&lt;img src=x onerror=alert(1)&gt;"></p>\n',
        ),
        ("<noscript><script>alert(1)</script>x</noscript>", "<p>x</p>\n"),
        # attributes
        ('<p onclick="alert(1)" ONMOUSEOVER=alert(1)>x</p>', "<p>x</p>"),
        ("<img alt=x src=x onerror=alert(1)>", f'<img alt="x" src="{HERE}x">'),
        ('<p style="background: url(javascript:alert(1))">x</p>', "<p>x</p>"),
        (
            '<table><tr><td style="width: expression(alert(1)); text-align: right; top: 0">x</td></tr></table>',
            '<table tabindex="0"><tbody><tr><td style="text-align:right">x</td></tr></tbody></table>',
        ),
        ('<p id="main" class="notice" data-x="y" name="z">x</p>', '<p id="main">x</p>'),
        ('<code class="language-c evil">x</code>', '<p><code class="language-c">x</code></p>\n'),
        (
            '<a href="x" target="_blank" rel="opener" ping="https://evil.example">x</a>',
            f'<p><a href="{HERE}x">x</a></p>\n',
        ),
        (
            '<video src="v.mp4" autoplay preload=auto onplay=alert(1)></video>',
            f'<figure class="embed"><video src="{HERE}v.mp4" controls="" preload="none"></video>'
            f'<a href="{HERE}v.mp4">Watch on news.example</a></figure>\n',
        ),
        ('<p title="&quot;&gt;<script>">x</p>', '<p title="&quot;&gt;&lt;script&gt;">x</p>'),
        # addresses
        ("[x](javascript:alert(1))", "<p><a>x</a></p>\n"),
        ("[x](JaVaScRiPt:alert(1))", "<p><a>x</a></p>\n"),
        ('<a href="java\tscript:alert(1)">x</a>', "<p><a>x</a></p>\n"),
        ('<a href="java\nscript:alert(1)">x</a>', "<p><a>x</a></p>\n"),
        ('<a href="java&#x09;script:alert(1)">x</a>', "<p><a>x</a></p>\n"),
        ('<a href="java&NewLine;script&colon;alert(1)">x</a>', "<p><a>x</a></p>\n"),
        ('<a href="&#106;&#x61;vascript&#58;alert(1)">x</a>', "<p><a>x</a></p>\n"),
        ('<a href=" &#1; javascript:alert(1)">x</a>', "<p><a>x</a></p>\n"),
        ("[x](vbscript:msgbox)", "<p><a>x</a></p>\n"),
        ("[x](data:text/html;base64,PHNjcmlwdD4=)", "<p><a>x</a></p>\n"),
        ("[x](file:///etc/passwd)", "<p><a>x</a></p>\n"),
        ("[x](ftp://else.example/)", "<p><a>x</a></p>\n"),
        ("![x](data:image/svg+xml,<svg>)", '<p><img alt="x"></p>\n'),
        ('<img alt="x" src="javascript:alert(1)">', '<img alt="x">'),
        (
            '<video src=v.mp4 poster="javascript:alert(1)"></video>',
            f'<figure class="embed"><video src="{HERE}v.mp4" controls="" preload="none"></video>'
            f'<a href="{HERE}v.mp4">Watch on news.example</a></figure>\n',
        ),
        ('<blockquote cite="javascript:alert(1)">x</blockquote>', "<blockquote>x</blockquote>"),
        ("<a href=//evil.example>x</a>", '<p><a href="https://evil.example">x</a></p>\n'),
        ("<a href='\\\\evil.example'>x</a>", f'<p><a href="{HERE}%5C%5Cevil.example">x</a></p>\n'),
        ("<a href='/\\evil.example'>x</a>", '<p><a href="https://news.example/%5Cevil.example">x</a></p>\n'),
        ("[x](https://news.example%2F.evil.example/)", "<p><a>x</a></p>\n"),
        ("[x](https://evil.example%40news.example/)", "<p><a>x</a></p>\n"),
        ("[x](https://[)", "<p><a>x</a></p>\n"),
        ("[x](https://zürich..example/)", "<p><a>x</a></p>\n"),
        # srcset
        (
            '<img alt="x" srcset="javascript:alert(1) 1x, /b.png 2x">',
            '<img alt="x" srcset="https://news.example/b.png 2x">',
        ),
        (
            '<img alt="x" srcset="/b.png 1x,javascript:alert(1) 2x">',
            '<img alt="x" srcset="https://news.example/b.png 1x">',
        ),
        (
            '<img alt="x" srcset="/b.png 1x,data:image/png;base64,AA">',
            '<img alt="x" srcset="https://news.example/b.png 1x">',
        ),
        ('<img alt="x" srcset="data:image/png;base64,AA 1x">', '<img alt="x">'),
        ('<img alt="x" srcset="/b.png url(x)">', '<img alt="x">'),
        ('<img alt="x" srcset=" , ,">', '<img alt="x">'),
        # what breaks out
        ("a ]]> b", "<p>a ]]&gt; b</p>\n"),
        ("<![CDATA[<script>alert(1)</script>]]>x", " ]]&gt;x"),
        ("<p>a<b>b", "<p>a<b>b</b></p>"),
        ("</p></div></article></body>x", "<p></p>x"),
        ("<table><tr><td>x", '<table tabindex="0"><tbody><tr><td>x</td></tr></tbody></table>'),
        ("a <!-- comment --> b", "<p>a  b</p>\n"),
        ("a <!-- comment", "<p>a &lt;!-- comment</p>\n"),
        ("<?php echo 1 ?>x", "x"),
        ("&#0;&#1;&#xFFFE;&#x85;x", "<p>\ufffdx</p>\n"),
        ("<plaintext>x", "<p></p>x&lt;/p&gt;\n"),
    ],
)
def test_hostile_html_becomes_harmless(hostile, harmless):
    """Only listed elements, attributes, styles, classes and schemes remain, and everything is closed."""
    assert html(hostile) == harmless


@pytest.mark.parametrize(
    ("reference", "address"),
    [
        ("map", "/2026/11/night-trains/map"),
        ("./map", "/2026/11/night-trains/map"),
        ("../vienna/", "/2026/11/vienna/"),
        ("/images/a.png", "/images/a.png"),
        ("images/a.png", "/images/a.png"),
        ("./images/a.png", "/2026/11/night-trains/images/a.png"),
        ("/", "/"),
        ("?q=1", "/2026/11/night-trains/?q=1"),
        ("#times", "/2026/11/night-trains/#times"),
        ("/timetable#times", "/timetable#times"),
        ("/地図?駅=東京#今", "/%E5%9C%B0%E5%9B%B3?%E9%A7%85=%E6%9D%B1%E4%BA%AC#%E4%BB%8A"),
        ("/a%20b", "/a%20b"),
        ("</a b>", "/a%20b"),
    ],
)
@pytest.mark.parametrize(("urls", "base"), [(SITE, "https://news.example"), (BLOG, "https://news.example/blog")])
def test_a_reference_within_the_site_becomes_absolute(reference, address, urls, base):
    """A reference relative to the article or to the site becomes absolute, also below a base_url with a path."""
    assert html(f"[x]({reference})", urls) == f'<p><a href="{base}{address}">x</a></p>\n'


@pytest.mark.parametrize(
    ("reference", "address"),
    [
        ("https://else.example/a?b=c&d#e", "https://else.example/a?b=c&amp;d#e"),
        ("//else.example/a", "https://else.example/a"),
        ("https://münchen.example/straße", "https://xn--mnchen-3ya.example/stra%C3%9Fe"),
        ("mailto:desk@news.example", "mailto:desk@news.example"),
        ("tel:+4912345", "tel:+4912345"),
    ],
)
def test_a_reference_to_elsewhere_stays(reference, address):
    """An absolute address is encoded in ASCII and otherwise unchanged."""
    assert html(f"[x]({reference})") == f'<p><a href="{address}">x</a></p>\n'


@pytest.mark.parametrize(("urls", "base"), [(SITE, "https://news.example"), (BLOG, "https://news.example/blog")])
def test_pictures_sound_and_film_have_absolute_addresses(urls, base):
    """The addresses in src, in poster and in each candidate of a srcset become absolute."""
    markdown = (
        '<video poster="/p.jpg" src="v.mp4"><source src="/w.webm" type="video/webm"><track src="/t.vtt"></video>\n\n'
        '<picture><source srcset="/a.webp"><img alt="" srcset="/a.png 1x, b.png 2.5x" src="/a.png"></picture>'
    )
    here = f"{base}{PATH}"
    assert html(markdown, urls) == (
        f'<figure class="embed"><video poster="{base}/p.jpg" src="{here}v.mp4" controls="" preload="none">'
        f'<source src="{base}/w.webm" type="video/webm"><track src="{base}/t.vtt"></video>'
        f'<a href="{here}v.mp4">Watch on news.example</a></figure>\n'
        f'<p><picture><source srcset="{base}/a.webp"><img alt="" srcset="{base}/a.png 1x, {here}b.png 2.5x"'
        f' src="{base}/a.png"></picture></p>\n'
    )


@pytest.mark.parametrize(
    ("srcset", "candidates"),
    [
        ("/a.png", ["/a.png"]),
        ("/a.png 100w, /b.png 200w", ["/a.png 100w", "/b.png 200w"]),
        ("/a.png 1x,/b.png 2x", ["/a.png 1x", "/b.png 2x"]),
        ("/a.png, /b.png 2x,", ["/a.png", "/b.png 2x"]),
        ("/a,b.png 1x", ["/a%2Cb.png 1x"]),
        ("\n /a.png 1x,\n /b.png 2x\n", ["/a.png 1x", "/b.png 2x"]),
    ],
)
def test_a_srcset_keeps_all_its_candidates(srcset, candidates):
    """Candidates may be separated without a space after the comma (HTML 4.8.4.2.1)."""
    expected = ", ".join(f"https://news.example{candidate}" for candidate in candidates)
    assert html(f'<div><img alt="" srcset="{srcset}"></div>') == f'<div><img alt="" srcset="{expected}"></div>'


@pytest.mark.parametrize("srcset", ["," * 1000 + "a b c", "a" * 8000 + " b c", " " * 8000 + "a b c", "a b c " * 8000])
def test_a_long_srcset_is_read_in_a_moment(srcset):
    """A srcset is read once, from its beginning to its end."""
    began = process_time()
    html(f'<div><img alt="" srcset="{srcset}"></div>')
    assert process_time() - began < 0.5


def test_sources_are_what_an_articles_pictures_and_sound_are_taken_from():
    """sources() gives addresses on the site and elsewhere, but no links."""
    body = html(
        "![](/images/a.png) ![](https://else.example/b.png?x&y) [x](/c)\n\n"
        '<video poster="/images/d.png" src="/v.mp4"></video>'
    )
    assert markup.sources(body) == [
        "https://news.example/images/a.png",
        "https://else.example/b.png?x&y",
        "https://news.example/images/d.png",
        "https://news.example/v.mp4",
    ]


@pytest.mark.parametrize("unit", ["> ", "<div>", "<blockquote><p>", "<div></i>", "<b></div>"])
def test_deeper_nesting_than_any_articles_is_refused(unit):
    """Elements nested too deep are refused, also behind end tags that end nothing."""
    html(unit * 100 + "x")
    with pytest.raises(ValueError, match="stand within one another"):
        html(unit * 1000 + "x")


@pytest.mark.parametrize(
    "unit",
    [
        *("<p>x\n", "a<br>b<hr>\n\n", "<ruby>漢<rt>かん</ruby>", "<ruby>漢<rp>(<rt>かん<rp>)</ruby>", "<b>x</b> "),
        *("x[^1]\n\n[^1]: y\n\n", "# x\n\n- y\n\n> z\n\n|a|\n|-|\n|b|\n\n", "<dl><dt>x</dt><dd>y</dd></dl>\n\n"),
        *("<dt>x<dd>y<p>z", "<li><p>x", "<figure><img src=a alt=b><figcaption>x</figcaption></figure>\n\n"),
    ],
)
def test_a_long_article_is_not_deep(unit):
    """Elements that end where the next one begins do not nest."""
    assert html(unit * 1000)


@pytest.mark.parametrize(
    "bomb",
    [
        "<div><p>" + "".join(f"<b title={n}>" for n in range(490)) + "<p>x" * 5000,
        '<div title="</div>">' * 600,
        "<div><!--</div>-->" * 600,
        "<div><textarea></div></textarea>" * 600,
        '<div ="</div>">' * 600,
        "<li><dd>" * 600,
        "<b><div></b>" * 600,
        "<span><h1></span>" * 600,
        "<span><p></span><div></div>" * 600,
        "<div><table></div></table>" * 600,
        "<p><ruby><div></div><rt></ruby>" * 600,
        "<div></div\u00a0>" * 600,
        "<mark></mar\u212a>" * 600,
        "</><div>" * 600,
        "<div><textarea></textareaX></div></textarea>" * 600,
        "<div><script><!--<script></script></div>--></script>" * 600,
        "<div><select><title></select></div></title></select>" * 600,
        '<p><b title="' + "x" * 20_000 + '">' + "<p>x" * 5000,
        "<p>" + "".join(f"<b title={n}><object></b></object>" for n in range(400)) + "<p>x" * 4000,
    ],
    ids=[
        *("reopened", "in a value", "in a comment", "in raw text", "in a name", "lists", "moved", "closed by nothing"),
        *("closed by others", "in a table", "in a ruby", "another space", "another k", "an end of nothing"),
        *("another end", "in a script", "in a select", "a value reopened", "reopened behind an object"),
    ],
)
def test_a_small_bomb_is_refused(bomb):
    """A few kilobytes that would cost hundreds of megabytes are refused, however the depth is hidden."""
    with pytest.raises(ValueError, match=r"within one another|holds a <"):
        html(bomb)


TAGS = [f"{mark}{name}>" for mark in ("<", "</") for name in "b i a p div span li dd ul table td h2 ruby rt".split()]
STRANGE_TAGS = [f"{mark}{name}>" for mark in ("<", "</") for name in "object template select svg button font".split()]
PIECES = st.sampled_from([*TAGS, *TAGS, *STRANGE_TAGS, "x", "<!--", "-->", "</>", "<b title=1>", "</p a>"])


@often
@given(st.lists(PIECES, max_size=2), st.lists(PIECES, min_size=1, max_size=8))
def test_whatever_passes_the_limits_is_not_deep(before, repeated):
    """The law: of any elements, repeated, a parser finds no more than 500 in one another, and the rows of tables."""
    unsafe = "".join(before) + "".join(repeated) * 1500
    try:
        htmllimits.check(unsafe + " " * 20_000)
    except ValueError:
        return
    names = {tag.strip("</>") for tag in (*TAGS, *STRANGE_TAGS)} - {"svg"}
    depth = deepest = 0
    for end in re.findall("<(/?)[a-z]", nh3.clean(unsafe, tags=names | {"tbody", "tr"}, attributes={})):
        depth += -1 if end else 1
        deepest = max(deepest, depth)
    assert deepest < 1200


FAR = f"/2026/11/{'%E5%A4%9C' * 66}/"  # the longest address that an article can have


@pytest.mark.parametrize(
    "bomb",
    [
        f'<img srcset="{"a, " * 330_000}">',
        "[a]: b\n\n" + "[a] " * 120_000,
        "[](a) " * 80_000,
        "<a href=#a></a>" * 60_000,
        '<p><b title="' + "x" * 500_000 + '">' + "<p>x" * 5000,
        "x[^a] " * 150_000 + "\n\n[^a]: y",
    ],
    ids=["srcset", "links by name", "links", "places", "a value that is repeated", "footnotes"],
)
def test_no_article_becomes_hundreds_of_megabytes(bomb):
    """Each address of one letter becomes one of 700: refused in the time that reading such a file may take."""
    began = process_time()
    with pytest.raises(
        ValueError, match=r"within one another|more than 8 MB; make|more than 20,000 links and pictures, or"
    ):
        markup.article(bomb, SITE, FAR)
    assert process_time() - began < 10


def test_a_long_article_with_many_links_is_set():
    """A megabyte, a link in each sentence, to this site and to others."""
    text = (
        "[The ministry](https://gov.example/2026/statement?id=1) *said* so, as [we reported](/2026/11/night-trains/). "
    )
    made = html(text * 9000)
    assert made.count("<a ") == 18_000
    assert len(made) < 2_000_000


def test_a_long_article_with_many_tags_is_no_bomb():
    """A table of ten thousand cells is not refused."""
    rows = "".join("<tr>" + f"<td><b>{n}</b></td>" * 10 + "</tr>" for n in range(1000))
    assert html(f"<table>{rows}</table>").count("<td>") == 10_000


def test_a_text_that_is_too_large_is_a_fault_of_its_file():
    """The editor is told in words, and the other articles are read."""
    (fault,) = entryfile.read(entry_text(body=f"'{'[](a) ' * 30_000}'").encode(), FILE, settings()).faults
    assert str(fault).startswith(f"{FILE}:4:7: the text cannot be set: it has more than 20,000 links and")
