/**
 * Purpose: `hailong-hub evidence export --case K --out DIR [--from F --to T] --token TOKEN`: asks for a package, also of more than
 *   the case is of, says that it waits for a second person, and once that person approved (`approve ID`) carries it to DIR
 *   and checks it there. `evidence repair`: folders of packages and rows that disagree. `evidence keep`: for how many days.
 * Refuses: to overwrite; to take where there is no room; to call anything handed over that does not verify in DIR.
 * Document: hub-server/DESIGN.md, "Evidence package".
 */
import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { CodedError, isErrorCode } from '@hailong/shared/errors.ts';
import { verifyPackage } from '@hailong/shared/evidence/verify-package.ts';
import { copyPackage, makeRoom } from '../adapters/evidence/copy-package.ts';
import { folderSource } from '../adapters/evidence/folder-source.ts';
import { verifySignature } from '../adapters/keys.ts';
import { sha256 } from '../adapters/sha256.ts';
import type { ExportState } from '../application/evidence/export-case.ts';
import type { PackageFaults } from '../application/evidence/repair-packages.ts';
import { type ExitCode, type Flags, json, say } from './command-line.ts';
import { processProgress } from './progress.ts';
import { spanOf, tellPending } from './wider.ts';
import { withData } from './with-data.ts';

/** Between two looks at one that waits or is written. */
const LOOK_MS = 1_000;

export async function evidence(flags: Flags): Promise<ExitCode> {
  switch (flags.words.join(' ')) {
    case 'export':
      return exportPackage(flags);
    case 'repair':
      return repair(flags);
    case 'keep':
      return keep(flags);
    default:
      throw new CodedError('program.usage', 'evidence export|repair|keep');
  }
}

/** Exit 1: folders and rows disagree still. */
async function repair(flags: Flags): Promise<ExitCode> {
  const apply = flags.has('apply');
  const lines = await withData(flags.need('data'), {
    ...{ verb: 'evidence-repair', token: flags.need('token'), apply },
  });
  for (const line of lines) json(line);
  if (!apply) say('Chưa sửa gì; thêm --apply để sửa.', 'Nothing was changed; add --apply to mend it.');
  const found = (lines[0] ?? {}) as Partial<PackageFaults>;
  const count = [found.missing, found.strange, found.unfinished].reduce(
    (sum, each) => sum + (each?.length ?? 0),
    0,
  );
  return !apply && count > 0 ? 1 : 0;
}

async function keep(flags: Flags): Promise<ExitCode> {
  const lines = await withData(flags.need('data'), {
    ...{ verb: 'evidence-rule', token: flags.need('token') },
    fetchedDays: flags.number('after-fetch', 1, 3650) ?? null,
    closedDays: flags.number('after-close', 1, 3650) ?? null,
  });
  for (const line of lines) json(line);
  return 0;
}

async function exportPackage(flags: Flags): Promise<ExitCode> {
  const [data, into] = [flags.need('data'), resolve(flags.need('out'))];
  const asked = {
    ...{ verb: 'evidence-export' as const, case: flags.need('case'), token: flags.need('token') },
    ...{ purpose: flags.text('purpose') ?? null, legalBasis: flags.text('legal-basis') ?? null },
    interval: spanOf(flags),
  };
  const progress = processProgress(flags.has('json'));
  let again = flags.has('again');
  let [told, take] = [null as string | null, false];
  for (;;) {
    const [line] = await withData(data, { ...asked, again, take });
    const state = line as unknown as ExportState;
    again = false;
    if (told === 'writing' && state.state !== 'writing') progress.end();
    if (state.state === 'ready') {
      return handOver(state, into, flags.has('json'));
    }
    if (state.state === 'failed') return tellFailed(state, flags.has('json'));
    if (state.state === 'kept') {
      // Once it is logged as taken, it has to arrive.
      makeRoom(into, state.name, state.bytes);
      take = true;
      continue;
    }
    if (told !== state.state) {
      if (state.state === 'writing') progress.begin(WRITING, state.total, 'bytes');
      else tellPending('evidence', state.act, flags.has('json'));
      told = state.state;
    }
    if (state.state === 'writing') progress.at(state.done);
    else if (!flags.has('wait')) return 0;
    await new Promise((done) => setTimeout(done, LOOK_MS));
  }
}

/** Exit 1, by its code; it is not asked for again by itself. */
function tellFailed(failed: Extract<ExportState, { state: 'failed' }>, asJson: boolean): never {
  if (asJson) json({ event: 'evidence', ...failed });
  say(
    'Hồ sơ này không ghi được, vì lý do dưới đây; sửa xong, thêm --again để đề nghị lại.',
    'This package could not be written, for the reason below; once that is mended, add --again to ask anew.',
  );
  throw new CodedError(isErrorCode(failed.code) ? failed.code : 'evidence.writer_failed', failed.detail);
}

const WRITING = { vi: 'Ghi hồ sơ trích xuất', en: 'Writing the package' };

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
