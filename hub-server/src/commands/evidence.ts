/**
 * Purpose: `hailong-hub evidence export --case K --out DIR --token T`: asks for a package, says that it waits for a second
 *   person, and once that person approved (`approve ID`) carries it to DIR and checks it there.
 * Refuses: to overwrite; to call anything handed over that does not verify in DIR.
 * Document: hub-server/DESIGN.md, "Evidence package".
 */
import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { CodedError } from '@hailong/shared/errors.ts';
import { verifyPackage } from '@hailong/shared/evidence/verify-package.ts';
import { copyPackage } from '../adapters/evidence/copy-package.ts';
import { folderSource } from '../adapters/evidence/folder-source.ts';
import { verifySignature } from '../adapters/keys.ts';
import { sha256 } from '../adapters/sha256.ts';
import type { ExportState } from '../application/evidence/export-case.ts';
import { type ExitCode, type Flags, json, say } from './command-line.ts';
import { processProgress } from './progress.ts';
import { withData } from './with-data.ts';

/** Between two looks at one that waits or is written. */
const LOOK_MS = 1_000;

export async function evidence(flags: Flags): Promise<ExitCode> {
  if (flags.words.join(' ') !== 'export') throw new CodedError('program.usage', 'evidence export');
  const [data, into] = [flags.need('data'), resolve(flags.need('out'))];
  const asked = {
    ...{ verb: 'evidence-export' as const, case: flags.need('case'), token: flags.need('token') },
    ...{ purpose: flags.text('purpose') ?? null, legalBasis: flags.text('legal-basis') ?? null },
  };
  const progress = processProgress(flags.has('json'));
  let again = flags.has('again');
  let told: string | null = null;
  for (;;) {
    const [line] = await withData(data, { ...asked, again });
    const state = line as unknown as ExportState;
    again = false;
    if (state.state === 'ready') {
      if (told === 'writing') progress.end();
      return handOver(state, into, flags.has('json'));
    }
    if (told !== state.state) {
      if (state.state === 'writing') progress.begin(WRITING, state.total, 'bytes');
      else tellPending(state.act, flags.has('json'));
      told = state.state;
    }
    if (state.state === 'writing') progress.at(state.done);
    else if (!flags.has('wait')) return 0;
    await new Promise((done) => setTimeout(done, LOOK_MS));
  }
}

const WRITING = { vi: 'Ghi hồ sơ trích xuất', en: 'Writing the package' };

function tellPending(act: string, asJson: boolean): void {
  if (asJson) json({ event: 'evidence', state: 'pending', act });
  else process.stdout.write(`${act}\n`);
  say(
    `Chờ người thứ hai: hailong-hub approve ${act} --token MÃ_CỦA_NGƯỜI_KHÁC; rồi chạy lại lệnh này.`,
    `Waits for a second person: hailong-hub approve ${act} --token OTHER; then run this again.`,
  );
}

async function handOver(
  ready: Extract<ExportState, { state: 'ready' }>,
  into: string,
  asJson: boolean,
): Promise<ExitCode> {
  const progress = processProgress(asJson);
  progress.begin({ vi: 'Chép hồ sơ', en: 'Copying the package' }, ready.bytes, 'bytes');
  const folder = await copyPackage(folderSource(ready.folder), ready.folder, into, (done) =>
    progress.at(done),
  );
  progress.end();
  const report = await verifyPackage(
    folderSource(folder),
    { sha256, newHash: () => createHash('sha256'), verify: verifySignature },
    null,
  );
  const { good, findings, keyDigits, packageHash } = report;
  if (asJson)
    json({
      ...{ event: 'evidence', state: 'ready', package: ready.package, folder, good, packageHash, keyDigits },
      ...{ files: report.files, bytes: report.bytes, findings },
    });
  if (!good) throw new CodedError('evidence.damaged', `${folder}: ${findings[0]?.where ?? ''}`);
  if (!asJson) process.stdout.write(`${folder}\n`);
  say(`Hồ sơ ở ${folder}; mã băm ${packageHash}`, `The package is in ${folder}; its hash is ${packageHash}`);
  say(
    `Dãy đối chiếu của khóa, để in và giữ: ${keyDigits}`,
    `Digits of the hub's key, to print and keep: ${keyDigits}`,
  );
  return 0;
}
