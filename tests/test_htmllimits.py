"""HTML that passes the limits costs nh3 little, however its beginning hides what follows.

Each law asks nh3 itself, not the reading of htmllimits.
"""

import re
from time import thread_time

import nh3
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from feedsite.parsing import htmllimits, markup
from feedsite.urls import Urls

from .support.laws import often

RAW_TEXT = "script style xmp iframe noembed noframes noscript textarea title plaintext".split()
AROUND = "svg math template select object table td button foreignObject desc mi annotation-xml option".split()
EMBEDS = "iframe object embed video audio noscript img source".split()
PLAIN = "div p b a i span li table tr td caption ruby rt h2 br hr html body form nobr font".split()
NAMES = [*RAW_TEXT, *AROUND, *PLAIN, *EMBEDS]
HIDING = [
    "<!--",
    "-->",
    "--!>",
    "<!-->",
    "<!-",
    "<?",
    "<!x",
    "</",
    "</>",
    "![CDATA[",
    "]]>",
    "<",
    ">",
    '"',
    "'",
    '="',
    "/>",
    " ",
    "x",
    "\0",
]
ATTRIBUTES = [
    "src=a",
    "data-src=a",
    'title="</style><!--"',
    "title='>'",
    'title="-->"',
    '"',
    "=",
    "x=</script>",
    'title="',
    "/",
]


def tags(names):
    """Starts and ends of these elements, some with attributes that look like something else."""
    ends = st.sampled_from(names).map(lambda name: f"</{name}>")
    starts = st.builds(
        "<{}{}>".format, st.sampled_from(names), st.just("") | st.sampled_from(ATTRIBUTES).map(" ".__add__)
    )
    return starts | ends


PIECES = st.sampled_from(HIDING) | tags(NAMES) | tags([*RAW_TEXT, *AROUND])
HIDDEN = st.builds(  # a raw text with anything in it
    "{0}<{1}>{2}</{1}>{3}".format,
    st.sampled_from(["", *map("<{}>".format, AROUND)]),
    st.sampled_from(RAW_TEXT),
    st.lists(PIECES, max_size=3).map("".join),
    st.just("") | PIECES,
)
HEADS = st.lists(PIECES | HIDDEN, max_size=4).map("".join)
MANY = " ".join(f"a{number}=x" for number in range(400))
PAYLOADS = st.sampled_from(
    [
        *("<div>" * 5000, "<blockquote><i>" * 2000, f"<p><b {MANY}></p>" + "<p>x" * 5000, "<div></span>" * 5000),
        *("<p>" + "<b><i><u>" * 30 + "<p>x" * 5000, f"<div {' '.join(f'a{n}' for n in range(20_000))}>"),
        *("<ul><li>" * 3000, "<hr>" * 40_000, "<hr>x" * 30_000, "x</td>x<td>" * 8000, "<table><tr><td>" * 2000),
        *("".join(f"<html a{n} b{n}></html>" for n in range(8000)), "<svg><desc>" * 2000, "<svg><p>" * 4000),
    ]
) | st.builds(
    lambda before, repeated, number: before + repeated * number,
    HEADS,
    st.lists(
        tags(PLAIN) | st.sampled_from(["x", "<b title='xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'>"]), min_size=1, max_size=4
    ).map("".join),
    st.sampled_from([1500, 5000]),
)
KNOWN = {*NAMES, *"blockquote u ul tbody colgroup".split()} - {*RAW_TEXT}  # whose text is written with &lt;


def measured(unsafe):
    """Seconds that nh3 needs, how many elements stand in one another in what it writes, and how long that is."""
    began = thread_time()
    clean = nh3.clean(
        unsafe, tags=KNOWN, clean_content_tags=set(), attributes={}, generic_attribute_prefixes={"a", "t"}
    )
    seconds = thread_time() - began
    depth = deepest = 0
    for end, name in re.findall("<(/?)([a-z-]+)", clean):
        if name not in ("br", "hr"):
            depth += -1 if end else 1
        deepest = max(deepest, depth)
    return seconds, deepest, len(clean)


SCRIPT = "<div><script><!--<script></script><!--</script>"


@often
@given(HEADS, PAYLOADS)
@example(SCRIPT, "<div>" * 5000)
@example('<div><svg><style><b x="</style><!--">', "<div>" * 5000)
@example("<table>", "<hr>" * 150_000)
@example("<table><svg><td><p>x", "</br>" * 150_000)
@example("<div>", "".join(f"<html a{n} b{n}></html>" for n in range(20_000)))
def test_whatever_passes_the_limits_costs_little(head, payload):
    """The law: behind any beginning, nh3 needs little time, finds little depth and writes no multiple."""
    unsafe = head + payload + " " * 20_000
    try:
        htmllimits.check(unsafe.replace("<![CDATA[", " "))
    except ValueError:
        return
    seconds, depth, size = measured(unsafe)
    assert (seconds < 2, depth < 1200, size < 16_000_000) == (True, True, True), (seconds, depth, size)


@often
@given(HEADS, PAYLOADS)
@example("<math><annotation>", "<mi>x<mo>" * 3000)
@example("<object><video>", "<video><object data=a><div>" * 3000)
@example("<noscript>", "<img src=a><div>" * 5000)
@example("<div><svg><iframe><b x='</iframe><!--'>", "<div>" * 5000)
@example("<div><math><<iframe></iframe>![CDATA[><!--]]></math>", "<div>" * 5000)
@example("<div><math><<x>![CDATA[><!--]]>", "<div>" * 5000)
@example("<div><math><noscript><![CD<noscript>ATA[><!--]]></noscript>", "<div>" * 5000)
@example("<div><svg><<iframe></iframe>![CDATA[><!--]]></svg>", "<div>" * 5000)
def test_whatever_is_rewritten_costs_no_more(head, payload):
    """The law holds for what embeds, lazy pictures and formulas become, for only that is sanitised."""
    unsafe = markup.rewritten(head + payload, Urls("https://news.example").resolve)
    try:
        htmllimits.check(unsafe + " " * 20_000)
    except ValueError:
        return
    seconds, depth, size = measured(unsafe)
    assert (seconds < 2, depth < 1200, size < 16_000_000) == (True, True, True), (seconds, depth, size)


def html(markdown):
    return markup.article(markdown, Urls("https://news.example"), "/2026/11/x/")


@pytest.mark.parametrize(
    "head",
    [
        SCRIPT,
        *(f'<div><svg><{name}><b x="</{name}><!--">' for name in ("style", "script", "xmp", "title")),
        *('<div><math></math><svg><style><b x="</style><!--">', "<div><select><title></select></div></title></select>"),
    ],
)
@pytest.mark.parametrize("payload", ["<div>" * 1000, f"<p><b {MANY}></p>" + "<p>x" * 5000], ids=["deep", "reopened"])
def test_a_beginning_that_hides_what_follows_is_refused(head, payload):
    """Where parsers end a raw text in different places, much HTML is refused, and the message names it."""
    name = re.search("<(script|style|xmp|iframe|title)>", head)[1]
    with pytest.raises(ValueError, match=f"an HTML element <{name}> holds a <"):
        html(head + payload)


def test_attributes_in_a_doubtful_raw_text_are_refused():
    """Attributes that a parser may find in a <style> in an <svg> are not passed uncounted: the <style> is refused."""
    with pytest.raises(ValueError, match="<style> holds a <"):
        html(f"<div><p><svg><style><b {MANY}></style></p>" + "<p>x</p>" * 5000)


@pytest.mark.parametrize("name", ["html", "body"])
def test_the_attributes_of_all_html_elements_are_counted_together(name):
    """A parser compares the attributes of each <html> with those of all before it."""
    with pytest.raises(ValueError, match="more than 1,000 attributes"):
        html("<div>" + "".join(f"<{name} a{number}></{name}>" for number in range(2000)))


@pytest.mark.parametrize(
    "bomb",
    [
        *("<table>" + "<hr>" * 100_000, "<div>" + "<hr>" * 100_000 + "<table>" + "<tr>x" * 90_000),
        *("<table><svg><td><p>x" + "</br>" * 100_000, "<table>\n\n" + "# x\n" * 100_000),
        "<div>" + "<hr>" * 100_000 + "<table>" + "<td></td>x" * 60_000,
    ],
    ids=["rules", "text in rows", "behind a drawing", "headings", "text behind cells"],
)
def test_much_html_outside_a_tables_cells_is_refused(bomb):
    """A parser moves what stands in no cell out of the table, in quadratic time."""
    with pytest.raises(ValueError, match="in a <table> and in none of its cells"):
        html(bomb)


@pytest.mark.parametrize(
    "part",
    [
        '<iframe src="https://a.example/" title="x"></iframe>\n\n',
        '<script async src="https://a.example/embed.js"></script>\n\n',
        "<script>for (var i = 0; i<e.length; i++) {}</script>\n\n",
        "<script><!--\nif (a<b) x()\n//--></script>\n\n",
        "<style><!-- p.MsoNormal { margin: 0 } --></style>\n\n",
        "<noscript><img src=a alt=b></noscript>\n\n",
        "<svg><title>Map</title><style>.a { fill: red }</style><path d=M0></path></svg>\n\n",
        "<textarea>a < b</textarea>\n\n",
        "<math><mi>a</mi><mspace/><mprescripts/><mo>=</mo><style>a < b</style><mn>1</mn></math>\n\n",
        "<video controls><source src=a.mp4><p>Your browser is old.</p></video>\n\n",
        "<object data=a><param name=b value=c><embed src=d></object>\n\n",
        "<img data-src=a><noscript><img src=a></noscript>\n\n",
    ],
)
def test_an_embed_in_a_long_article_is_sound(part):
    """What newsrooms paste stays allowed, as often as it is pasted."""
    assert html((part + "<p>x</p><p>y</p>\n\n") * 400).count("<p>") >= 800


def test_a_table_from_a_word_processor_is_sound():
    """A thousand rows of ten cells, each with a paragraph and two spans in it, are not refused."""
    cell = '<td class="MsoNormal"><p class="MsoNormal"><span lang="en">x<span></span></span></p></td>'
    assert html(f"<table>{('<tr>' + cell * 10 + '</tr>') * 1000}</table>").count("<td>") == 10_000


def test_the_attributes_of_many_html_elements_are_counted_in_a_moment():
    """However long they are together, the attributes of each <html> are read once."""
    began = thread_time()
    htmllimits.check(f"<html {'/' * 900_000}>" + "</html><html a>" * 900)
    assert thread_time() - began < 2
