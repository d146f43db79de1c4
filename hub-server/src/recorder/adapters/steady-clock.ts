/** The machine's clocks with a wall time that does not jump because somebody set it: domain/steady-wall.ts. */
import type { Clock, UtcMs } from '@hailong/shared/time.ts';
import type { PlacedAnew } from '../application/placed-anew.ts';
import type { Log } from '../application/ports.ts';
import { correctionOf } from '../domain/correction.ts';
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
  /** What the recorder before this one left. */
  readonly before: SavedWall | null;
  /** What was filmed in this boot is placed anew, and for good where `sure`. Told once what caused it has ended. */
  onPlaced(listen: (placing: PlacedAnew) => void): void;
  /** The machine's clock stands so far from what is believed since now, ms; null: no more. */
  onStepped(listen: (shiftMs: number | null) => void): void;
}

export interface SteadyClockParts {
  readonly machine: Clock;
  readonly boot: string;
  readonly saved: SavedWall | null;
  readonly witness: () => WallWitness;
  /** Called when something changed that the next recorder of this boot must know. What places footage anew is told to `onPlaced` instead. */
  readonly save: (wall: SavedWall) => void;
  readonly log: Log;
}

/** Slewing is kept this often. */
const SAVE_EVERY_MS = 60_000;

export function steadyClock({ machine, boot, saved, witness, save, log }: SteadyClockParts): SteadyClock {
  let steady: SteadyWall = steadyFrom(machine.now(), machine.monotonic(), witness(), boot, saved);
  let listen: (placing: PlacedAnew) => void = () => undefined;
  let hear: (shiftMs: number | null) => void = () => undefined;
  let savedAt = Number.NEGATIVE_INFINITY;
  const sure = () => steady.unsureSinceMonoMs === null;
  const held = (): SavedWall => {
    savedAt = steady.atMonoMs;
    const { confirmed, sinceMonoMs, agreedMonoMs } = steady;
    return {
      ...{ boot, offsetMs: Math.round(steady.offsetMs), sure: sure(), confirmed, sinceMonoMs, agreedMonoMs },
    };
  };
  if (!sure()) log('camera.clock_unsure');

  /** A full disk keeps it for later. */
  function later(tell: () => void): void {
    queueMicrotask(() => {
      try {
        tell();
      } catch (error) {
        log(String(error));
      }
    });
  }

  function look(): number {
    const monoMs = machine.monotonic();
    const before = steady;
    const step = watchWall(steady, machine.now(), monoMs, witness());
    steady = step.steady;
    if (step.event !== null)
      log(`wall clock ${step.event}: ${Math.round(machine.now() - monoMs - before.offsetMs)} ms`);
    if (step.event === 'believed' || step.event === 'sure') {
      const wallOf = (mono: number) => Math.round(mono + before.offsetMs);
      const { sinceMonoMs, agreedMonoMs, doubt } = before;
      const correction = correctionOf({
        ...{ ms: Math.round(step.movedMs), wasSure: before.unsureSinceMonoMs === null },
        ...{
          sinceWall: wallOf(sinceMonoMs),
          agreedWall: agreedMonoMs === null ? null : wallOf(agreedMonoMs),
        },
        steppedWall: wallOf(doubt?.sinceMonoMs ?? monoMs),
      });
      const placing = { ...correction, wall: held() };
      later(() => listen(placing));
      return monoMs;
    }
    const shiftMs = steady.doubt === null ? null : Math.round(steady.doubt.offsetMs - steady.offsetMs);
    if (step.event !== null) later(() => hear(shiftMs));
    const changed = step.event !== null || steady.confirmed !== before.confirmed;
    if (changed || monoMs - savedAt >= SAVE_EVERY_MS) save(held());
    return monoMs;
  }

  return {
    ...{ boot, sure, before: saved },
    monotonic: machine.monotonic,
    now() {
      const monoMs = look();
      return Math.round(monoMs + steady.offsetMs) as UtcMs;
    },
    onPlaced(next) {
      listen = next;
    },
    onStepped(next) {
      hear = next;
    },
  };
}
