import { documentTables } from "../document-tables.ts";

/**
 * Contents of files lie beside the database; here stands which there are and who refers to them. `idle_since`: from when
 * on nobody does, NULL while somebody does.
 */
export const files = `
CREATE TABLE blob (
  digest TEXT PRIMARY KEY,
  size INTEGER NOT NULL,
  idle_since REAL
) STRICT, WITHOUT ROWID;
CREATE INDEX blob_idle ON blob (idle_since) WHERE idle_since IS NOT NULL;

CREATE TABLE document_file (
  collection TEXT NOT NULL,
  document INTEGER NOT NULL,
  name TEXT NOT NULL,
  digest TEXT NOT NULL,
  size INTEGER NOT NULL,
  content_type TEXT NOT NULL,
  created_at REAL NOT NULL,
  modified_at REAL NOT NULL,
  PRIMARY KEY (collection, document, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX document_file_digest ON document_file (digest);
${documentTables(["package"])}`;
