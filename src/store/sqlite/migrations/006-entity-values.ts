/** The box around a geometry's positions: in GeoJSON a number is a longitude or a latitude by its place in its array. */
const box = (part: string): string => `
  SELECT ${part}.document * 1048576 + ${part}.position, min(CASE t.key WHEN 0 THEN t.atom END),
    max(CASE t.key WHEN 0 THEN t.atom END), min(CASE t.key WHEN 1 THEN t.atom END),
    max(CASE t.key WHEN 1 THEN t.atom END), ${part}.document, ${part}.name`;
const numbers = (part: string): string => `json_tree(${part}.body, '$.value.coordinates') t`;
const isNumber = "t.type IN ('integer', 'real') AND t.key IN (0, 1)";

/**
 * Finds attributes of entities by what they say: a number, the first 64 characters of a text, a box. Where `num` and text
 * are both NULL they say something else, which is judged as such. The index stands for the one by name, which it begins
 * with. Boxes have the number of a document and the place in it, of which there are fewer than 2^20; a box of 32-bit
 * numbers is a little larger than what it is around. Live links are found by the key of the part that they show.
 */
export const entityValues = `
CREATE INDEX entity_part_value ON entity_part (name, num, substr(text, 1, 64), document);
DROP INDEX entity_part_name;
CREATE INDEX series_address_live ON series_address (collection, part, document, series) WHERE linked AND to_at IS NULL;

CREATE VIRTUAL TABLE entity_box USING rtree (id, west, east, south, north, +document INTEGER, +name TEXT);
INSERT INTO entity_box ${box("p")} FROM entity_part p, ${numbers("p")}
  WHERE p.kind = 'GeoProperty' AND json_valid(p.body) AND ${isNumber} GROUP BY p.document, p.position;
CREATE TRIGGER entity_box_made AFTER INSERT ON entity_part WHEN NEW.kind = 'GeoProperty' AND json_valid(NEW.body)
BEGIN
  INSERT INTO entity_box ${box("NEW")} FROM ${numbers("NEW")} WHERE ${isNumber} HAVING count(*) > 1;
END;
CREATE TRIGGER entity_box_gone AFTER DELETE ON entity_part WHEN OLD.kind = 'GeoProperty'
BEGIN
  DELETE FROM entity_box WHERE id = OLD.document * 1048576 + OLD.position;
END;
CREATE TRIGGER entity_box_changed AFTER UPDATE OF kind, body, position ON entity_part
  WHEN (OLD.kind = 'GeoProperty' OR NEW.kind = 'GeoProperty') AND json_valid(NEW.body)
    AND (OLD.body <> NEW.body OR OLD.kind <> NEW.kind OR OLD.position <> NEW.position)
BEGIN
  DELETE FROM entity_box WHERE id = OLD.document * 1048576 + OLD.position;
  INSERT INTO entity_box ${box("NEW")} FROM ${numbers("NEW")}
    WHERE NEW.kind = 'GeoProperty' AND ${isNumber} HAVING count(*) > 1;
END;
`;
