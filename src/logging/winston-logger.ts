import winston from "winston";
import type { Logger } from "../core/logger.ts";

export interface LogSettings {
  readonly level: "error" | "warn" | "info" | "debug";
  readonly format: "text" | "json";
}

/** A logger on stderr, so that stdout stays the command's own. Secrets are objects that print as stars. */
export function createLogger({ level, format }: LogSettings): Logger {
  const { combine, timestamp, json, printf } = winston.format;
  const text = printf(({ timestamp: at, level: severity, message, ...fields }) => {
    const rest = Object.entries(fields).map(([name, value]) => `${name}=${inline(value)}`);
    return [String(at), severity.toUpperCase().padEnd(5), String(message), ...rest].join(" ");
  });
  const stderrLevels = ["error", "warn", "info", "debug"];
  return winston.createLogger({
    level,
    format: combine(timestamp(), format === "json" ? json() : text),
    transports: [new winston.transports.Console({ stderrLevels })],
  });
}

function inline(value: unknown): string {
  if (typeof value === "string") return /^[\w.:/@-]+$/.test(value) ? value : JSON.stringify(value);
  return JSON.stringify(value) ?? String(value);
}
