/**
 * The edge inbox. The first statement of a batch reads fence and head of the epoch under the writer's lock; only what
 * extends that head enters the chain; everything else is kept aside with its bytes. Answers are what COMMIT made true.
 * Refuses: a connection older than the newest hello, hashes that do not hold together. See hub-server/DESIGN.md, "Inbox".
 */
import { hash as oneShot } from 'node:crypto';
import { type BatchHeader, readBatch } from '@hailong/shared/edge/batch.ts';
import { type Event, fromHex, genesisHash, toHex } from '@hailong/shared/edge/event.ts';
import type { DeviceId, EpochId } from '@hailong/shared/ids.ts';
import type { BodyOf } from '@hailong/shared/model/event.ts';
import type {
  BatchException,
  BatchInput,
  BatchResult,
  InboxPort,
  KeyedDevice,
  QuarantinedEvent,
} from '../../../application/ports/inbox.ts';
import { effectiveAt } from '../../../domain/ratings/effective-at.ts';
import { type EpochHead, judgeChain } from '../../../domain/transactions/chain-judge.ts';
import { resolutionOf } from '../../../domain/transactions/intent-resolution.ts';
import { judgeEvent } from '../../../domain/transactions/judge-event.ts';
import { type Db, isStorageError, many, one, read, run, type Store, sql, write } from '../op.ts';
import { appendAudit } from './audit.ts';
import { applyResolution } from './intent-rows.ts';
import { getMeta } from './meta.ts';
import { CarefulProjection, Projection } from './projection.ts';

/** One-shot hashing of prev ‖ bytes: the hot path (createHash costs three times as much). */
export function sha256(...parts: readonly Uint8Array[]): Uint8Array {
  return oneShot('sha256', parts.length === 1 ? parts[0]! : Buffer.concat(parts), 'buffer');
}

interface Place {
  readonly fence: number;
  readonly revoked_at: number | null;
  readonly epoch_id: number | null;
  readonly head_seq: number | null;
  readonly head_hash: Uint8Array | null;
}

interface Insert {
  readonly epochId: number;
  readonly seq: number;
  readonly branch: number;
  readonly hash: Uint8Array;
  readonly prev: Uint8Array;
  readonly bytes: Uint8Array;
  readonly event: Event | null;
  readonly status: 'stored' | 'forked' | 'quarantined';
  readonly code: string | null;
  readonly detail: string | null;
  readonly receivedAt: number;
}

function insertEvent(db: Db, row: Insert): number {
  const done = sql(
    db,
    `INSERT INTO event (epoch_id, seq, branch, hash, prev_hash, bytes, type, at, status, code, detail, received_at)
     VALUES (?,?,?,?,?,?,?,?,?,?,?,?)`,
  ).run(
    ...[row.epochId, row.seq, row.branch, row.hash, row.prev, row.bytes, row.event?.body.type ?? null],
    ...[row.event?.at ?? null, row.status, row.code, row.detail, row.receivedAt],
  );
  return Number(done.lastInsertRowid);
}

/** The parent a new epoch names must be the last the hub holds of this device; less is loss or a clone. */
function rewound(db: Db, device: string, body: BodyOf<'agent.started'>): boolean {
  if (body.parent === null)
    return (
      one(db, 'SELECT 1 FROM device_epoch WHERE device = ? AND epoch <> ? LIMIT 1', device, body.epoch) !==
      undefined
    );
  const held = one<{ head_seq: number }>(
    db,
    'SELECT head_seq FROM device_epoch WHERE device = ? AND epoch = ?',
    ...[device, body.parent.epoch],
  );
  if (held !== undefined && held.head_seq > body.parent.seq) return true;
  // One machine goes on from an event once: a second start from the same one is a copy of its disk, or its return.
  return (
    one(
      db,
      `SELECT 1 FROM device_epoch other JOIN event ON event.epoch_id = other.id AND event.seq = 1 AND branch = 0
       WHERE other.device = ? AND other.epoch <> ? AND event.type = 'agent.started'
         AND json_extract(CAST(event.bytes AS TEXT), '$.body.parent.epoch') = ?
         AND json_extract(CAST(event.bytes AS TEXT), '$.body.parent.seq') = ? LIMIT 1`,
      ...[device, body.epoch, body.parent.epoch, body.parent.seq],
    ) !== undefined
  );
}

function raise(db: Db, device: string, alarm: 'rewound' | 'forked', detail: unknown, at: number): void {
  run(db, 'UPDATE device SET alarm = ? WHERE id = ?', alarm, device);
  appendAudit(db, {
    ...{ at, actor: 'hub', action: `device.${alarm}`, object: `device:${device}`, reason: null },
    body: detail,
  });
}

function recordBatch(db: Db, input: BatchInput): BatchResult {
  const batch = readBatch(input.frame);
  if (!batch.ok) return { kind: 'damaged', detail: batch.detail };
  const { header, events } = batch;
  const place = one<Place>(
    db,
    `SELECT d.fence, d.revoked_at, e.id AS epoch_id, e.head_seq, e.head_hash
     FROM device d LEFT JOIN device_epoch e ON e.device = d.id AND e.epoch = ? WHERE d.id = ?`,
    ...[header.epoch, input.device],
  );
  if (!place) return { kind: 'refused', code: 'device.unknown' };
  if (place.revoked_at !== null) return { kind: 'refused', code: 'device.revoked' };
  if (place.fence !== input.fence) return { kind: 'fenced' };

  const hashes: Uint8Array[] = [];
  let prev: Uint8Array = fromHex(header.prevHash);
  for (const bytes of events) {
    prev = sha256(prev, bytes);
    hashes.push(prev);
  }
  if (toHex(prev) !== header.head.hash)
    return { kind: 'damaged', detail: 'hashes do not lead to the signed head' };
  db.exec('SAVEPOINT batch');
  try {
    return take(db, input, header, events, hashes, place, new Projection(db));
  } catch (error) {
    if (isStorageError(error)) throw error;
    // An event that no projection can take must not stop the line: again, one by one, and it goes aside alone.
    db.exec('ROLLBACK TO batch');
    return take(db, input, header, events, hashes, place, new CarefulProjection(db));
  } finally {
    if (db.inTransaction) db.exec('RELEASE batch');
  }
}

function take(
  db: Db,
  input: BatchInput,
  header: BatchHeader,
  events: readonly Uint8Array[],
  hashes: readonly Uint8Array[],
  place: Place,
  projection: Projection,
): BatchResult {
  const { device, epoch, firstSeq } = header;
  const head: EpochHead = {
    seq: place.head_seq ?? 0,
    hash: place.head_hash ?? genesisHash(sha256, device, epoch),
  };
  const judged = judgeChain(head, { firstSeq, prevHash: fromHex(header.prevHash), hashes }, (seq) =>
    place.epoch_id === null
      ? null
      : (one<{ hash: Uint8Array }>(
          db,
          'SELECT hash FROM event WHERE epoch_id = ? AND seq = ? AND branch = 0',
          ...[place.epoch_id, seq],
        )?.hash ?? null),
  );
  // Behind the hub's head, but on a branch that is kept: the branch goes on, and is kept too.
  const verdict =
    judged.kind === 'hole' && followsBranch(db, place.epoch_id, firstSeq, fromHex(header.prevHash))
      ? ({ kind: 'forks', duplicates: 0 } as const)
      : judged;
  const answer = (at: EpochHead, rest: Partial<Extract<BatchResult, { kind: 'recorded' }>>): BatchResult => ({
    ...{ kind: 'recorded', batch: header.batch, exceptions: [], stored: 0, duplicates: 0 },
    ...{ hints: [], counters: [], alarm: null, head: { epoch, seq: at.seq, hash: toHex(at.hash) } },
    ...rest,
  });
  if (verdict.kind === 'hole') return answer(head, {});
  if (verdict.duplicates === events.length) return answer(head, { duplicates: events.length });

  const epochId = place.epoch_id ?? newEpoch(db, device, epoch, head);
  run(
    db,
    'INSERT OR IGNORE INTO signed_head (epoch_id, seq, hash, checkpoint, sig) VALUES (?,?,?,?,?)',
    ...[epochId, header.head.seq, fromHex(header.head.hash)],
    ...[header.checkpoint ? JSON.stringify(header.checkpoint) : null, header.sig],
  );
  const from = verdict.duplicates;
  const prevOf = (i: number): Uint8Array => (i === 0 ? fromHex(header.prevHash) : hashes[i - 1]!);

  if (verdict.kind === 'forks') {
    const exceptions: BatchException[] = [];
    let kept = 0;
    for (let i = from; i < events.length; i++) {
      const seq = firstSeq + i;
      kept += keepFork(db, epochId, seq, hashes[i]!, prevOf(i), events[i]!, input.receivedAt);
      exceptions.push({ seq, verdict: 'forked', code: 'event.chain_broken' });
    }
    if (kept > 0)
      raise(db, device, 'forked', { epoch, from: firstSeq + from, events: kept }, input.receivedAt);
    return answer(head, { exceptions, stored: kept, duplicates: events.length - kept, alarm: 'forked' });
  }

  const exceptions: BatchException[] = [];
  const counters = new Set<string>();
  let alarm: 'rewound' | null = null;
  let cursor = 0;
  for (let i = from; i < events.length; i++) {
    const seq = firstSeq + i;
    const judged = judgeEvent(events[i]!, { device, epoch, seq });
    const event = judged.status === 'stored' ? judged.event : null;
    const code = judged.status === 'quarantined' ? judged.code : null;
    cursor = insertEvent(db, {
      ...{ epochId, seq, branch: 0, hash: hashes[i]!, prev: prevOf(i), bytes: events[i]!, event, code },
      ...{ status: judged.status, detail: judged.status === 'quarantined' ? judged.detail : null },
      receivedAt: input.receivedAt,
    });
    if (code) exceptions.push({ seq, verdict: 'quarantined', code });
    if (!event) continue;
    const { body } = event;
    if (body.type === 'agent.started' && rewound(db, device, body)) {
      alarm = 'rewound';
      raise(db, device, 'rewound', { epoch, parent: body.parent }, input.receivedAt);
    }
    const said = resolutionOf(body);
    if (said) for (const counter of applyResolution(db, said, input.receivedAt)) counters.add(counter);
    const refused = projection.project(body, { id: cursor, at: effectiveAt(event), epoch, seq }, device);
    if (refused) exceptions.push({ seq, verdict: 'quarantined', code: refused });
  }
  const flushed = projection.flush(cursor);
  for (const counter of flushed.counters) counters.add(counter);
  const last = events.length - 1;
  run(
    db,
    'UPDATE device_epoch SET head_seq = ?, head_hash = ? WHERE id = ?',
    firstSeq + last,
    hashes[last]!,
    epochId,
  );
  return answer(
    { seq: firstSeq + last, hash: hashes[last]! },
    {
      exceptions,
      stored: events.length - from,
      duplicates: from,
      hints: flushed.hints,
      counters: [...counters],
      alarm,
    },
  );
}

function followsBranch(db: Db, epochId: number | null, firstSeq: number, prevHash: Uint8Array): boolean {
  return (
    epochId !== null &&
    one(
      db,
      'SELECT 1 FROM event WHERE epoch_id = ? AND seq = ? AND branch > 0 AND hash = ?',
      ...[epochId, firstSeq - 1, prevHash],
    ) !== undefined
  );
}

function newEpoch(db: Db, device: string, epoch: string, head: EpochHead): number {
  const done = sql(db, 'INSERT INTO device_epoch (device, epoch, head_seq, head_hash) VALUES (?,?,?,?)').run(
    ...[device, epoch, head.seq, head.hash],
  );
  return Number(done.lastInsertRowid);
}

/** Other bytes under a number of the chain: kept on a branch of their own, once. Answers how many were new. */
function keepFork(
  db: Db,
  epochId: number,
  seq: number,
  hash: Uint8Array,
  prev: Uint8Array,
  bytes: Uint8Array,
  receivedAt: number,
): number {
  const held = many<{ branch: number; hash: Buffer }>(
    db,
    'SELECT branch, hash FROM event WHERE epoch_id = ? AND seq = ? AND branch > 0 ORDER BY branch',
    ...[epochId, seq],
  );
  if (held.some((row) => row.hash.equals(hash))) return 0;
  const branch = (held.at(-1)?.branch ?? 0) + 1;
  insertEvent(db, {
    ...{ epochId, seq, branch, hash, prev, bytes, event: null, status: 'forked' },
    ...{ code: 'event.chain_broken', detail: null, receivedAt },
  });
  return 1;
}

function rebuild(db: Db): number {
  for (const table of [
    'duty',
    'service_transaction',
    'transaction_dossier',
    'rating_prompt',
    'vote',
    'stray_press',
  ])
    db.exec(`DELETE FROM ${table}`);
  db.exec('DELETE FROM effective_rating; DELETE FROM rollup;');
  let last = 0;
  let count = 0;
  for (;;) {
    const rows = many<{ id: number; seq: number; bytes: Uint8Array; device: string; epoch: string }>(
      db,
      `SELECT event.id, event.seq, event.bytes, device_epoch.device, device_epoch.epoch
       FROM event JOIN device_epoch ON device_epoch.id = event.epoch_id
       WHERE event.id > ? AND event.status = 'stored' ORDER BY event.id LIMIT 5000`,
      last,
    );
    if (rows.length === 0) return count;
    const projection = new Projection(db);
    for (const row of rows) {
      const judged = judgeEvent(row.bytes, row);
      if (judged.status === 'stored')
        projection.project(
          judged.event.body,
          { id: row.id, at: effectiveAt(judged.event), epoch: row.epoch, seq: row.seq },
          row.device,
        );
      last = row.id;
      count++;
    }
    projection.flush(last);
  }
}

export const inboxStore: Store<InboxPort> = {
  deviceKey: read((db, device) => {
    const row = one<{ counter_id: string; public_key: Uint8Array; revoked_at: number | null }>(
      db,
      'SELECT counter_id, public_key, revoked_at FROM device WHERE id = ?',
      device,
    );
    return row
      ? ({
          counterId: row.counter_id,
          publicKey: row.public_key,
          revoked: row.revoked_at !== null,
        } satisfies KeyedDevice)
      : null;
  }),
  hello: write((db, { device, epochs, checkpoint, at }) => {
    const row = one<{ fence: number; counter_id: string }>(
      db,
      `UPDATE device SET fence = fence + 1, last_seen_at = ?, checkpoint = coalesce(?, checkpoint)
       WHERE id = ? AND revoked_at IS NULL RETURNING fence, counter_id`,
      ...[at, checkpoint, device],
    );
    if (!row) return null;
    return {
      fence: row.fence,
      counterId: row.counter_id,
      lineage: getMeta(db, 'lineage') ?? '',
      have: epochs.map((epoch) => {
        const head = one<{ head_seq: number; head_hash: Uint8Array }>(
          db,
          'SELECT head_seq, head_hash FROM device_epoch WHERE device = ? AND epoch = ?',
          ...[device, epoch],
        );
        const hash = head?.head_hash ?? genesisHash(sha256, device as DeviceId, epoch as EpochId);
        return { epoch, seq: head?.head_seq ?? 0, hash: toHex(hash) };
      }),
    };
  }),
  recordBatch: write(recordBatch),
  aside: read((db, { limit }) =>
    many<QuarantinedEvent>(
      db,
      `SELECT event.id, device, epoch, event.seq, status, code, detail, received_at AS receivedAt
       FROM event JOIN device_epoch ON device_epoch.id = event.epoch_id
       WHERE status <> 'stored' ORDER BY event.id DESC LIMIT ?`,
      limit,
    ),
  ),
  asideCount: read(
    (db) => one<{ n: number }>(db, "SELECT count(*) AS n FROM event WHERE status <> 'stored'")?.n ?? 0,
  ),
  rebuild: write((db) => rebuild(db)),
};
