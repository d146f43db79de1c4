/**
 * Purpose: the only writer of footage facts. What a camera filmed or missed becomes facts in one transaction of the
 * index, then the hub is told. Keeps the coverage of every camera (domain/coverage-machine.ts).
 * While the clock is not sure, what is filmed is told as `unplaced` and what is missed waits; once it is, all of it is placed.
 * What a full disk refuses waits in its order, a placing among it: nothing newer is stored before.
 * Refuses: telling what is not on disk. See hub-server/DESIGN.md, "Recording".
 */
import type { CameraId, SegmentId } from '@hailong/shared/ids.ts';
import type {
  ClockStep,
  DeletionReason,
  FootageFact,
  Gap,
  GapReason,
  RunMapping,
  Segment,
} from '@hailong/shared/protocol/footage.ts';
import type { Clock, Timers } from '@hailong/shared/time.ts';
import {
  beginCoverage,
  type Coverage,
  type CoverageStep,
  filmed,
  interrupted,
} from '../domain/coverage-machine.ts';
import { placeBetween, type UnplacedRun } from '../domain/place-between.ts';
import type { SavedWall } from '../domain/steady-wall.ts';
import { movedBy, movedCoverage, type PlacedAnew, placedMapping, silent, within } from './placed-anew.ts';
import type { BoundRun, FootageIndex, Hub, Ids, Stall } from './ports.ts';

export interface LedgerParts {
  readonly index: FootageIndex;
  readonly ids: Ids;
  readonly clock: Clock;
  /** Absent: the clock is always sure. */
  readonly wall?: {
    readonly boot: string;
    sure(): boolean;
    /** What the recorder before this one left; null: there was none. */
    readonly before: SavedWall | null;
  };
  readonly hub: Pick<Hub, 'factsRecorded'>;
  /** Absent: one sign of life at the beginning of a gap, and no more. */
  readonly timers?: Timers;
}

export type NewSegment = Omit<Segment, 'id'>;
export type NewMapping = Pick<RunMapping, 'method' | 'offsetMs' | 'latencyMs' | 'boundMs'>;

/** How exactly the end of a killed recorder is known while a camera is away. */
const ALIVE_MS = 500;
interface Recorded {
  readonly facts: readonly FootageFact[];
  readonly bound: readonly BoundRun[];
  readonly stalls: readonly Stall[];
}
type Unsaved = Recorded | { readonly placing: PlacedAnew; readonly step: ClockStep | null };

/** Steps that a full disk refused, kept until it takes them; what is beyond is found again by the sweep. */
const UNSAVED_MAX = 2_000;
/** Steps of coverage that wait for a sure clock: an hour of twenty cameras. What is beyond is told as the gap before it. */
const WAITING_MAX = 20_000;
/** A run's mapping is told again when it moved by more than this, ms; smaller moves stay inside its bound. */
export const REMAP_MS = 20;
/** A kiosk dates by what it was told of the hub's clock for so long, ms (shared/PROTOCOL.md). */
const ANCHOR_MS = 3_600_000;

export class FootageLedger {
  readonly #parts: LedgerParts;
  readonly #coverage = new Map<CameraId, Coverage>();
  /** Not yet in the index; in order, before anything newer. */
  #unsaved: Unsaved[] = [];
  #givesSigns = false;
  /** Runs whose clock the index knows, or will. */
  readonly #bound = new Set<string>();
  /** What lies there strange was written by this recorder, not by the one before. */
  #films = false;
  /** Filmed or missed while the clock was not sure, by it. */
  #waiting: ((movedMs: number) => void)[] = [];
  /** Runs that one clock began and another goes on with: their place is wrong by so much more, ms. */
  readonly #wider = new Map<string, number>();
  /** The step of the clock that goes on; undefined: the index has not been asked. */
  #step: ClockStep | null | undefined = undefined;

  /** Footage stands elsewhere than holds were told for. */
  #moved: () => void = () => undefined;

  constructor(parts: LedgerParts) {
    this.#parts = parts;
  }

  /** Keeps a segment under the run's mapping as now known. */
  segment(
    input: NewSegment,
    told: NewMapping,
    stalls: readonly { readonly fromMs: number; readonly toMs: number }[] = [],
  ): void {
    const { ids } = this.#parts;
    const mapping = { ...told, boundMs: told.boundMs + (this.#wider.get(input.run) ?? 0) };
    const segment: Segment = { ...input, id: ids.uuid() as SegmentId };
    const facts: FootageFact[] = [];
    const known = this.#knownMapping(segment.run);
    const { now, bound } = this.#bind(segment, mapping, known !== null);
    const current = moved(known, now)
      ? { ...now, run: segment.run, camera: segment.camera, version: (known?.version ?? 0) + 1 }
      : (known as RunMapping);
    if (current !== known) facts.push(...this.#mapped(current));
    facts.push({ kind: 'segment.closed', segment });
    const { run, mediaStartMs } = segment;
    const silences = stalls.map(({ fromMs, toMs }) => ({
      ...{ gap: ids.uuid(), run, fromMs: mediaStartMs + fromMs, toMs: mediaStartMs + toMs },
    }));
    if (current.method === 'unplaced') {
      // Of a boot that has ended: this boot's clock says nothing of it.
      if (bound[0] === undefined || bound[0].boot === this.#parts.wall?.boot)
        this.#wait((movedMs) => this.#filmed(NOTHING, segment, current.offsetMs + movedMs));
      this.#keep({ facts, bound, stalls: silences });
      return;
    }
    facts.push(...silences.map((silence) => silent(current, silence)));
    this.#filmed({ facts, bound, stalls: [] }, segment, current.offsetMs);
  }

  /** A mapping, and where it is what places its run, the silences inside. */
  #mapped(mapping: RunMapping): FootageFact[] {
    const waited = mapping.method === 'unplaced' ? [] : this.#parts.index.stallsOf(mapping.run);
    return [{ kind: 'run.mapped', mapping }, ...waited.map((stall) => silent(mapping, stall))];
  }

  /** A run that is found again has the clock of the file's own time, and that is as sure as the clock of then. */
  #bind(
    { run, flags }: NewSegment,
    mapping: NewMapping,
    isKnown: boolean,
  ): { readonly now: NewMapping; readonly bound: readonly BoundRun[] } {
    const { wall } = this.#parts;
    const isFound = flags.includes('recovered');
    if (!isFound) this.#films = true;
    if (wall === undefined || (isFound && isKnown)) return { now: mapping, bound: [] };
    const { before } = wall;
    const then = isFound && !this.#films && before !== null && before.boot !== wall.boot ? before : null;
    const clock = then ?? { boot: wall.boot, sure: wall.sure() };
    if (isFound && clock.sure) return { now: mapping, bound: [] };
    const bound = this.#bound.has(run) ? [] : [{ run, boot: clock.boot, sure: clock.sure }];
    this.#bound.add(run);
    return { now: clock.sure ? mapping : { ...mapping, method: 'unplaced' }, bound };
  }

  #filmed(told: Recorded, segment: Segment, offsetMs: number): void {
    this.#commit(told, filmed(this.#of(segment.camera), { ...segment, offsetMs }, this.#mintGap));
  }

  #wait(step: (movedMs: number) => void): void {
    if (this.#waiting.length < WAITING_MAX) this.#waiting.push(step);
  }

  /** What this boot filmed and missed is placed anew, and is sure where the clock is. Throws when not all of it could be stored yet. */
  placed(placing: PlacedAnew): void {
    const move = movedBy(placing);
    for (const [camera, coverage] of this.#coverage)
      this.#coverage.set(camera, movedCoverage(coverage, move));
    const { ms, wall, kind } = placing;
    if (kind === 'drift' || kind === 'step')
      for (const run of this.#bound) this.#wider.set(run, (this.#wider.get(run) ?? 0) + Math.abs(ms));
    const step = this.#stepOf(placing);
    const waiting = wall.sure ? this.#waiting : [];
    this.#waiting = wall.sure ? [] : this.#waiting.map((step) => (more) => step(ms + more));
    const waited = !wall.sure
      ? []
      : [...this.#coverage].flatMap(([camera, { open }]) =>
          open?.reason === 'unplaced'
            ? [() => this.#tellGap(camera, { ...open, reason: 'recorder-down' })]
            : [],
        );
    const steps = [() => this.#save({ placing, step }), ...waited, ...waiting.map((step) => () => step(ms))];
    const failed = steps.flatMap((step) => {
      try {
        step();
        return [];
      } catch (error) {
        return [error];
      }
    });
    if (failed.length > 0) throw failed[0];
  }

  /** Called in the turn of the loop in which footage moves. */
  onMoved(listen: () => void): void {
    this.#moved = listen;
  }

  /** The machine's clock stands so far from what is believed, since now, ms; null: no more. */
  stepped(shiftMs: number | null): void {
    const { clock, ids } = this.#parts;
    const [open, now] = [this.#openStep(), clock.now()];
    const begun =
      shiftMs === null ? null : { id: ids.uuid(), from: within(now + shiftMs), to: null, shiftMs: -shiftMs };
    this.#step = begun;
    // Kiosks were told that time until then.
    const steps = [open && { ...open, to: within(now - open.shiftMs + ANCHOR_MS) }, begun];
    const facts = steps.flatMap((step): FootageFact[] => (step ? [{ kind: 'clock.stepped', step }] : []));
    this.#keep({ ...NOTHING, facts });
  }

  /** What the hub dated by the old clock, and kiosks until they are told the new one, is shown where footage has moved. */
  #stepOf({ kind, ms, sinceWall, steppedWall }: PlacedAnew): ClockStep | null {
    const id = this.#openStep()?.id ?? this.#parts.ids.uuid();
    this.#step = null;
    if (ms === 0) return null;
    const from = within(kind === 'step' ? steppedWall : sinceWall);
    return { id, from, to: within(this.#parts.clock.now() - ms + ANCHOR_MS), shiftMs: ms };
  }

  #openStep(): ClockStep | null {
    if (this.#step === undefined) this.#step = this.#parts.index.openStep();
    return this.#step;
  }

  #place(placing: PlacedAnew, step: ClockStep | null): void {
    const { index } = this.#parts;
    const { ms, sinceWall, kind, wall } = placing;
    const runs = index.runsOf(wall.boot).flatMap(({ mapping, from, to }): FootageFact[] => {
      const now = placedMapping(mapping, placing, from, to);
      return now === mapping ? [] : this.#mapped(now);
    });
    const move = movedBy(placing);
    const gaps = (ms === 0 || kind === 'unsure' ? [] : index.gapsSince(sinceWall)).map(
      (gap): FootageFact => ({
        kind: 'gap.recorded',
        gap: { ...gap, from: move(gap.from), to: move(gap.to) },
      }),
    );
    const steps: FootageFact[] = step === null ? [] : [{ kind: 'clock.stepped', step }];
    index.placeAnew(wall, [...runs, ...gaps, ...steps]);
    if (ms !== 0) this.#moved();
    this.#parts.hub.factsRecorded();
  }

  /** What boots left unplaced that have ended lies between what was filmed before and after it, and now. */
  placeLeft(): void {
    const { wall, index, clock } = this.#parts;
    if (wall === undefined || !wall.sure()) return;
    const now = clock.now();
    const groups = new Map<string, { after: number; before: number; runs: UnplacedRun[] }>();
    for (const run of index.unplacedRuns()) {
      const [after, before] = [index.placedBefore(run.first), index.placedAfter(run.last) ?? now];
      if (after === null) continue;
      const key = `${after} ${before}`;
      groups.set(key, { after, before, runs: [...(groups.get(key)?.runs ?? []), run] });
    }
    for (const { runs, after, before } of groups.values())
      index.placeBetween(placeBetween(runs, after, before).flatMap((mapping) => this.#mapped(mapping)));
    if (groups.size > 0) this.#parts.hub.factsRecorded();
  }

  /** What the next recorder of this boot must know; not before what it goes with is stored. */
  keepWall(wall: SavedWall): void {
    this.#store();
    this.#parts.index.saveWall(wall);
  }

  #tellGap(camera: CameraId, open: Gap): void {
    this.#commit(NOTHING, { coverage: { ...this.#of(camera), open }, gaps: [open] });
  }

  /** Nothing of this camera is being filmed, since `at` as far as is known. */
  interrupted(camera: CameraId, reason: GapReason, at: number): void {
    if (this.#parts.wall?.sure() === false)
      this.#wait((movedMs) => this.#interrupted(camera, reason, at + movedMs));
    else this.#interrupted(camera, reason, at);
  }

  #interrupted(camera: CameraId, reason: GapReason, at: number): void {
    this.#commit(NOTHING, interrupted(this.#of(camera), reason, at, this.#mintGap));
  }

  /**
   * At the recorder's start: the time since the newest footage was lost with the recorder, or, where that had seen the
   * camera fail, the time since its last sign of life.
   */
  resumeAfterRestart(camera: CameraId): void {
    const { lastEnd, open } = this.#of(camera);
    const reason = this.#parts.wall?.sure() === false ? 'unplaced' : 'recorder-down';
    if (open === null) {
      // Begins where footage ended, whatever time it is now.
      if (lastEnd !== null) this.#interrupted(camera, reason, this.#parts.clock.now());
    } else if (isOfARecorder(open)) {
      const aliveAt = this.#parts.index.alive();
      if (aliveAt !== null) this.#interrupted(camera, reason, aliveAt);
    } else if (open.reason !== 'not-configured' && open.reason !== reason && lastEnd !== null)
      this.#tellGap(camera, { ...open, reason });
  }

  /** Signs of life, for the recorder that comes after a kill. Footage is one of its own, so that only a gap asks for them. */
  #giveSigns(): void {
    const { index, clock, wall, timers } = this.#parts;
    const asked = [...this.#coverage.values()].some(({ open }) => open !== null && isOfARecorder(open));
    if (this.#givesSigns || !asked) return;
    try {
      if (wall?.sure() !== false) index.saveAlive(clock.now());
    } catch {
      // A full disk: the sign before it stands.
    }
    if (timers === undefined) return;
    this.#givesSigns = true;
    timers.after(ALIVE_MS, () => {
      this.#givesSigns = false;
      this.#giveSigns();
    });
  }

  /** `by`: a person asked for it. */
  deleted(ids: readonly SegmentId[], reason: DeletionReason, by?: string): void {
    const at = this.#parts.clock.now();
    const who = by === undefined ? {} : { by };
    this.#record(ids.map((id) => ({ kind: 'segment.deleted', id, at, reason, ...who })));
  }

  #of(camera: CameraId): Coverage {
    const { index } = this.#parts;
    return (
      this.#coverage.get(camera) ?? beginCoverage(camera, index.newestEnd(camera), index.openGap(camera))
    );
  }

  /** What happened has happened, whether the disk takes it now or later. */
  #commit({ facts, ...more }: Recorded, step: CoverageStep): void {
    this.#coverage.set(step.coverage.camera, step.coverage);
    const gaps = step.gaps.map((gap): FootageFact => ({ kind: 'gap.recorded', gap }));
    this.#keep({ ...more, facts: [...facts, ...gaps] });
    this.#giveSigns();
  }

  #keep(recorded: Recorded): void {
    if (recorded.facts.length > 0) this.#save(recorded);
  }

  #save(next: Unsaved): void {
    const waited = this.#unsaved.length;
    if (waited < UNSAVED_MAX || 'placing' in next) this.#unsaved.push(next);
    else for (const { run } of next.bound) this.#bound.delete(run);
    this.#store(waited);
  }

  /** `waited`: so many were refused before, and the sweep may have found their files meanwhile. */
  #store(waited = this.#unsaved.length): void {
    const { index, hub } = this.#parts;
    const fresh = (fact: FootageFact) => fact.kind !== 'segment.closed' || !index.hasFile(fact.segment.file);
    for (let left = waited; this.#unsaved[0] !== undefined; left -= 1) {
      const next = this.#unsaved[0];
      if ('placing' in next) this.#place(next.placing, next.step);
      else {
        index.record(left > 0 ? next.facts.filter(fresh) : next.facts, next.bound, next.stalls);
        hub.factsRecorded();
      }
      this.#unsaved.shift();
    }
  }

  /** With what is not stored yet. */
  #knownMapping(run: string): RunMapping | null {
    let known = this.#parts.index.lastMapping(run);
    for (const each of this.#unsaved)
      if (!('placing' in each))
        for (const fact of each.facts)
          known = fact.kind === 'run.mapped' && fact.mapping.run === run ? fact.mapping : known;
      else if (known !== null && this.#bound.has(run))
        known = placedMapping(known, each.placing, known.offsetMs, Number.POSITIVE_INFINITY);
    return known;
  }

  #record(facts: readonly FootageFact[]): void {
    if (facts.length === 0) return;
    this.#parts.index.record(facts);
    this.#parts.hub.factsRecorded();
  }

  readonly #mintGap = (): Gap['id'] => this.#parts.ids.uuid();
}

/** Somebody has to look for such a reason to be true: it ends with the recorder that saw it. */
const isOfARecorder = ({ reason }: Gap): boolean =>
  reason !== 'not-configured' && reason !== 'recorder-down' && reason !== 'unplaced';

const NOTHING: Recorded = { facts: [], bound: [], stalls: [] };

function moved(known: RunMapping | null, mapping: NewMapping): boolean {
  return (
    known === null ||
    known.method !== mapping.method ||
    Math.abs(known.offsetMs - mapping.offsetMs) > REMAP_MS ||
    Math.abs(known.boundMs - mapping.boundMs) > REMAP_MS
  );
}
