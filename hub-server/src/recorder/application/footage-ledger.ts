/**
 * Purpose: the only writer of footage facts. What a camera filmed or missed becomes facts in one transaction of the
 * index, then the hub is told. Keeps the coverage of every camera (domain/coverage-machine.ts).
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
import type { Clock, UtcMs } from '@hailong/shared/time.ts';
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
  readonly hub: Pick<Hub, 'factsRecorded'>;
}

export type NewSegment = Omit<Segment, 'id'>;
export type NewMapping = Pick<RunMapping, 'method' | 'offsetMs' | 'latencyMs' | 'boundMs'>;

/** Facts that a full disk refused, kept until it takes them; what is beyond is found again by the sweep. */
const UNSAVED_MAX = 2_000;
/** A run's mapping is told again when it moved by more than this, ms; smaller moves stay inside its bound. */
export const REMAP_MS = 20;

export class FootageLedger {
  readonly #parts: LedgerParts;
  readonly #coverage = new Map<CameraId, Coverage>();
  /** Filmed or missed, and not yet in the index; in order, before anything newer. */
  #unsaved: readonly FootageFact[] = [];

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
    const current = moved(known, mapping)
      ? { ...mapping, run: segment.run, camera: segment.camera, version: (known?.version ?? 0) + 1 }
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
    const before = this.#of(segment.camera);
    this.#commit(facts, filmed(before, { ...segment, offsetMs: current.offsetMs }, this.#mintGap));
  }

  /** Nothing of this camera is being filmed, since `at` as far as is known. */
  interrupted(camera: CameraId, reason: GapReason, at: number): void {
    this.#commit([], interrupted(this.#of(camera), reason, at, this.#mintGap));
  }

  /** At the recorder's start: the time since the newest footage was lost with the recorder. */
  resumeAfterRestart(camera: CameraId): void {
    const coverage = this.#of(camera);
    if (coverage.lastEnd !== null && coverage.open === null)
      this.interrupted(camera, 'recorder-down', this.#parts.clock.now());
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
    const { index } = this.#parts;
    const fresh = (fact: FootageFact) => fact.kind !== 'segment.closed' || !index.hasFile(fact.segment.file);
    const all = [...this.#unsaved.filter(fresh), ...facts, ...gaps];
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

function moved(known: RunMapping | null, mapping: NewMapping): boolean {
  return (
    known === null ||
    Math.abs(known.offsetMs - mapping.offsetMs) > REMAP_MS ||
    Math.abs(known.boundMs - mapping.boundMs) > REMAP_MS
  );
}
