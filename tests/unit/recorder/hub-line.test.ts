/* The line to the hub over a real socket: told from the acknowledged cursor, told again, told under a new name. */
import { expect, it } from 'vitest';
import { systemTimers } from '../../../hub-server/src/adapters/clock.ts';
import { HubLine } from '../../../hub-server/src/recorder/adapters/hub-line.ts';
import { poll } from '../../support/poll.ts';
import { openRecorderHub, type RecorderHub } from '../../support/recorder-hub.ts';
import { cameraA, openParts, type Parts, T0 } from './parts.ts';

const LIMITS = { budgetBytes: null, floorBytes: 1, holdReserveBytes: 2 };

function openLine(parts: Parts, hub: RecorderHub) {
  const away: number[] = [];
  const line = new HubLine({
    ...{ ...parts, limits: LIMITS },
    ...{ url: `${hub.url}/recorder/v1`, token: 't', footageRoot: parts.root, timers: systemTimers },
  });
  line.open({ welcomed: () => undefined, message: () => undefined, away: () => void away.push(1) });
  return { line, away };
}

it('tells everything in order, however much there is, and again what was not acknowledged', async () => {
  await using parts = await openParts();
  await using hub = await openRecorderHub('t');
  for (let i = 0; i < 700; i += 1)
    parts.ledger.interrupted(cameraA, i % 2 ? 'refused' : 'camera-down', T0 + i);
  const last = parts.index.lastCursor();
  expect(last).toBe(1_399);
  const { line, away } = openLine(parts, hub);
  await poll(() => hub.acknowledged() === last, { what: 'all facts acknowledged' });
  expect(hub.told).toEqual(Array.from({ length: last }, (_, i) => i + 1));
  hub.hold(true);
  parts.ledger.interrupted(cameraA, 'disk-full', T0 + 9_000);
  line.factsRecorded();
  await poll(() => hub.told.length > last, { what: 'one more fact' });
  hub.hold(false);
  hub.told.length = 0;
  hub.drop();
  await poll(() => hub.acknowledged() === parts.index.lastCursor(), { what: 'it told again' });
  expect(hub.told[0]).toBe(last + 1);
  expect(away).toHaveLength(1);
  await line.close(100);
});

it('becomes another recorder for a hub that knows more of it than it does itself', async () => {
  await using parts = await openParts();
  const name = parts.index.recorderId();
  await using hub = await openRecorderHub('t', new Map([[name, 50]]));
  parts.ledger.interrupted(cameraA, 'camera-down', T0);
  const { line } = openLine(parts, hub);
  await poll(() => hub.told.length === 1, { what: 'the fact' });
  expect(hub.recorder()).not.toBe(name);
  expect(hub.gaps()).toHaveLength(1);
  expect(hub.limits()).toEqual(LIMITS);
  await line.close(100);
});
