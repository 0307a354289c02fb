"""Conditional requests (RFC 9110 13): rows of fields, and the status that answers them where one does not hold."""

from datetime import UTC, datetime, timedelta

import pytest

from feedsite.serving.conditions import Validators, failed, http_date, is_date_behind, is_range_meant, tags

MODIFIED = datetime(2021, 7, 5, 23, tzinfo=UTC)
BEFORE, AT, AFTER = (f"Mon, 05 Jul 2021 {time} GMT" for time in ("22:59:59", "23:00:00", "23:00:01"))
FUTURE = "Mon, 05 Jul 2031 23:00:00 GMT"
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
CURRENT = Validators(('"now"', '"now and more"'), MODIFIED, NOW)


@pytest.mark.parametrize(
    ("value", "status"),
    [
        ('"now"', None),
        ('"now and more"', None),
        ('"other", "now"', None),
        ("*", None),
        ('"other"', 412),
        ('W/"now"', 412),  # strong comparison: a weak tag matches nothing
        ("now", 412),
        ("", 412),
    ],
)
def test_if_match_wants_this_very_version(value, status):
    """RFC 9110 13.1.1: strong comparison, lists, `*`."""
    assert failed({"if-match": value}, CURRENT) == status


@pytest.mark.parametrize(
    ("value", "status"),
    [
        ('"now"', 304),
        ('W/"now"', 304),
        ('"now and more"', 304),  # any of its names
        ('"other","now"', 304),
        ('"other" , W/"now" ,', 304),
        ('"a,b", "now"', 304),  # a comma within a tag parts nothing
        ("*", 304),
        (" * ", 304),
        ('"other"', None),
        ('"a, now"', None),
        ("now", None),
        ("", None),
    ],
)
def test_if_none_match_wants_any_other_version(value, status):
    """RFC 9110 13.1.2: weak comparison, lists, `*`."""
    assert failed({"if-none-match": value}, CURRENT) == status


TAG = '"' + "h" * 16 + "m" * 400 + '.gzip"'
LONG = Validators(('"' + "h" * 16 + '.gzip"', TAG), None, NOW)


@pytest.mark.parametrize(
    ("value", "status"),
    [
        (TAG[:255], 304),
        (f"W/{TAG}"[:255], 304),
        (f'"other", {TAG}'[:255], 304),
        (TAG[:17], 304),
        (TAG[:16], None),  # a hash that is not whole is none
        ('"', None),
        ('"' + "h" * 16 + "x" * 238, None),
        ('"' + "h" * 16 + '"', None),  # it has its end, and is another tag
    ],
)
def test_a_tag_that_was_cut_off_still_counts(value, status):
    """Databases of aggregators keep 255 letters of it: the hash in front tells the version all the same."""
    assert failed({"if-none-match": value}, LONG) == status
    assert failed({"if-match": value}, LONG) == 412


@pytest.mark.parametrize(
    ("value", "status"),
    [
        (AT, 304),
        (AFTER, None),
        (BEFORE, None),
        (FUTURE, None),
        ("yesterday", None),
        (f"{AT}, {AT}", None),
        ("", None),
    ],
)
def test_if_modified_since_means_this_very_version(value, status):
    """RFC 9110 13.1.3, exactly: a later date may be of an older version, from a node that began later to serve it."""
    assert failed({"if-modified-since": value}, CURRENT) == status


@pytest.mark.parametrize(
    ("value", "status"), [(BEFORE, 412), (AT, None), (AFTER, None), (FUTURE, None), ("yesterday", None), ("", None)]
)
def test_if_unmodified_since_wants_nothing_newer(value, status):
    """RFC 9110 13.1.4: a date before the last change is refused; what is no date says nothing."""
    assert failed({"if-unmodified-since": value}, CURRENT) == status


@pytest.mark.parametrize("field", ["if-modified-since", "if-unmodified-since"])
def test_what_has_no_date_is_asked_for_none(field):
    """RFC 9110 13.1.3, 13.1.4: a picture or a style sheet has no Last-Modified, so that dates say nothing of it."""
    assert failed({field: BEFORE}, Validators(('"now"',), None, NOW)) is None


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"if-match": '"other"', "if-none-match": '"now"'}, 412),
        ({"if-match": '"now"', "if-none-match": '"now"'}, 304),
        ({"if-match": '"now"', "if-unmodified-since": BEFORE}, None),
        ({"if-match": '"other"', "if-unmodified-since": AFTER}, 412),
        ({"if-unmodified-since": BEFORE, "if-none-match": '"now"'}, 412),
        ({"if-unmodified-since": AT, "if-none-match": '"now"'}, 304),
        ({"if-unmodified-since": BEFORE, "if-modified-since": AT}, 412),
        ({"if-none-match": '"other"', "if-modified-since": AT}, None),
        ({"if-none-match": "nonsense", "if-modified-since": AT}, None),
        ({"if-none-match": '"now"', "if-modified-since": BEFORE}, 304),
        ({"if-match": '"now"', "if-modified-since": AT}, 304),
        ({"if-range": '"other"'}, None),
        ({}, None),
    ],
)
def test_the_first_precondition_that_does_not_hold_answers(fields, status):
    """RFC 9110 13.2.2: If-Match, or else If-Unmodified-Since; then If-None-Match, or else If-Modified-Since."""
    assert failed(fields, CURRENT) == status


@pytest.mark.parametrize(
    ("value", "is_meant"),
    [
        ('"now"', True),
        (' "now" ', True),
        ('"now and more"', True),
        ('W/"now"', False),
        ('"other"', False),
        ('"other", "now"', False),
    ],
)
def test_if_range_compares_tags_strongly(value, is_meant):
    """RFC 9110 13.1.5: one tag, and not a weak one."""
    assert is_range_meant({"if-range": value}, CURRENT) == is_meant


@pytest.mark.parametrize("date", [BEFORE, AT, AFTER, FUTURE, "yesterday"])
def test_a_date_in_if_range_never_holds(date):
    """RFC 9110 13.1.5 wants a strong validator, and two nodes may begin in the same second (8.8.2.2)."""
    assert not is_range_meant({"if-range": date}, CURRENT)


def test_without_if_range_a_range_is_meant():
    """RFC 9110 14.2."""
    assert is_range_meant({}, CURRENT)


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        ("Mon, 05 Jul 2021 23:00:00 GMT", MODIFIED),
        ("Monday, 05-Jul-21 23:00:00 GMT", MODIFIED),
        ("Mon Jul  5 23:00:00 2021", MODIFIED),
        ("Thursday, 01-Jan-70 00:00:00 GMT", datetime(1970, 1, 1, tzinfo=UTC)),
        ("Mon, 05 Jul 2021 23:00:00 -0000", None),
        ("Mon, 05 Jul 2021 23:00:00 UTC", None),
        ("Mon, 05 Jul 2021 23:00:00", None),
        ("Mon, 5 Jul 2021 23:00:00 GMT", None),
        ("Mon, 99 Jul 2021 23:00:00 GMT", None),
        ("Mon, 31 Feb 2021 23:00:00 GMT", None),
        ("Mon, 05 Xyz 2021 23:00:00 GMT", None),
        ("Mon, 05 Jul 2021 25:00:00 GMT", None),
        ("Mon, 05 Jul 0000 23:00:00 GMT\n", None),
        ("2021-07-05T23:00:00Z", None),
        ("1625526000", None),
        ("Mon, ٠٥ Jul ٢٠٢١ ٢٣:٠٠:٠٠ GMT", None),
        ("", None),
    ],
)
def test_the_three_forms_of_a_date_are_read_and_no_other(value, moment):
    """RFC 9110 5.6.7: IMF-fixdate, and the two obsolete forms that a recipient must read."""
    assert http_date(value) == moment


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ('"a"', ['"a"']),
        ('W/"a","b" , "c,d"', ['"a"', '"b"', '"c,d"']),
        ('""', ['""']),
        ('"a", W/"open', ['"a"', '"open']),
        ("*", []),
        ("", []),
    ],
)
def test_a_list_of_tags_is_read_whatever_stands_between_them(value, found):
    """RFC 9110 8.8.3, 5.6.1."""
    assert tags(value) == found


@pytest.mark.parametrize(("date", "is_behind"), [(BEFORE, False), (AT, True), (AFTER, True), ("yesterday", False)])
def test_our_date_is_behind_where_the_client_holds_a_later_one(date, is_behind):
    """Another node told it: clients that compare the dates themselves must not see ours."""
    assert is_date_behind({"if-modified-since": date}, CURRENT) == is_behind


def test_a_date_that_was_the_future_counts_from_its_second_on():
    """RFC 9110 13.1.3: later than the server's clock is invalid, equal to it is not."""
    at = datetime(2031, 7, 5, 23, tzinfo=UTC)
    asked = {"if-modified-since": FUTURE}
    assert failed(asked, Validators(('"now"',), at, at - timedelta(seconds=1))) is None
    assert failed(asked, Validators(('"now"',), at, at)) == 304
