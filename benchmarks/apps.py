"""Peers of feedsite that need Flask, as factories for granian; what they read is named in the environment."""

import gzip
import os
from datetime import datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import flask
from feedgen.feed import FeedGenerator

from feedsite.serving.live import Live
from feedsite.serving.web import create_app

SITE = "FEEDSITE_SITE"
FEED = "BENCHMARK_FEED"
_CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
_CREATOR = "{http://purl.org/dc/elements/1.1/}creator"


def flask_view() -> flask.Flask:
    """feedsite's own Flask application, without the cache of answers in front of it."""
    live = Live(Path(os.environ[SITE]), dict(os.environ))
    live.start()
    return create_app(live)


def naive() -> flask.Flask:
    """As one writes it first: entries in memory, feedgen, gzip and the ETag at every request."""
    app = flask.Flask(__name__)
    entries = _entries(Path(os.environ[FEED]))

    @app.get("/feed.rss")
    def feed() -> flask.Response:
        body = _built(entries)
        response = flask.Response(content_type="application/rss+xml; charset=utf-8")
        if "gzip" in flask.request.headers.get("Accept-Encoding", ""):
            body = gzip.compress(body, 6, mtime=0)
            response.headers["Content-Encoding"] = "gzip"
        response.headers["Vary"] = "Accept-Encoding"
        response.set_data(body)
        response.add_etag()
        response.make_conditional(flask.request)
        return response

    return app


def _entries(path: Path) -> list[dict[str, Any]]:
    """The feed's articles as values, read once."""
    return [
        {
            "id": item.findtext("guid"),
            "title": item.findtext("title"),
            "url": item.findtext("link"),
            "summary": item.findtext("description"),
            "content": item.findtext(_CONTENT),
            "creator": item.findtext(_CREATOR),
            "published": _moment(item.findtext("pubDate", "")),
            "categories": [{"term": found.text, "scheme": found.get("domain")} for found in item.iter("category")],
        }
        for item in ET.parse(path).iter("item")
    ]


def _moment(text: str) -> datetime:
    return parsedate_to_datetime(text)


def _built(entries: list[dict[str, Any]]) -> bytes:
    feed = FeedGenerator()
    feed.load_extension("dc")
    feed.title("The Lantern")
    feed.link(href="https://lantern.example/")
    feed.description("News from harbours, workshops and council rooms.")
    feed.language("en")
    feed.lastBuildDate(entries[0]["published"])  # left to itself it is now, and every second has an ETag of its own
    for entry in entries:
        added = feed.add_entry(order="append")
        added.guid(entry["id"], permalink=False)
        added.title(entry["title"])
        added.link(href=entry["url"])
        added.description(entry["summary"])
        added.content(entry["content"])
        added.published(entry["published"])
        added.category(entry["categories"])
        added.dc.dc_creator(entry["creator"])
    written: bytes = feed.rss_str(pretty=True)
    return written
