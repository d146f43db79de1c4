/*
 * Purpose: what really was stored of a camera, against what the ledger says. The stand-in stamps each picture with its
 * number; the stamps found in the files, with the moments at which the camera sent them, are the truth. The ledger's
 * claim is segments by their newest mapping, gaps by their latest word, and deletions.
 * Refuses: a hole that neither footage nor a reason covers.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readStamps } from '@hailong/device-drivers/simulators/film-feed.ts';
import { SILENCE_MS } from '@hailong/shared/evidence/sample-times.ts';
import { type Span, withoutSpans } from '@hailong/shared/evidence/spans.ts';
import type { CameraId, SegmentId } from '@hailong/shared/ids.ts';
import type { FootageFact, Gap, RunMapping, Segment } from '@hailong/shared/protocol/footage.ts';
import { merge } from '../../../hub-server/src/domain/footage/clip.ts';
import { stallsIn } from '../../../hub-server/src/domain/footage/stalls.ts';
import { GAP_TOLERANCE_MS } from '../../../hub-server/src/recorder/domain/gap-rule.ts';

/** Mappings place footage within it, ms. */
export const WORST_MS = 1_000;
/** A camera that sends nothing for so long may end its run, and is recorded again some time after it sends, ms. */
export const ENDS_RUN_MS = 6_000;

/** Numbers of all pictures of a camera in its files now, or in these files alone. */
export function storedPictures(root: string, camera: CameraId, only?: readonly string[]): Set<number> {
  const files =
    only ??
    readdirSync(join(root, camera), { recursive: true, encoding: 'utf8' }).map((name) => `${camera}/${name}`);
  return new Set(
    files
      .filter((name) => name.endsWith('.mp4'))
      .flatMap((name) => readStamps(readFileSync(join(root, name))).map(({ number }) => number)),
  );
}

/**
 * Unbroken footage: pictures whose numbers follow each other, from when the first was sent to a picture after the last. A camera whose
 * process was held up sends the next one late, and was silent until then.
 */
export function filmedSpans(
  stored: ReadonlySet<number>,
  sentAt: ReadonlyMap<number, number>,
  pictureMs: number,
): Span[] {
  const spans: { from: number; to: number }[] = [];
  let before = { number: Number.NaN, at: Number.NaN };
  for (const number of [...stored].sort((one, other) => one - other)) {
    const at = sentAt.get(number);
    if (at === undefined) throw new Error(`picture ${number} was stored and never sent`);
    const last = spans.at(-1);
    const follows = number === before.number + 1 && at - before.at <= SILENCE_MS;
    if (last !== undefined && follows) last.to = at + pictureMs;
    else spans.push({ from: at, to: at + pictureMs });
    before = { number, at };
  }
  return spans;
}

/**
 * Whether a gap is a silence of the camera's own: it lies where its process was held up and lasts no longer, or begins where that
 * ended the run. Any other silence is the fault's, or invented.
 */
export function isStall(gap: Span & { readonly reason: string }, stalls: readonly Span[]): boolean {
  const lasts = ({ from, to }: Span) => to - from;
  return (
    gap.reason === 'camera-silent' &&
    stalls.some(
      (stall) =>
        Math.abs(gap.from - stall.from) <= WORST_MS &&
        (lasts(gap) <= lasts(stall) + GAP_TOLERANCE_MS || lasts(stall) >= ENDS_RUN_MS),
    )
  );
}

export interface Ledger {
  readonly filmed: readonly Span[];
  readonly missing: readonly (Span & { readonly reason: string })[];
}

/** What the facts of one camera come to; a gap that goes on ends with `until`. */
export function ledgerOf(facts: readonly FootageFact[], camera: CameraId, until: number): Ledger {
  const mappings = new Map<string, RunMapping>();
  const segments = new Map<SegmentId, Segment>();
  const deleted = new Map<SegmentId, string>();
  const gaps = new Map<string, Gap>();
  for (const fact of facts) {
    if (fact.kind === 'run.mapped') mappings.set(fact.mapping.run, fact.mapping);
    else if (fact.kind === 'segment.closed') segments.set(fact.segment.id, fact.segment);
    else if (fact.kind === 'segment.deleted') deleted.set(fact.id, `deleted: ${fact.reason}`);
    else if (fact.kind === 'gap.recorded') gaps.set(fact.gap.id, fact.gap);
  }
  const filmed: Span[] = [];
  const missing = [...gaps.values()]
    .filter((gap) => gap.camera === camera)
    .map(({ from, to, reason }) => ({ from: Number(from), to: to ?? until, reason: reason as string }));
  for (const segment of segments.values()) {
    const offset = mappings.get(segment.run)?.offsetMs;
    if (segment.camera !== camera || offset === undefined) continue;
    const span = { from: offset + segment.mediaStartMs, to: offset + segment.mediaEndMs };
    const reason = deleted.get(segment.id);
    if (reason === undefined) filmed.push(span);
    else missing.push({ ...span, reason });
  }
  // As the hub reads it: a silence inside footage is missing from it.
  const gone = stallsIn(
    merge(filmed),
    missing.map((each) => ({ ...each, reason: each.reason as Gap['reason'] })),
  );
  return { filmed: withoutSpans(filmed, gone), missing };
}

const STEP_MS = 20;
const covers = (spans: readonly Span[], at: number) => spans.some(({ from, to }) => from <= at && at < to);

/** The longest time in which ledger and truth disagree, ms, and what about. */
export function worstError(
  truth: readonly Span[],
  ledger: Ledger,
): { readonly ms: number; readonly what: string } {
  const all = [...truth, ...ledger.filmed];
  const from = Math.min(...all.map((span) => span.from));
  const to = Math.max(...all.map((span) => span.to));
  let worst = { ms: 0, what: 'nothing' };
  let run = { what: '', ms: 0 };
  for (let at = from; at < to; at += STEP_MS) {
    const [filmed, claimed] = [covers(truth, at), covers(ledger.filmed, at)];
    const what =
      filmed && !claimed
        ? 'stored, and not in the ledger'
        : claimed && !filmed
          ? 'in the ledger, and not stored'
          : claimed || covers(ledger.missing, at)
            ? ''
            : 'missing without a reason';
    run = what === run.what ? { what, ms: run.ms + STEP_MS } : { what, ms: STEP_MS };
    if (run.what !== '' && run.ms > worst.ms)
      worst = { ms: run.ms, what: `${what} at +${((at - from) / 1_000).toFixed(1)} s` };
  }
  return worst;
}
