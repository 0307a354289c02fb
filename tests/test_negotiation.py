"""Accept-Encoding and its like (RFC 9110 12.4.2, 12.5.3): rows of a field and what is chosen."""

import pytest

from feedsite.serving.negotiation import coding, weights

OFFERED = ("br", "zstd", "gzip")


@pytest.mark.parametrize(
    ("accepted", "chosen"),
    [
        # what is named, and of equals the first that the site offers
        ("gzip", "gzip"),
        ("zstd", "zstd"),
        ("br", "br"),
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, deflate", "gzip"),
        ("GZIP", "gzip"),
        ("x-gzip", "gzip"),
        (" gzip ,,\tdeflate ", "gzip"),
        # weights
        ("gzip;q=1.0, br;q=0.5", "gzip"),
        ("gzip;q=0.5, zstd;q=0.501", "zstd"),
        ("br;q=0.5, gzip;q=0.5", "br"),
        ("gzip ; Q=0.5", "gzip"),
        ("gzip;q=1.", "gzip"),
        ("gzip;q=0.001", "gzip"),
        # the star stands for what is not named
        ("*", "br"),
        ("br;q=0, *", "zstd"),
        ("br;q=0, zstd;q=0, *;q=0.1", "gzip"),
        ("gzip;q=0.5, *", "br"),
        ("gzip, *;q=0", "gzip"),
        # identity
        ("identity", "identity"),
        ("identity;q=1, gzip;q=0.5", "identity"),
        ("identity;q=0.5, gzip;q=1.0", "gzip"),
        ("identity;q=0.5, gzip;q=0.5", "gzip"),
        ("identity;q=0, gzip;q=0.1", "gzip"),
        ("identity;q=0, *", "br"),
        # excluded, or unknown
        ("gzip;q=0", "identity"),
        ("gzip;q=0.000", "identity"),
        ("deflate, compress", "identity"),
        ("br;q=0, zstd;q=0, gzip;q=0", "identity"),
        # not a weight: nothing is sent that was not plainly accepted
        ("gzip;q=nonsense", "identity"),
        ("gzip;q=", "identity"),
        ("gzip;q=-1", "identity"),
        ("gzip;q=0.0001", "identity"),
        ("gzip;q=1.001", "identity"),
        ("gzip;q=1.5, br;q=0.9", "br"),
        ("gzip;level=9", "identity"),
    ],
)
def test_the_coding_most_wanted_is_chosen(accepted, chosen):
    """RFC 9110 12.5.3: names, weights, `*`, identity, exclusion."""
    assert coding(accepted, OFFERED) == chosen


def test_no_coding_is_wanted_where_none_is_named():
    """RFC 9110 12.5.3: an empty field wants identity, an absent one may have anything and is given the same."""
    assert coding("", OFFERED) == "identity"


@pytest.mark.parametrize("refused", ["identity;q=0", "*;q=0", "identity;q=0, *;q=0", "gzip;q=0, identity;q=0"])
def test_whoever_refuses_everything_gets_the_bytes_as_they_are(refused):
    """RFC 9110 12.5.3 allows it in place of 406: a reader that asks by mistake still reads."""
    assert coding(refused, OFFERED) == "identity"


def test_what_is_offered_in_no_coding_is_identity():
    """A picture is packed already."""
    assert coding("gzip, br, *", ()) == "identity"


@pytest.mark.parametrize(
    ("field", "wanted"),
    [
        ("feed", {"feed": 1}),
        ("Feed;q=0.3, vcdiff", {"feed": 0.3, "vcdiff": 1}),
        ("feed;q=0", {"feed": 0}),
        ("feed;what", {"feed": 0}),
    ],
)
def test_names_and_weights_of_any_list_are_read(field, wanted):
    """RFC 9110 12.4.2; A-IM has the same form (RFC 3229 10.5.3)."""
    assert weights(field) == wanted
