/* Fuses in bytes as Electron lays them out; there is no binary here, so the step runs on a file that is like one. */
import { execFileSync } from 'node:child_process';
import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { FUSES, flipFuses, readFuses } from '../../../kiosk-app/main/fuses.ts';
import { inRepo } from '../../support/paths.ts';
import { tempFolder } from '../../support/temp-folder.ts';

/** Fuses as the package ships them, among other bytes. */
const binary = (fuses = '10110001', version = 1): Buffer =>
  Buffer.concat([
    Buffer.alloc(5_000, 7),
    Buffer.from('dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'),
    Buffer.from([version, fuses.length]),
    Buffer.from(fuses),
    Buffer.alloc(5_000, 9),
  ]);

it('sets every fuse and nothing else', () => {
  const bytes = binary();
  const before = Buffer.from(bytes);
  expect(readFuses(bytes)).toMatchObject({ runAsNode: true, onlyAsar: false, nodeInspect: true });
  expect(flipFuses(bytes)).toEqual([]);
  expect(readFuses(bytes)).toEqual(FUSES);
  const changed = [...bytes.keys()].filter((at) => bytes[at] !== before[at]);
  expect(changed.every((at) => at >= 5_034 && at < 5_042)).toBe(true);
});

it('leaves fuses that are not there alone, also those after ours', () => {
  const removed = binary('r0110001');
  expect(flipFuses(removed)).toEqual(['runAsNode']);
  expect(readFuses(removed).runAsNode).toBeNull();
  expect(flipFuses(binary('10110'))).toEqual(['onlyAsar', 'browserSnapshot', 'fileProtocol']);
  const longer = binary('101100011');
  flipFuses(longer);
  expect(String(longer.subarray(5_034, 5_043))).toBe('000011001');
});

it('refuses what it does not know', () => {
  expect(() => flipFuses(Buffer.alloc(100))).toThrow('no fuses');
  expect(() => flipFuses(binary('1011', 2))).toThrow('fuse version 2');
  expect(() => flipFuses(Buffer.concat([binary(), binary()]))).toThrow('universal');
});

it('is a step of its own that says what it set', async () => {
  await using folder = await tempFolder('fuses');
  const path = join(folder.path, 'electron');
  writeFileSync(path, binary());
  chmodSync(path, 0o755);
  const said = execFileSync(process.execPath, [inRepo('kiosk-app/main/flip-fuses.ts'), path]);
  expect(JSON.parse(String(said))).toEqual({ event: 'fuses', ...FUSES, lacking: [] });
  expect(readFuses(readFileSync(path))).toEqual(FUSES);
  expect(statSync(path).mode & 0o777).toBe(0o755);
});
