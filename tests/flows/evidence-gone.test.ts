/*
 * Footage that goes between look-up and copy: where the ledger knows by then by which rule or whom, the package says that; where nobody
 * knows, it is lost.
 */
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type PackageManifest, packageManifest } from '@hailong/shared/evidence/manifest.ts';
import type { FootageFact } from '@hailong/shared/protocol/footage.ts';
import Database from 'better-sqlite3';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { EvidenceRow } from '../../hub-server/src/application/ports/evidence.ts';
import { byCommand } from '../prove/evidence/verifiers.ts';
import { type FilmedHub, filmedHub } from '../support/evidence-hub.ts';
import { hasFfmpeg } from '../support/fixture-clip.ts';

const here = await hasFfmpeg();

let hub: FilmedHub;
beforeAll(async () => {
  if (here) hub = await filmedHub('evidence-gone', { seconds: 36, kbps: 300 });
}, 60_000);
afterEach(() => vi.restoreAllMocks());
afterAll(() => hub?.close());

/** Runs once, after footage was looked up and before any is copied. */
function meanwhile(act: () => Promise<void>): void {
  const { evidence } = hub.kept.hub.storage;
  const proofs = evidence.proofs.bind(evidence);
  let isOver = false;
  vi.spyOn(evidence, 'proofs').mockImplementation(async (input) => {
    const found = await proofs(input);
    if (!isOver) await act();
    isOver = true;
    return found;
  });
}
const idOf = (file: string): string => {
  const db = new Database(join(hub.folder, 'data', 'hub.sqlite'), { readonly: true });
  const { id } = db.prepare('SELECT id FROM segment WHERE file = ?').get(file) as { id: string };
  db.close();
  return id;
};
const gapsOf = ({ folder: kept }: EvidenceRow): PackageManifest['cameras'][number]['gaps'] =>
  packageManifest.parse(JSON.parse(readFileSync(join(kept ?? '', 'manifest.json'), 'utf8'))).cameras[0]!.gaps;

describe.skipIf(!here)('footage that goes meanwhile', () => {
  it('is a deletion with its rule and person, once the ledger has them', async () => {
    const file = hub.segments[0]![4]!;
    const id = idOf(file);
    meanwhile(async () => {
      rmSync(join(hub.footageRoot, file));
      const fact = { kind: 'segment.deleted', id, at: Date.now(), reason: 'lost', by: 'user:thanhtra2' };
      await hub.kept.hub.storage.footage.record({
        recorder: 'recorder-late',
        facts: [{ cursor: 1, fact: fact as FootageFact }],
      });
    });
    const row = await hub.exportCase('một');
    expect(row).toMatchObject({ state: 'ready', code: null });
    expect(gapsOf(row)).toMatchObject([
      { reason: 'deleted-lost', deletion: { by: { actor: 'user:thanhtra2' }, segments: [id] } },
    ]);
    const { code, said } = await byCommand(row.folder ?? '');
    expect(code, said).toBe(0);
  });

  it('is lost where nobody knows why', async () => {
    const file = hub.segments[0]![2]!;
    meanwhile(async () => rmSync(join(hub.footageRoot, file)));
    const row = await hub.exportCase('hai');
    expect(gapsOf(row).map(({ reason }) => reason)).toEqual(['lost', 'deleted-lost']);
    expect((await byCommand(row.folder ?? '')).code).toBe(0);
  });
});
