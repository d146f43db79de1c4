/**
 * `hailong-hub quarantine list|show N|retry [N]`: what was set aside, why, what to do about it, and judging it again.
 * Refuses: a number that is not in quarantine. See hub-server/DESIGN.md, "Quarantine".
 */
import { CodedError } from '@hailong/shared/errors.ts';
import { type ExitCode, type Flags, json, say } from './command-line.ts';
import type { Operation } from './operate.ts';
import { withData } from './with-data.ts';

export async function quarantine(flags: Flags): Promise<ExitCode> {
  const [verb, word, ...more] = flags.words;
  if (more.length > 0) throw new CodedError('program.usage', more.join(' '));
  const lines = await withData(flags.need('data'), asked(verb, word));
  for (const line of lines)
    if (flags.has('json')) json(line);
    else process.stdout.write(verb === 'retry' ? '' : text(line));
  if (verb === 'list' && lines.length === 0) say('Khu cách ly trống.', 'Nothing is in quarantine.');
  if (verb === 'retry') {
    const { judged, released } = lines[0] ?? {};
    say(`Xét lại ${judged}, đưa ra ${released}.`, `Judged ${judged} again, released ${released}.`);
  }
  return 0;
}

function asked(verb: string | undefined, word: string | undefined): Operation {
  const event = word === undefined ? null : /^\d{1,15}$/.test(word) ? Number(word) : Number.NaN;
  if (Number.isNaN(event)) throw new CodedError('program.usage', word);
  if (verb === 'list' && event === null) return { verb: 'quarantine-list' };
  if (verb === 'show' && event !== null) return { verb: 'quarantine-show', event };
  if (verb === 'retry') return { verb: 'quarantine-retry', event };
  throw new CodedError('program.usage', 'quarantine list|show N|retry [N]');
}

function text(line: Record<string, unknown>): string {
  const { reason, remedy, around, content, ...head } = line as {
    reason?: { vi: string; en: string };
    remedy?: { vi: string; en: string };
    around?: readonly Record<string, unknown>[];
    content?: string;
  };
  return [
    JSON.stringify(head),
    ...(reason ? [`  ${reason.vi} ${remedy?.vi ?? ''}`, `  ${reason.en} ${remedy?.en ?? ''}`] : []),
    ...(around ?? []).map((each) => `  ${JSON.stringify(each)}`),
    ...(content === undefined ? [] : [content]),
    '',
  ].join('\n');
}
