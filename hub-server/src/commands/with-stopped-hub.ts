/** What a command with `--data` does where no hub runs: here, in this process. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { CodedError } from '@hailong/shared/errors.ts';
import { systemClock, systemTimers } from '../adapters/clock.ts';
import { RecorderLink } from '../adapters/recorder-link/recorder-link.ts';
import { startRecorderProcess } from '../adapters/recorder-link/recorder-process.ts';
import { footageRoot } from '../adapters/verify/check-footage.ts';
import type { FootageViews } from '../application/core-port.ts';
import { createFootageViews } from '../application/footage/footage-views.ts';
import { LiveBus } from '../application/live-bus.ts';
import { needData, type OpenHub, openHub } from './open-hub.ts';
import { type Operation, operate, operation } from './operate.ts';

type Lines = readonly Record<string, unknown>[];

/** A recorder starts within this, also on a slow disk. */
const RECORDER_START_MS = 15_000;

/** A command's words as its verb takes them. Refuses the others by name. */
export function taken(wanted: Operation): Operation {
  const read = operation.safeParse(wanted);
  if (read.success) return read.data;
  const names = read.error.issues.map(({ path }) => `--${path.join('.')}`);
  throw new CodedError('request.invalid', names.join(', '));
}

/** Several questions of a hub that is opened once. Refuses what needs a recorder, data that another program holds. */
export async function openStopped(
  dataDir: string,
): Promise<{ ask(asked: Operation): Promise<Lines>; close(): Promise<void> }> {
  const hub = await openHub(needData(dataDir));
  return {
    ask: (asked) => operate(hub.admin, null, footageOf(hub, dataDir), asked),
    close: () => hub.close(),
  };
}

/** Refuses data that another program holds. */
export async function withStoppedHub(
  dataDir: string,
  asked: Operation,
  allowCidrs: readonly string[],
): Promise<Lines> {
  const hub = await openHub(needData(dataDir));
  try {
    return asked.verb === 'camera-probe' || asked.verb === 'camera-discover' || asked.verb === 'camera-check'
      ? await probeStopped(hub, asked, null, allowCidrs)
      : asked.verb === 'footage-repair'
        ? await probeStopped(hub, asked, join(dataDir, 'footage'), allowCidrs)
        : await operate(hub.admin, null, footageOf(hub, dataDir), asked);
  } finally {
    await hub.close();
  }
}

/** Files lie where they lie; no recorder is needed to know what there is. */
const footageOf = (hub: OpenHub, dataDir: string): FootageViews =>
  createFootageViews({ ...hub.storage, clock: systemClock, root: () => footageRoot(resolve(dataDir)) });

/**
 * A probe needs a recorder; it gets one of its own that only answers: in an empty folder, or for a repair in the hub's own. What a
 * repair mended comes under a signed root before this ends.
 */
async function probeStopped(
  hub: OpenHub,
  asked: Operation,
  footage: string | null,
  allowCidrs: readonly string[],
): Promise<Lines> {
  const folder = footage ?? mkdtempSync(join(tmpdir(), 'hailong-probe-'));
  const recorder = await RecorderLink.listen({
    aged: systemClock,
    footage: hub.storage.footage,
    segments: hub.storage.segments,
    directory: { camerasWithSecrets: async () => [] },
    cameras: hub.storage.cameras,
    holds: { keep: async () => false, orders: async () => ({ holds: [], cameras: null }) },
    clock: systemClock,
    sealer: hub.keys,
    bus: new LiveBus(),
    timers: systemTimers,
    allowCidrs,
    log: () => undefined,
  });
  const child = startRecorderProcess({
    ...{ footageDir: folder, url: recorder.url, token: recorder.token, idle: true, timers: systemTimers },
    monotonic: () => systemClock.monotonic(),
    say: (line) => process.stderr.write(`[recorder] ${line}\n`),
  });
  try {
    if (!(await recorder.connected(RECORDER_START_MS))) throw new CodedError('footage.recorder_away');
    return await operate(hub.admin, recorder, footageOf(hub, folder), asked);
  } finally {
    await child.stop();
    await recorder.close();
    if (footage !== null) await hub.logSealer.seal();
    if (footage === null) rmSync(folder, { recursive: true, force: true });
  }
}
