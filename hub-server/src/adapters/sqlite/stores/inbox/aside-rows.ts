/**
 * Events that are kept and counted nowhere yet, as the times and counters they may be of. Read once a minute: epochs that have such
 * events are few, and each is walked once beside its anchors. See domain/footage/aside-rule.ts.
 */
import { readEvent } from '@hailong/shared/edge/event.ts';
import { PRIVATE_VALID_MS } from '@hailong/shared/protocol/private.ts';
import { type AnchorAt, asideBetween, type Between } from '../../../../domain/footage/aside-rule.ts';
import type { AsideAt } from '../../../../domain/footage/reported-rule.ts';
import { type Db, many } from '../../op.ts';

interface EpochRow {
  readonly id: number;
  readonly device: string;
  readonly epoch: string;
  readonly own: number;
  readonly lowerAt: number | null;
  readonly upperAt: number | null;
}
interface EventRow {
  readonly seq: number;
  readonly code: string | null;
  /** Of one that names a counter its kiosk was never at. */
  readonly bytes: Uint8Array | null;
  /** Claimed, else when it came. */
  readonly at: number;
}
interface Stay {
  readonly counterId: string;
  readonly from: number;
  readonly to: number | null;
}

const EVENTS = `FROM event e JOIN device_epoch d ON d.id = e.epoch_id
  WHERE (e.status = 'quarantined' OR (e.status = 'forked' AND d.branches = 'suspended'))`;
/** Each stay of a kiosk ends with its next one elsewhere or its revocation. */
const STAYS = `SELECT e.counter_id AS counterId, e.at AS "from",
    coalesce((SELECT min(n.at) FROM device_enrolment n WHERE n.device = e.device AND n.serial > e.serial), d.revoked_at) AS "to"
  FROM device_enrolment e JOIN device d ON d.id = e.device WHERE e.device = ?`;

/** An anchor beyond now was told by a clock that was ahead, and proves nothing. */
export function asideRows(db: Db, now: number): AsideAt[] {
  const epochs = many<EpochRow>(
    db,
    `SELECT DISTINCT d.id, d.device, d.epoch, d.own, d.lower_at AS lowerAt, d.upper_at AS upperAt ${EVENTS}`,
  );
  return epochs.flatMap((epoch) => {
    const events = many<EventRow>(
      db,
      `SELECT e.seq, e.code, iif(e.code = 'event.foreign_counter', e.bytes, NULL) AS bytes,
         ifnull(e.at, e.received_at) AS at ${EVENTS} AND d.id = ? ORDER BY e.seq`,
      epoch.id,
    );
    return epoch.own === 1 ? ownAside(db, events) : kioskAside(db, epoch, events, now);
  });
}

function kioskAside(db: Db, epoch: EpochRow, events: readonly EventRow[], now: number): AsideAt[] {
  const anchors = many<AnchorAt>(
    db,
    'SELECT seq, hub_at AS hubAt FROM anchor WHERE device = ? AND epoch = ? AND hub_at <= ? ORDER BY seq',
    ...[epoch.device, epoch.epoch, now],
  );
  const stays = many<Stay>(db, STAYS, epoch.device);
  const of = (some: readonly EventRow[]): Between[] =>
    asideBetween(
      some.map(({ seq }) => seq),
      anchors,
      epoch,
    );
  const foreign = new Map<string, EventRow[]>();
  for (const event of events) {
    const counter = counterOf(event);
    if (counter !== null) foreign.set(counter, [...(foreign.get(counter) ?? []), event]);
  }
  return [
    ...of(events).flatMap((between) => stays.map((stay) => ({ ...stay, ...between }))),
    ...[...foreign].flatMap(([counterId, named]) =>
      of(named).map((between) => ({ counterId, from: 0, to: null, ...between })),
    ),
  ];
}

function counterOf({ bytes }: EventRow): string | null {
  const read = bytes && readEvent(bytes);
  if (!read?.ok) return null;
  const { body } = read.event;
  return 'counter' in body ? body.counter : null;
}

/** The hub's times are its own. A private vote comes as long after its turn as one is taken, and may be of any counter. */
function ownAside(db: Db, events: readonly EventRow[]): AsideAt[] {
  const counters = many<{ id: string }>(db, 'SELECT DISTINCT counter_id AS id FROM camera_counter');
  const times = [...new Set(events.map(({ at }) => at))];
  return counters.flatMap(({ id }) =>
    times.map((at) => ({ counterId: id, from: 0, to: null, after: at - PRIVATE_VALID_MS, before: at })),
  );
}
