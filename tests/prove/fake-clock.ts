/*
 * Purpose: a wall clock of its own for a program, by libfaketime and a file that is read at every look at the time: it
 * can be stepped while the program runs. Monotonic time stays true, as on a machine whose clock somebody sets.
 * Refuses: nothing; needs libfaketime (see machine.ts).
 */
import { existsSync, renameSync, writeFileSync } from 'node:fs';
import type { Wrapper } from './fault-office.ts';
import type { Said } from './run.ts';

const LIBRARIES = ['x86_64', 'aarch64'].map(
  (machine) => `/usr/lib/${machine}-linux-gnu/faketime/libfaketimeMT.so.1`,
);
const library = (): string | undefined => LIBRARIES.find((file) => existsSync(file));

export const fakeClockImpossible = (): Said | null =>
  library() === undefined ? { vi: 'thiếu libfaketime', en: 'libfaketime is missing' } : null;

/** All time of a program, wall and monotonic, runs so many times faster from its start on. */
export const fastClock = (times: number): Wrapper => ({
  times,
  env: { LD_PRELOAD: library() ?? '', FAKETIME: `+0 x${times}` },
});

export class FakeClock {
  readonly #file: string;
  offsetMs = 0;

  constructor(file: string) {
    this.#file = file;
    this.set(0);
  }

  /** The program's time from now on: true time and this. Replaced as a whole, so that no half line is read. */
  set(offsetMs: number): void {
    this.offsetMs = Math.round(offsetMs / 1_000) * 1_000;
    const seconds = this.offsetMs / 1_000;
    writeFileSync(`${this.#file}.new`, `${seconds < 0 ? '' : '+'}${seconds}\n`);
    renameSync(`${this.#file}.new`, this.#file);
  }

  now(): number {
    return Date.now() + this.offsetMs;
  }

  get wrapper(): Wrapper {
    return {
      env: {
        LD_PRELOAD: library() ?? '',
        FAKETIME_TIMESTAMP_FILE: this.#file,
        FAKETIME_NO_CACHE: '1',
        DONT_FAKE_MONOTONIC: '1',
        // A file was written when the clock said so then, whatever it says now.
        NO_FAKE_STAT: '1',
      },
    };
  }
}
