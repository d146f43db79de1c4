/*
 * Purpose: `npm run load`: a working day's traffic of many kiosks at once, in a process of its own, against
 * `hailong-hub serve` as shipped; afterwards every event is looked for in the hub's database by number and hash.
 * One in 200 batches has its line cut right behind it, so that what is sent twice or not at all would show.
 * Exit codes: 0 holds, 1 does not, 2 usage. With --json one object on stdout; everything for people goes to stderr.
 */
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { serialize } from 'node:v8';
import Sqlite from 'better-sqlite3';
import { databaseFile } from '../../hub-server/src/adapters/sqlite/open-database.ts';
import { percentile } from '../bench/figures.ts';
import { type Child, startChild } from '../bench/processes.ts';
import { makeFleet } from '../bench/storm/fleet.ts';
import { admit, makeOffice } from '../bench/storm/office.ts';
import { ServedHub } from '../bench/storm/served-hub.ts';
import { tempFolder } from '../support/temp-folder.ts';
import type { LoadDone, LoadOrder } from './generator.ts';
import type { Head } from './live-kiosk.ts';

const P99_MS_MAX = 1_000;
const CONNECTION_KB_MAX = 60;
/** A kiosk commits something this often: some ten times as often as a busy counter. */
const EVERY_MS = 5_000;
const CUT_SHARE = 0.005;
/** Of a small load, so that it meets some too. */
const CUT_SHARE_SMALL = 0.1;
/**
 * Before the idle memory is read: a hub that has been running has done this much work before. As much of it as the many
 * will make, from few lines, so that what is left above it is theirs.
 */
const WARM_KIOSKS = 50;
const WARM_MS = 30_000;
const SETTLE_MS = 3_000;
/** Seconds between two words about the memory. */
const SAY_EVERY = 15;
/** So few say nothing of a connection's share of the memory. */
const MEASURED_KIOSKS_MIN = 500;

const USAGE = `npm run load -- [--kiosks N] [--minutes M] [--json]

  N thiết bị (1.000) gửi sự kiện trong M phút (1) tới máy chủ thật. / N kiosks send for M minutes to the hub as shipped.

  {"kiosks","minutes","sent","stored","lost","doubled","ackP50Ms","ackP99Ms","hubRssMb","holds"}
  Đạt khi / holds when: lost = doubled = 0, ackP99Ms ≤ ${P99_MS_MAX}, ≤ ${CONNECTION_KB_MAX} KB RSS mỗi kết nối / a connection above idle.
`;

const say = (text: string) => process.stderr.write(`${text}\n`);
const pause = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));

function rssMb(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1]) / 1_024;
}

async function withGenerator<T>(act: (ask: <A>(order: LoadOrder) => Promise<A>) => Promise<T>): Promise<T> {
  const child: Child = startChild(new URL('./generator.ts', import.meta.url));
  try {
    return await act((order) => child.ask(order));
  } finally {
    await child.stop();
  }
}

/** What of the chains stands in the database: events by number and hash, and anything beside them. */
function compare(dir: string, heads: readonly Head[]) {
  const db = new Sqlite(databaseFile(dir), { readonly: true });
  const rows = db.prepare<[string, string], { seq: number; branch: number; hash: Buffer }>(
    `SELECT e.seq, e.branch, e.hash FROM event e JOIN device_epoch d ON d.id = e.epoch_id
     WHERE d.device = ? AND d.epoch = ?`,
  );
  let [stored, lost, doubled] = [0, 0, 0];
  try {
    for (const { device, epoch, hashes } of heads) {
      const held = rows.all(device, epoch);
      stored += held.length;
      const times = new Map<string, number>();
      for (const { seq, hash } of held) {
        const key = `${seq} ${hash.toString('hex')}`;
        times.set(key, (times.get(key) ?? 0) + 1);
      }
      hashes.forEach((hash, n) => {
        const found = times.get(`${n + 1} ${hash}`) ?? 0;
        if (found === 0) lost += 1;
      });
      doubled +=
        held.length -
        new Set(hashes.map((hash, n) => `${n + 1} ${hash}`).filter((key) => times.has(key))).size;
    }
    // Each transaction was voted on once: a vote that counts twice, or not at all, shows in the figures.
    const count = (sql: string) => db.prepare(sql).pluck().get() as number;
    const voted = count("SELECT count(*) FROM event WHERE type = 'rating.voted' AND branch = 0");
    const counted = count('SELECT count(*) FROM effective_rating');
    return {
      stored,
      lost: lost + Math.max(0, voted - counted),
      doubled: doubled + Math.max(0, counted - voted),
    };
  } finally {
    db.close();
  }
}

async function load(kiosks: number, minutes: number): Promise<Record<string, unknown>> {
  const isMeasured = kiosks >= MEASURED_KIOSKS_MIN;
  const forMs = minutes * 60_000;
  await using folder = await tempFolder('load');
  const office = await makeOffice(join(folder.path, 'office'));
  const { signAnchor, dir } = office;
  const made = { batches: 0, signAnchor, from: Date.now() };
  const [fleet, warm] = [makeFleet({ kiosks, ...made }), makeFleet({ kiosks: WARM_KIOSKS, ...made })];
  admit(dir, [...fleet, ...warm]);
  const [file, warmFile] = [join(folder.path, 'fleet'), join(folder.path, 'warm')];
  await writeFile(file, serialize(fleet));
  await writeFile(warmFile, serialize(warm));
  const hub = await ServedHub.start(dir);
  let done: LoadDone;
  let idleMb = 0;
  const samples: number[] = [];
  try {
    if (isMeasured)
      await withGenerator(async (ask) => {
        await ask({ kind: 'connect', file: warmFile, url: hub.url, cutShare: 0 });
        await ask({ kind: 'work', forMs: WARM_MS, everyMs: (EVERY_MS * WARM_KIOSKS) / kiosks });
      });
    if (isMeasured) await pause(SETTLE_MS);
    idleMb = rssMb(hub.pid);
    done = await withGenerator(async (ask) => {
      const from = performance.now();
      await ask({ kind: 'connect', file, url: hub.url, cutShare: isMeasured ? CUT_SHARE : CUT_SHARE_SMALL });
      say(
        `${kiosks} kiosks are connected after ${Math.round(performance.now() - from)} ms; idle ${idleMb.toFixed(0)} MB`,
      );
      const timer = setInterval(() => {
        samples.push(rssMb(hub.pid));
        if (samples.length % SAY_EVERY === 0) say(`  ${samples.length} s: ${samples.at(-1)?.toFixed(0)} MB`);
      }, 1_000);
      try {
        return await ask<LoadDone>({ kind: 'work', forMs, everyMs: Math.min(EVERY_MS, forMs / 6) });
      } finally {
        clearInterval(timer);
      }
    });
    await hub.caughtUp();
  } finally {
    await hub[Symbol.asyncDispose]();
  }
  const sorted = [...samples].sort((a, b) => a - b);
  const hubRssMb = percentile(sorted, 0.5);
  const connectionKb = ((hubRssMb - idleMb) * 1_024) / kiosks;
  const { stored, lost, doubled } = compare(dir, done.heads);
  const acks = [...done.acksMs];
  const [ackP50Ms, ackP99Ms] = [percentile(acks, 0.5), percentile(acks, 0.99)];
  say(
    `${connectionKb.toFixed(1)} KB a connection above idle (RSS ${sorted[0]?.toFixed(0)}–${sorted.at(-1)?.toFixed(0)} MB), ${acks.length} acknowledged, worst ${Math.max(...acks.slice(0, 100_000)).toFixed(0)} ms`,
  );
  const holds =
    lost === 0 &&
    doubled === 0 &&
    stored === done.sent &&
    ackP99Ms <= P99_MS_MAX &&
    (!isMeasured || connectionKb <= CONNECTION_KB_MAX);
  const round = (value: number) => Math.round(value * 10) / 10;
  return {
    ...{ kiosks, minutes, sent: done.sent, stored, lost, doubled },
    ...{ ackP50Ms: round(ackP50Ms), ackP99Ms: round(ackP99Ms), hubRssMb: round(hubRssMb), holds },
  };
}

function readOptions(
  args: readonly string[],
): { kiosks: number; minutes: number; json: boolean } | 'help' | null {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        kiosks: { type: 'string', default: '1000' },
        minutes: { type: 'string', default: '1' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    if (values.help) return 'help';
    const [kiosks, minutes] = [Number(values.kiosks), Number(values.minutes)];
    if (!(Number.isInteger(kiosks) && kiosks >= 1 && kiosks <= 10_000 && minutes >= 0.02 && minutes <= 1_440))
      return null;
    return { kiosks, minutes, json: values.json };
  } catch {
    return null;
  }
}

async function main(): Promise<number> {
  const asked = readOptions(process.argv.slice(2));
  if (asked === 'help' || asked === null) {
    (asked ? process.stdout : process.stderr).write(USAGE);
    return asked ? 0 : 2;
  }
  const result = await load(asked.kiosks, asked.minutes);
  if (asked.json) process.stdout.write(`${JSON.stringify(result)}\n`);
  else
    for (const [name, value] of Object.entries(result)) process.stdout.write(`${name.padEnd(10)} ${value}\n`);
  return result['holds'] === true ? 0 : 1;
}

process.exitCode = await main();
