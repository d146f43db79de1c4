/*
 * Purpose: `hailong-hub serve` as shipped, on a given folder, and what a measurement asks it and its database from
 * outside. Cameras are off: recording is no part of what is measured here.
 */
import Sqlite, { type Database } from 'better-sqlite3';
import { databaseFile } from '../../../hub-server/src/adapters/sqlite/open-database.ts';
import { PROJECTION_CURSOR } from '../../../hub-server/src/adapters/sqlite/stores/inbox/projection-rows.ts';
import { hubBin } from '../../support/paths.ts';
import { poll } from '../../support/poll.ts';
import { type Program, startProgram } from '../../support/program.ts';
import { type Child, cpuSeconds, startChild } from '../processes.ts';
import type { LoadOrder, StormTimes } from './load.ts';

export interface Pass extends StormTimes {
  readonly hubCpuSeconds: number;
}

/** One storm of the load generator's kiosks, and the CPU it took the hub until the last verdict. */
export async function pass(load: Child, url: string, hub: number): Promise<Pass> {
  const before = cpuSeconds(hub);
  const times = await load.ask<StormTimes>({ kind: 'storm', url } satisfies LoadOrder);
  return { ...times, hubCpuSeconds: cpuSeconds(hub) - before };
}

/** A new generator for each, so that no side meets one that is warmer. */
export async function withLoad<T>(act: (load: Child) => Promise<T>): Promise<T> {
  const load = startChild(new URL('./load.ts', import.meta.url));
  try {
    return await act(load);
  } finally {
    await load.stop();
  }
}

export class ServedHub implements AsyncDisposable {
  readonly #program: Program;
  readonly #db: Database;
  readonly url: string;

  private constructor(program: Program, url: string, dir: string) {
    this.#program = program;
    this.url = url;
    this.#db = new Sqlite(databaseFile(dir), { readonly: true });
  }

  static async start(dir: string): Promise<ServedHub> {
    const program = startProgram(hubBin, ['serve', '--data', dir, '--port', '0', '--json'], {
      env: { HAILONG_CAMERAS: 'off' },
    });
    const line = await program.line('listening', { timeoutMs: 60_000 });
    return new ServedHub(program, String(line['url']), dir);
  }

  get pid(): number {
    return this.#program.pid;
  }

  /** Until everything stored stands in the projections. */
  async caughtUp(): Promise<void> {
    const caughtUp = this.#db
      .prepare(
        `SELECT (SELECT max(id) FROM event) = (SELECT CAST(value AS INTEGER) FROM meta WHERE key = ?)
           AND NOT EXISTS (SELECT 1 FROM reproject)`,
      )
      .pluck();
    await poll(() => caughtUp.get(PROJECTION_CURSOR) === 1, {
      ...{ what: 'the projections', timeoutMs: 300_000, everyMs: 25 },
    });
  }

  stored(): { readonly events: number; readonly prompted: number } {
    const count = (sql: string) => Number(this.#db.prepare(sql).pluck().get());
    return {
      events: count('SELECT coalesce(max(id), 0) FROM event'),
      prompted: count('SELECT coalesce(sum(prompted), 0) FROM rollup'),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#db.close();
    // It checkpoints at its end, which a large database on a busy disk takes its time for.
    await this.#program.stop(60_000);
  }
}
