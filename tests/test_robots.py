"""robots.txt: everything may be read, but what site.yaml says else. The icon at /favicon.ico."""

import json
from urllib.robotparser import RobotFileParser

import pytest

from feedsite import export, urls
from feedsite.document import Document
from feedsite.errors import Faults
from feedsite.folder.mediafiles import Medium
from feedsite.parsing.sitefile import read as read_settings
from feedsite.site import Site

from .support.builders import edition, settings, site

REQUIRED = "title: The Meridian\ndescription: World news, set plainly.\n"
SITEMAPS = "Sitemap: https://news.example/sitemap.xml\nSitemap: https://news.example/sitemap-news.xml\n"


def robots(text):
    return site(robots=text)["/robots.txt"].body.decode()


def read(block):
    made, notes = read_settings(f"{REQUIRED}robots: |\n  {block.replace(chr(10), chr(10) + '  ')}\n".encode(), {})
    assert notes == ()
    return made.robots


def faults_of(block):
    with pytest.raises(Faults) as caught:
        read(block)
    return [str(fault) for fault in caught.value.faults]


def may(text, program, path):
    parser = RobotFileParser()
    parser.parse(robots(text).splitlines())
    assert parser.site_maps() == ["https://news.example/sitemap.xml", "https://news.example/sitemap-news.xml"]
    return parser.can_fetch(program, f"https://news.example{path}")


def test_without_a_setting_everything_may_be_read():
    assert robots("") == f"User-agent: *\nDisallow:\n\n{SITEMAPS}"
    assert site()["/robots.txt"].media_type == "text/plain; charset=utf-8"
    assert may("", "GPTBot", "/2026/11/night-trains/")


def test_a_rule_for_one_program_leaves_the_others_alone():
    text = "User-agent: GPTBot\nDisallow: /"
    assert robots(text) == f"User-agent: *\nDisallow:\n\n{text}\n\n{SITEMAPS}"
    assert not may(text, "GPTBot", "/")
    assert may(text, "Other", "/")


@pytest.mark.parametrize("agent", ["User-agent: *", "user-agent:*", "User-Agent : *  # all"])
def test_a_rule_for_all_programs_stands_in_the_place_of_the_own_one(agent):
    text = f"{agent}\nDisallow: /tag/"
    assert robots(text) == f"{text}\n\n{SITEMAPS}"
    assert not may("User-agent: *\nDisallow: /tag/", "Other", "/tag/rail/")


def test_lines_comments_and_blanks_are_taken_as_they_are():
    block = (
        "# Ours\nUser-agent: GPTBot\nDisallow: /\n\nLicense: https://news.example/rsl.xml\nContent-Usage: train-ai=n"
    )
    assert read(block) == block


def test_each_line_that_is_none_is_a_fault_at_its_own_place():
    """With what to write instead."""
    assert faults_of("User-agent: GPTBot\nDisallow /drafts/\n\nnonsense\nUser-agent:") == [
        'site.yaml:5:1: "Disallow /drafts/" is no line of robots.txt; write Disallow: /drafts/',
        'site.yaml:7:1: "nonsense" is no line of robots.txt; write a name, a colon and a value, such as'
        " Disallow: /drafts/",
        "site.yaml:8:1: this line names no program; write User-agent: * for all of them",
    ]


def test_a_rule_that_is_for_nobody_is_a_fault():
    assert faults_of("Sitemap: https://news.example/x.xml\nDisallow: /drafts/") == [
        'site.yaml:5:1: "Disallow: /drafts/" is for nobody; write a line above it, such as User-agent: *'
    ]


def test_a_line_alone_needs_no_block():
    made, _ = read_settings(f'{REQUIRED}robots: "Content-Usage: train-ai=n"\n'.encode(), {})
    assert made.robots == "Content-Usage: train-ai=n"
    with pytest.raises(Faults) as caught:
        read_settings(f"{REQUIRED}robots: nonsense\n".encode(), {})
    assert str(caught.value.faults[0]).startswith('site.yaml:3:9: "nonsense" is no line of robots.txt;')


def test_a_line_of_robots_changes_no_other_document():
    before, after = ({one.path: one.fingerprint for one in site(robots=text).plan} for text in ("", "A: b"))
    assert {path for path in before if before[path] != after[path]} == {"/robots.txt"}


ICON = Document(b"an icon", "image/png")


def with_icon(icon, mark="1"):
    media = {"/images/icon.png": Medium(mark, lambda: ICON), "/audio/icon.png": Medium("1", lambda: ICON)}
    return Site(edition(), settings(icon=icon), media)


def test_the_icon_stands_where_browsers_ask_for_it():
    """With its own media type, and changes when it does."""
    address = "https://news.example/images/icon.png"
    assert with_icon(address)["/favicon.ico"] == ICON
    marks = {one.fingerprint for mark in "12" for one in with_icon(address, mark).plan if one.path == "/favicon.ico"}
    assert len(marks) == 2


@pytest.mark.parametrize(
    "icon",
    [
        None,
        "https://else.example/images/icon.png",
        "https://news.example/images/none.png",
        "https://news.example/audio/icon.png",
    ],
)
def test_an_icon_elsewhere_stands_at_no_path_of_the_site(icon):
    a_site = with_icon(icon)
    assert a_site.find("/favicon.ico") is None
    assert "/favicon.ico" not in list(a_site)


@pytest.mark.parametrize("path", ["/robots.txt", "/favicon.ico"])
def test_no_alias_can_take_these_addresses(path):
    assert urls.is_own(path)


def test_an_operators_own_robots_txt_stays(tmp_path):
    """A file that feedsite did not write; that is no failure."""
    out = tmp_path / "out"
    for _ in export.write(site(), out):
        pass
    manifest = out / ".feedsite" / "written.json"
    known = json.loads(manifest.read_text())
    assert known["rows"].pop("robots.txt")
    manifest.write_text(json.dumps(known))
    (out / "robots.txt").write_text("theirs")
    changes = {change.path: change.action for change in export.write(site(robots="A: b"), out)}
    assert changes["robots.txt"] == "kept"
    assert (out / "robots.txt").read_text() == "theirs"
