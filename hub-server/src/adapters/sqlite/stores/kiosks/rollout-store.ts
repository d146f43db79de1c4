/** Rollouts as an administrator sees and decides them. */
import type { RolloutPort } from '../../../../application/ports/rollout.ts';
import { forceRollout, retryRollout, revisionFor } from '../../../../domain/fleet/rollout-machine.ts';
import { type Db, many, read, run, type Store, write } from '../../op.ts';
import { appendAudit } from '../log/audit.ts';
import { keep, rolloutKiosks, rolloutNow, rolloutRule, step } from './rollout-rows.ts';

function show(db: Db) {
  const [held, rule] = [rolloutNow(db), rolloutRule(db)];
  const kiosks = rolloutKiosks(db, rule);
  const groups = many<{ counterId: string; stage: number }>(
    db,
    'SELECT counter_id AS counterId, stage FROM counter_group ORDER BY stage, counter_id',
  );
  const stages = Array.from({ length: rule.stages }, (_, n) => {
    const own = kiosks.filter(({ stage }) => stage === n + 1);
    const wanted = held && revisionFor(held, n + 1);
    return {
      stage: n + 1,
      kiosks: own.length,
      confirmed: own.filter(({ confirmed }) => confirmed === wanted).length,
    };
  });
  return { rollout: held, rule, groups, stages };
}

export const rolloutStore: Store<RolloutPort> = {
  show: read(show),
  step: write((db, { at }) => step(db, at)),
  decide: write((db, { what, at, audit }) => {
    const [held, rule] = [rolloutNow(db), rolloutRule(db)];
    if (!held || held.state === 'done' || (what === 'retry' && held.state !== 'rolled_back')) return false;
    keep(
      db,
      held,
      what === 'force' ? forceRollout(held, rule, at) : retryRollout(held, rolloutKiosks(db, rule), at),
      at,
    );
    appendAudit(db, audit);
    return true;
  }),
  saveRule: write((db, { rule, groups, at, audit }) => {
    const { stages, soakMs, confirmMs, sickShare } = rule;
    run(
      db,
      'UPDATE rollout_rule SET stages = ?, soak_ms = ?, confirm_ms = ?, sick_share = ? WHERE id = 1',
      ...[stages, soakMs, confirmMs, sickShare],
    );
    run(db, 'DELETE FROM counter_group');
    for (const { counterId, stage } of groups)
      run(db, 'INSERT OR REPLACE INTO counter_group (counter_id, stage) VALUES (?,?)', counterId, stage);
    appendAudit(db, audit);
    step(db, at);
    return null;
  }),
};
