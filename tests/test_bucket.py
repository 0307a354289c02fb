"""The site exported to a bucket: the bytes that are served, in order, by one build at a time."""

import os
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from feedsite.document import Document, Moved, SeeOther
from feedsite.errors import FeedsiteError
from feedsite.export import Change, bucket, file_name, uploading
from feedsite.export.drawing import Outcome
from feedsite.export.lease import Lease, Terms
from feedsite.export.manifest import Row
from feedsite.export.objects import Bucket, Conflict, Headers, RetryPolicy
from feedsite.export.uploading import Unlisted, Unsent

from .support.builders import ask, header
from .support.golden import sample_site
from .support.plainsite import PlainSite, Recording
from .support.stores import KEYS, before, moto, seaweedfs
from .support.stores import ask as ask_moto

ROOT = Path(__file__).parent.parent
HASTE = RetryPolicy(request=5, retries=1)
TEXT = Headers("text/plain", "no-store")


@pytest.fixture(scope="module")
def weed(tmp_path_factory):
    with seaweedfs(tmp_path_factory.mktemp("weed")) as store:
        yield store


@pytest.fixture(scope="module")
def amazon():
    with moto("news") as store:
        yield store


@pytest.fixture
def place(weed, monkeypatch, request):
    """A prefix of its own in SeaweedFS, which makes a bucket with the first object in it."""
    reach(monkeypatch, weed)
    address = f"s3://news/{abs(hash(request.node.nodeid)):x}"
    Bucket("s3://news").put("made", b"", TEXT)
    return Bucket(address)


def reach(monkeypatch, store, **changes):
    for name, value in (store.environment | changes).items():
        monkeypatch.setenv(name, value)


def written(site, place, *faulty, **options):
    return {change.path: change.action for change in bucket.write(site, place, frozenset(faulty), **options)}


def text(place, name):
    held = place.get(name)
    return held and held.body.decode()


class TestWhatIsWritten:
    """Each object has the body and the headers of the server's answer."""

    def test_it_is_what_is_served(self, amazon, monkeypatch):
        """An object has the server's body, media type and Cache-Control; no coding, which some clients cannot read."""
        reach(monkeypatch, amazon)
        site = sample_site()
        assert set(written(site, Bucket("s3://news/sample")).values()) == {"written"}
        for path, resource in site.items():
            found = ask_moto(amazon.port, "GET", f"/news/sample/{file_name(path)}")
            is_copy = isinstance(resource, Moved) and path.endswith(".xml")
            served = ask(site, resource.path if is_copy else path)
            assert found.read() == served.body, path
            is_of_server = isinstance(resource, SeeOther)  # which no cache keeps there
            for name in ("Content-Type",) if is_of_server else ("Content-Type", "Cache-Control"):
                assert found.headers[name] == header(served, name), path
            assert found.headers["Content-Encoding"] is None

    def test_a_former_address_redirects(self, amazon, monkeypatch):
        """A former address has a redirect, for stores that serve websites, and a page that leads to the new one."""
        reach(monkeypatch, amazon)
        written(sample_site(), Bucket("s3://news/moved"))
        found = ask_moto(amazon.port, "GET", "/news/moved/feed/index.html")
        assert found.headers["x-amz-website-redirect-location"] == "/feed.rss"
        assert b'http-equiv="refresh" content="0; url=/feed.rss"' in found.read()

    def test_a_name_in_any_script_is_a_key(self, place):
        """Letters of any script, spaces and signs that addresses encode may stand in a name."""
        paths = ["/2026/11/日本/", "/images/a b+c%20d.png", "/images/ü#?.png"]
        written(PlainSite(dict.fromkeys(paths, "x")), place)
        assert [text(place, file_name(path)) for path in paths] == ["x", "x", "x"]

    def test_what_others_point_to_is_written_first(self, place):
        """Pictures are uploaded first, then articles, then lists of articles, then redirects."""
        sources = {"/2026/11/a/": "entries/a.yaml", "/old/": "entries/a.yaml", "/images/p.png": "images/p.png"}
        moved = Moved("/2026/11/a/", "/2026/11/a/", Document(b"moved", "text/html"))
        paths = {"/old/": moved, "/": "x", "/2026/11/a/": "x", "/images/p.png": "x"}
        order = list(written(PlainSite(paths, sources), place))
        assert order == ["images/p.png", "2026/11/a/index.html", "index.html", "old/index.html"]


class TestOnlyWhatChanged:
    """A build uploads only what changed."""

    def test_a_second_build_writes_nothing(self, place):
        """A second build uploads nothing, not even its manifest."""
        site = PlainSite({"/a": "1", "/b": "2"})
        written(site, place)
        names = ("a/index.html", ".feedsite/written.json", ".feedsite/building.json")
        held = [place.get(name) for name in names]
        site.asked.clear()
        assert set(written(site, place).values()) == {"unchanged"}
        assert site.asked == []
        assert held == [place.get(name) for name in names]

    def test_what_changed_is_written(self, place):
        """An object is uploaded when its bytes or its headers changed."""
        written(PlainSite({"/a": "1", "/b": "2", "/c": "3"}), place)
        site = PlainSite({"/a": "1", "/b": "4", "/c": Document(b"3", "text/html")})
        assert written(site, place) == {
            "a/index.html": "unchanged",
            "b/index.html": "written",
            "c/index.html": "written",
        }
        assert text(place, "b/index.html") == "4"

    def test_a_fingerprint_that_alone_is_new_uploads_nothing(self, place):
        """An object whose fingerprint alone changed, as with a new feedsite, is not uploaded."""
        written(PlainSite({"/a": "1"}), place)
        assert written(PlainSite({"/a": Document(b"1", "text/plain; charset=utf-8")}), place) == {
            "a/index.html": "unchanged"
        }

    def test_what_the_site_no_longer_has_is_left_until_it_is_to_be_deleted(self, place):
        """What the site no longer has is reported as left, until a build with `deletes` removes it."""
        place.put("theirs", b"x", TEXT)
        written(PlainSite({"/a": "1", "/b": "2"}), place)
        for _ in range(2):
            assert written(PlainSite({"/a": "1"}), place) == {"a/index.html": "unchanged", "b/index.html": "left"}
            assert text(place, "b/index.html") == "2"
        told = written(PlainSite({"/a": "1"}), place, deletes=True)
        assert told == {"a/index.html": "unchanged", "b/index.html": "removed"}
        assert (text(place, "b/index.html"), text(place, "theirs")) == (None, "x")
        assert written(PlainSite({"/a": "1"}), place, deletes=True) == {"a/index.html": "unchanged"}

    def test_what_a_faulty_file_published_stays(self, place):
        """What a faulty file has published stays, also with `deletes`."""
        sources = {"/a": "entries/a.yaml", "/b": "entries/b.yaml"}
        written(PlainSite({"/a": "1", "/b": "2"}, sources), place)
        assert written(PlainSite({}), place, "entries/b.yaml", deletes=True) == {"a/index.html": "removed"}
        assert text(place, "b/index.html") == "2"

    def test_a_dry_run_reports_the_same_and_writes_nothing(self, place):
        """A dry run reports what a build would do, and writes no object."""
        assert written(PlainSite({"/a": "1"}), place, is_dry=True) == {"a/index.html": "written"}
        assert place.get(".feedsite/building.json") is place.get("a/index.html") is None
        written(PlainSite({"/a": "1", "/b": "2", "/c": "3"}), place)
        site = PlainSite({"/a": "1", "/b": "4"})
        told = written(site, place, is_dry=True, deletes=True)
        assert (text(place, "b/index.html"), text(place, "c/index.html")) == ("2", "3")
        assert told == written(site, place, deletes=True)


MOVED = Moved("/a/", "/a/", Document(b"moved", "text/html"))


def with_alias(path, **bodies):
    """A site in which an article has an alias."""
    pages = {f"/{name}": body for name, body in bodies.items()}
    return PlainSite(pages | {path: MOVED}, {path: "entries/a.yaml"})


class TestWhatIsNotOurs:
    """An object that the manifest does not name is never overwritten or deleted."""

    def test_an_operators_own_object_stays_and_its_alias_is_left_out(self, place):
        """Somebody else's object in an alias's place stays, also when the alias is gone; a dry run reports that."""
        written(PlainSite({"/a": "1"}), place)
        place.put("robots.txt", b"theirs", TEXT)
        for number in "23":
            site = with_alias("/robots.txt", a=number)
            told = written(site, place, is_dry=True)
            assert told == written(site, place) == {"a/index.html": "written", "robots.txt": "kept"}
            assert (text(place, "robots.txt"), text(place, "a/index.html")) == ("theirs", number)
        assert written(PlainSite({"/a": "4"}), place, deletes=True) == {"a/index.html": "written"}
        assert text(place, "robots.txt") == "theirs"

    def test_a_page_that_cannot_have_its_place_has_failed(self, place):
        """An article whose place somebody else's object has fails, and is uploaded when the place is free."""
        written(PlainSite({"/a": "1"}), place)
        place.put("b/index.html", b"theirs", TEXT)
        site = PlainSite({"/a": "1", "/b": "2", "/c": "3"})
        told = {change.path: change for change in bucket.write(site, place)}
        problem = "an object that feedsite did not write stands there"
        assert told["b/index.html"] == Change("b/index.html", "failed", problem)
        assert told["c/index.html"] == Change("c/index.html", "written")
        place.delete("b/index.html")
        assert written(site, place)["b/index.html"] == "written"

    def test_an_object_of_the_same_bytes_counts_as_uploaded(self, place):
        """Somebody else's object with the same bytes counts as uploaded."""
        written(PlainSite({"/a": "1"}), place)
        place.put("b/index.html", b"2", TEXT)
        site = PlainSite({"/a": "1", "/b": "2"})
        assert written(site, place)["b/index.html"] == "unchanged"
        assert written(PlainSite({"/a": "1"}), place, deletes=True)["b/index.html"] == "removed"

    def test_what_comes_in_the_last_moment_stays(self, place):
        """A new object is put on condition that none exists (RFC 9110 13.1.2), so that none is overwritten."""
        place.put("b", b"theirs", TEXT)
        assert not place.put("b", b"ours", TEXT, is_new=True)
        assert (text(place, "b"), place.put("c", b"ours", TEXT, is_new=True)) == ("theirs", True)

    def test_without_a_manifest_all_is_uploaded(self, place):
        """Without a manifest, as in a first build, all objects are uploaded, over any others."""
        place.put("a/index.html", b"theirs", TEXT)
        for _ in range(2):
            assert written(PlainSite({"/a": "1"}), place) == {"a/index.html": "written"}
            place.delete(".feedsite/written.json")
            place.delete(".feedsite/begun.json")
        assert text(place, "a/index.html") == "1"


def test_a_name_that_no_store_takes_stops_no_other(place):
    """A name that is too long for a store is reported each time, and keeps no other object from being uploaded."""
    site = PlainSite({f"/{'a' * 1100}/": "1", "/feed.rss": "1", "/": "1"})
    for action in ("written", "unchanged"):
        told = {change.path: change for change in bucket.write(site, place)}
        problem = "its key would be longer than 1024 bytes, the most that S3 takes"
        assert told.pop(f"{'a' * 1100}/index.html") == Change(f"{'a' * 1100}/index.html", "failed", problem)
        assert {change.action for change in told.values()} == {action}


def test_one_object_that_a_store_refuses_stops_no_other(amazon, monkeypatch):
    """An object that the store refuses by itself fails, and keeps no other from being uploaded."""

    def refusing(method, path, _headers):
        told = b"<Error><Code>InvalidObjectName</Code></Error>"
        return (400, told) if method == "PUT" and "/odd/" in path else None

    with before(amazon, refusing) as store:
        reach(monkeypatch, store)
        told = written(PlainSite({"/odd/": "1", "/": "1"}), Bucket("s3://news/refused"))
    assert told == {"odd/index.html": "failed", "index.html": "written"}


def test_a_prefix_leaves_room_for_every_address():
    """A prefix of more than 200 bytes is refused, so that every path that `check` passes makes a key."""
    with pytest.raises(FeedsiteError, match="is longer than 200 bytes; name a shorter one"):
        Bucket(f"s3://news/{'a' * 201}")


# A build of a site of many pages that all hold one word, in a process of its own, as two machines would begin it.
_BUILD = """
import sys
from feedsite.errors import FeedsiteError
from feedsite.export import bucket
from feedsite.export.lease import Terms
from feedsite.export.objects import Bucket
from tests.support.plainsite import PlainSite
address, word, count, ends = sys.argv[1:]
pages = {f"/{number}/": word for number in range(int(count))}
site = PlainSite({"/": word, "/feed.rss": word} | pages, {path: "entries/a.yaml" for path in pages})
print("ready", flush=True)
sys.stdin.readline()
try:
    for change in bucket.write(site, Bucket(address), terms=Terms(ends=float(ends))):
        if change.action != "unchanged":
            print(change.path, flush=True)
except FeedsiteError as error:
    sys.exit(str(error))
"""


def build(store, place, word, count=400, ends=180):
    """A process that begins to build after a line on its standard input."""
    command = [sys.executable, "-c", _BUILD, place.address, word, str(count), str(ends)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **store.environment}, **pipes)
    assert process.stdout.readline() == "ready\n"
    return process


def go(process):
    process.stdin.write("go\n")
    process.stdin.flush()


class TestOneAtATime:
    """Two builds never mix in one bucket, and a killed build is completed by the next one."""

    def test_of_two_builds_that_begin_together_one_touches_nothing(self, weed, place):
        """Of two builds that begin together one is refused before it writes, with a sentence that names the other."""
        builds = [build(weed, place, word) for word in ("one", "two")]
        for process in builds:
            go(process)
        told = [process.communicate() for process in builds]
        assert sorted(process.returncode for process in builds) == [0, 1]
        winner = [process.returncode for process in builds].index(0)
        (output, problem) = told[1 - winner]
        assert output == ""
        assert f"another build is writing to {place.address} (" in problem
        names = ["index.html", "feed.rss", *(f"{number}/index.html" for number in range(400))]
        assert {text(place, name) for name in names} == {("one", "two")[winner]}
        after = build(weed, place, ("one", "two")[winner])
        assert after.communicate("go\n") == ("", "")

    def test_of_two_builds_that_overlap_the_later_is_refused(self, weed, place):
        """A build that begins while another one runs is refused."""
        first, later = build(weed, place, "one"), build(weed, place, "two")
        go(first)
        for _ in range(20):
            first.stdout.readline()
        _, problem = later.communicate("go\n")
        assert "another build is writing" in problem
        first.communicate()
        assert (first.returncode, later.returncode) == (0, 1)
        assert {text(place, f"{number}/index.html") for number in range(400)} == {"one"}

    def test_a_killed_build_leaves_old_lists_and_whole_pages_and_the_next_completes_it(self, weed, place):
        """After a killed build the old feed leads to whole pages; the next build completes and cleans up."""
        build(weed, place, "old").communicate("go\n")
        killed = build(weed, place, "new", 500)
        go(killed)
        for _ in range(100):
            killed.stdout.readline()
        killed.kill()
        killed.communicate()
        assert (text(place, "index.html"), text(place, "feed.rss")) == ("old", "old")
        assert {text(place, f"{number}/index.html") for number in range(400)} == {"old", "new"}
        completing = Terms(ends=0.1)
        told = written_when_free(PlainSite({"/": "new", "/1/": "new"}), place, terms=completing, deletes=True)
        assert text(place, "index.html") == "new"
        assert sum(action == "removed" for action in told.values()) == 500
        assert [number for number in range(500) if text(place, f"{number}/index.html")] == [1]

    def test_a_build_that_fails_need_not_upload_again_what_it_uploaded(self, amazon, monkeypatch):
        """After a build that failed, the next one begins at once and uploads only what is missing."""

        def refusing(method, path, _headers):
            return (403, b"") if method == "PUT" and path.startswith("/news/half/broken/") else None

        site = PlainSite({f"/{number}/": "x" for number in range(100)} | {"/broken/": "x"})
        with before(amazon, refusing) as store:
            reach(monkeypatch, store)
            with pytest.raises(FeedsiteError, match="the key may not write objects there"):
                written(site, Bucket("s3://news/half"))
        reach(monkeypatch, amazon)
        told = written(site, Bucket("s3://news/half"))
        assert [name for name, action in told.items() if action == "written"] == ["broken/index.html"]

    def test_a_build_without_its_lease_writes_nothing_more(self, place):
        """A build that lost its lease, as on a machine that slept, stops and writes nothing more."""
        with Lease(place, Terms(renewal=0.01)) as first:
            first.check()
            held = place.get(".feedsite/building.json")
            taken = False
            while not taken:  # each renewal is another version of the object
                try:
                    place.swap(".feedsite/building.json", b"{}", TEXT, held.tag)
                    taken = True
                except Conflict:
                    held = place.get(".feedsite/building.json")
            with pytest.raises(FeedsiteError, match="was interrupted"):
                repeated(first.check)
        assert text(place, ".feedsite/building.json") == "{}"

    def test_a_build_that_cannot_renew_its_lease_writes_nothing_more(self, place):
        """A build that cannot renew its lease in time stops, for another may have begun."""
        with Lease(place, Terms(grace=0)) as held, pytest.raises(FeedsiteError, match="was interrupted"):
            held.check()

    def test_the_manifest_is_replaced_only_where_no_other_build_did(self, place):
        """The manifest is replaced only where no other build has replaced it."""
        site = PlainSite({"/a": "1", "/b": "2"})
        changes = bucket.write(site, place)
        next(changes)
        place.put(".feedsite/written.json", b"{}", TEXT)
        with pytest.raises(FeedsiteError, match="another build has written to"):
            list(changes)
        assert text(place, ".feedsite/written.json") == "{}"

    def test_a_store_that_cannot_keep_two_builds_apart_is_refused(self, amazon, monkeypatch):
        """A store that ignores the conditions of writes is refused."""

        def without_conditions(_method, _path, headers):
            headers.pop("if-none-match", None)

        with before(amazon, without_conditions) as careless:
            reach(monkeypatch, careless)
            with pytest.raises(FeedsiteError, match="ignores conditional writes"):
                written(PlainSite({"/a": "1"}), Bucket("s3://news/careless"))
            assert text(Bucket("s3://news/careless"), "a/index.html") is None


def repeated(call, seconds=10):
    """Calls again and again, until the call raises."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        call()


def written_when_free(site, place, **options):
    """What a build writes that begins when the lease of a killed one has ended."""
    for _ in range(150):
        try:
            return written(site, place, **options)
        except FeedsiteError as error:
            told = str(error)
            time.sleep(0.2)
    pytest.fail(told)


def test_a_build_goes_on_when_one_of_three_volume_servers_is_killed(tmp_path, monkeypatch):
    """When one of three replicated volume servers is killed, a build goes on, and every object is there."""
    with seaweedfs(tmp_path, replication="001") as store:
        reach(monkeypatch, store)
        Bucket("s3://news").put("made", b"", TEXT)
        place = Bucket("s3://news/site")
        site = PlainSite({f"/{number}/": f"{number}" * 500 for number in range(600)})
        done = []
        for change in bucket.write(site, place):
            done.append(change.path)
            if len(done) == 100:
                store.volumes[0].kill()
        assert len(done) == 600
        assert all(text(place, f"{number}/index.html") == f"{number}" * 500 for number in range(600))
        assert set(written(site, place).values()) == {"unchanged"}


def test_a_recording_is_sent_in_parts_and_read_no_more_than_it_must(place):
    """A recording is read once, and not again while its digest stays; one that changes while it is sent fails."""
    recording = Recording(os.urandom(20 * 1024**2))
    site = PlainSite({"/audio/a.mp3": recording.file})
    assert written(site, place) == {"audio/a.mp3": "written"}
    assert place.get("audio/a.mp3").body == recording.content
    assert written(site, place) == {"audio/a.mp3": "unchanged"}
    assert recording.opened == 1
    changed = PlainSite({"/audio/a.mp3": Recording(os.urandom(20 * 1024**2), lasts=9).file})
    (change,) = bucket.write(changed, place)
    assert change == Change("audio/a.mp3", "failed", "it cannot be read: the file is being changed; build again")
    assert place.get("audio/a.mp3").body == recording.content


def test_recordings_wait_until_there_is_room(monkeypatch):
    """Objects wait until there is room in memory for them, though sixteen requests may run at once."""
    monkeypatch.setattr(uploading, "_AHEAD_BYTES", 3000)
    begun, done = [], []

    class Store:
        def put(self, name, _body, _headers, *, is_new):
            time.sleep(0.01)
            done.append(name)
            return not is_new

    class Unlimited:
        def check(self):
            assert sum(len(body) for name, body in begun if name not in done) <= 3000 + 1000

    def objects():
        for number in range(20):
            begun.append((str(number), bytes(1000)))
            yield Outcome(str(number), Row("x"), is_written=True, unsent=Unsent(begun[-1][1], TEXT))

    with ThreadPoolExecutor(16) as pool:
        sent = list(uploading.upload(Store(), Unlimited(), pool, Unlisted(), objects()))
    assert [outcome.name for outcome in sent] == [str(number) for number in range(20)]


class TestErrors:
    """An error is one sentence, which names the bucket and what to look at."""

    @pytest.mark.parametrize(
        ("address", "changes", "sentence"),
        [
            ("s3://nowhere", {}, "there is no bucket nowhere; make it first"),
            ("s3://news", {"AWS_ACCESS_KEY_ID": "unknown"}, "the key is not known there"),
            ("s3://news", {"AWS_SECRET_ACCESS_KEY": "wrong"}, "the secret does not belong to the key"),
            ("s3://news", {"AWS_ACCESS_KEY_ID": "guest"}, "the key may not write objects there"),
            ("s3://news", {"AWS_ENDPOINT_URL": "http://127.0.0.1:1"}, "http://127.0.0.1:1 cannot be reached"),
        ],
    )
    @pytest.mark.usefixtures("place")  # there is a bucket
    def test_what_the_store_or_the_network_says(self, weed, monkeypatch, address, changes, sentence):
        """An error of the store or the network is explained in an operator's words."""
        reach(monkeypatch, weed, **changes)
        with pytest.raises(FeedsiteError) as raised:
            written(PlainSite({"/a": "1"}), Bucket(address, HASTE))
        assert str(raised.value).startswith(f"{address}: {sentence}")
        assert "\n" not in str(raised.value)

    def test_no_key_at_all(self, monkeypatch):
        """Without a key, and without a machine's role that gives one, the error names the variables to set."""
        for name in KEYS:
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
        monkeypatch.setenv("AWS_METADATA_ENDPOINT", "http://127.0.0.1:1")
        with pytest.raises(FeedsiteError, match="no key is given; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"):
            written(PlainSite({"/a": "1"}), Bucket("s3://news", HASTE))

    @pytest.mark.parametrize("address", ["news", "http://news", "s3://", "s3:news", "s3://news/a//b", "s3://news?x"])
    def test_what_is_no_address_of_a_bucket(self, address):
        """The error about a wrong address shows how one is written."""
        with pytest.raises(FeedsiteError, match=r"is no address of a bucket; write s3://bucket"):
            Bucket(address)

    def test_a_store_that_asks_to_slow_down_is_asked_again(self, amazon, monkeypatch):
        """A request that the store refuses twice with SlowDown is repeated until it succeeds."""
        seen = {}

        def refusing(method, path, _headers):
            seen[path] = seen.get(path, 0) + 1
            return (503, b"<Error><Code>SlowDown</Code></Error>") if method == "PUT" and seen[path] < 3 else None

        with before(amazon, refusing) as store:
            reach(monkeypatch, store)
            place = Bucket("s3://news/slow")
            assert set(written(PlainSite({"/a": "1", "/b": "2"}), place).values()) == {"written"}
            assert (text(place, "a/index.html"), text(place, "b/index.html")) == ("1", "2")

    @pytest.mark.parametrize(
        ("answer", "sentence"),
        [
            ((503, b"<Error><Code>SlowDown</Code></Error>"), "the store asks to slow down, and went on to"),
            ((500, b""), "the store is out of order, and stayed so"),
            ((501, b"<Error><Code>NotImplemented</Code></Error>"), "the store knows no conditional writes"),
            ((418, b"<Error><Code>Teapot</Code></Error>"), "the store failed: "),
        ],
    )
    def test_a_store_that_goes_on_refusing_is_reported(self, amazon, monkeypatch, answer, sentence):
        """A store that goes on refusing ends the build with a sentence, after the time of the retry policy."""
        with before(amazon, lambda method, _path, _headers: answer if method == "PUT" else None) as store:
            reach(monkeypatch, store)
            with pytest.raises(FeedsiteError) as raised:
                written(PlainSite({"/a": "1"}), Bucket("s3://news/down", HASTE))
            assert str(raised.value).startswith(f"s3://news/down: {sentence}")

    def test_a_store_that_does_not_answer_is_reported(self, amazon, monkeypatch):
        """A store that takes a request and does not answer ends the build with a sentence."""
        ended = threading.Event()

        def silent(*_request):
            ended.wait(30)
            return 500, b""

        with before(amazon, silent) as store:
            reach(monkeypatch, store)
            with pytest.raises(FeedsiteError, match="the store did not answer in time"):
                written(PlainSite({"/a": "1"}), Bucket("s3://news/silent", RetryPolicy(request=0.5, retries=0.5)))
            ended.set()

    def test_a_damaged_manifest_is_reported(self, place):
        """A damaged manifest ends the build with a sentence: what is in the bucket is not guessed."""
        for body in (b"{", b"[]"):
            place.put(".feedsite/written.json", body, TEXT)
            with pytest.raises(FeedsiteError, match="is damaged; delete both"):
                written(PlainSite({"/a": "1"}), place)
