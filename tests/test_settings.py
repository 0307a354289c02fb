"""site.yaml and the environment as Settings."""

from zoneinfo import ZoneInfo

import pytest

from feedsite.errors import Faults
from feedsite.model import Person
from feedsite.parsing.sitefile import ADDRESS, PREVIEW, overrides
from feedsite.parsing.sitefile import read as read_settings
from feedsite.settings import Publisher, Section, Settings

from .support.builders import BERLIN

REQUIRED = "title: The Meridian\ndescription: World news, set plainly.\n"


def read(more="", **environment):
    """The settings of a file with the required fields and `more`, which has no notes."""
    settings, notes = read_settings((REQUIRED + more).encode(), environment)
    assert notes == ()
    return settings


def faults_of(more="", **environment):
    return faults_of_file(REQUIRED + more, **environment)


def faults_of_file(text, **environment):
    with pytest.raises(Faults) as caught:
        read_settings(text.encode(), environment)
    return [str(fault) for fault in caught.value.faults]


EVERYTHING = """\
title: The  Meridian
description: World news, set plainly.
id: tag:news.example,2021:/
base_url: HTTPS://News.Example:8080/Blog/
language: ZH-hant
timezone: Europe/Berlin
publisher: {name: Meridian Press, email: desk@news.example, url: "https://press.example/", logo: images/logo.svg}
authors:
  sato: {name: Mina Sato, email: sato@news.example, url: "https://sato.example/"}
  agency: Meridian Wire
sections:
  world: World
  world/asia: {title: Asia, description: Asia and the Pacific.}
window: 20
hub: https://hub.example/
ping: true
purge: ["http://10.0.0.2:6081/", "http://10.0.0.3:6081"]
rights: © The Meridian
icon: /images/icon.png
x-own: [what, ever]
"""


def test_every_field_of_site_yaml_becomes_its_part_of_the_settings():
    """The host is in lower case, base_url ends without a slash, pictures' addresses are absolute."""
    assert read_settings(EVERYTHING.encode(), {}) == (
        Settings(
            title="The Meridian",
            description="World news, set plainly.",
            id="tag:news.example,2021:/",
            base_url="https://news.example:8080/Blog",
            language="zh-Hant",
            timezone=BERLIN,
            publisher=Publisher(
                name="Meridian Press",
                email="desk@news.example",
                url="https://press.example/",
                logo="https://news.example:8080/Blog/images/logo.svg",
            ),
            authors={
                "sato": Person(name="Mina Sato", email="sato@news.example", url="https://sato.example/"),
                "agency": Person(name="Meridian Wire"),
            },
            sections={
                "world": Section(title="World"),
                "world/asia": Section(title="Asia", description="Asia and the Pacific."),
            },
            window=20,
            hub="https://hub.example/",
            ping=True,
            purge=("http://10.0.0.2:6081", "http://10.0.0.3:6081"),
            rights="© The Meridian",
            icon="https://news.example:8080/Blog/images/icon.png",
        ),
        (),
    )


def test_a_title_and_a_description_are_enough():
    """All other settings have defaults; the publisher's name is the site's title."""
    assert read() == Settings(
        title="The Meridian",
        description="World news, set plainly.",
        language="en",
        timezone=ZoneInfo("UTC"),
        publisher=Publisher(name="The Meridian"),
        authors={},
        sections={},
        window=50,
    )


def test_a_publisher_without_a_name_is_called_as_the_site_is():
    """A publisher with an e-mail address only has the site's title as its name."""
    assert read("publisher: {email: desk@news.example}\n").publisher == Publisher(
        name="The Meridian", email="desk@news.example"
    )


def test_links_point_to_the_preview_while_no_base_url_is_named():
    """A site without a base_url has links to 127.0.0.1."""
    assert read().urls.absolute("/feed.rss") == "http://127.0.0.1:8000/feed.rss"


@pytest.mark.parametrize(
    ("more", "site_id"),
    [
        ("", "http://127.0.0.1:8000/"),
        ("base_url: https://news.example/blog/\n", "https://news.example/blog/"),
        ("base_url: https://news.example\nid: tag:news.example,2021:/\n", "tag:news.example,2021:/"),
    ],
)
def test_the_site_is_called_by_its_id_else_by_its_address(more, site_id):
    """RFC 4287 4.2.6: an id stays when the address changes."""
    assert read(more).site_id == site_id


@pytest.mark.parametrize(
    ("name", "value", "field", "became"),
    [
        ("FEEDSITE_TITLE", "Der Meridian", "title", "Der Meridian"),
        ("FEEDSITE_DESCRIPTION", "Nachrichten", "description", "Nachrichten"),
        ("FEEDSITE_ID", "tag:a.example,2026:/", "id", "tag:a.example,2026:/"),
        ("FEEDSITE_BASE_URL", "https://a.example/", "base_url", "https://a.example"),
        ("FEEDSITE_LANGUAGE", "DE-at", "language", "de-AT"),
        ("FEEDSITE_TIMEZONE", "Asia/Tokyo", "timezone", ZoneInfo("Asia/Tokyo")),
        ("FEEDSITE_WINDOW", "5", "window", 5),
        ("FEEDSITE_HUB", "https://b.example/", "hub", "https://b.example/"),
        ("FEEDSITE_PING", "false", "ping", False),
        ("FEEDSITE_PURGE", " http://a:6081/, http://b:6081", "purge", ("http://a:6081", "http://b:6081")),
        ("FEEDSITE_RIGHTS", "CC0", "rights", "CC0"),
        ("FEEDSITE_ICON", "https://b.example/i.png", "icon", "https://b.example/i.png"),
    ],
)
def test_the_environment_wins_over_the_file(name, value, field, became):
    """Each field that has a variable takes its value, checked as in the file."""
    settings, _ = read_settings(EVERYTHING.encode(), {name: value})
    assert getattr(settings, field) == became


def test_the_environment_can_give_what_the_file_lacks():
    """A required field may be in the environment only."""
    settings, _ = read_settings(b"language: de\n", {"FEEDSITE_TITLE": "A: b", "FEEDSITE_DESCRIPTION": "# c"})
    assert (settings.title, settings.description, settings.language) == ("A: b", "# c", "de")


def test_the_environment_mends_a_fault_of_the_file():
    """A field that a variable replaces is not checked."""
    assert read("window: many\n", FEEDSITE_WINDOW="5").window == 5


def test_other_variables_change_nothing():
    """Variables of the command, of list fields, and in other spellings are not settings."""
    others = {
        "FEEDSITE_SITE": "/srv",
        "FEEDSITE_PORT": "1",
        "FEEDSITE_AUTHORS": "x",
        "TITLE": "x",
        "feedsite_title": "x",
    }
    assert read(**others) == read()


def test_an_empty_variable_is_as_if_it_were_not_set():
    """A service's template that leaves FEEDSITE_BASE_URL= empty does not take the site's address away."""
    assert read("base_url: https://news.example\n", FEEDSITE_BASE_URL="", FEEDSITE_TITLE="") == read(
        "base_url: https://news.example\n"
    )


LISTENING = {ADDRESS: "http://127.0.0.1:8080"}  # as `feedsite serve` sets it for its workers


def test_without_a_base_url_links_point_to_where_a_server_listens_and_no_hub_is_notified():
    """A base_url in site.yaml or in the environment comes first, and with one hubs are notified."""
    pinged = "hub: https://hub.example/\nping: true\n"
    preview, _ = read_settings((REQUIRED + pinged).encode(), LISTENING)
    assert (preview.urls.absolute("/"), preview.ping) == ("http://127.0.0.1:8080/", False)
    for more, environment in [("base_url: https://a.example\n", {}), ("", {"FEEDSITE_BASE_URL": "https://a.example"})]:
        settings = read(pinged + more, **environment, **LISTENING)
        assert (settings.base_url, settings.ping) == ("https://a.example", True)


def test_an_address_to_fall_back_on_is_a_setting_only_where_there_is_no_other():
    """Servers at several ports share an index, unless their links differ."""
    assert overrides(LISTENING) == {}
    assert overrides({**LISTENING, PREVIEW: "true"}) == {"address": "http://127.0.0.1:8080"}


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("FEEDSITE_BASE_URL", "news.example", '"news.example" is not a web address'),
        ("FEEDSITE_WINDOW", "many", '"many" is not a whole number'),
        ("FEEDSITE_TIMEZONE", "Mars", '"Mars" is not a time zone'),
        ("FEEDSITE_PURGE", "http://a:6081, b:6081", '"b:6081" is not a web address'),
        ("FEEDSITE_PING", "1", '"1" is neither true nor false; write true'),
        ("FEEDSITE_TITLE", "War\x07", "U+0007"),
        ("FEEDSITE_DESCRIPTION", "cut \udce5", "U+DCE5"),
    ],
)
def test_a_fault_in_the_environment_names_its_variable(name, value, message):
    """The fault of a variable names the variable instead of site.yaml."""
    (fault,) = faults_of(**{name: value})
    assert name in fault
    assert message in fault


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        ("base_url: news.example\n", '3:11: "news.example" is not a web address; write it whole'),
        ("base_url: https://a@news.example\n", '3:11: "https://a@news.example" cannot be a base_url'),
        ("base_url: https://news.example//blog\n", '3:11: "https://news.example//blog" cannot be a base_url'),
        ("base_url: https://news.example/../x\n", '3:11: "https://news.example/../x" cannot be a base_url'),
        ("base_url: 'https://news.example:'\n", '3:11: "https://news.example:" cannot be a base_url'),
        ("base_url: https://news.example/?a=b\n", '3:11: "https://news.example/?a=b" cannot be a base_url'),
        ("base_url: https://news.example/#top\n", '3:11: "https://news.example/#top" cannot be a base_url'),
        ("id: my site\n", '3:5: "my site" cannot be an id'),
        ("language: english\n", '3:11: "english" is not a language'),
        ("timezone: Berlin\n", '3:11: "Berlin" is not a time zone; write Europe/Berlin'),
        ("timezone: Asia/Tapei\n", '3:11: "Asia/Tapei" is not a time zone; write Asia/Taipei'),
        ("timezone: Middle Earth\n", '3:11: "Middle Earth" is not a time zone; write one such as Europe/Berlin'),
        ("timezone: Europe\n", '3:11: "Europe" is not a time zone'),
        ("timezone: ../../etc/passwd\n", '3:11: "../../etc/passwd" is not a time zone'),
        ("window: 0\n", "3:9: 0 is too small"),
        ("window: many\n", '3:9: "many" is not a whole number'),
        ("hub: hub.example\n", '3:6: "hub.example" is not a web address; write it whole, such as https://hub.example'),
        ("purge: [127.0.0.1:6081]\n", '3:9: "127.0.0.1:6081" is not a web address; write it whole'),
        ("ping: yes\n", '3:7: "yes" is neither true nor false; write true'),
        ("icon: ../icon.png\n", '3:7: "../icon.png" is no address'),
        ('icon: "https://zürich..example/i.png"\n', "3:7: "),
        ("publisher: Meridian\n", "3:12: publisher is written as fields: {name: "),
        ("publisher: {name: M, logo: //a/b.svg}\n", '3:28: "//a/b.svg" is no address'),
        ('publisher: {name: M, logo: "https://zürich..example/l.svg"}\n', "3:28: "),
        ("authors: [Mina Sato]\n", "3:10: this is written as fields, indented below: `sato: {name: Mina Sato}`"),
        ("authors:\n  sato: {email: sato@news.example}\n", "4:9: a person has no `name`"),
        ("authors:\n  sato:\n", "4:3: sato is empty"),
        ("sections: world\n", "3:11: this is written as fields, indented below: `world: {title: World}`"),
        ("sections:\n  world: {titel: World}\n", '4:11: "titel" is called title here'),
        ("sections:\n  world:\n", "4:3: world is empty"),
        ("titel: The Meridian\n", '3:1: "titel" is called title here'),
        ("url: https://news.example\n", '3:1: "url" is called base_url here'),
        ("author: Mina\n", '3:1: "author" is called authors here'),
        (
            "pin: true\n",
            "3:1: pin stands in an article, not in site.yaml; write `pin: true` in the file of the one that leads; "
            "take the line out here",
        ),
        ("colour: red\n", '3:1: site.yaml has no field "colour"; take it out, or call it `x-colour`'),
        ("title: Twice\n", "3:1: title is written twice, first on line 1"),
        ("rights: a: b\n", '3:10: a value that holds a colon must stand in quotation marks; write rights: "a: b"'),
    ],
)
def test_a_fault_of_site_yaml_has_its_place_and_one_message(more, fault):
    """Each cause has one fault, with the line, the column and what to write instead."""
    (only,) = faults_of(more)
    assert only.startswith(f"site.yaml:{fault}")


@pytest.mark.parametrize(
    ("more", "environment", "note"),
    [
        (
            "ping: true\n",
            {},
            "site.yaml:3:1: note: so far no hub is told of changes; "
            "add `hub: https://hub.example/` and `base_url: https://news.example`",
        ),
        (
            "base_url: https://a.example\nping: true\n",
            {},
            "site.yaml:4:1: note: so far no hub is told of changes; add `hub: https://hub.example/`",
        ),
        (
            "hub: https://a.example/\n",
            {"FEEDSITE_PING": "true"},
            "FEEDSITE_PING: note: so far no hub is told of changes; add `base_url: https://news.example`",
        ),
    ],
)
def test_a_ping_that_reaches_nobody_is_noted(more, environment, note):
    """`ping` without a hub or a base_url is a note, and no fault."""
    found, notes = read_settings((REQUIRED + more).encode(), environment)
    assert (found.ping, [str(one) for one in notes]) == (True, [note])


def test_all_faults_of_site_yaml_are_reported_in_one_run():
    """Faults are in the order of the file, missing fields included."""
    assert [fault.partition(";")[0] for fault in faults_of_file("window: 0\ntitle:\nlanguage: english\n")] == [
        "site.yaml:1:1: site.yaml has no `description`",
        "site.yaml:1:9: 0 is too small",
        "site.yaml:2:1: title is empty",
        'site.yaml:3:11: "english" is not a language',
    ]


def test_the_fault_of_an_empty_site_yaml_is_not_about_articles():
    """An empty site.yaml is one fault, which mentions no article."""
    (fault,) = faults_of_file("# to be written\n")
    assert fault.startswith("site.yaml:1:1: the file is empty")
    assert "article" not in fault


def test_the_text_of_faults_is_one_line_each():
    """The text of the exception Faults has one line for each fault."""
    with pytest.raises(Faults) as caught:
        read_settings(b"window: 0\ntitle: x\ndescription: y\nhub: z\n", {})
    assert len(str(caught.value).splitlines()) == len(caught.value.faults) == 2


OWN = """\
language: pl
words:
  Newest: Latest
  "Correction: {title}": "{title}, mended"
  "{number} article": {one: one story, few: "{number} stories", other: "{number} of stories"}
  "{number} notice": "notices: {number}"
"""


def test_a_sites_own_words_have_a_form_for_each_plural_of_its_language():
    """One that is not written has that of `other`; a text alone is for all numbers."""
    assert read(OWN).own_words == (
        ("Newest", ("Latest",)),
        ("Correction: {title}", ("{title}, mended",)),
        ("{number} article", ("one story", "{number} stories", "{number} of stories")),
        ("{number} notice", ("notices: {number}",)),
    )


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        ("Newst: Latest", '3:9: no page or feed says "Newst"; write `Newest:`'),
        ("Zzz: Latest", '3:9: no page or feed says "Zzz"; docs/languages.md lists them'),
        ("Newest: ~", '3:9: "Newest" is empty; write what the site says instead, or take the line out'),
        ("Newest: {other: Latest}", '3:17: "Newest" is one text; write `Newest: ...` with yours for the dots'),
        ('"Newest": "Latest {x}"', "3:19: the message has no {x}; write your text without it"),
        ('"Contributors: {names}": "With {name}"', "3:34: the message has no {name}; it has {names}"),
        ('"Contributors: {names}": With', '3:34: "With" lacks {names}; write it where its value shall stand'),
        ('"Contributors: {names}": "With {names"', '3:34: "With {names" has a brace too many or too few'),
        ('"Contributors: {names}": "With {names.x}"', '3:34: "With {names.x}" has a brace too many or too few'),
        ('"{number} more feed": {one: more}', "3:31: there is no `other`"),
        ('"{number} more feed": {six: more}', '3:32: "six" is no plural; the plurals of languages are zero, one'),
        ('"{number} more feed": {other: more}', '3:39: "more" lacks {number}'),
    ],
)
def test_a_fault_in_a_sites_own_words_says_what_to_write(words, fault):
    (only,) = faults_of(f"words: {{{words}}}\n")
    assert only.startswith(f"site.yaml:{fault}")
