"""Templates of a theme in the place of ours: whatever is wrong with one, each page is drawn."""

import re
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Environment

from feedsite.formats import bounds, sandbox, templates, themed
from feedsite.model import UNDATED as OUTSIDE
from feedsite.model import Nav
from feedsite.theme import Theme

from .support.builders import entry, settings, site
from .support.laws import seldom

ARTICLE = "/2026/11/night-trains/"


def with_theme(**files):
    """A site of one article whose theme has these templates."""
    texts = tuple(sorted((f"{name}.html", text) for name, text in files.items()))
    return site(entry(), theme=Theme(files=texts))


def page(a_site, path=ARTICLE):
    return a_site[path].body.decode()


def faults(a_site, path=ARTICLE):
    """The faults that drawing a page gives, each a line. The page is the one that a site without a theme has."""
    assert page(a_site, path) == page(site(entry()), path)
    return [str(fault) for fault in a_site.faults]


USED = "until this is mended, feedsite's own is used"


def test_a_template_takes_the_place_of_ours():
    """That of the same name; it can build on ours."""
    own = with_theme(entry='{% extends "feedsite/entry.html" %}{% block title %}Own: {{ super() }}{% endblock %}')
    assert "<title>Own: Night trains return · The Meridian</title>" in page(own)
    assert "<p>The night train to Vienna runs again.</p>" in page(own)
    assert page(own, "/") == page(site(entry()), "/")
    assert own.faults == ()


def test_what_ours_are_made_of_can_be_replaced():
    """The frame, also one part of it alone; a line in lists; a byline within both."""
    foot = (
        '{% macro foot(site, words, urls, pages, where) %}<p id="own">{{ site.title }}</p></body></html>{% endmacro %}'
    )
    own = with_theme(
        _frame=foot,
        _teaser="{% macro teaser(entry, look, level, parts, words, urls, picture) %}<i>{{ entry.title }}</i>"
        "{% endmacro %}",
        _byline="{% macro byline(entry, words, urls) %}<b>{{ entry.authors[0].name }}</b>{% endmacro %}",
    )
    for path in ("/", ARTICLE, "/feeds/"):
        assert '<p id="own">The Meridian</p></body>' in page(own, path)
        assert '<header class="masthead' in page(own, path)
    assert "<i>Night trains return</i>" in page(own, "/")
    assert "<b>The Meridian</b>" in page(own)
    assert own.faults == ()


def test_values_are_escaped():
    """As in our templates."""
    own = site(entry(title="<b>&"), theme=Theme(files=(("entry.html", "{{ entry.title }}"),)))
    assert page(own) == "&lt;b&gt;&amp;"


@pytest.mark.parametrize("text", ["a/b<i>", 7])
def test_replacing_in_a_theme_escapes_text_before_html_is_put_into_it(text):
    """As Jinja does."""
    one = '{{ x | replace("/", "/<wbr>" | safe) }}{{ x | safe | replace("/", "<b>") }}'
    drawn = sandbox.Sandbox({"x": (one, "x")}, {}).page("x", {"x": text})
    assert drawn == Environment(autoescape=True).from_string(one).render(x=text)


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("\n{{ nothing }}", 2, "'nothing' is undefined; docs/theming.md lists what a template is given"),
        ("{{ entry.titel }}", 1, "'feedsite.model.Entry object' has no attribute 'titel'; docs/theming.md lists"),
        ("\n\n{{ entry.title | shout }}", 3, "this cannot be read as a template: No filter named 'shout'"),
        ("\n{% for %}", 2, "this cannot be read as a template: Expected an expression"),
        ("{% block a %}", 1, "this cannot be read as a template: Unexpected end of template"),
        ('{% include "lost.html" %}', 1, "there is no template of the name lost.html"),
        ('{% extends "entry.html" %}', 1, "the template calls, includes or extends itself without end"),
        ("{{ entry.title.upper(1, 2) }}", 1, "it cannot be drawn: TypeError"),
        ("{{ 1 / 0 }}", 1, "it cannot be drawn: ZeroDivisionError"),
    ],
)
def test_a_template_that_is_wrong_has_a_fault_at_its_line_and_ours_is_used(text, line, message):
    """In words, once, however often the page is drawn."""
    own = with_theme(entry=text)
    (fault,) = faults(own)
    assert fault.startswith(f"theme/entry.html:{line}:1: {message}")
    assert fault.endswith(USED)
    assert len(faults(own)) == 1


LOOP = "{% for a in range(100000) %}"


@pytest.mark.parametrize(
    "text",
    [
        "{% for a in range(99999999) %}{% endfor %}",
        f"{LOOP}{LOOP}{{% endfor %}}{{% endfor %}}",
        f"{LOOP}{{% for b in [1, 2, 3, 4, 5, 6, 7, 8] %}}{{{{ loop.length }}}}{{% endfor %}}{{% endfor %}}",
        "{% macro m() %}{{ m() }}{{ m() }}{% endmacro %}{{ m() }}",
        "{% for a in [1, 2] recursive %}{{ loop([1, 2]) }}{% endfor %}",
        "{% for a in [1] | batch(1000000000, 0) %}{% endfor %}",
        "{{ [1] | slice(1000000000) | list }}",
        "{% set a = range(100000) | list %}{% for b in a %}{{ a | sum }}{% endfor %}",
        "{% set a = 'x' * 999999999 %}",
        "{{ 2 ** 99999999999 }}",
        "{{ '%999999999d' % 1 }}",
        "{{ '{:999999999}'.format(1) }}",
        "{{ 'x'.ljust(999999999) }}",
        "{% set a = 'xxxxxxxx' %}" + "{% set a = a ~ a %}" * 40 + "{{ a }}",
        "{% set a = 'xxxxxxxx' %}" + "{% set a = a + a %}" * 40 + "{{ a }}",
        "{% set a = 'xxxxxxxx' %}" + "{% set a = a | replace('x', a) %}" * 9 + "{{ a }}",
        "{% set a = range(99999) | join('x' ~ range(99999) | join('y')) %}",
        f"{LOOP}{{{{ 'a long line of letters that goes on and on' }}}}{{% endfor %}}",
    ],
)
def test_a_template_without_end_comes_to_one(text):
    """It fills neither the memory nor a second, and the page is drawn with ours."""
    own = with_theme(entry=text)
    start = process_time()
    (fault,) = faults(own)
    assert process_time() - start < 5
    assert re.match(r"theme/entry\.html(:1:1)?: ", fault)


@pytest.mark.parametrize(
    "text",
    [
        "{{ entry.__class__ }}",
        "{{ words.text.__globals__ }}",
        "{{ entry | attr('__class__') }}",
        "{{ ''.__class__.__mro__ }}",
        "{{ teaser.func.__globals__ }}",
        "{{ cycler }}",
        "{{ [].append(1) }}",
        "{{ self._TemplateReference__context }}",
    ],
)
def test_a_template_sees_what_it_is_given_and_no_more(text):
    """Nothing of the program, and of nothing what it is made of."""
    for name, path in (("entry", ARTICLE), ("list", "/")):
        assert len(faults(with_theme(**{name: text}), path)) == 1


def test_a_part_that_is_wrong_takes_nothing_else_with_it():
    """One of two templates of a theme is used, while the other is mended."""
    own = with_theme(_byline="{% macro", list="{{ collection.title }}", not_found="{{ x }}")
    assert page(own, "/") == "The Meridian"
    assert "The Meridian</a>" in page(own)
    assert {fault.path for fault in own.faults} == {"theme/_byline.html"}
    assert "There is nothing at this address" in page(own, "/404.html")
    assert {fault.path for fault in own.faults} == {"theme/_byline.html", "theme/not_found.html"}


def test_every_template_of_a_theme_is_tried():
    """So a fault is known before a reader asks, the same that a page would give."""
    pages = dict.fromkeys(("entry", "list", "feeds", "tags", "mix", "feed", "page", "not_found"), "{{ nothing }}")
    standing = entry("about", path="/about/", source="pages/about.yaml", nav=Nav(), published=OUTSIDE, updated=OUTSIDE)
    texts = tuple(sorted((f"{name}.html", text) for name, text in pages.items()))
    own = site(entry(), standing, theme=Theme(files=texts))
    own.try_theme(3)
    assert {fault.path for fault in own.faults} == {f"theme/{name}.html" for name in pages}


def test_a_template_that_nothing_uses_has_a_note():
    """Such as one whose name is a slip; one that another includes is used."""
    own = with_theme(artcle="x", entry='{% include "_share.html" %}', _share="Share", content="x")
    assert page(own) == "Share"
    content, slip = own.faults
    assert (content.path, slip.path) == ("theme/content.html", "theme/artcle.html")
    assert content.is_note
    assert slip.message.startswith("nothing uses this template; those that can be replaced are _byline.html, ")


PIECES = ["{{ entry.title }}", "{% if entry %}", "{% endif %}", "{% for a in entry.tags %}", "{% endfor %}", "{{", "}}"]
PIECES += [
    "{% block main %}",
    "{% endblock %}",
    '{% extends "feedsite/entry.html" %}',
    "{{ x }}",
    "<p>",
    "{% set a = 1 %}",
]
PIECES += ['{% include "entry.html" %}', "{{ super() }}", "{{ a.b.c }}", "{{ urls.href(3) }}", "{# ", "#}", "{%-", "\n"]


@seldom
@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_whatever_a_template_is_the_page_is_drawn(text):
    """Law: a page comes out, or ours with a fault; at the second time the same."""
    own = with_theme(entry=text)
    drawn = page(own)
    assert drawn == page(site(entry())) or own.faults == ()
    assert own.plan.at(ARTICLE).draw().body.decode() == drawn


def test_a_site_without_templates_draws_with_ours():
    """As fast as ever: nothing of the sandbox is in the way."""
    assert themed.of(Theme(files=(("style.css", "x"),))) is templates.OURS
    assert themed.of(settings().theme) is templates.OURS


def test_the_steps_of_our_own_pages_are_far_from_the_bound(monkeypatch):
    """A page of ours, drawn as a theme's, takes a fraction of what a page may."""
    monkeypatch.setattr(bounds, "STEPS", bounds.STEPS // 20)
    names = [name.removesuffix(".html") for name in templates.sources() if name not in themed.KEPT]
    own = with_theme(**{name: f'{{% extends "feedsite/{name}.html" %}}' for name in names if name[0] != "_"})
    for path in [path for path in own if path.endswith("/")]:
        if re.search("href=", text := own[path].body.decode() if hasattr(own[path], "body") else ""):
            assert text == page(site(entry()), path)
    assert own.faults == ()
