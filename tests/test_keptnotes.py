"""The notes of the last check, kept in the index: as long as they hold, and no longer."""

from datetime import timedelta

import pytest

from feedsite.checking.keptnotes import faults_and_notes
from feedsite.folder.library import Library
from feedsite.index.index import Index

from .support.articles import article
from .support.golden import NOW

DAY = timedelta(days=1)


@pytest.fixture
def library(folder):
    library = Library(folder, {})
    library.read()
    return library


def fresh(folder, now=NOW):
    """What a check finds whose index is new."""
    library = Library(folder, {})
    library.read()
    return faults_and_notes(library, now)


def test_a_second_check_of_the_same_site_reads_no_article(library):
    """And finds the same: here also where the articles in the index are damaged, which reading one would show."""
    first = faults_and_notes(library, NOW)
    assert first
    with library.index.database.writing() as connection:
        connection.execute("UPDATE content SET body = body || 'x'")
    assert faults_and_notes(library, NOW + DAY) == first


def edited(folder):
    path = folder / "entries" / "2021-07-04-night-trains.yaml"
    path.write_text("# A line more.\n" + path.read_text().replace("\nbody: |\n", "\nbody: |\n  [gone](/gone/)\n"))


def with_article(folder):
    (folder / "entries" / "new.yaml").write_text(article("new"))


def without_picture(folder):
    (folder / "images" / "dot.png").unlink()


def with_other_settings(folder):
    with (folder / "site.yaml").open("a") as file:
        file.write("series: [nobody]\n")


def with_style(folder):
    (folder / "theme").mkdir()
    (folder / "theme" / "style.css").write_text('@import "x.css";\n')


def with_left_over(folder):
    (folder / ".feedsite").mkdir()


CHANGES = (edited, with_article, without_picture, with_other_settings, with_style, with_left_over)


@pytest.mark.parametrize("change", CHANGES)
def test_after_a_change_a_check_finds_what_one_with_a_new_index_finds(folder, library, change):
    """Whatever changed: an article, another one, a picture, site.yaml, the theme, the folder."""
    before = faults_and_notes(library, NOW)
    change(folder)
    library.read()
    now = faults_and_notes(library, NOW)
    assert now == fresh(folder)
    assert now != before or change is with_article


@pytest.mark.parametrize("days", [-1, 0, 1, 8 * 366, 20 * 366])
def test_at_any_moment_a_check_finds_what_one_with_a_new_index_finds(folder, library, days):
    """An article of 2035 lies far ahead until 2034; a clock may also be put back."""
    faults_and_notes(library, NOW)
    then = NOW + days * DAY
    assert faults_and_notes(library, then) == fresh(folder, then)


@pytest.mark.parametrize("damage", ["x", '["', 7, None])
def test_notes_that_are_damaged_are_made_anew(library, damage):
    """They are believed only with the hash that was written with them."""
    first = faults_and_notes(library, NOW)
    with library.index.writing() as writer:
        writer.set_meta("notes", damage)
    assert faults_and_notes(library, NOW) == first


def test_an_index_in_memory_keeps_them_as_well(folder):
    """Nothing is written elsewhere."""
    library = Library(folder, {}, Index())
    library.read()
    assert faults_and_notes(library, NOW) == faults_and_notes(library, NOW)
