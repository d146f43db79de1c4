/*
 * Purpose: a recorder as its own process with stand-in cameras and the hub's end of its line, which can be killed,
 * started again and run under a wrong clock; and the comparison of what it tells with what is true.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Film } from '@hailong/device-drivers/simulators/film-feed.ts';
import type { CameraId } from '@hailong/shared/ids.ts';
import type { FootageFact } from '@hailong/shared/protocol/footage.ts';
import type { UtcMs } from '@hailong/shared/time.ts';
import Sqlite from 'better-sqlite3';
import { v7 as uuidv7 } from 'uuid';
import { inRepo } from '../../support/paths.ts';
import { poll } from '../../support/poll.ts';
import { type Program, startProgram } from '../../support/program.ts';
import { openRecorderHub, type RecorderHub } from '../../support/recorder-hub.ts';
import { LOGIN, PICTURE_MS, StandIn } from './stand-in.ts';
import { filmedSpans, isStall, ledgerOf, storedPictures, WORST_MS, worstError } from './truth.ts';

export interface Recorded {
  readonly name: string;
  readonly id: CameraId;
  readonly camera: StandIn;
}

/** What a camera's fault came to. */
export interface Verdict {
  readonly worstMs: number;
  readonly heldSecondsLost: number;
  readonly holds: number;
  readonly problem: string | null;
}

const RECORD_MS = 60_000;
/** Of the last picture: how far its end by mapping and by its stamp may lie apart, ms. */
const STOPPED_MS = 1_000;
const TOKEN = 'token-of-this-run';

/** Processes whose command line holds every one of these. */
export function processesWith(...words: readonly string[]): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const line = readFileSync(`/proc/${pid}/cmdline`, 'latin1');
        return words.every((word) => line.includes(word));
      } catch {
        return false;
      }
    });
}

export class FootageOffice implements AsyncDisposable {
  readonly folder: string;
  readonly hub: RecorderHub;
  readonly cameras: readonly Recorded[];
  readonly #env: Readonly<Record<string, string>>;
  #recorder: Program | null = null;
  /** Pictures that lay in closed files when their time was put on hold. */
  #held = new Map<CameraId, ReadonlySet<number>>();

  private constructor(
    folder: string,
    hub: RecorderHub,
    cameras: readonly Recorded[],
    env: Record<string, string>,
  ) {
    this.folder = folder;
    this.hub = hub;
    this.cameras = cameras;
    this.#env = env;
  }

  static async open(
    folder: string,
    film: Film,
    names: readonly string[],
    env: Record<string, string> = {},
  ): Promise<FootageOffice> {
    const cameras: Recorded[] = [];
    for (const name of names)
      cameras.push({
        ...{ name, id: uuidv7() as CameraId },
        camera: await StandIn.start(film, { onvif: name === 'moved' }),
      });
    for (const { name, camera } of cameras) if (name === 'absent') await camera.switchOff();
    const hub = await openRecorderHub(TOKEN);
    const office = new FootageOffice(folder, hub, cameras, env);
    hub.set(
      cameras.map(({ name, id, camera }) => ({
        ...{ id, name, address: camera.address, ...LOGIN, retentionDays: 30, latencyMs: 0, active: true },
      })),
    );
    await office.startRecorder();
    return office;
  }

  async startRecorder(): Promise<void> {
    this.#recorder = startProgram(
      inRepo('hub-server/src/recorder/main.ts'),
      ['--data', join(this.folder, 'footage'), '--hub', this.hub.url],
      { env: { HAILONG_FOOTAGE_FLOOR_MB: '1', ...this.#env, HAILONG_RECORDER_TOKEN: TOKEN } },
    );
  }

  async stopRecorder(): Promise<void> {
    await this.#recorder?.stop();
  }

  async killRecorder(): Promise<void> {
    await this.#recorder?.killHard();
  }

  /** The next recorder starts in another boot of its machine. */
  rebooted(): void {
    const db = new Sqlite(join(this.folder, 'footage', 'index.sqlite'));
    db.exec(
      "UPDATE meta SET value = json_set(value, '$.boot', 'another') WHERE key = 'wall'; UPDATE run_boot SET boot = 'another'",
    );
    db.close();
  }

  /** What the recorder said to its operator. */
  said(): string {
    return this.#recorder?.stderr() ?? '';
  }

  segmentsOf(id: CameraId) {
    return this.hub.segments().filter(({ camera }) => camera === id);
  }

  /** Waits for so many closed files of each of these cameras, beyond what there are. */
  async filmed(count: number, of: readonly Recorded[] = this.cameras): Promise<void> {
    await Promise.all(
      of.map(async ({ id, name }) => {
        const before = this.segmentsOf(id).length;
        await poll(() => this.segmentsOf(id).length >= before + count, {
          what: `${count} files of ${name}`,
          timeoutMs: RECORD_MS,
        }).catch((error: Error) => {
          throw new Error(`${error.message}\n${this.#recorder?.stderr()}`);
        });
      }),
    );
  }

  /** Holds what each of these cameras has filmed so far. */
  hold(of: readonly Recorded[] = this.cameras): void {
    const holds = of.map(({ id }) => {
      const spans = ledgerOf(this.#facts(), id, Date.now()).filmed;
      const [from, to] = [Math.min(...spans.map((s) => s.from)), Math.max(...spans.map((s) => s.to))];
      this.#held.set(
        id,
        this.#storedNow(
          id,
          this.segmentsOf(id).map(({ file }) => file),
        ),
      );
      return { camera: id, from: Math.floor(from) as UtcMs, to: Math.ceil(to) as UtcMs };
    });
    this.hub.setHolds(holds);
  }

  #facts(): FootageFact[] {
    return (['run.mapped', 'segment.closed', 'gap.recorded', 'segment.deleted'] as const).flatMap(
      (kind) => this.hub.all(kind) as FootageFact[],
    );
  }

  #storedNow(id: CameraId, only?: readonly string[]): Set<number> {
    return storedPictures(this.hub.root(), id, only);
  }

  /** When the first picture after a moment that is in a file was sent, ms after it. */
  firstStoredAfter({ id, camera }: Recorded, at: number): number {
    const times = [...this.#storedNow(id)].map((number) => camera.sentAt.get(number) ?? 0);
    return Math.min(...times.filter((time) => time >= at)) - at;
  }

  /**
   * With the recorder stopped: ledger against truth. `reasons`: what the fault's gaps may say; that the recorder then stopped
   * lies behind all that was stored and is nobody's fault; nor is it that a busy machine held the stand-in itself up.
   */
  judge({ name, id, camera }: Recorded, reasons: readonly string[]): Verdict {
    const stored = this.#storedNow(id);
    const truth = filmedSpans(stored, camera.sentAt, PICTURE_MS);
    const until = Math.max(...truth.map(({ to }) => to));
    const ledger = ledgerOf(this.#facts(), id, until);
    const worst = worstError(truth, ledger);
    const lost = [...(this.#held.get(id) ?? [])].filter((number) => !stored.has(number)).length;
    const told = ledger.missing
      .filter(
        ({ from, to, reason }) => to > from && (reason !== 'recorder-down' || from < until - STOPPED_MS),
      )
      .filter((gap) => reasons.includes(gap.reason) || !isStall(gap, camera.stalls))
      .map(({ reason }) => reason);
    const strange = told.find((reason) => !reasons.includes(reason));
    const problem =
      worst.ms > WORST_MS
        ? `${name}: ${worst.ms} ms ${worst.what}`
        : strange !== undefined
          ? `${name}: missing for "${strange}"`
          : reasons.length > 0 && told.length === 0
            ? `${name}: no gap was told`
            : null;
    return {
      worstMs: worst.ms,
      heldSecondsLost: (lost * PICTURE_MS) / 1_000,
      holds: this.#held.has(id) ? 1 : 0,
      problem: problem === null ? null : `${problem} ${JSON.stringify({ truth, ledger })}`,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#recorder?.stop();
    for (const { camera } of this.cameras) await camera[Symbol.asyncDispose]();
    await this.hub[Symbol.asyncDispose]();
  }
}
