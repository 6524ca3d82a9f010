import { documentTables } from "../document-tables.ts";

/**
 * Numbers stand in columns of type ANY: a REAL column would store -0 as 0.
 * History goes into one blob a commit, in order of time, because a row a reading in an index over (series, at) writes a
 * whole page for each reading; `history_chunk` is where these are brought together, series by series.
 */
export const firstSchema = `
CREATE TABLE counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
${documentTables(["shell", "submodel", "concept", "entity"])}
CREATE TABLE series (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, created_at REAL NOT NULL) STRICT;

CREATE TABLE signal (
  series INTEGER PRIMARY KEY,
  kind INTEGER NOT NULL,
  num ANY,
  text TEXT,
  quality INTEGER NOT NULL,
  code TEXT,
  at REAL NOT NULL,
  received_at REAL NOT NULL,
  created_at REAL NOT NULL,
  modified_at REAL NOT NULL
) STRICT;

CREATE TABLE series_address (
  collection TEXT NOT NULL,
  document TEXT NOT NULL,
  part TEXT NOT NULL,
  series INTEGER NOT NULL,
  linked INTEGER NOT NULL,
  from_at REAL NOT NULL,
  to_at REAL,
  PRIMARY KEY (collection, document, part, from_at, series)
) STRICT, WITHOUT ROWID;
CREATE INDEX series_address_series ON series_address (series);

CREATE TABLE history_segment (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  first_at REAL NOT NULL,
  last_at REAL NOT NULL,
  rows INTEGER NOT NULL,
  last_modified REAL NOT NULL,
  checksum INTEGER NOT NULL,
  body BLOB NOT NULL
) STRICT;

CREATE TABLE history_chunk (
  id INTEGER PRIMARY KEY,
  series INTEGER NOT NULL,
  first_at REAL NOT NULL,
  last_at REAL NOT NULL,
  rows INTEGER NOT NULL,
  last_modified REAL NOT NULL,
  checksum INTEGER NOT NULL,
  body BLOB NOT NULL
) STRICT;
CREATE INDEX history_chunk_first ON history_chunk (series, first_at);
CREATE INDEX history_chunk_last ON history_chunk (series, last_at);
CREATE INDEX history_chunk_age ON history_chunk (last_modified);

CREATE TABLE outbox (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  target TEXT NOT NULL,
  kind TEXT NOT NULL,
  body TEXT NOT NULL,
  created_at REAL NOT NULL,
  attempts INTEGER NOT NULL,
  next_at REAL NOT NULL,
  error TEXT
) STRICT;
CREATE INDEX outbox_target ON outbox (target, id);

CREATE TABLE dead_letter (
  id INTEGER PRIMARY KEY,
  target TEXT NOT NULL,
  kind TEXT NOT NULL,
  body TEXT NOT NULL,
  created_at REAL NOT NULL,
  attempts INTEGER NOT NULL,
  error TEXT NOT NULL
) STRICT;

CREATE TABLE record (
  ordinal INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL,
  id TEXT NOT NULL,
  body TEXT NOT NULL,
  created_at REAL NOT NULL,
  modified_at REAL NOT NULL,
  UNIQUE (kind, id)
) STRICT;
CREATE INDEX record_page ON record (kind, ordinal);
`;
