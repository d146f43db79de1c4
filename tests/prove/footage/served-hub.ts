/*
 * Purpose: the hub as it ships, with the recorder it starts by itself, stopped or killed while a camera is recorded, or under a clock
 * that is set right at last. The ledger is what the hub's own database holds at the end.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Film } from '@hailong/device-drivers/simulators/film-feed.ts';
import type { FootageFact } from '@hailong/shared/protocol/footage.ts';
import Sqlite from 'better-sqlite3';
import { databaseFile } from '../../../hub-server/src/adapters/sqlite/open-database.ts';
import { setupDemoHub, startHub } from '../../support/office.ts';
import { hubBin } from '../../support/paths.ts';
import { poll } from '../../support/poll.ts';
import { runProgram } from '../../support/program.ts';
import { FakeClock } from '../fake-clock.ts';
import { LOGIN, PICTURE_MS, StandIn } from './stand-in.ts';
import { filmedSpans, isStall, ledgerOf, storedPictures, WORST_MS, worstError } from './truth.ts';

const AWAY_MS = 2_000;
/** The recorder of a killed hub notices by itself. */
const ORPHAN_MS = 15_000;

type Row = Readonly<Record<string, string | number | null>>;

/** The hub's rows as the facts they came of. */
function factsIn(db: Sqlite.Database): FootageFact[] {
  const rows = (sql: string) => db.prepare(sql).all() as Row[];
  const facts = [
    ...rows('SELECT * FROM run_mapping ORDER BY run, version').map((row) => ({
      kind: 'run.mapped',
      mapping: { run: row['run'], offsetMs: row['offset_ms'] },
    })),
    ...rows('SELECT * FROM segment').map((row) => ({
      kind: 'segment.closed',
      segment: {
        ...{ id: row['id'], camera: row['camera_id'], run: row['run'] },
        ...{ mediaStartMs: row['media_start_ms'], mediaEndMs: row['media_end_ms'] },
      },
    })),
    ...rows('SELECT * FROM segment WHERE deleted_at IS NOT NULL').map((row) => ({
      ...{ kind: 'segment.deleted', id: row['id'], at: row['deleted_at'], reason: row['deleted_reason'] },
    })),
    ...rows('SELECT * FROM footage_gap').map((row) => ({
      kind: 'gap.recorded',
      gap: {
        ...{ id: row['id'], camera: row['camera_id'] },
        ...{ from: row['from_at'], to: row['to_at'], reason: row['reason'] },
      },
    })),
  ];
  return facts as unknown as FootageFact[];
}

/** A demo office's data with this camera at its first counter. */
async function hubWith(camera: StandIn, data: string): Promise<void> {
  const { counters } = await setupDemoHub(data);
  const added = await runProgram(hubBin, [
    ...['camera', 'add', '--address', camera.address, '--user', LOGIN.user, '--password', LOGIN.password],
    ...['--counter', counters[0]?.number ?? '', '--name', 'Camera', '--data', data, '--json'],
  ]);
  if (added.code !== 0) throw new Error(added.stderr);
}

export async function servedHub(
  folder: string,
  film: Film,
  how: 'stopped' | 'killed',
): Promise<{ readonly worstMs: number; readonly problem: string | null }> {
  const data = join(folder, 'hub');
  await using camera = await StandIn.start(film);
  await hubWith(camera, data);
  let { program } = await startHub(data);
  using db = openRead(data);
  const filmed = async (count: number) => {
    const segments = () => Number(db.prepare('SELECT count(*) FROM segment').pluck().get());
    const before = segments();
    await poll(() => segments() >= before + count, { what: 'files in the hub', timeoutMs: 60_000 });
  };
  try {
    await filmed(3);
    await (how === 'stopped' ? program.stop() : program.killHard());
    if (how === 'killed')
      await poll(() => camera.rtsp.playing() === 0, {
        what: 'the end of its recorder',
        timeoutMs: ORPHAN_MS,
      });
    await pause(AWAY_MS);
    ({ program } = await startHub(data));
    await filmed(3);
  } finally {
    await program.stop();
  }
  const id = db.prepare('SELECT camera_id FROM segment').pluck().get() as Parameters<
    typeof storedPictures
  >[1];
  // The last words of a recorder that ends with its hub are told at the next start.
  ({ program } = await startHub(data));
  await poll(() => db.prepare('SELECT 1 FROM footage_gap WHERE to_at IS NULL').get() === undefined, {
    ...{ what: 'the next start in the ledger', timeoutMs: 60_000 },
  }).finally(() => program.stop());
  const stored = storedPictures(join(data, 'footage', 'segments'), id);
  const truth = filmedSpans(stored, camera.sentAt, PICTURE_MS);
  const ledger = ledgerOf(factsIn(db), id, Math.max(...truth.map(({ to }) => to)));
  const worst = worstError(truth, ledger);
  const told = ledger.missing.filter((gap) => !isStall(gap, camera.stalls));
  const strange = told.find(({ reason }) => reason !== 'recorder-down');
  return {
    worstMs: worst.ms,
    problem:
      worst.ms > WORST_MS || strange !== undefined || told.length === 0
        ? `hub ${how}: ${worst.ms} ms ${worst.what}, ${JSON.stringify({ truth, ledger })}`
        : null,
  };
}

/** NTP is asked once a minute, and footage expires as often. */
const ASKED_MS = 150_000;

/**
 * Hub and recorder under one clock that is `wrongMs` off, taken for right, and set right at NTP's word. What was held by the wrong clock
 * must be there at the end, although the disk wants everything else.
 */
export async function steppedHub(
  folder: string,
  film: Film,
  wrongMs: number,
): Promise<{ readonly worstMs: number; readonly heldSecondsLost: number; readonly problem: string | null }> {
  const data = join(folder, 'hub');
  await using camera = await StandIn.start(film);
  await hubWith(camera, data);
  const clock = new FakeClock(join(folder, 'time'));
  clock.set(wrongMs);
  const ntp = (is: 'yes' | 'no') =>
    writeFileSync(join(folder, 'timedatectl'), `#!/bin/sh\necho NTP=${is}; echo NTPSynchronized=${is}\n`, {
      mode: 0o755,
    });
  ntp('no');
  const { program } = await startHub(data, 0, {
    ...clock.wrapper.env,
    ...{ HAILONG_TIMEDATECTL: join(folder, 'timedatectl'), HAILONG_FOOTAGE_BUDGET_MB: '1' },
    ...{ HAILONG_FOOTAGE_HOLD_MB: '0', HAILONG_FOOTAGE_FLOOR_MB: '1' },
  });
  using db = openRead(data);
  const number = (sql: string) => Number(db.prepare(sql).pluck().get() ?? 0);
  const waitFor = (what: string, until: () => boolean) => poll(until, { what, timeoutMs: ASKED_MS });
  const root = join(data, 'footage', 'segments');
  let held: ReadonlySet<number>;
  try {
    await waitFor('files in the hub', () => number('SELECT count(*) FROM segment') >= 3);
    const files = db
      .prepare('SELECT file FROM segment ORDER BY arrival_at LIMIT 1')
      .pluck()
      .all() as string[];
    held = storedPictures(root, files[0]?.split('/')[0] as never, files);
    using writer = Object.assign(new Sqlite(databaseFile(data)), {
      [Symbol.dispose]: () => void writer.close(),
    });
    writer
      .prepare(
        `INSERT INTO footage_hold (id, request, kind, subject, counter_id, camera_id, from_at, to_at, asked_by, asked_at, until)
         SELECT 'h', 'rating:h', 'rating', 'h', NULL, camera_id, min(arrival_at) - media_end_ms, min(arrival_at), 'hub', arrival_at,
           arrival_at + 86400000 FROM segment GROUP BY camera_id`,
      )
      .run();
    await waitFor(
      'what is not held going',
      () => number('SELECT count(*) FROM segment WHERE deleted_at > 0') > 0,
    );
    ntp('yes');
    clock.set(0);
    await waitFor('the step believed', () => number('SELECT count(*) FROM clock_step WHERE to_at > 0') > 0);
    const gone = number('SELECT count(*) FROM segment WHERE deleted_at > 0');
    await waitFor('more going', () => number('SELECT count(*) FROM segment WHERE deleted_at > 0') > gone);
  } finally {
    await program.stop();
  }
  const id = db.prepare('SELECT camera_id FROM segment').pluck().get() as Parameters<
    typeof storedPictures
  >[1];
  const stored = storedPictures(root, id);
  const truth = filmedSpans(stored, camera.sentAt, PICTURE_MS);
  const ledger = ledgerOf(factsIn(db), id, Math.max(...truth.map(({ to }) => to)));
  const worst = worstError(truth, ledger);
  const lost = [...held].filter((picture) => !stored.has(picture)).length;
  return {
    worstMs: worst.ms,
    heldSecondsLost: (lost * PICTURE_MS) / 1_000,
    problem:
      worst.ms > WORST_MS
        ? `stepped: ${worst.ms} ms ${worst.what}, ${JSON.stringify({ truth, ledger })}`
        : null,
  };
}

function openRead(data: string): Sqlite.Database & Disposable {
  const db = new Sqlite(databaseFile(data), { readonly: true });
  return Object.assign(db, { [Symbol.dispose]: () => void db.close() });
}
