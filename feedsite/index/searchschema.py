"""The tables of a search, in an index whose server has one, and the triggers that keep them in step with the articles.

A build has no search, so these are no part of the schema: the leader of a server makes and fills them, and from then on
adds in each commit what articles say now (searchwriter.py). A trigger takes an article out before its text changes,
whichever process changes it, and another one notes in `unsearched` that it may have to be added.

Both are full-text indexes without the texts (FTS5, contentless), for these stand in the index already. SQLite splits
their words at white space, for all else was made of it (searchwords.py).

- `search` has all words of an article with their places. It is asked for phrases alone: of a frequent word, reading the
  places takes ten times as long as reading which articles have it.
- `has_word` has each word of an article once, without places, and the first letters of each: to find what begins with
  tr, FTS5 would first join the articles of all such words.

`search_words` and `search_word_set` are those of searchtext.py.
"""
# ruff: noqa: S608  # only constants are put into the statements

NEVER = 253402214400  # model.NEVER, when a draft is published
TABLES = ("search", "has_word")
STATE, REMOVED, UNORDERED = "search", "search removed", "search unordered"  # in `meta`; and what they are set to:
FILLING, READY = 1, 2
REMOVED_NOW, BEING_MERGED = 1, 2

_TAKE_OUT = (
    "INSERT INTO search (search, rowid, words) SELECT 'delete', row, search_words(record, body)"
    " FROM searched JOIN content USING (number) WHERE number = {number};"
    " INSERT INTO has_word (has_word, rowid, words) SELECT 'delete', row, search_word_set(record, body)"
    " FROM searched JOIN content USING (number) WHERE number = {number};"
    " DELETE FROM searched WHERE number = {number};"
)
_NOTE = "INSERT OR IGNORE INTO unsearched SELECT published, sort_name, number FROM file WHERE number = NEW.number;"
_NOTE_REMOVED = f"INSERT OR REPLACE INTO meta SELECT '{REMOVED}', {REMOVED_NOW}"
_IS_IN = "EXISTS (SELECT 1 FROM searched WHERE number = {number})"
_OLD, _NEW = "OLD.number", "NEW.number"
SEARCH = (
    "CREATE VIRTUAL TABLE search USING fts5(words, content='', columnsize=0, tokenize='ascii')",
    "CREATE VIRTUAL TABLE has_word USING fts5(words, content='', columnsize=0, tokenize='ascii', detail=none)",
    # The articles in both, in the order of their moments as far as possible (searchwriter.py).
    "CREATE TABLE searched (row INTEGER PRIMARY KEY, number INTEGER NOT NULL UNIQUE,"
    " published INTEGER NOT NULL, sort_name TEXT NOT NULL)",
    "CREATE INDEX searched_in_order ON searched (published, sort_name)",
    # Those that may have to be put in, the oldest first.
    "CREATE TABLE unsearched (published INTEGER, sort_name TEXT, number INTEGER,"
    " PRIMARY KEY (published, sort_name, number)) WITHOUT ROWID",
    f"CREATE TRIGGER search_text_changes BEFORE INSERT ON content WHEN {_IS_IN.format(number=_NEW)}"
    " AND (SELECT record, body FROM content WHERE number = NEW.number) IS NOT (NEW.record, NEW.body) BEGIN"
    f" {_TAKE_OUT.format(number=_NEW)}"
    f" {_NOTE_REMOVED} FROM file WHERE number = NEW.number AND (is_withdrawn OR published = {NEVER}); END",
    f"CREATE TRIGGER search_text_came AFTER INSERT ON content WHEN NOT {_IS_IN.format(number=_NEW)} BEGIN {_NOTE} END",
    f"CREATE TRIGGER search_text_goes BEFORE DELETE ON content WHEN {_IS_IN.format(number=_OLD)} BEGIN"
    f" {_TAKE_OUT.format(number=_OLD)} {_NOTE_REMOVED}; END",
    "CREATE TRIGGER search_falls AFTER UPDATE OF stands ON file"
    f" WHEN OLD.stands AND NOT NEW.stands AND {_IS_IN.format(number=_OLD)} BEGIN"
    f" {_TAKE_OUT.format(number=_OLD)} {_NOTE_REMOVED}; END",
    f"CREATE TRIGGER search_stands AFTER UPDATE OF stands ON file WHEN NEW.stands AND NOT OLD.stands BEGIN {_NOTE} END",
    f"INSERT INTO unsearched SELECT published, sort_name, number FROM file WHERE stands AND published != {NEVER}",
    f"INSERT INTO meta VALUES ('{STATE}', {FILLING})",
)
