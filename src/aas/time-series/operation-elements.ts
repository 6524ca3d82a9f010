import type { Operation, SubmodelElement } from "../metamodel/types.ts";
import { meaning } from "./vocabulary.ts";

const timespan: SubmodelElement = {
  modelType: "Range",
  idShort: "Timespan",
  semanticId: meaning("Timespan"),
  valueType: "xs:dateTime",
};

const readRecords: Operation = {
  modelType: "Operation",
  idShort: "ReadRecords",
  semanticId: meaning("ReadRecords"),
  inputVariables: [{ value: timespan }],
  outputVariables: [
    { value: { modelType: "SubmodelElementCollection", idShort: "Records", semanticId: meaning("Records") } },
  ],
};

const readSegments: Operation = {
  modelType: "Operation",
  idShort: "ReadSegments",
  semanticId: meaning("ReadSegments"),
  inputVariables: [{ value: timespan }],
  outputVariables: [
    { value: { modelType: "SubmodelElementCollection", idShort: "Segments", semanticId: meaning("Segments") } },
  ],
};

/** IDTA 02008-1-1, 2.6: the operations that read. */
export const seriesOperations: readonly Operation[] = [readRecords, readSegments];
