/**
 * Purpose: which content a counter is told. What is alike for all, and where each form is asked, is written down once a
 *   change; a counter's group says which of two it gets. Its own name, its camera and its officers are never held back.
 * Document: hub-server/DESIGN.md, "Rollout".
 */
import {
  type Rollout,
  type RolloutKiosk,
  type RolloutRule,
  revisionFor,
  stepRollout,
} from '../../../../domain/fleet/rollout-machine.ts';
import { type Db, many, one, run } from '../../op.ts';
import { directoryRevision } from '../meta.ts';
import { type OfficeContent, officeContent } from './config-content.ts';

interface Row {
  readonly id: number;
  readonly fromRevision: number;
  readonly toRevision: number;
  readonly state: Rollout['state'];
  readonly stage: number;
  readonly stageAt: number;
  readonly sickBefore: string;
  readonly reason: string | null;
  readonly startedAt: number;
}
const ROW = `SELECT id, from_revision AS fromRevision, to_revision AS toRevision, state, stage, stage_at AS stageAt,
   sick_before AS sickBefore, reason, started_at AS startedAt FROM rollout ORDER BY id DESC LIMIT 1`;

export function rolloutNow(db: Db): (Rollout & { id: number; startedAt: number }) | null {
  const row = one<Row>(db, ROW);
  if (!row) return null;
  const { fromRevision, toRevision, sickBefore, ...rest } = row;
  return { ...rest, from: fromRevision, to: toRevision, sickBefore: JSON.parse(sickBefore) as string[] };
}

export const rolloutRule = (db: Db): RolloutRule =>
  one<RolloutRule>(
    db,
    `SELECT stages, soak_ms AS soakMs, confirm_ms AS confirmMs, sick_share AS sickShare FROM rollout_rule WHERE id = 1`,
  )!;

/** Of the last group where nobody said. */
export function stageOf(db: Db, counterId: string, { stages }: RolloutRule): number {
  const held = one<{ stage: number }>(db, 'SELECT stage FROM counter_group WHERE counter_id = ?', counterId);
  return Math.min(held?.stage ?? stages, stages);
}

/** Null: what holds now, everywhere. */
export function stagedRevision(db: Db, counterId: string): number | null {
  const rule = rolloutRule(db);
  if (rule.stages === 1) return null;
  const held = rolloutNow(db);
  return held && revisionFor(held, stageOf(db, counterId, rule));
}

const parsed = new WeakMap<Db, Map<number, OfficeContent>>();
/** At one time two are told; the one before may still be. */
const PARSED_MAX = 4;

export function snapshotAt(db: Db, revision: number): OfficeContent | null {
  const known = parsed.get(db) ?? new Map<number, OfficeContent>();
  parsed.set(db, known);
  const found = known.get(revision);
  if (found) return found;
  const row = one<{ content: string }>(
    db,
    'SELECT content FROM config_snapshot WHERE revision = ?',
    revision,
  );
  if (!row) return null;
  if (known.size >= PARSED_MAX) known.delete(Math.min(...known.keys()));
  const content = JSON.parse(row.content) as OfficeContent;
  known.set(revision, content);
  return content;
}

/** The newest content; written down when it is another than before. Null: not set up yet. */
function noteContent(db: Db, at: number): number | null {
  const revision = directoryRevision(db);
  const newest = one<{ revision: number; content: string }>(
    db,
    'SELECT revision, content FROM config_snapshot ORDER BY revision DESC LIMIT 1',
  );
  if (newest?.revision === revision) return revision;
  const content = officeContent(db);
  if (!content) return null;
  const text = JSON.stringify(content);
  if (newest?.content === text) return newest.revision;
  run(db, 'INSERT INTO config_snapshot (revision, content, at) VALUES (?,?,?)', revision, text, at);
  // What nobody can be told any more.
  run(
    db,
    `DELETE FROM config_snapshot WHERE revision NOT IN (SELECT revision FROM config_snapshot ORDER BY revision DESC LIMIT 50)
       AND revision NOT IN (SELECT from_revision FROM rollout UNION SELECT to_revision FROM rollout)`,
  );
  return revision;
}

const ILL = `'fleet.unseen','fleet.not_storing','fleet.no_input','fleet.screen_frozen','fleet.panel_away'`;

export function rolloutKiosks(db: Db, { stages }: RolloutRule): RolloutKiosk[] {
  return many<Omit<RolloutKiosk, 'ill'> & { ill: number }>(
    db,
    `SELECT d.id AS device, min(ifnull(g.stage, ?), ?) AS stage, d.last_seen_at AS lastSeenAt,
       json_extract(d.status, '$.configRevision') AS confirmed,
       EXISTS (SELECT 1 FROM device_alarm a WHERE a.device = d.id AND a.cleared_at IS NULL AND a.code IN (${ILL})) AS ill
     FROM device d LEFT JOIN counter_group g ON g.counter_id = d.counter_id
     WHERE d.revoked_at IS NULL AND NOT EXISTS (SELECT 1 FROM device n WHERE n.counter_id = d.counter_id
       AND n.enrol_serial > d.enrol_serial AND n.revoked_at IS NULL)`,
    ...[stages, stages],
  ).map(({ ill, ...kiosk }) => ({ ...kiosk, ill: ill === 1 }));
}

export function step(db: Db, at: number): boolean {
  const newest = noteContent(db, at);
  if (newest === null) return false;
  const rule = rolloutRule(db);
  const held = rolloutNow(db);
  // Nothing runs and nothing is new: most of the time.
  if (held && held.to === newest && held.state !== 'running') return false;
  const next = stepRollout(held, newest, rolloutKiosks(db, rule), rule, at);
  if (next === held) return false;
  keep(db, held, next, at);
  return held !== null && rule.stages > 1;
}

/** Another content is another row; the same goes on in its own. */
export function keep(
  db: Db,
  held: { readonly id: number; readonly to: number } | null,
  next: Rollout,
  at: number,
): void {
  const { from, to, state, stage, stageAt, sickBefore, reason } = next;
  const values = [from, to, state, stage, stageAt, JSON.stringify(sickBefore), reason];
  if (held && held.to === to)
    run(
      db,
      `UPDATE rollout SET from_revision = ?, to_revision = ?, state = ?, stage = ?, stage_at = ?, sick_before = ?, reason = ?
       WHERE id = ?`,
      ...[...values, held.id],
    );
  else
    run(
      db,
      `INSERT INTO rollout (from_revision, to_revision, state, stage, stage_at, sick_before, reason, started_at)
       VALUES (?,?,?,?,?,?,?,?)`,
      ...[...values, at],
    );
}
