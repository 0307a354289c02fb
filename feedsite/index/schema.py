"""The tables of an index, and the version by which an index of other tables, or of other code, is recognised."""

from ..codehash import code_hash

# 253402214400 is model.NEVER, when a draft is published.
SCHEMA = """
-- Values by name: `count` of the entries that stand and are no drafts, site.yaml, what entries are read with, ...
CREATE TABLE meta (name TEXT PRIMARY KEY, value) WITHOUT ROWID;

-- Each entry file as it was last read: its signature (NULL: read it again), its bytes' hash, then its last good entry.
CREATE TABLE file (
    number INTEGER PRIMARY KEY,
    path TEXT NOT NULL UNIQUE,
    size INTEGER, mtime_ns INTEGER, ctime_ns INTEGER, inode INTEGER,
    hash BLOB,
    derived_id TEXT,
    first_line INTEGER NOT NULL,
    id TEXT, address TEXT, published INTEGER, aliases TEXT NOT NULL DEFAULT '',
    face BLOB, digest BLOB, is_withdrawn INTEGER, items TEXT NOT NULL DEFAULT '[]',
    stands INTEGER NOT NULL DEFAULT 0,
    kept_aliases TEXT NOT NULL DEFAULT ''
);
CREATE INDEX newest ON file (published DESC, id) WHERE stands;
CREATE INDEX aliased ON file (number) WHERE aliases != '';

-- The collections that articles belong to, by key, each with the number of its items: of entries that stand and are no
-- drafts. An item is an article, where `part` is "", or a notice about it, whose id ends in the part. The items of an
-- entry are, in file.items, JSON: each a list of its part, its moment, and the numbers of its collections.
CREATE TABLE collection (number INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, count INTEGER NOT NULL DEFAULT 0);
CREATE TABLE member (
    collection INTEGER, published INTEGER, id TEXT, part TEXT, number INTEGER,
    PRIMARY KEY (collection, published DESC, id, part, number)
) WITHOUT ROWID;

-- Articles stand here once; lists, lookups and comparisons never read them.
CREATE TABLE content (number INTEGER PRIMARY KEY, record TEXT NOT NULL, body TEXT NOT NULL);

-- Entries as they were before the transaction that is under way; empty at its end.
CREATE TABLE former (
    number INTEGER PRIMARY KEY, id, address, published, aliases, face, digest, is_withdrawn, items, record, body
);

-- Articles that held an id before that transaction, and whose files are gone or have other articles now; as above.
CREATE TABLE leaving (number INTEGER PRIMARY KEY, path, id, hash, record, body);

CREATE TABLE claim (
    key TEXT, number INTEGER, is_held INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (key, number)
) WITHOUT ROWID;

-- `origin` is what found a fault: file, walk, claims, refused, site.
CREATE TABLE fault (path TEXT, origin TEXT, line INTEGER, col INTEGER, message TEXT, is_note INTEGER);
CREATE INDEX fault_path ON fault (path);
CREATE INDEX wrong ON fault (path) WHERE NOT is_note;

CREATE TABLE medium (
    path TEXT PRIMARY KEY, kind TEXT NOT NULL,
    size INTEGER, mtime_ns INTEGER, ctime_ns INTEGER, inode INTEGER,
    digest TEXT
) WITHOUT ROWID;
CREATE INDEX undigested ON medium (path) WHERE digest = '';

-- What the leader drew, for the other processes; and since when this node serves what it serves.
CREATE TABLE document (path TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, content BLOB NOT NULL);
CREATE TABLE last_modified (path TEXT PRIMARY KEY, digest TEXT NOT NULL, moment INTEGER NOT NULL) WITHOUT ROWID;

INSERT INTO meta VALUES ('count', 0);
CREATE TRIGGER counted AFTER UPDATE OF stands, published ON file BEGIN
    UPDATE meta SET value = value + (NEW.stands AND NEW.published < 253402214400)
        - (OLD.stands AND OLD.published < 253402214400) WHERE name = 'count';
END;
CREATE TRIGGER uncounted AFTER DELETE ON file WHEN OLD.stands AND OLD.published < 253402214400 BEGIN
    UPDATE meta SET value = value - 1 WHERE name = 'count';
END;
CREATE TRIGGER moves AFTER UPDATE OF stands, id, items ON file
WHEN (OLD.stands OR NEW.stands)
    AND NOT (OLD.stands AND NEW.stands AND OLD.id = NEW.id AND OLD.items = NEW.items)
BEGIN
    DELETE FROM member WHERE OLD.stands AND (collection, published, id, part, number) IN (
        SELECT c.value, json_extract(i.value, '$[1]'), OLD.id, json_extract(i.value, '$[0]'), OLD.number
        FROM json_each(OLD.items) i, json_each(i.value, '$[2]') c);
    INSERT INTO member SELECT c.value, json_extract(i.value, '$[1]'), NEW.id, json_extract(i.value, '$[0]'), NEW.number
        FROM json_each(NEW.items) i, json_each(i.value, '$[2]') c WHERE NEW.stands;
END;
CREATE TRIGGER goes AFTER DELETE ON file WHEN OLD.stands BEGIN
    DELETE FROM member WHERE (collection, published, id, part, number) IN (
        SELECT c.value, json_extract(i.value, '$[1]'), OLD.id, json_extract(i.value, '$[0]'), OLD.number
        FROM json_each(OLD.items) i, json_each(i.value, '$[2]') c);
END;
CREATE TRIGGER member_counted AFTER INSERT ON member BEGIN
    UPDATE collection SET count = count + 1 WHERE number = NEW.collection;
END;
CREATE TRIGGER member_uncounted AFTER DELETE ON member BEGIN
    UPDATE collection SET count = count - 1 WHERE number = OLD.collection;
END;
"""
# An index of another version is made anew. These modules decide what is written into the tables.
WRITTEN_BY = ("collection", "index.claims", "index.entryjson")
VERSION = int(code_hash(*WRITTEN_BY, beside=SCHEMA)[:7], 16)
