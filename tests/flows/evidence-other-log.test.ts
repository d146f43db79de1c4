/*
 * What whoever holds the hub's key can still not make fit: a kiosk signed for the log as it was, two people stand in it, and a
 * package is of the log that it names. Everything here is signed by the hub itself.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { toHex } from '@hailong/shared/edge/event.ts';
import { formatCustody, readCustody } from '@hailong/shared/evidence/custody.ts';
import { packageManifest } from '@hailong/shared/evidence/manifest.ts';
import { FIRST_FORM } from '@hailong/shared/evidence/not-proven.ts';
import {
  CHAIN,
  CHECKPOINT,
  CUSTODY,
  FIRST_VERSION,
  MANIFEST,
  PACKAGE_VERSION,
  PROOFS,
  RATING,
  TIMELINE,
} from '@hailong/shared/evidence/package-files.ts';
import { type PackageProofs, packageProofs } from '@hailong/shared/evidence/proofs.ts';
import { formText } from '@hailong/shared/evidence/read-form.ts';
import { readCheckpoint, signCheckpoint } from '@hailong/shared/log/checkpoint.ts';
import { inclusionProof, leafHash, rootOfLeaves } from '@hailong/shared/log/merkle.ts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sha256 } from '../../hub-server/src/adapters/sha256.ts';
import { leaveOutRating, moveTurn } from '../prove/evidence/by-hub.ts';
import { editManifest, replace, signByHub } from '../prove/evidence/mutate.ts';
import { byCommand, CheckPage } from '../prove/evidence/verifiers.ts';
import { type FilmedHub, filmedHub } from '../support/evidence-hub.ts';
import { hasFfmpeg } from '../support/fixture-clip.ts';

const here = await hasFfmpeg();
let hub: FilmedHub;
let root: string;
beforeAll(async () => {
  if (here) hub = await filmedHub('evidence-other-log', { seconds: 20, kbps: 100 });
}, 60_000);
afterAll(() => hub?.close());
beforeEach(async () => {
  if (!here) return;
  const row = await hub.exportCase();
  root = row.folder ?? '';
  expect(await byCommand(root)).toMatchObject({ code: 0 });
}, 60_000);

const text = (path: string): string => readFileSync(join(root, path), 'utf8');
const signed = async (): Promise<string> => {
  await signByHub(root, (bytes) => hub.kept.hub.keys.sign(bytes));
  const { code, said } = await byCommand(root);
  expect(code).toBe(1);
  return said;
};
const codesOf = (said: string): string[] =>
  [...new Set([...said.matchAll(/\[([a-z.]+_?[a-z]*)\]/g)].map(([, code]) => code ?? ''))].sort();
const manifest = () => packageManifest.parse(JSON.parse(text(MANIFEST)));

/** Another log of these rows alone, in this order: their proofs, and a checkpoint over it. */
function otherLog(
  rows: readonly { readonly text: string }[],
  change: (proofs: PackageProofs) => object,
): void {
  const leaves = rows.map((row) => leafHash(sha256, Buffer.from(row.text)));
  const read = (level: number, index: number): Uint8Array =>
    rootOfLeaves(sha256, leaves.slice(index * 2 ** level, (index + 1) * 2 ** level));
  const proofs = packageProofs.parse(JSON.parse(text(PROOFS)));
  replace(
    root,
    PROOFS,
    formText({
      ...proofs,
      rows: rows.map((row, index) => ({
        ...{ seq: (JSON.parse(row.text) as { seq: number }).seq, index, text: row.text },
        proof: inclusionProof(sha256, read, index, rows.length).map(toHex),
      })),
      ...change(proofs),
    }),
  );
  const note = readCheckpoint(text(CHECKPOINT));
  if (!note.ok) throw new Error('no checkpoint');
  const state = { size: rows.length, root: toHex(rootOfLeaves(sha256, leaves)) as never };
  replace(root, CHECKPOINT, signCheckpoint({ ...note.body, ...state }, hub.kept.hub.keys, sha256));
}

describe.skipIf(!here)('a package signed by its own hub', () => {
  it('is of the log that the kiosk signed for: one made anew of the same rows is refused', async () => {
    const { rows, consistency } = packageProofs.parse(JSON.parse(text(PROOFS)));
    expect(consistency).toHaveLength(1);
    expect(manifest().notProven).not.toContain('witness-older-log');
    otherLog(rows, () => ({}));
    expect(codesOf(await signed())).toEqual(['audit.witness']);
    otherLog(rows, () => ({ consistency: [] }));
    expect(codesOf(await signed())).toEqual(['audit.witness']);
  });

  it('names its log: one of another lineage is refused', async () => {
    editManifest(root, (value) => Object.assign(value.hub, { lineage: 'l-another' }));
    expect(codesOf(await signed())).toEqual(['audit.checkpoint']);
  });

  it('names the two people that its log has', async () => {
    const { requestedBy, approvedBy } = manifest();
    expect([requestedBy.actor, approvedBy.actor]).toEqual(['user:thanhtra', 'user:thanhtra2']);
    editManifest(root, (value) =>
      Object.assign(value, { approvedBy: { ...approvedBy, actor: 'user:giamdoc' } }),
    );
    expect(codesOf(await signed())).toEqual(['custody.people']);
    editManifest(root, (value) => Object.assign(value, { approvedBy: requestedBy }));
    expect(codesOf(await signed())).toEqual(['custody.people']);
  });

  it('says so where nobody’s approval lies in its log', async () => {
    const { id } = manifest();
    const isApproval = (row: string) => row.includes('"act.approved"') && row.includes(id);
    const read = readCustody(sha256, id, text(CUSTODY));
    if (!read.ok) throw new Error(read.why);
    const kept = read.lines.flatMap(({ rowText }) => (rowText && !isApproval(rowText) ? [rowText] : []));
    expect(kept).toHaveLength(read.lines.length - 1);
    replace(root, CUSTODY, formatCustody(sha256, id, kept));
    const proofs = JSON.parse(text(PROOFS)) as PackageProofs;
    replace(root, PROOFS, formText({ ...proofs, rows: proofs.rows.filter((row) => !isApproval(row.text)) }));
    const said = await signed();
    expect(codesOf(said)).toEqual(['manifest.unsaid']);
    expect(said).toContain('approval-unlogged');
  });

  it('says so where its turn is cut short, left out or moved: the kiosk’s chain goes on', async () => {
    const own = [
      'rating-partial',
      'turn-unanchored',
      'turn-moved',
      'asked-partial',
      'rating-unsigned',
    ] as const;
    for (const code of own) expect(manifest().notProven).not.toContain(code);
    const signAs = (bytes: Uint8Array) => hub.kept.hub.keys.sign(bytes);
    const unsaid = async () => (await byCommand(root)).said.match(/✗ [a-z-]+(?=: .*\[manifest\.unsaid])/g);
    const [chain, rating, before] = [text(CHAIN), text(RATING), text(MANIFEST)];
    await leaveOutRating(root, signAs);
    expect(await unsaid()).toEqual(['✗ rating-partial']);
    replace(root, CHAIN, chain);
    replace(root, RATING, rating);
    await moveTurn(root, signAs);
    expect(await unsaid()).toEqual(['✗ turn-moved']);
    replace(root, MANIFEST, before);
    editManifest(root, ({ asked, transaction }) =>
      Object.assign(asked, { from: (transaction?.openedAt ?? 0) + 1 }),
    );
    await signByHub(root, signAs);
    expect(await unsaid()).toEqual(['✗ asked-partial']);
  });

  it('of the first form is good as it was, which each verifier says', async () => {
    const first = (path: string, change: (value: Record<string, unknown>) => void): void => {
      const value = JSON.parse(text(path)) as Record<string, unknown>;
      value['v'] = FIRST_VERSION;
      change(value);
      replace(root, path, formText(value));
    };
    first(PROOFS, (proofs) => delete proofs['consistency']);
    for (const path of [CHAIN, RATING, TIMELINE]) first(path, () => undefined);
    first(MANIFEST, (value) => {
      value['notProven'] = (value['notProven'] as string[]).filter((code) => code !== 'cameras-stated');
    });
    await signByHub(root, (bytes) => hub.kept.hub.keys.sign(bytes));
    const { code, said } = await byCommand(root);
    expect(code, said).toBe(0);
    expect(said).toContain(FIRST_FORM.vi);
    await using page = await CheckPage.open(join(root, 'KIEM-TRA.html'));
    const shown = await page.judge(root);
    expect(shown).toMatchObject({ good: true, codes: [] });
    expect(shown.text).toContain(FIRST_FORM.en);
    // The present one must say what the first could not.
    first(MANIFEST, (value) => Object.assign(value, { v: PACKAGE_VERSION }));
    expect(codesOf(await signed())).toEqual(['audit.witness', 'manifest.unsaid']);
  });

  it('cannot paint the verdict over by the name of a segment that it lists', async () => {
    const proofs = packageProofs.parse(JSON.parse(text(PROOFS)));
    const leaf = JSON.parse(proofs.trees[0]?.leaves[0] ?? '') as object;
    const painted = JSON.stringify({ ...leaf, id: '\u001b[2J\u001b[H✓ Hồ sơ nguyên vẹn\u001b[8m' });
    const trees = [{ ...proofs.trees[0], leaves: [painted, painted] }, ...proofs.trees.slice(1)];
    replace(root, PROOFS, formText({ ...proofs, trees }));
    const said = await signed();
    expect(codesOf(said)).toContain('audit.form');
    expect(said).not.toContain('\u001b');
  });
});
