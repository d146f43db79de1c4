/**
 * Purpose: the copies for watching: whole masters joined, never encoded again, and the two proofs of it: the pictures are
 *   bit for bit those of the masters, and ffmpeg's stream hash of both is the same.
 * Refuses: a copy whose pictures or stream hash differ (`evidence.not_joined`).
 * Document: hub-server/DESIGN.md, "Evidence package".
 */
import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { FfmpegPlace } from '@hailong/device-drivers/media/find-ffmpeg.ts';
import {
  joinSegments,
  streamHashCommand,
  streamHashOf,
} from '@hailong/device-drivers/media/join-segments.ts';
import { CodedError } from '@hailong/shared/errors.ts';
import { playFromOf } from '@hailong/shared/evidence/check-media.ts';
import { createCopyTable, MasterPictures } from '@hailong/shared/evidence/copy-table.ts';
import type { TimelineSegment, WorkingCopy } from '@hailong/shared/evidence/manifest.ts';
import { createMediaTap } from '@hailong/shared/evidence/media-tap.ts';
import { WORKING } from '@hailong/shared/evidence/package-files.ts';
import { createSampleTimes } from '@hailong/shared/evidence/sample-times.ts';
import type { Sha256Hex } from '@hailong/shared/ids.ts';
import type { CopiedMaster } from './copy-masters.ts';
import type { PackageFolder } from './package-folder.ts';

const PIECE = 1_048_576;

function readPieces(file: string, piece: (bytes: Uint8Array) => void): void {
  const buffer = Buffer.allocUnsafe(PIECE);
  const fd = openSync(file, 'r');
  try {
    for (;;) {
      const count = readSync(fd, buffer, 0, PIECE, null);
      if (count === 0) return;
      piece(buffer.subarray(0, count));
    }
  } finally {
    closeSync(fd);
  }
}

/** Masters that follow one another under one description; a camera that was set otherwise begins another copy. */
export function groupsOf(masters: readonly CopiedMaster[]): readonly (readonly CopiedMaster[])[] {
  const groups: CopiedMaster[][] = [];
  for (const each of masters) {
    const last = groups.at(-1);
    if (last && last[0]?.description === each.description) last.push(each);
    else groups.push([each]);
  }
  return groups;
}

/** Where each master stands in its copy. */
export function placeIn(path: string, masters: readonly CopiedMaster[]): readonly TimelineSegment[] {
  let at = 0;
  return masters.map((master) => {
    const { file: _file, codec: _codec, ...facts } = master.segment;
    const placed = { ...facts, path: master.path, working: path, workingFromMs: at };
    at += facts.mediaEndMs - facts.mediaStartMs;
    return placed;
  });
}

export interface WrittenCopy {
  readonly copy: WorkingCopy;
  readonly segments: readonly TimelineSegment[];
  /** Its header plays the masters' pictures one by one, as the verifiers read it. */
  readonly isPlain: boolean;
}

export async function writeCopy(
  folder: PackageFolder,
  place: FfmpegPlace,
  name: string,
  masters: readonly CopiedMaster[],
  askedMoment: number,
): Promise<WrittenCopy> {
  const path = `${WORKING}${name}.mp4`;
  const codec = masters[0]?.segment.codec ?? 'other';
  const files = masters.map((each) => folder.at(each.path));
  const list = join(folder.part, 'list.ffconcat');
  const joining = joinSegments(place, { files, output: folder.at(path), codec, list });
  // Both cores: the masters' pictures are hashed while ffmpeg joins them.
  const masterPictures = createHash('sha256');
  const tap = createMediaTap((bytes) => masterPictures.update(bytes));
  const played = new MasterPictures();
  for (const file of files) {
    played.begin();
    const times = createSampleTimes(played.heard);
    readPieces(file, (bytes) => {
      tap.update(bytes);
      times.update(bytes);
    });
  }
  const pictures = masterPictures.digest('hex') as Sha256Hex;
  const ofMasters = await joining;
  rmSync(list);

  const hashing = streamHashOf(place, folder.at(path), codec);
  const [whole, copied] = [createHash('sha256'), createHash('sha256')];
  const table = createCopyTable();
  const copyTap = createMediaTap((bytes) => copied.update(bytes));
  let [bytes, crc] = [0, 0];
  readPieces(folder.at(path), (piece) => {
    whole.update(piece);
    copyTap.update(piece);
    table.update(piece);
    crc = crc32(piece, crc);
    bytes += piece.length;
  });
  folder.noteRead({ path, bytes, sha256: whole.digest('hex') as Sha256Hex, crc32: crc });
  const ofCopy = await hashing;
  if (ofCopy !== ofMasters || copied.digest('hex') !== pictures)
    throw new CodedError('evidence.not_joined', path);

  const segments = placeIn(path, masters);
  const last = segments.at(-1);
  return {
    segments,
    isPlain: played.isPlayedBy(table.read()),
    copy: {
      ...{ path, codec, pictures, masters: masters.map((each) => each.path) },
      durationMs: last === undefined ? 0 : last.workingFromMs + last.mediaEndMs - last.mediaStartMs,
      playFrom: playFromOf(segments, askedMoment),
      streamHash: {
        command: streamHashCommand(codec),
        masters: ofMasters as Sha256Hex,
        working: ofCopy as Sha256Hex,
      },
    },
  };
}
