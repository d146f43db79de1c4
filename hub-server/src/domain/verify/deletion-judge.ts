/**
 * Purpose: whether footage went when its rule let it, as the log had said by then: not before its camera's days were over, never under a
 *   hold, and heard of by the log within minutes. Pure; rows of the log come in their order.
 * Refuses: to judge by what the tables say now of cameras and holds. `lost` is no rule: a file was found gone, and nobody knows since
 *   when; one that was under a hold when it was found gone is named all the same, whoever took it.
 * Document: hub-server/DESIGN.md, "Verify", "Retention".
 */
import { LOGGED_WITHIN_MS } from '@hailong/shared/evidence/log-limits.ts';
import type { Interval } from '../footage/window.ts';
import type { HeldLeaf } from './log-check.ts';

export interface JudgedDeletion {
  readonly camera: string;
  /** Earliest first: where the versions of its clock put it. What they leave open is taken in favour of whoever deleted. */
  readonly places: readonly Interval[];
  readonly at: number;
  readonly reason: string;
  /** When the log heard of it. */
  readonly loggedAt: number;
}
export type DeletionFault = 'early' | 'held' | 'lost-held' | 'late';

interface Span {
  readonly hold: string;
  readonly from: number;
  readonly to: number;
  readonly since: number;
}
/** `until` null: until something ends it; 0: it is over. */
interface Step {
  readonly at: number;
  readonly until: number | null;
}
interface Body {
  readonly retentionDays?: number;
  readonly hold?: string;
  readonly cameras?: readonly string[];
  readonly windows?: readonly { readonly from: number; readonly to: number }[];
  readonly from?: number;
  readonly to?: number;
  readonly until?: number | null;
}

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** What is told to the recorder and what it does about it may cross. */
const CROSSING_MS = 120_000;

function readBody(text: string | null): Body {
  try {
    return (JSON.parse(text ?? '{}') as Body | null) ?? {};
  } catch {
    // The row itself is found by its leaf hash.
    return {};
  }
}

export class DeletionJudge {
  /** By camera, oldest first: days, and from when on. */
  readonly #kept = new Map<string, { readonly at: number; readonly days: number }[]>();
  readonly #steps = new Map<string, Step[]>();
  /** By camera and hour of what is held. */
  readonly #spans = new Map<string, Span[]>();

  hear({ at, action, object, body }: Pick<HeldLeaf, 'at' | 'action' | 'object' | 'body'>): void {
    const isHold = action.startsWith('hold.');
    if (!isHold && action !== 'camera.saved') return;
    const said = readBody(body);
    if (isHold) this.#hearHold(at, action, said);
    else if (said.retentionDays !== undefined) {
      const camera = object.slice(object.indexOf(':') + 1);
      this.#kept.set(camera, [...(this.#kept.get(camera) ?? []), { at, days: said.retentionDays }]);
    }
  }

  #hearHold(at: number, action: string, body: Body): void {
    const { hold = '', cameras = [], from, to, until = null } = body;
    const isOver = action === 'hold.ended' || action === 'hold.lapsed';
    this.#steps.set(hold, [...(this.#steps.get(hold) ?? []), { at, until: isOver ? 0 : until }]);
    const windows = body.windows ?? (from === undefined || to === undefined ? [] : [{ from, to }]);
    for (const camera of cameras)
      for (const each of windows)
        for (let hour = Math.floor(each.from / HOUR_MS); hour <= Math.floor(each.to / HOUR_MS); hour++) {
          const key = `${camera} ${hour}`;
          const held = this.#spans.get(key) ?? [];
          held.push({ hold, from: each.from, to: each.to, since: at });
          this.#spans.set(key, held);
        }
  }

  judge(deletion: JudgedDeletion): readonly DeletionFault[] {
    const { camera, places, at, reason, loggedAt } = deletion;
    const isLate = loggedAt - at > LOGGED_WITHIN_MS;
    const faults: DeletionFault[] = isLate ? ['late'] : [];
    const days = this.#daysAt(camera, at);
    if (reason === 'expired' && days !== null && at + CROSSING_MS < (places[0]?.from ?? 0) + days * DAY_MS)
      faults.push('early');
    // One that says it happened long before the log heard of it is judged by both times.
    const times = isLate ? [at, loggedAt] : [at];
    if (times.some((each) => places.every((place) => this.#isHeld(camera, place, each))))
      faults.push(reason === 'lost' ? 'lost-held' : 'held');
    return faults;
  }

  /** The fewest in force around that moment; null: the log never said. */
  #daysAt(camera: string, at: number): number | null {
    const kept = this.#kept.get(camera) ?? [];
    const before = kept.findLast((each) => each.at <= at - CROSSING_MS);
    const around = kept.filter((each) => Math.abs(each.at - at) < CROSSING_MS);
    const all = [...(before ? [before] : []), ...around].map(({ days }) => days);
    return all.length === 0 ? null : Math.min(...all);
  }

  #isHeld(camera: string, { from: wallFrom, to: wallTo }: Interval, at: number): boolean {
    for (let hour = Math.floor(wallFrom / HOUR_MS); hour <= Math.floor(wallTo / HOUR_MS); hour++)
      for (const { hold, from, to, since } of this.#spans.get(`${camera} ${hour}`) ?? [])
        if (from < wallTo && to > wallFrom && since + CROSSING_MS <= at && this.#isLiving(hold, at))
          return true;
    return false;
  }

  /** Through all of the minutes around it, so that what crosses on its way accuses nobody. */
  #isLiving(hold: string, at: number): boolean {
    const steps = this.#steps.get(hold) ?? [];
    const before = steps.findLast((each) => each.at <= at - CROSSING_MS);
    const around = steps.filter((each) => Math.abs(each.at - at) < CROSSING_MS);
    return (
      before !== undefined &&
      [before, ...around].every(({ until }) => until === null || until > at + CROSSING_MS)
    );
  }
}
