/**
 * The recovery machine's state in the database: one call reads what is held, steps the machine, and does in the same
 * transaction what follows (a new lineage and log origin, the audit row). Refuses nothing.
 * See hub-server/DESIGN.md, "Recovering".
 */
import type {
  HelloHeard,
  Override,
  Readmission,
  RecoveryNow,
  RecoveryPort,
  RecoveryView,
} from '../../../../application/ports/recovery.ts';
import { mustBeTwo } from '../../../../domain/access/two-people.ts';
import {
  type ActiveDevice,
  NORMAL,
  type RecoveryInput,
  type RecoveryState,
  type StatedEpoch,
  stepRecovery,
  type ToldBy,
} from '../../../../domain/recovery/recovery-machine.ts';
import { type Db, many, one, read, run, type Store, write } from '../../op.ts';
import { appendAudit } from '../log/audit.ts';
import { startOrigin } from '../log/log-origin.ts';
import { getMeta } from '../meta.ts';

interface Row {
  readonly state: string;
  readonly override: string | null;
}

function heldState(db: Db): { state: RecoveryState; override: Override | null } {
  const row = one<Row>(db, 'SELECT state, override FROM recovery WHERE id = 1');
  return {
    state: row ? (JSON.parse(row.state) as RecoveryState) : NORMAL,
    override: row?.override ? (JSON.parse(row.override) as Override) : null,
  };
}

const activeDevices = (db: Db): ActiveDevice[] =>
  many<ActiveDevice>(
    db,
    'SELECT id AS device, counter_id AS counterId FROM device WHERE revoked_at IS NULL ORDER BY id',
  );

/** Also what is kept on a branch is here. */
export function heldSeq(db: Db, device: string, epoch: string): number {
  return (
    one<{ seq: number | null }>(
      db,
      `SELECT (SELECT max(seq) FROM event WHERE epoch_id = device_epoch.id) AS seq FROM device_epoch
       WHERE device = ? AND epoch = ?`,
      ...[device, epoch],
    )?.seq ?? 0
  );
}

function withHeld(db: Db, { device, epochs }: Pick<HelloHeard, 'device' | 'epochs'>): StatedEpoch[] {
  return epochs.map((one) => ({ ...one, held: heldSeq(db, device, one.epoch) }));
}

/** `freshLineage` null: the caller has begun a lineage itself. */
function step(db: Db, input: RecoveryInput, at: number, freshLineage: string | null): RecoveryNow {
  const { state: before } = heldState(db);
  const { state, effects } = stepRecovery(before, input);
  for (const effect of effects) {
    if (effect.kind === 'entered' && freshLineage !== null)
      startOrigin(db, {
        lineage: freshLineage,
        by: [],
        reason: `recovering: ${effect.cause}`,
        statement: null,
        at,
      });
    appendAudit(db, {
      ...{ at, actor: 'hub', object: `lineage:${getMeta(db, 'lineage') ?? ''}`, reason: null },
      ...(effect.kind === 'left'
        ? { action: 'hub.recovered' }
        : { action: 'hub.recovering', body: { cause: effect.cause, shownBy: effect.shownBy } }),
    });
  }
  const did = (kind: 'entered' | 'left') => effects.some((each) => each.kind === kind);
  if (state !== before)
    run(
      db,
      `INSERT INTO recovery (id, state) VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET state = excluded.state,
         override = CASE WHEN ? THEN NULL ELSE override END`,
      ...[JSON.stringify(state), Number(state.mode === 'normal' || did('entered'))],
    );
  return {
    lineage: getMeta(db, 'lineage') ?? '',
    recovering: state.mode === 'recovering',
    ...{ entered: did('entered'), left: did('left') },
  };
}

function toldBy(db: Db, lineage: string | null): ToldBy {
  if (lineage === null) return 'unknown';
  if (lineage === getMeta(db, 'lineage')) return 'this';
  return one(db, 'SELECT 1 FROM log_origin WHERE lineage = ?', lineage) ? 'earlier' : 'unknown';
}

/** The facts behind the last one of the start before this: without a second medium nobody knows how many there were. */
function listOwnGap(db: Db, at: number): void {
  run(
    db,
    `INSERT OR IGNORE INTO own_gap (epoch, from_seq, to_seq, found_at)
     SELECT parent_epoch, parent_seq + 1, NULL, ? FROM device_epoch
     WHERE own = 1 AND parent_epoch IS NOT NULL ORDER BY id DESC LIMIT 1`,
    at,
  );
}

/** Recovering by the restore command, and what the own chain lost since the backup is not listed yet. */
function restoredWithoutGap(db: Db): boolean {
  return (
    one(
      db,
      `SELECT 1 FROM recovery WHERE id = 1 AND json_extract(state, '$.cause') = 'restored' AND NOT EXISTS
         (SELECT 1 FROM own_gap WHERE found_at >= json_extract(recovery.state, '$.since'))`,
    ) !== undefined
  );
}

/** Whoever revokes a device calls it in the same transaction: nothing more is expected of it. */
export function deviceGone(db: Db, device: string, at: number): void {
  step(db, { type: 'gone', device }, at, null);
}

export const recoveryStore: Store<RecoveryPort> = {
  hello: write((db, given) => {
    const { device, counterId, more, witnessAhead, lineage, ownMirrored, freshLineage, at } = given;
    // After the command nobody enters any more: the first hello to a hub without a second medium lists it.
    const unlisted = !ownMirrored && restoredWithoutGap(db);
    const now = step(
      db,
      {
        ...{ type: 'hello', device, counterId, more, witnessAhead, at },
        toldBy: toldBy(db, lineage),
        epochs: withHeld(db, given),
        // Looked at only where recovering begins: all kiosks at each kiosk's hello would be their square.
        get active() {
          return activeDevices(db);
        },
      },
      at,
      freshLineage,
    );
    if ((now.entered && !ownMirrored) || unlisted) listOwnGap(db, at);
    return now;
  }),
  mirrorAhead: write((db, { freshLineage, at }) =>
    step(db, { type: 'mirror', active: activeDevices(db), at }, at, freshLineage),
  ),
  stated: write((db, given) => {
    const { device, more, at } = given;
    return step(db, { type: 'stated', device, more, epochs: withHeld(db, given) }, at, null);
  }),
  held: write((db, { device, epoch, seq, at }) => step(db, { type: 'held', device, epoch, seq }, at, null)),
  restored: write((db, { at }) => step(db, { type: 'restored', active: activeDevices(db), at }, at, null)),
  show: read((db): RecoveryView => {
    const { state, override } = heldState(db);
    return {
      lineage: getMeta(db, 'lineage') ?? '',
      state: state.mode === 'recovering' ? state : null,
      override,
      readmissions: many<Readmission>(
        db,
        'SELECT device, counter_id AS counterId, serial, at, confirmed_by AS confirmedBy FROM readmission ORDER BY at, device',
      ),
      gaps: [
        ...many<RecoveryView['gaps'][number]>(
          db,
          `SELECT device.counter_id AS counterId, e.device, e.epoch, g.from_seq AS "from", g.to_seq AS "to"
           FROM chain_gap g JOIN device_epoch e ON e.id = g.epoch_id LEFT JOIN device ON device.id = e.device
           ORDER BY e.id, g.from_seq LIMIT 1000`,
        ),
        ...many<RecoveryView['gaps'][number]>(
          db,
          `SELECT NULL AS counterId, e.device, g.epoch, g.from_seq AS "from", g.to_seq AS "to"
           FROM own_gap g JOIN device_epoch e ON e.epoch = g.epoch AND e.own = 1 ORDER BY g.found_at`,
        ),
      ],
    };
  }),
  blocked: read((db) => {
    const { state, override } = heldState(db);
    return state.mode === 'recovering' && override === null;
  }),
  override: write((db, given) => {
    const { state } = heldState(db);
    if (state.mode === 'normal') return false;
    mustBeTwo(given.by);
    run(db, 'UPDATE recovery SET override = ? WHERE id = 1', JSON.stringify(given));
    appendAudit(db, {
      ...{ at: given.at, actor: given.by.join(', '), action: 'hub.recovering_overridden' },
      ...{ object: `lineage:${getMeta(db, 'lineage') ?? ''}`, reason: given.reason },
    });
    return true;
  }),
  confirm: write((db, { device, by, at }) => {
    mustBeTwo(by);
    const done = run(
      db,
      'UPDATE readmission SET confirmed_by = ? WHERE device = ? AND confirmed_by IS NULL',
      ...[JSON.stringify(by), device],
    );
    if (done === 0) return false;
    appendAudit(db, {
      ...{ at, actor: by.join(', '), action: 'device.confirmed', object: `device:${device}`, reason: null },
    });
    return true;
  }),
};
