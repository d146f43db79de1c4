/**
 * Purpose: one wall time for all footage of this boot: boot time and an offset that follows the machine's wall clock slowly. A step of
 * that clock is believed once it has stood long enough, or at NTP's word; until then footage keeps its place. What then moves says
 * correction.ts. Pure.
 * Refuses: to move footage because somebody set the clock and set it back; to be sure of a clock that stands before footage which
 * is there already, or that still waits for NTP. See hub-server/DESIGN.md, "Recording".
 */
export interface SteadyWall {
  /** Wall − monotonic as believed, ms. */
  readonly offsetMs: number;
  readonly atMonoMs: number;
  /** Another offset, seen since: believed when it stays. */
  readonly doubt: { readonly offsetMs: number; readonly sinceMonoMs: number } | null;
  /** Null: footage may be placed by it. Else since when it could not. */
  readonly unsureSinceMonoMs: number | null;
  /** NTP has agreed with it: NTP alone moves it, or what stands for a day. */
  readonly confirmed: boolean;
  /** What was filmed since is placed by it. */
  readonly sinceMonoMs: number;
  /** When NTP agreed with it last; null: it has not. */
  readonly agreedMonoMs: number | null;
}

/** What is kept of it, for a recorder that starts again in the same boot. */
export interface SavedWall {
  readonly boot: string;
  readonly offsetMs: number;
  readonly sure: boolean;
  readonly confirmed: boolean;
  /** Older ones lack it: since the boot. */
  readonly sinceMonoMs?: number;
  readonly agreedMonoMs?: number | null;
}

/** What else is known of the time. */
export interface WallWitness {
  /** Whether NTP has set the clock, as asked at that moment; waiting: it is to, and has not yet. */
  readonly ntp: { readonly state: 'synchronised' | 'waiting' | 'unknown'; readonly askedMonoMs: number };
  /** End of the newest footage of an earlier boot, UTC ms: no right clock stands before it. */
  readonly notBefore: number;
}

export type WallEvent =
  | 'stepped'
  | 'back'
  /** Footage is placed again, `movedMs` from where the old clock would have had it. */
  | 'believed'
  /** Nothing moved, and what was filmed can be placed. */
  | 'sure';

/** Farther off than what slewing explains: somebody set the clock, ms. */
export const STEP_MS = 500;
/** A clock that stands for so long is taken for right, where NTP says nothing, ms. */
export const BELIEVED_AFTER_MS = 600_000;
/** One that NTP's word or older footage speaks against is taken for right only then, ms. */
export const BELIEVED_LATE_MS = 86_400_000;
/** What NTP slews by, and what is followed, parts per million. */
const SLEW_PPM = 500;

const NOBODY: WallWitness = { ntp: { state: 'unknown', askedMonoMs: 0 }, notBefore: 0 };

export function steadyFrom(
  wallMs: number,
  monoMs: number,
  { ntp, notBefore }: WallWitness = NOBODY,
  boot = '',
  saved: SavedWall | null = null,
): SteadyWall {
  if (saved !== null && saved.boot === boot && boot !== '') {
    const { offsetMs, sure, confirmed, sinceMonoMs = 0, agreedMonoMs = null } = saved;
    return {
      ...{ offsetMs, atMonoMs: monoMs, doubt: null, unsureSinceMonoMs: sure ? null : monoMs, confirmed },
      ...{ sinceMonoMs, agreedMonoMs },
    };
  }
  const confirmed = ntp.state === 'synchronised';
  const sure = confirmed || (ntp.state !== 'waiting' && wallMs >= notBefore);
  return {
    ...{ offsetMs: wallMs - monoMs, atMonoMs: monoMs, doubt: null },
    ...{ unsureSinceMonoMs: sure ? null : monoMs, confirmed },
    ...{ sinceMonoMs: monoMs, agreedMonoMs: confirmed ? monoMs : null },
  };
}

export function watchWall(
  steady: SteadyWall,
  wallMs: number,
  monoMs: number,
  witness: WallWitness = NOBODY,
): {
  readonly steady: SteadyWall;
  readonly event: WallEvent | null;
  readonly movedMs: number;
} {
  const raw = wallMs - monoMs;
  const apart = raw - steady.offsetMs;
  if (Math.abs(apart) > STEP_MS) return stepped(steady, wallMs, monoMs, witness);
  const most = (Math.max(0, monoMs - steady.atMonoMs) * SLEW_PPM) / 1_000_000;
  const offsetMs = steady.offsetMs + Math.min(most, Math.max(-most, apart));
  const back = steady.doubt === null ? null : 'back';
  const confirmed = steady.confirmed || said(witness, steady.doubt?.sinceMonoMs ?? 0);
  const { unsureSinceMonoMs: since, sinceMonoMs } = steady;
  const agreedMonoMs = said(witness, sinceMonoMs)
    ? Math.min(monoMs, witness.ntp.askedMonoMs)
    : steady.agreedMonoMs;
  const sure = since === null || confirmed || stood(monoMs - since, wallMs, witness);
  return {
    steady: {
      ...{ offsetMs, atMonoMs: monoMs, doubt: null, unsureSinceMonoMs: sure ? null : since, confirmed },
      ...{ sinceMonoMs, agreedMonoMs },
    },
    event: sure && since !== null ? 'sure' : back,
    movedMs: 0,
  };
}

/** NTP's word, asked after the clock was seen to step. */
const said = ({ ntp }: WallWitness, sinceMonoMs: number): boolean =>
  ntp.state === 'synchronised' && ntp.askedMonoMs >= sinceMonoMs;
const stood = (forMs: number, wallMs: number, { notBefore }: WallWitness): boolean =>
  forMs >= (wallMs >= notBefore ? BELIEVED_AFTER_MS : BELIEVED_LATE_MS);

function stepped(
  steady: SteadyWall,
  wallMs: number,
  monoMs: number,
  witness: WallWitness,
): ReturnType<typeof watchWall> {
  const raw = wallMs - monoMs;
  const { doubt, unsureSinceMonoMs } = steady;
  if (doubt === null || Math.abs(raw - doubt.offsetMs) > STEP_MS) {
    const begun = { ...steady, atMonoMs: monoMs, doubt: { offsetMs: raw, sinceMonoMs: monoMs } };
    // Nothing was placed by the old one: the new one is as good, or better.
    if (unsureSinceMonoMs !== null) return believe(begun, wallMs, monoMs, witness);
    return { steady: begun, event: 'stepped', movedMs: 0 };
  }
  const forMs = monoMs - doubt.sinceMonoMs;
  const long = steady.confirmed ? forMs >= BELIEVED_LATE_MS : stood(forMs, wallMs, witness);
  if (long || said(witness, doubt.sinceMonoMs)) return believe(steady, wallMs, monoMs, witness);
  return { steady: { ...steady, atMonoMs: monoMs }, event: null, movedMs: 0 };
}

function believe(
  steady: SteadyWall,
  wallMs: number,
  monoMs: number,
  witness: WallWitness,
): ReturnType<typeof watchWall> {
  const confirmed = said(witness, steady.doubt?.sinceMonoMs ?? 0);
  const { unsureSinceMonoMs: since } = steady;
  const sure =
    since === null || confirmed || (witness.ntp.state !== 'waiting' && wallMs >= witness.notBefore);
  const offsetMs = wallMs - monoMs;
  return {
    steady: {
      ...{ offsetMs, atMonoMs: monoMs, doubt: null, unsureSinceMonoMs: sure ? null : since, confirmed },
      // From its step on footage is placed by the new one; nothing that was not placed has another.
      sinceMonoMs: since === null ? (steady.doubt?.sinceMonoMs ?? monoMs) : steady.sinceMonoMs,
      agreedMonoMs: confirmed ? monoMs : null,
    },
    event: 'believed',
    movedMs: offsetMs - steady.offsetMs,
  };
}
