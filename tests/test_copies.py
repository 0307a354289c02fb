"""Copies of pictures: smaller, the right way up, in the right colours, without metadata, always the same; or none."""

from io import BytesIO

import pytest
from PIL import Image, ImageCms, ImageStat

from feedsite.pictures import copies, reading, sizes

from .support.pictures import PROFILE, SECRET, TYPES, opened, picture, pixels, plain, reader


def made(body, kind="image/jpeg", which=-1):
    """The copy of these bytes that is the last one, or another one, of all that there are."""
    shape = reading.shape(reader(body), len(body), kind)
    copy = sizes.copies("/images/a.xyz", shape)[which]
    return copies.made(reader(body), len(body), shape, copy), copy


def difference(one, other):
    """How much the colours of two pictures differ on average, of 255."""
    small = [each.convert("RGB").resize((32, 32)) for each in (one, other)]
    return max(abs(a - b) for a, b in zip(ImageStat.Stat(small[0]).mean, ImageStat.Stat(small[1]).mean, strict=True))


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_a_copy_shows_the_same_and_tells_nothing(form):
    """It is in WebP, smaller, and has the colour profile alone."""
    body = picture(form, pixels(1000, 700), quality=95)
    copy, about = made(body, TYPES[form])
    assert len(copy) < len(body)
    found = opened(copy)
    assert (found.format, found.size) == ("WEBP", (about.width, about.height))
    assert found.info.get("icc_profile") == PROFILE
    assert SECRET not in copy
    assert dict(found.getexif()) == {}
    assert difference(found, opened(body)) < 4


@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_feeds_get_a_copy_in_the_format_of_the_original(form):
    """As the last but one of a wide picture."""
    body = picture(form, pixels(1500, 1000), quality=98, compress_level=0)
    copy, about = made(body, TYPES[form], which=-2)
    assert (opened(copy).format, opened(copy).size) == (form, (1280, about.height))
    assert about.type == TYPES[form]
    assert SECRET not in copy


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_copy_is_the_right_way_up(orientation):
    """Its pixels are turned, so nothing has to say so."""
    image = Image.new("RGB", (900, 600), "black")
    image.paste("white", (0, 0, 450, 300))  # in its upper left corner
    copy, about = made(plain("JPEG", image, exif=_turned(orientation)))
    found = opened(copy)
    assert found.size == (about.width, about.height) == ((600, 900) if orientation > 4 else (900, 600))
    right, lower = {1: (0, 0), 2: (1, 0), 3: (1, 1), 4: (0, 1), 5: (0, 0), 6: (1, 0), 7: (1, 1), 8: (0, 1)}[orientation]
    places = {
        (x, y): found.convert("L").getpixel((round(found.width * (0.25 + x / 2)), round(found.height * (0.25 + y / 2))))
        for x in (0, 1)
        for y in (0, 1)
    }
    assert [place for place, light in places.items() if light > 128] == [(right, lower)]


def _turned(orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    return exif


def test_the_same_picture_gives_the_same_copy():
    """Byte by byte, so that every node has the same ETag."""
    body = picture("JPEG", pixels(1000, 700))
    assert made(body) == made(body)


def test_what_is_transparent_stays_so():
    """In WebP, of PNG with and without a palette."""
    image = pixels(900, 600).convert("RGBA")
    image.putalpha(Image.linear_gradient("L").resize((900, 600)))
    for one in (image, image.quantize(64)):
        copy, _ = made(plain("PNG", one), "image/png")
        assert opened(copy).convert("RGBA").getchannel("A").getextrema()[0] < 60


def test_a_drawing_keeps_its_colours():
    """A picture of few colours is kept without loss."""
    image = Image.new("RGB", (900, 600), (200, 30, 30))
    image.paste((250, 250, 250), (100, 100, 500, 300))
    copy, _ = made(plain("PNG", image, compress_level=0), "image/png")
    assert sorted(opened(copy).convert("RGB").getcolors()) == sorted(image.getcolors())


def test_colours_of_print_become_colours_of_screens():
    """A JPEG for a printing press is red, green and blue in its copies, with its profile applied or without one."""
    image = pixels(900, 600).convert("CMYK")
    for options in ({}, {"icc_profile": PROFILE}):  # the second profile is not one of print
        copy, _ = made(plain("JPEG", image, quality=98, **options))
        assert opened(copy).mode == "RGB"
        assert difference(opened(copy), image) < 12


def test_a_long_profile_is_applied():
    """Those of scanners have megabytes; then the colours are the usual ones and none is named."""
    profile = ImageCms.ImageCmsProfile(BytesIO(PROFILE)).tobytes() + bytes(copies._LONGEST_PROFILE)
    copy, _ = made(plain("JPEG", pixels(900, 600), quality=98, icc_profile=profile))
    assert "icc_profile" not in opened(copy).info


@pytest.mark.parametrize(
    "body",
    [
        plain("JPEG", pixels(900, 600))[:2000],
        plain("PNG", pixels(900, 600))[:3000],
        plain("JPEG", pixels(900, 600)).replace(b"\xff\xda", b"\xff\xdb"),
        plain("PNG", Image.new("I;16", (900, 600), 40_000)),
    ],
    ids=["cut JPEG", "cut PNG", "no scan", "sixteen bits"],
)
def test_a_picture_that_cannot_be_decoded_has_no_copy(body):
    """Pages show the picture itself then."""
    shape = reading.shape(reader(body), len(body), "image/png") or sizes.GOOD
    copy = sizes.Copy(path="/x", type=sizes.WEBP, width=320, height=213)
    shape = shape if not isinstance(shape, int) else reading.Shape(type="image/jpeg", width=900, height=600)
    assert copies.made(reader(body), len(body), shape, copy) == b""


def test_a_copy_that_is_not_smaller_is_none():
    """A picture that is compressed much better than its copy would be stays as it is."""
    body = plain("WEBP", pixels(900, 600), quality=1)
    assert made(body, "image/webp")[0] == b""


def test_a_file_that_changes_while_it_is_decoded_is_an_error():
    """Else what a passing state gave would be kept as the truth."""
    body = plain("PNG", pixels(900, 600))
    shape = reading.shape(reader(body), len(body), "image/png")

    def read(start, most):
        if start > 8:
            raise OSError(116, "the file is being changed")
        return body[start : start + most]

    with pytest.raises(OSError, match="being changed"):
        copies.made(read, len(body), shape, sizes.copies("/images/a.png", shape)[0])


def test_a_picture_that_is_drawn_hundreds_of_times_has_no_copy():
    """A progressive JPEG of half a megabyte may have scans enough for minutes of decoding."""
    body = plain("JPEG", pixels(2000, 1500), progressive=True)
    assert made(body)[0]
    last, end = body.rindex(b"\xff\xda"), body.rindex(b"\xff\xd9")
    assert not made(body[:end] + body[last:end] * 300 + body[end:])[0]


def test_a_huge_progressive_picture_has_no_copy(monkeypatch):
    """It is held whole while it is decoded, six bytes a pixel."""
    body = plain("JPEG", pixels(2000, 1500), progressive=True)
    monkeypatch.setattr(copies, "_LARGEST_PROGRESSIVE", 2_000_000)
    assert not made(body)[0]
    assert made(plain("JPEG", pixels(2000, 1500)))[0]
