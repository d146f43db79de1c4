/* What the recorder is started with; the token leaves the environment, and only loopback hears camera passwords. */
import { RECORDER_PATH } from '@hailong/shared/protocol/footage.ts';
import { describe, expect, it } from 'vitest';
import { readCommandLine } from '../../../hub-server/src/recorder/command-line.ts';

const args = ['--data', 'D', '--hub', 'ws://127.0.0.1:9'];
const token = { HAILONG_RECORDER_TOKEN: 't' };

describe('command line', () => {
  it('takes the token away from the environment and completes the path', () => {
    const env: Record<string, string | undefined> = {
      ...token,
      HAILONG_PARENT_PIPE: '1',
      HAILONG_FOOTAGE_BUDGET_MB: '2',
    };
    expect(readCommandLine(args, env)).toEqual({
      ...{ data: 'D', token: 't', hub: `ws://127.0.0.1:9${RECORDER_PATH}`, parentPipe: 0 },
      ...{ budgetBytes: 2 * 1024 * 1024, floorBytes: null, holdReserveBytes: null, idle: false },
    });
    expect('HAILONG_RECORDER_TOKEN' in env).toBe(false);
    expect(readCommandLine(args, { ...token, HAILONG_PARENT_PIPE: '3' }).parentPipe).toBe(3);
    expect(readCommandLine(['--idle', ...args], { ...token }).idle).toBe(true);
  });
  it.each([
    [['--hub', 'ws://127.0.0.1:9'], token],
    [['--data', 'D', '--hub', 'ws://10.0.0.1:9'], token],
    [['--data', 'D', '--hub', 'http://127.0.0.1:9'], token],
    [['--data', 'D', '--data'], token],
    [[...args, '--password', 'x'], token],
    [args, {}],
    [args, { ...token, HAILONG_FOOTAGE_FLOOR_MB: '-5' }],
  ])('refuses %j %j', (given, env) => {
    expect(() => readCommandLine(given, { ...env })).toThrow(
      expect.objectContaining({ code: 'program.usage' }),
    );
  });
});
