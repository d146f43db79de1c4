/**
 * Purpose: files of a backup: written, synced, read back and hashed as a whole and block by block, with constant memory.
 * Refuses: nothing; what it reads is compared by the caller.
 * Document: hub-server/DESIGN.md, "Backup".
 */
import { createHash, hash } from 'node:crypto';
import { closeSync, fstatSync, fsyncSync, openSync, readSync, writeSync } from 'node:fs';
import type { Sha256Hex } from '@hailong/shared/ids.ts';
import { type BackupFile, BLOCK_BYTES } from '@hailong/shared/protocol/backup.ts';

export interface HashedBlock {
  readonly index: number;
  readonly sha256: string;
  /** Valid until the next one. */
  readonly bytes: Uint8Array;
}

export interface HashedFile {
  readonly bytes: number;
  readonly sha256: string;
}

/** Reads a file once, block by block; answers size and hash of the whole. */
export function readBlocks(
  file: string,
  blockBytes: number,
  heard: (block: HashedBlock) => void,
): HashedFile {
  const fd = openSync(file, 'r');
  try {
    const whole = createHash('sha256');
    const buffer = Buffer.allocUnsafe(blockBytes);
    let bytes = 0;
    for (let index = 0; ; index++) {
      let filled = 0;
      while (filled < blockBytes) {
        const count = readSync(fd, buffer, filled, blockBytes - filled, null);
        if (count === 0) break;
        filled += count;
      }
      if (filled === 0) break;
      const block = buffer.subarray(0, filled);
      whole.update(block);
      heard({ index, sha256: hash('sha256', block, 'hex'), bytes: block });
      bytes += filled;
      if (filled < blockBytes) break;
    }
    return { bytes, sha256: whole.digest('hex') };
  } finally {
    closeSync(fd);
  }
}

/** A file as the manifest names it. */
export function describeFile(path: string, name: string, progress: (bytes: number) => void): BackupFile {
  const blocks: Sha256Hex[] = [];
  let done = 0;
  const { bytes, sha256 } = readBlocks(path, BLOCK_BYTES, (block) => {
    blocks.push(block.sha256 as Sha256Hex);
    done += block.bytes.byteLength;
    progress(done);
  });
  return { name, bytes, sha256: sha256 as Sha256Hex, blockBytes: BLOCK_BYTES, blocks };
}

/** Written whole and synced, 0600. Refuses to overwrite. */
export function writeSynced(path: string, parts: Iterable<string | Uint8Array>): void {
  const fd = openSync(path, 'wx', 0o600);
  try {
    for (const part of parts) {
      const bytes = typeof part === 'string' ? Buffer.from(part, 'utf8') : part;
      for (let at = 0; at < bytes.byteLength; ) at += writeSync(fd, bytes, at);
    }
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** A file or folder as it lies on disk: its bytes, or its names. */
export function syncPath(path: string): void {
  const fd = openSync(path, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

export function sizeOf(path: string): number {
  const fd = openSync(path, 'r');
  try {
    return fstatSync(fd).size;
  } finally {
    closeSync(fd);
  }
}
