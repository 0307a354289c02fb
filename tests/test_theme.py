"""The looks of a site: colours that can be read, and the one stylesheet that is served."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsite import urls
from feedsite.colours import LEAST, colour_of, contrast, is_dark, mixed, readable
from feedsite.errors import Faults
from feedsite.formats import stylesheet, templates
from feedsite.parsing.sitefile import read as read_site
from feedsite.theme import DARK, FONTS, LIGHT, Colours, Palette, Theme, palettes, too_pale

from .support.builders import ask, entry, site
from .support.laws import often

OURS = templates.static()[urls.STYLE].body.decode()
COLOURS = st.integers(0, 0xFFFFFF).map("#{:06x}".format)
NAMED = st.none() | COLOURS
THEMES = st.builds(
    Theme,
    accent=NAMED,
    paper=NAMED,
    ink=st.none(),
    dark=st.builds(Colours, accent=st.none(), paper=NAMED),
    font=st.sampled_from([*FONTS]),
    masthead=st.sampled_from(["left", "centre"]),
)


def site_yaml(theme):
    return f"title: T\ndescription: D\ntheme: {theme}\n".encode()


def read(theme):
    """The theme of a site.yaml, and the notes on it."""
    settings, notes = read_site(site_yaml(theme), {})
    return settings.theme, [str(note) for note in notes]


def fault(theme):
    with pytest.raises(Faults) as raised:
        read_site(site_yaml(theme), {})
    return str(raised.value)


def style(theme):
    return stylesheet.stylesheet(theme).body.decode()


def block(css):
    """The custom properties of the first block in a text."""
    return dict(re.findall(r"--(\w+): ?([^;}]+)", css.split("}")[0]))


@pytest.mark.parametrize(
    ("written", "meant"),
    [("#A62F1B", "#a62f1b"), ("a62f1b", "#a62f1b"), ("#fc0", "#ffcc00"), ("DarkRed", "#8b0000"), ("black", "#000000")],
)
def test_a_colour_is_a_name_or_digits(written, meant):
    """In capitals or not, with # or not."""
    assert colour_of(written) == meant


@pytest.mark.parametrize("written", ["", "#12", "reddish", "rgb(1,2,3)", "#12345g", "#1234567", "url(x)"])
def test_anything_else_is_no_colour(written):
    """So nothing else comes into the stylesheet."""
    assert colour_of(written) is None


@pytest.mark.parametrize(("one", "other", "ratio"), [("#ffffff", "#000000", 21), ("#777777", "#ffffff", 4.48)])
def test_contrast_is_that_of_wcag(one, other, ratio):
    """Black on white has 21, and #777 on white fails by a hair."""
    assert contrast(one, other) == contrast(other, one) == pytest.approx(ratio, abs=0.005)


@often
@given(COLOURS, COLOURS)
def test_what_is_made_readable_can_be_read(colour, paper):
    """Law: any colour on any paper; one that can be read already stays."""
    found = readable(colour, paper)
    assert contrast(found, paper) >= LEAST
    assert found == colour or contrast(colour, paper) < LEAST


@often
@given(COLOURS, COLOURS)
def test_a_mixture_begins_and_ends_with_its_colours(one, other):
    """No share is the one, all of it the other."""
    assert (mixed(one, other, 0), mixed(one, other, 1)) == (one, other)


@often
@given(THEMES)
def test_what_follows_from_a_theme_can_be_read(theme):
    """Law: whatever accent and papers a site names, text and quiet text can be read in both schemes; and the accent
    where the site does not name it.
    """
    for palette in palettes(theme):
        for text in (palette.ink, palette.muted):
            assert contrast(text, palette.paper) >= LEAST
        assert palette.accent == theme.accent or contrast(palette.accent, palette.paper) >= LEAST


def test_a_site_that_names_nothing_has_our_colours():
    """The table is what the stylesheet says, light and dark."""
    light, dark = OURS.split("@media (prefers-color-scheme:dark)")[:2]
    for palette, css in ((LIGHT, light), (DARK, dark)):
        said = block(css)
        assert {name: said[name] for name in Palette.__slots__} == {
            name: getattr(palette, name) for name in Palette.__slots__
        }
    assert palettes(Theme()) == (LIGHT, DARK)
    assert style(Theme()) == OURS


def test_one_accent_changes_nothing_else():
    """In the dark it is lightened until it can be read there."""
    light, dark = palettes(Theme(accent="#003366"))
    assert light == replace(LIGHT, accent="#003366")
    assert dark.accent == readable("#003366", DARK.paper) != "#003366"
    assert (dark.paper, dark.ink) == (DARK.paper, DARK.ink)


def test_a_dark_paper_is_dark_in_both_schemes():
    """Nobody who chose black gets white by day."""
    light, dark = palettes(Theme(paper="#000000"))
    assert is_dark(light.paper)
    assert (light.paper, dark.paper) == ("#000000", "#000000")
    assert contrast(light.ink, "#000000") >= LEAST


def test_the_stylesheet_has_ours_then_the_colours_then_the_sites_own():
    """What comes later wins; on paper everything is black."""
    theme = Theme(accent="#003366", font="sans", masthead="centre", files=(("style.css", ".own { color: red; }\n"),))
    css = style(theme)
    assert css.startswith(OURS)
    more = css.removeprefix(OURS)
    assert block(more)["accent"] == "#003366"
    assert ":root, [lang] { --serif: var(--sans); }" in more
    assert more.index("prefers-color-scheme: dark") < more.index("@media print") < more.index(".own")
    assert ".masthead { justify-content: center" in more


def test_the_stylesheets_address_changes_with_its_bytes():
    """Whatever stands behind the question mark, the newest is answered, and nothing more is kept in memory."""
    found = {
        re.search(r'href="(/static/style\.css\?v=[\w-]{8})"', site(theme=theme)["/"].body.decode())[1]
        for theme in (Theme(), Theme(accent="#003366"), Theme(files=(("style.css", "x"),)))
    }
    assert len(found) == 3
    assert ask(site(theme=Theme(accent="#003366")), urls.STYLE).body.decode() == style(Theme(accent="#003366"))


def test_browsers_are_told_the_papers():
    """The colour of the browser's own frame is that of the page."""
    html = site(theme=Theme(paper="#eeeeee", dark=Colours(paper="#111111")))["/"].body.decode()
    assert re.findall(r'name="theme-color" media="\(prefers-color-scheme: (\w+)\)" content="(#\w+)"', html) == [
        ("light", "#eeeeee"),
        ("dark", "#111111"),
    ]


def test_a_theme_changes_pages_and_no_feed():
    """Nobody who polls gets a feed again for a colour."""
    one, other = (site(entry(), theme=theme) for theme in (Theme(), Theme(accent="#003366")))
    for path in one:
        fingerprints = [each.plan.at(path).planned.fingerprint for each in (one, other)]
        if path.endswith(("/", ".css", ".html")) and path != "/static/feed.css":
            assert fingerprints[0] != fingerprints[1], path
        elif "feed." in path and path != "/feed.xml":
            assert one[path].body == other[path].body


def test_every_field_of_the_theme_becomes_its_part():
    """As it is written in site.yaml."""
    theme, notes = read(
        '{accent: "#8b0000", paper: white, ink: "000", font: slab, masthead: centre, '
        "dark: {accent: gold, paper: black}}"
    )
    assert notes == []
    assert theme == Theme(
        accent="#8b0000",
        paper="#ffffff",
        ink="#000000",
        font="slab",
        masthead="centre",
        dark=Colours(accent="#ffd700", paper="#000000"),
    )


def test_a_colour_that_can_hardly_be_read_has_a_note_with_one_that_can():
    """At its place, also of the dark scheme; with what to write, which has no note any more."""
    theme, notes = read('{accent: gold, paper: white, dark: {ink: "#222222"}}')
    assert [note.partition(" and 4.5")[0] for note in notes] == [
        "site.yaml:3:17: note: the accent #ffd700 can hardly be read on #ffffff, its contrast is 1.4",
        "site.yaml:3:49: note: the ink #222222 can hardly be read on #12171d, its contrast is 1.1",
    ]
    assert len(too_pale(theme)) == 2
    better = re.findall(r'write `\w+: "(#\w+)"`', "\n".join(notes))
    assert read(f'{{accent: "{better[0]}", paper: white, dark: {{ink: "{better[1]}"}}}}')[1] == []


@pytest.mark.parametrize(
    ("theme", "message"),
    [
        ("{accent: reddish}", 'site.yaml:3:17: "reddish" is not a colour; write one such as "#a62f1b" or darkred'),
        ("{accent: darkredd}", 'site.yaml:3:17: "darkredd" is not a colour; write darkred'),
        ("{font: comic}", 'site.yaml:3:15: "comic" is not known here; write one of serif, sans, slab, humanist'),
        ("{masthead: center}", 'site.yaml:3:19: "center" is not known here; write centre'),
        (
            "{background: white}",
            'site.yaml:3:9: "background" is called paper here; write `paper:` and keep what follows',
        ),
        ("dark", 'site.yaml:3:8: theme is written as fields: {accent: "#a62f1b"}'),
    ],
)
def test_a_slip_in_the_theme_is_told_at_its_place(theme, message):
    """With what to write."""
    assert fault(theme) == message


def test_a_colour_behind_a_bare_sign_is_told():
    """To YAML it is a comment."""
    with pytest.raises(Faults) as raised:
        read_site(b"title: T\ndescription: D\ntheme:\n  accent: #a62f1b\n", {})
    assert "#a62f1b" in str(raised.value)
