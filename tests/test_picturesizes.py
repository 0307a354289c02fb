"""Which copies there are of a picture, and at which addresses."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from feedsite import urls
from feedsite.pictures import sizes
from feedsite.pictures.parsed import Shape

from .support.pictures import TYPES

SIDES = st.integers(1, 12_000)
SHAPES = st.builds(
    Shape, type=st.sampled_from([*TYPES.values()]), width=SIDES, height=SIDES, is_still=st.sampled_from([True, False])
)
NAMES = st.sampled_from(
    ["a.jpg", "a.jpg.webp", "a.webp", "a.png", "a/b.jpg", "320/a.jpg", "a", "日本.jpg", "x" * 190 + ".jpg"]
)
PATHS = NAMES.map("/images/{}".format)


def photo(width, height, kind="image/jpeg"):
    return Shape(type=kind, width=width, height=height)


@pytest.mark.parametrize(
    ("shape", "widths"),
    [
        (photo(6000, 4000), [320, 640, 960, 1280, 1280, 1920]),
        (photo(1920, 1280), [320, 640, 960, 1280, 1280, 1920]),
        (photo(1300, 900), [320, 640, 960, 1300]),
        (photo(1000, 1500, "image/png"), [320, 640, 1000]),
        (photo(500, 300, "image/webp"), [320, 500]),
        (photo(3000, 2000, "image/avif"), [320, 640, 960, 1280, 1920]),
        (photo(400, 300), []),
        (photo(12_000, 12_000), []),
        (photo(3000, 2000, "image/gif"), []),
        (photo(3000, 2000, "image/svg+xml"), []),
    ],
)
def test_the_copies_of_a_picture_are_narrower_or_as_wide(shape, widths):
    """In steps, the widest as wide as the picture itself; a small one, a drawing and an animation have none."""
    assert [copy.width for copy in sizes.copies("/images/a.jpg", shape)] == widths


def test_feeds_get_one_copy_of_good_size_in_the_format_of_the_original():
    """A picture that is hardly wider is good itself; one in WebP has its copy in WebP."""
    assert sizes.good("/images/a.jpg", photo(6000, 4000)).path == "/static/pictures/1280/images/a.jpg"
    assert sizes.good("/images/a.jpg", photo(1400, 900)) is None
    webp = sizes.good("/images/a.webp", photo(6000, 4000, "image/webp"))
    assert (webp.path, webp.width, webp.height) == ("/static/pictures/1280/images/a.webp.webp", 1280, 853)


@given(PATHS, SHAPES)
def test_every_copy_stands_at_an_address_of_its_own(path, shape):
    """Law: its path names its original, is among those that are known beforehand, and can be a file on every system."""
    copies = sizes.copies(path, shape)
    paths = [copy.path for copy in copies]
    assert len(paths) == len(set(paths))
    assert set(paths) <= set(sizes.every_path(path))
    for copy in copies:
        assert sizes.original(copy.path) == path
        assert copy.width <= shape.width
        assert copy.height <= max(1, shape.height)
        assert abs(copy.height - shape.height * copy.width / shape.width) <= 1
        assert not urls.unwritable(copy.path)
        assert urls.is_own(copy.path)


@given(PATHS, PATHS, SHAPES, SHAPES)
def test_no_two_pictures_share_the_address_of_a_copy(path, other, shape, other_shape):
    """Law: whatever files stand beside each other in images/."""
    assume(path != other)
    found = [{copy.path for copy in sizes.copies(*each)} for each in ((path, shape), (other, other_shape))]
    assert not found[0] & found[1]


@pytest.mark.parametrize(
    "path", ["/static/pictures/", "/static/pictures/641/images/a.jpg", "/static/pictures/640", "/images/a.jpg", ""]
)
def test_other_paths_are_of_no_picture(path):
    """No copy can stand there."""
    assert sizes.original(path) == ""
