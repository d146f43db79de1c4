/**
 * `hailong-hub device list|waiting|approve|refuse|roster|confirm|write-off|decide`, `hailong-hub counter hand-over`: kiosks as the data knows them, and what two people decide about them.
 * Refuses: one name twice, a kiosk that is not revoked, a decision that was taken before.
 */
import { CodedError } from '@hailong/shared/errors.ts';
import { type ExitCode, type Flags, json, say } from './command-line.ts';
import { counterReported } from './hold.ts';
import type { Operation } from './operate.ts';
import { withData } from './with-data.ts';

const READS: ReadonlySet<string> = new Set(['list', 'waiting', 'roster']);

export async function device(flags: Flags): Promise<ExitCode> {
  const [verb, ...words] = flags.words;
  const lines = await withData(flags.need('data'), asked(verb, words, flags));
  for (const line of lines)
    if (flags.has('json')) json(line);
    else if (verb === 'roster') process.stdout.write(`${rosterText(line)}\n`);
    else if (READS.has(verb ?? '')) process.stdout.write(`${JSON.stringify(line)}\n`);
  if (!READS.has(verb ?? '')) say('Đã ghi vào nhật ký.', 'It is in the log.');
  return 0;
}

/** As it is printed and signed by hand: who was let in where, by whom, when. */
function rosterText(line: Record<string, unknown>): string {
  const day = (at: unknown): string => (at === null ? '–' : new Date(Number(at)).toISOString());
  return [
    ...[line['serial'], line['counter'], line['fingerprint'], day(line['enrolledAt'])],
    ...[line['approvedBy'] ?? '–', day(line['approvedAt'])],
    line['revokedAt'] === null ? '' : `thu hồi / revoked ${day(line['revokedAt'])}, ${line['open']}`,
  ].join('  ');
}

function asked(verb: string | undefined, words: readonly string[], flags: Flags): Operation {
  const [id] = words;
  const by = [...flags.all('by')];
  if (verb === 'list' && words.length === 0) return { verb: 'device-list' };
  if (verb === 'waiting' && words.length === 0) return { verb: 'device-waiting' };
  if (verb === 'roster' && words.length === 0) return { verb: 'device-roster' };
  if ((verb === 'approve' || verb === 'refuse') && id !== undefined && words.length === 1)
    return {
      ...{ verb: 'device-admit', fingerprint: id, approve: verb === 'approve', by: flags.need('by') },
    };
  if (verb === 'confirm' && id !== undefined && words.length === 1)
    return { verb: 'device-confirm', device: id, by };
  if (verb === 'write-off' && id !== undefined && words.length === 1)
    return { verb: 'device-write-off', device: id, by, reason: flags.need('reason') };
  const [, epoch] = words;
  const counts = flags.text('count');
  if (verb === 'decide' && id && epoch && words.length === 2 && (counts === 'yes' || counts === 'no'))
    return {
      ...{ verb: 'device-decide', device: id, epoch, counted: counts === 'yes', by },
      reason: flags.need('reason'),
    };
  throw new CodedError('program.usage', 'device list|waiting|approve|refuse|roster|confirm|write-off|decide');
}

/** A broken kiosk: its counter's facts are the hub's from now on. */
export async function counter(flags: Flags): Promise<ExitCode> {
  const [verb, which, ...more] = flags.words;
  if (verb === 'reported' && which !== undefined && more.length === 0) return counterReported(flags, which);
  if (verb !== 'hand-over' || which === undefined || more.length > 0)
    throw new CodedError('program.usage', 'counter hand-over|reported');
  const [line] = await withData(flags.need('data'), {
    ...{ verb: 'counter-hand-over', counter: which, by: flags.need('by'), reason: flags.need('reason') },
  });
  if (flags.has('json')) json(line);
  say(
    'Quầy này do máy chủ ghi nhận từ bây giờ; thiết bị khi trở lại phải nhận bàn giao.',
    'The hub records for this counter from now on; the kiosk takes it back when it returns.',
  );
  return 0;
}
