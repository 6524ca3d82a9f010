import { HubError } from "../core/errors.ts";

/** An error as a person reads it in a terminal: what, where, and what would be right. */
export function problemText(thrown: unknown): string {
  const error = HubError.from(thrown);
  const lines = error.problems.map(({ place, message, expected }) => {
    return expected === undefined ? `  ${place}: ${message}` : `  ${place}: ${message}\n      expected: ${expected}`;
  });
  const stack = error.code === "internal" && error.stack !== undefined ? [error.stack] : [];
  return [`twinweave: ${error.message}`, ...lines, ...stack].join("\n");
}
