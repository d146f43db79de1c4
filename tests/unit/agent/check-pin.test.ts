/*
 * A PIN at the device: what the hub sealed opens with this device's key alone; an attempt is on disk before it is computed;
 * no restart, boot, clock or cut line gives anybody more attempts than the rule, and no answer tells which codes exist.
 */
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OfficerProfile } from '@hailong/shared/model/directory.ts';
import type { RosterEntry } from '@hailong/shared/protocol/edge.ts';
import type { UtcMs } from '@hailong/shared/time.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createHasher } from '../../../hub-server/src/adapters/password-hasher.ts';
import { sealRoster } from '../../../hub-server/src/adapters/x25519-box.ts';
import { loadDeviceKey, verifyEd25519 } from '../../../kiosk-app/agent/adapters/hub-link/device-key.ts';
import { openPinBox } from '../../../kiosk-app/agent/adapters/pin-box.ts';
import { rosterFile } from '../../../kiosk-app/agent/adapters/roster-file.ts';
import { openDatabase } from '../../../kiosk-app/agent/adapters/sqlite/open-database.ts';
import { SqliteSettings } from '../../../kiosk-app/agent/adapters/sqlite/settings-store.ts';
import { type PinAnswer, PinChecker } from '../../../kiosk-app/agent/application/check-pin.ts';
import { RosterKeeper } from '../../../kiosk-app/agent/application/keep-roster.ts';
import { DEVICE_RULE, OFFICER_RULE } from '../../../kiosk-app/agent/application/pin-throttle.ts';
import type { KeptFile, Settings, VerifyPin } from '../../../kiosk-app/agent/application/ports.ts';
import { profile } from '../../support/counter-kit.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const DAY = 86_400_000;
const RIGHT = '2468';
const entry = (n: number, verifier: string | null = 'sealed'): RosterEntry => ({
  profile: profile(n),
  verifier,
});

/** What survives the process: settings and the roster's file; and the machine's clocks, which a test moves. */
class Machine {
  readonly kept = new Map<string, string>();
  roster: string | null = null;
  wall = 1_795_392_000_000;
  mono = 1_000;
  bootId = 'boot-0';
  full = false;
  readonly log: string[] = [];
  readonly locked: { officerCode: string | null; failures: number }[] = [];
  /** Set: the power is cut while a PIN is computed. */
  cut = false;
  /** A test that counts on a real database gives its settings. */
  settings: Settings = {
    read: (key) => JSON.parse(this.kept.get(key) ?? 'null') as unknown,
    write: (key, value) => {
      if (this.full) return false;
      this.kept.set(key, JSON.stringify(value));
      this.log.push('kept');
      return true;
    },
  };
  verify: VerifyPin = async (verifier, pin) => {
    this.log.push('computed');
    if (this.cut) throw new Error('power cut');
    return verifier !== null && pin === RIGHT;
  };

  start(): { pins: PinChecker; roster: RosterKeeper } {
    const clock = { bootId: this.bootId, stamp: () => ({ at: this.wall, mono: this.mono }) };
    const file: KeptFile = {
      read: () => JSON.parse(this.roster ?? 'null') as unknown,
      write: (value) => {
        if (this.full) return false;
        this.roster = JSON.stringify(value);
        return true;
      },
      remove: () => {
        this.roster = null;
      },
    };
    const now = () => ({ at: this.wall as UtcMs, known: false });
    const roster = new RosterKeeper({ file, clock, now, trusted: true });
    const pins = new PinChecker({
      ...{ settings: this.settings, clock, roster, verify: (...asked) => this.verify(...asked) },
      locked: ({ officerCode, failures }) => void this.locked.push({ officerCode, failures }),
    });
    return { pins, roster };
  }
}
const told = (officers: RosterEntry[], validMs = 30 * DAY) =>
  ({ type: 'roster', revision: 7, officers, validMs }) as const;

function machineWith(...officers: RosterEntry[]) {
  const machine = new Machine();
  const first = machine.start();
  first.roster.keep(told(officers));
  return { machine, ...first };
}
const codeOf = (answer: PinAnswer | null) => (answer === null ? 'busy' : answer.ok ? 'right' : answer.code);

type Step =
  | { readonly do: 'try'; readonly code: string; readonly right: boolean; readonly cut: boolean }
  | { readonly do: 'pass'; readonly ms: number }
  | { readonly do: 'restart' | 'boot' | 'contact' }
  | { readonly do: 'clock'; readonly byMs: number };
const steps = (codes: readonly string[], rightToo: boolean) =>
  fc.array(
    fc.oneof(
      {
        weight: 12,
        arbitrary: fc.record({
          do: fc.constant('try' as const),
          code: fc.constantFrom(...codes),
          right: rightToo ? fc.boolean() : fc.constant(false),
          cut: fc.nat(9).map((n) => n === 0),
        }),
      },
      {
        weight: 3,
        arbitrary: fc.record({
          do: fc.constant('pass' as const),
          ms: fc.integer({ min: 1, max: 20 * 60_000 }),
        }),
      },
      { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('restart' as const, 'boot' as const) }) },
      {
        weight: 1,
        arbitrary: fc.record({
          do: fc.constant('clock' as const),
          byMs: fc.integer({ min: -9 * DAY, max: 9 * DAY }),
        }),
      },
    ) as fc.Arbitrary<Step>,
    { minLength: 20, maxLength: 120 },
  );

/** Plays steps over processes; each attempt's answer, and whether it was computed. */
async function play(machine: Machine, script: readonly Step[]) {
  let { pins } = machine.start();
  let [upMs, boots] = [0, 0];
  const tries: { code: string; answer: string; computed: boolean; upMs: number; waitMs: number }[] = [];
  for (const step of script) {
    if (step.do === 'pass') {
      machine.mono += step.ms;
      machine.wall += step.ms;
      upMs += step.ms;
    } else if (step.do === 'clock') machine.wall += step.byMs;
    else if (step.do === 'contact') pins.contact();
    else if (step.do === 'try') {
      const from = machine.log.length;
      machine.cut = step.cut;
      const answer = await pins.check(step.code, step.right ? RIGHT : '0000').then(codeOf, () => 'cut');
      const done = machine.log.slice(from);
      const computed = done.includes('computed');
      // On disk first, whatever becomes of it.
      if (computed) expect(done.indexOf('kept')).toBeLessThan(done.indexOf('computed'));
      tries.push({ code: step.code, answer, computed, upMs, waitMs: pins.waitMs(step.code) });
      if (answer === 'cut') ({ pins } = machine.start());
    } else {
      if (step.do === 'boot') {
        boots += 1;
        machine.bootId = `boot-${boots}`;
        machine.mono = 0;
      }
      ({ pins } = machine.start());
    }
  }
  return { tries, upMs };
}

describe('a PIN at the device', () => {
  it('is computed no more often than the rule lets, over restarts, boots, cuts and clock steps', async () => {
    await fc.assert(
      fc.asyncProperty(steps(['CB01', 'CB02', 'NOBODY'], false), async (script) => {
        const { machine } = machineWith(entry(1), entry(2));
        const { tries, upMs } = await play(machine, script);
        const computed = tries.filter((one) => one.computed);
        for (const code of ['CB01', 'CB02', 'NOBODY'])
          expect(computed.filter((one) => one.code === code).length).toBeLessThanOrEqual(
            OFFICER_RULE.free + Math.floor(upMs / OFFICER_RULE.firstMs),
          );
        expect(computed.length).toBeLessThanOrEqual(
          DEVICE_RULE.free + Math.floor(upMs / DEVICE_RULE.firstMs),
        );
      }),
      { numRuns: 300 },
    );
  });

  it('answers an unknown code as a known one, and makes the same work of it', async () => {
    await fc.assert(
      fc.asyncProperty(steps(['CB01'], false), async (script) => {
        const [known, unknown] = [machineWith(entry(1)).machine, machineWith(entry(2)).machine];
        expect((await play(known, script)).tries).toEqual((await play(unknown, script)).tries);
      }),
      { numRuns: 100 },
    );
  });

  it('begins anew for whoever says the right one, and keeps everybody else’s count', async () => {
    const { machine, pins } = machineWith(entry(1), entry(2));
    for (let n = 0; n < 4; n += 1) await pins.check('CB01', '0000');
    for (let n = 0; n < 4; n += 1) await pins.check('CB02', '0000');
    expect(codeOf(await pins.check('CB01', RIGHT))).toBe('right');
    for (let n = 0; n < 4; n += 1) expect(codeOf(await pins.check('CB01', '0000'))).toBe('kiosk.pin_wrong');
    expect(codeOf(await pins.check('CB02', '0000'))).toBe('kiosk.pin_locked');
    expect(machine.locked).toEqual([{ officerCode: 'CB02', failures: 5 }]);
    // Locked, also the right one is not tried.
    expect(codeOf(await pins.check('CB02', RIGHT))).toBe('kiosk.pin_locked');
    machine.mono += OFFICER_RULE.firstMs;
    expect(codeOf(await pins.check('CB02', RIGHT))).toBe('right');
  });

  it('a wait of the device ends with its time, not with a line that is cut and comes back', async () => {
    const { machine, pins } = machineWith(entry(1));
    for (let n = 0; n < DEVICE_RULE.free; n += 1) await pins.check(`KHAC${n}`, '0000');
    expect(machine.locked).toEqual([{ officerCode: null, failures: 20 }]);
    pins.contact();
    expect(codeOf(await machine.start().pins.check('CB01', RIGHT))).toBe('kiosk.pin_locked');
    machine.mono += DEVICE_RULE.firstMs;
    const next = machine.start().pins;
    // A start begins the wait anew.
    expect(next.waitMs(null)).toBe(DEVICE_RULE.firstMs);
    machine.mono += DEVICE_RULE.firstMs;
    next.contact();
    expect(codeOf(await next.check('CB01', RIGHT))).toBe('right');
    expect(machine.kept.get('pin-attempts')).not.toContain('KHAC');
  });

  it('keeps a bounded number of codes of nobody', async () => {
    const { machine, pins } = machineWith(entry(1));
    for (let n = 0; n < 200; n += 1) {
      machine.mono += 3_600_000;
      await pins.check(`KHAC${n}`, '0000');
    }
    const { officers } = JSON.parse(machine.kept.get('pin-attempts')!) as { officers: object };
    expect(Object.keys(officers).length).toBeLessThan(80);
  });

  it('is not computed when the count cannot be kept, nor beside another one', async () => {
    const { machine, pins } = machineWith(entry(1));
    machine.full = true;
    expect(codeOf(await pins.check('CB01', RIGHT))).toBe('kiosk.cannot_store');
    expect(machine.log).toEqual([]);
    machine.full = false;
    const [one, other] = await Promise.all([pins.check('CB01', RIGHT), pins.check('CB01', RIGHT)]);
    expect([codeOf(one), codeOf(other)]).toEqual(['right', 'busy']);
  });

  it('counts on a real database over processes', async () => {
    await using folder = await tempFolder('pin-count');
    const { machine } = machineWith(entry(1));
    const file = join(folder.path, 'agent.db');
    for (let n = 0; n < 5; n += 1) {
      const db = openDatabase(file);
      machine.settings = new SqliteSettings(db);
      await machine.start().pins.check('CB01', '0000');
      db.close();
    }
    const db = openDatabase(file);
    machine.settings = new SqliteSettings(db);
    machine.wall += 365 * DAY;
    expect(codeOf(await machine.start().pins.check('CB01', RIGHT))).toBe('kiosk.pin_locked');
    db.close();
  });
});

describe('a roster', () => {
  it('is believed for as long as the hub allowed after its last word, over boots too', () => {
    const { machine, roster } = machineWith(entry(1), entry(2, null));
    expect([roster.verifiable('CB01') !== null, roster.verifiable('CB02')]).toEqual([true, null]);
    const pass = (ms: number) => {
      machine.mono += ms;
      machine.wall += ms;
    };
    // A line that stayed up for a month and breaks now.
    pass(40 * DAY);
    roster.heard();
    pass(30 * DAY);
    expect(roster.isUsable).toBe(true);
    Object.assign(machine, { bootId: 'boot-1', mono: 0 });
    expect(machine.start().roster.isUsable).toBe(true);
    pass(1);
    expect(machine.start().roster.isUsable).toBe(false);
  });

  it('that cannot be replaced is removed, since it may name somebody who left; hearing the hub alone removes nothing', () => {
    const { machine, roster } = machineWith(entry(1));
    machine.full = true;
    roster.heard();
    expect(machine.start().roster.isUsable).toBe(true);
    roster.keep(told([entry(2)]));
    expect(roster.isUsable).toBe(true);
    expect(machine.start().roster.isUsable).toBe(false);
  });

  it('lies in a file of its own that fits its checksum, or counts as absent', async () => {
    await using folder = await tempFolder('roster-file');
    const path = join(folder.path, 'roster');
    const file = rosterFile(path);
    expect(file.read()).toBeNull();
    expect(file.write({ a: 1 })).toBe(true);
    expect([file.read(), statSync(path).mode & 0o077]).toEqual([{ a: 1 }, 0]);
    // Where the new one is written there is no room for it.
    mkdirSync(`${path}.part/x`, { recursive: true });
    expect([file.write({ a: 2 }), file.read()]).toEqual([false, { a: 1 }]);
    rmSync(`${path}.part`, { recursive: true });
    writeFileSync(path, readFileSync(path, 'utf8').replace('1', '3'));
    expect(file.read()).toBeNull();
    file.remove();
    expect(existsSync(path)).toBe(false);
  });

  it('of nobody leaves nobody', () => {
    const { machine, roster } = machineWith(entry(1));
    roster.keep(told([]));
    expect(machine.start().roster.isUsable).toBe(false);
    expect(machine.roster).not.toContain(profile(1).name);
  });
});

describe('a sealed verifier', () => {
  it('opens with this device’s key alone, for its officer and revision, and not when it costs more than allowed', async () => {
    await using folder = await tempFolder('pin-box');
    const own = loadDeviceKey(join(folder.path, 'device-key.pem'));
    const copy = loadDeviceKey(join(folder.path, 'other-key.pem'));
    const [box, other] = [openPinBox(own), openPinBox(copy)];
    const stated = new TextEncoder().encode(`hailong-box-v1\n${own.device}\n${box.stated.key}\n`);
    expect(verifyEd25519(own.publicKey, stated, box.stated.sig)).toBe(true);
    // The box is of the key, not of the process.
    const again = openPinBox(loadDeviceKey(join(folder.path, 'device-key.pem')));
    expect(again.stated.key).toBe(box.stated.key);

    const verifier = await createHasher({ N: 1_024, r: 8, p: 1, maxmem: 64 * 1024 * 1024 }).hash(RIGHT);
    const officer = (profile(1) as OfficerProfile).id;
    const seal = sealRoster(own.device, box.stated.key)!;
    const sealed = seal(officer, 7, verifier);
    expect(await again.verify({ sealed, officer, revision: 7 }, RIGHT)).toBe(true);
    expect(await box.verify({ sealed, officer, revision: 7 }, '0000')).toBe(false);
    expect(await other.verify({ sealed, officer, revision: 7 }, RIGHT)).toBe(false);
    expect(await box.verify({ sealed, officer, revision: 8 }, RIGHT)).toBe(false);
    expect(await box.verify({ sealed, officer: profile(2).id, revision: 7 }, RIGHT)).toBe(false);
    expect(await box.verify({ sealed: sealed.slice(0, 40), officer, revision: 7 }, RIGHT)).toBe(false);
    expect(await box.verify(null, RIGHT)).toBe(false);
    const costly = seal(officer, 7, verifier.replace('$1024$', '$65536$'));
    expect(await box.verify({ sealed: costly, officer, revision: 7 }, RIGHT)).toBe(false);
  });
});
