"""A small newspaper as an editor keeps it, and what editors do to it: files as values, and random edits of them."""

import json
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from feedsite.comparing.states import State
from feedsite.folder.library import Library

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
_BEGIN = datetime(2026, 10, 20, 8, tzinfo=UTC)
_WORDS = "trains rail night city council bridge harbour tax school river market winter paper border".split()
_TAGS, _SECTIONS = ("rail", "trade", "weather"), ("world", "culture", "science")
SITE = {
    "title": "The Desk",
    "description": "A small newspaper.",
    "base_url": "https://desk.example",
    "id": "tag:desk.example,2026:/",
    "authors": {"sato": "Mina Sato", "okafor": "Daniel Okafor"},
    "window": 10,
}


@dataclass
class Desk:
    """The fields of each file by its path, and those of site.yaml."""

    files: dict = field(default_factory=dict)
    site: dict = field(default_factory=lambda: dict(SITE))

    def write(self, folder):
        """Writes all files into an empty folder, and returns it."""
        (folder / "entries").mkdir(parents=True)
        for path, fields in {**self.files, "site.yaml": self.site}.items():
            (folder / path).write_text(yaml(fields), encoding="utf-8")
        return folder

    def state(self, folder, now=NOW, said="it"):
        """The state of the site whose files are written into this empty folder."""
        library = Library(self.write(folder), {})
        library.read()
        faults = [str(fault) for fault in library.index.faults() if not fault.is_note]
        assert faults == []
        return State(library, now, said)


def yaml(fields):
    return "".join(f"{name}: {json.dumps(value, ensure_ascii=False)}\n" for name, value in fields.items())


def article(number, **changes):
    """An article with an id, except for every fifth one."""
    fields = {
        "id": f"tag:desk.example,2026:{number}",
        "title": f"The {_WORDS[number % len(_WORDS)]} of day {number}",
        "published": written(_BEGIN + timedelta(days=2, minutes=7) * number),
        "section": _SECTIONS[number % 3],
        "tags": [tag for step, tag in enumerate(_TAGS, 1) if number % step == 0],
        "authors": [("sato", "okafor")[number % 2]],
        "body": "\n\n".join(f"Paragraph {line} of {number}: {' & '.join(_WORDS[line:])}." for line in range(3)),
    }
    if number % 5 == 4:
        del fields["id"]
    return fields | changes


def newspaper(count=16):
    """A desk with articles, of which the newest is a draft and the one before is scheduled."""
    files = {f"entries/story-{number:02}.yaml": article(number) for number in range(count)}
    files["entries/draft.yaml"] = article(90, status="draft")
    files["entries/later.yaml"] = article(91, published="2031-01-01T08:00:00Z")
    return Desk(files)


def written(moment):
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def edited(desk, random):
    """The desk after one to three random edits, and what they are called."""
    after = deepcopy(desk)
    names = []
    for _ in range(random.choice((1, 1, 1, 2, 3))):
        edit = random.choice(EDITS)
        edit(after, random)
        names.append(edit.__name__)
    return after, names


def _one(desk, random):
    """A path, most often of a new article that is public."""
    paths = sorted(desk.files)
    public = [path for path in paths if path.startswith("entries/story") and "withdrawn" not in desk.files[path]]
    return random.choice(public[-6:] if public and random.random() < 0.8 else public or paths)


def _moment(desk, path):
    return datetime.fromisoformat(desk.files[path]["published"])


def publish_new(desk, random):
    number = random.randrange(100, 1000)
    desk.files[f"entries/story-{number}.yaml"] = article(number, published=written(NOW - timedelta(minutes=number)))


def publish_dated_back(desk, random):
    number = random.randrange(1000, 2000)
    desk.files[f"entries/story-{number}.yaml"] = article(number, published=written(_BEGIN - timedelta(days=number)))


def publish_draft(desk, random):
    desk.files["entries/draft.yaml"] = article(90, published=written(NOW - timedelta(hours=1)))


def edit_draft(desk, random):
    desk.files["entries/draft.yaml"]["title"] += "?"


def edit_scheduled(desk, random):
    desk.files["entries/later.yaml"]["body"] += " More."


def mend_typo(desk, random):
    desk.files[_one(desk, random)]["body"] += f" Mended {random.random()}."


def mend_title(desk, random):
    desk.files[_one(desk, random)]["title"] += " again"


def write_summary(desk, random):
    desk.files[_one(desk, random)]["summary"] = f"In short {random.random()}."


def change_author(desk, random):
    fields = desk.files[_one(desk, random)]
    fields["authors"] = ["okafor"] if fields["authors"] == ["sato"] else ["sato"]


def remove_tag(desk, random):
    desk.files[_one(desk, random)]["tags"] = []


def change_section(desk, random):
    desk.files[_one(desk, random)]["section"] = random.choice((*_SECTIONS, "sport"))


def change_day(desk, random):
    path = _one(desk, random)
    moved = _moment(desk, path) - timedelta(days=random.choice((0, 1, 40)), minutes=3)
    desk.files[path]["published"] = written(moved)
    for name in ("updated", "corrections", "withdrawn"):
        desk.files[path].pop(name, None)


def touch(desk, random):
    path = _one(desk, random)
    desk.files[path]["updated"] = written(_moment(desk, path) + timedelta(hours=random.randrange(1, 50)))


def correct(desk, random):
    path = _one(desk, random)
    made = {
        "at": written(_moment(desk, path) + timedelta(hours=3)),
        "note": f"It was {random.random()}.",
        "announce": random.random() < 0.5,
    }
    desk.files[path].setdefault("corrections", []).append(made)


def withdraw(desk, random):
    path = _one(desk, random)
    at = written(_moment(desk, path) + timedelta(hours=4))
    desk.files[path]["withdrawn"] = {"at": at, "reason": "It was wrong.", "announce": random.random() < 0.5}


def delete(desk, random):
    del desk.files[_one(desk, random)]


def unpublish(desk, random):
    path = _one(desk, random)
    desk.files[path].pop("withdrawn", None)
    desk.files[path]["status"] = "draft"


def rename_file(desk, random):
    path = _one(desk, random)
    desk.files[f"entries/story-{random.randrange(2000, 9000)}.yaml"] = desk.files.pop(path)


def change_slug(desk, random):
    desk.files[_one(desk, random)]["slug"] = f"slug-{random.randrange(10**6)}"


def change_slug_with_alias(desk, random):
    path = _one(desk, random)
    fields = desk.files[path]
    slug = fields.get("slug", path.removeprefix("entries/").removesuffix(".yaml"))
    fields["aliases"] = [*fields.get("aliases", ()), f"/{_moment(desk, path):%Y/%m}/{slug}/"]
    fields["slug"] = f"slug-{random.randrange(10**6)}"


def change_id(desk, random):
    desk.files[_one(desk, random)]["id"] = f"tag:desk.example,2026:other-{random.randrange(10**6)}"


def swap(desk, random):
    one, other = _one(desk, random), _one(desk, random)
    desk.files[one], desk.files[other] = desk.files[other], desk.files[one]


def pin(desk, random):
    desk.files[_one(desk, random)]["pin"] = True


def add_recording(desk, random):
    made = {"url": f"https://elsewhere.example/{random.random()}.mp3", "type": "audio/mpeg", "length": 5}
    fields = desk.files[_one(desk, random)]
    if "withdrawn" not in fields:
        fields["enclosures"] = [made]


def rename_author(desk, random):
    desk.site["authors"] = {**desk.site["authors"], "sato": f"Mina {random.randrange(100)} Sato"}


def change_window(desk, random):
    desk.site["window"] = random.choice((6, 8, 14))


def rename_site(desk, random):
    desk.site["title"] += "!"


def move_site(desk, random):
    desk.site["base_url"] = "https://other.example"


EDITS = (
    publish_new,
    publish_dated_back,
    publish_draft,
    edit_draft,
    edit_scheduled,
    mend_typo,
    mend_title,
    write_summary,
    change_author,
    remove_tag,
    change_section,
    change_day,
    touch,
    correct,
    withdraw,
    delete,
    unpublish,
    rename_file,
    change_slug,
    change_slug_with_alias,
    change_id,
    swap,
    pin,
    add_recording,
    rename_author,
    change_window,
    rename_site,
    move_site,
)
