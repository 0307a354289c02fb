"""What a message proposes is accepted once it is pasted in, and means what was meant."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from feedsite.languages import months, own_name
from feedsite.model import Enclosure, Image
from feedsite.parsing import entryfile
from feedsite.urls import slug_of

from .support.builders import BERLIN, PATH, entry_text, settings
from .support.laws import often
from .support.mending import mended

SITE = settings()
NAMED = "ar cs da de es fr he hu it ja ko nl pl pt ru sv tr uk zh".split()
MOST_STEPS = 3  # a file may have as many faults, one behind the other


def read(text):
    return entryfile.read(text.encode(), PATH, SITE)


def mend(text):
    """The entry of a file with faults, each mended as its message says."""
    for _ in range(MOST_STEPS):
        found = read(text)
        faults = [fault for fault in found.faults if not fault.is_note]
        if not faults:
            return found.entry
        text = mended(text, faults[0])
    raise AssertionError((text, read(text).faults))


OFFSETS = st.integers(-12 * 4, 14 * 4).map(lambda quarters: timezone(timedelta(minutes=15 * quarters)))
MEANT = st.datetimes(datetime(1971, 1, 1), datetime(2099, 1, 1)).map(lambda at: at.replace(microsecond=0, second=0))  # noqa: DTZ001
ZONES = {"EST": -5, "EDT": -4, "PST": -8, "PDT": -7, "GMT": 0, "UTC": 0, "CET": 1, "CEST": 2, "JST": 9}
WITH_OFFSET = ["%Y-%m-%d %H:%M:%S {short}", "%a, %d %b %Y %H:%M:%S {offset}", "%B %d, %Y %I:%M %p UTC{colon}"]
LOCAL = [
    "%d.%m.%Y %H:%M",
    "%Y/%m/%d %H:%M",
    "%d %B %Y, %I:%M %p",
    "%b %d %Y at %I:%M%p",
    "%Y%m%dT%H%M%S",
    "%Y-%m-%dT%H:%M:%S.123",
    "%d/%m/%Y %H:%M",
    "%Y年%m月%d日 %H時%M分",
]


@often
@given(MEANT, OFFSETS, st.sampled_from(WITH_OFFSET))
def test_a_date_with_an_offset_in_another_spelling_becomes_the_same_instant(meant, offset, form):
    """Offsets of one digit, without zeros, behind UTC, or as RFC 822 has them."""
    at = meant.replace(tzinfo=offset)
    hours, minutes = divmod(abs(int(at.utcoffset().total_seconds())) // 60, 60)
    sign = "-" if at.utcoffset() < timedelta(0) else "+"
    short = f"{sign}{hours}" + (f":{minutes:02}" if minutes else "")
    written = at.strftime(form).format(
        short=short, offset=f"{sign}{hours:02}{minutes:02}", colon=f"{sign}{hours:02}:{minutes:02}"
    )
    assert mend(entry_text(published=f'"{written}"')).published == at


@often
@given(MEANT, st.sampled_from(sorted(ZONES)))
def test_a_date_with_an_abbreviation_of_one_zone_becomes_the_same_instant(meant, zone):
    """EST, JST and the like are offsets, and no guesses."""
    at = meant.replace(tzinfo=timezone(timedelta(hours=ZONES[zone])))
    assert mend(entry_text(published=f"{meant:%Y-%m-%d %H:%M} {zone}")).published == at


@often
@given(MEANT, st.sampled_from(LOCAL))
@example(datetime(2026, 4, 3, 0, 5), "%d/%m/%Y %H:%M")  # noqa: DTZ001
def test_a_date_in_another_spelling_becomes_the_same_time_of_the_site(meant, form):
    """12-hour clocks, names of months, day first: the first proposal is the day before the month."""
    early, late = meant.replace(tzinfo=BERLIN), meant.replace(tzinfo=BERLIN, fold=1)
    assume(early.utcoffset() == late.utcoffset())  # shown once by the site's clocks
    assert mend(entry_text(published=f'"{meant.strftime(form)}"')).published == early


@often
@given(
    st.integers(0, 999 * 3600),
    st.sampled_from(["{h}h {m}m {s}s", "{h} hr {m} min {s} sec", "{h}:{m}:{s}", "PT{h}H{m}M{s}S"]),
)
@example(1865, "{h}h {m}m {s}s")
def test_a_duration_in_another_spelling_becomes_the_same_one(seconds, form):
    """In hours, minutes and seconds."""
    written = form.format(h=seconds // 3600, m=seconds // 60 % 60, s=seconds % 60)
    text = entry_text(enclosures=f'\n  - url: audio/a.mp3\n    duration: "{written}"')
    assert mend(text).enclosures[0].duration == seconds


NAMES = sorted(name for name, numbers in months().items() if len(numbers) == 1 and len(name) > 2)


@often
@given(
    MEANT, st.sampled_from(NAMES), st.sampled_from(["{d} {m} {y}", "{d}. {m} {y}", "{d} de {m} de {y}", "{m} {d}, {y}"])
)
@example(datetime(2000, 1, 1, tzinfo=UTC), "zář", "{d} {m} {y}")
def test_a_day_with_a_months_name_in_another_language_becomes_that_day(meant, name, form):
    """In each language that editors' dates are read in."""
    (month,) = months()[name]
    assume(meant.day < 29 and name not in ("mar", "sht"))
    found = mend(entry_text(published=f'"{form.format(d=meant.day, m=name, y=meant.year)}"'))
    assert (found.day.day, found.day.month, found.day.year) == (meant.day, month, meant.year)


@often
@given(st.sampled_from(NAMED))
def test_a_language_by_its_name_becomes_its_tag(tag):
    """Its own name."""
    assume(own_name(tag) != tag)
    assert mend(entry_text(language=f'"{own_name(tag)}"')).language == tag


@pytest.mark.parametrize(
    ("fields", "name", "value"),
    [
        (
            {"enclosure": "audio/talk.mp3"},
            "enclosures",
            (Enclosure(url="https://news.example/audio/talk.mp3", type="audio/mpeg"),),
        ),
        ({"picture": "images/a.jpg"}, "image", Image(src="https://news.example/images/a.jpg", alt="what it shows")),
        ({"body": None}, "body", "<p>The text.</p>\n"),
        ({"language": "[de, en]"}, "language", "de"),
        ({"published": '"2026-11-22 24:00"'}, "published", datetime(2026, 11, 22, 23, tzinfo=UTC)),
        ({"published": "true"}, "published", datetime(2026, 11, 21, 23, tzinfo=UTC)),
    ],
)
def test_what_a_message_shows_can_be_pasted(fields, name, value):
    """A text alone in the place of fields, a missing text, a list in the place of one value."""
    assert getattr(mend(entry_text(**fields)), name) == value


PARTS = st.lists(st.from_regex(r"[a-zé][a-z0-9é._~-]{0,9}[a-z0-9]", fullmatch=True), min_size=1, max_size=4)


@often
@given(PARTS, st.sampled_from(["https://old.example/", "http://old.example:8080/", "//old.example/", "", "/"]))
@example(["2014", "x.html"], "https://old.example/")
def test_an_old_address_becomes_the_path_that_old_links_ask_for(parts, before):
    """Capitals, endings and dots of an old address are those of its alias."""
    path = f"/{'/'.join(parts)}"
    text = entry_text(aliases=f'["{before}{path.removeprefix("/")}"]')
    fault = next((fault for fault in read(text).faults if "is not a path on this site" in fault.message), None)
    assume(fault is None or "write one such as" not in fault.message)
    assume(
        not any(
            "belongs to the site" in fault.message or "no file can stand" in fault.message
            for fault in read(text).faults
        )
    )
    assert mend(text).aliases == (path,)


@often
@given(st.text(st.characters(exclude_categories=["C"]), min_size=1, max_size=80))
@example("Con")
@example("ǰ" * 60)
def test_a_slug_in_other_letters_becomes_one_that_can_stand(written):
    """The proposal begins as the words of what was written."""
    quoted = written.replace("\\", "\\\\").replace('"', '\\"')
    text = entry_text(slug=f'"{quoted}"')
    assume(written.strip() and all(ord(letter) < 0xFFFE for letter in written))
    slug = mend(text).path.split("/")[3]
    words = slug_of(written)
    assert not words or words.startswith(slug.removesuffix("-2")) or words[:3] == slug[:3]


ITEMS = st.text(st.sampled_from("ab '\"#@:&!*%{}[]|>?`~日.+="), min_size=1, max_size=8).map(str.strip)


@often
@given(st.lists(ITEMS, min_size=2, max_size=4), st.sampled_from([", ", "; "]))
@example(["C#", "@home"], ", ")
@example(["null", "a: b"], ", ")
def test_a_list_in_one_line_of_text_becomes_a_list_of_the_same_items(items, separator):
    """Items with signs that YAML has uses for are proposed in quotation marks."""
    assume(all(items) and len({item.casefold() for item in items}) == len(items))
    text = separator.join(items).replace("\\", "\\\\").replace('"', '\\"')
    text = entry_text(contributors=f'"{text}"')
    assume("as a list" in read(text).faults[0].message)
    assume(not any("<" in item for item in items))
    assert [person.name for person in mend(text).contributors] == [" ".join(item.split()) for item in items]


SENTENCES = st.lists(st.from_regex(r"[A-Z][a-z]{1,5}( [a-z]{1,5}){0,3}", fullmatch=True), min_size=2, max_size=4).map(
    ", ".join
)


@often
@given(SENTENCES, st.sampled_from(["", ": at nine", ", that is: nine"]))
@example("The dredger has four pumps, not five.", "")
def test_a_sentence_with_commas_between_braces_is_kept_whole(sentence, more):
    """No word of it is lost by doing as the message says."""
    text = entry_text(corrections=f"\n  - {{at: 2026-11-23, note: {sentence}{more}}}")
    assert [correction.note for correction in mend(text).corrections] == [f"{sentence}{more}"]


TITLES = st.text(st.sampled_from("ab  ::#@&!*%{}[]|>?`-,日"), min_size=1, max_size=12).map(str.strip)


@often
@given(TITLES)
@example("[#one] b")
@example("“a: b”")
@example("@a: #b")
def test_a_title_with_signs_of_yaml_is_kept_whole(title):
    """Where a plain title is a fault, what the message shows is the whole title."""
    text = entry_text(title=title, summary="x")
    found = [fault for fault in read(text).faults if not fault.is_note]
    assume(found and "write title: " in found[0].message)
    assert mend(text).title == " ".join(title.strip("“”").split())


@pytest.mark.parametrize(
    ("fields", "section", "tags"),
    [
        ({"section": "[news, team]"}, "news", ("team",)),
        ({"categories": "[news, team]", "tags": "[rail, team]"}, "news", ("rail", "team")),
        ({"category": "[news]"}, "news", ()),
        ({"categories": '["C#", "a: b"]'}, "C#", ("a: b",)),
    ],
)
def test_a_list_of_sections_becomes_a_section_and_tags(fields, section, tags):
    """The first is the section; the others join the tags that are there."""
    found = mend(entry_text(**fields))
    assert (found.section.label, tuple(tag.label for tag in found.tags)) == (section, tags)


@pytest.mark.parametrize(
    ("fields", "aliases"),
    [
        ({"permalink": "/2014/x.html"}, ("/2014/x.html",)),
        ({"url": "/2014/x.html", "aliases": "[/old]"}, ("/old", "/2014/x.html")),
    ],
)
def test_an_old_address_of_another_generator_becomes_an_alias(fields, aliases):
    """It joins the aliases that are there."""
    assert mend(entry_text(**fields)).aliases == aliases


def test_what_is_not_published_yet_becomes_a_draft():
    """`published: false` is replaced by the status."""
    assert mend(entry_text(published="false")).published.year == 9999
