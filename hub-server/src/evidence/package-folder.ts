/**
 * Purpose: the folder of a package while it is written: every file once, hashed as its bytes leave, synced; the whole
 *   gets its name at the end. Whatever dies on the way leaves a folder ending in `.part`, without a signature.
 * Refuses: to overwrite a file or a package.
 */
import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, lstatSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { crc32 } from 'node:zlib';
import { CodedError } from '@hailong/shared/errors.ts';
import type { Sha256Hex } from '@hailong/shared/ids.ts';

export interface WrittenFile {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: Sha256Hex;
  readonly crc32: number;
}

function syncFolder(path: string): void {
  const fd = openSync(path, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** As many as Node's pool has threads. */
const SYNC_LANES = 4;

export class PackageFolder {
  readonly #final: string;
  readonly part: string;
  readonly #files = new Map<string, WrittenFile>();
  readonly #unsynced: string[] = [];
  readonly #lanes: Promise<void>[] = [];

  constructor(into: string, name: string) {
    this.#final = join(into, name);
    this.part = `${this.#final}.part`;
    if (lstatSync(this.#final, { throwIfNoEntry: false }))
      throw new CodedError('evidence.exists', this.#final);
    mkdirSync(into, { recursive: true, mode: 0o700 });
    // Of a hub that was ended on the way. Its writer ended with it, or finds its folder gone.
    rmSync(this.part, { recursive: true, force: true });
    mkdirSync(this.part, { mode: 0o700 });
    for (const folder of ['media', 'media/master', 'media/working', 'rating', 'audit'])
      mkdirSync(join(this.part, folder), { mode: 0o700 });
  }

  at(path: string): string {
    return join(this.part, path);
  }
  get files(): readonly WrittenFile[] {
    return [...this.#files.values()];
  }

  /** Takes the bytes that `fill` gives, in its order. */
  write(path: string, fill: (take: (bytes: Uint8Array) => void) => void): WrittenFile {
    const hash = createHash('sha256');
    let crc = 0;
    let bytes = 0;
    const fd = openSync(this.at(path), 'wx', 0o600);
    try {
      fill((piece) => {
        hash.update(piece);
        crc = crc32(piece, crc);
        for (let at = 0; at < piece.length; ) at += writeSync(fd, piece, at);
        bytes += piece.length;
      });
    } finally {
      closeSync(fd);
    }
    return this.#note({ path, bytes, sha256: hash.digest('hex') as Sha256Hex, crc32: crc });
  }

  writeWhole(path: string, content: string | Uint8Array): WrittenFile {
    const bytes = typeof content === 'string' ? Buffer.from(content, 'utf8') : content;
    return this.write(path, (take) => take(bytes));
  }

  /** It is not part of the package after all. */
  forget(path: string): void {
    rmSync(this.at(path));
    this.#files.delete(path);
    this.#unsynced.splice(this.#unsynced.indexOf(path), 1);
  }

  #note(file: WrittenFile): WrittenFile {
    this.#files.set(file.path, file);
    this.#unsynced.push(file.path);
    return file;
  }
  /** A file that another program wrote here and that was read back. */
  noteRead(file: WrittenFile): WrittenFile {
    return this.#note(file);
  }

  /**
   * Makes what was written durable while other work goes on: one sync after each file, in order, took four times as long as
   * several at once, since each then waits for a journal of its own.
   */
  syncSoon(): void {
    while (this.#lanes.length < SYNC_LANES) {
      const lane = this.#syncLane();
      // What fails is told where it is awaited.
      lane.catch(() => undefined);
      this.#lanes.push(lane);
    }
  }
  async #syncLane(): Promise<void> {
    for (let path = this.#unsynced.pop(); path !== undefined; path = this.#unsynced.pop()) {
      const handle = await open(this.at(path), 'r+');
      try {
        await handle.sync();
      } finally {
        await handle.close();
      }
    }
  }

  /** Durable, then its name, then the name durable. */
  async finish(): Promise<string> {
    await Promise.all(this.#lanes.splice(0));
    this.syncSoon();
    await Promise.all(this.#lanes.splice(0));
    for (const folder of ['media/master', 'media/working', 'media', 'rating', 'audit', '.'])
      syncFolder(this.at(folder));
    if (lstatSync(this.#final, { throwIfNoEntry: false }))
      throw new CodedError('evidence.exists', this.#final);
    renameSync(this.part, this.#final);
    syncFolder(dirname(this.#final));
    return this.#final;
  }
}
