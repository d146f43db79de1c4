/**
 * The witnessed log on SQLite. Whatever is proven is read from stored nodes; what a witness showed is compared with the
 * root at its own size. Refuses: nothing a witness says; it is answered and, where it does not fit, kept as an alarm.
 * See hub-server/DESIGN.md, "Audit log and witnesses".
 */
import { fromHex, toHex } from '@hailong/shared/edge/event.ts';
import type { LogHead } from '@hailong/shared/log/checkpoint.ts';
import { consistencyProof, inclusionProof, rootAt } from '@hailong/shared/log/merkle.ts';
import type { SignedStatement } from '@hailong/shared/protocol/edge.ts';
import type { LogPort, WitnessAlarm, WitnessAnswer } from '../../../../application/ports/log.ts';
import { sha256 } from '../../../sha256.ts';
import { type Db, many, one, read, run, type Store, write } from '../../op.ts';
import { getMeta } from '../meta.ts';
import { appendAudit } from './audit.ts';
import { growLog, signOrigin, startOrigin, unsignedSteps } from './log-origin.ts';
import { checkpointOf, currentOrigin, headOf, type OriginRow, originNamed, readerOf } from './log-tree.ts';

function successions(db: Db): SignedStatement[] {
  return many<SignedStatement>(
    db,
    `SELECT statement AS bytes, statement_sig AS sig FROM log_origin WHERE statement IS NOT NULL ORDER BY id DESC LIMIT 20`,
  ).reverse();
}

/** Does our log, or the older one of that name, have this root at this size? */
function verdictOn(db: Db, origin: OriginRow | null, held: LogHead): WitnessAnswer['verdict'] {
  if (!origin || held.size > origin.size) return 'ahead';
  return toHex(rootAt(sha256, readerOf(db, origin), held.size)) === held.root ? 'agrees' : 'inconsistent';
}

/** Signed statements lead from that origin to the present one. */
function leadsOn(db: Db, origin: string): boolean {
  let at = currentOrigin(db);
  while (at?.statement && at.from_origin !== origin) at = originNamed(db, at.from_origin ?? '');
  return at !== null && at.statement !== null && at.from_origin === origin;
}

const proofBetween = (db: Db, origin: OriginRow, from: number, to: number): string[] =>
  consistencyProof(sha256, readerOf(db, origin), from, to).map(toHex);

export const logStore: Store<LogPort> = {
  grow: write((db, { at }) => {
    const origin = growLog(db, at);
    if (!origin) return null;
    return {
      ...headOf(db, origin),
      enrolSerial: Number(getMeta(db, 'enrol.serial') ?? '0'),
      held: checkpointOf(db, origin, origin.size),
    };
  }),
  keep: write((db, { checkpoint, at }) => {
    const origin = originNamed(db, checkpoint.origin);
    if (origin)
      run(
        db,
        'INSERT OR IGNORE INTO log_checkpoint (origin_id, size, root, at, text) VALUES (?,?,?,?,?)',
        ...[origin.id, checkpoint.size, fromHex(checkpoint.root), at, checkpoint.text],
      );
    return null;
  }),
  latest: read((db) => {
    const origin = currentOrigin(db);
    return origin ? checkpointOf(db, origin) : null;
  }),
  head: read((db) => {
    const origin = currentOrigin(db);
    return origin ? headOf(db, origin) : null;
  }),
  consistency: read((db, { origin: name, from, to }) => {
    const origin = originNamed(db, name);
    if (!origin || from > to || to > origin.size) return null;
    return proofBetween(db, origin, from, to);
  }),
  inclusion: read((db, { seq, size }) => {
    const origin = one<OriginRow>(
      db,
      'SELECT * FROM log_origin WHERE first_seq <= ? ORDER BY id DESC LIMIT 1',
      seq,
    );
    const index = seq - (origin?.first_seq ?? 0);
    if (!origin || size > origin.size || index >= size) return null;
    return { index, proof: inclusionProof(sha256, readerOf(db, origin), index, size).map(toHex) };
  }),
  judge: read((db, { held }) => {
    const current = currentOrigin(db);
    const checkpoint = current ? checkpointOf(db, current) : null;
    const none = { consistency: null, successions: [] };
    if (!held) return { verdict: 'agrees', checkpoint, follows: true, ...none };
    if (held.origin !== current?.origin)
      return {
        verdict: verdictOn(db, originNamed(db, held.origin), held),
        ...{ checkpoint, consistency: null, successions: successions(db), follows: leadsOn(db, held.origin) },
      };
    const verdict = verdictOn(db, current, held);
    const grew = verdict === 'agrees' && checkpoint !== null && held.size <= checkpoint.size;
    return {
      ...{ verdict, checkpoint, successions: [], follows: grew },
      consistency: grew ? proofBetween(db, current, held.size, checkpoint.size) : null,
    };
  }),
  alarm: write((db, { device, held, kind, at }) => {
    const fresh = run(
      db,
      'INSERT OR IGNORE INTO log_alarm (device, origin, size, root, kind, at) VALUES (?,?,?,?,?,?)',
      ...[device, held.origin, held.size, held.root, kind, at],
    );
    if (fresh === 0) return false;
    const current = currentOrigin(db);
    appendAudit(db, {
      ...{ at, actor: `device:${device}`, action: `log.witness_${kind}`, object: `log:${held.origin}` },
      ...{ reason: null, body: { held, ours: current ? headOf(db, current) : null } },
    });
    return true;
  }),
  alarms: read((db) =>
    many<LogHead & { device: string; kind: WitnessAlarm; at: number }>(
      db,
      'SELECT device, origin, size, root, kind, at FROM log_alarm ORDER BY at, device',
    ),
  ),
  startOrigin: write((db, input) => startOrigin(db, input)),
  unsigned: read((db) => unsignedSteps(db)),
  signOrigin: write((db, input) => signOrigin(db, input)),
  successions: read((db) => successions(db)),
  bindCode: write((db, { codeHash, checkpoint }) => {
    const origin = originNamed(db, checkpoint.origin);
    run(
      db,
      'UPDATE enrol_code SET log_origin_id = ?, log_size = ? WHERE code_hash = ?',
      ...[origin?.id ?? null, checkpoint.size, codeHash],
    );
    return null;
  }),
};
