import type { Command } from "commander";

/** The command line's settings that every verb with a hub takes. */
export interface HubFlags {
  readonly config?: string;
  readonly host?: string;
  readonly port?: string;
  readonly data?: string;
  readonly logLevel?: string;
}

export function withHubFlags(command: Command): Command {
  return command
    .option("--config <file>", "configuration (default: twinweave.yaml, if there is one)")
    .option("--host <address>", "address to listen on (default: 127.0.0.1)")
    .option("--port <number>", "port to listen on (default: 8080; 0: a free one)")
    .option("--data <folder>", "where twins and history are kept (default: ./data)")
    .option("--log-level <level>", "error, warn, info or debug (default: warn)");
}

/** As `loadConfig` takes them. */
export function flagSettings({ host, port, data, logLevel }: HubFlags): Record<string, unknown> {
  return {
    "http.host": host,
    "http.port": port === undefined ? undefined : wholeNumber(port),
    "store.sqlite": data,
    "log.level": logLevel,
  };
}

/** A port that is no number stays the text it is, so that the schema says what is wrong with it. */
function wholeNumber(text: string): number | string {
  return /^\d+$/.test(text) ? Number(text) : text;
}
