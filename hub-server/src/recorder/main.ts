/**
 * Purpose: the recorder's composition root: index, files, cameras and the line to the hub; ends when its parent does.
 * Refuses: a second recorder on the same folder, a hub that is not on loopback, an index that is not durable.
 * Keeps recording while the hub's line is away. See hub-server/DESIGN.md, "Recording".
 */
import { mkdirSync, statfsSync } from 'node:fs';
import { flushCompileCache } from 'node:module';
import { Socket } from 'node:net';
import { join, resolve } from 'node:path';
import { CodedError, ERRORS, isErrorCode } from '@hailong/shared/errors.ts';
import { v7 as uuidv7 } from 'uuid';
import { systemClock, systemTimers } from '../adapters/clock.ts';
import { bootId, watchNtp } from '../adapters/machine-time.ts';
import { lockData } from '../adapters/sqlite/data-lock.ts';
import { openCameraLogins } from './adapters/camera-logins.ts';
import { openDeviceCameras } from './adapters/device-cameras.ts';
import { footageFiles } from './adapters/footage-files.ts';
import { HubLine } from './adapters/hub-line.ts';
import { withReserve } from './adapters/index-reserve.ts';
import { inspectFile } from './adapters/inspect-file.ts';
import { openIndex } from './adapters/sqlite-index.ts';
import { steadyClock } from './adapters/steady-clock.ts';
import { answerQuestion } from './application/answer-hub.ts';
import { FootageLedger } from './application/footage-ledger.ts';
import { pollClocks } from './application/poll-clocks.ts';
import { RecordOffice } from './application/record-office.ts';
import { repairFootage } from './application/repair-footage.ts';
import { type RecorderCommand, readCommandLine, USAGE } from './command-line.ts';
import type { DiskLimits } from './domain/disk-rule.ts';
import type { SavedWall } from './domain/steady-wall.ts';

/** Free space left to the database and the system unless told otherwise: this share of the disk, at most so much. */
const FLOOR_SHARE = 0.05;
const FLOOR_BYTES_MAX = 2 * 1024 ** 3;
/** Of the budget, or of the disk: five minutes by twenty cameras at 4 Mbit/s are 3 GB. */
const HOLD_SHARE = 0.05;
/** The hub waits 5 s before it kills. */
const STOP_MS = 4_500;
const FLUSH_MS = 1_000;
const DRAIN_MS = 20_000;
/** Rows compared at once. */
const ROWS_PAGE = 5_000;

/** One line for people; where it names a code, with that code's sentences. */
function log(text: string): void {
  const code = /\b[a-z]+\.[a-z_]+\b/.exec(text)?.[0] ?? '';
  const said = isErrorCode(code) ? ` (${ERRORS[code].vi} ${ERRORS[code].en})` : '';
  process.stderr.write(`${text.replace(/\s+/g, ' ').trim()}${said}\n`);
}

/** The hub asks whether this loop still turns, and kills a recorder that does not answer. */
function answerWatch(): void {
  process.on('message', (asked) => process.send?.(asked, () => undefined));
  process.channel?.unref();
}

async function run(command: RecorderCommand): Promise<void> {
  process.umask(0o077);
  const data = resolve(command.data);
  const root = join(data, 'segments');
  mkdirSync(root, { recursive: true, mode: 0o700 });
  const lock = lockData(data);
  const index = withReserve(openIndex(data), data, systemClock);
  const files = footageFiles(root);
  const ntp = await watchNtp(systemTimers, systemClock.monotonic);
  const boot = bootId(uuidv7());
  const notBefore = index.newestPlaced(boot);
  const wall = steadyClock({
    ...{ machine: systemClock, boot, saved: index.wall(), log, save: (held) => keepWall(held) },
    witness: () => ({ ntp: ntp.ntp(), notBefore }),
  });
  let ledger: FootageLedger | null = null;
  // A full disk keeps it for the next minute.
  function keepWall(held: SavedWall): void {
    if (command.idle) return;
    try {
      ledger?.keepWall(held);
    } catch (error) {
      log(String(error));
    }
  }
  const logins = openCameraLogins((told) => hub.send(told));
  const parts = {
    ...{ index, files, log, clock: wall, wall, timers: systemTimers },
    ids: { uuid: uuidv7 },
    cameras: openDeviceCameras({
      ...{ clock: systemClock, timers: systemTimers, newRun: uuidv7, log, logins },
      fileAt: (file) => (files.name(files.path(file)) === null ? null : files.path(file)),
    }),
    inspect: inspectFile,
    limits: limitsOf(command, root),
  };
  const hub = new HubLine({
    ...{ ...parts, url: command.hub, token: command.token, footageRoot: root },
    limits: command.idle ? null : parts.limits,
  });
  const kept = new FootageLedger({ ...parts, hub });
  ledger = kept;
  wall.onPlaced((placing) => {
    kept.placed(placing);
    kept.placeLeft();
  });
  wall.onStepped((shiftMs) => {
    if (!command.idle) kept.stepped(shiftMs);
  });
  const office = new RecordOffice({ ...parts, ledger: kept, hub });
  const clocks = pollClocks({ ...parts, tell: (message) => hub.send(message) });

  let stopping = false;
  const stop = async (): Promise<void> => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(1), STOP_MS).unref();
    clocks.stop();
    ntp.stop();
    await office.stop();
    await hub.close(FLUSH_MS);
    index.close();
    lock.release();
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => void stop());
  if (command.parentPipe !== null) watchParent(command.parentPipe, () => void stop());

  /** Of the repair that goes on. */
  const claimed = new Set<string>();

  // Written at an orderly end only, otherwise: a killed recorder would start slowly each time.
  flushCompileCache();
  if (!command.idle) {
    try {
      // Whether it goes on is seen anew.
      kept.stepped(null);
      kept.placeLeft();
    } catch (error) {
      // A full disk keeps it for the next start.
      log(String(error));
    }
    await office.start();
  }
  if (stopping) return;
  hub.open({
    welcomed(acknowledged) {
      if (command.idle) return;
      office.welcomed(acknowledged);
      for (const state of office.states()) hub.tellState(state);
      for (const told of logins.untold()) hub.send(told);
    },
    away: () => office.hubAway(),
    message(message) {
      switch (message.type) {
        case 'cameras.set':
          logins.set(message.cameras);
          clocks.set(message.cameras);
          return office.setCameras(message);
        case 'holds.set':
          return office.setHolds(message);
        case 'reported.set':
          return office.setReported(message);
        case 'acknowledged':
          return office.acknowledged(message.cursor);
        case 'rows': {
          if (message.after === null) claimed.clear();
          const ids = index.idsAfter(message.after, hub.acknowledged(), ROWS_PAGE);
          const { request } = message;
          return hub.send({ type: 'rowed', request, ids: [...ids], more: ids.length === ROWS_PAGE });
        }
        case 'repair':
          // Answered when the hub holds what was mended, so that the next question finds it there.
          void repairFootage(
            { ...parts, ledger: kept, hub, held: () => office.held() },
            message,
            hub.acknowledged(),
            claimed,
          )
            .then(async (result) => {
              await hub.drained(DRAIN_MS);
              hub.send({ type: 'repaired', request: message.request, result });
            })
            .catch((error: unknown) => log(String(error)));
          return;
        default:
          void answerQuestion(parts, message).then((answer) => hub.send(answer));
      }
    },
  });
}

function watchParent(fd: number, gone: () => void): void {
  const pipe = fd === 0 ? process.stdin : new Socket({ fd, readable: true, writable: false });
  pipe.on('end', gone).on('close', gone).on('error', gone).resume();
}

function limitsOf({ budgetBytes, floorBytes, holdReserveBytes }: RecorderCommand, root: string): DiskLimits {
  const { blocks, bsize } = statfsSync(root);
  const disk = blocks * bsize;
  return {
    budgetBytes,
    floorBytes: floorBytes ?? Math.min(FLOOR_BYTES_MAX, Math.floor(disk * FLOOR_SHARE)),
    holdReserveBytes: holdReserveBytes ?? Math.floor(Math.min(disk, budgetBytes ?? disk) * HOLD_SHARE),
  };
}

function fail(error: unknown): never {
  if (!(error instanceof CodedError)) {
    log(String(error));
    process.exit(1);
  }
  const { vi, en, remedy } = ERRORS[error.code];
  process.stderr.write(`${vi}\n${en}\n${error.message}\n${remedy.vi}\n${remedy.en}\n`);
  if (error.code === 'program.usage') process.stderr.write(`\n${USAGE}`);
  process.exit(error.code === 'program.usage' ? 2 : error.code === 'program.data_locked' ? 3 : 1);
}

answerWatch();
try {
  await run(readCommandLine(process.argv.slice(2), process.env));
} catch (error) {
  fail(error);
}
