/**
 * Purpose: photos and recordings by content hash under D/blobs, for the screen and for the days without the hub.
 * Refuses: names that are not a hash, bytes that do not have it, anything past 4 MB.
 */
import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { type Sha256Hex, sha256Hex } from '@hailong/shared/ids.ts';
import type { BlobFiles } from '../application/ports.ts';

/** The hub takes photos up to 2 MB and recordings up to 1 MB; this only bounds what a wrong hub could send. */
export const BLOB_BYTES_MAX = 4_194_304;

export class FolderBlobs implements BlobFiles {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  }

  has(sha256: Sha256Hex): boolean {
    return existsSync(this.#path(sha256));
  }

  read(sha256: Sha256Hex): Uint8Array | null {
    try {
      return readFileSync(this.#path(sha256));
    } catch {
      return null;
    }
  }

  write(sha256: Sha256Hex, bytes: Uint8Array): void {
    if (bytes.byteLength > BLOB_BYTES_MAX) throw new Error('blob too large');
    if (createHash('sha256').update(bytes).digest('hex') !== sha256) throw new Error('blob hash differs');
    const part = `${this.#path(sha256)}.part`;
    const fd = openSync(part, 'w', 0o600);
    try {
      writeSync(fd, bytes);
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    renameSync(part, this.#path(sha256));
  }

  keepOnly(wanted: ReadonlySet<Sha256Hex>): void {
    for (const name of readdirSync(this.#folder))
      if (!wanted.has(name as Sha256Hex)) rmSync(join(this.#folder, name), { force: true });
  }

  #path(sha256: Sha256Hex): string {
    return join(this.#folder, sha256Hex.parse(sha256));
  }
}
