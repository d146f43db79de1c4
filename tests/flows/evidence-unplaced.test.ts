/*
 * A transaction whose kiosk never met the hub's clock: nobody can say when it was, so no package of its own is written, and none says that
 * no camera looked. Of an interval of its counter there is one, which says that the times of the turn are unknown.
 */
import { execFile } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { packageManifest } from '@hailong/shared/evidence/manifest.ts';
import { NOT_PROVEN } from '@hailong/shared/evidence/not-proven.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { editManifest, refit } from '../prove/evidence/mutate.ts';
import { byCommand, byHand, guideOf } from '../prove/evidence/verifiers.ts';
import { type FilmedHub, filmedHub } from '../support/evidence-hub.ts';
import { hasFfmpeg } from '../support/fixture-clip.ts';

const run = promisify(execFile);
const here = await hasFfmpeg();

let hub: FilmedHub;
beforeAll(async () => {
  if (here) hub = await filmedHub('evidence-unplaced', { seconds: 24, kbps: 300 }, { unanchored: true });
}, 60_000);
afterAll(() => hub?.close());

describe.skipIf(!here)('a transaction that cannot be placed', () => {
  it('is refused when its package is asked for', async () => {
    await expect(hub.exportCase()).rejects.toMatchObject({ code: 'evidence.unplaced' });
  });

  it('has its counter’s footage handed over by an interval, with its own times called unknown', async () => {
    const [from, to] = [hub.openedAt - 10_000, hub.openedAt + 5_000];
    const row = await hub.exportCase('theo khoảng', { from, to });
    const kept = row.folder ?? '';
    const manifest = packageManifest.parse(JSON.parse(readFileSync(join(kept, 'manifest.json'), 'utf8')));
    expect(manifest).toMatchObject({
      ...{ asked: { from, to }, kioskBoundMs: null, transaction: { id: hub.transactionId } },
      cameras: [{ state: 'ready' }],
    });
    expect(manifest.notProven).toContain('kiosk-unplaced');
    const paper = (await run('pdftotext', [join(kept, 'BIEN-BAN.pdf'), '-'])).stdout.replace(/\s+/g, ' ');
    expect(paper).toContain('Sai số đồng hồ tại quầy: không xác định');
    expect(paper).toContain(NOT_PROVEN['kiosk-unplaced'].vi);
    expect(paper).not.toContain('Không có camera nào');
    const { code, out, said } = await byCommand(kept, '--json');
    expect(code, said).toBe(0);
    expect(await byHand(kept, guideOf(kept), JSON.parse(out).keyDigits)).toBe(true);

    const forged = join(hub.folder, 'forged');
    cpSync(kept, forged, { recursive: true });
    editManifest(forged, (changed) => {
      changed.notProven = changed.notProven.filter((each) => each !== 'kiosk-unplaced');
    });
    const sums = Buffer.from(refit(forged));
    writeFileSync(join(forged, 'SHA256SUMS.sig'), Buffer.from(hub.kept.hub.keys.sign(sums), 'base64url'));
    expect((await byCommand(forged)).said).toContain('[manifest.unsaid]');
  });
});
