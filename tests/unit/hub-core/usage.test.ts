/* A wrong word gets the usage of its command, not of all forty. */
import { expect, it } from 'vitest';
import { usageOf } from '../../../hub-server/src/commands/usage.ts';

const usage = `tool <command>

  hold list --data D | end HOLD --data D
  hold add --data D
      text / text
  acts list --data D | approve ID --data D
      text / text
  verify --data D
      text / text

  exit codes: 0 ok
`;

it.each([
  [
    'hold',
    'tool <command>\n\n  hold list --data D | end HOLD --data D\n  hold add --data D\n      text / text\n',
  ],
  ['approve', 'tool <command>\n\n  acts list --data D | approve ID --data D\n      text / text\n'],
  ['verify', 'tool <command>\n\n  verify --data D\n      text / text\n'],
  ['nothing', usage],
  [undefined, usage],
])('%s', (command, said) => expect(usageOf(usage, command)).toBe(said));
