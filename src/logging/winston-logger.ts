import { inspect } from "node:util";
import winston from "winston";
import type { Logger } from "../core/logger.ts";

export interface LogSettings {
  readonly level: "error" | "warn" | "info" | "debug";
  readonly format: "text" | "json";
}

type Level = LogSettings["level"];
type Fields = Readonly<Record<string, unknown>>;

/** A logger on stderr, so that stdout stays the command's own. Secrets are objects that print as stars. */
export function createLogger({ level, format }: LogSettings): Logger {
  const { combine, timestamp, printf } = winston.format;
  const stderrLevels: Level[] = ["error", "warn", "info", "debug"];
  const logger = winston.createLogger({
    level,
    format: combine(timestamp(), format === "json" ? jsonLine() : printf(textLine)),
    transports: [new winston.transports.Console({ stderrLevels })],
  });
  // Fields travel on their own: winston would mix those called `message` or `level` with the entry's.
  const write =
    (severity: Level) =>
    (message: string, fields: Fields = {}): void => {
      logger.log({ level: severity, message, fields });
    };
  return { error: write("error"), warn: write("warn"), info: write("info"), debug: write("debug") };
}

const jsonLine = () => {
  const { combine, json } = winston.format;
  // The rest holds what winston itself needs, under symbols.
  const flat = winston.format(({ fields, ...entry }) => ({ ...(fields as Fields), ...entry }));
  return combine(flat(), json({ replacer: plain }));
};

function plain(_name: string, value: unknown): unknown {
  if (typeof value === "bigint") return value.toString();
  return value instanceof Error ? value.message : value;
}

function textLine({ timestamp, level, message, fields }: winston.Logform.TransformableInfo): string {
  const rest = Object.entries(fields as Fields).map(([name, value]) => `${name}=${inline(value)}`);
  return [String(timestamp), level.toUpperCase().padEnd(5), oneLine(String(message)), ...rest].join(" ");
}

function inline(value: unknown): string {
  if (value instanceof Error) return JSON.stringify(value.message);
  if (typeof value !== "string") return oneLine(inspect(value, { depth: 4, breakLength: Number.POSITIVE_INFINITY }));
  return /^[\w.:/@-]+$/.test(value) ? value : JSON.stringify(value);
}

/** An entry is one line, whatever a device or a client managed to get into it. */
function oneLine(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, (character) => JSON.stringify(character).slice(1, -1));
}
