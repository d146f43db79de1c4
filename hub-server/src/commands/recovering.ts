/**
 * Purpose: `hailong-hub recovering show|override|sign`: what this data still awaits, two people's word to go on without
 *   it, and their signature that the log which began meanwhile follows the old one.
 * Refuses: one person, another recovery key. Document: hub-server/DESIGN.md, "Recovering".
 */
import { CodedError } from '@hailong/shared/errors.ts';
import type { Succession } from '@hailong/shared/protocol/edge.ts';
import type { RecoveringAnswer } from '@hailong/shared/protocol/http.ts';
import { systemClock } from '../adapters/clock.ts';
import { readRecoveryKey } from '../adapters/recovery-key.ts';
import type { UnsignedStep } from '../application/ports/log.ts';
import { mustBeTwo } from '../domain/access/two-people.ts';
import { type ExitCode, type Flags, json, readNamed, say } from './command-line.ts';
import { shownTexts } from './recovering-texts.ts';
import { withData } from './with-data.ts';

export async function recovering(flags: Flags): Promise<ExitCode> {
  const [verb, ...more] = flags.words;
  if (more.length > 0) throw new CodedError('program.usage', more.join(' '));
  const dataDir = flags.need('data');
  if (verb === 'override') {
    const by = flags.all('by');
    const [line] = await withData(dataDir, {
      ...{ verb: 'recovering-override', reason: flags.need('reason') },
      by: [...by],
    });
    if (flags.has('json')) json(line);
    say(
      'Đã cho phép xuất số liệu khi chưa đủ; việc này đã ghi vào nhật ký.',
      'Exports are allowed although data is missing; this is in the log.',
    );
    return 0;
  }
  if (verb === 'sign') return sign(flags, dataDir);
  if (verb !== 'show') throw new CodedError('program.usage', 'recovering show|override|sign');
  const [line] = await withData(dataDir, { verb: 'recovering-show' });
  if (flags.has('json')) json(line);
  else for (const { vi, en } of shownTexts(line as unknown as RecoveringAnswer)) say(vi, en);
  return 0;
}

/** The recovery key signs here; what goes to the hub is the statement alone. */
async function sign(flags: Flags, dataDir: string): Promise<ExitCode> {
  const by = [...flags.all('by')];
  mustBeTwo(by);
  const key = readRecoveryKey(readNamed(flags.need('recovery-key')));
  const steps = (await withData(dataDir, { verb: 'log-unsigned' })) as unknown as readonly UnsignedStep[];
  for (const { from, origin, lineage } of steps) {
    const said: Succession = {
      ...{ v: 'hailong-restore-v1', from, origin, lineage },
      ...{ by, at: systemClock.now() },
    };
    const bytes = Buffer.from(JSON.stringify(said), 'utf8');
    const statement = { bytes: bytes.toString('base64url'), sig: key.sign(bytes) };
    const [line] = await withData(dataDir, { verb: 'log-sign', statement });
    if (flags.has('json')) json(line);
    say(
      `Đã ký: ${origin} tiếp nối ${from.origin} (${from.size} dòng).`,
      `Signed: ${origin} follows ${from.origin} (${from.size} rows).`,
    );
  }
  if (steps.length === 0) say('Không có gì phải ký.', 'There is nothing to sign.');
  return 0;
}
