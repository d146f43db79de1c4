/*
 * Purpose: a whole agency comes back at once: 1,000 kiosks reconnect with 100 events each, against `hailong-hub serve`
 * as shipped and against a bare hub, by turns, each on a new folder. Then the same kiosks come again, ignore `have` and
 * send everything a second time: nothing new may be stored. All the while dossiers are looked up ten times a second.
 */
import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { serialize } from 'node:v8';
import { tempFolder } from '../../support/temp-folder.ts';
import { figure, median, percentile, type Work } from '../figures.ts';
import { type Child, peakRssMb, startChild } from '../processes.ts';
import { EVENTS_EACH, type Kiosk, makeFleet, RATINGS_EACH } from '../storm/fleet.ts';
import type { LoadOrder } from '../storm/load.ts';
import { DossierLookups } from '../storm/lookups.ts';
import { admit, makeOffice } from '../storm/office.ts';
import { type Pass, pass, ServedHub, withLoad } from '../storm/served-hub.ts';

const RSS_MB_MAX = 350;
const LOOKUP_P95_MS = 500;
/** A working day that ends an hour ago. */
const RECORDED_MS = 9 * 3_600_000;

interface ProductRun {
  readonly first: Pass;
  /** From the first connection until every rating stands in the month's figures, ms. */
  readonly caughtUpMs: number;
  readonly replay: Pass;
  readonly rssMb: number;
  readonly lookupsMs: readonly number[];
}

interface Fleets {
  readonly fleet: readonly Kiosk[];
  readonly file: string;
  /** Some kiosks that come before: a hub that meets a storm has been running, and so has its comparator. */
  readonly warmUpFile: string;
}

async function warmUp(load: Child, url: string, { file, warmUpFile }: Fleets, json: boolean): Promise<void> {
  await load.ask({ kind: 'load', file: warmUpFile, json } satisfies LoadOrder);
  await load.ask({ kind: 'storm', url } satisfies LoadOrder);
  await load.ask({ kind: 'load', file, json } satisfies LoadOrder);
}

async function productRun(apiKey: string, dir: string, fleets: Fleets, load: Child): Promise<ProductRun> {
  await using hub = await ServedHub.start(dir);
  const { fleet } = fleets;
  await warmUp(load, hub.url, fleets, false);
  await hub.caughtUp();
  const before = hub.stored();
  const lookups = new DossierLookups(hub.url, apiKey, fleet);
  const from = performance.now();
  const first = await pass(load, hub.url, hub.pid);
  await hub.caughtUp();
  const caughtUpMs = performance.now() - from;
  const replay = await pass(load, hub.url, hub.pid);
  const lookupsMs = await lookups.stop();
  const held = hub.stored();
  const expected = {
    events: before.events + fleet.length * EVENTS_EACH,
    prompted: before.prompted + fleet.length * RATINGS_EACH,
  };
  if (held.events !== expected.events || held.prompted !== expected.prompted)
    throw new Error(`stored ${JSON.stringify(held)}, expected ${JSON.stringify(expected)}`);
  return { first, caughtUpMs, replay, rssMb: peakRssMb(hub.pid), lookupsMs };
}

async function bareRun(dir: string, fleets: Fleets, load: Child): Promise<Pass & { rssMb: number }> {
  const hub = startChild(new URL('../storm/bare-hub.ts', import.meta.url));
  try {
    const url = await hub.ask<string>(dir);
    await warmUp(load, url, fleets, true);
    const first = await pass(load, url, hub.pid);
    return { ...first, rssMb: peakRssMb(hub.pid) };
  } finally {
    await hub.stop();
  }
}

export const work: Work = {
  async measure({ quick, say }) {
    await using folder = await tempFolder('storm');
    const office = await makeOffice(join(folder.path, 'office'));
    const kiosks = quick ? 20 : 1_000;
    const { signAnchor } = office;
    const from = Date.now() - RECORDED_MS;
    const fleet = makeFleet({ kiosks, signAnchor, from });
    const before = makeFleet({ kiosks: quick ? 5 : 100, signAnchor, from });
    admit(office.dir, [...fleet, ...before]);
    const fleets: Fleets = {
      ...{ fleet, file: join(folder.path, 'fleet'), warmUpFile: join(folder.path, 'warm-up') },
    };
    await writeFile(fleets.file, serialize(fleet));
    await writeFile(fleets.warmUpFile, serialize(before));
    const product: ProductRun[] = [];
    const bare: Awaited<ReturnType<typeof bareRun>>[] = [];
    for (let run = 0; run < (quick ? 1 : 5); run++) {
      const bareDir = join(folder.path, `bare-${run}`);
      await mkdir(bareDir);
      bare.push(await withLoad((load) => bareRun(bareDir, fleets, load)));
      const dir = join(folder.path, `product-${run}`);
      await cp(office.dir, dir, { recursive: true });
      product.push(await withLoad((load) => productRun(office.apiKey, dir, fleets, load)));
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
