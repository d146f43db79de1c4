/*
 * A camera that pauses while its file goes on shows its last picture for so long. A package of that time says so, on manifest, paper
 * and page, and the three verifiers agree with it. The pauses are real: in the films' own sample times.
 */
import { execFile } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type PackageManifest, packageManifest } from '@hailong/shared/evidence/manifest.ts';
import { NOT_PROVEN } from '@hailong/shared/evidence/not-proven.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { vietnamTime } from '../../hub-server/src/evidence/words.ts';
import { hideSilence } from '../prove/evidence/by-hub.ts';
import { editManifest, refit } from '../prove/evidence/mutate.ts';
import { byCommand, byHand, CheckPage, guideOf } from '../prove/evidence/verifiers.ts';
import { type EvidenceHub, evidenceHub, makeFilm } from '../support/evidence-hub.ts';
import { hasFfmpeg } from '../support/fixture-clip.ts';
import { type TempFolder, tempFolder } from '../support/temp-folder.ts';

const run = promisify(execFile);
const here = await hasFfmpeg();
/** The films begin so long before the service. */
const LEAD_MS = 14_000;

let folder: TempFolder;
let hub: EvidenceHub;
let kept: string;
let digits: string;
let manifest: PackageManifest;

beforeAll(async () => {
  if (!here) return;
  folder = await tempFolder('evidence-silence');
  const film = (name: string, silence: readonly [number, number]) =>
    makeFilm(`${folder.path}/${name}`, { seconds: 36, kbps: 300, silence });
  hub = await evidenceHub(`${folder.path}/data`, {
    // One pauses within the asked time, the other where it begins.
    films: [await film('inside', [9.5, 14.5]), await film('before', [1.5, 6.5])],
  });
  const row = await hub.exportCase();
  if (row.folder === null) throw new Error(`${row.code} ${row.detail}`);
  kept = row.folder;
  digits = String(JSON.parse((await byCommand(kept, '--json')).out)['keyDigits']);
  manifest = packageManifest.parse(JSON.parse(readFileSync(join(kept, 'manifest.json'), 'utf8')));
}, 120_000);
afterAll(async () => {
  await hub?.close();
  await folder?.remove();
});

describe.skipIf(!here)('footage with a silence inside', () => {
  it('is delivered without it, though its masters are whole', () => {
    const from = hub.openedAt - LEAD_MS;
    const { asked } = manifest;
    const [inside, before] = manifest.cameras;
    // The picture before a pause stands for its own forty milliseconds.
    const [pause, edge] = [
      { from: from + 9_520, to: from + 14_520 },
      { from: asked.from, to: from + 6_520 },
    ];
    expect(inside).toMatchObject({
      state: 'partial',
      gaps: [{ ...pause, reason: 'camera-silent' }],
      delivered: [
        { from: asked.from, to: pause.from },
        { from: pause.to, to: asked.to },
      ],
    });
    expect(before).toMatchObject({
      state: 'partial',
      gaps: [{ ...edge, reason: 'camera-silent' }],
      delivered: [{ from: edge.to, to: asked.to }],
    });
    expect(manifest.notProven).toContain('gap-unlogged');
  });

  it('has on its paper the times of its manifest, and what is not proven of them', async () => {
    const text = (await run('pdftotext', [join(kept, 'BIEN-BAN.pdf'), '-'])).stdout.replace(/\s+/g, ' ');
    const said = [...text.matchAll(/• (có|KHÔNG có) hình từ (\S+ ngày \S+) đến (\S+ ngày [\d/]+)/g)].map(
      ([, what, from, to]) => [what, from, to],
    );
    expect(said).toEqual(
      manifest.cameras.flatMap(({ delivered, gaps }) => [
        ...delivered.map(({ from, to }) => ['có', vietnamTime(from), vietnamTime(to)]),
        ...gaps.map(({ from, to }) => ['KHÔNG có', vietnamTime(from), vietnamTime(to)]),
      ]),
    );
    expect(text).toContain(NOT_PROVEN['gap-unlogged'].vi);
  });

  it('is good for all three verifiers', async () => {
    const command = await byCommand(kept, '--hub-key', digits);
    expect(command.code, command.said).toBe(0);
    expect(await byHand(kept, guideOf(kept), digits)).toBe(true);
    await using page = await CheckPage.open(join(kept, 'KIEM-TRA.html'));
    const shown = await page.judge(kept);
    expect(shown).toMatchObject({ good: true, codes: [] });
    expect(shown.text).toContain(NOT_PROVEN['gap-unlogged'].vi);
  });

  it('is found by command and page where its own hub leaves the silence out, everything else made to fit', async () => {
    const forged = join(folder.path, 'forged', 'hidden');
    cpSync(kept, forged, { recursive: true });
    await hideSilence(forged, (bytes) => hub.kept.hub.keys.sign(bytes));
    const { code, out } = await byCommand(forged, '--hub-key', digits, '--json');
    const { findings } = JSON.parse(out) as { findings: { code: string; where: string }[] };
    expect(code).toBe(1);
    expect(new Set(findings.map((each) => each.code))).toEqual(new Set(['media.silence']));
    const masters = findings.map(({ where }) => where.split(' · ')[0]);
    expect(masters.every((path) => path?.startsWith('media/master/camera-'))).toBe(true);
    expect(new Set(masters.map((path) => path?.slice(0, 21)))).toHaveProperty('size', 2);
    await using page = await CheckPage.open(join(forged, 'KIEM-TRA.html'));
    const judged = await page.judge(forged);
    expect([judged.good, new Set(judged.codes)]).toEqual([false, new Set(['media.silence'])]);
    // They check bytes and signature, and say so.
    expect(await byHand(forged, guideOf(forged), digits)).toBe(true);
  });

  it.each([
    [
      'delivered over the silence',
      'manifest.gap',
      (changed: PackageManifest) => {
        changed.cameras[0]!.delivered = [changed.asked];
      },
    ],
    [
      'said to be proven',
      'manifest.unsaid',
      (changed: PackageManifest) => {
        changed.notProven = changed.notProven.filter((code) => code !== 'gap-unlogged');
      },
    ],
  ] as const)('is refused where it is %s, also under its own hub’s signature', async (what, code, change) => {
    const forged = join(folder.path, 'forged', code);
    cpSync(kept, forged, { recursive: true });
    editManifest(forged, change);
    const sums = refit(forged);
    writeFileSync(
      join(forged, 'SHA256SUMS.sig'),
      Buffer.from(hub.kept.hub.keys.sign(Buffer.from(sums)), 'base64url'),
    );
    expect((await byCommand(forged, '--hub-key', digits)).said, what).toContain(`[${code}]`);
  });
});
