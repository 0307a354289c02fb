"""What picture files say, and what of them is published: the pixels as they are, and nothing of who took them where."""

import struct
import time
import zlib
from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsite.pictures import reading, spans
from feedsite.pictures.parsed import Shape
from feedsite.pictures.places import is_place_told
from feedsite.pictures.spans import Spans
from feedsite.pictures.window import Window

from .support.laws import often
from .support.pictures import SECRET, TYPES, opened, picture, pixels, plain, reader
from .support.recordings import atom, mp4


def shape(body, kind="image/jpeg"):
    return reading.shape(reader(body), len(body), kind)


def published(body, kind="image/jpeg"):
    """The bytes that are published of a file; None where nothing is."""
    found = reading.spans(reader(body), len(body), kind)
    return None if found is None else b"".join(found.all_of(reader(body)))


@pytest.mark.parametrize("form", TYPES)
def test_what_is_published_has_the_same_pixels_and_tells_nothing(form):
    """EXIF with a place, XMP, IPTC, comments and what stands behind the end go; the colour profile stays."""
    body = picture(form)
    assert SECRET in body
    shown = published(body, TYPES[form])
    assert SECRET not in shown
    before, after = opened(body), opened(shown)
    assert after.convert("RGBA").tobytes() == before.convert("RGBA").tobytes()
    assert after.info.get("icc_profile") == before.info.get("icc_profile")
    assert dict(after.getexif()) == {}
    assert after.getexif().get_ifd(0x8825) == {}


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("orientation", range(2, 9))
def test_a_picture_stays_the_right_way_up(form, orientation):
    """Its orientation is all that stays of EXIF, and width and height are those that it is shown with."""
    body = picture(form, orientation=orientation)
    shown = published(body, TYPES[form])
    assert dict(opened(shown).getexif()) == {0x0112: orientation}
    sides = (40, 60) if orientation > 4 else (60, 40)
    for one in (body, shown):
        found = shape(one, TYPES[form])
        assert (found.width, found.height) == sides
    assert SECRET not in shown


@pytest.mark.parametrize("form", TYPES)
def test_a_file_that_tells_nothing_is_published_as_it_is(form):
    """Byte by byte."""
    body = plain(form, **({"comment": b""} if form == "GIF" else {}))
    assert published(body, TYPES[form]) == body


def test_a_thumbnail_goes():
    """Of a JPEG the one in EXIF and the one in JFIF; each may show what was cut off."""
    body = picture("JPEG", exif=b"Exif\0\0MM\0*\0\0\0\x08\0\0\0\0\0\0" + plain("JPEG") + SECRET)
    assert SECRET not in published(body)
    jfif = b"\xff\xe0" + struct.pack(">H", 16 + 27) + b"JFIF\0\1\2\0\0\1\0\1\3\3" + SECRET + bytes(21)
    assert published(body[:2] + jfif + body[2:]).count(b"JFIF") == 2
    assert SECRET not in published(body[:2] + jfif + body[2:])


def test_further_pictures_of_a_telephone_go():
    """A second picture behind the end of the first one has EXIF of its own."""
    body = plain("JPEG", progressive=True)
    assert published(body + picture("JPEG")) == body


def test_a_picture_of_24_million_pixels_takes_milliseconds():
    """Its size is in the first bytes; what is published of it is found by going over it once."""
    image = pixels(600, 400).resize((6000, 4000))
    body = picture("JPEG", image, quality=95)
    begun = time.perf_counter()
    assert shape(body) == Shape(type="image/jpeg", width=6000, height=4000)
    assert time.perf_counter() - begun < 0.1
    assert SECRET not in published(body)
    assert time.perf_counter() - begun < 2


def test_only_the_header_is_read_for_a_size():
    """A few kB, however large the file is."""
    body = plain("JPEG", pixels(3000, 2000), quality=95)
    asked = []
    reading.shape(lambda start, most: asked.append(most) or body[start : start + most], len(body), "image/jpeg")
    assert sum(asked) < 100_000


@pytest.mark.parametrize(
    ("text", "sides"),
    [
        ('<svg width="120" height="80"/>', (120, 80)),
        ('<svg width="10mm" height="1in"/>', (38, 96)),
        ("<svg viewBox='0 0 24 12'/>", (1280, 640)),
        ('<svg width="100%" viewBox="0,0,4 3"/>', (1280, 960)),
        ('<svg height="300" viewBox="0 0 4 3"/>', (400, 300)),
        ('<?xml version="1.0"?><!-- <svg width="1" height="1"/> --><svg:svg width="5px" height="6px"/>', (5, 6)),
        ('<svg data-width="9" width=".6" height="1"/>', (1, 1)),
        ("<svg/>", None),
        ('<svg width="1e9" height="2"/>', None),
        ('<svg viewBox="0 0 0 0"/>', None),
        ('<svg width="999999999" height="9"/>', None),
        ("<svg " + "a" * 70_000, None),
        ("<html/>", None),
    ],
)
def test_a_drawing_says_its_size_in_its_root_element(text, sides):
    """By width and height, or by the ratio of its viewBox; where it says neither, nothing is known."""
    found = shape(text.encode(), "image/svg+xml")
    assert (found and (found.width, found.height)) == sides
    assert published(text.encode(), "image/svg+xml") == text.encode()


def test_a_name_may_lie():
    """A file is read as what its first bytes say."""
    assert shape(plain("PNG"), "image/jpeg") == Shape(type="image/png", width=60, height=40)
    assert SECRET not in published(picture("WEBP"), "image/png")


@pytest.mark.parametrize("form", TYPES)
@pytest.mark.parametrize("kind", ["image/svg+xml", "audio/mpeg", "video/mp4", "application/pdf"])
def test_a_photograph_under_the_name_of_something_else_tells_nothing(form, kind):
    assert SECRET not in published(picture(form), kind)


RECORDINGS = [b"RIFF\x20\0\0\0WAVEfmt XMP DataXMP", b"\0\0\0\x18ftypmp42 ns.adobe.com/", b"%PDF Exif\0\0"]


@pytest.mark.parametrize("body", RECORDINGS)
def test_a_recording_is_published_as_it_is(body):
    assert published(body, "audio/mp4") == body


def test_what_moves_is_no_still_picture():
    """An animation has one size alone."""
    frames = {"save_all": True, "append_images": [pixels(mode="L").convert("RGB")]}
    for form in ("PNG", "WEBP"):
        assert not shape(plain(form, **frames), TYPES[form]).is_still
        assert opened(published(plain(form, **frames), TYPES[form])).n_frames == 2
    assert not shape(plain("GIF", **frames), "image/gif").is_still
    assert opened(published(plain("GIF", **frames), "image/gif")).n_frames == 2


@pytest.mark.parametrize("form", TYPES)
def test_a_broken_picture_with_metadata_is_not_published(form):
    """Where it cannot be told apart what shows and what tells, nothing is published; a broken one without EXIF is."""
    head = {"JPEG": b"\xff\xd8\xff\xe0\0\1", "PNG": b"\x89PNG\r\n\x1a\n\0\0\0\0", "WEBP": b"RIFF\xff\0\0\0WEBPjunk"}
    begin = head.get(form, b"\0\0\0\x18ftypavif" if form == "AVIF" else b"GIF89a\1\0\1\0\0\0\0\xff")
    assert published(begin + b"x" * 40, TYPES[form]) == begin + b"x" * 40
    assert published(begin + b"Exif\0\0MM\0*", TYPES[form]) is None
    assert shape(begin[:8], TYPES[form]) is None


@often
@given(st.sampled_from([*TYPES]), st.data())
def test_no_file_makes_the_parsers_fail(form, data):
    """Law: whatever bytes a file has, its size is known or not, and what is published is a part of it, or nothing."""
    body = bytearray(picture(form))
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, min(len(body) - 1, 700)))
        body[place : place + data.draw(st.sampled_from([0, 1, 1, 4]))] = data.draw(st.binary(max_size=6))
    body = bytes(body[: data.draw(st.sampled_from([len(body), 30, 200, 1000]))])
    shape(body, TYPES[form])
    shown = published(body, TYPES[form])
    assert shown is None or len(shown) <= len(body) + 200


def test_a_file_of_many_pieces_takes_bounded_work():
    """A JPEG of a million segments, and a PNG of as many chunks, are given up."""
    begun = time.perf_counter()
    assert shape(b"\xff\xd8" + b"\xff\xfe\0\2" * 1_000_000) is None
    chunk = struct.pack(">I4sI", 0, b"tEXt", zlib.crc32(b"tEXt"))
    assert shape(plain("PNG")[:33] + chunk * 1_000_000, "image/png") is None
    assert time.perf_counter() - begun < 5


PIECES = st.lists(
    st.tuples(st.integers(0, 40), st.integers(0, 40)).map(sorted).map(tuple)
    | st.binary(max_size=5)
    | st.integers(0, 9),
    max_size=6,
).map(spans.joined)


@given(PIECES, st.integers(0, 90), st.integers(0, 90))
def test_a_part_of_what_is_published_is_a_part_of_the_whole(found, start, most):
    """Law: any range of it is that range of all its bytes; and as text it comes back."""
    body = bytes(range(40))
    whole = b"".join(found.all_of(reader(body)))
    assert len(whole) == found.size
    assert found.read(reader(body), start, most) == whole[start : start + most]
    assert spans.from_text(found.to_text()) == found


def test_what_follows_each_other_is_one_stretch():
    """So that a large file has a short text in the index."""
    assert spans.joined([(0, 2), (2, 5), b"", (5, 5), (7, 8)]) == Spans(((0, 5), (7, 8)))


@pytest.mark.parametrize("form", ["PNG", "WEBP"])
def test_a_picture_with_clear_pixels_may_be_clear(form):
    """By its header: with a channel for that, or with a clear colour; a photograph has neither."""
    options = {"lossless": True} if form == "WEBP" else {}
    assert not shape(picture(form), TYPES[form]).may_be_clear
    clear = pixels(mode="RGBA")
    clear.putpixel((0, 0), (0, 0, 0, 0))
    assert shape(picture(form, clear), TYPES[form]).may_be_clear
    assert shape(plain(form, clear, **options), TYPES[form]).may_be_clear
    if form == "PNG":
        assert shape(plain(form, pixels(mode="P"), transparency=0), TYPES[form]).may_be_clear
        assert not shape(plain(form, pixels(mode="P")), TYPES[form]).may_be_clear
    else:
        assert not shape(plain(form, **options), TYPES[form]).may_be_clear


def says_place(body, kind):
    return is_place_told(Window(reader(body), len(body)), kind)


@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_a_drawing_with_a_photograph_that_tells_says_where_it_was_taken(form):
    """EXIF can say that; a photograph without it does not, nor does what only looks like one."""
    for body, is_told in ((picture(form), True), (plain(form), False)):
        data = b64encode(body).decode()
        drawing = f'<svg xmlns="http://www.w3.org/2000/svg"><image href="data:{TYPES[form]};base64,{data}"/></svg>'
        assert says_place(drawing.encode(), "image/svg+xml") == is_told
        assert not says_place(drawing.encode(), "image/png")
    assert not says_place(b"<svg><text>Exif</text></svg>", "image/svg+xml")


@pytest.mark.parametrize(
    ("more", "is_told"),
    [
        (atom(b"udta", atom(b"\xa9xyz", b"\0\x12\x15\xc7+52.5200+013.4050/")), True),
        (atom(b"udta", atom(b"loci", bytes(30))), True),
        (atom(b"meta", atom(b"keys", bytes(8) + b"mdtacom.apple.quicktime.location.ISO6709")), True),
        (atom(b"udta", atom(b"\xa9nam", b"xyz")), False),
        (atom(b"trak", atom(b"udta", bytes(9))), False),
        (b"", False),
    ],
)
def test_a_recording_says_where_it_was_made_as_telephones_write_it(more, is_told):
    for kind in ("audio/mp4", "video/mp4"):
        assert says_place(mp4(2, more), kind) == is_told
    assert not says_place(mp4(2, more), "audio/mpeg")


@given(st.binary(max_size=60) | st.just(mp4(2, atom(b"udta", atom(b"loci", bytes(30))))).map(lambda one: one[:-40]))
def test_a_file_of_any_bytes_says_a_place_or_none(body):
    """Law: whatever is in it, nothing is raised."""
    for kind in ("audio/mp4", "image/svg+xml"):
        assert says_place(body, kind) in (True, False)
