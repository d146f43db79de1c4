/**
 * Purpose: the only writer of footage facts. What a camera filmed or missed becomes facts in one transaction of the
 * index, then the hub is told. Keeps the coverage of every camera (domain/coverage-machine.ts).
 * While the clock is not sure, what is filmed is told as `unplaced` and what is missed waits; once it is, all of it is placed.
 * Refuses: telling what is not on disk. See hub-server/DESIGN.md, "Recording".
 */
import type { CameraId, SegmentId } from '@hailong/shared/ids.ts';
import type {
  DeletionReason,
  FootageFact,
  Gap,
  GapReason,
  RunMapping,
  Segment,
} from '@hailong/shared/protocol/footage.ts';
import type { Clock, Timers, UtcMs } from '@hailong/shared/time.ts';
import {
  beginCoverage,
  type Coverage,
  type CoverageStep,
  filmed,
  interrupted,
} from '../domain/coverage-machine.ts';
import type { FootageIndex, Hub, Ids } from './ports.ts';

export interface LedgerParts {
  readonly index: FootageIndex;
  readonly ids: Ids;
  readonly clock: Clock;
  /** Absent: the clock is always sure. */
  readonly wall?: { readonly boot: string; sure(): boolean };
  readonly hub: Pick<Hub, 'factsRecorded'>;
  /** Absent: one sign of life at the beginning of a gap, and no more. */
  readonly timers?: Timers;
}

/** What a boot filmed and missed stands `ms` from where it was told to be. */
export interface PlacedAnew {
  readonly ms: number;
  /** When this boot began, by the old clock. */
  readonly sinceWall: number;
  /** The old clock was taken for right. */
  readonly wasSure: boolean;
}

export type NewSegment = Omit<Segment, 'id'>;
export type NewMapping = Pick<RunMapping, 'method' | 'offsetMs' | 'latencyMs' | 'boundMs'>;

/** How exactly the end of a killed recorder is known while a camera is away. */
const ALIVE_MS = 500;
/** Facts that a full disk refused, kept until it takes them; what is beyond is found again by the sweep. */
const UNSAVED_MAX = 2_000;
/** Steps of coverage that wait for a sure clock: an hour of twenty cameras. What is beyond is told as the gap before it. */
const WAITING_MAX = 20_000;
/** A run's mapping is told again when it moved by more than this, ms; smaller moves stay inside its bound. */
export const REMAP_MS = 20;

export class FootageLedger {
  readonly #parts: LedgerParts;
  readonly #coverage = new Map<CameraId, Coverage>();
  /** Filmed or missed, and not yet in the index; in order, before anything newer. */
  #unsaved: readonly FootageFact[] = [];
  #givesSigns = false;
  /** Runs whose clock the index knows. */
  readonly #bound = new Set<string>();
  /** Filmed or missed while the clock was not sure, by it. */
  #waiting: ((movedMs: number) => void)[] = [];

  constructor(parts: LedgerParts) {
    this.#parts = parts;
  }

  /** Keeps a segment under the run's mapping as now known. */
  segment(
    input: NewSegment,
    mapping: NewMapping,
    stalls: readonly { readonly fromMs: number; readonly toMs: number }[] = [],
  ): void {
    const { index, ids } = this.#parts;
    const segment: Segment = { ...input, id: ids.uuid() as SegmentId };
    const facts: FootageFact[] = [];
    const known = this.#unsavedMapping(segment.run) ?? index.lastMapping(segment.run);
    const now = this.#bind(segment, mapping);
    const current = moved(known, now)
      ? { ...now, run: segment.run, camera: segment.camera, version: (known?.version ?? 0) + 1 }
      : (known as RunMapping);
    if (current !== known) facts.push({ kind: 'run.mapped', mapping: current });
    facts.push({ kind: 'segment.closed', segment });
    const start = current.offsetMs + segment.mediaStartMs;
    for (const { fromMs, toMs } of stalls) {
      const [from, to] = [(start + fromMs) as UtcMs, (start + toMs) as UtcMs];
      const { camera } = segment;
      facts.push({
        kind: 'gap.recorded',
        gap: { id: ids.uuid(), camera, from, to, reason: 'camera-silent' },
      });
    }
    if (current.method === 'unplaced') {
      this.#wait((movedMs) => this.#filmed([], segment, current.offsetMs + movedMs));
      this.#keep(facts);
    } else this.#filmed(facts, segment, current.offsetMs);
  }

  /** A recovered run has the clock of the file's own time. */
  #bind({ run, flags }: NewSegment, mapping: NewMapping): NewMapping {
    const { wall, index } = this.#parts;
    if (wall === undefined || flags.includes('recovered')) return mapping;
    const sure = wall.sure();
    if (!this.#bound.has(run)) index.bindRun(run, wall.boot, sure);
    this.#bound.add(run);
    return sure ? mapping : { ...mapping, method: 'unplaced' };
  }

  #filmed(facts: readonly FootageFact[], segment: Segment, offsetMs: number): void {
    this.#commit(facts, filmed(this.#of(segment.camera), { ...segment, offsetMs }, this.#mintGap));
  }

  #wait(step: (movedMs: number) => void): void {
    if (this.#waiting.length < WAITING_MAX) this.#waiting.push(step);
  }

  /** What this boot filmed and missed is placed anew, and is sure where the clock is. */
  placed({ ms, sinceWall, wasSure }: PlacedAnew): void {
    const { wall, index } = this.#parts;
    if (wall === undefined) return;
    const sure = wall.sure();
    const runs = index.runsOf(wall.boot).flatMap((mapping): FootageFact[] => {
      const method = sure && mapping.method === 'unplaced' ? 'min-arrival' : mapping.method;
      if (ms === 0 && method === mapping.method) return [];
      const { version, offsetMs } = mapping;
      return [
        {
          kind: 'run.mapped',
          mapping: { ...mapping, method, version: version + 1, offsetMs: offsetMs + ms },
        },
      ];
    });
    // Under a clock that was not sure only the gap since older footage was told, which begins where that ended.
    const move = <T extends number | null>(at: T): T =>
      (wasSure && at !== null && at >= sinceWall ? at + ms : at) as T;
    const gaps = (ms === 0 || !wasSure ? [] : index.gapsSince(sinceWall)).map(
      (gap): FootageFact => ({
        kind: 'gap.recorded',
        gap: { ...gap, from: move(gap.from), to: move(gap.to) },
      }),
    );
    for (const [camera, coverage] of this.#coverage)
      this.#coverage.set(camera, movedCoverage(coverage, move));
    if (sure) index.placeAnew(wall.boot, [...runs, ...gaps]);
    else if (ms !== 0) index.record([...runs, ...gaps]);
    this.#parts.hub.factsRecorded();
    if (!sure) {
      this.#waiting = this.#waiting.map((step) => (more) => step(ms + more));
      return;
    }
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const [camera, { open }] of this.#coverage)
      if (open?.reason === 'unplaced') this.#tellGap(camera, { ...open, reason: 'recorder-down' });
    for (const step of waiting) step(ms);
  }

  #tellGap(camera: CameraId, open: Gap): void {
    this.#commit([], { coverage: { ...this.#of(camera), open }, gaps: [open] });
  }

  /** Nothing of this camera is being filmed, since `at` as far as is known. */
  interrupted(camera: CameraId, reason: GapReason, at: number): void {
    if (this.#parts.wall?.sure() === false)
      this.#wait((movedMs) => this.#interrupted(camera, reason, at + movedMs));
    else this.#interrupted(camera, reason, at);
  }

  #interrupted(camera: CameraId, reason: GapReason, at: number): void {
    this.#commit([], interrupted(this.#of(camera), reason, at, this.#mintGap));
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
  #commit(facts: readonly FootageFact[], step: CoverageStep): void {
    this.#coverage.set(step.coverage.camera, step.coverage);
    const gaps = step.gaps.map((gap): FootageFact => ({ kind: 'gap.recorded', gap }));
    this.#keep([...facts, ...gaps]);
    this.#giveSigns();
  }

  #keep(facts: readonly FootageFact[]): void {
    const { index } = this.#parts;
    const fresh = (fact: FootageFact) => fact.kind !== 'segment.closed' || !index.hasFile(fact.segment.file);
    const all = [...this.#unsaved.filter(fresh), ...facts];
    this.#unsaved = all.slice(0, UNSAVED_MAX);
    this.#record(all);
    this.#unsaved = [];
  }

  #unsavedMapping(run: string): RunMapping | null {
    const last = this.#unsaved.findLast((fact) => fact.kind === 'run.mapped' && fact.mapping.run === run);
    return last?.kind === 'run.mapped' ? last.mapping : null;
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

function movedCoverage(coverage: Coverage, move: <T extends number | null>(at: T) => T): Coverage {
  const gap = <G extends Gap | null>(one: G): G =>
    (one === null ? null : { ...one, from: move(one.from), to: move(one.to) }) as G;
  const { lastEnd, open, ended } = coverage;
  return {
    ...{ ...coverage, lastEnd: move(lastEnd), open: gap(open) },
    ended: ended === null ? null : { ...ended, gap: gap(ended.gap) },
  };
}

function moved(known: RunMapping | null, mapping: NewMapping): boolean {
  return (
    known === null ||
    known.method !== mapping.method ||
    Math.abs(known.offsetMs - mapping.offsetMs) > REMAP_MS ||
    Math.abs(known.boundMs - mapping.boundMs) > REMAP_MS
  );
}
