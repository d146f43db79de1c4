/**
 * `hailong-hub device list|confirm|write-off`: kiosks as the data knows them, and what two people decide about them.
 * Refuses: one name twice, a kiosk that is not revoked, a decision that was taken before.
 */
import { CodedError } from '@hailong/shared/errors.ts';
import { type ExitCode, type Flags, json, say } from './command-line.ts';
import type { Operation } from './operate.ts';
import { withData } from './with-data.ts';

export async function device(flags: Flags): Promise<ExitCode> {
  const [verb, ...words] = flags.words;
  const lines = await withData(flags.need('data'), asked(verb, words, flags));
  for (const line of lines)
    if (flags.has('json')) json(line);
    else if (verb === 'list') process.stdout.write(`${JSON.stringify(line)}\n`);
  if (verb !== 'list') say('Đã ghi vào nhật ký.', 'It is in the log.');
  return 0;
}

function asked(verb: string | undefined, words: readonly string[], flags: Flags): Operation {
  const [id] = words;
  const by = [...flags.all('by')];
  if (verb === 'list' && words.length === 0) return { verb: 'device-list' };
  if (verb === 'confirm' && id !== undefined && words.length === 1)
    return { verb: 'device-confirm', device: id, by };
  if (verb === 'write-off' && id !== undefined && words.length === 1)
    return { verb: 'device-write-off', device: id, by, reason: flags.need('reason') };
  throw new CodedError('program.usage', 'device list|confirm|write-off');
}
