/**
 * Purpose: how often a PIN may be tried at the device, pure: five wrong ones for an officer, twenty for everybody, then a
 *   wait that doubles. An attempt is counted before it is made, so that cutting the power saves none.
 * Refuses: nothing. Document: kiosk-app/DESIGN.md, "An officer at the device".
 */
export interface PinCount {
  /** Wrong attempts since the last right one. */
  readonly failures: number;
  /** How long nothing is tried after the last of them, ms. */
  readonly waitMs: number;
}
/** As kept over restarts. Codes that are on no roster count like all others, so that a lock tells nobody which ones are. */
export interface PinAttempts {
  /** By staff code as typed. */
  readonly officers: Readonly<Record<string, PinCount>>;
  readonly device: PinCount;
}

const MINUTE_MS = 60_000;
/** Longer than this nobody is kept out: the hub is the other way in. */
const WAIT_MAX_MS = 60 * MINUTE_MS;
/** Codes of nobody that are counted at once; the device's own count stops whoever types more of them. */
const STRANGERS_MAX = 64;
export const OFFICER_RULE = { free: 5, firstMs: 5 * MINUTE_MS } as const;
export const DEVICE_RULE = { free: 20, firstMs: 15 * MINUTE_MS } as const;

export const NO_COUNT: PinCount = { failures: 0, waitMs: 0 };
export const NO_ATTEMPTS: PinAttempts = { officers: {}, device: NO_COUNT };

/** The wait after so many wrong attempts. */
export function waitAfter(
  failures: number,
  rule: { readonly free: number; readonly firstMs: number },
): number {
  if (failures < rule.free) return 0;
  return Math.min(WAIT_MAX_MS, rule.firstMs * 2 ** Math.min(10, failures - rule.free));
}

/** One more attempt, wrong until it is known to be right. */
export function countAttempt(
  { officers, device }: PinAttempts,
  code: string,
  roster: ReadonlySet<string>,
): PinAttempts {
  const more = (count: PinCount, rule: typeof OFFICER_RULE | typeof DEVICE_RULE): PinCount => {
    const failures = Math.min(1_000_000, count.failures + 1);
    return { failures, waitMs: waitAfter(failures, rule) };
  };
  const { [code]: before = NO_COUNT, ...others }: Record<string, PinCount> = officers;
  const strangers = Object.keys(others).filter((one) => !roster.has(one));
  for (const one of strangers.slice(0, -STRANGERS_MAX)) delete others[one];
  return {
    officers: { ...others, [code]: more(before, OFFICER_RULE) },
    device: more(device, DEVICE_RULE),
  };
}

/** The attempt that was just counted was right: the officer's count is over, the device's is as it was before. */
export function takeBack({ officers, device }: PinAttempts, code: string): PinAttempts {
  const { [code]: _, ...others } = officers;
  const failures = Math.max(0, device.failures - 1);
  return { officers: others, device: { failures, waitMs: 0 } };
}

/**
 * The hub was heard: who is on no roster any more is forgotten, and the device's count begins anew unless its wait runs
 * (`waits`): pulling the line and putting it back ends no wait.
 */
export function afterContact(
  held: PinAttempts,
  roster: ReadonlySet<string>,
  waits: (code: string | null) => boolean,
): PinAttempts {
  const kept = Object.entries(held.officers).filter(([code]) => roster.has(code) || waits(code));
  return { officers: Object.fromEntries(kept), device: waits(null) ? held.device : NO_COUNT };
}
