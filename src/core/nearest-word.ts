/** Edits (insert, delete, replace one character) that turn one word into another. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let line = 1; line <= from.length; line++) {
    const next = [line];
    for (let column = 1; column <= to.length; column++) {
      const replaced = (row[column - 1] ?? 0) + (from[line - 1] === to[column - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}

/** The known word that was probably meant, or undefined where none is near (two letters off, or a third of a long word). */
export function nearestWord(word: string, known: Iterable<string>): string | undefined {
  const given = word.slice(0, 64).toLowerCase();
  let best: { word: string; distance: number } | undefined;
  for (const candidate of known) {
    const distance = editDistance(given, candidate.toLowerCase());
    const bound = Math.max(given.length > 3 ? 2 : 1, Math.floor(Math.max(given.length, candidate.length) / 3));
    if (distance <= bound && (best === undefined || distance < best.distance)) best = { word: candidate, distance };
  }
  return best?.word;
}
