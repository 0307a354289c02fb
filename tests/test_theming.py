"""docs/theming.md: what a page says of themes is so, and a theme is made as it says."""

import re

import pytest
from jinja2 import nodes

from feedsite import urls
from feedsite.formats import bounds, sandbox, templates, themed
from feedsite.formats.templates import Templates
from feedsite.parsing import sitefile
from feedsite.theme import FONTS, Theme

from .support.builders import entry, site
from .support.docs import DOCS
from .support.golden import sample_site

PAGE = DOCS["theming.md"]
COMMON = {"path", "site", "urls", "words", "feeds", "frame"}


def rows(heading):
    """The cells of the rows of the table below a heading, without its head."""
    text = re.split(rf"^##+ {re.escape(heading)}$", PAGE, flags=re.MULTILINE)[1]
    table = re.search(r"(?:^\|.*\n)+", text, re.MULTILINE)[0]
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", row)[1:-1]] for row in table.splitlines()[2:]]


def names(cell):
    return set(re.findall("`([^`]+)`", cell))


def fenced(language):
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


def test_each_name_that_a_template_is_given_is_documented_and_no_other(monkeypatch):
    """By every page of the sample site, and those that no path of it has."""
    given = {}
    real = Templates.render

    def render(self, template, /, **values):
        given.setdefault(template, set()).update(values)
        return real(self, template, **values)

    monkeypatch.setattr(Templates, "render", render)
    sample = sample_site()
    for path in sample:
        assert sample.draw(path)
    assert sample.opened("/feed.atom")
    given = {name: values for name, values in given.items() if name not in themed.KEPT}
    assert set.intersection(*given.values()) == COMMON == set().union(*(names(row[0]) for row in rows(EVERY)))
    documented = {row[0].strip("`"): names(row[2]) for row in rows("What each of them is given besides")}
    assert documented == {name: values - COMMON for name, values in given.items()}


EVERY = "What every template of a page is given"


def test_each_macro_is_documented_with_its_values():
    """As it stands in our templates: a theme's is called with just these."""
    found = {
        f"{name} {macro.name}({', '.join(argument.name for argument in macro.args)})"
        for name, text in templates.sources().items()
        for macro in templates.parsed(text).find_all(nodes.Macro)
        if name.startswith("_")
    }
    assert {f"{row[0].strip('`')} {row[1].strip('`')}" for row in rows("Macros")} == found


def test_each_filter_is_documented_and_no_other():
    """Ours, and those of Jinja's that are there."""
    assert {row[0].strip("`") for row in rows("Filters")} == set(templates.FILTERS)
    of_jinja = re.search(r"And of Jinja's own: (.*?)\. Of its functions", PAGE, re.DOTALL)[1]
    assert names(of_jinja) == set(sandbox.FILTERS)


def test_each_custom_property_is_documented_and_no_other():
    """Those of the stylesheet's first block."""
    ours = templates.static()[urls.STYLE].body.decode()
    defined = set(re.findall(r"[{;](--[\w-]+):", ours.split("}")[0]))
    assert {row[0].strip("`") for row in rows("A stylesheet")} == defined


def test_each_font_is_documented():
    """An editor knows what each of them is set in."""
    assert all(f"`{font}` " in PAGE for font in FONTS)


def test_the_bounds_are_those_that_are_documented():
    """Steps and letters of a page."""
    assert f"{bounds.STEPS:,} steps and {bounds.LONGEST:,} letters" in " ".join(PAGE.split())


def test_the_site_yaml_of_the_page_is_read_without_a_note():
    """Its colours can be read."""
    (text,) = fenced("yaml")
    settings, notes = sitefile.read(text.encode(), {})
    assert notes == ()
    assert settings.theme == Theme(accent="#0b5d4b", paper="#ffffff", font="sans", masthead="centre")


@pytest.mark.parametrize(("number", "name"), [(0, "entry.html"), (1, "_frame.html")])
def test_each_template_of_the_page_draws(number, name):
    """As it stands there, and without a fault."""
    own = site(entry(), theme=Theme(files=((name, fenced("jinja")[number]),)))
    own.try_theme(1)
    assert own.faults == ()
    plain = site(entry())
    assert own["/2026/11/night-trains/"].body != plain["/2026/11/night-trains/"].body
