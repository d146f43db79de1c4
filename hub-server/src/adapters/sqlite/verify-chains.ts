/**
 * Purpose: the chain checks over a snapshot, epoch by epoch: all of them with signatures for `verify`, hashes alone for
 *   what a backup says it holds.
 * Refuses: to stop at a damaged page: it is a finding, and the next epoch is looked at.
 * Document: hub-server/DESIGN.md, "Verify".
 */
import { signedHead } from '@hailong/shared/edge/batch.ts';
import { toHex } from '@hailong/shared/edge/event.ts';
import type { DeviceId, EpochId, Sha256Hex } from '@hailong/shared/ids.ts';
import type { LogHead } from '@hailong/shared/log/checkpoint.ts';
import type { BackupHead } from '@hailong/shared/protocol/backup.ts';
import type { Progress } from '../../application/ports/progress.ts';
import { type ChainTools, checkEpoch } from '../../domain/verify/chain-check.ts';
import { Verdict } from '../../domain/verify/finding.ts';
import type { HeldEpoch } from '../../domain/verify/held.ts';
import { deviceIdOf, publicKeyOf, verifyEd25519 } from '../keys.ts';
import { sha256 } from '../sha256.ts';
import { countersOf } from './stores/inbox/inbox-rows.ts';
import { guarded } from './verify-guard.ts';
import { deviceOf, epochsOf, eventsOf, gapsOf, type Snapshot, signedOf } from './verify-reader.ts';

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
        {
          ...{ events: eventsOf(snapshot, epoch.id), signed: [], gaps: gapsOf(snapshot, epoch.id) },
          ...{ own: false, counters: null },
        },
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

/** Keys of devices by name, one at a time: epochs come grouped by device. */
class DeviceKeys {
  readonly #snapshot: Snapshot;
  #device = '';
  #key: ReturnType<typeof publicKeyOf> | null = null;

  constructor(snapshot: Snapshot) {
    this.#snapshot = snapshot;
  }
  of(device: string): ReturnType<typeof publicKeyOf> | null {
    if (this.#device !== device) {
      const held = deviceOf(this.#snapshot, device);
      this.#device = device;
      this.#key = held && held.publicKey.byteLength === 32 ? publicKeyOf(held.publicKey) : null;
    }
    return this.#key;
  }
}

export interface ChainsRequest {
  readonly hubKey: string;
  readonly onLine: ChainTools['onLine'];
}

/** Every chain with its signatures, and rows that belong to none. Answers how many events there are. */
export function checkChains(
  snapshot: Snapshot,
  { hubKey, onLine }: ChainsRequest,
  verdict: Verdict,
  progress: Progress,
): number {
  const hubRaw = Buffer.from(hubKey, 'base64url');
  const hubDevice = deviceIdOf(hubRaw);
  const keys = new DeviceKeys(snapshot);
  const total = snapshot.get<{ n: number }>('SELECT count(*) AS n FROM event')?.n ?? 0;
  progress.begin({ vi: 'Kiểm tra chuỗi sự kiện', en: 'Checking the chains' }, total, 'count');
  let done = 0;
  const tools: ChainTools = {
    sha256,
    onLine,
    signedBy(epoch, { seq, hash, sig }, checkpoint) {
      const key = epoch.device === hubDevice ? publicKeyOf(hubRaw) : keys.of(epoch.device);
      return key !== null && verifyEd25519(key, headBytes(epoch, seq, hash, checkpoint), sig);
    },
    progress(events) {
      done += events;
      progress.at(done);
    },
  };
  for (const epoch of listEpochs(snapshot, verdict)) {
    const place = { device: epoch.device, epoch: epoch.epoch };
    const own = epoch.device === hubDevice;
    if (!own && deviceOf(snapshot, epoch.device) === null) verdict.find('device.missing', place);
    guarded(verdict, place, () => {
      const parts = {
        ...{ events: eventsOf(snapshot, epoch.id), signed: signedOf(snapshot, epoch.id), own },
        ...{ gaps: gapsOf(snapshot, epoch.id), counters: own ? null : countersOf(snapshot.db, epoch.device) },
      };
      checkEpoch(epoch, parts, tools, verdict);
    });
  }
  for (const table of ['event', 'signed_head'])
    guarded(verdict, { table }, () => {
      const row = snapshot.get<{ epoch: number; seq: number }>(
        `SELECT epoch_id AS epoch, seq FROM ${table} WHERE epoch_id NOT IN (SELECT id FROM device_epoch) LIMIT 1`,
      );
      if (row) verdict.find('event.orphan', { table, key: `${row.epoch}`, seq: row.seq });
    });
  progress.end();
  return total;
}

function headBytes(
  { device, epoch }: HeldEpoch,
  seq: number,
  hash: Uint8Array,
  checkpoint: LogHead | null,
): Uint8Array {
  return signedHead({
    ...{ batch: 1, firstSeq: 1, prevHash: '' as Sha256Hex, checkpoint },
    ...{ device: device as DeviceId, epoch: epoch as EpochId, head: { seq, hash: toHex(hash) } },
  });
}
