/*
 * Purpose: does a hub get slower with the years? The served hub takes the same amount of events, chained, stored and
 * projected, into a folder that holds ten million ratings and into an empty one, by turns. Dossier codes are scattered,
 * which is the worst an index can be given. Time runs from the first connection until every rating stands in the figures.
 */
import { cp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { serialize } from 'node:v8';
import { tempFolder } from '../../support/temp-folder.ts';
import { figure, median, type Work } from '../figures.ts';
import { ratingsFixture } from '../ingest/fixture.ts';
import { cpuSeconds } from '../processes.ts';
import { EVENTS_EACH, makeFleet, RATINGS_EACH } from '../storm/fleet.ts';
import type { LoadOrder } from '../storm/load.ts';
import { admit, makeOffice, openOffice } from '../storm/office.ts';
import { pass, ServedHub, withLoad } from '../storm/served-hub.ts';

interface Ingested {
  readonly tookMs: number;
  readonly cpuSeconds: number;
}
interface Size {
  readonly kiosks: number;
  readonly batches: number;
}

/** New kiosks each time: a full folder keeps what earlier measurements left. */
async function ingest(dir: string, file: string, size: Size): Promise<Ingested> {
  const { signAnchor } = openOffice(dir);
  // The day before: what is new comes after all that is held, as in life.
  const fleet = makeFleet({ ...size, scattered: true, signAnchor, from: Date.now() - 86_400_000 });
  admit(dir, fleet);
  await writeFile(file, serialize(fleet));
  return withLoad(async (load) => {
    await load.ask({ kind: 'load', file, json: false } satisfies LoadOrder);
    await using hub = await ServedHub.start(dir);
    const before = hub.stored();
    const cpu = cpuSeconds(hub.pid);
    const from = performance.now();
    await pass(load, hub.url, hub.pid);
    await hub.caughtUp();
    const tookMs = performance.now() - from;
    const used = cpuSeconds(hub.pid) - cpu;
    const stored = hub.stored();
    const ratings = size.kiosks * size.batches * RATINGS_EACH;
    if (stored.prompted - before.prompted !== ratings)
      throw new Error(`${stored.prompted - before.prompted} ratings counted, ${ratings} sent`);
    return { tookMs, cpuSeconds: used };
  });
}

export const work: Work = {
  async measure({ quick, say }) {
    const full = await ratingsFixture(
      quick ? { ratings: 4_000, counters: 20 } : { ratings: 10_000_000, counters: 1_000 },
      say,
    );
    say(
      `the full folder: ${(full.bytes / 1e9).toFixed(2)} GB${quick ? ' (small: this is the quick form)' : ''}`,
    );
    await using folder = await tempFolder('ingest');
    const template = await makeOffice(join(folder.path, 'office'));
    const size = quick ? { kiosks: 10, batches: 2 } : { kiosks: 200, batches: 5 };
    const [into, empty]: [Ingested[], Ingested[]] = [[], []];
    for (let run = 0; run < (quick ? 1 : 5); run++) {
      const dir = join(folder.path, `empty-${run}`);
      await cp(template.dir, dir, { recursive: true });
      empty.push(await ingest(dir, join(folder.path, 'fleet'), size));
      into.push(await ingest(full.dir, join(folder.path, 'fleet'), size));
      const told = ({ tookMs, cpuSeconds }: Ingested) =>
        `${Math.round(tookMs)} ms, ${cpuSeconds.toFixed(2)} CPU s`;
      say(`run ${run + 1}: empty ${told(empty.at(-1)!)}; full ${told(into.at(-1)!)}`);
    }
    const events = size.kiosks * size.batches * EVENTS_EACH;
    const rate = (of: readonly Ingested[]) => events / (median(of.map((each) => each.tookMs)) / 1_000);
    const cpu = (of: readonly Ingested[]) => median(of.map((each) => each.cpuSeconds));
    return [
      figure(
        { work: 'ingest', unit: 'events/s', beside: 'into an empty folder' },
        { value: rate(into), besideValue: rate(empty) },
        { of: 'ratio', is: '>=', limit: 0.5 },
      ),
      figure(
        { work: 'ingest, hub CPU', unit: 's', beside: 'into an empty folder' },
        { value: cpu(into), besideValue: cpu(empty) },
      ),
    ];
  },
};
