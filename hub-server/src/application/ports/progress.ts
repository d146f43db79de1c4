/** How a long verb tells where it is. Implemented by the command line; a verb that nobody watches gets `unwatched`. */
export interface Words {
  readonly vi: string;
  readonly en: string;
}

export interface Progress {
  /** `total` null: not known beforehand. */
  begin(what: Words, total: number | null, unit: 'count' | 'bytes'): void;
  at(done: number): void;
  end(): void;
}

export const unwatched: Progress = { begin: () => undefined, at: () => undefined, end: () => undefined };
