/*
 * Purpose: what the pins of a panel saw against what the host stored; it knows nothing of driver, wire or firmware.
 *   A press counts when the lamp "armed" was lit at the moment in which 20 ms of debounce end.
 * Refuses: to excuse a missing press, except when power was cut before its journal record can have been complete.
 * Document: firmware-notes/bench-notes.md, "The soak".
 */

/** Times in milliseconds of one clock that runs through power cuts. */
export type PinEvent =
  | { readonly kind: 'start'; readonly atMs: number; readonly start: number }
  | { readonly kind: 'cut'; readonly atMs: number }
  /** `byHost`: ARM or DISARM arrived in the same moment, so a press need not be the reason. */
  | { readonly kind: 'armed'; readonly atMs: number; readonly on: boolean; readonly byHost: boolean }
  | PressEvent;
export type PressEvent = {
  readonly kind: 'press';
  readonly button: number;
  /** First closing, end of its bouncing, and the opening. */
  readonly firstMs: number;
  readonly settledMs: number;
  readonly openMs: number;
};

export type StoredPress = {
  /** Which start of the panel its boot number belongs to; null = a boot the panel never had. */
  readonly start: number | null;
  readonly button: number;
  readonly uptimeMs: number;
};

export type Verdict<S> = {
  /** Presses that had to be stored or were. */
  readonly presses: number;
  readonly matched: ReadonlyArray<{ readonly press: PressEvent; readonly row: S }>;
  readonly lost: readonly PressEvent[];
  /** Stored, but nobody pressed that, then. */
  readonly wrong: readonly S[];
  /** A second row for one press. */
  readonly doubled: readonly S[];
  /** Power went before the record can have been complete. */
  readonly unfinished: readonly PressEvent[];
};

const DEBOUNCE_MS = 20;
/** Samples are a millisecond apart, and the first may fall just before or after the contact. */
const SAMPLING_MS = 3;
/** Around its decision an edge of the lamp is not older or younger than this. */
const LAMP_MS = 1.5;
/** 20 bytes of 3.4 to 3.6 ms, the markers, and an acknowledgement's marker before it. */
const JOURNAL_MS = 80;
/** From power to the first millisecond of uptime. */
const START_MS = 100;

type Candidate = {
  readonly press: PressEvent;
  readonly must: boolean;
  /** The moment in which a press used a single shot up; of presses that share it, one must be stored. */
  readonly usedUpMs: number | null;
  readonly start: number;
  readonly startAtMs: number;
  readonly fromMs: number;
  readonly toMs: number;
  readonly cutMs: number;
};

/** The presses that counted, or may have; in the order of pressing. */
function candidates(events: readonly PinEvent[]): Candidate[] {
  const presses = events.filter((event) => event.kind === 'press');
  const power = events.filter((event) => event.kind === 'start' || event.kind === 'cut');
  const lamp = events.filter((event) => event.kind === 'armed');
  return presses
    .toSorted((a, b) => a.firstMs - b.firstMs)
    .flatMap((press) => {
      const fromMs = press.firstMs + DEBOUNCE_MS - SAMPLING_MS;
      const toMs = press.settledMs + DEBOUNCE_MS + SAMPLING_MS;
      const started = power.findLast(({ atMs }) => atMs <= press.firstMs);
      if (started?.kind !== 'start') return [];
      const cutMs = power.find(({ atMs }) => atMs > press.firstMs)?.atMs ?? Number.POSITIVE_INFINITY;
      const before = lamp.findLast(({ atMs }) => atMs <= fromMs)?.on ?? false;
      const changes = lamp.filter(({ atMs }) => atMs > fromMs && atMs <= toMs + LAMP_MS && atMs < cutMs);
      if (!before && !changes.some(({ on }) => on)) return [];
      const usedUp = changes.length === 1 && !changes[0]!.on && !changes[0]!.byHost;
      const held = press.openMs > toMs;
      const must = before && held && (changes.length === 0 || usedUp);
      const { start, atMs: startAtMs } = started;
      return [
        { press, must, usedUpMs: usedUp ? changes[0]!.atMs : null, start, startAtMs, fromMs, toMs, cutMs },
      ];
    });
}

export function judge<S extends StoredPress>(events: readonly PinEvent[], stored: readonly S[]): Verdict<S> {
  const all = candidates(events);
  const taken = new Map<Candidate, S>();
  const wrong: S[] = [];
  const doubled: S[] = [];
  for (const row of stored) {
    const fits = all.filter(
      ({ press, start, startAtMs, fromMs, toMs }) =>
        start === row.start &&
        press.button === row.button &&
        row.uptimeMs <= toMs - startAtMs + SAMPLING_MS &&
        row.uptimeMs >= fromMs - startAtMs - START_MS,
    );
    const free = fits.find((one) => !taken.has(one));
    if (free !== undefined) taken.set(free, row);
    else if (fits.length > 0) doubled.push(row);
    else wrong.push(row);
  }
  const lost: PressEvent[] = [];
  const unfinished: PressEvent[] = [];
  let writtenMs = 0;
  for (const one of all) {
    writtenMs = Math.max(writtenMs, one.toMs) + JOURNAL_MS;
    if (taken.has(one) || !one.must) continue;
    if (one.usedUpMs !== null && [...taken.keys()].some(({ usedUpMs }) => usedUpMs === one.usedUpMs))
      continue;
    if (one.cutMs < writtenMs) unfinished.push(one.press);
    else lost.push(one.press);
  }
  const matched = [...taken].map(([{ press }, row]) => ({ press, row }));
  return {
    presses: matched.length + lost.length + unfinished.length,
    matched,
    lost,
    wrong,
    doubled,
    unfinished,
  };
}
