/**
 * Purpose: footage of a boot that ended before its clock was sure lies between what was recorded before and after it. Boot time orders
 * what one boot filmed, recording orders boots; so each boot is a block that can be moved only so far. Pure.
 * Refuses: to show by such a place what could lie farther off than a transaction may be looked around: that stays `unplaced`, and only
 * how far off it can be is known. See hub-server/DESIGN.md, "Recording".
 */
import type { RunMapping } from '@hailong/shared/protocol/footage.ts';

/** `from`, `to`: by the clock of then. `first`, `last`: its rows in order of recording. */
export interface UnplacedRun {
  readonly boot: string;
  readonly mapping: RunMapping;
  readonly from: number;
  readonly to: number;
  readonly first: number;
  readonly last: number;
}

/** A place that may be farther off is none for whoever looks at a transaction, ms. */
export const BETWEEN_MAX_MS = 3_600_000;

/** Runs of boots that ended, in order of recording, between two moments that are known. */
export function placeBetween(runs: readonly UnplacedRun[], after: number, before: number): RunMapping[] {
  const boots = [...new Set(runs.map(({ boot }) => boot))].map((boot) => {
    const own = runs.filter((run) => run.boot === boot);
    const [from, to] = [Math.min(...own.map((run) => run.from)), Math.max(...own.map((run) => run.to))];
    return { own, from, lengthMs: to - from };
  });
  const sum = (some: typeof boots) => some.reduce((ms, { lengthMs }) => ms + lengthMs, 0);
  return boots.flatMap(({ own, from, lengthMs }, i) => {
    const earliest = after + sum(boots.slice(0, i));
    const latest = before - sum(boots.slice(i + 1)) - lengthMs;
    const halfMs = Math.ceil(Math.abs(latest - earliest) / 2);
    const movedMs = Math.round((earliest + latest) / 2) - from;
    return own.map(({ mapping }) => ({
      ...mapping,
      method: halfMs <= BETWEEN_MAX_MS ? ('recovered' as const) : ('unplaced' as const),
      version: mapping.version + 1,
      offsetMs: mapping.offsetMs + movedMs,
      boundMs: mapping.boundMs + halfMs,
    }));
  });
}
