/*
 * What lies aside (in quarantine, on a branch) makes the footage around it unreported, wherever it happened; let out, its bad rating
 * is held before that footage counts as reported. The rule by any chain, and a real hub with a real kiosk's chain.
 */

import type { EventBody } from '@hailong/shared/model/event.ts';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { openWriter } from '../../../hub-server/src/adapters/sqlite/open-database.ts';
import { saveCamera } from '../../../hub-server/src/application/directory/save-directory.ts';
import { asideBetween } from '../../../hub-server/src/domain/footage/aside-rule.ts';
import { REPORT_MARGIN_MS, unreportedOf } from '../../../hub-server/src/domain/footage/reported-rule.ts';
import { keptHub } from '../../support/kept-hub.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A kiosk's chain: facts at their true times, anchors among them, some facts aside. One stay moves on to another counter. */
const chainOf = fc
  .tuple(
    fc.array(
      fc.record({
        after: fc.integer({ min: 1, max: 30 * 60 }),
        what: fc.constantFrom('fact', 'fact', 'anchor', 'aside'),
      }),
      { minLength: 1, maxLength: 40 },
    ),
    fc.integer({ min: 0, max: 40 }),
  )
  .map(([steps, movedAt]) => {
    let at = 100 * DAY;
    const events = steps.map(({ after, what }, i) => {
      at += after * MINUTE;
      return { seq: i + 1, at, what };
    });
    const moved = events[movedAt]?.at ?? null;
    return { events, moved, end: at };
  });

it('keeps all that a rating aside could be of, and nothing far from it', () =>
  fc.assert(
    fc.property(chainOf, ({ events, moved, end }) => {
      const begun = 100 * DAY;
      const anchors = events.flatMap(({ seq, at, what }) => (what === 'anchor' ? [{ seq, hubAt: at }] : []));
      const aside = events.filter(({ what }) => what === 'aside');
      const stays = [
        { counterId: 'c', from: begun, to: moved },
        ...(moved === null ? [] : [{ counterId: 'd', from: moved, to: null }]),
      ];
      const between = asideBetween(
        aside.map(({ seq }) => seq),
        anchors,
        { lowerAt: null, upperAt: null },
      );
      const seen = [
        { cameraId: 'at c', counterId: 'c', from: 0, to: null },
        { cameraId: 'at d', counterId: 'd', from: 0, to: null },
      ];
      const kiosks = stays.map((stay) => ({ ...stay, newestAnchor: end, asideSince: null }));
      const waits = unreportedOf(
        seen,
        kiosks,
        between.flatMap((each) => stays.map((stay) => ({ ...stay, ...each }))),
        [],
      );
      const waiting = (camera: string, at: number) =>
        (waits.get(camera) ?? []).some(
          ({ from, to }) => from <= at && at <= (to ?? Number.POSITIVE_INFINITY),
        );
      for (const { at } of aside) {
        const camera = moved !== null && at >= moved ? 'at d' : 'at c';
        // A turn begins at most so long before its rating.
        for (const of of [at - REPORT_MARGIN_MS + 1, at, at + MINUTE]) expect(waiting(camera, of)).toBe(true);
      }
      // Farther from every event aside than the anchors around it: reported.
      for (const { at } of events) {
        if (at > end - REPORT_MARGIN_MS) continue;
        const near = aside.some(({ seq }) => {
          const before = anchors.findLast((each) => each.seq < seq)?.hubAt ?? begun;
          const after = anchors.find((each) => each.seq > seq)?.hubAt ?? Number.POSITIVE_INFINITY;
          return at >= before - REPORT_MARGIN_MS && at <= after + REPORT_MARGIN_MS;
        });
        if (!near) expect([waiting('at c', at), waiting('at d', at)]).toEqual([false, false]);
      }
    }),
  ));

it('two people end the waiting for what nobody will ever read', () => {
  const seen = [{ cameraId: 'k', counterId: 'c', from: 0, to: null }];
  const aside = [{ counterId: 'c', from: 0, to: null, after: 10 * DAY, before: 11 * DAY }];
  const kept = { from: 10 * DAY - REPORT_MARGIN_MS, to: 11 * DAY + REPORT_MARGIN_MS };
  const until = (upTo: number) => unreportedOf(seen, [], aside, [{ counterId: 'c', upTo }]).get('k') ?? [];
  expect(until(0)).toEqual([kept]);
  expect(until(11 * DAY)).toEqual([{ ...kept, from: 11 * DAY }]);
  expect(until(12 * DAY)).toEqual([]);
});

it('a bad rating in quarantine waits as unreported, and is held as soon as it is let out', async () => {
  await using folder = await tempFolder('aside');
  await using kept = await keptHub(folder.path);
  const { admin, storage, clock } = kept.hub;
  const [kiosk, other] = [await kept.enrol(), await kept.enrol()];
  const camera = await saveCamera(admin, {
    ...{ id: null, actor: 'test' },
    value: {
      ...{ name: 'Camera quầy 2', address: 'rtsp://127.0.0.1/2', user: '', latencyMs: 0, active: true },
      ...{ counterIds: [other.place.counter], retentionDays: 30 },
    } as never,
  });
  const db = openWriter(folder.path);
  db.exec(`UPDATE camera_counter SET from_at = ${clock.now() - 30 * DAY}`);
  db.exec(`UPDATE device_enrolment SET at = ${clock.now() - 9 * DAY}`);
  const anchor = (at: number): void => {
    const { device } = kiosk;
    const nonce = 'neo-thoi-gian-0001';
    device.mono += Math.max(0, at - device.at);
    device.at = at;
    const sig = kept.hub.keys.sign(Buffer.from(`hailong-anchor-v1\n${device.device}\n${nonce}\n${at}`));
    const body = { type: 'time.anchor', hubAt: at, rttMs: 20, nonce, sig };
    device.append(kiosk.chains[0]!, body as unknown as EventBody);
  };
  const orders = async () => {
    while (await storage.holds.keep({ at: clock.now() }));
    const { holds, cameras } = await storage.holds.orders({ at: clock.now() });
    return { holds, waits: cameras?.find((each) => each.camera === camera)?.unreported };
  };
  // Of the other counter's own kiosk nothing is owed; it has gone.
  db.prepare("UPDATE device SET revoked_at = ?, written_off = '{}' WHERE id = ?").run(
    ...[clock.now() - 8 * DAY, other.device.device],
  );
  const [before, after] = [clock.now() - 6 * DAY, clock.now() - 5 * DAY];
  anchor(before);
  kiosk.device.serve(kiosk.chains[0]!, { ...kiosk.place, counter: other.place.counter }, { level: 1 });
  anchor(after);
  await kept.sync(kiosk);
  expect(await storage.inbox.asideCount()).toBe(2);
  expect(await orders()).toEqual({
    holds: [],
    waits: [{ from: before - REPORT_MARGIN_MS, to: after + REPORT_MARGIN_MS }],
  });

  // Its kiosk turns out to have stood there.
  db.prepare('INSERT INTO device_enrolment (device, counter_id, serial, at) VALUES (?,?,99,?)').run(
    ...[kiosk.device.device, other.place.counter, clock.now() - 9 * DAY + 1],
  );
  while ((await storage.inbox.judgeAgain({ event: null })).more);
  expect(await storage.inbox.asideCount()).toBe(0);
  const { holds } = await orders();
  expect(holds).toHaveLength(1);
  expect(holds[0]!.from).toBeLessThan(before + 10_000);
  expect(holds[0]!.camera).toBe(camera);
  db.close();
});
