/**
 * Purpose: disk space reserved for the day the disk is full: a file of random bytes (so that no file system stores it
 *   as nothing), given back step by step and written again when there is room.
 * Refuses: to take the room that ordinary work needs: it grows only while four steps stay free beside it.
 * Document: kiosk-app/DESIGN.md, "Full disk".
 */
import { randomFillSync } from 'node:crypto';
import { closeSync, fstatSync, fsync, fsyncSync, ftruncateSync, openSync, write } from 'node:fs';
import type { Ballast } from '../application/ports.ts';

/** Small enough that others on the disk get little of what is given back, large enough for some 100 ratings. */
export const BALLAST_STEP_BYTES = 1_048_576;
const FREE_STEPS = 4;

export class BallastFile implements Ballast {
  readonly wantedBytes: number;
  readonly #fd: number;
  readonly #freeBytes: () => number | null;
  #bytes: number;
  /** A step is being written; its callback alone decides what becomes of it. */
  #writing = false;
  #spent = false;
  #closed = false;

  constructor(file: string, wantedBytes: number, freeBytes: () => number | null) {
    this.wantedBytes = Math.ceil(wantedBytes / BALLAST_STEP_BYTES) * BALLAST_STEP_BYTES;
    this.#freeBytes = freeBytes;
    this.#fd = openSync(file, 'a+', 0o600);
    const { size, blocks } = fstatSync(this.#fd);
    // A copy of the folder may have left holes: what is not really there is no reserve.
    this.#bytes = blocks * 512 < size ? 0 : Math.min(size, this.wantedBytes);
    if (this.#bytes !== size) ftruncateSync(this.#fd, this.#bytes);
  }

  get bytes(): number {
    return this.#bytes;
  }

  release(): boolean {
    if (this.#bytes === 0 || this.#closed) return false;
    this.#spent = true;
    return this.#cutTo(Math.max(0, this.#bytes - BALLAST_STEP_BYTES));
  }

  grow(): void {
    if (this.#writing || this.#closed) return;
    this.#spent = false;
    this.#step();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    if (!this.#writing) closeSync(this.#fd);
  }

  #step(): void {
    const free = this.#freeBytes();
    const room = free !== null && free >= FREE_STEPS * BALLAST_STEP_BYTES;
    if (!room || this.#bytes >= this.wantedBytes) return;
    this.#writing = true;
    const chunk = randomFillSync(Buffer.allocUnsafe(BALLAST_STEP_BYTES));
    write(this.#fd, chunk, 0, chunk.length, null, (failed, written) => {
      if (failed || written < chunk.length) this.#wrote(false);
      else fsync(this.#fd, (unsynced) => this.#wrote(!unsynced));
    });
  }

  #wrote(ok: boolean): void {
    this.#writing = false;
    const keep = ok && !this.#spent && !this.#closed;
    if (keep) this.#bytes += BALLAST_STEP_BYTES;
    else this.#cutTo(this.#bytes);
    if (this.#closed) closeSync(this.#fd);
    else if (keep) this.#step();
  }

  /** False on a disk that takes no change (read-only after an error): nothing was given back. */
  #cutTo(bytes: number): boolean {
    try {
      ftruncateSync(this.#fd, bytes);
      this.#bytes = bytes;
      fsyncSync(this.#fd);
      return true;
    } catch {
      return false;
    }
  }
}
