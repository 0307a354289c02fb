"""The site's own pictures, from the file to what readers get: sizes, copies, and nothing of who took them where."""

import base64
import json
import re
import time
import urllib.request
from dataclasses import replace

import pytest
from lxml import etree
from PIL import Image as Image_

from feedsite import export
from feedsite.checking.notes import notes
from feedsite.document import Document, File
from feedsite.folder.filereader import SETTLED
from feedsite.folder.library import Library
from feedsite.folder.picturefacts import completed
from feedsite.model import Enclosure, Image, Picture
from feedsite.pictures.parsed import Shape
from feedsite.site import Site

from .support.articles import article
from .support.builders import differing, entry, fingerprints, settings, site
from .support.golden import NOW
from .support.pictures import SECRET, opened, picture, pixels, plain
from .support.servers import Server

BASE = "https://news.example"
SITE = f"title: The Meridian\ndescription: World news.\nbase_url: {BASE}\n"
LARGE = picture("JPEG", pixels(600, 400).resize((3000, 2000)), quality=95)  # more than is kept in memory
SMALL = picture("JPEG", pixels(300, 200))
IMAGE = "{src: images/large.jpg, alt: A set, caption: Seen from above., credit: AFP}"
BODY = '"![Small](images/small.jpg)"'
MEDIA = "{http://search.yahoo.com/mrss/}"


@pytest.fixture
def folder(tmp_path):
    site_folder = tmp_path / "site"
    for name in ("entries", "images"):
        (site_folder / name).mkdir(parents=True)
    (site_folder / "site.yaml").write_text(SITE)
    (site_folder / "images" / "large.jpg").write_bytes(LARGE)
    (site_folder / "images" / "small.jpg").write_bytes(SMALL)
    (site_folder / "entries" / "new.yaml").write_text(article(image=IMAGE, body=BODY))
    time.sleep(2 * SETTLED / 1e9)  # else each may change again within the same tick of the clock
    return site_folder


def read(folder):
    library = Library(folder, {})
    library.read()
    contents = library.contents(NOW)
    return Site(contents.edition, contents.settings, contents.media)


def page_of(a_site):
    (path,) = [path for path in a_site if path.endswith("/new/")]
    return a_site[path].body.decode()


def whole(resource):
    return b"".join(resource.pieces())


def test_a_page_says_how_large_each_picture_is_and_offers_copies(folder):
    """So nothing moves while it loads, and a telephone takes the copy that fits. The first picture is not delayed."""
    text = page_of(read(folder))
    lead, small = re.findall("<img [^>]*>", text)[-2:]
    assert lead == (
        '<img class="u-featured" src="/static/pictures/1280/images/large.jpg" alt="A set" width="3000" height="2000"'
        ' style="--wide:3000;--high:2000" fetchpriority="high">'
    )
    assert small == '<img src="/images/small.jpg" alt="Small" width="300" height="200" loading="lazy">'
    (source,) = re.findall("<picture><source [^>]*>", text)
    assert re.findall(r"/static/pictures/(\d+)/images/large\.jpg\.webp (\d+)w", source) == [
        (width, width) for width in ("320", "640", "960", "1280", "1920")
    ]


def test_a_list_shows_small_copies(folder):
    """A picture of one picture's width is enough for a place in a list."""
    text = read(folder)["/"].body.decode()
    assert 'src="/static/pictures/1280/images/large.jpg"' in text
    assert "/static/pictures/320/images/large.jpg.webp 320w" in text
    assert "https://news.example/images" not in text.partition("</head>")[2]


def test_feeds_have_one_good_size_with_absolute_addresses(folder):
    """A small picture is its own; each says its width and height, and Media RSS its length where it is known."""
    a_site = read(folder)
    copy = f"{BASE}/static/pictures/1280/images/large.jpg"
    size = len(whole(a_site["/images/small.jpg"]))
    html = json.loads(a_site["/feed.json"].body)["items"][0]
    assert html["image"] == copy
    assert f'<img class="u-featured" src="{copy}" alt="A set" width="1280" height="853">' in html["content_html"]
    assert f'<img src="{BASE}/images/small.jpg" alt="Small" width="300" height="200">' in html["content_html"]
    rss = etree.fromstring(a_site["/feed.rss"].body)
    content, thumbnail = rss.find(f".//{MEDIA}content"), rss.find(f".//{MEDIA}thumbnail")
    assert dict(content.attrib) == {
        "url": copy,
        "medium": "image",
        "type": "image/jpeg",
        "width": "1280",
        "height": "853",
    }
    assert dict(thumbnail.attrib) == {"url": copy, "width": "1280", "height": "853"}
    (folder / "entries" / "new.yaml").write_text(article(image="{src: images/small.jpg, alt: A}"))
    content = etree.fromstring(read(folder)["/feed.rss"].body).find(f".//{MEDIA}content")
    assert content.get("fileSize") == str(size) != str(len(SMALL))


def test_a_shared_link_shows_the_picture(folder):
    """Open Graph names a copy that every network takes, with type and size; without a picture the site's icon."""
    text = page_of(read(folder))
    told = dict(re.findall(r'<meta (?:property|name)="([a-z:]+)" content="([^"]*)">', text))
    assert told["og:image"] == f"{BASE}/static/pictures/1280/images/large.jpg"
    assert [told[f"og:image:{name}"] for name in ("type", "width", "height")] == ["image/jpeg", "1280", "853"]
    assert told["twitter:card"] == "summary_large_image"
    linked = json.loads(re.search(r'<script type="application/ld\+json">(.*)</script>', text)[1])
    assert linked["image"] == [
        {
            "@type": "ImageObject",
            "url": told["og:image"],
            "width": 1280,
            "height": 853,
            "caption": "Seen from above.",
            "creditText": "AFP",
        }
    ]
    bare = site(entry(), icon=f"{BASE}/images/icon.png")["/2026/11/night-trains/"].body.decode()
    assert f'<meta property="og:image" content="{BASE}/images/icon.png">' in bare
    assert '<meta name="twitter:card" content="summary">' in bare


def test_each_copy_that_a_page_names_is_drawn(folder):
    """With the size and the type that its address promises, and nothing of the camera."""
    a_site = read(folder)
    named = set(re.findall(r"/static/pictures/[^\s\"]+", page_of(a_site)))
    assert named == {path for path in a_site if path.startswith("/static/pictures/")}
    for path in named:
        copy = a_site[path]
        found = opened(copy.body)
        assert found.width == int(path.split("/")[3])
        assert copy.media_type == found.get_format_mimetype()
        assert SECRET not in copy.body
        assert a_site.plan.at(path).planned.source == "images/large.jpg"


def test_the_original_that_is_served_tells_nothing(folder):
    """A large file in pieces and a small one whole: any part is that of the whole, and the ETag that of these bytes."""
    a_site = read(folder)
    large, small = a_site["/images/large.jpg"], a_site["/images/small.jpg"]
    assert isinstance(large, File)
    assert isinstance(small, Document)
    for one, original in ((large, LARGE), (small, SMALL)):
        body = whole(one)
        assert SECRET in original
        assert SECRET not in body
        assert one.size == len(body)
        assert one.etag() == Document(body, "image/jpeg").etag()
        assert opened(body).tobytes() == opened(original).tobytes()
    file = large.open()
    assert file.read(1000, 5000) == whole(large)[1000:6000]
    file.close()


def test_an_export_has_the_same_bytes(folder, tmp_path):
    """Copies and originals as a server gives them."""
    a_site = read(folder)
    assert not [change for change in export.write(a_site, tmp_path / "out") if change.action == "failed"]
    for path in a_site:
        if path.startswith(("/static/pictures/", "/images/")):
            assert (tmp_path / "out" / path[1:]).read_bytes() == whole(a_site[path])


def test_another_picture_in_the_place_of_one_changes_what_shows_it(folder):
    """Its article, its lists and feeds, itself and its copies: for the size is another one; and nothing else."""
    before = fingerprints(folder)
    (folder / "images" / "small.jpg").write_bytes(picture("JPEG", pixels(1000, 700)))
    time.sleep(2 * SETTLED / 1e9)
    paths = differing(before, folder)
    assert {"/images/small.jpg", "/", "/feed.rss", "/static/pictures/640/images/small.jpg.webp"} <= paths
    assert not any("large" in path for path in paths)
    assert 'width="1000" height="700"' in page_of(read(folder))


def test_a_picture_that_comes_later_is_seen(folder):
    """An article that names a picture which is not there yet is read again when it comes."""
    (folder / "entries" / "new.yaml").write_text(article(body='"![Late](images/late.png)"'))
    library = Library(folder, {})
    library.read()
    (folder / "images" / "late.png").write_bytes(plain("PNG"))
    time.sleep(2 * SETTLED / 1e9)
    library.read()
    (one,) = library.index.entries()
    assert one.pictures == (
        Picture(
            url=f"{BASE}/images/late.png",
            shape=Shape(type="image/png", width=60, height=40),
            length=len(plain("PNG")),
        ),
    )


def test_a_broken_picture_that_tells_is_not_served(folder):
    """It is nowhere on the site, and in no export; the page shows a gap, as for a picture that is missing."""
    (folder / "images" / "small.jpg").write_bytes(b"\xff\xd8\xff\xe0\0\1Exif\0\0MM\0*" + SECRET)
    a_site = read(folder)
    assert a_site.get("/images/small.jpg") is None
    assert a_site.draw("/images/small.jpg") is None


def test_a_broken_picture_is_its_own_copy(folder):
    """What cannot be decoded is shown as far as a browser can."""
    (folder / "images" / "large.jpg").write_bytes(LARGE[: len(LARGE) // 2])
    time.sleep(2 * SETTLED / 1e9)
    a_site = read(folder)
    copy = a_site["/static/pictures/640/images/large.jpg.webp"]
    assert (copy.size, copy.media_type) == (a_site["/images/large.jpg"].size, "image/jpeg")


def test_pictures_of_every_field_are_looked_into(folder):
    """Those of the head, of the text and of enclosures, each once; of others nothing is known."""
    one = entry(
        image=Image(src=f"{BASE}/images/small.jpg", alt="A"),
        enclosures=(Enclosure(url=f"{BASE}/images/large.jpg", type="image/jpeg"),),
        body=f'<p><img src="{BASE}/images/small.jpg" alt=""><img src="https://a.example/b.png" alt=""></p>',
    )
    found = completed(one, folder, settings().urls)
    assert [picture.url for picture in found.entry.pictures] == [
        f"{BASE}/images/{name}.jpg" for name in ("small", "large")
    ]
    assert found.asked == ("images/small.jpg", "images/large.jpg")


def test_what_an_author_wrote_stays():
    """A width of one's own, with the height that goes with it; and what is within <picture>, or has a srcset."""
    shape = Shape(type="image/jpeg", width=3000, height=2000)
    url = f"{BASE}/images/a.jpg"
    texts = {
        f'<img src="{url}" alt="" width="600">': 'width="600" height="400"',
        f'<img src="{url}" alt="" height="200">': 'width="300"',
        f'<img src="{url}" alt="" width="50%">': 'width="50%" loading',
        f'<picture><source srcset="{url} 2x"><img src="{url}" alt=""></picture>': (
            '<picture><source srcset="/images/a.jpg 2x"><img src="/images/a.jpg" alt="" width="3000" height="2000"'
            ' loading="lazy"></picture>'
        ),
        f'<img src="{url}" srcset="{url} 1x, {url}?2 2x" alt="">': 'srcset="/images/a.jpg 1x, /images/a.jpg?2 2x"',
    }
    for text, shown in texts.items():
        one = entry(body=text, pictures=(Picture(url=url, shape=shape),))
        assert shown in site(one)[one.path].body.decode()


def test_a_high_picture_is_no_wall():
    """One that is higher than wide is 720 pixels high, in feeds and on pages."""
    url = f"{BASE}/images/a.jpg"
    known = (Picture(url=url, shape=Shape(type="image/jpeg", width=2000, height=3000)),)
    a_site = site(entry(body=f'<img src="{url}" alt="">', pictures=known))
    assert 'width="480" height="720" loading="lazy"' in a_site["/2026/11/night-trains/"].body.decode()
    assert 'sizes="min(480px,94vw)"' in a_site["/2026/11/night-trains/"].body.decode()
    assert 'width=\\"480\\" height=\\"720\\"' in a_site["/feed.json"].body.decode()


@pytest.mark.parametrize(
    ("shape", "is_whole"),
    [
        (Shape(type="image/svg+xml", width=2000, height=1000), True),
        (Shape(type="image/png", width=160, height=120), True),
        (Shape(type="image/jpeg", width=2000, height=1000), False),
        (None, False),
    ],
)
def test_a_list_cuts_no_drawing_and_makes_no_small_picture_larger(shape, is_whole):
    """The style sheet shows both whole, in the middle of their place; a photograph, and what is unknown, fills it."""
    url = f"{BASE}/images/a"
    known = (Picture(url=url, shape=shape),) if shape else ()
    text = site(entry(image=Image(src=url, alt="A"), pictures=known))["/"].body.decode()
    assert ('<img class="u-photo whole"' in text, '<img class="u-photo"' in text) == (is_whole, not is_whole)


@pytest.mark.parametrize("base", [BASE, f"{BASE}/blog", None])
def test_addresses_within_pages_have_no_host(base):
    """Pictures, links, sound, icon and logo lead to whatever host serves the page; feeds and what is shared say it."""
    made = settings(base_url=base)
    at = made.urls.absolute
    one = entry(
        image=Image(src=at("/images/a.jpg"), alt="A"),
        enclosures=(Enclosure(url=at("/audio/a.mp3"), type="audio/mpeg"),),
        body=f'<p><a href="{at("/2026/11/b/")}#c">b</a> <img src="{at("/images/b.png")}" alt="">'
        f' <a href="{at("/")}/evil.example/">e</a> See {at("/x")} <video src="{at("/audio/v.mp4")}"></video></p>',
    )
    publisher = replace(made.publisher, logo=at("/images/logo.svg"))
    a_site = site(one, base_url=base, icon=at("/images/icon.png"), publisher=publisher)
    text = a_site[one.path].body.decode()
    root = made.urls.href("/")
    for path in ("images/a.jpg", "images/b.png", "audio/a.mp3", "audio/v.mp4", "images/icon.png", "images/logo.svg"):
        assert f'"{root}{path}"' in text
    assert f'href="{root}2026/11/b/#c"' in text
    assert f'href="{at("/")}/evil.example/"' in text  # without its host it would lead to another one
    assert f"See {at('/x')} " in text
    told = re.sub(r'<(?:meta|link rel="canonical")[^>]*>|<script.*?</script>|<code>.*?</code>', "", text)
    assert set(re.findall(rf'"{re.escape(made.urls.base)}[^"]*"', told)) == {f'"{at("/")}/evil.example/"'}
    assert root + "images" not in a_site["/feed.atom"].body.decode().replace(at("/images"), "")


def test_a_server_makes_a_copy_while_it_answers_others(folder):
    """The first request for a copy waits until it is made; the second one has it from the disk."""
    server = Server(folder)
    try:
        address = f"http://127.0.0.1:{server.port}/static/pictures/640/images/large.jpg.webp"
        answers = []
        for _ in range(2):
            with urllib.request.urlopen(address) as response:
                answers.append((response.headers["Content-Type"], response.headers["ETag"], response.read()))
        assert answers[0] == answers[1]
        assert answers[0][0] == "image/webp"
        assert opened(answers[0][2]).size == (640, 427)
        with pytest.raises(urllib.error.HTTPError, match="404"):
            urllib.request.urlopen(address.replace("640", "641"))
    finally:
        server.stop()


def test_check_notes_pictures_that_are_unfit(folder):
    """One that is larger than any screen, one that is not published, one of unknown size; and no other."""
    (folder / "images" / "huge.png").write_bytes(plain("PNG", Image_.new("1", (9000, 9000))))
    (folder / "images" / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0\0\1Exif\0\0MM\0*")
    (folder / "images" / "cut.gif").write_bytes(b"GIF89a")
    (folder / "images" / "plain.svg").write_bytes(b"<svg/>")
    photograph = base64.b64encode(picture("JPEG")).decode()
    drawing = f'<svg width="9" height="9"><image href="data:image/jpeg;base64,{photograph}"/></svg>'
    (folder / "images" / "told.svg").write_text(drawing)
    time.sleep(2 * SETTLED / 1e9)
    library = Library(folder, {})
    library.read()
    found = [fault for fault in notes(library, NOW)[0] if fault.path.startswith("images/")]
    assert [(fault.path, fault.message.partition(";")[0]) for fault in found] == [
        (
            "images/broken.jpg",
            "the picture is not published: its file is broken, and seems to say where or by whom it was taken",
        ),
        ("images/cut.gif", "nobody knows how large the picture is, for its file is broken"),
        (
            "images/huge.png",
            "the picture has 81 megapixels, and no copies for smaller screens are made of it",
        ),
        (
            "images/plain.svg",
            "nobody knows how large the picture is, for its root element has neither width and height nor a viewBox",
        ),
        ("images/told.svg", "the file says when or where it was taken, and is published as it is"),
    ]
    assert all(fault.is_note for fault in found)
