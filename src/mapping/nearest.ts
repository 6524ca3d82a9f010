/** Names longer than this are compared by their start: the distance is quadratic. */
const MAX_LENGTH = 64;

/** Edits (insert, delete, replace, swap of neighbours) from one text to the other. */
function distance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min((row[j - 1] ?? 0) + 1, (last[j] ?? 0) + 1, (last[j - 1] ?? 0) + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        best = Math.min(best, (beforeLast[j - 2] ?? 0) + 1);
      }
      row.push(best);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length] ?? 0;
}

/** The name that was probably meant: within a third of its length in edits, case aside; `undefined` where none is near. */
export function nearest(word: string, names: Iterable<string>): string | undefined {
  const wanted = word.toLowerCase().slice(0, MAX_LENGTH);
  let found: string | undefined;
  let least = Math.max(1, Math.floor(wanted.length / 3)) + 1;
  for (const name of names) {
    const edits = distance(wanted, name.toLowerCase().slice(0, MAX_LENGTH));
    if (edits < least) {
      least = edits;
      found = name;
    }
  }
  return found;
}

/** What to say of a name that is not known: the near one first, else those that exist. */
export function knownNames(word: string, names: Iterable<string>): string {
  const all = [...names];
  const near = nearest(word, all);
  if (near !== undefined) return `did you mean "${near}"?`;
  if (all.length === 0) return "there is none";
  const shown = all.slice(0, 20).map((name) => `"${name}"`);
  return `one of ${shown.join(", ")}${all.length > shown.length ? `, … (${all.length} in all)` : ""}`;
}
