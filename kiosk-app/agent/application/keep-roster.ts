/**
 * Purpose: who may log in at the device while the hub is away, with verifiers as the hub sealed them; replaced as a whole.
 * Refuses: to be believed longer after the last word of the hub than the hub allowed: by boot time within the boot, after
 *   another one by the machine's clock, which stands at the last anchor at least. Verifiers over a line that is not private:
 *   whoever forges it could seal a PIN of their own.
 * Document: kiosk-app/DESIGN.md, "An officer at the device"; shared/PROTOCOL.md, "Roster".
 */
import type { Sha256Hex } from '@hailong/shared/ids.ts';
import type { RosterEntry } from '@hailong/shared/protocol/edge.ts';
import type { UtcMs } from '@hailong/shared/time.ts';
import type { KnownMoment } from './known-time.ts';
import type { Clock, KeptFile } from './ports.ts';
import type { FromHub } from './sync-outbox.ts';

/** Whether nobody between can read or forge what this hub says: a roster names who may open the counter. */
export function isPrivateLine(hub: string): boolean {
  const { protocol, hostname } = new URL(hub);
  return (
    protocol === 'https:' || hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.')
  );
}

type Told = Extract<FromHub, { type: 'roster' }>;

interface KeptRoster extends Pick<Told, 'revision' | 'officers' | 'validMs'> {
  readonly heard: { readonly at: UtcMs; readonly bootId: string; readonly mono: number };
}

export interface RosterParts {
  readonly file: KeptFile;
  readonly clock: Clock;
  readonly now: () => KnownMoment;
  /** `isPrivateLine` of the hub's address. */
  readonly trusted: boolean;
}

export class RosterKeeper {
  readonly #parts: RosterParts;
  #held: KeptRoster | null;

  constructor(parts: RosterParts) {
    this.#parts = parts;
    this.#held = parts.file.read() as KeptRoster | null;
  }

  /** Null: none is held. */
  get revision(): number | null {
    return this.#held?.revision ?? null;
  }

  get codes(): ReadonlySet<string> {
    return new Set(this.#held?.officers.map(({ profile }) => profile.code));
  }

  /** Of everybody on it. */
  get photos(): readonly Sha256Hex[] {
    return (this.#held?.officers ?? []).flatMap(({ profile: { photo } }) => (photo === null ? [] : [photo]));
  }

  /** The hub's word replaces the one before. One that cannot be kept holds until the next start, which then has none. */
  keep({ revision, officers: told, validMs }: Told): void {
    const officers = this.#parts.trusted ? told : told.map((one) => ({ ...one, verifier: null }));
    this.#held = { revision, officers, validMs, heard: this.#now() };
    // The old one may name somebody who must be forgotten.
    if (!this.#parts.file.write(this.#held)) this.#parts.file.remove();
  }

  /** The hub was there until now: from here on it may be away for as long as it allowed. */
  heard(): void {
    if (!this.#held) return;
    this.#held = { ...this.#held, heard: this.#now() };
    this.#parts.file.write(this.#held);
  }

  /** With a verifier that may be used now; null: nobody of this code, or not any more. */
  verifiable(code: string): RosterEntry | null {
    if (this.#isOver()) return null;
    return this.#entry((one) => one.profile.code === code && one.verifier !== null);
  }

  /** Whether anybody can log in here. */
  get isUsable(): boolean {
    return !this.#isOver() && this.#entry((one) => one.verifier !== null) !== null;
  }

  named(code: string): RosterEntry['profile'] | null {
    return this.#entry((one) => one.profile.code === code)?.profile ?? null;
  }

  #entry(fits: (one: RosterEntry) => boolean): RosterEntry | null {
    return this.#held?.officers.find(fits) ?? null;
  }

  #now(): KeptRoster['heard'] {
    const { clock, now } = this.#parts;
    return { at: now().at, bootId: clock.bootId, mono: clock.stamp().mono };
  }

  #isOver(): boolean {
    if (!this.#held) return true;
    const { heard, validMs } = this.#held;
    const { at, bootId, mono } = this.#now();
    return (heard.bootId === bootId ? mono - heard.mono : at - heard.at) > validMs;
  }
}
