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
    face BLOB, digest BLOB, is_withdrawn INTEGER,
    stands INTEGER NOT NULL DEFAULT 0,
    kept_aliases TEXT NOT NULL DEFAULT ''
);
CREATE INDEX newest ON file (published DESC, id) WHERE stands;
CREATE INDEX aliased ON file (number) WHERE aliases != '';

-- Articles stand here once; lists, lookups and comparisons never read them.
CREATE TABLE content (number INTEGER PRIMARY KEY, record TEXT NOT NULL, body TEXT NOT NULL);

-- Entries as they were before the transaction that is under way; empty at its end.
CREATE TABLE former (
    number INTEGER PRIMARY KEY, id, address, published, aliases, face, digest, is_withdrawn, record, body
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
"""
# An index of another version is made anew. These modules decide what is written into the tables.
WRITTEN_BY = ("index.claims", "index.entryjson")
VERSION = int(code_hash(*WRITTEN_BY, beside=SCHEMA)[:7], 16)
