"""The looks of a site as values: its colours, its fonts, and the files of its theme/ folder.

What site.yaml leaves out follows from what it names, so that one colour is enough; nothing follows that cannot be read.
"""

from dataclasses import dataclass

from .colours import LEAST, contrast, is_dark, mixed, readable

FONTS = {
    "serif": "",  # as the stylesheet has it
    "sans": "var(--sans)",
    "slab": 'Rockwell, "Rockwell Nova", "Roboto Slab", "DejaVu Serif", "Sitka Small", serif',
    "humanist": 'Seravek, "Gill Sans Nova", Ubuntu, Calibri, "Noto Sans", "DejaVu Sans", sans-serif',
}
MASTHEADS = ("left", "centre")
STYLE = "style.css"  # the theme's own stylesheet


@dataclass(frozen=True, slots=True, kw_only=True)
class Colours:
    """The colours that a site names for one scheme, as #rrggbb; None where it names none."""

    accent: str | None = None
    paper: str | None = None
    ink: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """`dark` are the colours where a reader prefers dark ones. `font` is one of FONTS, `masthead` one of MASTHEADS.

    `files` are those of the theme/ folder by name, with their texts, in the order of names: STYLE and templates.
    """

    accent: str | None = None
    paper: str | None = None
    ink: str | None = None
    dark: Colours = Colours()
    font: str = "serif"
    masthead: str = "left"
    files: tuple[tuple[str, str], ...] = ()

    @property
    def style(self) -> str:
        return dict(self.files).get(STYLE, "")

    @property
    def templates(self) -> tuple[tuple[str, str], ...]:
        return tuple((name, text) for name, text in self.files if name != STYLE)


@dataclass(frozen=True, slots=True)
class Palette:
    """Every colour of a page, as #rrggbb, in the order of the stylesheet's custom properties."""

    paper: str
    raised: str
    ink: str
    muted: str
    line: str
    accent: str


# Those of static/style.css (law: tests/test_theme.py).
LIGHT = Palette("#fbf8f1", "#f2ecdf", "#16202c", "#566070", "#d9d0bf", "#a62f1b")
DARK = Palette("#12171d", "#1c232c", "#e8e4db", "#a4adb9", "#333d49", "#ff9b82")


def palettes(theme: Theme) -> tuple[Palette, Palette]:
    """The colours of the light scheme and of the dark one."""
    light = _palette(Colours(accent=theme.accent, paper=theme.paper, ink=theme.ink), LIGHT)
    dark = theme.dark
    is_night = not dark.paper and theme.paper is not None and is_dark(theme.paper)  # a site that is always dark
    paper, ink = (theme.paper, dark.ink or theme.ink) if is_night else (dark.paper, dark.ink)
    accent = dark.accent or (theme.accent and readable(theme.accent, paper or DARK.paper))
    given = Colours(accent=accent, paper=paper, ink=ink)
    return light, _palette(given, DARK)


def _palette(given: Colours, usual: Palette) -> Palette:
    """`usual` with the given colours, and with what follows from them."""
    paper = given.paper or usual.paper
    ink = given.ink or readable(usual.ink, paper, 7)
    accent = given.accent or readable(usual.accent, paper)
    if not given.paper and not given.ink:
        return Palette(paper, usual.raised, ink, usual.muted, usual.line, accent)
    shades = (mixed(paper, ink, share / 100) for share in range(66, 101))
    muted = next((shade for shade in shades if contrast(shade, paper) >= LEAST), ink)
    return Palette(paper, mixed(paper, ink, 0.06), ink, muted, mixed(paper, ink, 0.2), accent)


def too_pale(theme: Theme) -> list[tuple[str, str, str, float, str]]:
    """The colours that site.yaml names and that can hardly be read.

    Of each the field, with a dot before what stands within `dark`; the colour, its paper, the contrast of the two, and
    the nearest colour with enough.
    """
    found = []
    light, dark = palettes(theme)
    for field, colour, paper in (
        ("ink", theme.ink, light.paper),
        ("accent", theme.accent, light.paper),
        (".ink", theme.dark.ink, dark.paper),
        (".accent", theme.dark.accent, dark.paper),
    ):
        if colour and (known := contrast(colour, paper)) < LEAST:
            found.append((field, colour, paper, known, readable(colour, paper)))
    return found
