import type { Collection } from "../../core/document.ts";

/** The three tables of one collection of documents. Ordinals are never used twice, so that pages stay where they were. */
const tablesOf = (name: string): string => `
CREATE TABLE ${name}_document (
  ordinal INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  body TEXT NOT NULL,
  keys TEXT NOT NULL,
  expires_at REAL,
  owner TEXT,
  created_at REAL NOT NULL,
  modified_at REAL NOT NULL,
  version INTEGER NOT NULL
) STRICT;
CREATE INDEX ${name}_document_expiry ON ${name}_document (expires_at) WHERE expires_at IS NOT NULL;

CREATE TABLE ${name}_part (
  document INTEGER NOT NULL,
  key TEXT NOT NULL,
  parent TEXT,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  body TEXT NOT NULL,
  num ANY,
  text TEXT,
  expires_at REAL,
  position INTEGER NOT NULL,
  created_at REAL NOT NULL,
  modified_at REAL NOT NULL,
  UNIQUE (document, key)
) STRICT;
CREATE INDEX ${name}_part_name ON ${name}_part (name, document);
CREATE INDEX ${name}_part_parent ON ${name}_part (document, parent, position);
CREATE INDEX ${name}_part_expiry ON ${name}_part (expires_at) WHERE expires_at IS NOT NULL;

CREATE TABLE ${name}_key (
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  document INTEGER NOT NULL,
  PRIMARY KEY (name, value, document)
) STRICT, WITHOUT ROWID;
CREATE INDEX ${name}_key_document ON ${name}_key (document);
`;

/** The tables of these collections; which come with which step of the schema is for the steps to say. */
export const documentTables = (names: readonly Collection[]): string => names.map(tablesOf).join("");
