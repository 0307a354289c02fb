"""The OpenSearch description of a site (OpenSearch 1.1, draft 6), by which a browser offers its search."""

from xml.sax.saxutils import escape, quoteattr

from .. import places, queries, urls
from ..settings import Settings
from . import atom, rss

MEDIA_TYPE = "application/opensearchdescription+xml; charset=utf-8"
_LONGEST_NAME, _LONGEST_ABOUT = 16, 1024  # letters, as the specification has it
_FEEDS = ((rss.SUFFIX, "application/rss+xml"), (atom.SUFFIX, "application/atom+xml"))


def render(settings: Settings) -> bytes:
    base, icon = settings.urls, settings.icon
    page, own = base.absolute(queries.FOLDER), base.absolute(urls.OPENSEARCH)
    feeds = ((kind, base.absolute(places.feed(queries.FOLDER, suffix))) for suffix, kind in _FEEDS)
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/">',
        f"<ShortName>{escape(settings.title[:_LONGEST_NAME].strip())}</ShortName>",
        f"<Description>{escape((settings.description or settings.title)[:_LONGEST_ABOUT])}</Description>",
        f"<LongName>{escape(settings.title[:48].strip())}</LongName>",
        *([f"<Image>{escape(icon)}</Image>"] if icon else []),
        f'<Url type="text/html" template={quoteattr(f"{page}?q={{searchTerms}}&page={{startPage?}}")}/>',
        *(f"<Url type={quoteattr(kind)} template={quoteattr(f'{feed}?q={{searchTerms}}')}/>" for kind, feed in feeds),
        f'<Url type="application/opensearchdescription+xml" rel="self" template={quoteattr(own)}/>',
        f"<Language>{escape(settings.language)}</Language>",
        "<InputEncoding>UTF-8</InputEncoding>",
        "<OutputEncoding>UTF-8</OutputEncoding>",
        "</OpenSearchDescription>",
    ]
    return "\n".join((*lines, "")).encode()
