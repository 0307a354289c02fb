"""How many examples a law is tried on, and strategies of several modules: entry files, entries."""

import json
from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck
from hypothesis import settings as law
from hypothesis import strategies as st

from feedsite.model import NEVER
from feedsite.parsing.entryfields import FIELDS
from feedsite.settings import Section

from .builders import entry, entry_text, settings
from .tried import IS_CI, tries


def _examples(in_ci):
    """In CI so many, the same ones at each run; at a desk fewer, new ones at each run."""
    return law(
        max_examples=tries(in_ci),
        derandomize=IS_CI,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
    )


often, seldom, few = _examples(250), _examples(120), _examples(40)
law.register_profile("feedsite", _examples(100))  # for a law that names none of these
law.load_profile("feedsite")

SITE = settings(sections={"world": Section(title="World")})
YAML = [
    *"\n\n\n   ::--[]{}|>'\"#&*!%@`?,\\~.<\t\r\ufeff\x85",
    ": ",
    "- ",
    "\n  ",
    "\n- ",
    "---",
    "...",
    "\r\n",
    " #",
    "<<",
    "日",
    "x",
]
NAMES = [
    "title",
    "published",
    "body: |\n  ",
    "status",
    "withdrawn",
    "tags",
    "image",
    "2026-11-22",
    "draft",
    "{at: 2026-11-23}",
]
ADDRESSES = st.from_regex(r"(https?:)?//[\w.:@\[\]ü-]{0,20}(/[\w%?#é]{0,9}){0,3}", fullmatch=True)
VALUES = st.recursive(
    st.text(max_size=20) | st.sampled_from(["2026-11-22", "draft", "withdrawn", "3", "a/b", "images/x"]) | ADDRESSES,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["url", "src", "alt", "name", "at", "type", "reason"]), inner, max_size=4)
    ),
    max_leaves=5,
)


@st.composite
def spoilt(draw):
    """A good file with a slip or two."""
    text = entry_text(section="world", tags="[a, 'b']", image="{src: images/a.png, alt: x}", link="https://a.example")
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(text)))
        end = start + draw(st.integers(0, 3))
        text = text[:start] + draw(st.sampled_from(["", *YAML, *NAMES])) + text[end:]
    return text.encode()


FILES = (
    st.binary(max_size=200)
    | st.text(max_size=200).map(str.encode)
    | st.lists(st.sampled_from(YAML + NAMES), max_size=30).map("".join).map(str.encode)
    | spoilt()
    | st.dictionaries(st.sampled_from([*FIELDS]), VALUES).map(
        lambda said: json.dumps(said, ensure_ascii=False).encode()
    )
)
# Paths of entry files, many of which are alike but for their numbers, zeros, accents or endings.
SOURCES = st.builds(
    "entries/{}{}".format,
    st.lists(st.sampled_from("0 00 1 9 10 010 a B - é é 日 🚃 / .".split(" ")), min_size=1, max_size=6).map("".join)
    | st.text(st.characters(codec="utf-8", exclude_categories=["C"]), min_size=1, max_size=9),
    st.sampled_from([".yaml", ".yml", ".YAML"]),
)
NOW = datetime(2026, 11, 22, tzinfo=UTC)
PUBLISHED = st.integers(-3, 3).map(lambda hours: NOW + timedelta(hours=hours))
ENTRIES = st.lists(
    st.builds(
        lambda published, id_, path, aliases: {"published": published, "id": id_, "path": path, "aliases": aliases},
        PUBLISHED | st.just(NEVER),
        st.sampled_from("abcdefgh"),
        st.sampled_from(["/a/", "/b/", "/c/", "/d/", "/e/", "/f/"]),
        st.lists(st.sampled_from(["/a", "/c", "/x", "/x/", "/y"]), max_size=2).map(tuple),
    ),
    max_size=8,
).map(
    lambda said: [
        entry(str(number), **(fields_ | {"updated": fields_["published"]})) for number, fields_ in enumerate(said)
    ]
)
