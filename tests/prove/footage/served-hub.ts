/*
 * Purpose: the hub as it ships, with the recorder it starts by itself, stopped or killed while a camera is recorded. The
 * ledger is what the hub's own database holds at the end.
 */
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
import { LOGIN, PICTURE_MS, StandIn } from './stand-in.ts';
import { filmedSpans, ledgerOf, storedPictures, worstError } from './truth.ts';

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

export async function servedHub(
  folder: string,
  film: Film,
  how: 'stopped' | 'killed',
): Promise<{ readonly worstMs: number; readonly problem: string | null }> {
  const data = join(folder, 'hub');
  const { counters } = await setupDemoHub(data);
  await using camera = await StandIn.start(film);
  const added = await runProgram(hubBin, [
    ...['camera', 'add', '--address', camera.address, '--user', LOGIN.user, '--password', LOGIN.password],
    ...['--counter', counters[0]?.number ?? '', '--name', 'Camera', '--data', data, '--json'],
  ]);
  if (added.code !== 0) throw new Error(added.stderr);
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
  const strange = ledger.missing.find(({ reason }) => reason !== 'recorder-down');
  return {
    worstMs: worst.ms,
    problem:
      worst.ms > 1_000 || strange !== undefined || ledger.missing.length === 0
        ? `hub ${how}: ${worst.ms} ms ${worst.what}, ${JSON.stringify({ truth, ledger })}`
        : null,
  };
}

function openRead(data: string): Sqlite.Database & Disposable {
  const db = new Sqlite(databaseFile(data), { readonly: true });
  return Object.assign(db, { [Symbol.dispose]: () => void db.close() });
}
