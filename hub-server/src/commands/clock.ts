/** `hailong-hub clock confirm`: two people say that the machine's clock is right. See hub-server/DESIGN.md, "Holds". */
import { CodedError } from '@hailong/shared/errors.ts';
import { type ExitCode, type Flags, json, say } from './command-line.ts';
import { withData } from './with-data.ts';

export async function clock(flags: Flags): Promise<ExitCode> {
  if (flags.words.join(' ') !== 'confirm') throw new CodedError('program.usage', 'clock confirm');
  const [line] = await withData(flags.need('data'), {
    ...{ verb: 'clock-confirm', by: [...flags.all('by')], reason: flags.need('reason') },
  });
  if (flags.has('json')) json(line);
  say(
    'Đã xác nhận giờ của máy chủ; việc này đã ghi vào nhật ký.',
    'The clock of the hub’s machine is confirmed; this is in the log.',
  );
  return 0;
}
