/** The machine's clocks with a wall time that does not jump because somebody set it: domain/steady-wall.ts. */
import type { Clock, UtcMs } from '@hailong/shared/time.ts';
import type { Log } from '../application/ports.ts';
import { steadyFrom, watchWall } from '../domain/steady-wall.ts';

export function steadyClock(machine: Clock, log: Log): Clock {
  let steady = steadyFrom(machine.now(), machine.monotonic());
  return {
    monotonic: machine.monotonic,
    now() {
      const monoMs = machine.monotonic();
      const step = watchWall(steady, machine.now(), monoMs);
      if (step.event !== null)
        log(`wall clock ${step.event}: ${Math.round(machine.now() - monoMs - steady.offsetMs)} ms`);
      steady = step.steady;
      return Math.round(monoMs + steady.offsetMs) as UtcMs;
    },
  };
}
