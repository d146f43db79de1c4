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
import { readNamed } from './backup.ts';
import { type ExitCode, type Flags, json, say } from './command-line.ts';
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
  else sayShown(line as unknown as RecoveringAnswer);
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

function sayShown({ recovering: on, overridden, awaited, gaps, toConfirm }: RecoveringAnswer): void {
  if (!on) say('Dữ liệu đầy đủ, không chờ thiết bị nào.', 'Nothing is awaited; the data is whole.');
  for (const { counter, state } of awaited)
    if (state === 'unheard') say(`Quầy ${counter}: chưa kết nối lại`, `Counter ${counter}: not heard yet`);
    else say(`Quầy ${counter}: đang gửi lại`, `Counter ${counter}: sending again`);
  if (overridden)
    say(
      'Hai người đã cho phép xuất số liệu khi chưa đủ.',
      'Two people allowed exports although data is missing.',
    );
  for (const { device, counter } of toConfirm)
    say(
      `Quầy ${counter}, thiết bị ${device.slice(0, 12)}: nhận lại theo giấy ghi danh, cần xác nhận chưa bị thu hồi`,
      `Counter ${counter}, device ${device.slice(0, 12)}: back by its certificate; confirm that it was not revoked`,
    );
  for (const { counter, device, from, to } of gaps)
    say(
      `${counter === null ? 'Chuỗi của máy chủ' : `Quầy ${counter}`} (${device.slice(0, 12)}): thiếu sự kiện ${from}–${to ?? '?'}, không còn ở đâu`,
      `${counter === null ? 'The hub’s own chain' : `Counter ${counter}`} (${device.slice(0, 12)}): events ${from}–${to ?? '?'} are nowhere any more`,
    );
}
