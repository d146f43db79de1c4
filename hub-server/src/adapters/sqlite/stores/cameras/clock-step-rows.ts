/** In order: where the clocks of hub and recorder parted: domain/footage/clock-step.ts. */
import type { ClockStep } from '../../../../domain/footage/clock-step.ts';
import { type Db, many } from '../../op.ts';

export const clockSteps = (db: Db): ClockStep[] =>
  many<ClockStep>(
    db,
    'SELECT from_at AS "from", to_at AS "to", shift_ms AS shiftMs FROM clock_step ORDER BY id',
  );
