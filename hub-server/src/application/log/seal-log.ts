/**
 * Purpose: the log's minute: what changed becomes rows, the tree grows, the hub's key signs its state, and those who
 * watch are told. On demand the same, so that what is printed or handed out is the state of that moment.
 * Refuses: nothing; without a change the checkpoint held is the answer. See hub-server/DESIGN.md, "Audit log".
 */

import type { Sha256 } from '@hailong/shared/edge/event.ts';
import type { Checkpoint } from '@hailong/shared/log/advance.ts';
import { fingerprint, type LogHead, signCheckpoint } from '@hailong/shared/log/checkpoint.ts';
import type { Clock, Timers } from '@hailong/shared/time.ts';
import type { LogPort } from '../ports/log.ts';

export const SEAL_EVERY_MS = 60_000;

export interface SealParts {
  readonly log: Pick<LogPort, 'grow' | 'keep'>;
  readonly signer: { readonly publicKey: string; sign(bytes: Uint8Array): string };
  readonly sha256: Sha256;
  readonly clock: Pick<Clock, 'now'>;
}

export interface LogSealer {
  /** The checkpoint of everything committed before this call. Null: the data has no identity yet. */
  seal(): Promise<Checkpoint | null>;
  /** Thirty digits for comparing by eye. */
  fingerprint(head: LogHead): string;
  /** Each newly signed one, after it was stored. */
  onSealed(tell: (checkpoint: Checkpoint) => void): void;
}

export function createLogSealer({ log, signer, sha256, clock }: SealParts): LogSealer {
  const listeners: ((checkpoint: Checkpoint) => void)[] = [];
  let last: Promise<unknown> = Promise.resolve();

  async function sealOnce(): Promise<Checkpoint | null> {
    const at = clock.now();
    const grown = await log.grow({ at });
    if (!grown || grown.held) return grown?.held ?? null;
    const { origin, size, root, enrolSerial } = grown;
    const text = signCheckpoint(
      { origin, size, root, extensions: [`enrolSerial ${enrolSerial}`, `at ${at}`] },
      signer,
      sha256,
    );
    const checkpoint: Checkpoint = { origin, size, root, text };
    await log.keep({ checkpoint, at });
    for (const tell of listeners) tell(checkpoint);
    return checkpoint;
  }

  return {
    fingerprint: (head) => fingerprint(sha256, head),
    onSealed: (tell) => void listeners.push(tell),
    // One after another, so that watchers hear of sizes in order.
    seal() {
      const next = last.then(sealOnce, sealOnce);
      last = next.catch(() => undefined);
      return next;
    },
  };
}

/** Every minute from now on; the answer ends it. */
export function keepSealing(
  sealer: Pick<LogSealer, 'seal'>,
  timers: Timers,
  report: (error: unknown) => void,
): () => void {
  let stopped = false;
  let cancel = (): void => undefined;
  const tick = (): void => {
    sealer
      .seal()
      .catch(report)
      .finally(() => {
        if (!stopped) cancel = timers.after(SEAL_EVERY_MS, tick);
      });
  };
  tick();
  return () => {
    stopped = true;
    cancel();
  };
}
