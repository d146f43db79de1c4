/**
 * Purpose: the second medium of the hub's own chain: opened at a start before anything is stated, tried again with longer
 *   and longer waits when it cannot be, and compared in the same way whenever it opens. What it gives back, and whether
 *   it is a second medium at all, is said aloud.
 * Refuses: to hold up the hub: a medium that is away is said once, and stands in /healthz until it is back.
 * Document: hub-server/DESIGN.md, "Second medium of the hub's chain".
 */

import { mkdirSync } from 'node:fs';
import { CodedError } from '@hailong/shared/errors.ts';
import type { Timers } from '@hailong/shared/time.ts';
import { onSecondMedium } from '../adapters/backup/made-backup.ts';
import { systemTimers } from '../adapters/clock.ts';
import { publicKeyOf, verifyEd25519 } from '../adapters/keys.ts';
import { type OpenedMirror, OwnMirror } from '../adapters/own-mirror/own-mirror.ts';
import { json, say, sayProblem } from './command-line.ts';
import type { OpenHub } from './open-hub.ts';

/** Tried again after 2 s, doubling to a minute. */
const RETRY_FIRST_MS = 2_000;
const RETRY_MAX_MS = 60_000;

export interface MirrorOptions {
  readonly dataDir: string;
  readonly json: boolean;
}
export type MirroredHub = Pick<OpenHub, 'storage' | 'admin' | 'keys' | 'clock'>;

/** Tries once, and goes on trying by itself. */
export async function openMirror(
  options: MirrorOptions,
  dir: string,
  hub: MirroredHub,
  timers: Timers = systemTimers,
): Promise<MirrorKeeper> {
  const keeper = new MirrorKeeper(options, dir, hub, timers);
  await keeper.begin();
  return keeper;
}

export class MirrorKeeper {
  readonly #options: MirrorOptions;
  readonly #dir: string;
  readonly #hub: MirroredHub;
  readonly #timers: Timers;
  #mirror: OwnMirror | null = null;
  #trying: Promise<void> = Promise.resolve();
  #cancel: () => void = () => undefined;
  #tookBack: () => Promise<unknown> = async () => undefined;
  #isOver = false;
  /** What kept it from opening the last time: said when it is another. */
  #said: string | null = null;

  constructor(options: MirrorOptions, dir: string, hub: MirroredHub, timers: Timers) {
    this.#options = options;
    this.#dir = dir;
    this.#hub = hub;
    this.#timers = timers;
  }

  async begin(): Promise<void> {
    this.#hub.admin.own.awaitMedium();
    await this.#try(RETRY_FIRST_MS, undefined);
  }

  /** Facts came back while the hub runs: whoever is connected must hear that it recovers. */
  onTookBack(run: () => Promise<unknown>): void {
    this.#tookBack = run;
  }

  async close(): Promise<void> {
    this.#isOver = true;
    this.#cancel();
    await this.#trying;
    await this.#mirror?.close();
  }

  async #try(nextMs: number, since: string | undefined): Promise<void> {
    try {
      await this.#open(since);
    } catch (error) {
      this.#sayFailed(error);
      if (this.#isOver) return;
      this.#cancel = this.#timers.after(nextMs, () => {
        const { epoch } = this.#hub.admin.own.writer();
        this.#trying = this.#try(Math.min(nextMs * 2, RETRY_MAX_MS), epoch);
      });
    }
  }

  async #open(since: string | undefined): Promise<void> {
    const { storage, admin, keys, clock } = this.#hub;
    const hubKey = Buffer.from(keys.publicKey, 'base64url');
    const key = publicKeyOf(hubKey);
    mkdirSync(this.#dir, { recursive: true, mode: 0o700 });
    const independent = onSecondMedium(this.#options.dataDir, this.#dir);
    const opened = await OwnMirror.open(this.#dir, {
      ...{ ownChain: storage.ownChain, device: admin.own.device, hubKey, independent, now: clock.now },
      ...(since === undefined ? {} : { since }),
      sign: keys.sign,
      verify: (bytes, sig) => verifyEd25519(key, bytes, sig),
      report: (error) => sayFailed(this.#dir, error),
    });
    this.#mirror = opened.mirror;
    admin.own.mirrorTo(opened.mirror);
    if (opened.tookBack > 0) {
      await storage.recovery.mirrorAhead({ freshLineage: `u-${admin.secrets.id()}`, at: clock.now() });
      await this.#tookBack();
    }
    sayOpened(this.#options, this.#dir, independent, opened);
  }

  #sayFailed(error: unknown): void {
    if (this.#options.json && this.#said === null) json({ event: 'mirror', dir: this.#dir, ok: false });
    const text = String(error);
    if (this.#said !== text) sayFailed(this.#dir, error);
    this.#said = text;
  }
}

function sayOpened(
  options: MirrorOptions,
  dir: string,
  independent: boolean,
  { tookBack, refused, aside }: OpenedMirror,
): void {
  if (options.json) json({ event: 'mirror', dir, ok: true, independent, tookBack, refused, aside });
  if (independent)
    say(`Chuỗi của máy chủ có bản thứ hai: ${dir}`, `The hub's own chain is kept twice: ${dir}`);
  else
    say(
      `${dir} nằm trên cùng ổ với dữ liệu: chưa phải bản thứ hai độc lập.`,
      `${dir} lies on the data's own device: it is no independent second medium.`,
    );
  if (aside !== null || refused > 0)
    say(
      `Bản thứ hai có chỗ hỏng (${refused}); tệp hỏng giữ tại ${aside ?? dir}`,
      `The second medium is damaged in places (${refused}); the damaged file is kept at ${aside ?? dir}`,
    );
  if (tookBack > 0)
    say(
      `Đã lấy lại ${tookBack} sự kiện của máy chủ từ bản thứ hai.`,
      `${tookBack} facts of the hub came back from the second medium.`,
    );
}

function sayFailed(dir: string, error: unknown): void {
  if (error instanceof CodedError) sayProblem(error.code, dir);
  else
    say(
      `Không ghi được bản thứ hai ${dir}: ${String(error)}. Việc ghi nhận vẫn tiếp tục và sẽ thử lại.`,
      `The second medium ${dir} cannot be written: ${String(error)}. Recording goes on, and it is tried again.`,
    );
}
