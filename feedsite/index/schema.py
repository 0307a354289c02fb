"""The tables of an index, and the version by which an index of other tables, or of other code, is recognised."""

import unicodedata

from ..codehash import code_hash
from .searchschema import SEARCH

# 253402214400 is model.NEVER, when a draft is published; one second later is UNDATED, when a standing page is.
_TABLES = """
-- Values by name: `count` of the entries that stand and are no drafts, site.yaml, what entries are read with, ...
CREATE TABLE meta (name TEXT PRIMARY KEY, value) WITHOUT ROWID;

-- Each entry file as it was last read: its signature (NULL: read it again), its bytes' hash, then its last good entry.
-- Where some of that one's fields stood is in `places`, JSON (entryjson.places). How pages link to a standing page is
-- in `shown` (entryjson.page_link), "" where none does.
CREATE TABLE file (
    number INTEGER PRIMARY KEY,
    path TEXT NOT NULL UNIQUE,
    sort_name TEXT NOT NULL,
    size INTEGER, mtime_ns INTEGER, ctime_ns INTEGER, inode INTEGER,
    hash BLOB,
    derived_id TEXT,
    first_line INTEGER NOT NULL,
    places TEXT NOT NULL DEFAULT '',
    id TEXT, address TEXT, published INTEGER, updated INTEGER, aliases TEXT NOT NULL DEFAULT '',
    face BLOB, digest BLOB, is_withdrawn INTEGER, items TEXT NOT NULL DEFAULT '[]',
    names TEXT NOT NULL DEFAULT '', shown TEXT NOT NULL DEFAULT '',
    stands INTEGER NOT NULL DEFAULT 0,
    kept_aliases TEXT NOT NULL DEFAULT ''
);
CREATE INDEX newest ON file (published, sort_name, updated, is_withdrawn) WHERE stands;
CREATE INDEX aliased ON file (number) WHERE aliases != '';
CREATE INDEX shown_page ON file (path) WHERE stands AND shown != '';

-- The collections that articles belong to, by key, each with the number of its items: of entries that stand and are no
-- drafts. An item is an article, where `part` is "", or a notice about it, whose id ends in the part. Items stand in
-- the order of their moments; of one second in that of their files' names (sortname.py), then of their parts. The items
-- of an entry are, in file.items, JSON: each a list of its part, its moment, and the numbers of its collections. What
-- the entry calls its collections stands in file.names, by key, where that is not collection.plain_name.
CREATE TABLE collection (number INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, count INTEGER NOT NULL DEFAULT 0);
CREATE TABLE member (
    collection INTEGER, published INTEGER, sort_name TEXT, part TEXT, number INTEGER,
    PRIMARY KEY (collection, published, sort_name, part)
) WITHOUT ROWID;

-- Articles stand here once; lists, lookups and comparisons never read them.
CREATE TABLE content (
    number INTEGER PRIMARY KEY, record TEXT NOT NULL, body TEXT NOT NULL, linked TEXT NOT NULL DEFAULT ''
);

-- The files of other articles that an article's text links to; `content.linked` is its HTML with their places, "" where
-- it names none, and `content.body` that with their addresses (ownlinks.py).
CREATE TABLE link (file TEXT, number INTEGER, PRIMARY KEY (file, number)) WITHOUT ROWID;
CREATE INDEX linking ON link (number);

-- Entries as they were before the transaction that is under way; empty at its end.
CREATE TABLE former (
    number INTEGER PRIMARY KEY,
    id, address, published, updated, aliases, face, digest, is_withdrawn, items, names, shown, record, body, linked
);

-- Articles that held an id before that transaction, and whose files are gone or have other articles now; as above.
CREATE TABLE leaving (number INTEGER PRIMARY KEY, path, id, hash, record, body);

CREATE TABLE claim (
    key TEXT, number INTEGER, is_held INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (key, number)
) WITHOUT ROWID;

-- `origin` is what found a fault: file, walk, claims, refused, site. `mend` is JSON (faultrows.py).
CREATE TABLE fault (
    path TEXT, origin TEXT, line INTEGER, col INTEGER, code TEXT, message TEXT, end_col INTEGER, mend TEXT,
    is_note INTEGER
);
CREATE INDEX fault_path ON fault (path);
CREATE INDEX wrong ON fault (path) WHERE NOT is_note;

-- Pictures and recordings. `digest` is of what is published; '' where it has still to be taken, NULL where none is
-- needed. `shape` is JSON (pictures.parsed.Shape), and `spans` what of the file is published (folder/mediafiles.py).
CREATE TABLE medium (
    path TEXT PRIMARY KEY, kind TEXT NOT NULL,
    size INTEGER, mtime_ns INTEGER, ctime_ns INTEGER, inode INTEGER,
    digest TEXT,
    shape TEXT NOT NULL DEFAULT '', spans TEXT NOT NULL DEFAULT ''
) WITHOUT ROWID;
CREATE INDEX undigested ON medium (path) WHERE digest = '';

-- The pictures and recordings of whose files an entry has lengths and durations, also of those that do not exist.
CREATE TABLE asked (medium TEXT, number INTEGER, PRIMARY KEY (medium, number)) WITHOUT ROWID;
CREATE INDEX asking ON asked (number);

-- Addresses of public articles until these moved, by the articles' ids; the latest 1,000.
CREATE TABLE former_address (
    row INTEGER PRIMARY KEY, id TEXT NOT NULL, address TEXT NOT NULL, published INTEGER NOT NULL
);
CREATE INDEX former_by_id ON former_address (id);
CREATE TRIGGER former_addresses_are_few AFTER INSERT ON former_address BEGIN
    DELETE FROM former_address WHERE row <= NEW.row - 1000;
END;
CREATE TRIGGER moved AFTER UPDATE OF id, address ON file
WHEN OLD.stands AND OLD.published < 253402214400 AND (OLD.id, OLD.address) IS NOT (NEW.id, NEW.address) BEGIN
    DELETE FROM former_address WHERE id = OLD.id AND address = OLD.address;
    INSERT INTO former_address (id, address, published) VALUES (OLD.id, OLD.address, OLD.published);
END;
CREATE TRIGGER moved_away AFTER DELETE ON file WHEN OLD.stands AND OLD.published < 253402214400 BEGIN
    DELETE FROM former_address WHERE id = OLD.id AND address = OLD.address;
    INSERT INTO former_address (id, address, published) VALUES (OLD.id, OLD.address, OLD.published);
END;

-- Files without an id that seem to be others under new names (nameless.py): the former path, id and address of each;
-- the latest 1,000.
CREATE TABLE renamed (
    row INTEGER PRIMARY KEY,
    path TEXT NOT NULL UNIQUE, former_path TEXT NOT NULL, id TEXT NOT NULL UNIQUE, address TEXT NOT NULL,
    published INTEGER NOT NULL
);
CREATE TRIGGER renamed_are_few AFTER INSERT ON renamed BEGIN
    DELETE FROM renamed WHERE row <= NEW.row - 1000;
END;

-- What the leader drew, for the other processes; and since when this node serves what it serves.
CREATE TABLE document (path TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, content BLOB NOT NULL);
CREATE TABLE last_modified (path TEXT PRIMARY KEY, digest TEXT NOT NULL, moment INTEGER NOT NULL) WITHOUT ROWID;

-- What changed, row by row, since the first scan was committed (journal.py); the latest 20,000 rows. A row is an item
-- that came to a collection (1) or went (-1), an article's file as it was before it changed, or a picture or recording.
-- `depth` says what of the article changed: 0 no more than its aliases or its standing, 1 its text, 2 its face.
CREATE TABLE journal (
    row INTEGER PRIMARY KEY,
    collection INTEGER, published INTEGER, sort_name TEXT, part TEXT, came INTEGER,
    number INTEGER, depth INTEGER, address TEXT, aliases TEXT,
    medium TEXT
);
CREATE TRIGGER journal_is_short AFTER INSERT ON journal BEGIN
    DELETE FROM journal WHERE row <= NEW.row - 20000;
END;
CREATE TRIGGER mended AFTER UPDATE OF stands, id, address, published, face, digest, kept_aliases ON file
WHEN (OLD.stands OR NEW.stands) AND (
    OLD.stands, OLD.id, OLD.address, OLD.published, OLD.face, OLD.digest, OLD.kept_aliases
) IS NOT (NEW.stands, NEW.id, NEW.address, NEW.published, NEW.face, NEW.digest, NEW.kept_aliases)
BEGIN
    INSERT INTO journal (number, depth, published, address, aliases)
        SELECT OLD.number, CASE WHEN OLD.face IS NOT NEW.face THEN 2 ELSE OLD.digest IS NOT NEW.digest END,
            iif(OLD.stands, OLD.published, 253402214400), OLD.address, OLD.kept_aliases
        FROM meta WHERE name = 'identity';
END;
CREATE TRIGGER unpublished AFTER DELETE ON file WHEN OLD.stands BEGIN
    INSERT INTO journal (number, depth, published, address, aliases)
        SELECT OLD.number, 0, OLD.published, OLD.address, OLD.kept_aliases FROM meta WHERE name = 'identity';
END;
CREATE TRIGGER medium_came AFTER INSERT ON medium BEGIN
    INSERT INTO journal (medium) SELECT NEW.path FROM meta WHERE name = 'identity';
END;
CREATE TRIGGER medium_changed AFTER UPDATE ON medium
WHEN (OLD.kind, OLD.size, OLD.mtime_ns, OLD.ctime_ns, OLD.inode, OLD.shape)
    IS NOT (NEW.kind, NEW.size, NEW.mtime_ns, NEW.ctime_ns, NEW.inode, NEW.shape)
BEGIN
    INSERT INTO journal (medium) SELECT NEW.path FROM meta WHERE name = 'identity';
END;
CREATE TRIGGER medium_went AFTER DELETE ON medium BEGIN
    INSERT INTO journal (medium) SELECT OLD.path FROM meta WHERE name = 'identity';
END;

INSERT INTO meta VALUES ('count', 0);
CREATE TRIGGER counted AFTER UPDATE OF stands, published ON file BEGIN
    UPDATE meta SET value = value + (NEW.stands AND NEW.published < 253402214400)
        - (OLD.stands AND OLD.published < 253402214400) WHERE name = 'count';
END;
CREATE TRIGGER uncounted AFTER DELETE ON file WHEN OLD.stands AND OLD.published < 253402214400 BEGIN
    UPDATE meta SET value = value - 1 WHERE name = 'count';
END;
CREATE TRIGGER goes AFTER DELETE ON file WHEN OLD.stands BEGIN
    DELETE FROM member WHERE sort_name = OLD.sort_name AND (collection, published, part) IN (
        SELECT c.value, json_extract(i.value, '$[1]'), json_extract(i.value, '$[0]')
        FROM json_each(OLD.items) i, json_each(i.value, '$[2]') c);
END;
CREATE TRIGGER member_uncounted AFTER DELETE ON member BEGIN
    UPDATE collection SET count = count - 1 WHERE number = OLD.collection;
    INSERT INTO journal (collection, published, sort_name, part, came)
        SELECT OLD.collection, OLD.published, OLD.sort_name, OLD.part, -1 FROM meta WHERE name = 'identity';
END;
"""
# The triggers without which a first scan writes the members of all entries at once (Settlement.settle_all), by name.
MEMBER_TRIGGERS = {
    "moves": """
CREATE TRIGGER moves AFTER UPDATE OF stands, items ON file
WHEN (OLD.stands OR NEW.stands)
    AND NOT (OLD.stands AND NEW.stands AND OLD.items = NEW.items)
BEGIN
    DELETE FROM member WHERE OLD.stands AND sort_name = OLD.sort_name AND (collection, published, part) IN (
        SELECT c.value, json_extract(i.value, '$[1]'), json_extract(i.value, '$[0]')
        FROM json_each(OLD.items) i, json_each(i.value, '$[2]') c
    ) AND (collection, published, part) NOT IN (
        SELECT c.value, json_extract(i.value, '$[1]'), json_extract(i.value, '$[0]')
        FROM json_each(NEW.items) i, json_each(i.value, '$[2]') c WHERE NEW.stands);
    INSERT INTO member
        SELECT c.value, json_extract(i.value, '$[1]'), NEW.sort_name, json_extract(i.value, '$[0]'), NEW.number
        FROM json_each(NEW.items) i, json_each(i.value, '$[2]') c WHERE NEW.stands
        EXCEPT
        SELECT c.value, json_extract(i.value, '$[1]'), OLD.sort_name, json_extract(i.value, '$[0]'), OLD.number
        FROM json_each(OLD.items) i, json_each(i.value, '$[2]') c WHERE OLD.stands;
END;
""",
    "member_counted": """
CREATE TRIGGER member_counted AFTER INSERT ON member BEGIN
    UPDATE collection SET count = count + 1 WHERE number = NEW.collection;
    INSERT INTO journal (collection, published, sort_name, part, came)
        SELECT NEW.collection, NEW.published, NEW.sort_name, NEW.part, 1 FROM meta WHERE name = 'identity';
END;
""",
}
SCHEMA = "".join((_TABLES, *MEMBER_TRIGGERS.values()))
# An index of another version is made anew. These modules decide what is written into the tables.
WRITTEN_BY = ("collection", "index.claims", "index.entryjson", "index.ownlinks", "index.searchtext", "index.sortname")
VERSION = int(code_hash(*WRITTEN_BY, beside="\n".join((SCHEMA, *SEARCH, unicodedata.unidata_version)))[:7], 16)
