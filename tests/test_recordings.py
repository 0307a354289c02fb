"""What the site's own files say of an article's enclosures: read by the scan, whatever is in them, and read again."""

import os
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsite.checking.notes import notes
from feedsite.folder.filereader import SETTLED
from feedsite.folder.library import Library
from feedsite.folder.recordings import _MOST_TIMED, completed
from feedsite.index import mediarows
from feedsite.model import Enclosure
from feedsite.site import Site

from .support import recordings
from .support.articles import article
from .support.builders import entry, fingerprints, settings
from .support.golden import NOW
from .support.laws import few

SITE = "title: The Meridian\ndescription: World news.\nbase_url: https://news.example\n"
TALK = "[{url: audio/talk.mp3}]"
URLS = settings().urls


def write(folder, **files):
    for name, content in files.items():
        path = folder / ("audio" if name != "new" else "entries") / (f"{name}.yaml" if name == "new" else name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def enclosure(folder, name, **fields):
    """The enclosure of an article that names this file, and the files that were asked."""
    file = Enclosure(**({"url": f"https://news.example/audio/{name}", "type": "audio/mpeg"} | fields))
    found, asked, _ = completed(entry(enclosures=(file,)), folder, URLS)
    return (found.enclosures[0].length, found.enclosures[0].duration), asked


@pytest.fixture
def site(tmp_path):
    (tmp_path / "site.yaml").write_text(SITE)
    (tmp_path / "audio").mkdir()
    write(tmp_path, new=article(enclosures=TALK).encode())
    return tmp_path


def read(library):
    """The enclosure of the article as the site has it, after a scan; and nothing remains to be scanned again."""
    time.sleep(2 * SETTLED / 1e9)
    while library.update().again:
        time.sleep(0.01)
    (one,) = library.index.entries()
    (found,) = one.enclosures
    return found.length, found.duration


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.mp3", recordings.mp3(75)),
        ("tagged.mp3", b"ID3\x04\0\0\0\x00\x10\x00" + bytes(2048) + recordings.mp3(75)),
        ("a.wav", recordings.wav(75)),
        ("a.m4a", recordings.mp4(75)),
        ("a.mp4", recordings.mp4(75)),
        ("a.opus", recordings.opus(75)),
        ("long.opus", recordings.opus(75, between=300_000)),
        ("a.ogg", recordings.vorbis(75)),
    ],
)
def test_a_recording_says_how_long_it_plays(tmp_path, name, content):
    """Its bytes and its seconds, as players count them."""
    write(tmp_path, **{name: content})
    assert enclosure(tmp_path, name) == ((len(content), 75), (f"audio/{name}",))


@pytest.mark.parametrize("name", ["a.mp3", "a.wav", "a.m4a", "a.mp4", "a.opus", "a.ogg", "a.webm", "a.aac", "a.pdf"])
@pytest.mark.parametrize("content", [b"", b"x", b"no recording at all" * 100], ids=["empty", "a letter", "text"])
def test_what_is_no_recording_has_a_length_alone(tmp_path, name, content):
    """A file that lies about what it is, and one of a format that is not looked into."""
    write(tmp_path, **{name: content})
    assert enclosure(tmp_path, name) == ((len(content), None), (f"audio/{name}",))


def test_what_the_editor_wrote_is_not_asked_of_the_file(tmp_path):
    """Length and duration are those that are written; a document has no duration."""
    write(tmp_path, **{"a.mp3": recordings.mp3(75), "a.pdf": b"%PDF"})
    assert enclosure(tmp_path, "a.mp3", length=7, duration=9) == ((7, 9), ())
    assert enclosure(tmp_path, "a.pdf", type="application/pdf", length=7) == ((7, None), ())
    assert enclosure(tmp_path, "a.mp3", duration=9) == ((len(recordings.mp3(75)), 9), ("audio/a.mp3",))


@pytest.mark.parametrize(
    "url",
    [
        "https://news.example/audio/.hidden.mp3",
        "https://news.example/audio/a.xyz",
        "https://news.example/audio/%2e%2e/audio/a.mp3",
        "https://news.example/audio//a.mp3",
        "https://news.example/entries/a.mp3",
        "https://news.example/audio",
        "https://cdn.example/audio/a.mp3",
        "https://news.example/audio/a%00.mp3",
        "https://news.example/audio/%ff.mp3",
        "https://news.example/audio/out.mp3",
        "https://news.example/audio/pipe.mp3",
        "https://news.example/audio/folder.mp3",
    ],
)
def test_nothing_is_read_that_is_not_published(tmp_path, url):
    """Of files that a scan does not come to, that lie elsewhere or that a link leads to, nothing is known."""
    site = tmp_path / "site"
    for path in ("audio/.hidden.mp3", "audio/a.mp3", "audio/a.xyz", "entries/a.mp3", "../secret.mp3"):
        (site / path).parent.mkdir(parents=True, exist_ok=True)
        (site / path).write_bytes(recordings.mp3(5))
    (site / "audio" / "out.mp3").symlink_to(tmp_path / "secret.mp3")
    (site / "audio" / "folder.mp3").mkdir()
    os.mkfifo(site / "audio" / "pipe.mp3")
    assert enclosure(site, "", url=url)[0] == (0, None)


def _endless_mp3():
    return recordings.mp3(0.1) + b"\xff\x00" * 2_000_000


def _many_atoms():
    return recordings.mp4(1)[:16] + b"\0\0\0\x08free" * 500_000


def _large_chunk():
    return b"RIFF\xff\xff\xff\xffWAVEfmt \xf0\xff\xff\xff" + bytes(4_000_000)


def _many_pages():
    return recordings.opus(5)[:47] + b"OggS\0" * 800_000


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.mp3", _endless_mp3()), ("a.m4a", _many_atoms()), ("a.wav", _large_chunk()), ("a.opus", _many_pages())],
)
def test_a_hostile_file_is_given_up(tmp_path, name, content):
    """Frames without end, a million parts, a part of 4 GB: each is left after a bounded amount of work."""
    write(tmp_path, **{name: content})
    begun = time.process_time()
    assert enclosure(tmp_path, name) == ((len(content), None), (f"audio/{name}",))
    assert time.process_time() - begun < 1  # it takes some 0.05 seconds


@few
@given(
    st.sampled_from([("a.mp3", recordings.mp3(2)), ("a.wav", recordings.wav(1)), ("a.m4a", recordings.mp4(9))]),
    st.lists(st.tuples(st.integers(0, 200), st.binary(min_size=1, max_size=8)), max_size=4),
)
def test_whatever_bytes_stand_in_a_recording_a_scan_goes_on(tmp_path_factory, recording, changes):
    """A damaged file has a length; its duration is a number of seconds that a file of its kind may have, or none."""
    name, content = recording
    content = bytearray(content)
    for place, instead in changes:
        content[place : place + len(instead)] = instead
    folder = tmp_path_factory.mktemp("site")
    write(folder, **{name: bytes(content)})
    (length, duration), _ = enclosure(folder, name)
    assert length == len(content)
    assert duration is None or 0 < duration <= 1_000_000


def test_of_an_article_only_some_files_are_timed(tmp_path):
    """A list of a thousand recordings costs no more than that of a few, but their lengths."""
    names = [f"{number}.mp3" for number in range(_MOST_TIMED + 3)]
    write(tmp_path, **dict.fromkeys(names, recordings.mp3(2)))
    files = tuple(Enclosure(url=f"https://news.example/audio/{name}", type="audio/mpeg") for name in names)
    found, asked, _ = completed(entry(enclosures=files), tmp_path, URLS)
    assert [one.duration for one in found.enclosures] == [2] * _MOST_TIMED + [None] * 3
    assert {one.length for one in found.enclosures} == {len(recordings.mp3(2))}
    assert len(asked) == len(names)


def test_an_article_has_what_its_recording_says_now(site):
    """A recording that comes later, is replaced, or goes: the next scan reads the article again, and it alone."""
    library = Library(site, {})
    assert read(library) == (0, None)
    for seconds in (75, 90):
        write(site, **{"talk.mp3": recordings.mp3(seconds)})
        assert read(library) == (len(recordings.mp3(seconds)), seconds)
    (site / "audio" / "talk.mp3").unlink()
    assert read(library) == (0, None)


def test_a_recording_that_is_still_written_is_waited_for(site):
    """Until it is whole its length is not known: no feed has that of a half. The article is there meanwhile."""
    library = Library(site, {})
    library.update()
    with (site / "audio" / "talk.mp3").open("wb") as file:
        for _ in range(3):
            file.write(recordings.mp3(25))
            file.flush()
            done = library.update(waits_for_saves=True)
            assert "entries/new.yaml" in done.again
            (one,) = library.index.entries()
            assert (one.enclosures[0].length, one.enclosures[0].duration) == (0, None)
    again = library.update(done.again, waits_for_saves=True)
    assert "entries/new.yaml" not in again.again
    (one,) = library.index.entries()
    assert (one.enclosures[0].length, one.enclosures[0].duration) == (3 * len(recordings.mp3(25)), 75)


def test_a_change_of_a_recording_alone_is_enough(site):
    """A server scans the path that the system names: the article is read again with it, in the same commit."""
    library = Library(site, {})
    read(library)
    time.sleep(2 * SETTLED / 1e9)
    write(site, **{"talk.mp3": recordings.mp3(75)})
    change = library.scan(["audio/talk.mp3"])
    assert [job.path for job in change.jobs] == ["entries/new.yaml"]
    with library.commit(change):
        pass
    (one,) = library.index.entries()
    assert one.enclosures[0].duration == 75


def test_a_node_that_begins_now_publishes_the_same(site):
    """As one that saw the recording come, change, and the article be edited meanwhile."""
    library = Library(site, {})
    read(library)
    write(site, **{"talk.mp3": recordings.mp3(75)})
    read(library)
    write(site, new=article("Edited", enclosures=TALK).encode(), **{"talk.mp3": recordings.mp3(90)})
    assert read(library) == (len(recordings.mp3(90)), 90)
    contents = library.contents(NOW)
    here = {one.path: one.fingerprint for one in Site(contents.edition, contents.settings, contents.media).plan}
    assert here == fingerprints(site)


def test_an_article_that_names_it_no_more_is_not_read_again(site):
    """What an index remembers of an article goes with it."""
    library = Library(site, {})
    read(library)
    assert mediarows.asking(library.index, ["audio/talk.mp3"]) == {"entries/new.yaml"}
    write(site, new=article().encode())
    library.update()
    assert mediarows.asking(library.index, ["audio/talk.mp3"]) == set()
    write(site, new=article(enclosures=TALK).encode())
    library.update()
    (site / "entries" / "new.yaml").unlink()
    library.update()
    assert mediarows.asking(library.index, ["audio/talk.mp3"]) == set()


def test_a_missing_recording_and_a_wrong_length_are_noted(site):
    """check tells them, whether a length is written or read from the file."""
    library = Library(site, {})
    read(library)
    assert [str(note) for note in notes(library, NOW)[0]] == [
        "entries/new.yaml:5:20: note: /audio/talk.mp3 is not in the site's folder; readers will see a gap"
    ]
    write(site, **{"talk.mp3": recordings.mp3(75)})
    read(library)
    assert notes(library, NOW)[0] == []
    write(site, new=article(enclosures="[{url: audio/talk.mp3, length: 7}]").encode())
    read(library)
    length = len(recordings.mp3(75))
    assert [str(note) for note in notes(library, NOW)[0]] == [
        f"entries/new.yaml:5:36: note: /audio/talk.mp3 has {length} bytes; write `length: {length}`"
    ]
