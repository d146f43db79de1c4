/** A package as tests of its rows need it: asked for, approved and in its place, with one file that says which it is. */
import { hash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Caller, Office } from '../hub-http/office.ts';

const HOUR = 3_600_000;

export interface WrittenPackage {
  readonly id: string;
  readonly caseId: string;
  readonly folder: string;
  readonly name: string;
}
/** As the hub writes it, but for what is in it. */
export async function writtenPackage(
  office: Office,
  asker: Caller,
  second: Caller,
  counterId: string,
): Promise<WrittenPackage> {
  const root = join(office.data, 'evidence');
  const opened = await asker.call('POST', '/api/v1/cases', {
    ...{ type: 'complaint', documentNumber: '45/QĐ', purpose: 'Xác minh khiếu nại', disputed: false },
    interval: { counterId, from: office.clock.at - 2 * HOUR, to: office.clock.at - HOUR },
  });
  const { id: caseId, number } = opened.json();
  const asked = await asker.call('POST', '/api/v1/acts', {
    ...{
      kind: 'evidence-export',
      body: { caseId, legalBasis: 'Điều 12 Quyết định 45' },
      reason: 'Giao Thanh tra',
    },
  });
  const { id } = asked.json();
  expect((await second.call('POST', `/api/v1/acts/${id}/approve`, {})).statusCode).toBe(200);
  const name = `${number}-${id}`;
  const folder = join(root, name);
  mkdirSync(folder, { recursive: true });
  const text = `{"id":"${id}"}\n`;
  writeFileSync(join(folder, 'manifest.json'), text);
  const at = office.clock.at;
  const sha256 = hash('sha256', text, 'hex');
  await office.storage.evidence.finish({
    ...{ id, at },
    shown: { cameras: [], from: at - HOUR, to: at },
    written: {
      ...{ folder, packageHash: sha256 as never, spoilt: [] },
      files: [{ path: 'manifest.json', bytes: text.length, crc32: 1 }],
    },
    audit: {
      at,
      actor: 'hub',
      action: 'evidence.written',
      object: `case:${number}`,
      reason: null,
      body: { package: id },
    },
  });
  return { id, caseId, folder, name };
}
