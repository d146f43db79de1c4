/** What commands share that ask for more than a case is of: from when to when, and that it waits for a second person. */
import { CodedError } from '@hailong/shared/errors.ts';
import type { UtcMs } from '@hailong/shared/time.ts';
import { type Flags, json, say } from './command-line.ts';
import { momentOf } from './hold.ts';

export interface Span {
  readonly from: UtcMs;
  readonly to: UtcMs;
}

/** `--from` and `--to`, both or neither: `YYYY-MM-DDTHH:MM[:SS]` in Vietnam. */
export function spanOf(flags: Flags): Span | null {
  const [from, to] = [flags.text('from'), flags.text('to')];
  if (from === undefined && to === undefined) return null;
  if (from === undefined || to === undefined) throw new CodedError('program.usage', '--from, --to');
  return { from: momentOf('from', from) as UtcMs, to: momentOf('to', to) as UtcMs };
}

export function tellPending(event: string, act: string, asJson: boolean): void {
  if (asJson) json({ event, state: 'pending', act });
  else process.stdout.write(`${act}\n`);
  say(
    `Chờ người thứ hai: hailong-hub approve ${act} --token MÃ_CỦA_NGƯỜI_KHÁC; rồi chạy lại lệnh này.`,
    `Waits for a second person: hailong-hub approve ${act} --token OTHER; then run this again.`,
  );
}
