/*
 * Purpose: the promise, checked after every history: what citizens saw (citizen-ledger.ts) and what the surviving media hold
 * against what the hub holds and counts. Its own small sums, never the product's fold.
 * Refuses nothing; answers a sentence for every breach.
 */
import { sameBytes } from '../../hub-server/src/domain/transactions/chain-judge.ts';
import type { BodyOf } from '../../shared/src/model/event.ts';
import type { MemoryEvent } from '../support/memory-projection.ts';
import type { Tap } from './citizen-ledger.ts';
import { controlOf, figures } from './control.ts';
import { sha256 } from './keyring.ts';
import { CountedCheck } from './promise-counted.ts';
import { type Breach, PromiseGround, say } from './promise-ground.ts';
import { OfficeCheck } from './promise-office.ts';
import { tapName, type World } from './world.ts';

export type { Breach } from './promise-ground.ts';
export interface Sums {
  readonly thanked: number;
  readonly stored: number;
  readonly gone: number;
}

export class PromiseCheck {
  readonly #ground: PromiseGround;

  constructor(world: World) {
    this.#ground = new PromiseGround(world);
  }

  get breaches(): Breach[] {
    return this.#ground.breaches;
  }

  check(): Sums {
    const { world } = this.#ground;
    const counted = new CountedCheck(this.#ground);
    const office = new OfficeCheck(this.#ground);
    world.hub.project();
    for (const device of world.olderLines)
      this.#ground.breach('broken', `an older line of ${device.slice(0, 6)} was heard`);
    this.#drained();
    this.#chains();
    const sums = this.#taps();
    counted.byPhone();
    office.handovers();
    office.fixedTimes();
    office.standings();
    counted.counted();
    office.intents();
    this.#recovered();
    this.#control();
    return sums;
  }

  /** A hub that was set back has found out by itself, and has left recovering by itself. */
  #recovered(): void {
    const { hub, mustNotice, kiosks } = this.#ground.world;
    if (
      kiosks.some(({ disk }) => mustNotice.has(disk)) &&
      hub.disk.noticed === this.#ground.world.noticedBefore
    )
      this.#ground.breach('silent', 'the hub was set back and did not notice');
    if (hub.disk.noticed > 0 && !this.#ground.world.faults.has('old backup put back'))
      this.#ground.breach('broken', 'the hub holds less than it has acknowledged, and nobody put it back');
    if (hub.disk.recovery.mode === 'normal') return;
    const waits = hub.disk.recovery.awaited.filter(({ missing }) => missing === null || missing.length > 0);
    this.#ground.breach('stuck', `the hub still recovers: ${JSON.stringify(waits).slice(0, 200)}`);
  }

  /** Every event of every disk that is left is at the hub, byte for byte. */
  #drained(): void {
    for (const kiosk of this.#ground.world.kiosks) {
      for (const [epoch, rows] of kiosk.disk.chains()) {
        const held = this.#ground.inbox.epoch(kiosk.device, epoch);
        for (const row of rows) {
          const same =
            held !== null &&
            this.#ground.inbox.line(held.id, row.seq).some((each) => sameBytes(each.hash, row.hash));
          if (same) continue;
          this.#ground.breach(
            'stuck',
            `${kiosk.name} holds ${epoch.slice(0, 6)}/${row.seq}, the hub does not`,
          );
          break;
        }
      }
    }
  }

  /** What the hub holds is chained bytes, without holes up to each head. */
  #chains(): void {
    const inbox = this.#ground.inbox;
    for (const { id, epoch, headSeq, headHash } of inbox.chains) {
      let prev: Uint8Array | null = null;
      for (let seq = 1; seq <= headSeq; seq += 1) {
        const row: MemoryEvent | undefined = inbox.line(id, seq)[0];
        const name = `${epoch.slice(0, 6)}/${seq}`;
        if (!row) {
          this.#ground.breach('broken', `hole at ${name}`);
          break;
        }
        if (prev && !sameBytes(row.prev, prev)) this.#ground.breach('broken', `${name} does not follow`);
        // Hashing is half of what a check costs: every eighth history does it for all events.
        if (this.#ground.world.seed % 8 === 0 && !sameBytes(sha256(row.prev, row.bytes), row.hash))
          this.#ground.breach('broken', `${name} has another hash than its bytes`);
        prev = row.hash;
      }
      if (prev && !sameBytes(prev, headHash))
        this.#ground.breach('broken', `the head of ${epoch.slice(0, 6)} is no event's hash`);
    }
  }

  #taps(): Sums {
    const { ledger } = this.#ground.world;
    const found = this.#ground.found;
    const openings = new Map<string, MemoryEvent>();
    for (const row of this.#ground.inbox.events) {
      const body = this.#ground.bodyOf(row);
      if (!body) continue;
      if (body.type === 'rating.opened') {
        const { rating, transaction, slip } = body as BodyOf<'rating.opened'>;
        openings.set(rating, row);
        if (slip)
          this.#ground.carriers.set(slip, [...(this.#ground.carriers.get(slip) ?? []), { transaction, row }]);
      }
      const name = tapName(body);
      if (name === null) continue;
      if (!ledger.taps.has(name)) this.#ground.breach('invented', `vote ${name} was never given`);
      const rows = found.get(name);
      if (rows) rows.push(row);
      else found.set(name, [row]);
    }
    let stored = 0;
    let gone = 0;
    for (const tap of ledger.taps.values()) {
      const rows = found.get(tap.name) ?? [];
      if (rows.length > 1) this.#ground.breach('doubled', `${say(tap)} is stored ${rows.length} times`);
      if (rows[0]) this.#same(tap, rows[0], openings.get(tap.rating));
      if (!tap.thanked) continue;
      if (rows.length > 0) stored += 1;
      else if (tap.gone) {
        gone += 1;
        if (!this.#noticed(tap))
          this.#ground.breach('silent', `${say(tap)} is lost (${tap.gone.how}), unnoticed`);
      } else this.#ground.breach('lost', `${say(tap)} was thanked for and is nowhere`);
    }
    return { thanked: ledger.thankedCount(), stored, gone };
  }

  /** The stored vote says what the citizen saw and touched. */
  #same(tap: Tap, row: MemoryEvent, opening: MemoryEvent | undefined): void {
    const body = this.#ground.bodyOf(row) as unknown as Record<string, unknown>;
    const { chips } = body;
    const voted = Array.isArray(chips) ? { ...body, question: 'chips', level: chips.length } : body;
    const prompt = this.#ground.world.ledger.prompts.get(tap.rating);
    const epoch = this.#ground.inbox.chain(row.epochId);
    const opened = opening ? (this.#ground.bodyOf(opening) as unknown as Record<string, unknown>) : null;
    const wrong = (what: string) => this.#ground.breach('moved', `${say(tap)}: ${what}`);
    if (voted['level'] !== tap.level) wrong(`stored as level ${voted['level']}`);
    // Whoever is not served rates no service: a vote stands behind its opening, in whichever chain that is. Of a branch one
    // event alone may be held, by which its kiosk asked where the two part.
    if (body['type'] === 'rating.voted' && !opening && row.branch === 0 && this.#ground.rowCounts(row))
      wrong('counts for a service that was never asked about');
    if (voted['question'] !== tap.question) wrong(`stored for ${voted['question']}`);
    if (voted['rating'] !== tap.rating) wrong(`stored for another rating`);
    if (epoch.device !== tap.device) wrong('stored for another device');
    if (prompt && voted['transaction'] !== prompt.transaction) wrong('stored for another transaction');
    if (opened && prompt && opened['transaction'] !== prompt.transaction)
      wrong('its rating is of another one');
    if (opened && prompt?.officer && this.#officerName(String(opened['officer'])) !== prompt.officer)
      wrong(`${prompt.officer} was on the screen`);
  }

  #officerName(id: string): string | null {
    for (const { officers } of this.#ground.world.places.values())
      for (const officer of officers) if (officer.id === id) return officer.name;
    return null;
  }

  /** Somebody was told: the chain or the hub holds an alarm about that device. */
  #noticed(tap: Tap): boolean {
    const { gone } = tap;
    if (!gone) return false;
    // A new key is an act of the operator at the hub; the old device stays listed until it is written off.
    if (gone.how === 're-enrolled' && this.#ground.inbox.devices.has(tap.device)) return true;
    // An image of nothing, and another key before it ever came up: two people wrote the old device off.
    if (!this.#ground.world.kiosks.some(({ device }) => device === tap.device)) return true;
    // What a hub that was set back had known of it went with the newer state; that it was set back is known.
    if (this.#ground.world.hub.disk.wasSetBack) return true;
    if (!gone.covered) return true;
    if (this.#ground.inbox.alarms.some((alarm) => alarm.device === tap.device)) return true;
    return this.#ground.inbox.events.some(
      (row) =>
        row.event?.body.type === 'loss.detected' &&
        this.#ground.inbox.chain(row.epochId).device === tap.device,
    );
  }

  /** A hub that was fed the same chains in another order, without any fault, says the same. */
  #control(): void {
    const world = this.#ground.world;
    const control = controlOf(this.#ground.inbox, world.hub.rules, world.prng.fork(77));
    const [ours, theirs] = [figures(this.#ground.inbox), figures(control)];
    for (const name of new Set([...ours.keys(), ...theirs.keys()]))
      if (ours.get(name) !== theirs.get(name))
        this.#ground.breach(
          'moved',
          `${name}: ${ours.get(name) ?? 'nothing'}; control: ${theirs.get(name) ?? 'nothing'}`,
        );
  }
}
