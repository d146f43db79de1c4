/**
 * Purpose: the chain checks over a snapshot, epoch by epoch: all of them with signatures for `verify`, hashes alone for
 *   what a backup says it holds.
 * Refuses: to stop at a damaged page: it is a finding, and the next epoch is looked at.
 * Document: hub-server/DESIGN.md, "Verify".
 */
import { hash as oneShot } from 'node:crypto';
import { toHex } from '@hailong/shared/edge/event.ts';
import type { EpochId, Sha256Hex } from '@hailong/shared/ids.ts';
import type { BackupHead } from '@hailong/shared/protocol/backup.ts';
import type { Progress } from '../../application/ports/progress.ts';
import { type ChainTools, checkEpoch } from '../../domain/verify/chain-check.ts';
import { Verdict } from '../../domain/verify/finding.ts';
import type { HeldEpoch } from '../../domain/verify/held.ts';
import { epochsOf, eventsOf, type Snapshot } from './verify-reader.ts';

/** One-shot hashing of the parts: createHash costs three times as much. */
export const sha256 = (...parts: readonly Uint8Array[]): Uint8Array =>
  oneShot('sha256', parts.length === 1 ? parts[0]! : Buffer.concat(parts), 'buffer');

/** Runs one check; whatever it stumbles over is a finding at that place. */
export function guarded(verdict: Verdict, place: Parameters<Verdict['find']>[1], check: () => void): void {
  try {
    check();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    verdict.find(
      code.startsWith('SQLITE_') ? 'database.damaged' : 'row.unreadable',
      place,
      error instanceof Error ? error.message.slice(0, 200) : String(error),
    );
  }
}

/** All epochs before any is walked: ids and heads only, so that a million of them are some tens of megabytes. */
export function listEpochs(snapshot: Snapshot, verdict: Verdict): HeldEpoch[] {
  const epochs: HeldEpoch[] = [];
  guarded(verdict, { table: 'device_epoch' }, () => {
    for (const epoch of epochsOf(snapshot)) epochs.push(epoch);
  });
  return epochs;
}

/** Heads of the epochs whose every event hashes up to them. Signatures are for `verify`. */
export function* goodHeads(snapshot: Snapshot, verdict: Verdict, progress: Progress): Iterable<BackupHead> {
  const total = snapshot.get<{ n: number }>('SELECT count(*) AS n FROM event')?.n ?? 0;
  progress.begin(
    { vi: 'Kiểm tra chuỗi trong bản sao', en: 'Checking the chains of the copy' },
    total,
    'count',
  );
  let done = 0;
  const tools: ChainTools = {
    ...{ sha256, signedBy: () => true, onLine: () => true },
    progress(events) {
      done += events;
      progress.at(done);
    },
  };
  for (const epoch of listEpochs(snapshot, verdict)) {
    const own = new Verdict();
    guarded(own, { device: epoch.device, epoch: epoch.epoch }, () =>
      checkEpoch(
        epoch,
        { events: eventsOf(snapshot, epoch.id), signed: [], gaps: [], own: false },
        tools,
        own,
      ),
    );
    for (const { code, place, detail } of own.findings) verdict.find(code, place, detail);
    if (own.found === 0 && epoch.headSeq > 0)
      yield {
        device: epoch.device as Sha256Hex,
        epoch: epoch.epoch as EpochId,
        seq: epoch.headSeq,
        hash: toHex(epoch.headHash),
      };
  }
  progress.end();
}
