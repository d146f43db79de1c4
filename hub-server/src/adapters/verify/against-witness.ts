/**
 * Purpose: a witness file against the data: its signature by the device's own key over every byte, then each epoch's
 *   hashes and the checkpoint, read line by line.
 * Refuses: other forms, another hub's witness, a file past its bounds.
 * Document: hub-server/DESIGN.md, "Verify"; shared/PROTOCOL.md, "Witness file".
 */
import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { type LogHead, openCheckpoint } from '@hailong/shared/log/checkpoint.ts';
import {
  signedWitness,
  type WitnessHead,
  witnessEnd,
  witnessEpoch,
  witnessHead,
} from '@hailong/shared/protocol/witness.ts';
import type { Progress } from '../../application/ports/progress.ts';
import type { Verdict } from '../../domain/verify/finding.ts';
import {
  checkWitnessEnd,
  checkWitnessEpoch,
  type HeldHashes,
  type WitnessTools,
} from '../../domain/verify/witness-check.ts';
import { deviceIdOf, verifySignature } from '../keys.ts';
import { sha256 } from '../sha256.ts';
import type { LogLine } from '../sqlite/verify-log.ts';
import { deviceOf, type Snapshot } from '../sqlite/verify-reader.ts';

const READ_BYTES = 1_048_576;
/** An epoch of a million events. */
const LINE_BYTES_MAX = 128 * 1_048_576;

/** Lines with their bytes, the newline included; the last one must have its newline too. */
function* linesOf(file: string): Iterable<Buffer> {
  const fd = openSync(file, 'r');
  try {
    const buffer = Buffer.allocUnsafe(READ_BYTES);
    let parts: Buffer[] = [];
    let length = 0;
    for (;;) {
      const count = readSync(fd, buffer, 0, READ_BYTES, null);
      if (count === 0) break;
      let from = 0;
      for (let at = buffer.indexOf(10); at >= 0 && at < count; at = buffer.indexOf(10, at + 1)) {
        parts.push(Buffer.from(buffer.subarray(from, at + 1)));
        yield Buffer.concat(parts);
        parts = [];
        length = 0;
        from = at + 1;
      }
      parts.push(Buffer.from(buffer.subarray(from, count)));
      length += count - from;
      if (length > LINE_BYTES_MAX) throw new Error('a line is too long');
    }
    if (length > 0) throw new Error('the last line has no end');
  } finally {
    closeSync(fd);
  }
}

interface SignedFile {
  readonly head: WitnessHead;
  readonly epochs: number;
}

/** First reading: form of head and end, and the signature over every byte before the end. */
function readSigned(file: string, verdict: Verdict): SignedFile | null {
  const whole = createHash('sha256');
  let head: WitnessHead | null = null;
  let waiting: Buffer | null = null;
  let lines = 0;
  for (const line of linesOf(file)) {
    if (waiting) whole.update(waiting);
    head ??= witnessHead.parse(JSON.parse(line.toString('utf8')));
    waiting = line;
    lines++;
  }
  if (!head || !waiting || lines < 2) throw new Error('incomplete');
  const end = witnessEnd.parse(JSON.parse(waiting.toString('utf8')));
  const sum = whole.digest('hex');
  const named = deviceIdOf(Buffer.from(head.publicKey, 'base64url')) === head.device;
  if (!named || end.sha256 !== sum || !verifySignature(head.publicKey, signedWitness(sum), end.sig)) {
    verdict.find('witness.signature', { file, device: head.device });
    return null;
  }
  return { head, epochs: lines - 2 };
}

function tools(snapshot: Snapshot, line: LogLine, progress: (events: number) => void): WitnessTools {
  return {
    progress,
    onLine: line.onLine,
    hashes(device, epoch, from) {
      const row = snapshot.get<{ id: number }>(
        'SELECT id FROM device_epoch WHERE device = ? AND epoch = ?',
        ...[device, epoch],
      );
      if (!row) return null;
      return snapshot.all<HeldHashes>(
        'SELECT seq, branch, hash FROM event WHERE epoch_id = ? AND seq >= ? ORDER BY seq, branch',
        ...[row.id, from],
      );
    },
    gaps: (device, epoch) => [
      ...snapshot.all<{ from: number; to: number }>(
        `SELECT from_seq AS "from", to_seq AS "to" FROM chain_gap g JOIN device_epoch e ON e.id = g.epoch_id
         WHERE e.device = ? AND e.epoch = ?`,
        ...[device, epoch],
      ),
    ],
    epochs: (device) =>
      snapshot.all<{ epoch: string; headSeq: number }>(
        'SELECT epoch, head_seq AS headSeq FROM device_epoch WHERE device = ? ORDER BY id',
        device,
      ),
  };
}

export function checkAgainstWitness(
  snapshot: Snapshot,
  file: string,
  hubKey: string,
  line: LogLine,
  verdict: Verdict,
  progress: Progress,
): void {
  let signed: SignedFile | null;
  try {
    signed = readSigned(file, verdict);
  } catch (error) {
    verdict.find('witness.form', { file }, String(error).slice(0, 200));
    return;
  }
  if (!signed) return;
  const { head } = signed;
  if (head.hubKey !== hubKey) {
    verdict.find('witness.other_hub', { file, device: head.device });
    return;
  }
  const certificate = head.certificate && Buffer.from(head.certificate.bytes, 'base64url');
  if (head.certificate && certificate && !verifySignature(hubKey, certificate, head.certificate.sig))
    verdict.find('witness.signature', { file, device: head.device }, 'certificate');
  if (deviceOf(snapshot, head.device) === null) verdict.find('witness.device', { file, device: head.device });
  progress.begin({ vi: 'So với tệp chứng kiến', en: 'Comparing with the witness' }, null, 'count');
  let done = 0;
  const asked = tools(snapshot, line, (events) => {
    done += events;
    progress.at(done);
  });
  const lasts = new Map<string, number>();
  let at = -1;
  for (const bytes of linesOf(file)) {
    at++;
    if (at === 0 || at > signed.epochs) continue;
    const epoch = witnessEpoch.parse(JSON.parse(bytes.toString('utf8')));
    lasts.set(epoch.epoch, epoch.first + epoch.hashes.length - 1);
    checkWitnessEpoch(head, epoch, asked, verdict);
  }
  checkWitnessEnd(head, lasts, checkpointOf(head, hubKey), asked, verdict);
  progress.end();
}

function checkpointOf(head: WitnessHead, hubKey: string): LogHead | null | 'bad' {
  const { checkpoint } = head;
  if (checkpoint === null) return null;
  const signed = openCheckpoint(checkpoint.text, hubKey, verifySignature, sha256);
  return signed && signed.size === checkpoint.size && signed.root === checkpoint.root ? signed : 'bad';
}
