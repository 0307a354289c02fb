"""What each command makes of an article's file: only what is meant changes, and it is read as it was meant."""

import os
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsite.editing import changes, links, moves
from feedsite.editing.linediff import changed_lines, pieces
from feedsite.editing.original import Original, moment_of, read
from feedsite.editing.save import Change, NotSaved, verify
from feedsite.errors import FeedsiteError
from feedsite.model import NEVER

from .support.builders import BERLIN, PATH, entry_text, settings
from .support.entrytexts import FILES, ROOT, comments, said
from .support.nastyfiles import STATES, nasty
from .support.tried import tries

NOW = datetime(2026, 11, 27, 13, 23, 45, tzinfo=UTC)
SITE = settings()
EDITS = int(os.environ.get("EDITS", tries(1000, one_in=14)))  # random ones by each command, on samples in turn
WORDS = ("Wrong: all, of # it", 'It "leaves" at\n nine.', "日本", "x" * 3000, "null", "- no", "{a}", "'", "\\")


def original(text, source=PATH, site=SITE):
    content = text if isinstance(text, bytes) else text.encode()
    entry = read(content, source, site).entry
    return Original(source=source, content=content, entry=entry, settings=site)


def publish(random, one):
    at = random.choice([None, NOW, NOW + timedelta(days=9), NOW - timedelta(days=400)])
    return changes.publish(one, NOW, at, keeps_date=at is None and random.random() < 0.3)


def correct(random, one):
    return changes.correct(one, NOW, random.choice(WORDS), is_announced=random.random() < 0.5)


def withdraw(random, one):
    return changes.withdraw(one, NOW, random.choice(WORDS), is_announced=random.random() < 0.5)


def write_id(random, one):
    return changes.write_id(one, random.choice(["urn:uuid:1b4e28ba-2fa1-11d2-883f-0016d3cca427", "4711", "?p=1 # x"]))


def move(random, one):
    word = random.choice(
        ["sleepers", "戻る", "2026-11-25-x", "travel/a-b.yaml", "Night Trains", "2020-01-01-y.yml", "z/"]
    )
    return moves.move(one, NOW, word, "" if one.has("id") or one.entry.nav else "urn:uuid:1b4e28ba")


# Each command, with the fields that it may change.
COMMANDS = {
    "publish": (publish, {"status", "published", "updated"}),
    "unpublish": (lambda _, one: changes.unpublish(one), {"status", "published"}),
    "withdraw": (withdraw, {"status", "withdrawn"}),
    "correct": (correct, {"corrections"}),
    "touch": (lambda _, one: changes.touch(one, NOW), {"updated"}),
    "write_id": (write_id, {"id"}),
    "move": (move, {"id", "aliases", "slug", "published"}),
}


def files(command):
    """Every sample in turn, as a draft where one is to be published, and as many files in every style."""
    for number in range(EDITS):
        random = Random(f"{command} {number}")
        path = FILES[number // 2 % len(FILES)]
        source = str(path.relative_to(ROOT)).removeprefix("tests/sample/")
        if number % 2:
            yield random, PATH, nasty(random, STATES[number // 2 % len(STATES)])
        else:
            yield random, source, as_draft(path.read_bytes(), source) if command == "publish" else path.read_bytes()


def as_draft(content, source):
    one = original(content, source)
    is_public = one.entry.published != NEVER and not one.entry.withdrawal
    return changes.unpublish(one).draft.content if is_public else content


@pytest.mark.parametrize("command", COMMANDS)
def test_random_edits_change_what_is_meant_and_not_one_other_character(command):
    """In each sample, and in files in every style: the rest stays, comments too, and the file is without faults."""
    change, may_change = COMMANDS[command]
    done = 0
    for random, source, content in files(command):
        one = original(content, source)
        try:
            changed = change(random, one)
        except NotSaved:
            raise
        except FeedsiteError:  # it makes no sense for this article
            continue
        verify(one, changed)
        before, after = one.draft, changed.draft
        told = source, before.text, after.text
        assert after.mark == before.mark, told
        assert unlike(said(before.text), said(after.text)) <= may_change, told
        assert comments(after.text) == comments(before.text), told
        kept = [name for name in before.fields if name not in may_change]
        assert [slice_of(before, name) for name in kept] == [slice_of(after, name) for name in kept], told
        assert [name for name in after.fields if name in kept] == kept, told
        done += 1
    assert done > EDITS / 10


def unlike(before, after):
    return {name for name in before | after if before.get(name) != after.get(name)}


def slice_of(draft, name):
    field = draft.fields[name]
    return draft.text[field.begin : field.value.end].rstrip()


def lines(change, one):
    return [f"{line.sign} {line.text}" for line in changed_lines(one.draft.text, change.draft.text)]


DRAFT = entry_text(published=None, status="draft")
SCHEDULED = entry_text(published="2026-12-01 08:00")
PUBLIC = entry_text()


class TestPublish:
    def test_a_draft_gets_the_present_time_in_the_sites_zone(self):
        one = original(DRAFT)
        change = changes.publish(one, NOW)
        assert lines(change, one) == ["+ published: 2026-11-27T14:23:45+01:00", "- status: draft"]
        assert (change.entry.published, change.entry.path) == (NOW, "/2026/11/night-trains/")

    def test_universal_time_is_written_with_a_z(self):
        one = original(DRAFT, site=settings(timezone=type(BERLIN)("UTC")))
        assert "+ published: 2026-11-27T13:23:45Z" in lines(changes.publish(one, NOW), one)

    def test_a_time_that_lies_ahead_stays(self):
        """It is not even written anew."""
        one = original(entry_text(status="draft", published="2026-12-01 08:00"))
        change = changes.publish(one, NOW)
        assert lines(change, one) == ["- status: draft"]
        assert change.entry.published == datetime(2026, 12, 1, 7, tzinfo=UTC)

    def test_a_time_that_is_past_becomes_the_present_unless_it_is_kept(self):
        one = original(entry_text(status="draft", published="2021-01-01"))
        assert changes.publish(one, NOW).entry.path == "/2026/11/night-trains/"
        kept = changes.publish(one, NOW, keeps_date=True)
        assert lines(kept, one) == ["- status: draft"]
        assert kept.entry.path == "/2021/01/night-trains/"

    def test_the_day_in_the_files_name_counts_as_the_drafts_own(self):
        one = original(DRAFT, "entries/2026-12-24-x.yaml")
        assert "+ published: 2026-12-24T00:00:00+01:00" in lines(changes.publish(one, NOW), one)

    def test_a_moment_of_its_own_may_be_given_to_a_scheduled_article_too(self):
        at = moment_of("2026-12-02 09:30", SITE)
        one = original(SCHEDULED)
        assert lines(changes.publish(one, NOW, at), one) == [
            "- published: 2026-12-01 08:00",
            "+ published: 2026-12-02T09:30:00+01:00",
        ]

    def test_an_updated_before_it_is_taken_out(self):
        """It would be a fault."""
        one = original(entry_text(status="draft", published=None, updated="2026-11-01"))
        change = changes.publish(one, NOW)
        assert "updated" not in change.draft.fields
        assert change.entry.updated == NOW
        verify(one, change)

    @pytest.mark.parametrize(
        ("text", "why"),
        [
            (PUBLIC, "is public already, since 22 November 2026 at 09:00; for another date change `published` in it"),
            (
                SCHEDULED,
                "appears by itself on 1 December 2026 at 08:00; `--at` gives it another time, "
                "`--at now` publishes it now",
            ),
            (
                entry_text(withdrawn="{at: 2026-11-23, reason: x}"),
                "was withdrawn on 23 November 2026 at 00:00; to take that back, delete the field `withdrawn` in it",
            ),
            (
                entry_text(status="draft", corrections="[{at: 2026-11-23, note: x}]"),
                "was public before, for it has corrections; leave its date with --keep-date",
            ),
        ],
    )
    def test_what_is_no_draft_is_refused(self, text, why):
        with pytest.raises(FeedsiteError) as error:
            changes.publish(original(text), NOW)
        assert str(error.value) == f"{PATH} {why}"

    def test_a_date_that_is_not_there_cannot_be_kept(self):
        with pytest.raises(FeedsiteError, match="no date that could be kept"):
            changes.publish(original(DRAFT, "entries/x.yaml"), NOW, keeps_date=True)


class TestUnpublish:
    def test_an_article_is_a_draft_again(self):
        one = original(PUBLIC)
        change = changes.unpublish(one)
        assert lines(change, one) == ["+ status: draft"]
        assert change.entry.published == NEVER

    def test_a_day_in_the_name_alone_is_written_down(self):
        """A draft takes no day from its name, so its address would lose year and month."""
        one = original(entry_text(published=None))
        change = changes.unpublish(one)
        assert lines(change, one) == ["+ published: 2026-11-22", "+ status: draft"]
        verify(one, change)


class TestWithdraw:
    def test_the_reason_is_written_and_the_text_stays_in_the_file(self):
        one = original(entry_text(status="published"))
        change = changes.withdraw(one, NOW, "Its source\n did not exist.")
        assert lines(change, one) == [
            "- status: published",
            "+ status: withdrawn",
            "+ withdrawn:",
            "+   at: 2026-11-27T14:23:45+01:00",
            '+   reason: "Its source did not exist."',
        ]
        assert change.entry.body == ""
        verify(one, change)

    def test_it_can_be_done_without_a_notice(self):
        one = original(PUBLIC)
        assert "+   announce: false" in lines(changes.withdraw(one, NOW, "x", is_announced=False), one)

    @pytest.mark.parametrize("text", [DRAFT, SCHEDULED, entry_text(withdrawn="{at: 2026-11-23, reason: x}")])
    def test_what_nobody_has_is_not_withdrawn(self, text):
        with pytest.raises(FeedsiteError):
            changes.withdraw(original(text), NOW, "x")

    @pytest.mark.parametrize("words", ["", " \n", "a\x00b", "a\udc80"])
    def test_words_that_cannot_be_published_are_refused(self, words):
        with pytest.raises(FeedsiteError):
            changes.withdraw(original(PUBLIC), NOW, words)


class TestCorrect:
    def test_a_correction_is_added(self):
        one = original(entry_text(corrections='[{at: 2026-11-23, note: "It leaves at eight."}]'))
        change = changes.correct(one, NOW, "It leaves at nine: not at eight.", is_announced=True)
        assert [line.text for line in changed_lines(one.draft.text, change.draft.text)][1] == (
            'corrections: [{at: 2026-11-23, note: "It leaves at eight."}, '
            '{at: 2026-11-27T14:23:45+01:00, note: "It leaves at nine: not at eight.", announce: true}]'
        )
        assert change.entry.updated == NOW
        verify(one, change)

    def test_a_field_updated_is_not_touched(self):
        """The time of the correction counts as well."""
        one = original(entry_text(updated="2026-11-23"))
        assert [line[0] for line in lines(changes.correct(one, NOW, "x"), one)] == ["+", "+", "+"]


def test_touch_sets_the_present_time():
    one = original(entry_text(updated="2026-11-23"))
    assert lines(changes.touch(one, NOW), one) == [
        "- updated: 2026-11-23",
        "+ updated: 2026-11-27T14:23:45+01:00",
    ]


class TestMove:
    @pytest.mark.parametrize(
        ("word", "source"),
        [
            ("sleepers", "entries/2026-11-22-sleepers.yaml"),
            ("Sleepers in Wien", "entries/2026-11-22-sleepers-in-wien.yaml"),
            ("2026-11-23-sleepers", "entries/2026-11-23-sleepers.yaml"),
            ("sleepers.yml", "entries/sleepers.yml"),
            ("entries/travel/sleepers.yaml", "entries/travel/sleepers.yaml"),
            ("entries/travel/sleepers", "entries/travel/2026-11-22-sleepers.yaml"),
            ("entries/travel/", "entries/travel/2026-11-22-night-trains.yaml"),
            ("-sleepers", "entries/2026-11-22-sleepers.yaml"),
            ("日本", "entries/2026-11-22-日本.yaml"),
        ],
    )
    def test_a_file_keeps_of_its_name_what_is_not_said(self, word, source):
        """Its folder, the day before its words, its ending."""
        assert moves.renamed(PATH, word) == source

    @pytest.mark.parametrize("word", ["..", "-", "", "!!", ".hidden.yaml", "#x.yaml"])
    def test_a_name_that_is_no_address_is_refused(self, word):
        with pytest.raises(FeedsiteError):
            moves.renamed(PATH, word)

    def test_the_former_address_leads_to_the_new_one(self):
        one = original(PUBLIC)
        change = moves.move(one, NOW, "sleepers")
        assert lines(change, one) == ["+ aliases: [/2026/11/night-trains/]"]
        assert (change.entry.path, change.entry.id) == ("/2026/11/sleepers/", one.entry.id)
        verify(one, change)

    def test_an_address_that_nobody_had_is_no_alias(self):
        one = original(SCHEDULED)
        assert lines(moves.move(one, NOW, "sleepers"), one) == []

    def test_an_id_is_written_where_there_is_none(self):
        one = original(entry_text(id=None))
        change = moves.move(one, NOW, "sleepers", one.entry.id)
        assert lines(change, one)[0] == f"+ id: {one.entry.id}"
        verify(one, change)

    def test_a_slug_in_the_file_follows_new_words_and_not_a_new_name(self):
        """The address of a file with a `slug` does not follow from its name."""
        one = original(entry_text(slug="trains"))
        words, name = moves.move(one, NOW, "sleepers"), moves.move(one, NOW, "sleepers.yaml")
        assert (words.entry.path, words.entry.source) == ("/2026/11/sleepers/", "entries/2026-11-22-sleepers.yaml")
        assert (name.entry.path, name.entry.source) == ("/2026/11/trains/", "entries/sleepers.yaml")
        assert lines(name, one) == []
        verify(one, words)

    def test_a_day_that_leaves_the_name_is_written_down(self):
        """Else the article would appear on another day, or on none."""
        one = original(entry_text(published=None))
        change = moves.move(one, NOW, "sleepers.yaml")
        assert "+ published: 2026-11-22" in lines(change, one)
        verify(one, change)

    def test_a_day_that_leaves_the_name_is_written_down_beside_a_slug_too(self):
        one = original(entry_text(published=None, slug="trains"))
        change = moves.move(one, NOW, "2026-11-25-sleepers")
        assert lines(change, one)[0] == "+ published: 2026-11-22"
        verify(one, change)

    def test_back_to_a_former_name(self):
        """An article's own address is no alias of it."""
        one = original(entry_text(aliases="[/2026/11/sleepers/]"))
        change = moves.move(one, NOW, "sleepers")
        assert change.entry.aliases == ("/2026/11/night-trains/",)
        verify(one, change)

    def test_a_standing_page_moves_with_its_address(self):
        one = original("title: About\nbody: '[x](#y)'\n", "pages/about.yaml")
        change = moves.move(one, NOW, "us")
        assert lines(change, one) == ["+ aliases: [/about/]"]
        assert change.entry.path == "/us/"
        verify(one, change)


LINKS = "[a](2026-11-22-night-trains.yaml#costs) [b](entries/2026-11-22-night-trains.yaml) [c](../pages/us.yaml)"


class TestLinks:
    """Links that name a file follow it when it is renamed."""

    OLD, NEW = "entries/2026-11-22-night-trains.yaml", "entries/travel/Night trains (2).yaml"

    def followed(self, text, source="entries/b.yaml", old=OLD, new=NEW):
        one = original(text, source)
        change = links.following(one, Change(one.draft, one.entry), old, new)
        verify(one, change)
        return lines(change, one)

    def test_they_name_the_new_file_as_they_named_the_old_one(self):
        """From the article's folder, or from the site's; other links stay."""
        assert self.followed(entry_text(body=f"|\n  {LINKS}")) == [
            f"-   {LINKS}",
            "+   [a](travel/Night%20trains%20%282%29.yaml#costs) [b](entries/travel/Night%20trains%20%282%29.yaml)"
            " [c](../pages/us.yaml)",
        ]

    @pytest.mark.parametrize(
        ("written", "after"),
        [
            ('"[x]: 2026-11-22-night-trains.yaml"', '"[x]: new.yaml"'),
            ("'<a href=\"2026-11-22-night-trains.yaml\">x</a>'", "'<a href=\"new.yaml\">x</a>'"),
            ("'[x](<2026-11-22-night-trains.yaml>)'", "'[x](<new.yaml>)'"),
            ("'[x](./2026-11-22-night-trains.yaml \"title\")'", "'[x](new.yaml \"title\")'"),
        ],
    )
    def test_they_are_found_wherever_markdown_has_links(self, written, after):
        new = "entries/new.yaml"
        assert self.followed(entry_text(body=written), new=new) == [f"- body: {written}", f"+ body: {after}"]

    @pytest.mark.parametrize(
        "text", ["2026-11-22-night-trains.yaml", "[x](2026-11-22-night-trains.yaml.bak)", "[x](/a/)"]
    )
    def test_what_is_no_link_stays(self, text):
        assert self.followed(entry_text(body=f"'{text}'")) == []

    def test_an_article_in_another_folder_links_to_the_same_files_as_before(self):
        one = original(entry_text(body=f"'{LINKS} [d](b.yaml)'"))
        change = moves.move(one, NOW, "entries/travel/")
        verify(one, change)
        assert lines(change, one)[1] == (
            "+ body: '[a](2026-11-22-night-trains.yaml#costs) [b](entries/travel/2026-11-22-night-trains.yaml)"
            " [c](../../pages/us.yaml) [d](../b.yaml)'"
        )


class TestVerify:
    """A change that does not mean what it should is not saved."""

    def refusal(self, one, change):
        with pytest.raises(NotSaved) as error:
            verify(one, change)
        return str(error.value)

    def test_more_than_is_meant(self):
        one = original(PUBLIC)
        change = Change(one.draft.set("title", "Peace"), one.entry)
        assert self.refusal(one, change).endswith("more of it would change than is meant; edit it yourself")

    def test_another_text_where_the_address_changes(self):
        """The HTML is another one then, so the text is compared as it is written."""
        one = original(PUBLIC)
        moved = moves.move(one, NOW, "sleepers")
        assert "more of it would change" in self.refusal(one, moved._replace(draft=moved.draft.set("body", "y")))

    def test_a_fault(self):
        one = original(PUBLIC)
        change = Change(one.draft.set("slug", "a b"), one.entry)
        assert '"a b" cannot stand in an address' in self.refusal(one, change)

    def test_a_file_that_would_be_too_large(self):
        one = original(entry_text(rights="x" * (1024 * 1024 - 300)))
        assert "larger than 1 MB" in self.refusal(one, changes.correct(one, NOW, "x" * 500))


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("a\nb\nc\n", "a\nB\nc\n", ["-2 b", "+2 B"]),
        ("a\r\nb", "a\r\nb\r\nc", ["+3 c"]),
        ("a\n", "a\n", []),
        ("a\nb\nc\nd", "b\nc\nx\nd", ["-1 a", "+3 x"]),
    ],
)
def test_lines_that_differ_are_numbered_in_their_text(before, after, expected):
    assert [f"{line.sign}{line.number} {line.text}" for line in changed_lines(before, after)] == expected


@given(st.lists(st.sampled_from("abc"), max_size=600), st.lists(st.sampled_from("abcd"), max_size=600))
def test_the_lines_of_one_text_become_those_of_the_other(old, new):
    found = list(pieces(old, new))
    assert [line for piece in found for line in old[piece[1] : piece[2]]] == old
    made = [old[first:last] if kind == "equal" else new[begin:end] for kind, first, last, begin, end in found]
    assert [line for lines in made for line in lines] == new


def test_lines_that_repeat_take_no_time_that_grows_with_their_square():
    body = [f"  {number * number % 251}" for number in range(150_000)]
    found = pieces(["title: a", *body], ["title: b", *body, "aliases: [/x/]"])
    assert [piece[0] for piece in found] == ["replace", "equal", "insert"]
