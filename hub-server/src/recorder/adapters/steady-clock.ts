/** The machine's clocks with a wall time that does not jump because somebody set it: domain/steady-wall.ts. */
import type { Clock, UtcMs } from '@hailong/shared/time.ts';
import type { PlacedAnew } from '../application/footage-ledger.ts';
import type { Log } from '../application/ports.ts';
import {
  type SavedWall,
  type SteadyWall,
  steadyFrom,
  type WallWitness,
  watchWall,
} from '../domain/steady-wall.ts';

export interface SteadyClock extends Clock {
  /** Names this boot of the machine. */
  readonly boot: string;
  /** Footage can be placed by it now. */
  sure(): boolean;
  /** What was filmed in this boot is placed anew, and for good where `sure`. Told once what caused it has ended. */
  onPlaced(listen: (moved: PlacedAnew) => void): void;
}

export interface SteadyClockParts {
  readonly machine: Clock;
  readonly boot: string;
  readonly saved: SavedWall | null;
  readonly witness: () => WallWitness;
  /** Called when something changed that the next recorder of this boot must know. */
  readonly save: (wall: SavedWall) => void;
  readonly log: Log;
}

/** Slewing is kept this often. */
const SAVE_EVERY_MS = 60_000;

export function steadyClock({ machine, boot, saved, witness, save, log }: SteadyClockParts): SteadyClock {
  let steady: SteadyWall = steadyFrom(machine.now(), machine.monotonic(), witness(), boot, saved);
  let listen: (moved: PlacedAnew) => void = () => undefined;
  let savedAt = Number.NEGATIVE_INFINITY;
  const sure = () => steady.unsureSinceMonoMs === null;
  const keep = (): void => {
    savedAt = steady.atMonoMs;
    save({ boot, offsetMs: Math.round(steady.offsetMs), sure: sure(), confirmed: steady.confirmed });
  };
  if (!sure()) log('camera.clock_unsure');

  function look(): number {
    const monoMs = machine.monotonic();
    const before = steady;
    const step = watchWall(steady, machine.now(), monoMs, witness());
    steady = step.steady;
    if (step.event !== null)
      log(`wall clock ${step.event}: ${Math.round(machine.now() - monoMs - before.offsetMs)} ms`);
    if (step.event === 'believed' || step.event === 'sure') {
      const moved = { ms: Math.round(step.movedMs), sinceWall: Math.round(before.offsetMs) };
      const wasSure = before.unsureSinceMonoMs === null;
      queueMicrotask(() => listen({ ...moved, wasSure }));
    }
    const changed = step.event !== null || steady.confirmed !== before.confirmed;
    if (changed || monoMs - savedAt >= SAVE_EVERY_MS) keep();
    return monoMs;
  }

  return {
    ...{ boot, sure },
    monotonic: machine.monotonic,
    now() {
      const monoMs = look();
      return Math.round(monoMs + steady.offsetMs) as UtcMs;
    },
    onPlaced(next) {
      listen = next;
    },
  };
}
