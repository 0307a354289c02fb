"""Small sound values to test with: a test names only what it is about."""

from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from feedsite.folder.library import Library
from feedsite.index import conflicts
from feedsite.index.claims import held_claims, resolve
from feedsite.index.edition import Edition
from feedsite.index.entryjson import row_of
from feedsite.index.index import Index
from feedsite.index.readresult import ReadResult
from feedsite.model import Entry, Person
from feedsite.serving.messages import Request
from feedsite.serving.respond import respond
from feedsite.settings import Publisher, Settings
from feedsite.site import Site

from .golden import NOW
from .rows import name_of

BERLIN = ZoneInfo("Europe/Berlin")  # its clocks went forward at 2026-03-29T02:00, and go back at 2026-10-25T03:00
PATH = "entries/2026-11-22-night-trains.yaml"


def settings(**changes):
    sound = {
        "title": "The Meridian",
        "description": "World news, set plainly.",
        "base_url": "https://news.example",
        "timezone": BERLIN,
        "publisher": Publisher(name="The Meridian", email="desk@news.example"),
        "authors": {},
        "sections": {},
    }
    return Settings(**(sound | changes))


def entry(name="night-trains", **changes):
    """An Entry of 22 November 2026. `name` is the word in its source, its id and its path."""
    sound = {
        "source": f"entries/2026-11-22-{name}.yaml",
        "id": f"tag:news.example,2026-11-22:{name}",
        "path": f"/2026/11/{name}/",
        "title": "Night trains return",
        "published": datetime(2026, 11, 22, 8, tzinfo=UTC),
        "updated": datetime(2026, 11, 22, 8, tzinfo=UTC),
        "day": date(2026, 11, 22),
        "summary": "The night train to Vienna runs again.",
        "body": "<p>The night train to Vienna runs again.</p>\n",
        "authors": (Person(name="The Meridian", email="desk@news.example"),),
        "language": "en",
    }
    return Entry(**(sound | changes))


def entry_text(**fields):
    """The text of an entry file. A field is what stands behind its colon, as YAML; None takes the field out."""
    sound = {
        "id": "tag:news.example,2026-11-22:night-trains",
        "title": "Night trains return",
        "published": "2026-11-22T09:00:00+01:00",
        "body": "|\n  The night train to Vienna runs again.",
    }
    return "".join(f"{name}: {value}\n" for name, value in (sound | fields).items() if value is not None)


def read_result(an_entry, **fields):
    """What reading the file of an entry without faults gives."""
    return ReadResult(an_entry.source, entry=row_of(an_entry), **fields)


def standing(entries, held=frozenset()):
    """Of these entries those that stand, with the aliases that they keep, newest first, ties by their files' names."""
    entries = list(entries)
    kept = resolve(entries, held).standing
    found = [replace(one, aliases=kept[one.source]) for one in entries if one.source in kept]
    return sorted(found, key=lambda one: (one.published, name_of(one.source)), reverse=True)


def faults_of(resolved):
    """The faults of files whose fields have no known places, of what claims.resolve decided."""
    return [conflicts.fault(conflict, {}, {}) for conflict in resolved.conflicts]


def holding(*entries):
    """The claims of entries that stood before, with their sources."""
    return {(one.source, key) for one in entries for key in held_claims(one, one.aliases)}


def index(*entries):
    """An index in memory that holds these entries."""
    made = Index()
    with made.writing() as writer:
        for each in entries:
            writer.put(read_result(each))
        writer.settle_all()
    return made


def journalled(*entries):
    """An index in memory whose first scan had these entries."""
    made = index(*entries)
    with made.writing() as writer:
        writer.begin_journal()
    return made


def put(held, *entries):
    """Writes the files of these entries to an index, as one commit does."""
    with held.writing() as writer:
        writer.settle(set().union(*(writer.put(read_result(each)) for each in entries)))


def edition(*entries, now=NOW):
    """What of these entries is public at that moment."""
    return Edition(index(*entries), now)


def site(*entries, now=NOW, **changes):
    """The Site of these entries as it is at that moment; the others are settings."""
    return Site(edition(*entries, now=now), settings(**changes), {})


def fingerprints(folder):
    """The fingerprint of every path of the site in a folder, as it is now."""
    library = Library(folder, {})
    library.read()
    contents = library.contents(datetime.now(UTC))
    return {
        planned.path: planned.fingerprint for planned in Site(contents.edition, contents.settings, contents.media).plan
    }


def differing(before, folder):
    """The paths of the site in a folder whose fingerprints are other ones than before."""
    return {path for path, fingerprint in fingerprints(folder).items() if before.get(path) != fingerprint}


def ask(a_site, path="/feed.atom", method="GET", now=NOW, is_old=False, begun=None, **headers):
    """What a site answers. A header is written if_none_match=...; None takes out the Host that is there otherwise.

    `begun` is when the node began to serve what stands at the path.
    """
    named = {"host": "news.example"} | {name.replace("_", "-"): value for name, value in headers.items()}
    told = {name: value for name, value in named.items() if value is not None}
    return respond(Request(method, path, told, is_old), a_site, now, {path: begun} if begun else {})


def header(response, name):
    """A header of an answer; None where it has none. None has two of one name."""
    names = [told for told, _ in response.headers]
    assert len(names) == len(set(names)), names
    return dict(response.headers).get(name)
