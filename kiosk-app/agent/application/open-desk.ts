/**
 * Purpose: the officer's keys at the device while the hub is away: from the key that asks for the PIN to the acts it opens.
 *   While the hub is there and the panel is away, the PIN opens the set-up of the panel, and nothing else.
 * Refuses: to open while the hub is there otherwise; they lock when nothing is pressed for two minutes, by their own key, by a pause
 *   or log-out, when the hub returns, and at every start. A PIN passes through and is kept nowhere.
 * Document: kiosk-app/DESIGN.md, "An officer at the device".
 */
import type { AskedOfficer, DeskView } from '@hailong/shared/counter/counter-screen.ts';
import type { CounterState, OfficerInput } from '@hailong/shared/counter/counter-state.ts';
import type { ErrorCode } from '@hailong/shared/errors.ts';
import type { DutyId, TransactionId } from '@hailong/shared/ids.ts';
import { readNextCode } from '@hailong/shared/model/next-code.ts';
import type { OfficerAct } from '@hailong/shared/protocol/ui.ts';
import type { PinChecker } from './check-pin.ts';
import type { RosterKeeper } from './keep-roster.ts';
import { isAtRest } from './open-setup.ts';
import type { Clock, FromWindow, Ids, Timers } from './ports.ts';

/** Nobody presses anything for so long: whoever opened the keys has gone. */
export const IDLE_MS = 120_000;

export type FromOfficer = Extract<FromWindow, { type: `officer.${string}` }>;

export interface DeskParts {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly ids: Ids;
  readonly roster: RosterKeeper;
  readonly pins: Pick<PinChecker, 'check' | 'waitMs'>;
  readonly state: () => CounterState;
  readonly act: (act: OfficerInput) => void;
  readonly decline: () => void;
  readonly setup: {
    /** The panel may be set up at this device. */
    readonly isOffered: () => boolean;
    /** And it is expected and away. */
    readonly isNeeded: () => boolean;
    /** Why not; null: the page is on show. */
    readonly open: () => ErrorCode | null;
  };
  /** What is shown has changed. */
  readonly changed: () => void;
}

export class OfficerDesk {
  readonly #parts: DeskParts;
  #phase: 'closed' | 'asking' | 'open' = 'closed';
  /** Of `asking`: the PIN is asked for the panel alone. */
  #forPanel = false;
  #online = false;
  #problem: ErrorCode | null = null;
  /** Whom the last wrong attempt named, so that the wait on show is theirs. */
  #tried: string | null = null;
  #idleAt = 0;
  #cancelIdle: () => void = () => {};

  constructor(parts: DeskParts) {
    this.#parts = parts;
  }

  view(): DeskView {
    const { roster, pins, clock, state, setup } = this.#parts;
    const { duty } = state();
    const isFree = isAtRest(state());
    const mayAsk = !this.#online || (isFree && setup.isNeeded());
    const why = this.#forPanel ? 'panel' : duty?.paused ? 'resume' : 'login';
    const waitMs = pins.waitMs(this.#tried);
    return {
      pinOffered: mayAsk && this.#phase === 'closed' && roster.isUsable,
      asks: this.#phase === 'asking' && (isFree || !this.#forPanel) ? { why, whom: null } : null,
      waitMs,
      problem: this.#problem === 'kiosk.pin_locked' && waitMs === 0 ? null : this.#problem,
      keys:
        this.#phase === 'open'
          ? { locksInMs: Math.max(0, this.#idleAt - clock.stamp().mono), panel: setup.isOffered() }
          : null,
      named: (code) => this.#named(code),
    };
  }

  /** Whether an opening that names this officer may wait for a PIN here. */
  knowsPin(code: string): boolean {
    return this.#parts.roster.verifiable(code) !== null;
  }

  /** The hub's return locks: from then on the station is the way. */
  setOnline(online: boolean): void {
    this.#online = online;
    if (online && this.#phase !== 'closed' && !this.#forPanel) this.#close();
  }

  hear(message: FromOfficer): void {
    switch (message.type) {
      case 'officer.ask':
        if (!this.view().pinOffered) return;
        this.#phase = 'asking';
        this.#forPanel = this.#online;
        this.#begin(null);
        break;
      case 'officer.login':
        void this.#login(message.staffCode, message.pin);
        return;
      case 'officer.act':
        if (this.#phase === 'open') this.#perform(message.act);
        break;
      case 'officer.lock':
        this.#close();
        if (this.#parts.state().aside) this.#parts.decline();
        break;
    }
    this.#parts.changed();
  }

  /** What became of the last act. */
  done(code: ErrorCode | null): void {
    this.#problem = code;
  }

  stop(): void {
    this.#cancelIdle();
  }

  async #login(staffCode: string, pin: string): Promise<void> {
    const { pins, ids, act, changed, setup } = this.#parts;
    if (!this.#asks(staffCode)) return;
    const answer = await pins.check(staffCode, pin);
    // Whoever went away meanwhile, or whom the hub's return sent to the station, is not logged in by a late answer.
    if (answer === null || !this.#asks(staffCode)) return;
    this.#tried = staffCode;
    this.#begin(answer.ok ? null : answer.code);
    if (answer.ok && this.#phase === 'asking' && this.#forPanel) this.#close(setup.open());
    else if (answer.ok) {
      const wasAsked = this.#phase === 'asking';
      act({ act: 'login', duty: ids.uuid() as DutyId, profile: answer.profile });
      if (this.#problem !== null || this.#online || !wasAsked) this.#close(this.#problem);
      else this.#phase = 'open';
      this.#tried = null;
    }
    changed();
  }

  /** Whether a PIN of this code is asked for now. */
  #asks(staffCode: string): boolean {
    const { aside } = this.#parts.state();
    const named = aside?.intent.kind === 'transaction.open' ? aside.intent.officerCode : null;
    return this.#phase === 'asking' || staffCode === named;
  }

  #perform(asked: OfficerAct): void {
    if (asked.act === 'panel') {
      const refused = this.#parts.setup.open();
      if (refused === null) this.#close();
      else this.#begin(refused);
      return;
    }
    const input = this.#inputOf(asked);
    this.#begin(input === null ? 'request.invalid' : null);
    if (input === null) return;
    this.#parts.act(input);
    if (this.#problem === null && (asked.act === 'pause' || asked.act === 'logout')) this.#close();
  }

  #inputOf(asked: Exclude<OfficerAct, { act: 'panel' }>): OfficerInput | null {
    if (asked.act !== 'next') return asked;
    const code = readNextCode(asked.code);
    if (code.kind === 'invalid') return null;
    return {
      act: 'next',
      transaction: this.#parts.ids.uuid() as TransactionId,
      dossierCodes: code.kind === 'dossier' ? [code.dossierCode] : [],
      queueNumber: code.kind === 'queue' ? code.queueNumber : null,
      stage: asked.stage ?? 'reception',
    };
  }

  #named(code: string): AskedOfficer | null {
    const profile = this.#parts.roster.named(code);
    return profile && { code: profile.code, name: profile.name, position: profile.position };
  }

  /** Something was pressed: the two minutes begin again. */
  #begin(problem: ErrorCode | null): void {
    const { clock, timers, changed } = this.#parts;
    this.#problem = problem;
    this.#idleAt = clock.stamp().mono + IDLE_MS;
    this.#cancelIdle();
    this.#cancelIdle = timers.after(IDLE_MS, () => {
      this.#close();
      changed();
    });
  }

  #close(problem: ErrorCode | null = null): void {
    this.#cancelIdle();
    this.#phase = 'closed';
    this.#forPanel = false;
    this.#problem = problem;
    this.#tried = null;
  }
}
