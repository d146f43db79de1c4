/**
 * The append-only file of the second medium. What is there is read once at start; a torn tail is cut off, a file with
 * damage is put aside whole and written anew, so that nothing is appended behind bytes that cannot be read.
 * Refuses: a file of another hub. See hub-server/DESIGN.md, "Second medium of the hub's chain".
 */
import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { CodedError } from '@hailong/shared/errors.ts';
import { encodeFrame, isOurs, type MirrorFrame, PREAMBLE_BYTES, preamble, readFrame } from './frames.ts';

export const MIRROR_FILE = 'hub-chain.log';

function syncDir(dir: string): void {
  const fd = openSync(dir, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

export class MirrorFile {
  readonly #fd: number;
  /** Where it ends; a failed write is cut off again before the next. */
  #end: number;

  private constructor(fd: number, end: number) {
    this.#fd = fd;
    this.#end = end;
  }

  /** `each` gets every good frame in order. Answers the open file and the damaged one that was put aside. */
  static open(
    dir: string,
    hubKey: Uint8Array,
    stamp: string,
    each: (frame: MirrorFrame) => void,
  ): { file: MirrorFile; aside: string | null } {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    const path = join(dir, MIRROR_FILE);
    if (!existsSync(path)) return { file: MirrorFile.#create(dir, path, hubKey), aside: null };
    const fd = openSync(path, 'r+');
    try {
      const { end, damaged } = readAll(fd, hubKey, each);
      if (!damaged) {
        ftruncateSync(fd, end);
        fsyncSync(fd);
        return { file: new MirrorFile(fd, end), aside: null };
      }
    } catch (error) {
      closeSync(fd);
      throw error;
    }
    closeSync(fd);
    const aside = `${path}.damaged-${stamp}`;
    renameSync(path, aside);
    return { file: MirrorFile.#create(dir, path, hubKey), aside };
  }

  static #create(dir: string, path: string, hubKey: Uint8Array): MirrorFile {
    const fd = openSync(path, 'wx', 0o600);
    writeSync(fd, preamble(hubKey));
    fsyncSync(fd);
    syncDir(dir);
    return new MirrorFile(fd, PREAMBLE_BYTES);
  }

  /** Durable when it returns. A write that fails leaves nothing behind. */
  append(frames: readonly MirrorFrame[]): void {
    const bytes = Buffer.concat(frames.map(encodeFrame));
    try {
      for (let done = 0; done < bytes.length; )
        done += writeSync(this.#fd, bytes, done, bytes.length - done, this.#end + done);
      fsyncSync(this.#fd);
    } catch (error) {
      try {
        ftruncateSync(this.#fd, this.#end);
      } catch {
        // The next write covers it, and a start cuts it off.
      }
      throw error;
    }
    this.#end += bytes.length;
  }

  close(): void {
    closeSync(this.#fd);
  }
}

function readAll(
  fd: number,
  hubKey: Uint8Array,
  each: (frame: MirrorFrame) => void,
): { end: number; damaged: boolean } {
  const size = fstatSync(fd).size;
  const read = (at: number, length: number): Buffer => {
    const bytes = Buffer.alloc(Math.max(0, Math.min(length, size - at)));
    for (let done = 0; done < bytes.length; ) {
      const got = readSync(fd, bytes, done, bytes.length - done, at + done);
      if (got === 0) return bytes.subarray(0, done);
      done += got;
    }
    return bytes;
  };
  if (!isOurs(read(0, PREAMBLE_BYTES), hubKey)) {
    // Not even its first bytes were written: a crash at the very beginning.
    if (size < PREAMBLE_BYTES) return { end: 0, damaged: true };
    throw new CodedError('mirror.foreign');
  }
  let damaged = false;
  for (let at = PREAMBLE_BYTES; ; ) {
    const found = readFrame(read, at);
    if (found.kind === 'end' || found.kind === 'torn') return { end: at, damaged };
    if (found.kind === 'damaged') {
      damaged = true;
      if (found.next === null) return { end: at, damaged };
    } else each(found.frame);
    at = found.next as number;
  }
}
