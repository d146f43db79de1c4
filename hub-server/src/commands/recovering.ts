/** `hailong-hub recovering show|override`: what this data still awaits, and two people's word to go on without it. */
import { CodedError } from '@hailong/shared/errors.ts';
import type { RecoveryView } from '../application/ports/recovery.ts';
import { type ExitCode, type Flags, json, say } from './command-line.ts';
import { withData } from './with-data.ts';

type Shown = RecoveryView & {
  readonly recovering: boolean;
  readonly awaited: readonly { readonly counter: string; readonly missing: readonly unknown[] | null }[];
};

export async function recovering(flags: Flags): Promise<ExitCode> {
  const [verb, ...more] = flags.words;
  if (more.length > 0) throw new CodedError('program.usage', more.join(' '));
  const dataDir = flags.need('data');
  if (verb === 'override') {
    const by = flags.all('by');
    if (by.length !== 2) throw new CodedError('program.usage', '--by A --by B');
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
  else sayShown(line as unknown as Shown);
  return 0;
}

function sayShown({ recovering: on, awaited, readmissions, gaps }: Shown): void {
  if (!on) say('Dữ liệu đầy đủ, không chờ thiết bị nào.', 'Nothing is awaited; the data is whole.');
  for (const { counter, missing } of awaited)
    if (missing === null) say(`Quầy ${counter}: chưa kết nối lại`, `Counter ${counter}: not heard yet`);
    else say(`Quầy ${counter}: đang gửi lại`, `Counter ${counter}: sending again`);
  for (const { device, confirmedBy } of readmissions)
    if (confirmedBy === null)
      say(
        `Thiết bị ${device.slice(0, 12)}: nhận lại theo giấy ghi danh, cần xác nhận chưa bị thu hồi`,
        `Device ${device.slice(0, 12)}: back by its certificate; confirm that it was not revoked`,
      );
  for (const { device, epoch, from, to } of gaps)
    say(
      `Thiết bị ${device.slice(0, 12)}: thiếu sự kiện ${epoch.slice(0, 8)}/${from}–${to}, không còn ở đâu`,
      `Device ${device.slice(0, 12)}: events ${epoch.slice(0, 8)}/${from}–${to} are nowhere any more`,
    );
}
