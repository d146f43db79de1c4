/**
 * Purpose: one PIN against one sealed verifier: counted on disk first, then computed, the same work and the same answer
 *   whoever was named.
 * Refuses: while a wait runs, while another attempt is computed, and when the count cannot be kept. A restart begins a
 *   running wait anew; no clock ends one.
 * Document: kiosk-app/DESIGN.md, "An officer at the device".
 */
import type { ErrorCode } from '@hailong/shared/errors.ts';
import type { OfficerProfile } from '@hailong/shared/model/directory.ts';
import type { BodyOf } from '@hailong/shared/model/event.ts';
import type { RosterKeeper } from './keep-roster.ts';
import { afterContact, countAttempt, NO_ATTEMPTS, type PinAttempts, takeBack } from './pin-throttle.ts';
import type { Clock, Settings, VerifyPin } from './ports.ts';

export interface PinParts {
  readonly settings: Settings;
  readonly clock: Clock;
  readonly roster: RosterKeeper;
  readonly verify: VerifyPin;
  /** Wrong PINs have locked an officer or the device. */
  readonly locked: (fact: BodyOf<'pin.locked'>) => void;
}

export type PinAnswer =
  | { readonly ok: true; readonly profile: OfficerProfile }
  | { readonly ok: false; readonly code: ErrorCode };

export class PinChecker {
  readonly #parts: PinParts;
  #attempts: PinAttempts;
  /** Boot times until which nothing is tried. */
  readonly #until = new Map<string | null, number>();
  #busy = false;

  constructor(parts: PinParts) {
    this.#parts = parts;
    this.#attempts = (parts.settings.read('pin-attempts') as PinAttempts | null) ?? NO_ATTEMPTS;
    const { mono } = parts.clock.stamp();
    this.#until.set(null, mono + this.#attempts.device.waitMs);
    for (const [code, { waitMs }] of Object.entries(this.#attempts.officers))
      this.#until.set(code, mono + waitMs);
  }

  /** How long nothing is taken; of the device alone where nobody is named. */
  waitMs(code: string | null): number {
    const { mono } = this.#parts.clock.stamp();
    const left = (key: string | null) => Math.max(0, (this.#until.get(key) ?? 0) - mono);
    return code === null ? left(null) : Math.max(left(null), left(code));
  }

  /** Null: another attempt is being computed, and this one is not counted. */
  async check(staffCode: string, pin: string): Promise<PinAnswer | null> {
    if (this.#busy) return null;
    const { roster, verify } = this.#parts;
    if (this.waitMs(staffCode) > 0) return { ok: false, code: 'kiosk.pin_locked' };
    if (!this.#keep(countAttempt(this.#attempts, staffCode, roster.codes)))
      return { ok: false, code: 'kiosk.cannot_store' };
    this.#busy = true;
    try {
      const entry = roster.verifiable(staffCode);
      const sealed = entry?.verifier
        ? { sealed: entry.verifier, officer: entry.profile.id, revision: roster.revision ?? 0 }
        : null;
      const right = await verify(sealed, pin);
      if (!right || !entry) {
        this.#begin(staffCode);
        return { ok: false, code: this.waitMs(staffCode) > 0 ? 'kiosk.pin_locked' : 'kiosk.pin_wrong' };
      }
      this.#keep(takeBack(this.#attempts, staffCode));
      return { ok: true, profile: entry.profile };
    } finally {
      this.#busy = false;
    }
  }

  /** The hub was heard. */
  contact(): void {
    const { mono } = this.#parts.clock.stamp();
    const waits = (code: string | null) => (this.#until.get(code) ?? 0) > mono;
    const next = afterContact(this.#attempts, this.#parts.roster.codes, waits);
    if (JSON.stringify(next) !== JSON.stringify(this.#attempts)) this.#keep(next);
  }

  #keep(next: PinAttempts): boolean {
    if (!this.#parts.settings.write('pin-attempts', next)) return false;
    this.#attempts = next;
    return true;
  }

  /** The waits that the last attempt brought begin now, and are facts. */
  #begin(code: string): void {
    const { clock, locked, roster } = this.#parts;
    const { mono } = clock.stamp();
    const { officers, device } = this.#attempts;
    for (const [key, count] of [[null, device] as const, [code, officers[code]] as const]) {
      if (!count || count.waitMs === 0) continue;
      this.#until.set(key, mono + count.waitMs);
      if (key === null || roster.named(key))
        locked({ type: 'pin.locked', officerCode: key, failures: count.failures, waitMs: count.waitMs });
    }
  }
}
