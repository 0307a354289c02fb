"""What is noticed between two states of a site, as values: matching, windows, readers, settings."""

import re
from random import Random

import pytest

from feedsite.audience import readers as agents
from feedsite.comparing import foreseen, words
from feedsite.comparing.comparison import compare
from feedsite.comparing.effects import effects
from feedsite.comparing.git import Git
from feedsite.comparing.noticed import Item
from feedsite.comparing.readers import READERS
from feedsite.comparing.shown import FIELDS, of_item
from feedsite.comparing.states import State, revision
from feedsite.folder.library import Library

from .support import desk
from .support.docs import DOCS
from .support.repository import Repository

NEWEST, OLDEST_SHOWN = "entries/story-15.yaml", "entries/story-06.yaml"


@pytest.fixture
def noticed(tmp_path):
    """What is noticed of an edit of the newspaper, which is a function of a desk."""

    def after(edit):
        before, now = desk.newspaper(), desk.newspaper()
        edit(now)
        return compare(before.state(tmp_path / "old"), now.state(tmp_path / "new"))

    return after


def fates(found):
    return {item.source: item.fate for item in found.items}


class TestFeeds:
    """New, updated, behind the window, back in it: list by list."""

    def test_a_new_article_pushes_the_oldest_one_out_into_its_part_of_the_archive(self, noticed):
        """And the part is named by its path."""
        found = noticed(
            lambda one: one.files.update({"entries/new.yaml": desk.article(77, published="2026-11-22T08:00:00Z")})
        )
        assert fates(found)["entries/new.yaml"] == "new"
        left = {item.source: item for item in found.items}[OLDEST_SHOWN]
        assert (left.fate, left.archive) == ("left", "/archive/2026/11/1/feed.atom")

    def test_a_deletion_brings_an_older_one_back(self, noticed):
        """It is new to those who subscribed after it had left."""
        found = noticed(lambda one: one.files.pop(NEWEST))
        assert (fates(found)[NEWEST], fates(found)["entries/story-05.yaml"]) == ("gone", "back")

    def test_an_article_behind_the_window_is_noticed_by_nobody(self, noticed):
        """It is counted, and no reader does anything."""
        found = noticed(
            lambda one: one.files["entries/story-01.yaml"].update(body="Other.", tags=[], authors=["okafor"])
        )
        assert "/" not in {path for item in found.items for path in item.feeds}

    def test_a_section_of_its_own_lists_it_and_the_former_one_has_it_no_more(self, noticed):
        """Each list says what it notices."""
        found = noticed(lambda one: one.files[NEWEST].update(section="sport"))
        by_path = {feed.path: feed for feed in found.feeds}
        assert by_path["/sport/"].state == "new"
        assert by_path["/world/"].fates.keys() >= {"gone"}

    def test_a_smaller_window_is_no_change_of_any_article(self, noticed):
        """What stood in the feeds is in their archives."""
        found = noticed(lambda one: one.site.update(window=6))
        assert {item.fate for item in found.items} == {"left"}
        assert found.decisions == ()


class TestMatching:
    """Which article is which, where its id is another one."""

    def test_it_is_known_by_its_file_its_address_or_its_text(self, noticed):
        """In this order; each is said to be there twice."""

        def edit(one):
            one.files[NEWEST]["id"] = "tag:other,2026:1"
            moved = one.files.pop("entries/story-12.yaml")
            one.files["entries/other.yaml"] = moved | {"id": "tag:other,2026:2", "slug": "story-12"}
            rewritten = one.files.pop("entries/story-13.yaml")
            one.files["entries/third.yaml"] = rewritten | {"id": "tag:other,2026:3"}

        assert fates(noticed(edit)) == {
            NEWEST: "twice",
            "entries/other.yaml": "twice",
            "entries/third.yaml": "twice",
        }

    def test_another_article_of_the_same_words_is_another_one(self, noticed):
        """Where neither title nor moment are the same, words prove nothing."""

        def edit(one):
            gone = one.files.pop(NEWEST)
            one.files["entries/other.yaml"] = gone | {
                "id": "tag:o,2026:1",
                "title": "T",
                "published": "2026-11-20T01:00:00Z",
            }

        assert fates(noticed(edit))["entries/other.yaml"] == "new"

    def test_an_address_that_another_article_took_is_broken(self, noticed):
        """Old links lead to what they did not mean."""

        def edit(one):
            one.files[NEWEST]["slug"] = "elsewhere"
            one.files["entries/story-13.yaml"]["slug"] = "story-15"

        messages = [decision.message for decision in noticed(edit).decisions]
        assert any("where entries/story-13.yaml stands" in message for message in messages)

    def test_an_article_that_took_over_the_address_of_a_deleted_one_mends_it(self, noticed):
        """Two stories became one."""

        def edit(one):
            gone = one.files.pop(NEWEST)
            one.files["entries/story-14.yaml"]["aliases"] = [
                f"/{gone['published'][:4]}/{gone['published'][5:7]}/story-15/"
            ]

        assert noticed(edit).decisions == ()


@pytest.mark.parametrize("seed", range(6))
def test_against_a_revision_it_is_what_it_is_against_a_folder_with_its_files(seed, tmp_path):
    """Though most of the revision is never written, nor read: it is taken from the index of the newer files."""
    before = desk.newspaper()
    after, _ = desk.edited(before, Random(seed))
    repository = Repository(before.write(tmp_path / "site"))
    for path in before.files.keys() - after.files.keys():
        (repository.site / path).unlink()
    for path, fields in {**after.files, "site.yaml": after.site}.items():
        (repository.site / path).write_text(desk.yaml(fields))
    library = Library(repository.site, {})
    library.read()
    git = Git(repository.site)
    with revision(git, git.commit("HEAD"), repository.site, library.index, {}) as (old, remarks):
        found = compare(State(old, desk.NOW, "it"), State(library, desk.NOW, "it"))
    assert remarks == ()
    assert found == compare(before.state(tmp_path / "old"), after.state(tmp_path / "new"))


class TestReaders:
    """The table, and what follows from it."""

    @pytest.mark.parametrize("reader", READERS, ids=lambda one: one.name)
    def test_each_row_is_sound(self, reader):
        """Its fields are fields of items; it has a name in access logs, or is said to have none."""
        named = {*reader.notices, *reader.takes, *reader.unread, *(name for group in reader.same_if for name in group)}
        assert named <= set(FIELDS)
        assert reader.is_named == (reader.name in {name for name, _ in agents._READERS})

    def test_the_table_of_the_docs_is_this_one(self):
        """Who doubts a row finds it in words."""
        rows = re.findall(
            r"^\| ([^|]+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \| ([^|]*) \| ([^|]*) \|$", DOCS["diff.md"], re.MULTILINE
        )
        told = [tuple(cell.strip() for cell in row) for row in rows if row[0] not in ("Reader", "---")]
        assert told == [in_words(reader) for reader in READERS]

    def test_a_withdrawal_never_reaches_those_that_leave_what_they_have(self, noticed):
        """They keep the text that was withdrawn, unless they are told by a notice."""
        withdrawn = {"at": "2026-11-21T08:00:00Z", "reason": "It was wrong.", "announce": True}
        found = noticed(lambda one: one.files[NEWEST].update(withdrawn=withdrawn))
        kept = {effect.reader for effect in found.effects if effect.kept}
        assert kept == {"CommaFeed", "yarr"}
        assert {item.fate for item in found.items if item.is_notice} == {"new"}

    @pytest.mark.parametrize(
        "edit",
        [
            {"slug": "moved"},
            {"title": "Another one"},
            {"updated": "2026-11-21T08:00:00Z"},
        ],
    )
    def test_a_command_foresees_what_diff_finds_afterwards(self, noticed, edit, tmp_path):
        """Both ask the same table."""
        before, now = desk.newspaper(), desk.newspaper()
        now.files[NEWEST].update(edit)
        states = before.state(tmp_path / "before"), now.state(tmp_path / "after")
        was, is_now = (_entry(state, NEWEST) for state in states)
        found = noticed(lambda one: one.files[NEWEST].update(edit))
        settings = states[1].settings
        said = [one for one in foreseen.sentences(was, is_now, settings) if not one.endswith("notice nothing.")]
        assert said == list(words.sentences(found, None))

    def test_an_item_that_is_the_same_does_nothing(self):
        """To leave a window is nothing that a reader can see."""
        left = Item(id="a", fate="left", title="T", path="/", source="s", published=0)
        assert all((one.new, one.twice, one.taken, one.kept) == (0, 0, 0, 0) for one in effects([left]))


def _entry(state, source):
    return next(entry for entry in state.index.entries() if entry.source == source)


def in_words(reader):
    by = " or ".join(" + ".join(map(_named, group)) for group in reader.same_if)
    unread = _fields(reader.unread) + (" (where set so)" if reader.if_asked else "") if reader.unread else ""
    takes = _fields(reader.takes) if reader.notices else "nothing"
    return reader.name, by, _fields(reader.notices), takes, unread, reader.history


def _named(field):
    return {"content": "text", "url": "address", "published": "date"}.get(field, field)


def _fields(names):
    left = [name for name in FIELDS if name != "id" and name not in names]
    if not left:
        return "any field"
    if len(left) < 3:
        return f"any field but {', '.join(map(_named, left))}"
    return ", ".join(_named(name) for name in FIELDS if name in names) or "nothing"


class TestSettings:
    """Another site.yaml, by what it means."""

    def test_another_theme_is_no_change_of_any_feed(self, noticed):
        """Pages alone look otherwise, and that is said."""
        found = noticed(lambda one: one.site.update(theme={"accent": "#005500"}))
        assert (found.items, found.feeds, [one.message for one in found.remarks]) == (
            (),
            (),
            ["theme: pages look otherwise; no feed differs"],
        )

    def test_words_of_the_site_change_items_of_which_no_file_changed(self, tmp_path):
        """A correction is headed by a word of the site."""
        states = []
        for language in ("en", "de"):
            one = desk.newspaper()
            one.site["language"] = language
            for fields in one.files.values():
                fields["language"] = "en"
            one.files[NEWEST]["corrections"] = [{"at": "2026-11-21T08:00:00Z", "note": "It was nine."}]
            states.append(one.state(tmp_path / language))
        found = compare(*states)
        assert [item.changed for item in found.items if item.source == NEWEST and not item.is_notice] == [("content",)]


@pytest.mark.parametrize("members", [{"id": 3, "authors": [{"name": None}, 4], "tags": "x"}, {"attachments": [[]]}])
def test_an_item_of_any_json_is_read(members):
    """What an export says may be anybody's."""
    assert all(isinstance(value, str) for value in of_item(members))
