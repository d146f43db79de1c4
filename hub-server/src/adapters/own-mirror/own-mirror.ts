/**
 * Purpose: the hub's own chain on a second medium. At start, facts that lie there and that the data lost are taken back,
 *   verified by hash and by the hub's key; then what the medium lacks is written; then it follows every fact, many at once.
 * Refuses: to hold up anything: a medium that fails is said once and tried again with the next fact.
 * Document: hub-server/DESIGN.md, "Second medium of the hub's chain".
 */
import type { SecondMedium } from '../../application/own-chain/own-chain.ts';
import type { OwnChainPort, OwnEvent, OwnPlace } from '../../application/ports/own-chain.ts';
import { chainHashOf, type MirrorFrame, signedBytes } from './frames.ts';
import { MirrorFile } from './mirror-file.ts';

/** Facts a write takes. */
const WRITE_MAX = 500;

export interface OwnMirrorParts {
  readonly ownChain: Pick<OwnChainPort, 'after' | 'takeBack'>;
  /** SHA-256 of the hub's raw public key. */
  readonly device: string;
  readonly hubKey: Uint8Array;
  /** On a filesystem device other than the data's. */
  readonly independent: boolean;
  sign(bytes: Uint8Array): string;
  verify(bytes: Uint8Array, sig: string): boolean;
  now(): number;
  /** The epoch in which this start has stated facts already; absent: it is opened before it states any. */
  readonly since?: string;
  report(error: unknown): void;
}

export interface OpenedMirror {
  readonly mirror: OwnMirror;
  /** Facts that the data had lost. */
  readonly tookBack: number;
  /** Frames whose hash, order or signature does not hold. */
  readonly refused: number;
  readonly aside: string | null;
}

export class OwnMirror implements SecondMedium {
  readonly #parts: OwnMirrorParts;
  readonly #file: MirrorFile;
  readonly #heads: Map<string, number>;
  #following: Promise<boolean> | null = null;
  #again = false;
  #failed = false;

  private constructor(parts: OwnMirrorParts, file: MirrorFile, heads: Map<string, number>) {
    this.#parts = parts;
    this.#file = file;
    this.#heads = heads;
  }

  static async open(dir: string, parts: OwnMirrorParts): Promise<OpenedMirror> {
    const runs = new Runs(parts);
    const { file, aside } = MirrorFile.open(dir, parts.hubKey, String(parts.now()), (frame) =>
      runs.add(frame),
    );
    let tookBack = 0;
    for (const { epoch, first, prev, events } of runs.good()) {
      let before = prev;
      for (let from = 0; from < events.length; from += WRITE_MAX) {
        const part = events.slice(from, from + WRITE_MAX);
        tookBack += await parts.ownChain.takeBack({
          ...{ device: parts.device, epoch, at: parts.now(), firstSeq: first + from },
          ...{ prev: before, events: part, since: parts.since ?? null },
        });
        for (const bytes of part) before = chainHashOf({ prev: before, bytes });
      }
    }
    const mirror = new OwnMirror(parts, file, aside === null ? runs.heads() : new Map());
    await mirror.follow(null);
    return { mirror, tookBack, refused: runs.refused, aside };
  }

  get failed(): boolean {
    return this.#failed;
  }

  /** Answers whether the place (or, with null, everything) lies on an independent medium now. */
  async follow(place: OwnPlace | null): Promise<boolean> {
    const { independent } = this.#parts;
    if (place && this.#holds(place)) return independent;
    // What is under way may have been read before this fact: it looks once more.
    if (this.#following) this.#again = true;
    else this.#following = this.#catchUp();
    const done = await this.#following;
    return independent && (place ? this.#holds(place) : done);
  }

  async close(): Promise<void> {
    await this.#following;
    this.#file.close();
  }

  #holds({ epoch, seq }: OwnPlace): boolean {
    return (this.#heads.get(epoch) ?? 0) >= seq;
  }

  async #catchUp(): Promise<boolean> {
    const { ownChain, device, report } = this.#parts;
    try {
      for (;;) {
        this.#again = false;
        const heads = [...this.#heads].map(([epoch, seq]) => ({ epoch, seq }));
        const events = await ownChain.after({ device, heads, limit: WRITE_MAX });
        if (events.length > 0) this.#write(events);
        else if (!this.#again) break;
      }
      this.#failed = false;
      return true;
    } catch (error) {
      // Said once for an outage; the facts are in the database, and the next one tries again.
      if (!this.#failed) report(error);
      this.#failed = true;
      return false;
    } finally {
      this.#following = null;
    }
  }

  #write(events: readonly OwnEvent[]): void {
    const { device, sign } = this.#parts;
    this.#file.append(
      events.map(({ epoch, seq, prev, bytes }) => {
        const frame = { epoch, seq, prev, bytes };
        return { ...frame, sig: sign(signedBytes(device, frame)) };
      }),
    );
    for (const { epoch, seq } of events) this.#heads.set(epoch, Math.max(seq, this.#heads.get(epoch) ?? 0));
  }
}

interface Run {
  readonly epoch: string;
  readonly first: number;
  readonly prev: Uint8Array;
  readonly events: Uint8Array[];
  last: MirrorFrame;
  hash: Buffer;
}

/** Frames as consecutive runs; a run counts when the hub's key signed its last head, which covers all before it. */
class Runs {
  readonly #parts: OwnMirrorParts;
  readonly #runs: Run[] = [];
  readonly #open = new Map<string, Run>();
  refused = 0;

  constructor(parts: OwnMirrorParts) {
    this.#parts = parts;
  }

  add(frame: MirrorFrame): void {
    const { epoch, seq, prev, bytes } = frame;
    const run = this.#open.get(epoch);
    const hash = chainHashOf(frame);
    if (run && seq === run.last.seq + 1) {
      if (!run.hash.equals(prev)) {
        this.refused++;
        return;
      }
      run.events.push(bytes);
      run.last = frame;
      run.hash = hash;
    } else if (!run || seq > run.last.seq) {
      const begun: Run = { epoch, first: seq, prev, events: [bytes], last: frame, hash };
      this.#runs.push(begun);
      this.#open.set(epoch, begun);
    }
  }

  good(): Run[] {
    return this.#runs.filter((run) => {
      const holds = this.#parts.verify(signedBytes(this.#parts.device, run.last), run.last.sig);
      if (!holds) this.refused += run.events.length;
      return holds;
    });
  }

  heads(): Map<string, number> {
    return new Map([...this.#open].map(([epoch, { last }]) => [epoch, last.seq]));
  }
}
