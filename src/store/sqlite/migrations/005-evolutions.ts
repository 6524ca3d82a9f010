import { documentTables } from "../document-tables.ts";

/**
 * What is left of entities that are not there: their heads, and series cut at an instance. A block also knows when its
 * first row was committed, so that history can be read by the time of its commit; 0 in those that were written before.
 */
export const evolutions = `
${documentTables(["evolution"])}
CREATE INDEX evolution_document_age ON evolution_document (modified_at);
ALTER TABLE history_segment ADD COLUMN first_created REAL NOT NULL DEFAULT 0;
ALTER TABLE history_chunk ADD COLUMN first_created REAL NOT NULL DEFAULT 0;
CREATE INDEX history_chunk_created ON history_chunk (series, first_created);
CREATE INDEX history_chunk_modified ON history_chunk (series, last_modified);

CREATE TABLE history_cut (
  series INTEGER PRIMARY KEY,
  up_to INTEGER NOT NULL,
  segment INTEGER NOT NULL
) STRICT;
`;
