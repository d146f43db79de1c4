/*
 * What somebody with the hub's database and disk in hand does to footage before it is handed over, by SQL and files alone: the hub makes
 * no package of what contradicts its log, and what came under the log late, or never, is said by the package and demanded by its verifiers.
 */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageManifest } from '@hailong/shared/evidence/manifest.ts';
import { PROOFS } from '@hailong/shared/evidence/package-files.ts';
import { formText } from '@hailong/shared/evidence/read-form.ts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openWriter } from '../../hub-server/src/adapters/sqlite/open-database.ts';
import type { EvidenceRow } from '../../hub-server/src/application/ports/evidence.ts';
import { refit } from '../prove/evidence/mutate.ts';
import { byCommand } from '../prove/evidence/verifiers.ts';
import { type EvidenceHub, evidenceHub, type Film, makeFilm } from '../support/evidence-hub.ts';
import { hasFfmpeg } from '../support/fixture-clip.ts';
import { type TempFolder, tempFolder } from '../support/temp-folder.ts';

const here = await hasFfmpeg();
let folder: TempFolder;
let film: Film;
let hub: EvidenceHub;
let number = 0;

beforeAll(async () => {
  if (!here) return;
  folder = await tempFolder('evidence-altered');
  film = await makeFilm(`${folder.path}/film`, { seconds: 28, kbps: 100 });
}, 60_000);
afterAll(async () => {
  await hub?.close();
  await folder?.remove();
});

async function fresh(options: { readonly agoMs?: number } = {}): Promise<void> {
  await hub?.close();
  hub = await evidenceHub(`${folder.path}/data-${++number}`, { films: [film], ...options });
}
const data = () => `${folder.path}/data-${number}`;
function sql(text: string, ...values: unknown[]): void {
  const db = openWriter(data());
  try {
    db.prepare(text).run(...values);
  } finally {
    db.close();
  }
}
/** Another picture of the same length in place of the third segment, row and file alike. */
function replaceMaster(): string {
  const file = hub.segments[0]![2]!;
  const bytes = readFileSync(join(hub.footageRoot, hub.segments[0]![0]!));
  writeFileSync(join(hub.footageRoot, file), bytes);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  sql('UPDATE segment SET sha256 = ?, bytes = ? WHERE file = ?', sha256, bytes.length, file);
  return file;
}
const manifestOf = ({ folder: at }: EvidenceRow) =>
  packageManifest.parse(JSON.parse(readFileSync(join(at ?? '', 'manifest.json'), 'utf8')));
/** As its own hub would sign what was changed. */
function edit(row: EvidenceRow, path: string, change: (value: never) => void): void {
  const file = join(row.folder ?? '', path);
  const value = JSON.parse(readFileSync(file, 'utf8'));
  change(value as never);
  writeFileSync(file, formText(value));
  const sums = refit(row.folder ?? '');
  const sig = hub.kept.hub.keys.sign(Buffer.from(sums));
  writeFileSync(join(row.folder ?? '', 'SHA256SUMS.sig'), Buffer.from(sig, 'base64url'));
}
const unsay = (row: EvidenceRow, code: string): void =>
  edit(row, 'manifest.json', (value: { notProven: string[] }) => {
    value.notProven = value.notProven.filter((each) => each !== code);
  });

describe.skipIf(!here)('footage that was exchanged', () => {
  beforeEach(() => fresh(), 60_000);

  it('is in time when nothing was done to it, every leaf of its minute listed', async () => {
    const row = await hub.exportCase();
    expect(row).toMatchObject({ state: 'ready' });
    const { notProven } = manifestOf(row);
    for (const code of ['segment-unlogged', 'segment-late', 'segment-older-log'] as const)
      expect(notProven).not.toContain(code);
    expect(await byCommand(row.folder ?? '')).toMatchObject({ code: 0 });
    edit(row, PROOFS, (value: { trees: { leaves: string[] }[] }) => {
      value.trees[0]?.leaves.pop();
    });
    expect((await byCommand(row.folder ?? '')).said).toContain('[audit.proof]');
    edit(row, PROOFS, (value: { trees: unknown[] }) => {
      value.trees = [];
    });
    expect((await byCommand(row.folder ?? '')).said).toContain('[audit.segment]');
  });

  it('makes no package: its row contradicts the log', async () => {
    replaceMaster();
    expect(await hub.exportCase()).toMatchObject({ state: 'failed', code: 'evidence.log_contradicts' });
  });

  it('makes none either when its mark is taken away and the next minute commits to it anew', async () => {
    sql('UPDATE segment SET logged_in = NULL WHERE file = ?', replaceMaster());
    await hub.kept.hub.logSealer.seal();
    expect(await hub.exportCase()).toMatchObject({ state: 'failed', code: 'evidence.log_contradicts' });
  });
});

describe.skipIf(!here)('footage that the log heard of late', () => {
  it('is said to be late, by whoever writes the package and whoever checks it', async () => {
    await fresh({ agoMs: 12 * 60_000 });
    replaceMaster();
    // The whole minute is committed to anew, and the row that held it first is left out.
    sql('UPDATE segment SET logged_in = NULL');
    await hub.kept.hub.logSealer.seal();
    const row = await hub.exportCase();
    expect(manifestOf(row).notProven).toContain('segment-late');
    expect(await byCommand(row.folder ?? '')).toMatchObject({ code: 0 });
    unsay(row, 'segment-late');
    const { code, said } = await byCommand(row.folder ?? '');
    expect(code).toBe(1);
    expect(said).toContain('segment-late');
    // Nor is it an older log's: the one at hand began before it was filmed.
    edit(row, 'manifest.json', (value: { notProven: string[] }) => value.notProven.push('segment-older-log'));
    expect(await byCommand(row.folder ?? '')).toMatchObject({ code: 1 });
  }, 60_000);
});

describe.skipIf(!here)('footage that was moved in time', () => {
  const moved = (row: EvidenceRow) => manifestOf(row).notProven;
  beforeEach(() => fresh(), 60_000);

  it('makes no package where its clock was altered', async () => {
    sql('UPDATE run_mapping SET offset_ms = offset_ms - 60000');
    expect(await hub.exportCase()).toMatchObject({ state: 'failed', code: 'evidence.log_contradicts' });
  });

  it('is said to be moved by a newer clock, also where the log took it, and no verifier lets that be left out', async () => {
    sql(
      `INSERT INTO run_mapping (run, camera_id, version, method, offset_ms, latency_ms, bound_ms)
       SELECT run, camera_id, 2, method, offset_ms + 3000, latency_ms, bound_ms FROM run_mapping`,
    );
    const row = await hub.exportCase();
    expect(row).toMatchObject({ state: 'ready' });
    expect(moved(row)).toContain('time-moved');
    expect(await byCommand(row.folder ?? '')).toMatchObject({ code: 0 });
    unsay(row, 'time-moved');
    expect((await byCommand(row.folder ?? '')).said).toContain('time-moved');
    // Not by naming two clocks for one run either.
    edit(row, 'timeline.json', (value: { mappings: object[] }) =>
      value.mappings.unshift({ ...value.mappings[0], version: 1 }),
    );
    expect((await byCommand(row.folder ?? '')).said).toContain('[timeline.differs]');
  });

  it('carries every version that its clock ever had, and no verifier lets one be left out: it was moved, and moved back', async () => {
    const shift = (version: number, ms: number) =>
      sql(
        `INSERT INTO run_mapping (run, camera_id, version, method, offset_ms, latency_ms, bound_ms)
         SELECT run, camera_id, ?, method, offset_ms + ?, latency_ms, bound_ms FROM run_mapping WHERE version = 1`,
        ...[version, ms],
      );
    // In one minute of the log, as a step and its end may come.
    shift(2, 3_000);
    shift(3, 0);
    const row = await hub.exportCase();
    expect(row).toMatchObject({ state: 'ready' });
    const versions = () =>
      (
        JSON.parse(readFileSync(join(row.folder ?? '', PROOFS), 'utf8')) as {
          mappings: { version: number }[];
        }
      ).mappings
        .map(({ version }) => version)
        .sort();
    expect(versions()).toEqual([1, 2, 3]);
    expect(moved(row)).toContain('time-moved');
    expect(moved(row)).not.toContain('mapping-partial');
    expect(await byCommand(row.folder ?? '')).toMatchObject({ code: 0 });
    // Its hub leaves the other place out.
    unsay(row, 'time-moved');
    edit(row, PROOFS, (value: { mappings: { version: number }[] }) => {
      value.mappings = value.mappings.filter(({ version }) => version !== 2);
    });
    expect(versions()).toEqual([1, 3]);
    const { code, said } = await byCommand(row.folder ?? '');
    expect([code, said.includes('mapping-partial')]).toEqual([1, true]);
  });

  it('makes none, or is said to be placed by arrival alone, where its clock was taken away', async () => {
    sql('DELETE FROM run_mapping');
    expect(await hub.exportCase()).toMatchObject({ state: 'failed', code: 'evidence.log_contradicts' });
    // Where that row of the log is not of the asked time any more.
    await fresh({ agoMs: 12 * 60_000 });
    sql('DELETE FROM run_mapping');
    const row = await hub.exportCase();
    expect(moved(row)).toContain('time-unmapped');
    expect(await byCommand(row.folder ?? '')).toMatchObject({ code: 0 });
    unsay(row, 'time-unmapped');
    expect((await byCommand(row.folder ?? '')).said).toContain('time-unmapped');
  });

  it('is refused with narrower bounds than its clock has', async () => {
    const row = await hub.exportCase();
    expect(moved(row)).not.toContain('time-moved');
    expect(moved(row)).not.toContain('mapping-unlogged');
    edit(row, 'manifest.json', (value: { cameras: { boundAfterMs: number }[] }) => {
      value.cameras[0]!.boundAfterMs = 100;
    });
    expect((await byCommand(row.folder ?? '')).said).toContain('[timeline.differs]');
  });
});

describe.skipIf(!here)('footage that vanished', () => {
  beforeEach(() => fresh(), 60_000);

  it('makes no package where its rows are gone, one or a whole minute of them', async () => {
    sql("DELETE FROM segment WHERE file LIKE '%000002.mp4'");
    expect(await hub.exportCase()).toMatchObject({ state: 'failed', code: 'evidence.log_contradicts' });
    sql('DELETE FROM segment');
    expect(await hub.exportCase('lần hai')).toMatchObject({
      state: 'failed',
      code: 'evidence.log_contradicts',
    });
  });

  it('is missed by a verifier where the log lists it and the package does not', async () => {
    const row = await hub.exportCase();
    // As a hub of another build would: one master less, its time a camera that was down.
    edit(row, 'timeline.json', (value: { segments: { segment: string }[] }) => {
      value.segments.splice(3, 1);
    });
    expect((await byCommand(row.folder ?? '')).said).toContain('[audit.omitted]');
  });

  it('is said to have gone at a time that the log heard of too late', async () => {
    const at = hub.openedAt - 3_600_000;
    sql("UPDATE segment SET deleted_at = ?, deleted_reason = 'expired' WHERE file LIKE '%000002.mp4'", at);
    const row = await hub.exportCase();
    expect(manifestOf(row).notProven).toContain('deletion-late');
    expect(await byCommand(row.folder ?? '')).toMatchObject({ code: 0 });
    unsay(row, 'deletion-late');
    expect((await byCommand(row.folder ?? '')).said).toContain('deletion-late');
  });
});

describe.skipIf(!here)('a rating that was altered', () => {
  beforeEach(() => fresh(), 60_000);

  it.each([
    ['the rating', 'UPDATE effective_rating SET overall = 5'],
    ['the vote', 'UPDATE vote SET level = 5'],
    ['a vote that is gone', 'DELETE FROM vote'],
  ])('makes no package: %s is not what the chain says', async (_what, text) => {
    sql(text);
    expect(await hub.exportCase()).toMatchObject({
      ...{ state: 'failed', code: 'evidence.log_contradicts', detail: expect.stringContaining('rating') },
    });
  });

  it('is refused where only its file says otherwise', async () => {
    const row = await hub.exportCase();
    const file = 'rating/rating.json';
    const held = readFileSync(join(row.folder ?? '', file), 'utf8');
    expect(JSON.parse(held)).toMatchObject({ ratings: { effective: { overall: 2, route: 'counter' } } });
    edit(row, file, (value: { ratings: { effective: { overall: number } } }) => {
      value.ratings.effective.overall = 5;
    });
    expect((await byCommand(row.folder ?? '')).said).toContain('[rating.differs]');
  });
});
