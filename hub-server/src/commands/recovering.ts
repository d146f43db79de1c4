/** `hailong-hub recovering show|override`: what this data still awaits, and two people's word to go on without it. */
import { CodedError } from '@hailong/shared/errors.ts';
import type { RecoveringAnswer } from '@hailong/shared/protocol/http.ts';
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
  if (verb !== 'show') throw new CodedError('program.usage', 'recovering show|override');
  const [line] = await withData(dataDir, { verb: 'recovering-show' });
  if (flags.has('json')) json(line);
  else sayShown(line as unknown as RecoveringAnswer);
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
