/**
 * Finds the elements of submodels that have a value, or a meaning, among all of a name: `num` is NULL where the value is
 * no number, the text is cut so that long ones take no more than a page's worth of the index.
 */
export const partValues = `
CREATE INDEX submodel_part_value ON submodel_part (name, num, substr(text, 1, 64), document);
CREATE INDEX submodel_part_meaning ON submodel_part (json_extract(body, '$.semanticId.keys[0].value'), num, substr(text, 1, 64), document)
  WHERE json_extract(body, '$.semanticId.keys[0].value') IS NOT NULL;
`;
