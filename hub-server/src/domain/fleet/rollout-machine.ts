/**
 * Purpose: how far a configuration has gone: to one group after the other, each only after the one before was well with it
 *   for a while; and back for everybody, with the reason, as soon as a group is not.
 * Refuses: to go on where nobody has tried it: a group whose kiosks are all away is waited for.
 * Document: hub-server/DESIGN.md, "Rollout".
 */
export interface RolloutRule {
  /** Groups; 1: everything goes to everybody at once. */
  readonly stages: number;
  /** Well for so long before the next group. */
  readonly soakMs: number;
  /** A kiosk that is heard confirms within this. */
  readonly confirmMs: number;
  /** Hundredths of the kiosks reached that may get worse or not confirm. */
  readonly sickShare: number;
}

export interface Rollout {
  /** What everybody goes back to. */
  readonly from: number;
  readonly to: number;
  readonly state: 'running' | 'done' | 'rolled_back';
  /** Groups up to this one have it. */
  readonly stage: number;
  readonly stageAt: number;
  /** Kiosks of the groups reached that were ill before they had it. */
  readonly sickBefore: readonly string[];
  /** Why it went back: `health` or `unconfirmed`, and how many of how many. */
  readonly reason: string | null;
}

export interface RolloutKiosk {
  readonly device: string;
  readonly stage: number;
  readonly confirmed: number | null;
  readonly lastSeenAt: number | null;
  /** A critical alarm is open that a configuration can be the cause of. */
  readonly ill: boolean;
}

/** A report comes every 30 s. */
const HEARD_MS = 120_000;

/** `newest`: revision of the newest content. The same object: nothing changed. */
export function stepRollout(
  held: Rollout | null,
  newest: number,
  kiosks: readonly RolloutKiosk[],
  rule: RolloutRule,
  at: number,
): Rollout {
  if (!held) return finished(newest, newest, rule, at);
  if (held.to !== newest) {
    const from = held.state === 'done' ? held.to : held.from;
    return rule.stages === 1 ? finished(from, newest, rule, at) : reach(begun(from, newest, at), kiosks, at);
  }
  if (held.state !== 'running') return held;
  if (rule.stages === 1) return finished(held.from, held.to, rule, at);
  const reached = kiosks.filter(({ stage }) => stage <= held.stage);
  const allowed = Math.floor((reached.length * rule.sickShare) / 100);
  const sick = reached.filter((kiosk) => isSick(kiosk, held, rule, at));
  if (sick.length > allowed) return back(held, `health ${sick.length}/${reached.length}`, at);
  const heard = reached.filter(({ lastSeenAt }) => lastSeenAt !== null && at - lastSeenAt <= HEARD_MS);
  const waiting = heard.filter(({ confirmed }) => confirmed !== held.to);
  const isLate = at - held.stageAt > rule.confirmMs;
  if (isLate && waiting.length > allowed)
    return back(held, `unconfirmed ${waiting.length}/${heard.length}`, at);
  const own = kiosks.filter(({ stage }) => stage === held.stage);
  const tried = own.length === 0 || own.some(({ confirmed }) => confirmed === held.to);
  if (!tried || waiting.length > allowed || at - held.stageAt < rule.soakMs) return held;
  if (held.stage >= rule.stages) return { ...held, state: 'done' };
  return reach({ ...held, stage: held.stage + 1, stageAt: at }, kiosks, at);
}

/** An administrator's word: to everybody now, or once more from the first group. */
export function forceRollout(held: Rollout, rule: RolloutRule, at: number): Rollout {
  return finished(held.from, held.to, rule, at);
}
export function retryRollout(held: Rollout, kiosks: readonly RolloutKiosk[], at: number): Rollout {
  return held.state === 'rolled_back' ? reach(begun(held.from, held.to, at), kiosks, at) : held;
}

/** Which content a counter of this group is told. */
export function revisionFor(held: Rollout, stage: number): number {
  if (held.state === 'done') return held.to;
  return held.state === 'running' && stage <= held.stage ? held.to : held.from;
}

const begun = (from: number, to: number, at: number): Rollout => ({
  ...{ from, to, state: 'running', stage: 1, stageAt: at, sickBefore: [], reason: null },
});
const finished = (from: number, to: number, { stages }: RolloutRule, at: number): Rollout => ({
  ...{ from, to, state: 'done', stage: stages, stageAt: at, sickBefore: [], reason: null },
});
const back = (held: Rollout, reason: string, at: number): Rollout => ({
  ...{ ...held, state: 'rolled_back', stageAt: at, reason },
});

/** Who is ill before a group has it does not speak against it. */
function reach(held: Rollout, kiosks: readonly RolloutKiosk[], at: number): Rollout {
  const fresh = kiosks.filter(({ stage, ill }) => stage === held.stage && ill).map(({ device }) => device);
  return { ...held, stageAt: at, sickBefore: [...held.sickBefore, ...fresh] };
}

function isSick(kiosk: RolloutKiosk, held: Rollout, { confirmMs }: RolloutRule, at: number): boolean {
  if (held.sickBefore.includes(kiosk.device)) return false;
  // It took it, and has been silent since.
  const { lastSeenAt, confirmed } = kiosk;
  const isSilent = confirmed === held.to && lastSeenAt !== null && at - lastSeenAt > HEARD_MS + confirmMs;
  return kiosk.ill || isSilent;
}
