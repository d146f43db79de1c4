/*
 * Purpose: sixty days of an office with fifty kiosks, before its hub dies: real keys and chains, duties and transactions
 * asked for at the hub and made true by the kiosks, kiosks that were enrolled on the way, backups of every age, and what
 * the kiosks did after the hub was gone. The hub itself, once it has heard that too, is the control: it never died.
 */
import { randomUUID } from 'node:crypto';
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { CounterId, OfficerId, UnitId } from '@hailong/shared/ids.ts';
import type { EventBody } from '@hailong/shared/model/event.ts';
import { writeBackup } from '../../../hub-server/src/adapters/backup/write-backup.ts';
import { databaseFile } from '../../../hub-server/src/adapters/sqlite/open-database.ts';
import { createHubCore } from '../../../hub-server/src/application/hub-core.ts';
import { LiveBus } from '../../../hub-server/src/application/live-bus.ts';
import { unwatched } from '../../../hub-server/src/application/ports/progress.ts';
import { openMirror } from '../../../hub-server/src/commands/open-mirror.ts';
import { type KeptHub, type KeptKiosk, keptHub } from '../../support/kept-hub.ts';
import { HubSide, kioskMemory, speak } from '../../support/kiosk-line.ts';
import type { Place } from '../../support/test-device.ts';
import { type Random, randomOf } from '../mutations/random.ts';

export const KIOSKS = 50;
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const BEGINS = Date.UTC(2026, 8, 24, 1);
export const DIED = BEGINS + 60 * DAY_MS;
/** Minutes before the hub died. */
export const AGES_MIN: readonly number[] = [
  ...[0, 1, 10, 60, 240, 720, 1_440, 2_880, 4_320, 7_200, 10_080, 14_400, 20_160, 28_800],
  ...[36_000, 43_200, 50_400, 57_600, 72_000, 86_400],
];

export interface KioskAtDeath {
  readonly kiosk: KeptKiosk;
  readonly acknowledged: ReadonlyMap<string, number>;
  readonly checkpoint: KeptKiosk['device']['checkpoint'];
}
export interface SixtyDays {
  readonly recoveryKey: string;
  /** Under which everything was acknowledged until it died. */
  readonly lineage: string;
  /** By age in minutes: the folder, and how many votes by phone had been given by then. */
  readonly backups: ReadonlyMap<number, { readonly folder: string; readonly privateVotes: number }>;
  /** The folder of the hub as it was when it died: its keys lie in there. */
  readonly dead: string;
  /** The hub that never died and has heard everything; stopped. */
  readonly control: string;
  readonly kiosks: readonly KioskAtDeath[];
  /** Votes a citizen was thanked for. */
  readonly thanked: number;
  readonly askedAtHub: number;
  /** Transactions voted on by phone, in order: facts of the hub's own chain, which no kiosk holds. */
  readonly privateVotes: readonly string[];
  /** The second medium of the hub's chain. */
  readonly mirror: string;
}

class Office {
  readonly kept: KeptHub;
  readonly kiosks: KeptKiosk[] = [];
  readonly #random: Random = randomOf(2026);
  readonly #core;
  readonly #places = new Map<KeptKiosk, Place>();
  /** Asked for at the hub, not yet answered: bodies that will answer it. */
  readonly #asked = new Map<KeptKiosk, { transaction: string; intent: string }>();
  now = BEGINS;
  /** No hub: nothing can be asked of it. */
  dead = false;
  thanked = 0;
  askedAtHub = 0;
  readonly privateVotes: string[] = [];

  constructor(kept: KeptHub) {
    this.kept = kept;
    const { storage, admin } = kept.hub;
    const links = {
      ...{
        onlineSince: () => null,
        offerIntents: async () => undefined,
        configChanged: async () => undefined,
      },
      ...{ profileChanged: async () => undefined, safeMoved: async () => undefined, end: () => undefined },
    };
    this.#core = createHubCore({
      ...{ ...storage, links: links as never, bus: new LiveBus(), secrets: admin.secrets },
      ...{ own: admin.own, slipCodes: admin.slipCodes },
      clock: { now: () => this.now, monotonic: () => this.now } as never,
    });
  }

  async enrol(): Promise<void> {
    const kiosk = await this.kept.enrol();
    kiosk.device.at = this.now;
    this.kiosks.push(kiosk);
    await this.day(kiosk, true);
  }

  /** A moment of one kiosk: an anchor, sometimes a restart or another officer, one or two services. */
  async day(kiosk: KeptKiosk, first = false): Promise<void> {
    const { device } = kiosk;
    const restarted = !first && this.#random.below(12) === 0;
    if (restarted) this.kept.start(kiosk);
    const chain = kiosk.chains.at(-1)!;
    device.mono += Math.max(0, this.now - device.at);
    device.at = Math.max(device.at, this.now);
    this.#anchor(kiosk);
    if (!this.dead && (first || restarted || this.#random.below(6) === 0)) await this.#duty(kiosk);
    const place = this.#places.get(kiosk)!;
    const asked = this.#asked.get(kiosk);
    this.#asked.delete(kiosk);
    const level = (1 + this.#random.below(5)) as 1 | 2 | 3 | 4 | 5;
    device.serve(chain, place, { level, dossier: `H21.27-${this.#random.below(1e6)}`, ...asked });
    this.thanked++;
    if (!this.dead && this.#random.below(10) === 0) await this.#privateVote(kiosk);
  }

  /** The citizen scans the ticket and votes on a phone: a fact of the hub's own chain. */
  async #privateVote({ device, chains }: KeptKiosk): Promise<void> {
    const opened = chains
      .at(-1)!
      .bytes.map((bytes) => (JSON.parse(Buffer.from(bytes).toString('utf8')) as { body: EventBody }).body)
      .findLast((body) => body.type === 'rating.opened');
    if (opened?.type !== 'rating.opened') throw new Error('no rating was opened');
    const { storage, admin } = this.kept.hub;
    const { rating, transaction } = opened;
    const voted = await storage.ownChain.votePrivate({
      ...{ route: { via: 'ticket', device: device.device, rating, transaction }, phone: randomUUID() },
      ...{ validMs: DAY_MS, at: this.now, vote: randomUUID() },
      ...{ revoked: false, said: { stage: null, instrument: null }, chips: null },
      ...{
        writer: { ...admin.own.writer(), at: this.now },
        answers: [{ question: 'overall', level: 2 }] as never,
      },
    });
    if (!voted.ok) throw new Error(voted.code);
    await admin.own.secured(voted.place);
    this.privateVotes.push(transaction);
  }

  #anchor({ device, chains }: KeptKiosk): void {
    const nonce = `nonce-${this.#random.below(1e9)}-${device.mono}`;
    const hubAt = device.at;
    const sig = this.kept.hub.keys.sign(
      Buffer.from(`hailong-anchor-v1\n${device.device}\n${nonce}\n${hubAt}`),
    );
    device.append(chains.at(-1)!, { type: 'time.anchor', hubAt, rttMs: 20, nonce, sig } as EventBody);
  }

  /** An officer logs in at the station: the hub asks, the kiosk makes it true. */
  async #duty(kiosk: KeptKiosk): Promise<void> {
    const { device, chains } = kiosk;
    const [officer, unit] = [kiosk.place.officer, kiosk.place.unit];
    const asked = await this.#core.startDuty({
      counterId: kiosk.place.counter as CounterId,
      profile: {
        ...{ id: officer as OfficerId, code: 'CB01', name: 'Lê An', position: 'Chuyên viên', photo: null },
        ...{ unitId: unit as UnitId, unitName: 'BA', revision: 1 },
      } as never,
    });
    if (!asked.ok) throw new Error(asked.code);
    this.askedAtHub++;
    const duty = asked.value.dutyId;
    this.#places.set(kiosk, { ...kiosk.place, duty });
    device.append(chains.at(-1)!, {
      ...{ type: 'duty.started', duty, intent: asked.value.intentId, officer, officerCode: 'CB01', unit },
      counter: kiosk.place.counter,
    } as EventBody);
  }

  /** Transactions that the e-government system opens now and the kiosks make true at their next moment. */
  async ask(): Promise<void> {
    for (const kiosk of this.kiosks) {
      if (this.#asked.has(kiosk) || this.#random.below(5) !== 0) continue;
      const asked = await this.#core.openTransaction({
        ...{ officerCode: null, counterId: kiosk.place.counter as CounterId, dossierCodes: ['H21.27-1'] },
        ...{
          procedureCode: '1.001193',
          stage: 'return' as never,
          queueNumber: null,
          expiresInMs: 90 * DAY_MS,
        },
      });
      if (!asked.ok) throw new Error(asked.code);
      this.askedAtHub++;
      const { transactionId, intentId } = asked.value;
      this.#asked.set(kiosk, { transaction: transactionId, intent: intentId });
    }
  }
}

/** Moments of the office, oldest first: every second day, and around each backup. */
function moments(everyDays: number): { at: number; age: number | null }[] {
  const all: { at: number; age: number | null }[] = AGES_MIN.map((age) => ({
    at: DIED - age * MINUTE_MS,
    age,
  }));
  for (let day = 1; day < 60; day += everyDays) all.push({ at: BEGINS + day * DAY_MS, age: null });
  return all.sort((a, b) => a.at - b.at);
}

export async function sixtyDays(folder: string, everyDays: number): Promise<SixtyDays> {
  const dir = join(folder, 'hub');
  await using kept = await keptHub(dir);
  const mirror = join(folder, 'mirror');
  const second = await openMirror({ dataDir: dir, json: false }, mirror, kept.hub);
  await kept.hub.storage.ownChain.begin(kept.hub.admin.own.writer());
  const office = new Office(kept);
  const backups = new Map<number, { folder: string; privateVotes: number }>();
  while (office.kiosks.length < KIOSKS - 4) await office.enrol();
  for (const [n, { at, age }] of moments(everyDays).entries()) {
    office.now = at - 30_000;
    // Four come later: older backups have never heard of them.
    if (n % 10 === 9 && office.kiosks.length < KIOSKS) await office.enrol();
    for (const kiosk of office.kiosks) {
      await office.day(kiosk);
      await kept.sync(kiosk);
      if (n % 4 === 0) await kept.witness(kiosk);
    }
    await office.ask();
    if (age === null) continue;
    const { keys } = kept.hub;
    const written = await writeBackup({
      ...{ dataDir: dir, into: join(folder, 'medium'), at: at as never, build: 'prove', keys },
      ...{ withKeys: true, progress: unwatched },
    });
    if (written.verdict.found > 0) throw new Error(JSON.stringify(written.verdict.first));
    backups.set(age, { folder: written.folder, privateVotes: office.privateVotes.length });
  }
  for (const kiosk of office.kiosks) await kept.witness(kiosk);
  const acknowledged = office.kiosks.map(
    ({ chains }) => new Map(chains.map(({ epoch, bytes }) => [epoch, bytes.length])),
  );
  const dead = join(folder, 'dead');
  cpSync(join(dir, 'keys'), join(dead, 'keys'), { recursive: true });
  // The hub is gone; citizens are still served. What kiosks hold of the log is what it said last.
  office.now = DIED + MINUTE_MS;
  office.dead = true;
  for (const kiosk of office.kiosks) await office.day(kiosk);
  const kiosks = office.kiosks.map((kiosk, n) => {
    // A kiosk that started anew meanwhile has an epoch nobody was told of.
    for (const { epoch } of kiosk.chains) if (!acknowledged[n]!.has(epoch)) acknowledged[n]!.set(epoch, 0);
    return { kiosk, acknowledged: acknowledged[n]!, checkpoint: kiosk.device.checkpoint };
  });
  const control = new HubSide(kept.hub.storage, kept.hub.keys, () => DIED + 2 * MINUTE_MS);
  for (const each of kiosks) {
    const alarms = await speak(control, each.kiosk, {
      ...kioskMemory(each.kiosk),
      acknowledged: new Map(each.acknowledged),
    });
    if (alarms.length > 0) throw new Error(`control: ${alarms.join(', ')}`);
  }
  await kept.hub.storage.inbox.project();
  const { lineage } = await kept.hub.storage.recovery.show();
  await second.close();
  await kept.close();
  rmSync(`${databaseFile(dir)}-shm`, { force: true });
  return {
    ...{ recoveryKey: kept.recoveryKey, lineage, backups, dead, control: dir, kiosks },
    ...{ thanked: office.thanked, askedAtHub: office.askedAtHub, privateVotes: office.privateVotes, mirror },
  };
}
