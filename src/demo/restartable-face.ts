/** What every protocol face has. */
interface Face {
  readonly port: number;
  close(): Promise<void>;
}

/** A face that can go away and come back on the same port. Openings and closings queue up, so that they never cross. */
export class RestartableFace<F extends Face> {
  readonly #start: (port: number) => Promise<F>;
  #face: F | undefined;
  #port: number;
  #finished = false;
  #last: Promise<void> = Promise.resolve();

  constructor(port: number, start: (port: number) => Promise<F>) {
    this.#port = port;
    this.#start = start;
  }

  /** The real port once it was open, and the wanted one before. */
  get port(): number {
    return this.#port;
  }

  /** The face while it is open. */
  get face(): F | undefined {
    return this.#face;
  }

  open(): Promise<void> {
    return this.setOpen(true);
  }

  /** Resolves when the face is as wanted, after everything that was wanted before. */
  setOpen(open: boolean): Promise<void> {
    const done = this.#last.then(() => this.#apply(open));
    // A failed opening is told to who asked for it; the next one may try again.
    this.#last = done.catch(() => undefined);
    return done;
  }

  /** Closes for good. */
  finish(): Promise<void> {
    this.#finished = true;
    return this.setOpen(false);
  }

  async #apply(open: boolean): Promise<void> {
    if (open && this.#face === undefined && !this.#finished) {
      this.#face = await this.#start(this.#port);
      this.#port = this.#face.port;
    } else if (!open && this.#face !== undefined) {
      const face = this.#face;
      this.#face = undefined;
      await face.close();
    }
  }
}
