"""The sample site, byte for byte. `make golden` takes new bytes as right; their difference is for the reviewer."""

from datetime import UTC, datetime

from feedsite import export

from .support.golden import GOLDEN, is_kept, sample_site


def test_every_path_of_the_sample_site_has_its_golden_bytes(tmp_path):
    """What is drawn is what was drawn: no change to a byte goes unseen. Of each kind of collections one is kept."""
    drawn = {change.path for change in export.write(sample_site(), tmp_path)}
    files = {str(path.relative_to(GOLDEN)): path.read_bytes() for path in GOLDEN.rglob("*") if path.is_file()}
    assert set(filter(is_kept, drawn)) == files.keys()
    for name, body in files.items():
        assert (tmp_path / name).read_bytes() == body, name


def test_neither_draft_nor_future_stands_in_any_byte():
    """A draft and a scheduled article leave no trace: not a title, not an id, not an address."""
    for path in GOLDEN.rglob("*"):
        if path.is_file():
            body = path.read_bytes()
            assert b"Nobody sees this" not in body
            assert b"2035" not in body


def test_what_was_withdrawn_stands_in_no_byte():
    """The text of a withdrawn article is gone from every page and every feed."""
    for path in GOLDEN.rglob("*"):
        if path.is_file():
            assert b"What it used to say" not in path.read_bytes()


def test_the_scheduled_article_appears_at_its_second():
    """One second before it there is nothing; at it there is the article."""
    moment = datetime(2035, 1, 1, tzinfo=UTC)
    assert "/2035/01/scheduled/" not in sample_site(moment.replace(year=2034, month=12, day=31, hour=23, minute=59))
    assert sample_site().until == moment
    assert "/2035/01/scheduled/" in sample_site(moment)
    assert sample_site(moment).until is None
