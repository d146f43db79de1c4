/**
 * Purpose: packages that two people allowed are written one after the other, with how far each is; a hub that was ended on
 *   the way begins that one anew at its next start.
 * Refuses: to try a failed one again by itself: its reason stays, and people ask again; to begin writing once it is stopped.
 */

import type { Sha256 } from '@hailong/shared/edge/event.ts';
import { CodedError, type ErrorCode } from '@hailong/shared/errors.ts';
import type { EvidenceJob, EvidenceRow, WrittenEvidence } from '../ports/evidence.ts';
import type { PackageFolders } from '../ports/package-folders.ts';
import { collectEvidence } from './collect-evidence.ts';
import type { EvidenceParts } from './evidence-parts.ts';

export interface Written {
  readonly done: number;
  readonly total: number;
}
export interface EvidenceMaker {
  /** Writes whatever waits; several calls are one. Answers when nothing waits any more. */
  makeAll(): Promise<void>;
  /** Of the one that is being written; null: it is not. */
  progress(id: string): Written | null;
  readonly folders: PackageFolders;
  /**
   * Ends the one that is being written: nothing of it is left, and it waits for the next start. Answers when nothing here
   * asks storage or writes any more.
   */
  stop(): Promise<void>;
}

/** Footage of the last seconds is closed within this. */
const SETTLE_MS = 30_000;
/** A recorder deletes by its own index first; the hub hears of it within this. */
const TOLD_MS = 5_000;
/** A hold that ended lets footage go minute after minute; then people are to place one first. */
const TRIES = 3;

export function createEvidenceMaker(
  parts: EvidenceParts,
  sha256: Sha256,
  wait: (ms: number) => Promise<void>,
): EvidenceMaker {
  let now: { readonly id: string; readonly at: Written } | null = null;
  let running: Promise<void> | null = null;
  let asked = false;
  let stopped = false;
  const halt = Promise.withResolvers<void>();

  /** A hub that ends leaves what it has not begun to write: who wrote on would do so beside the next start. */
  function goOn(): void {
    if (stopped) throw new CodedError('evidence.writer_failed', 'stopped');
  }

  async function make(row: EvidenceRow): Promise<void> {
    const { evidence } = parts.storage;
    try {
      const { job, written } = await collectedAndWritten(row, TRIES);
      const at = parts.clock.now();
      await evidence.finish({
        ...{ id: row.id, written, at },
        shown: {
          ...job.manifest.asked,
          cameras: job.cameras.flatMap(({ camera, segments }) => (segments.length > 0 ? [camera.id] : [])),
        },
        audit: {
          ...{ at, actor: 'hub', action: 'evidence.written', object: `case:${job.manifest.case.number}` },
          reason: null,
          body: {
            ...{ package: row.id, packageHash: written.packageHash, files: written.files.length },
            ...{ by: [row.requestedBy.actor, row.approvedBy.actor], spoilt: written.spoilt },
          },
        },
      });
      // The package's own hash lies under a checkpoint that leaves the hub within a minute.
      await parts.logSealer.seal();
    } catch (error) {
      if (stopped) return;
      const code: ErrorCode = error instanceof CodedError ? error.code : 'evidence.writer_failed';
      await evidence.fail({
        id: row.id,
        code,
        detail: error instanceof Error ? error.message : String(error),
      });
    }
  }

  /** Footage that is deleted between look-up and copy is looked up again: its gap says by which rule or whom, not that it is lost. */
  async function collectedAndWritten(
    row: EvidenceRow,
    tries: number,
  ): Promise<{ readonly job: EvidenceJob; readonly written: WrittenEvidence }> {
    const job = await settled(() => collectEvidence(parts, row, sha256));
    // A hub that was ended between a package's name and its row left it: no log names it and nobody got it.
    await parts.folders.remove(job.name);
    goOn();
    try {
      const written = await parts.writer.write(job, {
        progress(done, total) {
          now = { id: row.id, at: { done, total } };
        },
        async stand(lost) {
          const isKnown = () => parts.storage.evidence.areDeleted({ segments: lost });
          if (await isKnown()) return false;
          await wait(TOLD_MS);
          return !(await isKnown());
        },
      });
      return { job, written };
    } catch (error) {
      const went = error instanceof CodedError && error.code === 'evidence.footage_went';
      if (!went || tries <= 1) throw error;
      return collectedAndWritten(row, tries - 1);
    }
  }

  async function settled<T>(collect: () => Promise<T>): Promise<T> {
    try {
      return await collect();
    } catch (error) {
      if (!(error instanceof CodedError) || error.code !== 'evidence.not_settled') throw error;
      await Promise.race([wait(SETTLE_MS), halt.promise]);
      goOn();
      return collect();
    }
  }

  async function run(): Promise<void> {
    while (!stopped) {
      const [id] = await parts.storage.evidence.waiting();
      const row =
        id === undefined ? null : await parts.storage.evidence.package({ id, at: parts.clock.now() });
      if (!row && !asked) return;
      asked = false;
      if (!row) continue;
      now = { id: row.id, at: { done: 0, total: 0 } };
      await make(row);
      now = null;
    }
  }

  return {
    makeAll() {
      asked = true;
      running ??= run()
        // Storage that fails ends the hub; what waits is begun anew at its next start.
        .catch(() => undefined)
        .finally(() => {
          running = null;
        });
      return running;
    },
    folders: parts.folders,
    progress: (id) => (now?.id === id ? now.at : null),
    async stop() {
      stopped = true;
      halt.resolve();
      parts.writer.stop();
      await running;
    },
  };
}
