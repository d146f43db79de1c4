/** The last look at the hub's clock, one `meta` entry. See hub-server/DESIGN.md, "Holds". */
import type { HubClockPort } from '../../../../application/ports/hub-clock.ts';
import { mustBeTwo } from '../../../../domain/access/two-people.ts';
import { type AgedClock, ageTo } from '../../../../domain/footage/aged-clock.ts';
import { type Db, read, type Store, write } from '../../op.ts';
import { appendAudit } from '../log/audit.ts';
import { getMeta, setMeta } from '../meta.ts';

const KEY = 'clock.aged';

function lastLook(db: Db): AgedClock | null {
  const held = getMeta(db, KEY);
  return held === null ? null : (JSON.parse(held) as AgedClock);
}

export const hubClockStore: Store<HubClockPort> = {
  last: read(lastLook),
  look: write((db, { now, ntp }) => {
    const last = lastLook(db);
    const aged = ageTo(last, now, ntp);
    if (aged.aheadSinceMs !== null && (last?.aheadSinceMs ?? null) === null)
      appendAudit(db, {
        ...{ at: now.at, actor: 'hub', action: 'hub.clock_ahead', object: 'clock', reason: null },
        body: { expected: aged.at },
      });
    setMeta(db, KEY, JSON.stringify(aged));
    return aged;
  }),
  confirm: write((db, { now, by, reason }) => {
    mustBeTwo(by);
    setMeta(db, KEY, JSON.stringify({ ...now, aheadSinceMs: null }));
    appendAudit(db, {
      ...{ at: now.at, actor: by.join(', '), action: 'hub.clock_confirmed', object: 'clock', reason },
    });
    return null;
  }),
};
