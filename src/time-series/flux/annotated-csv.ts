import { HubError } from "../../core/errors.ts";
import { isoTime } from "../../core/time.ts";
import { csvCell, valueText } from "../csv-cell.ts";
import type { FluxQuery } from "./flux-query.ts";
import type { FluxTable } from "./run-flux.ts";

/** How a client wants its answer (InfluxDB's dialect). */
export interface Dialect {
  readonly header: boolean;
  readonly delimiter: string;
  readonly annotations: readonly ("datatype" | "group" | "default")[];
}

/** What a query without a dialect is answered in. */
export const plainDialect: Dialect = { header: true, delimiter: ",", annotations: [] };

interface Column {
  readonly name: string;
  readonly datatype: string;
  readonly group: boolean;
}

const lineEnd = "\r\n";
const time = "dateTime:RFC3339";

/**
 * Tables as annotated CSV, in pieces. A new head stands before a table whose columns differ from those of the table
 * before it. What fails on the way is told as InfluxDB does: a table of its own with the columns error and reference.
 */
export async function* annotatedCsv(
  tables: readonly FluxTable[],
  query: FluxQuery,
  dialect: Dialect,
): AsyncGenerator<string> {
  const line = (cells: readonly string[]): string =>
    cells.map((cell) => csvCell(cell, dialect.delimiter)).join(dialect.delimiter) + lineEnd;
  const inRows = dialect.annotations.includes("default") ? "" : query.name;
  let head = "";
  let number = 0;
  try {
    for (const table of tables) {
      const columns = columnsOf(table);
      let begun = false;
      for await (const rows of table.rows()) {
        let text = "";
        const own = headOf(columns, query, dialect, line);
        if (!begun && own !== head) {
          text += head === "" ? own : lineEnd + own;
          head = own;
        }
        begun = true;
        for (const { at, value, quality } of rows) {
          text += line([
            "",
            inRows,
            String(number),
            isoTime(query.from),
            isoTime(query.to),
            ...(table.hasTime ? [at === undefined ? "" : isoTime(at)] : []),
            value === undefined ? "" : valueText(value),
            table.field.field,
            table.field.measurement,
            ...(table.hasQuality ? [quality ?? ""] : []),
          ]);
        }
        yield text;
      }
      if (begun) number++;
    }
    yield lineEnd;
  } catch (thrown) {
    const error = HubError.from(thrown);
    if (error.code === "aborted") throw error;
    const message = error.code === "internal" ? "the hub failed: its log says why" : error.message;
    yield lineEnd + line(["", "error", "reference"]) + line(["", message, ""]);
  }
}

function columnsOf({ datatype, hasTime, hasQuality }: FluxTable): readonly Column[] {
  return [
    { name: "result", datatype: "string", group: false },
    { name: "table", datatype: "long", group: false },
    { name: "_start", datatype: time, group: true },
    { name: "_stop", datatype: time, group: true },
    ...(hasTime ? [{ name: "_time", datatype: time, group: false }] : []),
    { name: "_value", datatype, group: false },
    { name: "_field", datatype: "string", group: true },
    { name: "_measurement", datatype: "string", group: true },
    ...(hasQuality ? [{ name: "quality", datatype: "string", group: false }] : []),
  ];
}

function headOf(
  columns: readonly Column[],
  { name }: FluxQuery,
  { annotations, header }: Dialect,
  line: (cells: readonly string[]) => string,
): string {
  const cells = {
    datatype: columns.map(({ datatype }) => datatype),
    group: columns.map(({ group }) => String(group)),
    default: columns.map((column) => (column.name === "result" ? name : "")),
  };
  const annotated = annotations.map((one) => line([`#${one}`, ...cells[one]])).join("");
  const named = header ? line(["", ...columns.map((column) => column.name)]) : "";
  // Without annotations, tables of different types share one head.
  return annotated + named;
}
