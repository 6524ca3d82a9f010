import { asks, type Case } from "../case.ts";

const equals = (field: string, value: string): object => ({
  $condition: { $eq: [{ $field: field }, { $strVal: value }] },
});

const questions: Readonly<Record<string, object>> = {
  "/query/shells": equals("$aas#idShort", "Shell1"),
  "/query/submodels": equals("$sm#idShort", "Submodel1"),
  "/query/concept-descriptions": equals("$cd#idShort", "Speed"),
  "/query/shell-descriptors": equals("$aasdesc#idShort", "Shell1"),
  "/query/submodel-descriptors": equals("$smdesc#idShort", "Submodel1"),
};

export const queryCases: readonly Case[] = Object.entries(questions).flatMap(([path, body]) => [
  asks("POST", path, 200, () => ({ body })),
  asks("POST", path, 200, () => ({ body, query: { limit: "1" } }), "a page of one"),
  asks("POST", path, 400, () => ({ body: { $condition: { $like: [] } } }), "an operator that is none"),
]);
