import { type Figure, meetsTarget, ratioOf } from "./figure.ts";

const heads = ["section", "figure", "value", "baseline in the same run", "ratio", "target", "note"];

/** All figures as one Markdown table. */
export function markdownTable(figures: readonly Figure[]): string {
  const rows = figures.map((figure) => {
    const { section, what, value, unit, baseline, note = "" } = figure;
    const ratio = ratioOf(figure);
    return [
      section,
      what,
      `${rounded(value)} ${unit}`.trim(),
      baseline === undefined ? "" : `${baseline.what}: ${rounded(baseline.value)}`,
      ratio === undefined ? "" : ratio.toFixed(2),
      targetText(figure),
      note,
    ];
  });
  return [heads, heads.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

function targetText(figure: Figure): string {
  const { target } = figure;
  if (target === undefined) return "";
  const parts = [
    ...(target.atLeast === undefined ? [] : [`≥ ${rounded(target.atLeast)}`]),
    ...(target.atMost === undefined ? [] : [`≤ ${rounded(target.atMost)}`]),
  ];
  return `${target.of === "ratio" ? "ratio " : ""}${parts.join(", ")}: ${meetsTarget(figure) ? "met" : "missed"}`;
}

function rounded(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const digits = Math.abs(value) >= 100 || Number.isInteger(value) ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toLocaleString("en-US", { maximumFractionDigits: digits });
}
