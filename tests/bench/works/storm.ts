/*
 * Purpose: a whole agency comes back at once: 1,000 kiosks reconnect with 100 events each, against `hailong-hub serve`
 * as shipped and against a bare hub, by turns, each on a new folder. Then the same kiosks come again, ignore `have` and
 * send everything a second time: nothing new may be stored. All the while dossiers are looked up ten times a second.
 */
import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { serialize } from 'node:v8';
import Sqlite from 'better-sqlite3';
import { databaseFile } from '../../../hub-server/src/adapters/sqlite/open-database.ts';
import { hubBin } from '../../support/paths.ts';
import { poll } from '../../support/poll.ts';
import { startProgram } from '../../support/program.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { figure, median, percentile, type Work } from '../figures.ts';
import { type Child, cpuSeconds, peakRssMb, startChild } from '../processes.ts';
import { EVENTS_EACH, type Kiosk, makeFleet, RATINGS_EACH } from '../storm/fleet.ts';
import type { LoadOrder, StormTimes } from '../storm/load.ts';
import { DossierLookups } from '../storm/lookups.ts';
import { admit, makeOffice, type Office } from '../storm/office.ts';

const RSS_MB_MAX = 350;
const LOOKUP_P95_MS = 500;
/** A working day that ends an hour ago. */
const RECORDED_MS = 9 * 3_600_000;

interface Pass extends StormTimes {
  readonly hubCpuSeconds: number;
}
interface ProductRun {
  readonly first: Pass;
  /** From the first connection until every rating stands in the month's figures, ms. */
  readonly caughtUpMs: number;
  readonly replay: Pass;
  readonly rssMb: number;
  readonly lookupsMs: readonly number[];
}

function stored(dir: string): { events: number; prompted: number } {
  const db = new Sqlite(databaseFile(dir), { readonly: true });
  try {
    const events = db.prepare('SELECT count(*) FROM event').pluck().get() as number;
    const prompted = db.prepare('SELECT coalesce(sum(prompted), 0) FROM rollup').pluck().get() as number;
    return { events, prompted };
  } finally {
    db.close();
  }
}

async function pass(load: Child, url: string, hub: number): Promise<Pass> {
  const before = cpuSeconds(hub);
  const times = await load.ask<StormTimes>({ kind: 'storm', url } satisfies LoadOrder);
  return { ...times, hubCpuSeconds: cpuSeconds(hub) - before };
}

async function productRun(
  office: Office,
  dir: string,
  fleet: readonly Kiosk[],
  load: Child,
): Promise<ProductRun> {
  await using program = startProgram(hubBin, ['serve', '--data', dir, '--port', '0', '--json'], {
    env: { HAILONG_CAMERAS: 'off' },
  });
  const url = String((await program.line('listening'))['url']);
  const lookups = new DossierLookups(url, office.apiKey, fleet);
  const from = performance.now();
  const first = await pass(load, url, program.pid);
  const expected = { events: fleet.length * EVENTS_EACH, prompted: fleet.length * RATINGS_EACH };
  await poll(() => stored(dir).prompted === expected.prompted, {
    what: 'the projections',
    timeoutMs: 120_000,
    everyMs: 100,
  });
  const caughtUpMs = performance.now() - from;
  const replay = await pass(load, url, program.pid);
  const lookupsMs = await lookups.stop();
  const held = stored(dir);
  if (held.events !== expected.events || held.prompted !== expected.prompted)
    throw new Error(`stored ${JSON.stringify(held)}, expected ${JSON.stringify(expected)}`);
  return { first, caughtUpMs, replay, rssMb: peakRssMb(program.pid), lookupsMs };
}

async function bareRun(dir: string, load: Child): Promise<Pass & { rssMb: number }> {
  const hub = startChild(new URL('../storm/bare-hub.ts', import.meta.url));
  try {
    const url = await hub.ask<string>(dir);
    const first = await pass(load, url, hub.pid);
    return { ...first, rssMb: peakRssMb(hub.pid) };
  } finally {
    await hub.stop();
  }
}

const loader = async (file: string, json: boolean): Promise<Child> => {
  const child = startChild(new URL('../storm/load.ts', import.meta.url));
  await child.ask({ kind: 'load', file, json } satisfies LoadOrder);
  return child;
};

export const work: Work = {
  async measure({ quick, say }) {
    await using folder = await tempFolder('storm');
    const office = await makeOffice(join(folder.path, 'office'));
    const kiosks = quick ? 20 : 1_000;
    const fleet = makeFleet({
      ...{ kiosks, signAnchor: office.signAnchor, from: Date.now() - RECORDED_MS },
    });
    admit(office.dir, fleet);
    const file = join(folder.path, 'fleet');
    await writeFile(file, serialize(fleet));
    const product: ProductRun[] = [];
    const bare: Awaited<ReturnType<typeof bareRun>>[] = [];
    for (let run = 0; run < (quick ? 1 : 5); run++) {
      // A new generator for each, so that neither side meets one that is warmer.
      const bareLoad = await loader(file, true);
      const bareDir = join(folder.path, `bare-${run}`);
      await mkdir(bareDir);
      bare.push(await bareRun(bareDir, bareLoad).finally(() => bareLoad.stop()));
      const productLoad = await loader(file, false);
      const dir = join(folder.path, `product-${run}`);
      await cp(office.dir, dir, { recursive: true });
      product.push(await productRun(office, dir, fleet, productLoad).finally(() => productLoad.stop()));
      const [b, p] = [bare.at(-1)!, product.at(-1)!];
      const told = (of: Pass) =>
        `${Math.round(of.tookMs)} ms (welcomed ${Math.round(of.welcomedMs)}), hub ${of.hubCpuSeconds.toFixed(2)} CPU s, load ${of.cpuSeconds.toFixed(2)}`;
      say(`run ${run + 1}: bare ${told(b)}, ${Math.round(b.rssMb)} MB`);
      say(`  hub ${told(p.first)}, ${Math.round(p.rssMb)} MB, figures after ${Math.round(p.caughtUpMs)} ms`);
      say(
        `  replay ${told(p.replay)}; ${p.lookupsMs.length} look-ups, p95 ${percentile(p.lookupsMs, 0.95).toFixed(1)} ms`,
      );
    }
    const events = kiosks * EVENTS_EACH;
    const rate = (of: readonly number[]) => events / (median(of) / 1_000);
    const bareRate = rate(bare.map((each) => each.tookMs));
    const firstRate = rate(product.map((each) => each.first.tookMs));
    const middle = <T>(of: readonly T[], pick: (one: T) => number) => median(of.map(pick));
    return [
      figure(
        { work: 'storm', unit: 'events/s', beside: 'bare hub' },
        { value: firstRate, besideValue: bareRate },
        { of: 'ratio', is: '>=', limit: 0.6 },
      ),
      figure(
        { work: 'storm, figures caught up', unit: 'events/s', beside: 'bare hub' },
        { value: rate(product.map((each) => each.caughtUpMs)), besideValue: bareRate },
      ),
      figure(
        { work: 'storm, hub CPU', unit: 's', beside: 'bare hub' },
        {
          value: middle(product, (each) => each.first.hubCpuSeconds),
          besideValue: middle(bare, (each) => each.hubCpuSeconds),
        },
      ),
      figure(
        { work: 'storm, replay', unit: 'events/s', beside: 'first pass' },
        { value: rate(product.map((each) => each.replay.tookMs)), besideValue: firstRate },
        { of: 'ratio', is: '>=', limit: 1.5 },
      ),
      figure(
        { work: 'storm, peak RSS', unit: 'MB', beside: 'bare hub' },
        {
          value: Math.max(...product.map((each) => each.rssMb)),
          besideValue: middle(bare, (each) => each.rssMb),
        },
        { of: 'value', is: '<=', limit: RSS_MB_MAX },
      ),
      figure(
        { work: 'storm, dossier p95', unit: 'ms', beside: 'its own p50' },
        {
          value: percentile(
            product.flatMap((each) => each.lookupsMs),
            0.95,
          ),
          besideValue: percentile(
            product.flatMap((each) => each.lookupsMs),
            0.5,
          ),
        },
        { of: 'value', is: '<=', limit: LOOKUP_P95_MS },
      ),
    ];
  },
};
