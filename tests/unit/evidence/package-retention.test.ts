/*
 * Written packages go by rule and never earlier: real rows, log, folders and pages' answers, a clock of the test's own. The order comes
 * first, then the folder, then the proof, wherever it is cut; what disagrees is named by `verify` and mended by the command.
 */
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PackageAnswer } from '@hailong/shared/protocol/evidence.ts';
import type { MonotonicMs } from '@hailong/shared/time.ts';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { openSnapshot } from '../../../hub-server/src/adapters/sqlite/verify-reader.ts';
import { checkPackages, RemovalRows } from '../../../hub-server/src/adapters/verify/check-packages.ts';
import {
  type ExpireParts,
  expirePackages,
  expirePackagesJob,
} from '../../../hub-server/src/application/evidence/expire-packages.ts';
import { keepAge, lookAt } from '../../../hub-server/src/application/footage/keep-age.ts';
import { operateActs } from '../../../hub-server/src/commands/operate-acts.ts';
import { packageEnd } from '../../../hub-server/src/domain/evidence/package-retention.ts';
import { Verdict } from '../../../hub-server/src/domain/verify/finding.ts';
import { type Caller, NOW, type Office, openOffice } from '../hub-http/office.ts';
import { type WrittenPackage, writtenPackage } from './written-package.ts';

const DAY = 86_400_000;
const HOUR = 3_600_000;

let office: Office;
let counterId: string;
let [asker, second]: Caller[] = [];
let disk: ExpireParts;
/** A hub whose clock is believed. */
const aged = { now: async () => office.clock.at };
let admin: string;
const root = () => join(office.data, 'evidence');
const lying = () => (existsSync(root()) ? readdirSync(root()).sort() : []);

beforeAll(async () => {
  office = await openOffice();
  const seeded = await office.seed();
  counterId = seeded.counters[0];
  [asker, second] = [await office.login('thanhtra'), await office.login('thanhtra2')];
  const { folders } = office.admin.evidence;
  disk = { storage: office.storage, clock: office.clock, folders };
  const [issued] = await operateActs(office.admin, {
    ...{ verb: 'token-issue', user: 'quantri', name: 'x', scopes: ['export'], days: 90 },
  });
  admin = String(issued?.['token']);
});
afterAll(() => office.close());
beforeEach(() => {
  office.clock.at = NOW;
});

const write = (): Promise<WrittenPackage> =>
  writtenPackage(office, asker as Caller, second as Caller, counterId);
const close = (caseId: string) =>
  (asker as Caller).call('PATCH', `/api/v1/cases/${caseId}`, { status: 'closed' });
const shown = async ({ caseId, id }: WrittenPackage): Promise<PackageAnswer> =>
  (await (asker as Caller).call('GET', `/api/v1/cases/${caseId}/packages`))
    .json()
    .packages.find((each: PackageAnswer) => each.id === id);
async function fetchIt({ id }: WrittenPackage): Promise<number> {
  const address = await (asker as Caller).call('POST', `/api/v1/packages/${id}/address`, {});
  if (address.statusCode !== 200) return address.statusCode;
  return (await (asker as Caller).call('GET', address.json().url)).statusCode;
}
async function passed(ms: number): Promise<number> {
  office.clock.at += ms;
  await office.storage.holds.keep({ at: office.clock.at });
  await office.storage.holds.lapse({ at: office.clock.at });
  return expirePackages(disk, aged);
}
/** Sessions outlive no month. */
async function anew(): Promise<void> {
  [asker, second] = [await office.login('thanhtra'), await office.login('thanhtra2')];
}
/** Acts of the log about it, oldest first. */
function logged({ id }: WrittenPackage): string[] {
  const db = new Database(join(office.data, 'hub.sqlite'), { readonly: true });
  const rows = db.prepare('SELECT action FROM audit_log WHERE instr(body, ?) > 0 ORDER BY seq').all(id) as {
    action: string;
  }[];
  db.close();
  return rows.map(({ action }) => action);
}
/** What `verify` says of packages. */
function found(snapshot = openSnapshot(join(office.data, 'hub.sqlite'))): string[] {
  const [verdict, removals] = [new Verdict(), new RemovalRows()];
  for (const row of snapshot.all<{ action: string; body: string | null }>(
    'SELECT action, body FROM audit_log ORDER BY seq',
  ))
    removals.hear(row);
  checkPackages(snapshot, { dataDir: office.data, files: true }, removals, verdict);
  snapshot.close();
  return verdict.findings.map(
    ({ code, place }) => `${code} ${place.file?.slice(root().length + 1) ?? place.key}`,
  );
}

describe('the rule', () => {
  const moment = fc.integer({ min: 0, max: 400 * DAY });
  const kept = fc.record({
    writtenAt: moment,
    fetchedAt: fc.option(moment),
    caseClosedAt: fc.option(moment),
    heldUntil: fc.option(fc.oneof(fc.constant(0), moment)),
    addressUntil: moment,
  });
  const rule = fc.record({
    fetchedDays: fc.integer({ min: 1, max: 60 }),
    closedDays: fc.integer({ min: 1, max: 60 }),
  });
  it('lets nothing go while its case is open or held, before its days, or under an address', () => {
    fc.assert(
      fc.property(kept, rule, (it, days) => {
        const end = packageEnd(it, days);
        if (it.caseClosedAt === null || it.heldUntil === null) {
          expect(end).toBeNull();
          return;
        }
        const { at = 0 } = end ?? {};
        expect(at).toBeGreaterThanOrEqual(Math.max(it.caseClosedAt, it.heldUntil, it.addressUntil));
        const closed = Math.max(it.caseClosedAt, it.writtenAt) + days.closedDays * DAY;
        const fetched = it.fetchedAt === null ? closed : it.fetchedAt + days.fetchedDays * DAY;
        expect(at).toBeGreaterThanOrEqual(Math.min(closed, fetched));
        expect(at).toBe(Math.max(Math.min(closed, fetched), it.caseClosedAt, it.heldUntil, it.addressUntil));
        expect(end?.rule).toBe(fetched < closed ? 'fetched' : 'case-closed');
      }),
    );
  });
});

describe('a package', () => {
  it('stays while its case is open, fetched or not, and goes some days after it was fetched once it closed', async () => {
    await anew();
    const kept = await write();
    expect(await fetchIt(kept)).toBe(200);
    expect(await passed(400 * DAY)).toBe(0);
    await anew();
    expect(await shown(kept)).toMatchObject({ state: 'ready', keptUntil: null });
    await close(kept.caseId);
    // Fetched long ago, closed now: at once due but for what is still held.
    const { keptUntil } = await shown(kept);
    expect(keptUntil).toBeGreaterThanOrEqual(office.clock.at);
    expect(await passed((keptUntil ?? 0) - office.clock.at - 1)).toBe(0);
    expect(lying()).toContain(kept.name);
    expect(await passed(1 + HOUR)).toBe(1);
    expect(lying()).toEqual([]);
    expect(logged(kept).slice(-2)).toEqual(['evidence.removal', 'evidence.removed']);
    await anew();
    expect(await shown(kept)).toMatchObject({ state: 'removed', removedReason: 'fetched', keptUntil: null });
    expect((await shown(kept)).packageHash).toMatch(/^[0-9a-f]{64}$/);
    expect(await fetchIt(kept)).toBe(410);
    expect(found()).toEqual([]);
  });

  it('goes some days after its case closed when nobody fetched it, by days that an administrator sets', async () => {
    await anew();
    const kept = await write();
    await close(kept.caseId);
    const rule = { fetchedDays: 5, closedDays: 40 };
    const set = await operateActs(office.admin, { verb: 'evidence-rule', token: admin, ...rule });
    expect(set).toMatchObject([{ event: 'rule', ...rule }]);
    expect((await office.storage.access.audit({ before: null, limit: 1 }))[0]).toMatchObject({
      ...{ action: 'evidence.rule', actor: 'user:quantri' },
    });
    expect((await shown(kept)).keptUntil).toBe(NOW + 40 * DAY);
    expect(await passed(40 * DAY - 1)).toBe(0);
    expect(await passed(1)).toBe(1);
    expect(lying()).toEqual([]);
    await anew();
    expect(await shown(kept)).toMatchObject({ removedReason: 'case-closed', removedAt: NOW + 40 * DAY });
    const nobody = await operateActs(office.admin, {
      ...{ verb: 'token-issue', user: 'thanhtra', name: 'x', scopes: ['export'], days: 30 },
    });
    await expect(
      operateActs(office.admin, { verb: 'evidence-rule', token: String(nobody[0]?.['token']), ...rule }),
    ).rejects.toMatchObject({ code: 'access.refused' });
  });

  it('stays as long as anything of its case is held, and while an address lives', async () => {
    await anew();
    const kept = await write();
    await close(kept.caseId);
    await fetchIt(kept);
    const db = new Database(join(office.data, 'hub.sqlite'));
    db.prepare(
      `INSERT INTO footage_hold (id, request, kind, subject, camera_id, from_at, to_at, asked_by, asked_at, until)
       VALUES (?,?,'manual',?,'c',1,2,'user:quantri',?,?)`,
    ).run(randomUUID(), randomUUID(), kept.caseId, NOW, NOW + 300 * DAY);
    db.close();
    expect((await shown(kept)).keptUntil).toBe(NOW + 300 * DAY);
    expect(await passed(299 * DAY)).toBe(0);
    await anew();
    const address = await (asker as Caller).call('POST', `/api/v1/packages/${kept.id}/address`, {});
    const { expiresAt } = address.json();
    office.clock.at = NOW + 300 * DAY - 10 * 60_000;
    await anew();
    const last = await (asker as Caller).call('POST', `/api/v1/packages/${kept.id}/address`, {});
    expect(last.json().expiresAt).toBeGreaterThan(NOW + 300 * DAY);
    expect(expiresAt).toBeLessThan(office.clock.at);
    expect(await passed(15 * 60_000)).toBe(0);
    expect(await passed(20 * 60_000)).toBe(1);
  });
});

describe('a clock that was set ahead', () => {
  it('lets nothing go, and says so, until two people confirm it', async () => {
    await anew();
    const kept = await write();
    await close(kept.caseId);
    await office.storage.holds.keep({ at: NOW });
    let bootMs = 5 * DAY;
    const told: unknown[] = [];
    const clock = { now: () => office.clock.now(), monotonic: () => bootMs as MonotonicMs };
    const looked = { hubClock: office.storage.hubClock, clock, boot: 'b' };
    const age = keepAge({ ...looked, ntp: () => null, report: (error) => told.push(error) });
    const job = expirePackagesJob(disk, age);
    await job.run(0);
    office.clock.at += 91 * DAY;
    bootMs += HOUR;
    await job.run(0);
    expect(lying()).toEqual([kept.name]);
    expect(logged(kept)).not.toContain('evidence.removal');
    expect(told).toHaveLength(1);
    const by = ['An', 'Bình'];
    await office.storage.hubClock.confirm({ now: lookAt(looked), by, reason: 'set right' });
    await office.storage.holds.lapse({ at: office.clock.at });
    await job.run(0);
    expect(lying()).toEqual([]);
  });
});

describe('data that was moved', () => {
  it('hands over what lies there now, wherever it was written', async () => {
    await anew();
    const kept = await write();
    const db = new Database(join(office.data, 'hub.sqlite'));
    db.prepare('UPDATE evidence_package SET folder = ? WHERE id = ?').run(
      `/srv/old/evidence/${kept.name}`,
      kept.id,
    );
    db.close();
    expect(await fetchIt(kept)).toBe(200);
    await close(kept.caseId);
    await passed(400 * DAY);
    expect(lying()).toEqual([]);
  });
});

describe('a removal that is cut', () => {
  it('goes on with what was ordered: before the folder, half-way, before the proof', async () => {
    await anew();
    const all = [await write(), await write(), await write()];
    for (const { caseId } of all) await close(caseId);
    office.clock.at += 200 * DAY;
    await office.storage.holds.lapse({ at: office.clock.at });
    expect(await office.storage.evidence.orderRemovals({ at: office.clock.at })).toBe(3);
    const [first, half, last] = all as [WrittenPackage, WrittenPackage, WrittenPackage];
    // The disk as a crash leaves it.
    mkdirSync(`${half.folder}.gone`);
    rmSync(half.folder, { recursive: true });
    rmSync(last.folder, { recursive: true });
    await anew();
    expect(await shown(first)).toMatchObject({ state: 'removed' });
    expect(await fetchIt(first)).toBe(410);
    expect(lying()).toEqual([first.name, `${half.name}.gone`]);
    expect(await expirePackages(disk, aged)).toBe(3);
    expect(lying()).toEqual([]);
    for (const each of all)
      expect(logged(each).filter((action) => /remov/.test(action))).toEqual([
        'evidence.removal',
        'evidence.removed',
      ]);
    expect(await expirePackages(disk, aged)).toBe(0);
    expect(found()).toEqual([]);
  });

  it('holds up no other where one folder cannot be removed', async () => {
    await anew();
    const [stuck, free] = [await write(), await write()];
    for (const { caseId } of [stuck, free]) await close(caseId);
    office.clock.at += 200 * DAY;
    await office.storage.holds.lapse({ at: office.clock.at });
    const bad: ExpireParts = {
      ...disk,
      folders: {
        ...disk.folders,
        async remove(name) {
          if (name === stuck.name) throw new Error('EIO');
          return disk.folders.remove(name);
        },
      },
    };
    await expect(expirePackages(bad, aged)).rejects.toThrow('EIO');
    expect(lying()).toEqual([stuck.name]);
    expect(logged(stuck).at(-1)).toBe('evidence.removal');
    expect(await expirePackages(disk, aged)).toBe(1);
    expect(lying()).toEqual([]);
  });

  it('never leads out of its folder', async () => {
    for (const name of ['..', '.', '', '../footage', 'a/b', '/etc'])
      await expect(disk.folders.remove(name)).rejects.toMatchObject({ code: 'request.invalid' });
    expect(existsSync(office.data)).toBe(true);
  });
});

describe('verify and repair', () => {
  const old = (name: string) => utimesSync(join(root(), name), NOW / 1000 - 86_400, NOW / 1000 - 86_400);
  const repair = (apply: boolean) =>
    operateActs(office.admin, { verb: 'evidence-repair', token: admin, apply });
  it('name what is missing, altered, strange or half removed, and mend it in a name', async () => {
    await anew();
    const [gone, changed] = [await write(), await write()];
    rmSync(gone.folder, { recursive: true });
    writeFileSync(join(changed.folder, 'manifest.json'), `{"id":"${randomUUID()}"}\n`);
    mkdirSync(join(root(), 'KN-2026-0099-khong-ai-biet'));
    mkdirSync(join(root(), `${randomUUID()}.gone`));
    mkdirSync(join(root(), `KN-2026-0001-${randomUUID()}.part`));
    for (const name of lying()) old(name);
    mkdirSync(join(root(), 'dang-ghi'));
    const strange = lying().filter((name) => name !== changed.name && name !== 'dang-ghi');
    expect(found().sort()).toEqual(
      [
        ...[`evidence.missing ${gone.name}`, `evidence.altered ${changed.name}/manifest.json`],
        ...strange.map((name) => `evidence.orphan ${name}`),
      ].sort(),
    );
    expect(await repair(false)).toEqual([{ event: 'found', missing: [gone.id], strange, unfinished: [] }]);
    expect(lying()).toContain(strange[0]);
    await repair(true);
    expect(lying()).toEqual([changed.name, 'dang-ghi'].sort());
    expect(await shown(gone)).toMatchObject({ state: 'removed', removedReason: 'lost' });
    expect(logged(gone).slice(-3)).toEqual(['evidence.repaired', 'evidence.removal', 'evidence.removed']);
    expect(found()).toEqual([`evidence.altered ${changed.name}/manifest.json`]);
    expect(await repair(false)).toMatchObject([{ missing: [], strange: [], unfinished: [] }]);
  });

  it('accuse nothing that a hub beside them wrote or removed since they began', async () => {
    await anew();
    const [goes, unlucky] = [await write(), await write()];
    await close(goes.caseId);
    const snapshot = openSnapshot(join(office.data, 'hub.sqlite'));
    const later = await write();
    office.clock.at = Math.max(NOW + 200 * DAY, Date.now());
    await office.storage.holds.lapse({ at: office.clock.at });
    await expirePackages(disk, aged);
    expect(lying()).not.toContain(goes.name);
    mkdirSync(`${goes.folder}.gone`);
    rmSync(unlucky.folder, { recursive: true });
    // The parts before this one took hours.
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 3 * HOUR });
    try {
      const names = [goes, unlucky, later].map(({ name }) => name);
      expect(found(snapshot).filter((line) => names.some((name) => line.includes(name)))).toEqual([
        `evidence.missing ${unlucky.name}`,
      ]);
    } finally {
      vi.useRealTimers();
    }
    rmSync(`${goes.folder}.gone`, { recursive: true });
    expect(lying()).toContain(later.name);
    office.clock.at = NOW;
    await repair(true);
  });

  it('days that no row of the log set contradict it', () => {
    const db = new Database(join(office.data, 'hub.sqlite'));
    const held = db.prepare('SELECT closed_days AS days FROM package_rule').get() as { days: number };
    db.exec('UPDATE package_rule SET closed_days = 1');
    expect(found()).toContain('log.contradicts undefined');
    db.prepare('UPDATE package_rule SET closed_days = ?').run(held.days);
    db.close();
    expect(found()).not.toContain('log.contradicts undefined');
  });

  it.each([
    [
      'a removal that no row of the log ordered',
      `UPDATE evidence_package SET removed_at = 1, removed_reason = 'fetched', gone_at = 1 WHERE removed_at IS NULL`,
    ],
    [
      'a removal taken back',
      'UPDATE evidence_package SET removed_at = NULL, removed_reason = NULL, gone_at = NULL WHERE removed_at IS NOT NULL',
    ],
    [
      'another reason',
      `UPDATE evidence_package SET removed_reason = 'case-closed' WHERE removed_reason = 'lost'`,
    ],
  ])('%s contradicts the log', (_what, sql) => {
    const db = new Database(join(office.data, 'hub.sqlite'));
    db.exec('CREATE TEMP TABLE was AS SELECT * FROM evidence_package');
    db.exec(sql);
    expect(found().some((line) => line.startsWith('log.contradicts'))).toBe(true);
    for (const column of ['removed_at', 'removed_reason', 'gone_at'])
      db.exec(
        `UPDATE evidence_package SET ${column} = (SELECT ${column} FROM was WHERE was.id = evidence_package.id)`,
      );
    db.close();
    expect(found().some((line) => line.startsWith('log.contradicts'))).toBe(false);
  });
});
