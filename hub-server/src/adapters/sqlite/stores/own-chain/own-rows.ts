/**
 * Stating facts in the hub's own chain on the writer's connection, and what the hub keeps that follows from them: held
 * counters, votes by id, bound phones. The same follows when facts come back from the second medium.
 * Refuses: nothing; what it may not state throws and undoes the call. See hub-server/DESIGN.md, "The hub's own chain".
 */
import { readEvent, toHex } from '@hailong/shared/edge/event.ts';
import type { DeviceId, EpochId, Sha256Hex } from '@hailong/shared/ids.ts';
import type { BodyOf, EventBody } from '@hailong/shared/model/event.ts';
import { appendOwn } from '../../../../application/own-chain/append-own.ts';
import type { OwnPlace, OwnWriter, PrivateRoute } from '../../../../application/ports/own-chain.ts';
import { EMPTY_OWN, followOwn, type OwnCounter } from '../../../../domain/transactions/own-counter.ts';
import { type Db, one, run } from '../../op.ts';
import { inboxState, rules } from '../inbox/inbox-rows.ts';
import { getMeta } from '../meta.ts';

/** Answers the place of the last fact. */
export function stateOwn(db: Db, writer: OwnWriter, bodies: readonly EventBody[]): OwnPlace {
  const state = inboxState(db);
  const begun = state.epoch(writer.device, writer.epoch) !== null;
  const facts = begun ? bodies : [startOf(db, writer), ...bodies];
  const { head } = appendOwn(state, rules, { ...writer, bodies: facts });
  const first = head.seq - facts.length + 1;
  facts.forEach((body, i) => {
    followFact(db, body, { epoch: writer.epoch, seq: first + i }, writer.at);
  });
  return { epoch: head.epoch, seq: head.seq };
}

function startOf(db: Db, { device, epoch, build }: OwnWriter): BodyOf<'hub.started'> {
  const parent = one<{ epoch: string; seq: number; hash: Uint8Array }>(
    db,
    `SELECT epoch, head_seq AS seq, head_hash AS hash FROM device_epoch WHERE device = ? AND head_seq > 0
     ORDER BY id DESC LIMIT 1`,
    device,
  );
  return {
    ...{ type: 'hub.started', device: device as DeviceId, epoch: epoch as EpochId },
    parent: parent
      ? { epoch: parent.epoch as EpochId, seq: parent.seq, hash: toHex(parent.hash) as Sha256Hex }
      : null,
    ...{ build, lineage: getMeta(db, 'lineage') ?? '' },
  };
}

export function ownCounter(db: Db, counterId: string): OwnCounter {
  const row = one<{ state: string }>(db, 'SELECT state FROM own_counter WHERE counter_id = ?', counterId);
  return row ? (JSON.parse(row.state) as OwnCounter) : EMPTY_OWN;
}

function saveOwn(db: Db, counterId: string, { duty, serving }: OwnCounter): void {
  if (duty === null && serving === null) run(db, 'DELETE FROM own_counter WHERE counter_id = ?', counterId);
  else
    run(
      db,
      `INSERT INTO own_counter (counter_id, state) VALUES (?,?)
       ON CONFLICT (counter_id) DO UPDATE SET state = excluded.state`,
      ...[counterId, JSON.stringify({ duty, serving })],
    );
}

export const routeKey = (route: PrivateRoute): string =>
  route.via === 'slip' ? `slip:${route.slip}` : `ticket:${route.rating}`;

function followFact(db: Db, body: EventBody, place: OwnPlace, at: number): void {
  if (body.type === 'private.voted') {
    const key = routeKey(body.route);
    run(
      db,
      'INSERT OR IGNORE INTO private_vote (vote, route, epoch, seq) VALUES (?,?,?,?)',
      ...[body.vote, key, place.epoch, place.seq],
    );
    run(
      db,
      `INSERT INTO private_binding (route, phone, bound_at, voted_at) VALUES (?,?,?,?)
       ON CONFLICT (route) DO UPDATE SET voted_at = coalesce(voted_at, excluded.voted_at)`,
      ...[key, body.phone, at, at],
    );
    return;
  }
  const counterId = counterOf(db, body);
  if (counterId !== null) saveOwn(db, counterId, followOwn(ownCounter(db, counterId), body));
}

/** Facts that end something name no counter: it is where that stands. */
function counterOf(db: Db, body: EventBody): string | null {
  if (body.type === 'duty.started' || body.type === 'transaction.opened') return body.counter;
  const where =
    body.type === 'duty.ended' || body.type === 'duty.paused' || body.type === 'duty.resumed'
      ? (["json_extract(state, '$.duty.duty')", body.duty] as const)
      : body.type === 'transaction.finished'
        ? (["json_extract(state, '$.serving.transaction')", body.transaction] as const)
        : null;
  if (!where) return null;
  return (
    one<{ id: string }>(db, `SELECT counter_id AS id FROM own_counter WHERE ${where[0]} = ?`, where[1])?.id ??
    null
  );
}

/** Whether this epoch has stated duties or transactions: then counters stand as it says, not as older facts would have it. */
export const hasServed = (db: Db, device: string, epoch: string): boolean =>
  one(
    db,
    `SELECT 1 FROM device_epoch e JOIN event ON event.epoch_id = e.id WHERE e.device = ? AND e.epoch = ?
       AND type IN ('duty.started', 'duty.ended', 'transaction.opened', 'transaction.finished') LIMIT 1`,
    ...[device, epoch],
  ) !== undefined;

/** What follows from facts that came back; `votes`: they are older than what stands at the counters. */
export function followAgain(
  db: Db,
  epoch: string,
  firstSeq: number,
  events: readonly Uint8Array[],
  at: number,
  what: 'all' | 'votes',
): void {
  events.forEach((bytes, i) => {
    const read = readEvent(bytes);
    if (read.ok && (what === 'all' || read.event.body.type === 'private.voted'))
      followFact(db, read.event.body, { epoch, seq: firstSeq + i }, at);
  });
}
