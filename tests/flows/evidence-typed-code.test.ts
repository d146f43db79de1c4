/*
 * A turn that was rated by a code typed on a phone: the vote names a paper, a phone and no transaction. Its package says that
 * there is one, hands none of it over, and is good for all three verifiers.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageManifest } from '@hailong/shared/evidence/manifest.ts';
import { type PackageChain, packageChain } from '@hailong/shared/evidence/proofs.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { byCommand, byHand, CheckPage, guideOf } from '../prove/evidence/verifiers.ts';
import { type FilmedHub, filmedHub } from '../support/evidence-hub.ts';
import { hasFfmpeg } from '../support/fixture-clip.ts';

const here = await hasFfmpeg();
let hub: FilmedHub;
let kept: string;
let chain: PackageChain;
const json = (path: string): unknown => JSON.parse(readFileSync(join(kept, path), 'utf8'));

beforeAll(async () => {
  if (!here) return;
  hub = await filmedHub('evidence-typed', { seconds: 28, kbps: 300 }, { typed: 1 });
  const row = await hub.exportCase();
  if (row.folder === null) throw new Error(`${row.code} ${row.detail}`);
  kept = row.folder;
  chain = packageChain.parse(json('rating/chain.json'));
}, 120_000);
afterAll(() => hub?.close());

describe.skipIf(!here)('a turn rated by a typed code', () => {
  it('names the vote by its place and type alone', () => {
    expect(chain.withheld).toMatchObject([{ type: 'private.voted' }]);
    expect(packageManifest.parse(json('manifest.json')).notProven).toContain('rating-withheld');
    for (const { events } of chain.stretches)
      for (const text of events) {
        const said = Buffer.from(text, 'base64url').toString('utf8');
        expect(said).not.toContain('private.voted');
        expect(said).not.toContain('a'.repeat(64));
      }
    expect(json('rating/rating.json')).toMatchObject({
      ratings: { effective: { overall: 1, route: 'private' }, votes: [{ via: 'private' }] },
    });
  });

  it('is good for all three verifiers', async () => {
    const digits = String(JSON.parse((await byCommand(kept, '--json')).out)['keyDigits']);
    const { code, said } = await byCommand(kept, '--hub-key', digits);
    expect(code, said).toBe(0);
    expect(await byHand(kept, guideOf(kept), digits)).toBe(true);
    await using page = await CheckPage.open(join(kept, 'KIEM-TRA.html'));
    expect(await page.judge(kept)).toMatchObject({ good: true, codes: [] });
  });
});
