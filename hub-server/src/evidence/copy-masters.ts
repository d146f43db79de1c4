/**
 * Purpose: the original segments, bit for bit, each compared on the way with the hash that was taken when it was closed.
 * Refuses: nothing silently: a file that is gone or has changed is no master; the caller states it as a gap. Links and
 *   whatever lies outside the footage root are not followed.
 */
import { closeSync, constants, fstatSync, openSync, readSync, realpathSync } from 'node:fs';
import { join, sep } from 'node:path';
import { sampleDescription } from '@hailong/device-drivers/media/fmp4.ts';
import { createMediaTap } from '@hailong/shared/evidence/media-tap.ts';
import { MASTERS } from '@hailong/shared/evidence/package-files.ts';
import { createSampleTimes, type FileTimes } from '@hailong/shared/evidence/sample-times.ts';
import type { WriterSegment } from '@hailong/shared/protocol/evidence-writer.ts';
import type { PackageFolder } from './package-folder.ts';

export interface CopiedMaster {
  readonly segment: WriterSegment;
  readonly path: string;
  /** Codec, size and parameter sets: only masters of one description can be joined. */
  readonly description: string;
  /** When its pictures come; null: that cannot be read. */
  readonly times: FileTimes | null;
}
export interface SpoiltSegment {
  readonly segment: WriterSegment;
  readonly reason: 'altered' | 'lost';
}

const PIECE = 1_048_576;

/** Null: gone, or no regular file under the root. */
function openUnder(root: string, file: string): number | null {
  try {
    const [realRoot, path] = [realpathSync(root), realpathSync(join(root, file))];
    if (!path.startsWith(realRoot + sep)) return null;
    const fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW);
    if (fstatSync(fd).isFile()) return fd;
    closeSync(fd);
    return null;
  } catch {
    return null;
  }
}

export function copyMaster(
  folder: PackageFolder,
  root: string,
  segment: WriterSegment,
  name: string,
): CopiedMaster | SpoiltSegment {
  const fd = openUnder(root, segment.file);
  if (fd === null) return { segment, reason: 'lost' };
  const path = `${MASTERS}${name}.mp4`;
  const buffer = Buffer.allocUnsafe(PIECE);
  let header: Buffer | null = null;
  try {
    const tap = createMediaTap(() => undefined);
    const times = createSampleTimes();
    const written = folder.write(path, (take) => {
      for (;;) {
        const count = readSync(fd, buffer, 0, PIECE, null);
        if (count === 0) return;
        const piece = buffer.subarray(0, count);
        header ??= sampleDescription(piece) ?? Buffer.alloc(0);
        tap.update(piece);
        times.update(piece);
        take(piece);
      }
    });
    if (written.sha256 === segment.sha256 && written.bytes === segment.bytes && tap.whole())
      return {
        ...{ segment, path, times: times.read() },
        description: (header ?? Buffer.alloc(0)).toString('base64'),
      };
    folder.forget(path);
    return { segment, reason: 'altered' };
  } finally {
    closeSync(fd);
  }
}
