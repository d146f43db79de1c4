/* A clock that was set ahead ends no hold: it is waited for, and what lapsed under one that is set back lives again. Real storage. */
import { randomUUID } from 'node:crypto';
import { CodedError } from '@hailong/shared/errors.ts';
import type Database from 'better-sqlite3';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openWriter } from '../../../hub-server/src/adapters/sqlite/open-database.ts';
import { keepAge, lookAt } from '../../../hub-server/src/application/footage/keep-age.ts';
import { lapseHolds } from '../../../hub-server/src/application/footage/lapse-holds.ts';
import { type AgedClock, ageTo } from '../../../hub-server/src/domain/footage/aged-clock.ts';
import { NOW, type Office, openOffice } from '../hub-http/office.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;

it('goes on as boot time does, at most an hour ahead of it, and never by more of what no one confirmed', () =>
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -40 * DAY, max: 40 * DAY }), { maxLength: 20 }), (steps) => {
      let aged: AgedClock | null = null;
      let [off, bootMs] = [0, 0];
      for (const step of [0, ...steps]) {
        off += step;
        bootMs += MINUTE;
        const before: number = aged?.at ?? NOW;
        aged = ageTo(aged, { at: NOW + bootMs + off, boot: 'b', bootMs }, null);
        expect(aged.at).toBeLessThanOrEqual(before + MINUTE + 60 * MINUTE);
        expect(aged.at).toBeLessThanOrEqual(Math.max(NOW + bootMs + off, before + MINUTE));
      }
    }),
  ));

it('is off for Tết, not for a month; NTP counts when it was asked after the clock was seen ahead', () => {
  const last = { at: NOW, boot: 'a', bootMs: 5 * DAY, aheadSinceMs: null };
  const after = (ms: number) => ageTo(last, { at: NOW + ms, boot: 'b', bootMs: MINUTE }, null);
  expect(after(15 * DAY).at).toBe(NOW + 15 * DAY);
  expect(after(31 * DAY)).toMatchObject({ at: NOW + MINUTE, aheadSinceMs: MINUTE });
  const ahead = { at: NOW + 31 * DAY, boot: 'b', bootMs: 2 * MINUTE };
  const asked = (askedMs: number) => ageTo(after(31 * DAY), ahead, { askedMs }).at;
  expect([asked(MINUTE - 1), asked(MINUTE + 1)]).toEqual([NOW + 2 * MINUTE, NOW + 31 * DAY]);
});

describe('holds under a clock that was set ahead', () => {
  let office: Office;
  let db: Database.Database;
  let bootMs: number;
  let reports: unknown[];
  const clock = () => ({ now: office.clock.now.bind(office.clock), monotonic: () => bootMs as never });
  const parts = () => ({ hubClock: office.storage.hubClock, clock: clock(), boot: 'b' });
  const lapse = () => {
    const aged = keepAge({ ...parts(), ntp: () => null, report: (error) => reports.push(error) });
    return lapseHolds(office.storage.holds, { holdsChanged: async () => undefined }, aged).run(0);
  };
  const living = () => db.prepare('SELECT count(*) FROM footage_hold WHERE ended_at IS NULL').pluck().get();
  const log = async (of: string) =>
    (await office.storage.access.audit({ before: null, limit: 100 }))
      .filter(({ action }) => action.startsWith(of))
      .map(({ action }) => action);

  beforeEach(async () => {
    office = await openOffice();
    const { cameraId, counters } = await office.seed();
    db = openWriter(office.data);
    [bootMs, reports] = [5 * DAY, []];
    db.prepare(
      `INSERT INTO footage_hold (id, request, kind, subject, counter_id, camera_id, from_at, to_at, asked_by, asked_at, until)
       VALUES ('r/c', 'rating:t', 'rating', ?, ?, ?, ?, ?, 'hub', ?, ?)`,
    ).run(randomUUID(), counters[0], cameraId, NOW, NOW + MINUTE, NOW, NOW + 30 * DAY);
    await lapse();
    office.clock.at += 31 * DAY;
    bootMs += MINUTE;
  });
  afterEach(async () => {
    db.close();
    await office.close();
  });

  it('do not lapse, which is said and logged once, until two people confirm it', async () => {
    await lapse();
    await lapse();
    expect(living()).toBe(1);
    expect(reports).toEqual([expect.any(CodedError), expect.any(CodedError)]);
    expect(await log('hub.clock')).toEqual(['hub.clock_ahead']);
    const confirm = (...by: string[]) =>
      office.storage.hubClock.confirm({ now: lookAt(parts()), by, reason: 'set right' });
    await expect(confirm('An', 'an')).rejects.toThrow('access.two_people');
    await confirm('An', 'Bình');
    await lapse();
    expect(living()).toBe(0);
    expect(await log('hub.clock')).toEqual(['hub.clock_confirmed', 'hub.clock_ahead']);
  });

  it('is known also while it cannot be stored, and then goes no farther than a look that was', async () => {
    const full = { look: () => Promise.reject(new Error('SQLITE_FULL')) };
    const hubClock = { ...office.storage.hubClock, ...full, last: () => office.storage.hubClock.last() };
    const aged = keepAge({ ...parts(), hubClock, ntp: () => null, report: (error) => reports.push(error) });
    expect(await aged.now()).toBe(NOW + MINUTE);
    office.clock.at -= 31 * DAY;
    bootMs += MINUTE;
    expect(await aged.now()).toBe(office.clock.at);
  });

  it('that lapsed all the same live again once it is set back', async () => {
    await office.storage.holds.lapse({ at: office.clock.at });
    expect(living()).toBe(0);
    office.clock.at -= 31 * DAY;
    await office.storage.holds.keep({ at: office.clock.at });
    expect(living()).toBe(1);
    expect(await log('hold.')).toEqual(['hold.renewed', 'hold.lapsed']);
    await office.storage.holds.keep({ at: office.clock.at });
    expect(await log('hold.')).toHaveLength(2);
  });
});
