"""Links to own articles by their files: they lead to the addresses that these have, also when those change."""

import re
from dataclasses import dataclass
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedsite import filelinks
from feedsite.checking.keptnotes import faults_and_notes
from feedsite.codes import Code
from feedsite.folder.library import Library
from feedsite.plan import Plan
from feedsite.urls import Urls

from .support.builders import entry_text
from .support.golden import NOW

BASE = "https://news.example"
SITE = f"title: The Meridian\ndescription: World news.\nbase_url: {BASE}\n"


def write(folder, name, **fields):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    sound = {"id": f"tag:news.example,2026:{name}", "slug": path.stem}
    path.write_text(entry_text(**(sound | fields)))


def link(target):
    return f"|\n  The [old station]({target}) is open."


@pytest.fixture
def site(tmp_path):
    """A site with an article, entries/station.yaml, at /2026/11/station/."""
    (tmp_path / "site.yaml").write_text(SITE)
    write(tmp_path, "entries/station.yaml", body="|\n  ## What it costs")
    return tmp_path


def library(folder):
    made = Library(folder, {})
    made.read()
    return made


def plan(of):
    contents = of.contents(NOW)
    return Plan(contents.edition, contents.settings, contents.media)


def links(folder, name="entries/asia/trains.yaml"):
    """The addresses in the text of one article of a site, as its pages and feeds have them."""
    (entry,) = (one for one in library(folder).index.entries() if one.source == name)
    return re.findall(' href="([^"]*)"', entry.body)


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("../station.yaml", "/2026/11/station/"),
        ("entries/station.yaml", "/2026/11/station/"),
        ("/entries/station.yaml", "/2026/11/station/"),
        ("./../asia/../station.yaml", "/2026/11/station/"),
        ("../st%61tion.yaml", "/2026/11/station/"),
        (f"{BASE}/entries/station.yaml", "/2026/11/station/"),
        ("../station.yaml#what-it-costs", "/2026/11/station/#what-it-costs"),
        ("../../pages/about.yaml", "/about/"),
        ("pages/about.yaml", "/about/"),
        ("trains.yaml", "/2026/11/trains/"),
        ("station.yaml", "/entries/asia/station.yaml"),
        ("../../station.yaml", "/2026/11/station.yaml"),
        ("/station.yaml", "/station.yaml"),
    ],
)
def test_a_link_by_a_file_leads_to_the_address_of_its_article(site, written, address):
    """From the folder of the article, or from the site's. What names no file of an article stays as it was."""
    (site / "pages").mkdir()
    (site / "pages" / "about.yaml").write_text("title: About\nbody: x\n")
    write(site, "entries/asia/trains.yaml", body=link(written))
    found = links(site)
    assert found in ([BASE + address], [f"{BASE}/2026/{address.rpartition('/')[2]}"])


@pytest.mark.parametrize("written", ["https://elsewhere.example/entries/station.yaml", "mailto:station.yaml"])
def test_a_link_to_another_site_stays_as_it_is(site, written):
    """Whatever its path looks like."""
    write(site, "entries/asia/trains.yaml", body=link(written))
    assert links(site) == [written]


def test_an_address_stands_in_html_as_html_and_in_a_name_may_be_any_letter(site):
    """A file of another script is named as it is, or encoded."""
    write(site, "entries/駅.yaml", slug="駅")
    write(site, "entries/asia/trains.yaml", body=link("../駅.yaml"))
    assert links(site) == [Urls(BASE).absolute("/2026/11/駅/")]


def test_every_path_that_shows_the_text_is_among_the_changes_when_the_article_moves(site):
    """An export, the caches and the hub ask for those alone."""
    write(site, "entries/trains.yaml", body=link("station.yaml"))
    seen = library(site)
    before = plan(seen)
    fingerprints = {one.path: one.fingerprint for one in before}
    write(site, "entries/station.yaml", slug="old-station")
    seen.read()
    now = plan(seen)
    differing = {one.path for one in now if fingerprints.get(one.path) != one.fingerprint}
    assert {"/2026/11/trains/", "/2026/11/old-station/", "/feed.atom"} <= differing
    assert differing <= {path for path, _ in now.changes(before.state)}
    assert links(site, "entries/trains.yaml") == [f"{BASE}/2026/11/old-station/"]


def test_a_link_to_a_file_that_is_not_there_is_noted_with_the_nearest_one(site):
    """And one to a draft, and to a place that its page does not have."""
    write(site, "entries/draft.yaml", status="draft")
    write(site, "entries/a.yaml", body=link("sation.yaml"))
    write(site, "entries/b.yaml", body=link("draft.yaml"))
    write(site, "entries/c.yaml", body=link("station.yaml#cost"))
    codes = Code.LOST_LINK, Code.LOST_FRAGMENT
    found = sorted(fault for fault in faults_and_notes(library(site), NOW) if fault.code in codes)
    missing = "there is no entries/sation.yaml; is entries/station.yaml meant?"
    lost = "leads to that page's beginning, for nothing there has the id cost"
    assert [(fault.place, fault.message) for fault in found] == [
        ("entries/a.yaml:5:21", f'the link to "sation.yaml" leads nowhere, for {missing}'),
        ("entries/b.yaml:5:21", 'the link to "draft.yaml" leads nowhere: entries/draft.yaml is a draft'),
        ("entries/c.yaml:5:21", f'the link to "station.yaml#cost" {lost}'),
    ]


def test_a_link_to_the_file_of_an_article_that_appears_later_is_noted(site):
    """Its address stands in the text before. The note goes when the article is public."""
    later, last = "2027-01-02T09:00:00Z", "2027-01-03T09:00:00Z"
    write(site, "entries/later.yaml", published=later)
    write(site, "entries/a.yaml", body=link("later.yaml"))
    write(site, "entries/b.yaml", body=link("/2027/01/later/"))  # whoever types it knows it
    write(site, "entries/c.yaml", body=link("later.yaml"), published=last)
    write(site, "entries/d.yaml", body=link("later.yaml"), status="draft")
    seen = library(site)
    early, public = datetime.fromisoformat("2027-01-01T09:00:00Z"), datetime.fromisoformat(later)
    found = [fault for fault in faults_and_notes(seen, early) if fault.code is Code.EARLY_ADDRESS]
    message = (
        'the link to "later.yaml" shows its address to readers, who find nothing there until 2 January 2027 at 09:00'
    )
    assert [(fault.place, fault.message) for fault in found] == [
        ("entries/a.yaml:5:21", f"{message}; take the link out until then")
    ]
    assert not [fault for fault in faults_and_notes(seen, public) if fault.code is Code.EARLY_ADDRESS]


def test_an_article_that_is_refused_keeps_the_links_of_its_last_version(site):
    """And they follow as well."""
    write(site, "entries/trains.yaml", body=link("station.yaml"))
    seen = library(site)
    write(site, "entries/bridge.yaml")
    seen.read()
    write(site, "entries/trains.yaml", slug="bridge", body=link("bridge.yaml"))  # an address that another one holds
    seen.read()
    write(site, "entries/station.yaml", slug="old-station")
    seen.read()
    assert f'href="{BASE}/2026/11/old-station/"' in next(
        one.body for one in seen.index.entries() if one.source == "entries/trains.yaml"
    )


@dataclass(frozen=True)
class Said:
    """What a file says: its slug, whether it is a draft, and the files to which it links."""

    slug: str
    is_draft: bool
    links: tuple[str, ...]


NAMES = ("a", "b", "c")
STEPS = st.lists(
    st.tuples(
        st.sampled_from(NAMES),
        st.none()
        | st.builds(
            Said,
            st.sampled_from(["one", "two"]),
            st.booleans(),
            st.lists(st.sampled_from([*NAMES, "missing"]), max_size=2).map(tuple),
        ),
    ),
    max_size=8,
)


def texts(of):
    return {(one.source, one.path, one.body) for one in of.index.entries()}


@settings(max_examples=60)
@given(STEPS)
def test_a_node_that_saw_every_step_has_the_same_links_as_one_that_starts_now(tmp_path_factory, steps):
    """The law: whatever order files come, move, become drafts and go in, addresses follow from the files alone."""
    folder = tmp_path_factory.mktemp("site")
    (folder / "site.yaml").write_text(SITE)
    (folder / "entries").mkdir()
    seen = library(folder)
    for name, said in steps:
        if said is None:
            (folder / "entries" / f"{name}.yaml").unlink(missing_ok=True)
        else:
            body = "|\n  Text\n" + "".join(f"  [x]({one}.yaml)\n" for one in said.links)
            state = "draft" if said.is_draft else None
            write(folder, f"entries/{name}.yaml", slug=f"{name}-{said.slug}", status=state, body=body)
        seen.read()
        assert texts(seen) == texts(library(folder))


@given(st.text(max_size=40), st.sampled_from(["entries/a.yaml", "pages/x/b.yml"]))
def test_any_reference_has_the_address_that_it_has_elsewhere_or_a_files_place(reference, source):
    """The law: only references to files are read otherwise."""
    urls = Urls(BASE)

    def resolved(resolve):
        try:
            return resolve(reference)
        except ValueError as error:
            return type(error)

    found = resolved(lambda one: filelinks.resolve(urls, "/2026/11/a/", source, one))
    if not re.search(r"\.ya?ml(#|$)", reference):
        assert found == resolved(lambda one: urls.resolve(one, "/2026/11/a/"))
