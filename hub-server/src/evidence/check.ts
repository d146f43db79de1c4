/**
 * Purpose: `hailong-evidence verify DIR`: whether a package is what its hub signed, without any hub. Exit 0 good, 1 bad
 *   and where, 2 usage.
 * Refuses: to call good what was compared with no printed key without saying so.
 * Document: shared/PROTOCOL.md, "Evidence package".
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { FINDINGS } from '@hailong/shared/evidence/findings.ts';
import { hubOf, readHubKey, readKeyDigits } from '@hailong/shared/evidence/hub-key.ts';
import { FIRST_FORM, NOT_PROVEN } from '@hailong/shared/evidence/not-proven.ts';
import { FIRST_VERSION } from '@hailong/shared/evidence/package-files.ts';
import { type PackageReport, verifyPackage } from '@hailong/shared/evidence/verify-package.ts';
import { folderSource } from '../adapters/evidence/folder-source.ts';
import { verifySignature } from '../adapters/keys.ts';
import { sha256 } from '../adapters/sha256.ts';

const USAGE = `hailong-evidence verify DIR [--hub-key KEY] [--json]

  Kiểm tra một hồ sơ trích xuất, không cần máy chủ. / Checks an evidence package, without a hub.

  --hub-key KEY  khóa máy chủ đã in: dãy 32 chữ số, hoặc tệp hub.pub lấy từ nơi tin cậy / the printed digits of the
                 hub's key, or a hub.pub from where you trust
  --json         một dòng JSON / one line of JSON

  Mã thoát / exit codes: 0 tốt, good · 1 sai, bad · 2 sai cách dùng, usage
`;

function keyHash(text: string): string | null {
  const digits = readKeyDigits(text);
  if (digits !== null) return digits;
  try {
    const key = readHubKey(readFileSync(text, 'utf8'));
    return key === null ? null : hubOf(sha256, key);
  } catch {
    return null;
  }
}

async function main(): Promise<number> {
  let dir: string | undefined;
  let key: string | undefined;
  let asJson = false;
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        'hub-key': { type: 'string' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    if (values.help) {
      process.stdout.write(USAGE);
      return 0;
    }
    const [verb, named, ...more] = positionals;
    if (verb === 'verify' && more.length === 0) dir = named;
    key = values['hub-key'];
    asJson = values.json;
  } catch {
    dir = undefined;
  }
  const wanted = key === undefined ? null : keyHash(key);
  if (dir === undefined || (key !== undefined && wanted === null)) {
    process.stderr.write(USAGE);
    return 2;
  }
  const report = await verifyPackage(
    folderSource(dir),
    { sha256, newHash: () => createHash('sha256'), verify: verifySignature },
    wanted,
  );
  if (asJson) process.stdout.write(`${JSON.stringify(lineOf(report))}\n`);
  say(report);
  return report.good ? 0 : 1;
}

function lineOf({ manifest, ...report }: PackageReport): Record<string, unknown> {
  return {
    event: 'evidence',
    ...report,
    case: manifest?.case.number ?? null,
    package: manifest?.id ?? null,
    form: manifest?.v ?? null,
    notProven: manifest?.notProven ?? [],
    cameras: (manifest?.cameras ?? []).map(({ id, name, state, gaps }) => ({ id, name, state, gaps })),
  };
}

function say({
  good,
  findings,
  found,
  files,
  bytes,
  keyDigits,
  keyCompared,
  packageHash,
  manifest,
}: PackageReport): void {
  const lines: string[] = [];
  for (const { code, where } of findings) {
    const { vi, en } = FINDINGS[code];
    lines.push(`✗ ${where}: ${vi} / ${en} [${code}]`);
  }
  if (found > findings.length) lines.push(`✗ … ${found - findings.length}`);
  if (good) {
    lines.push(
      `✓ Hồ sơ nguyên vẹn: ${files} tệp, ${(bytes / 1_048_576).toFixed(1)} MiB. / The package is whole: ${files} files.`,
      `  Mã băm hồ sơ / package hash: ${packageHash}`,
    );
    const limits = (manifest?.notProven ?? []).map((code) => NOT_PROVEN[code]);
    if (manifest?.v === FIRST_VERSION) limits.unshift(FIRST_FORM);
    for (const { vi, en } of limits) lines.push(`  KHÔNG chứng minh / not proven: ${vi} / ${en}`);
  } else lines.push('✗ KHÔNG dùng được làm chứng cứ như nó đang có. / Not to be relied on as it is.');
  if (keyDigits !== null && !keyCompared)
    lines.push(
      `! Chưa so khóa: so dãy này với dãy đã in của cơ quan. / Compare with the printed digits: ${keyDigits}`,
    );
  process.stderr.write(`${lines.join('\n')}\n`);
}

process.stdout.on('error', () => undefined);
process.exitCode = await main();
