/*
 * Purpose: everything there is in one history: true time, network, hub, machines, people, the ledger, and what happened
 * to them. It starts them, heals everything at the end and drains every line. Faults are in faults.ts, the promise in
 * promise.ts. Refuses: nothing.
 */

import type { Enrolment } from '../../kiosk-app/agent/application/ports.ts';
import { toHex } from '../../shared/src/edge/event.ts';
import type { Hwid } from '../../shared/src/ids.ts';
import type { LogHead } from '../../shared/src/log/checkpoint.ts';
import type { Screen } from '../../shared/src/protocol/ui.ts';
import { vietnamMonthBounds } from '../../shared/src/time.ts';
import { CitizenLedger, type Gone, type Tap } from './citizen-ledger.ts';
import { Hub } from './hub.ts';
import type { HubDisk } from './hub-disk.ts';
import { type KeyPair, type Keyring, realKeys, standInKeys } from './keyring.ts';
import { type Image, Kiosk } from './kiosk.ts';
import { KioskDisk, OpenedDisk, type Row } from './kiosk-disk.ts';
import { type CounterPlace, configOf, formOf, Office, placeOf } from './office.ts';
import { Phones } from './phones.ts';
import { Prng } from './prng.ts';
import type { Seams } from './seams.ts';
import { Trace } from './trace.ts';
import { Network } from './virtual-line.ts';
import { MachineClock, VirtualTime } from './virtual-time.ts';

const utf8 = new TextEncoder();
/** Months at whose end histories take place: an ordinary one, a year's end, a leap February's. */
const MONTHS = ['2026-11', '2026-12', '2028-02', '2027-04'] as const;

export interface WorldOptions {
  readonly seed: number;
  readonly seams: Seams;
  readonly realSignatures: boolean;
  readonly traced: boolean;
}

export class World {
  readonly seed: number;
  readonly prng: Prng;
  readonly time: VirtualTime;
  readonly trace: Trace;
  readonly net: Network;
  readonly keyring: Keyring;
  readonly hub: Hub;
  /** Printed and sealed at the first run. */
  readonly recovery: KeyPair;
  readonly ledger = new CitizenLedger();
  readonly office: Office;
  readonly places = new Map<string, CounterPlace>();
  readonly kiosks: Kiosk[] = [];
  readonly seams: Seams;
  readonly monthEndsAt: number;
  readonly backups: { readonly at: number; readonly disk: HubDisk }[] = [];
  /** How often each fault fired. */
  readonly faults = new Map<string, number>();
  /** Alarms that people could read: at kiosks. */
  readonly alarms: { readonly kiosk: string; readonly device: string; readonly text: string }[] = [];
  /** Devices of which an older line was heard. */
  readonly olderLines: string[] = [];
  healing = false;
  /** Devices whose chains may rightly be set aside: lost, cloned or put back. */
  readonly suspects = new Set<string>();
  /** The machines by their names. */
  readonly suspectKiosks = new Set<string>();
  /** Disks that know of acknowledged events which the hub, as it was put back, does not hold. */
  readonly mustNotice = new Set<KioskDisk>();
  /** What its data says of that when it was put back. */
  noticedBefore = 0;
  /** Drained and switched off at the end. */
  readonly finished = new Set<Kiosk>();
  #serial = 0;

  constructor({ seed, seams, realSignatures, traced }: WorldOptions) {
    this.seed = seed;
    this.prng = new Prng(seed);
    this.seams = seams;
    const { prng } = this;
    this.monthEndsAt = vietnamMonthBounds(prng.pick(MONTHS)).to;
    this.time = new VirtualTime(this.monthEndsAt - prng.int(30_000, 420_000));
    this.trace = new Trace(this.time, traced);
    this.keyring = realSignatures ? realKeys() : standInKeys();
    const calm = prng.chance(0.4);
    const rate = () => (calm ? 0 : prng.next() * 0.006);
    const travelMs = prng.pick([60, 1_000, 2_500, 4_000]);
    const weather = { travelMs, drop: rate(), duplicate: rate(), reorder: rate() };
    this.net = new Network(this.time, prng.fork(1), weather, (fault, who) => this.fired(fault, who));
    this.recovery = this.keyring.make(prng.hex(32));
    const form = formOf(prng);
    const slips = prng.chance(0.25);
    this.hub = new Hub({
      ...{ time: this.time, prng: prng.fork(2), net: this.net, keyring: this.keyring, seams },
      ...{ trace: this.trace, key: this.keyring.make(prng.hex(32)) },
      learns: seed % 8 !== 0,
      slipCodes: () => (slips ? Array.from({ length: 6 }, () => prng.hex(5).toUpperCase()) : []),
      olderLine: (device) => this.olderLines.push(device),
      died: () => this.hubOn(prng.int(1_000, 10_000)),
      config: (counter) => configOf(this.places.get(counter)!, form),
    });
    if (prng.chance(0.6)) this.hub.mirror = new Map();
    const phones = new Phones(this.time, prng.fork(4), this.hub, this.ledger);
    this.office = new Office({
      phones,
      ...{ time: this.time, prng: prng.fork(3), hub: this.hub, ledger: this.ledger, places: this.places },
    });
    this.hubOn();
    const counters = prng.int(3, 5);
    for (let number = 1; number <= counters; number += 1) {
      const place = placeOf(prng, number);
      this.places.set(place.id, place);
      this.kiosks.push(this.machine(`k${number}`, place));
    }
    for (const kiosk of this.kiosks) this.time.after(prng.int(0, 3_000), () => this.on(kiosk));
    this.#backUp();
    this.#lookAfter();
    this.#takeImages();
  }

  fired(fault: string, who: string): void {
    if (this.healing) return;
    this.faults.set(fault, (this.faults.get(fault) ?? 0) + 1);
    this.trace.note(who, `✱ ${fault}`);
  }

  // ---------------------------------------------------------------- machines

  enrol(place: CounterPlace, key: KeyPair): Enrolment {
    this.#serial += 1;
    const { hub } = this;
    const statement = {
      ...{ v: 'hailong-enrol-v1', device: key.id, counter: place.id, serial: this.#serial },
      ...{ at: this.time.now, publicKey: key.publicKey },
    };
    const bytes = utf8.encode(JSON.stringify(statement));
    hub.disk.inbox.enrol(key.id, place.id);
    hub.disk.keys.set(key.id, key.publicKey);
    // An older kiosk of the counter hears at once that it is superseded.
    for (const session of hub.process?.sessions.values() ?? [])
      if (session.counterId === place.id) session.tellStanding();
    return {
      ...{ device: key.id as never, counterId: place.id, hubKey: hub.parts.key.publicKey },
      ...{ recoveryKey: this.recovery.publicKey, enrolSerial: this.#serial },
      checkpoint: hub.disk.log.seal(hub.disk.heads()) ?? hub.disk.log.latest,
      certificate: { bytes: Buffer.from(bytes).toString('base64url'), sig: hub.parts.key.sign(bytes) },
    };
  }

  machine(name: string, place: CounterPlace): Kiosk {
    const { prng } = this;
    const key = this.keyring.make(prng.hex(32));
    const offset = prng.chance(0.6) ? prng.int(-800, 800) : prng.int(-86_400_000, 86_400_000);
    const panel = prng.chance(0.4)
      ? { hwid: prng.hex(8) as Hwid, boot: prng.int(0, 0xffff_ffff), seq: 0, queue: [] }
      : null;
    return this.standing(name, {
      clock: new MachineClock(this.time, prng.int(-80, 80), prng.uuid(), offset),
      disk: new KioskDisk(),
      ...{ key, panel, enrolment: this.enrol(place, key) },
    });
  }

  standing(name: string, machine: Pick<Kiosk, 'clock' | 'disk' | 'key' | 'enrolment' | 'panel'>): Kiosk {
    const { time, net, keyring, seams, trace } = this;
    return new Kiosk(
      name,
      {
        ...{ time, net, keyring, seams, trace, prng: this.prng.fork(10 + this.kiosks.length) },
        written: (hash, event) => this.hub.rules.learn(hash, event),
      },
      {
        screen: (kiosk, screen) => {
          this.ledger.shown(kiosk.name, screen);
          if (this.trace.wanted) this.trace.note(kiosk.name, `shows ${told(screen)}`);
          if (!this.healing) this.office.sees(kiosk, screen);
        },
        opened: (kiosk, rating, transaction) =>
          this.ledger.prompted(
            kiosk.name,
            { rating, transaction, ...this.office.paperOf(transaction) },
            this.time.now,
          ),
        alarm: (kiosk, text) => {
          this.alarms.push({ kiosk: kiosk.name, device: kiosk.device, text });
          this.trace.note(kiosk.name, text);
        },
        died: (kiosk) => this.on(kiosk, this.prng.int(500, 6_000)),
      },
      machine,
    );
  }

  /** Switches a machine on, now or later; a supervisor tries again until it runs. */
  on(kiosk: Kiosk, afterMs = 0): void {
    this.time.after(afterMs, () => {
      if (kiosk.process || this.finished.has(kiosk)) return;
      this.trace.note(kiosk.name, 'starts');
      if (!kiosk.start()) this.on(kiosk, 2_000);
    });
  }

  hubOn(afterMs = 0): void {
    this.time.after(afterMs, () => {
      if (!this.hub.start()) this.hubOn(2_000);
    });
  }

  /** These rows are on that medium no longer. `coveredUpTo`: the last of them that the high-water file knows. */
  gone(kiosk: Kiosk, rows: readonly Row[], how: Gone, coveredUpTo = rows.length - 1): void {
    this.suspects.add(kiosk.device);
    this.suspectKiosks.add(kiosk.name);
    rows.forEach(({ event }, index) => {
      const tap = event ? this.tapOf(event.body) : null;
      if (tap) tap.gone = { how, at: this.time.now, covered: index <= coveredUpTo };
    });
    this.trace.note(kiosk.name, `${rows.length} events are gone: ${how}`);
  }

  tapOf(body: { readonly type: string }): Tap | null {
    const name = tapName(body);
    return name === null ? null : (this.ledger.taps.get(name) ?? null);
  }

  /** Images of running machines, as whoever looks after virtual machines takes them. */
  readonly #images = new Map<Kiosk, { readonly image: Image; readonly device: string }>();
  #takeImages(): void {
    this.time.after(this.prng.int(10_000, 60_000), () => {
      if (this.healing) return;
      const kiosk = this.prng.pick(this.kiosks);
      const image = kiosk.image();
      if (image) this.#images.set(kiosk, { image, device: kiosk.device });
      this.#takeImages();
    });
  }
  /** The last image of it, if it is still the same device. */
  imageOf(kiosk: Kiosk): Image | null {
    const held = this.#images.get(kiosk);
    return held?.device === kiosk.device ? held.image : null;
  }

  // ---------------------------------------------------------------- two people

  /** They look now and then, and decide about what waits for them. */
  #lookAfter(): void {
    this.time.after(this.prng.int(3_000, 15_000), () => {
      if (this.healing) return;
      this.#decideAll(0.6);
      this.#lookAfter();
    });
  }

  /** Answers whether anything waited. */
  #decideAll(probability: number): boolean {
    const { hub, prng } = this;
    let waited = false;
    for (const { device, epoch, state, forked, branches } of [...hub.disk.inbox.chains]) {
      if (state !== 'suspended' && !(forked && branches === 'suspended')) continue;
      waited = true;
      const { process } = hub;
      if (!process || hub.full || !prng.chance(probability)) continue;
      const counted = prng.chance(0.85);
      this.trace.note(
        'hub',
        `two people decide: ${epoch.slice(0, 6)} ${counted ? 'counts' : 'does not count'}`,
      );
      process.life.run(() => process.decide(device, epoch, counted));
      if (!counted && !this.healing) this.#startAnew(device, epoch);
    }
    return waited;
  }

  /** A kiosk that goes on in a chain that does not count opens nothing: somebody starts it again. */
  #startAnew(device: string, epoch: string): void {
    this.time.after(this.prng.int(5_000, 60_000), () => {
      for (const kiosk of this.healing ? [] : this.kiosks) {
        if (kiosk.device !== device || kiosk.process?.epoch !== epoch) continue;
        kiosk.stop('process');
        this.on(kiosk, 500);
      }
    });
  }

  // ---------------------------------------------------------------- the hub's backups

  #backUp(): void {
    this.time.after(this.prng.int(20_000, 240_000), () => {
      if (this.healing) return;
      this.backups.push({ at: this.time.now, disk: this.hub.disk.copy() });
      if (this.backups.length > 4) this.backups.splice(this.prng.int(0, 3), 1);
      this.#backUp();
    });
  }

  /** A state of that time is put under the hub; what was only in the present one is gone from it. */
  restore(disk: HubDisk, of: number): void {
    this.mustNotice.clear();
    for (const { device, disk: held } of this.kiosks) {
      const kiosk = new OpenedDisk(held, device);
      // While it recovers, only what was acknowledged under its very lineage shows that it was set back once more; and what an
      // earlier one acknowledged is explained by that it was set back then.
      const toldBy = disk.toldBy(kiosk.readSetting('lineage'));
      if (toldBy === 'earlier' || (toldBy === 'unknown' && disk.recovery.mode === 'recovering')) continue;
      const checkpoint = kiosk.readSetting('checkpoint') as LogHead | null;
      if (
        (checkpoint && disk.log.isBehind(checkpoint)) ||
        kiosk.epochs().some(({ epoch, acknowledged }) => acknowledged > disk.heldSeq(device, epoch))
      )
        this.mustNotice.add(held);
    }
    for (const vote of this.ledger.byPhone) if (vote.at >= of) vote.gone = true;
    this.noticedBefore = disk.noticed = disk.recovery.mode === 'recovering' ? 1 : 0;
    this.hub.disk = disk;
  }

  // ---------------------------------------------------------------- the end

  /** All is mended and everybody goes home; then time runs until nothing moves any more. */
  async heal(): Promise<void> {
    this.healing = true;
    this.office.open = false;
    const { net, hub, kiosks } = this;
    net.weather.travelMs = 30;
    net.weather.drop = net.weather.duplicate = net.weather.reorder = 0;
    net.blocked.clear();
    net.thin.clear();
    hub.full = false;
    hub.dieAt = null;
    for (const { disk } of kiosks) {
      disk.full = false;
      disk.atCommit = () => {};
    }
    if (!hub.process) this.hubOn();
    // Two people write off the devices that are no more.
    for (const { device } of hub.disk.active())
      if (!kiosks.some((kiosk) => kiosk.device === device)) {
        hub.disk.inbox.revoke(device);
        hub.disk.recover({ type: 'gone', device }, null);
      }
    // Machines that share a key take the line from each other: they come one after the other. At the end every device has
    // one that is up, so that a hub which found out late that it was set back hears all of them.
    for (const kiosk of kiosks) this.finished.add(kiosk);
    const hadTurn = new Set<Kiosk>();
    for (const kiosk of kiosks) {
      for (const other of kiosks) {
        if (other === kiosk || other.device !== kiosk.device) continue;
        // It may have said something since its turn: a late intent refused, an anchor.
        if (hadTurn.has(other)) await this.#settled(() => this.drained(other));
        other.stop('process');
      }
      hadTurn.add(kiosk);
      this.finished.delete(kiosk);
      this.on(kiosk);
      await this.#settled(() => this.drained(kiosk));
      this.finished.add(kiosk);
    }
    await this.#settled(
      () =>
        hub.disk.recovery.mode === 'normal' && kiosks.every((each) => !each.process || this.drained(each)),
    );
    for (const kiosk of kiosks) kiosk.stop('process');
    // What goes on from a chain that was refused waits for a decision of its own.
    while (this.#decideAll(1));
  }

  /** Until it holds, and still does a second later: what the last welcome brought along is drained too. */
  async #settled(holds: () => boolean): Promise<void> {
    for (let round = 0; round < 5; round += 1) {
      await this.#until(holds, 120_000);
      await this.#until(() => false, 1_000);
      if (holds()) return;
    }
  }

  /** What is due next; false: nothing is. While an answer of storage is `pending`, nothing else may happen. */
  step(until: number): boolean {
    return this.time.step(until);
  }
  get pending(): boolean {
    return this.hub.pending > 0;
  }
  async answered(): Promise<void> {
    while (this.pending) await null;
  }

  async #until(done: () => boolean, limitMs: number): Promise<void> {
    const until = this.time.now + limitMs;
    for (let steps = 0; this.step(until); steps += 1) {
      if (this.pending) await this.answered();
      if (steps % 32 === 0 && done()) return;
    }
  }

  /** It is on the line, every event of its disk is at the hub, and nobody stands before it. */
  drained(kiosk: Kiosk): boolean {
    const { process } = kiosk;
    if (!process?.online || process.opened.state.rating) return false;
    const { inbox } = this.hub.disk;
    return process.opened.epochs().every(({ epoch, head, hash }) => {
      const held = inbox.epoch(kiosk.device, epoch);
      const main = held && inbox.hashAt(held.id, head);
      if (main && toHex(main) === hash) return true;
      // Beside the chain one event alone may be held, by which the kiosk asked where the two part.
      const rows = kiosk.disk.chains().get(epoch) ?? [];
      return rows.every((row) => holds(this.hub.disk, kiosk.device, epoch, row.seq, toHex(row.hash)));
    });
  }
}

function told(screen: Screen): string {
  const officer = 'officer' in screen ? ` ${screen.officer.name}` : '';
  const queue = 'queueNumber' in screen ? ` ${screen.queueNumber}` : '';
  const asked =
    'question' in screen ? ` ${screen.question.question} of ${screen.question.rating.slice(0, 8)}` : '';
  return `${screen.name}${officer}${queue}${asked}`;
}

/** Whether the hub holds that event, on the chain or beside it. */
export function holds(disk: HubDisk, device: string, epoch: string, seq: number, hash: string): boolean {
  const row = disk.inbox.epoch(device, epoch);
  if (!row) return false;
  const main = disk.inbox.hashAt(row.id, seq);
  if (main && toHex(main) === hash) return true;
  return disk.inbox.branchesAt(row.id, seq).some((each) => toHex(each.hash) === hash);
}

/** The name a vote's tap (of a walk-up too), or a touch of the chips, has in the ledger; null: neither. */
export function tapName(body: { readonly type: string }): string | null {
  if (body.type === 'chips.chosen') return (body as unknown as { press?: string }).press ?? null;
  if (body.type !== 'rating.voted' && body.type !== 'walkup.voted') return null;
  const { source } = body as unknown as {
    source?: { via: string; press?: string; hwid?: string; boot?: number; seq?: number };
  };
  if (!source) return null;
  return source.via === 'touch' ? (source.press ?? null) : `${source.hwid} ${source.boot} ${source.seq}`;
}
