import { HubError } from "../../core/errors.ts";
import { filterProblem } from "./topic.ts";

/** Topics that a pattern stands for: `plant/+/vibration`, `plant/{line}/{machine}`. */
export interface BrowsePattern {
  /** Subscribed to: the matched topics and all below them. */
  readonly filter: string;
  /** The part of a topic that the pattern matches, and the levels behind its wildcards; undefined without a match. */
  match(topic: string): { readonly prefix: string; readonly levels: readonly string[] } | undefined;
  /** Names of the wildcards; `+` has none. */
  readonly names: readonly (string | undefined)[];
}

/** Throws HubError `invalid` where the pattern is none. */
export function parseBrowsePattern(pattern: string): BrowsePattern {
  const steps = pattern.replace(/\/#$/, "").split("/");
  const wildcard = (step: string): boolean => step === "+" || /^\{[^{}]+\}$/.test(step);
  const names = steps.filter(wildcard).map((step) => (step === "+" ? undefined : step.slice(1, -1)));
  const filter = `${steps.map((step) => (wildcard(step) ? "+" : step)).join("/")}/#`;
  const problem = pattern === "" || pattern === "#" ? "the pattern is empty" : filterProblem(filter);
  if (problem !== undefined) {
    throw new HubError("invalid", problem, {
      problems: [{ place: "browse", message: problem, expected: "plant/+/vibration or plant/{line}/{machine}" }],
    });
  }
  return {
    filter,
    names,
    match(topic) {
      const levels = topic.split("/");
      if (levels.length < steps.length) return undefined;
      if (steps.some((step, at) => !wildcard(step) && step !== levels[at])) return undefined;
      return {
        prefix: levels.slice(0, steps.length).join("/"),
        levels: steps.flatMap((step, at) => (wildcard(step) ? [levels[at] ?? ""] : [])),
      };
    },
  };
}
