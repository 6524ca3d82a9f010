/** Writers of one document that were beaten to it: here they go one after the other, so that each of them comes to its end. */
export class DocumentTurns {
  readonly #last = new Map<string, Promise<void>>();

  /** Whether somebody is waiting for, or at, this document. */
  busy(document: string): boolean {
    return this.#last.has(document);
  }

  /** Runs `work` behind everybody who came before for the same document, however theirs ended. */
  async take<T>(document: string, work: () => Promise<T>): Promise<T> {
    const turn = (this.#last.get(document) ?? Promise.resolve()).then(work);
    const ended: Promise<void> = turn.then(
      () => this.#end(document, ended),
      () => this.#end(document, ended),
    );
    this.#last.set(document, ended);
    return await turn;
  }

  #end(document: string, turn: Promise<void>): void {
    if (this.#last.get(document) === turn) this.#last.delete(document);
  }
}
