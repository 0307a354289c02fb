"""The page of an article that is not public, as it stands at a signed address (sharing.py)."""

import re
from dataclasses import replace

from markupsafe import escape

from ..document import Document
from ..languages import direction
from ..words import Words
from . import insertion

# The policy of public pages (serving/policy.py) allows a style in an attribute, and no other one that is written here.
_LINE = (
    '<aside aria-labelledby="page__shared" lang="{language}" dir="{direction}" style="position:sticky;bottom:0;'
    "z-index:9;max-inline-size:none;margin:0 -1.25rem;padding:.7em 1.25rem;background:#7a1f00;color:#fff;"
    'font:600 1rem/1.4 system-ui,sans-serif;text-align:center">'
    '<p id="page__shared" style="margin:0">{text}</p></aside>\n'
)
_SHARE = re.compile(r'<p class="share"[ >].*?</p>\n?', re.DOTALL)  # entry.html


def shared(page: Document, href: str, words: Words) -> Document:
    """The page with a line that says that the article is not public. Links to the article's own place, `href`, where
    nothing stands yet, stay on the page; nothing asks to send that place to others.
    """
    here = re.sub(
        rf'href="{re.escape(href)}(#[^"]*)?"',
        lambda found: f'href="{found[1] or "#page__main"}"',
        _SHARE.sub("", page.body.decode()),
    )
    line = _LINE.format(
        language=words.language,
        direction=direction(words.language),
        text=escape(words.text("This has not been published yet and may still change. Please do not share it.")),
    )
    return replace(page, body=insertion.at_end(here.encode(), line), is_private=True)
