"""The stylesheet of a site: ours, then what site.yaml's theme changes of it, then the site's own."""

from functools import lru_cache

from .. import theme, urls
from ..digest import digest_of
from ..document import Document
from ..theme import DARK, FONTS, LIGHT, Palette, Theme
from . import templates

_CENTRED = """\
.masthead { justify-content: center; text-align: center; }
.masthead .tagline { flex-basis: 100%; }
.masthead nav { margin-inline: 0; justify-content: safe center; }
.sections { justify-content: safe center; }
"""


@lru_cache(4)  # its codings are kept with it
def stylesheet(looks: Theme) -> Document:
    ours = templates.static()[urls.STYLE]
    more = _properties(looks) + looks.style
    return Document(ours.body + more.encode(), ours.media_type) if more else ours


def address(looks: Theme, base: urls.Urls) -> str:
    """Its address in links. It changes with its bytes, so that a new page never has the style of yesterday; the server
    passes over what stands behind the question mark.
    """
    return f"{base.href(urls.STYLE)}?v={digest_of(stylesheet(looks).body, 6)}"


def _properties(looks: Theme) -> str:
    light, dark = theme.palettes(looks)
    found = ""
    if (light, dark) != (LIGHT, DARK):
        night = f"@media (prefers-color-scheme: dark) {{\n{_colours(dark)}}}\n"
        found = f"{_colours(light)}{night}@media print {{\n{_colours(_PRINTED)}}}\n"
    if font := FONTS[looks.font]:
        # Of scripts that have fonts of their own only the system's sans has letters.
        found += f"{':root, [lang]' if looks.font == 'sans' else ':root'} {{ --serif: {font}; }}\n"
    return found + (_CENTRED if looks.masthead == "centre" else "")


def _colours(palette: Palette) -> str:
    values = "".join(f"  --{name}: {getattr(palette, name)};\n" for name in Palette.__slots__)
    return f":root {{\n{values}}}\n"


_PRINTED = Palette("#fff", "#fff", "#000", "#333", "#999", "#000")  # as ours prints
