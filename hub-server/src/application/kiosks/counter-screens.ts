/**
 * Screens of counters. A unit's officers are read once a revision of the directory, since a thousand kiosks that come
 * back at once would each ask for the same fifty.
 * Refuses: officers of another revision than the counter's own part. See hub-server/DESIGN.md, "Edge link".
 */
import type {
  CounterRead,
  CounterRoster,
  RosterOfficer,
  ScreensPort,
  UnitOfficers,
} from '../ports/screens.ts';

export interface CounterScreen extends Pick<CounterRead, 'revision' | 'config' | 'pinDays'> {
  /** Who may be on duty and on show there, likeliest first: who came before, then by code. */
  readonly roster: readonly RosterOfficer[];
  /** Who is on duty there now, as the directory knows them today; no profile: not on the roster any more. */
  readonly shown: { readonly dutyId: string; readonly profile: RosterOfficer['profile'] | null } | null;
}

interface Held {
  readonly revision: number;
  readonly read: Promise<UnitOfficers>;
}

export class CounterScreens {
  readonly #port: ScreensPort;
  /** By unit, with and without PINs: of one revision at a time. */
  readonly #units = new Map<string, Held>();

  constructor(port: ScreensPort) {
    this.#port = port;
  }

  async ofCounter(asked: { readonly counterId: string; readonly withPins: boolean }): Promise<CounterScreen> {
    for (;;) {
      const own = await this.#port.ofCounter(asked);
      const { unitId } = own.roster;
      const unit = unitId === null ? null : await this.#officers(own.revision, unitId, asked.withPins);
      // The directory moved between the two: each move ends after one more turn.
      if (unit === null || unit.revision === own.revision) return screenOf(own, unit?.officers ?? []);
    }
  }

  #officers(revision: number, unitId: string, withPins: boolean): Promise<UnitOfficers> {
    const key = `${unitId} ${withPins}`;
    const held = this.#units.get(key);
    if (held && held.revision >= revision) return held.read;
    for (const [other, { revision: of }] of this.#units) if (of < revision) this.#units.delete(other);
    const read = this.#port.ofUnit({ unitId, withPins });
    this.#units.set(key, { revision, read });
    read.catch(() => {
      if (this.#units.get(key)?.read === read) this.#units.delete(key);
    });
    return read;
  }
}

function screenOf(
  { revision, config, roster, pinDays, duty }: CounterRead,
  unit: readonly RosterOfficer[],
): CounterScreen {
  const officers = inOrder(roster, unit);
  const profile = officers.find((each) => each.profile.id === duty?.officerId)?.profile ?? null;
  return { revision, config, pinDays, roster: officers, shown: duty && { dutyId: duty.dutyId, profile } };
}

function inOrder({ guests, came }: CounterRoster, unit: readonly RosterOfficer[]): readonly RosterOfficer[] {
  if (guests.length === 0 && came.length === 0) return unit;
  const before = new Set(came);
  const isBefore = ({ profile }: RosterOfficer): boolean => before.has(profile.id);
  const first = [...guests, ...unit.filter(isBefore)];
  first.sort((a, b) => (a.profile.code < b.profile.code ? -1 : 1));
  return [...first, ...unit.filter((each) => !isBefore(each))];
}
