/**
 * Purpose: `hailong-hub verify`: says whether rows, chains, signatures, log and files agree, and names the first bad place.
 * Refuses: data that is none. Exit 1 when anything was found; what no check can see is listed and is no failure.
 * Document: hub-server/DESIGN.md, "Verify".
 */
import { CodedError } from '@hailong/shared/errors.ts';
import { checkBackup } from '../adapters/backup/check-backup.ts';
import { verifyData } from '../adapters/verify/verify-data.ts';
import { findingText, unprovenText, Verdict } from '../domain/verify/finding.ts';
import { type ExitCode, type Flags, json, say } from './command-line.ts';
import { needData } from './open-hub.ts';
import { processProgress } from './progress.ts';

export async function verify(flags: Flags): Promise<ExitCode> {
  const asJson = flags.has('json');
  const backups = flags.all('backup');
  const data = flags.text('data');
  const progress = processProgress(asJson);
  if (data === undefined && (backups.length === 0 || flags.all('witness').length > 0))
    throw new CodedError('program.usage', '--data');
  if (data === undefined) {
    // Alone a backup can only be whole by the key it names; whose key that is, the data or the recovery key tells.
    const verdict = new Verdict();
    for (const folder of backups) checkBackup(folder, null, verdict, progress);
    return report(verdict, 0, asJson);
  }
  const { verdict, events } = verifyData({
    ...{
      dataDir: needData(data),
      files: flags.has('files'),
      backups,
      witnesses: flags.all('witness'),
      progress,
    },
  });
  return report(verdict, events, asJson);
}

function report(verdict: Verdict, events: number, asJson: boolean): ExitCode {
  const { findings, unproven, found, unprovenCount, first } = verdict;
  for (const each of unproven) {
    const { vi, en } = unprovenText(each);
    if (asJson) json({ event: 'not-provable', ...each, vi, en });
    else say(`Không chứng minh được: ${vi}`, `Not provable: ${en}${each.detail ? `: ${each.detail}` : ''}`);
  }
  for (const each of findings) {
    const { vi, en } = findingText(each);
    if (asJson) json({ event: 'found', ...each, vi, en });
    else say(`Sai: ${vi}`, `Wrong: ${en}${each.detail ? `: ${each.detail}` : ''}`);
  }
  if (asJson) json({ event: 'verified', ok: found === 0, events, found, notProvable: unprovenCount, first });
  if (first) {
    const { vi, en } = findingText(first);
    throw new CodedError('verify.found', `${vi} / ${en}`);
  }
  say(
    `Không thấy gì sai: ${events} sự kiện; ${unprovenCount} điều không chứng minh được.`,
    `Nothing wrong was found: ${events} events; ${unprovenCount} things cannot be proven.`,
  );
  return 0;
}
