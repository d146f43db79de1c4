/** The hub's own chain on SQLite: each operation states its facts and what follows from them, in one transaction. */
import type { EventBody } from '@hailong/shared/model/event.ts';
import { standingOfDevice } from '../../../../application/inbox/judge-standing.ts';
import { recordLine } from '../../../../application/inbox/record-batch.ts';
import type { OwnChainPort, OwnEvent } from '../../../../application/ports/own-chain.ts';
import { mustBeTwo } from '../../../../domain/access/two-people.ts';
import { many, one, read, run, type Store, write } from '../../op.ts';
import { inboxState, rules } from '../inbox/inbox-rows.ts';
import { admitPhone, answersFit, chipsFit, opened, receiptOf, standsAt } from '../inbox/private-rows.ts';
import { appendAudit } from '../log/audit.ts';
import { holdOf, takeCounter } from './own-counters.ts';
import { followAgain, hasServed, stateOwn } from './own-rows.ts';

export const ownChainStore: Store<OwnChainPort> = {
  begin: write((db, writer) => stateOwn(db, writer, [])),
  after: read((db, { device, heads, limit }) => {
    const known = new Map(heads.map(({ epoch, seq }) => [epoch, seq]));
    const events: OwnEvent[] = [];
    for (const each of many<{ id: number; epoch: string; head: number }>(
      db,
      'SELECT id, epoch, head_seq AS head FROM device_epoch WHERE device = ? ORDER BY id',
      device,
    )) {
      const from = known.get(each.epoch) ?? 0;
      if (from >= each.head) continue;
      const found = many<{ seq: number; prev: Uint8Array; bytes: Uint8Array }>(
        db,
        `SELECT seq, prev_hash AS prev, bytes FROM event WHERE epoch_id = ? AND branch = 0 AND seq > ?
         ORDER BY seq LIMIT ?`,
        ...[each.id, from, limit - events.length],
      );
      for (const event of found) events.push({ epoch: each.epoch, ...event });
      if (events.length >= limit) break;
    }
    return events;
  }),
  takeBack: write((db, { device, epoch, firstSeq, prev, events, at, since }) => {
    const line = { device, epoch, firstSeq, prevHash: prev, events, receivedAt: at, own: true };
    // What damage took from the medium is listed as a gap; the rest behind it comes back all the same.
    const { stored, head, filled } = recordLine(inboxState(db), rules, line, true);
    const what = since !== null && hasServed(db, device, since) ? 'votes' : 'all';
    for (const { seq, bytes } of filled) followAgain(db, epoch, seq, [bytes], at, what);
    const [last, added] = [firstSeq + events.length - 1, stored - filled.length];
    if (added > 0 && head.seq === last) {
      followAgain(db, epoch, last - added + 1, events.slice(events.length - added), at, what);
      // What is nowhere, as far as is known now, begins behind what came back.
      run(db, 'UPDATE own_gap SET from_seq = ? WHERE epoch = ? AND from_seq <= ?', last + 1, epoch, last);
    }
    return stored;
  }),
  holdOf: read(holdOf),
  handOver: write((db, { fresh, counterId, reason, by }) =>
    holdOf(db, counterId) !== null ? null : takeCounter(db, fresh, { counterId, reason, by }),
  ),
  decide: write((db, { writer, device, epoch, counted, reason, by }) => {
    mustBeTwo(by);
    const held = one(db, 'SELECT 1 FROM device_epoch WHERE device = ? AND epoch = ?', device, epoch);
    if (!held || device === writer.device) return null;
    const fact = { type: 'chain.decided', device, epoch, counted, reason, by: [...by] } as EventBody;
    stateOwn(db, writer, [fact]);
    appendAudit(db, {
      ...{ at: writer.at, actor: by.join(', '), action: 'chain.decided', object: `device:${device}`, reason },
      body: { epoch, counted },
    });
    return { standing: standingOfDevice(inboxState(db), device) };
  }),

  openPrivate: write(opened),
  votePrivate: write((db, { writer, vote, answers, chips, ...ask }) => {
    const admitted = admitPhone(db, ask);
    if (!admitted.ok) return admitted;
    const { route } = ask;
    const held = standsAt(db, route, vote);
    if (held) return { ok: true, place: held };
    const { phone, inTime, rating } = admitted;
    if (!answersFit(db, rating, ask.said, answers)) return { ok: false, code: 'request.invalid' };
    if (!chipsFit(db, rating, { said: ask.said, answers, chips }))
      return { ok: false, code: 'private.chips_unknown' };
    const fact = {
      ...{ type: 'private.voted', vote, answers: [...answers], route, phone, inTime },
      ...(chips ? { chips: [...chips] } : {}),
    } as EventBody;
    return { ok: true, place: stateOwn(db, writer, [fact]) };
  }),
  receiptPrivate: read(receiptOf),

  slips: write((db, device) => {
    // Those that a rating carries by now, or that an earlier start may have put on a paper; what is free is few, so all
    // are looked at.
    run(
      db,
      `UPDATE slip_code SET bound = 1 WHERE device = ? AND bound = 0
         AND (start IS NOT (SELECT newest_epoch FROM device WHERE id = slip_code.device)
           OR EXISTS (SELECT 1 FROM slip_claim WHERE slip_claim.slip = slip_code.slip))`,
      device,
    );
    return {
      free: many<{ number: number }>(
        db,
        'SELECT number FROM slip_code WHERE device = ? AND bound = 0 ORDER BY number',
        device,
      ).map((row) => row.number),
      next:
        (one<{ last: number | null }>(
          db,
          'SELECT max(number) AS last FROM slip_code WHERE device = ?',
          device,
        )?.last ?? 0) + 1,
    };
  }),
  issueSlips: write((db, { device, codes, at }) => {
    for (const { number, slip } of codes)
      run(
        db,
        `INSERT OR IGNORE INTO slip_code (slip, device, issued_at, number, start)
         VALUES (?,?,?,?, (SELECT newest_epoch FROM device WHERE id = ?))`,
        ...[slip, device, at, number, device],
      );
    return null;
  }),
};
