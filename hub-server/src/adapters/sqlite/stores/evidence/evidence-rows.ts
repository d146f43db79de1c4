/** What of chain and log goes into a package: the transaction's events as exact bytes, and the acts about its case. */
import { readEvent, toHex } from '@hailong/shared/edge/event.ts';
import type { ChainStretch, PackageChain } from '@hailong/shared/evidence/proofs.ts';
import { toBase64Url } from '@hailong/shared/log/base64.ts';
import {
  type Disclosed,
  type DisclosedFor,
  discloseEvent,
  stretchesOf,
} from '../../../../domain/evidence/disclose-event.ts';
import { eventsOf, type TransactionState } from '../../../../domain/ratings/transaction-fold.ts';
import { type Db, many, one } from '../../op.ts';
import { loadTransaction } from '../inbox/transaction-rows.ts';
import { getMeta } from '../meta.ts';

/** Looked at behind the transaction's last event, or an anchor, for its device's next signature. */
const BEYOND = 50;
/** A turn is some dozen events; a clone's may be anything. */
const EVENTS_MAX = 5_000;

interface EventRow {
  readonly id: number;
  readonly seq: number;
  readonly hash: Uint8Array;
  readonly prev_hash: Uint8Array;
  readonly bytes: Uint8Array;
  readonly status: string;
}
interface HeadRow {
  readonly seq: number;
  readonly hash: Uint8Array;
  readonly checkpoint: string | null;
  readonly sig: string;
}
interface Epoch {
  readonly id: number;
  readonly device: string;
  readonly epoch: string;
  readonly own: number;
  readonly from: number;
  readonly to: number;
}

/** A chip that any version of the form marks for the province closes them all: none of the sets is handed over. */
function hasProvinceChips(db: Db, instrumentId: string | undefined): boolean {
  if (instrumentId === undefined) return false;
  return many<{ content: string }>(db, 'SELECT content FROM instrument WHERE id = ?', instrumentId).some(
    ({ content }) => content.includes('"to":"province"'),
  );
}

function aboutOf(db: Db, state: TransactionState): DisclosedFor {
  const instrumentId = state.prompt?.opened?.instrumentId;
  return {
    ...{ transactionId: state.id, ratingId: state.prompt?.ratingId ?? null },
    dutyId: state.service?.dutyId ?? null,
    hasProvinceChips: hasProvinceChips(db, instrumentId),
  };
}

/** Main lines that hold its events, and from where to where. */
function epochsOf(db: Db, events: ReadonlySet<number>): readonly Epoch[] {
  const found = new Map<number, Epoch>();
  for (const event of events) {
    const row = one<Omit<Epoch, 'from' | 'to'> & { seq: number }>(
      db,
      `SELECT e.id, e.device, e.epoch, e.own, v.seq FROM event v JOIN device_epoch e ON e.id = v.epoch_id
       WHERE v.id = ? AND v.branch = 0`,
      event,
    );
    if (!row) continue;
    const { seq, ...epoch } = row;
    const held = found.get(row.id);
    found.set(row.id, {
      ...epoch,
      from: Math.min(held?.from ?? seq, seq),
      to: Math.max(held?.to ?? seq, seq),
    });
  }
  return [...found.values()].sort((one, other) => one.id - other.id);
}

export function excerptOf(db: Db, transactionId: string): Omit<PackageChain, 'v'> {
  const state = loadTransaction(db, transactionId);
  if (!state) return { devices: [], stretches: [], withheld: [] };
  const about = aboutOf(db, state);
  const stretches: ChainStretch[] = [];
  const withheld: PackageChain['withheld'] = [];
  const devices = new Map<string, PackageChain['devices'][number]>();
  const counted = eventsOf(state);
  for (const epoch of epochsOf(db, counted)) {
    const anchor = anchorOf(db, epoch);
    for (const [from, to] of rangesOf(epoch, anchor)) {
      const heads = headsIn(db, epoch, from, to);
      const judged = eventsIn(db, epoch, from, to).map((row): Disclosed<EventRow> => {
        const event = row.status === 'stored' ? readEvent(row.bytes) : null;
        const body = event?.ok ? event.event.body : null;
        const how = discloseEvent(body, about, counted.has(row.id));
        if (how === 'withheld' && body)
          withheld.push({ device: epoch.device, epoch: epoch.epoch, seq: row.seq, type: body.type } as never);
        return { row, how, hasHead: heads.has(keyOf(row)), isAnchor: row.seq === anchor };
      });
      for (const run of stretchesOf(judged)) {
        const [first] = run;
        if (!first) continue;
        stretches.push({
          ...{ device: epoch.device, epoch: epoch.epoch },
          ...{ firstSeq: first.row.seq, prevHash: toHex(first.row.prev_hash) },
          events: run.map(({ row }) => toBase64Url(row.bytes)),
          heads: run.flatMap(({ row }) => headOf(heads.get(keyOf(row)))),
        } as ChainStretch);
        if (!devices.has(epoch.device)) devices.set(epoch.device, deviceOf(db, epoch));
      }
    }
  }
  return { devices: [...devices.values()], stretches, withheld };
}

const keyOf = ({ seq, hash }: Pick<EventRow, 'seq' | 'hash'>): string => `${seq} ${toHex(hash)}`;

function headsIn(db: Db, { id }: Epoch, from: number, to: number): ReadonlyMap<string, HeadRow> {
  const rows = many<HeadRow>(
    db,
    'SELECT seq, hash, checkpoint, sig FROM signed_head WHERE epoch_id = ? AND seq BETWEEN ? AND ?',
    ...[id, from, to],
  );
  return new Map(rows.map((head) => [keyOf(head), head]));
}

function eventsIn(db: Db, { id }: Epoch, from: number, to: number): EventRow[] {
  return many<EventRow>(
    db,
    `SELECT id, seq, hash, prev_hash, bytes, status FROM event WHERE epoch_id = ? AND branch = 0 AND seq BETWEEN ? AND ?
     ORDER BY seq LIMIT ${EVENTS_MAX}`,
    ...[id, from, to],
  );
}

/** Where its device met the hub's clock last before the turn, in the same run; else first after it. Null: it never did. */
function anchorOf(db: Db, { id, device, epoch, from, to }: Epoch): number | null {
  const near = (which: 'max' | 'min', beyond: string, seq: number): number | null =>
    one<{ seq: number | null }>(
      db,
      `SELECT ${which}(seq) AS seq FROM anchor WHERE device = ? AND boot = (SELECT boot FROM device_epoch WHERE id = ?)
       AND epoch = ? AND seq ${beyond} ?`,
      ...[device, id, epoch, seq],
    )?.seq ?? null;
  return near('max', '<', from) ?? near('min', '>', to);
}

/** What is looked at: the turn and what follows it, and the anchor to its next signature where that lies apart. */
function rangesOf({ from, to }: Epoch, anchor: number | null): (readonly [number, number])[] {
  const turn = [from, to + BEYOND] as const;
  if (anchor === null || (anchor >= from && anchor <= to + BEYOND)) return [turn];
  if (anchor < from && anchor + BEYOND >= from) return [[anchor, to + BEYOND]];
  return [[anchor, anchor + BEYOND], turn];
}

function headOf(row: HeadRow | undefined): ChainStretch['heads'] {
  if (!row) return [];
  const { seq, hash, sig } = row;
  const checkpoint = row.checkpoint === null ? null : JSON.parse(row.checkpoint);
  const seen = checkpoint && { origin: checkpoint.origin, size: checkpoint.size, root: checkpoint.root };
  return [{ seq, hash: toHex(hash), checkpoint: seen, sig }];
}

/** The certificate is made again of the enrolment's row by whoever holds the key: here stand its exact bytes, unsigned. */
function deviceOf(db: Db, { device, own }: Epoch): PackageChain['devices'][number] {
  if (own === 1) {
    const identity = JSON.parse(getMeta(db, 'identity') ?? '{}') as { hubKey?: string };
    return { device, publicKey: identity.hubKey ?? '', certificate: null } as never;
  }
  const row = one<{ publicKey: Uint8Array; counter: string; serial: number; at: number }>(
    db,
    `SELECT d.public_key AS publicKey, e.counter_id AS counter, e.serial, e.at FROM device d
     JOIN device_enrolment e ON e.device = d.id WHERE d.id = ? ORDER BY e.serial DESC LIMIT 1`,
    device,
  );
  const publicKey = row ? toBase64Url(row.publicKey) : '';
  const said = {
    v: 'hailong-enrol-v1',
    device,
    counter: row?.counter,
    serial: row?.serial,
    at: row?.at,
    publicKey,
  };
  const bytes = toBase64Url(new TextEncoder().encode(JSON.stringify(said)));
  return { device, publicKey, certificate: { bytes, sig: '' } } as never;
}

/** The first row that was written at that time or later: rows come in order of time but for a clock that was set back. */
export function firstSince(db: Db, at: number): number {
  let [low, high] = [1, one<{ seq: number | null }>(db, 'SELECT max(seq) AS seq FROM audit_log')?.seq ?? 0];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const row = one<{ at: number }>(db, 'SELECT at FROM audit_log WHERE seq = ?', middle);
    if ((row?.at ?? 0) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}
