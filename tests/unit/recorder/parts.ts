/* Real index and real files in a temporary folder, a clock that stands still, timers that fire when told. */
import { readFileSync, writeFileSync } from 'node:fs';
import { mkdir, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { CameraId } from '@hailong/shared/ids.ts';
import type { FootageFact, HeldRow } from '@hailong/shared/protocol/footage.ts';
import type { Clock, MonotonicMs, Timers, UtcMs } from '@hailong/shared/time.ts';
import { v7 as uuidv7 } from 'uuid';
import { footageFiles } from '../../../hub-server/src/recorder/adapters/footage-files.ts';
import { openIndex } from '../../../hub-server/src/recorder/adapters/sqlite-index.ts';
import { FootageLedger } from '../../../hub-server/src/recorder/application/footage-ledger.ts';
import { type Hold, holdsOf } from '../../../hub-server/src/recorder/domain/holds.ts';
import { type TempFolder, tempFolder } from '../../support/temp-folder.ts';

export const T0 = Date.UTC(2026, 0, 15, 1);
export const cameraA = '0197b000-0000-7000-8000-00000000000a' as CameraId;
export const cameraB = '0197b000-0000-7000-8000-00000000000b' as CameraId;

export class FakeTime implements Clock, Timers {
  at = T0;
  #timers: { due: number; run: () => void }[] = [];
  now = () => this.at as UtcMs;
  monotonic = () => (this.at - T0 + 1_000_000) as MonotonicMs;
  after(delayMs: number, run: () => void): () => void {
    const timer = { due: this.at + delayMs, run };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((each) => each !== timer);
    };
  }
  /** Lets `ms` pass; promises get their turn after each timer. */
  async pass(ms: number): Promise<void> {
    const end = this.at + ms;
    await settle();
    for (;;) {
      const next = this.#timers.filter((each) => each.due <= end).sort((a, b) => a.due - b.due)[0];
      if (!next) break;
      this.at = Math.max(this.at, next.due);
      this.#timers = this.#timers.filter((each) => each !== next);
      next.run();
      await settle();
    }
    this.at = end;
  }
}

/** Lets pending promises and file calls of a test's own small files come to rest. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 50; i += 1) await new Promise((done) => setImmediate(done));
}

export type Parts = Awaited<ReturnType<typeof openParts>>;

export async function openParts(folder: TempFolder | null = null) {
  const temp = folder ?? (await tempFolder('recorder'));
  const root = join(temp.path, 'segments');
  await mkdir(root, { recursive: true });
  const time = new FakeTime();
  const index = openIndex(temp.path);
  const files = { ...footageFiles(root), now: time.now };
  const hub = {
    ...{ factsRecorded: () => undefined, tellState: () => undefined, tellUndeletable: () => undefined },
    /** What the hub holds of files without a row here; null: it is away. */
    held: [] as HeldRow[] | null,
    heldRows: async () => hub.held,
  };
  /** What the hub told of holds; null: nothing yet. */
  const told = { holds: [] as Hold[] | null };
  const ids = { uuid: uuidv7 };
  const logged: string[] = [];
  const ledger = new FootageLedger({ index, ids, clock: time, hub });
  return {
    ...{ temp, root, index, files, hub, ids, ledger, logged, told },
    held: () => (told.holds === null ? null : holdsOf(told.holds)),
    ...{ clock: time, timers: time, time, log: (text: string) => void logged.push(text) },
    facts: <K extends FootageFact['kind']>(kind: K) =>
      index
        .factsAfter(0, 10_000)
        .map(({ fact }) => fact)
        .filter((fact): fact is Extract<FootageFact, { kind: K }> => fact.kind === kind),
    /** Writes a file of `bytes` and keeps it as a segment that ended at `wallTo`. */
    async keep(camera: CameraId, wallTo: number, bytes = 1_000, run: string = uuidv7()) {
      const file = `${camera}/${run}/${wallTo}.mp4`;
      await mkdir(dirname(files.path(file)), { recursive: true });
      await writeFile(files.path(file), Buffer.alloc(bytes, 7));
      const { bytes: size, sha256 } = await files.seal(file);
      ledger.segment(
        {
          ...{ camera, run, file, mediaStartMs: 0, mediaEndMs: 4_000, bytes: size, sha256 },
          ...{ arrivalAt: wallTo as UtcMs, arrivalMonoMs: time.monotonic(), codec: 'h264', flags: [] },
        },
        { method: 'min-arrival', offsetMs: wallTo - 4_000, latencyMs: 0, boundMs: 300 },
      );
      return file;
    },
    async [Symbol.asyncDispose]() {
      index.close();
      await temp.remove();
    },
  };
}

/** Copies a film to a footage path and dates it. */
export async function putFilm(path: string, film: string, modifiedAt: number, bytes?: number): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  writeFileSync(path, readFileSync(film).subarray(0, bytes));
  await utimes(path, modifiedAt / 1000, modifiedAt / 1000);
}
