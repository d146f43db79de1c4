/** The recorder's command line and environment. The hub starts it (adapters/recorder-link/README.md). */
import { CodedError } from '@hailong/shared/errors.ts';
import { RECORDER_PATH } from '@hailong/shared/protocol/footage.ts';

export interface RecorderCommand {
  readonly data: string;
  readonly hub: string;
  readonly token: string;
  /** Descriptor of a pipe that the parent holds: end at its end. */
  readonly parentPipe: number | null;
  readonly budgetBytes: number | null;
  /** Only answers: records nothing, and neither mends nor deletes by itself. */
  readonly idle: boolean;
  /** Null: by the size of the disk. */
  readonly floorBytes: number | null;
  /** Null: by the size of budget or disk. */
  readonly holdReserveBytes: number | null;
}

const MIB = 1024 * 1024;

export const USAGE = `node hub-server/src/recorder/main.ts --data FOLDER --hub ws://127.0.0.1:PORT

  --data FOLDER   index and segments
  --hub URL       the hub's loopback address for its recorder
  --idle          only answer the hub: record, mend and delete nothing by itself
Environment:
  HAILONG_RECORDER_TOKEN      told to the hub in the first message
  HAILONG_PARENT_PIPE         1 or stdin: end when standard input ends; 3 and more: that descriptor
  HAILONG_FOOTAGE_BUDGET_MB   footage takes at most this much
  HAILONG_FOOTAGE_FLOOR_MB    space that stays free; 5 % of the disk, at most 2048, unless told
  HAILONG_FOOTAGE_HOLD_MB     space of footage that stays open to holds; 5 % of the budget or disk, unless told
  HAILONG_FFMPEG              ffmpeg, when it is not on the PATH
`;

/** Takes the token out of `env`, so that no child inherits it. Throws `program.usage`. */
export function readCommandLine(
  args: readonly string[],
  env: Record<string, string | undefined>,
): RecorderCommand {
  const values = new Map<string, string>();
  const pairs = args.filter((arg) => arg !== '--idle');
  for (let i = 0; i < pairs.length; i += 2) {
    const [name = '', value] = [pairs[i], pairs[i + 1]];
    if (!['--data', '--hub'].includes(name) || value === undefined || value === '') throw usage(name);
    values.set(name, value);
  }
  const data = values.get('--data');
  if (data === undefined) throw usage('--data');
  const token = env['HAILONG_RECORDER_TOKEN'];
  delete env['HAILONG_RECORDER_TOKEN'];
  if (!token) throw usage('HAILONG_RECORDER_TOKEN');
  return {
    data,
    token,
    hub: hubAddress(values.get('--hub') ?? ''),
    idle: args.includes('--idle'),
    parentPipe: parentPipe(env['HAILONG_PARENT_PIPE'] ?? ''),
    budgetBytes: mebibytes(env, 'HAILONG_FOOTAGE_BUDGET_MB'),
    floorBytes: mebibytes(env, 'HAILONG_FOOTAGE_FLOOR_MB'),
    holdReserveBytes: mebibytes(env, 'HAILONG_FOOTAGE_HOLD_MB'),
  };
}

function parentPipe(text: string): number | null {
  if (text === '1' || text === 'stdin') return 0;
  return /^[3-9]$/.test(text) ? Number(text) : null;
}

/** Camera passwords cross this line in the clear: loopback only. */
function hubAddress(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url?.protocol !== 'ws:' || !['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname))
    throw usage('--hub');
  if (url.pathname === '/') url.pathname = RECORDER_PATH;
  return url.href;
}

function mebibytes(env: Record<string, string | undefined>, name: string): number | null {
  const text = env[name];
  if (text === undefined || text === '') return null;
  if (!/^\d{1,9}$/.test(text)) throw usage(name);
  return Number(text) * MIB;
}

const usage = (what: string) => new CodedError('program.usage', what);
