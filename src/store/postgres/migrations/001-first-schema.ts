/**
 * Shared tables, the tenant first in every key. Texts are compared by code points (`C`), as SQLite does. What is found by
 * index stands in plain columns: under row-level security an index answers no expression that might leak. A tenant's
 * `counter` row is locked by each commit, so that what it numbers becomes visible in the order of the numbers; what keeps
 * house (compaction, retention) locks `upkeep` instead and holds up no commit. Octets that are packed already are not
 * compressed once more.
 */
export const firstSchema = `
CREATE TABLE tenant (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text COLLATE "C" NOT NULL UNIQUE);

CREATE TABLE counter (
  tenant int PRIMARY KEY REFERENCES tenant,
  seq bigint NOT NULL DEFAULT 0,
  instance bigint NOT NULL DEFAULT 0,
  ordinal bigint NOT NULL DEFAULT 0,
  series bigint NOT NULL DEFAULT 0,
  segment bigint NOT NULL DEFAULT 0,
  outbox bigint NOT NULL DEFAULT 0,
  record bigint NOT NULL DEFAULT 0,
  history_rows bigint NOT NULL DEFAULT 0,
  outbox_dropped bigint NOT NULL DEFAULT 0,
  blob_bytes bigint NOT NULL DEFAULT 0,
  mark text COLLATE "C" NOT NULL DEFAULT ''
) WITH (fillfactor = 50);

CREATE TABLE upkeep (
  tenant int PRIMARY KEY REFERENCES tenant,
  compact_up_to bigint NOT NULL DEFAULT 0,
  compact_series bigint NOT NULL DEFAULT 0,
  chunk bigint NOT NULL DEFAULT 0,
  rows_removed bigint NOT NULL DEFAULT 0,
  rows_dropped bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 50);

CREATE TABLE document (
  tenant int NOT NULL REFERENCES tenant,
  collection text COLLATE "C" NOT NULL,
  ordinal bigint NOT NULL,
  id text COLLATE "C" NOT NULL,
  body text COLLATE "C" NOT NULL,
  keys text COLLATE "C" NOT NULL,
  expires_at float8,
  owner text COLLATE "C",
  created_at float8 NOT NULL,
  modified_at float8 NOT NULL,
  version bigint NOT NULL,
  PRIMARY KEY (tenant, collection, ordinal),
  UNIQUE (tenant, collection, id)
);
CREATE INDEX document_expiry ON document (tenant, expires_at) WHERE expires_at IS NOT NULL;
CREATE INDEX evolution_age ON document (tenant, modified_at) WHERE collection = 'evolution';

CREATE TABLE document_key (
  tenant int NOT NULL,
  collection text COLLATE "C" NOT NULL,
  name text COLLATE "C" NOT NULL,
  value text COLLATE "C" NOT NULL,
  document bigint NOT NULL,
  PRIMARY KEY (tenant, collection, name, value, document)
);
CREATE INDEX document_key_document ON document_key (tenant, document, name);

CREATE TABLE part (
  tenant int NOT NULL,
  document bigint NOT NULL,
  key text COLLATE "C" NOT NULL,
  collection text COLLATE "C" NOT NULL,
  parent text COLLATE "C",
  name text COLLATE "C" NOT NULL,
  kind text COLLATE "C" NOT NULL,
  body text COLLATE "C" NOT NULL,
  num float8,
  text text COLLATE "C",
  text_head text COLLATE "C",
  meaning text COLLATE "C",
  west float8,
  south float8,
  east float8,
  north float8,
  expires_at float8,
  position bigint NOT NULL,
  created_at float8 NOT NULL,
  modified_at float8 NOT NULL,
  PRIMARY KEY (tenant, document, key)
);
CREATE INDEX part_value ON part (tenant, collection, name, num, text_head, document);
CREATE INDEX part_meaning ON part (tenant, collection, meaning, num, text_head, document) WHERE meaning IS NOT NULL;
CREATE INDEX part_place ON part (tenant, collection, name, west, east, south, north, document) WHERE west IS NOT NULL;
CREATE INDEX part_parent ON part (tenant, document, parent, position);
CREATE INDEX part_expiry ON part (tenant, expires_at) WHERE expires_at IS NOT NULL;

CREATE TABLE series (
  tenant int NOT NULL REFERENCES tenant,
  id bigint NOT NULL,
  key text COLLATE "C" NOT NULL,
  created_at float8 NOT NULL,
  PRIMARY KEY (tenant, id),
  UNIQUE (tenant, key)
);

CREATE TABLE signal (
  tenant int NOT NULL,
  series bigint NOT NULL,
  kind smallint NOT NULL,
  num float8,
  text text COLLATE "C",
  quality smallint NOT NULL,
  code text COLLATE "C",
  at float8 NOT NULL,
  received_at float8 NOT NULL,
  created_at float8 NOT NULL,
  modified_at float8 NOT NULL,
  PRIMARY KEY (tenant, series)
) WITH (fillfactor = 70);

CREATE TABLE series_address (
  tenant int NOT NULL,
  collection text COLLATE "C" NOT NULL,
  document text COLLATE "C" NOT NULL,
  part text COLLATE "C" NOT NULL,
  series bigint NOT NULL,
  linked boolean NOT NULL,
  from_at float8 NOT NULL,
  to_at float8,
  PRIMARY KEY (tenant, collection, document, part, from_at, series)
);
CREATE INDEX series_address_series ON series_address (tenant, series);
CREATE INDEX series_address_live ON series_address (tenant, collection, part, document, series)
  WHERE linked AND to_at IS NULL;

CREATE TABLE history_segment (
  tenant int NOT NULL,
  id bigint NOT NULL,
  first_at float8 NOT NULL,
  last_at float8 NOT NULL,
  first_created float8 NOT NULL,
  last_modified float8 NOT NULL,
  rows int NOT NULL,
  checksum bigint NOT NULL,
  body bytea NOT NULL,
  PRIMARY KEY (tenant, id)
);
ALTER TABLE history_segment ALTER body SET STORAGE EXTERNAL;

CREATE TABLE history_chunk (
  tenant int NOT NULL,
  id bigint NOT NULL,
  series bigint NOT NULL,
  first_at float8 NOT NULL,
  last_at float8 NOT NULL,
  first_created float8 NOT NULL,
  last_modified float8 NOT NULL,
  rows int NOT NULL,
  checksum bigint NOT NULL,
  body bytea NOT NULL,
  PRIMARY KEY (tenant, id)
);
ALTER TABLE history_chunk ALTER body SET STORAGE EXTERNAL;
CREATE INDEX history_chunk_first ON history_chunk (tenant, series, first_at);
CREATE INDEX history_chunk_last ON history_chunk (tenant, series, last_at);
CREATE INDEX history_chunk_created ON history_chunk (tenant, series, first_created);
CREATE INDEX history_chunk_modified ON history_chunk (tenant, series, last_modified);
CREATE INDEX history_chunk_age ON history_chunk (tenant, last_modified);

CREATE TABLE history_cut (
  tenant int NOT NULL,
  series bigint NOT NULL,
  up_to bigint NOT NULL,
  segment bigint NOT NULL,
  PRIMARY KEY (tenant, series)
);

CREATE TABLE outbox (
  tenant int NOT NULL,
  id bigint NOT NULL,
  target text COLLATE "C" NOT NULL,
  kind text COLLATE "C" NOT NULL,
  body text COLLATE "C" NOT NULL,
  created_at float8 NOT NULL,
  attempts int NOT NULL,
  next_at float8 NOT NULL,
  error text COLLATE "C",
  PRIMARY KEY (tenant, id)
);
CREATE INDEX outbox_target ON outbox (tenant, target, id);

CREATE TABLE dead_letter (
  tenant int NOT NULL,
  id bigint NOT NULL,
  target text COLLATE "C" NOT NULL,
  kind text COLLATE "C" NOT NULL,
  body text COLLATE "C" NOT NULL,
  created_at float8 NOT NULL,
  attempts int NOT NULL,
  error text COLLATE "C" NOT NULL,
  PRIMARY KEY (tenant, id)
);

CREATE TABLE record (
  tenant int NOT NULL,
  kind text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  ordinal bigint NOT NULL,
  body text COLLATE "C" NOT NULL,
  created_at float8 NOT NULL,
  modified_at float8 NOT NULL,
  PRIMARY KEY (tenant, kind, id)
);
CREATE INDEX record_page ON record (tenant, kind, ordinal);

CREATE SEQUENCE blob_content;
CREATE TABLE upload (
  tenant int NOT NULL,
  content bigint NOT NULL,
  touched_at float8 NOT NULL,
  PRIMARY KEY (tenant, content)
);
CREATE TABLE blob (
  tenant int NOT NULL,
  digest text COLLATE "C" NOT NULL,
  content bigint NOT NULL,
  size bigint NOT NULL,
  idle_since float8,
  PRIMARY KEY (tenant, digest)
);
CREATE INDEX blob_idle ON blob (tenant, idle_since) WHERE idle_since IS NOT NULL;
CREATE TABLE blob_chunk (
  tenant int NOT NULL,
  content bigint NOT NULL,
  position int NOT NULL,
  body bytea NOT NULL,
  PRIMARY KEY (tenant, content, position)
);
ALTER TABLE blob_chunk ALTER body SET STORAGE EXTERNAL;

CREATE TABLE document_file (
  tenant int NOT NULL,
  document bigint NOT NULL,
  name text COLLATE "C" NOT NULL,
  digest text COLLATE "C" NOT NULL,
  size bigint NOT NULL,
  content_type text COLLATE "C" NOT NULL,
  created_at float8 NOT NULL,
  modified_at float8 NOT NULL,
  PRIMARY KEY (tenant, document, name)
);
CREATE INDEX document_file_digest ON document_file (tenant, digest);
`;

/** Every table with a column `tenant`, which row-level security walls off. */
export const walledTables: readonly string[] = [...firstSchema.matchAll(/CREATE TABLE (\w+) \(\n {2}tenant int/g)].map(
  ([, name = ""]) => name,
);
