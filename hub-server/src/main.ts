/**
 * Purpose: the command line of the hub. `serve` runs it, the others prepare and administer it.
 * Refuses: unknown commands and options (2), data in use or a taken port (3), what cannot be reached (4).
 * See hub-server/DESIGN.md, "Command line".
 */
import { CodedError } from '@hailong/shared/errors.ts';
import { type CameraVia, cameraVia } from '@hailong/shared/protocol/cameras.ts';
import {
  type ExitCode,
  exitCodeOf,
  type Flags,
  json,
  readFlags,
  readStdinLine,
  say,
  sayProblem,
  sayRecoveryKey,
} from './commands/command-line.ts';
import { type ListedCamera, printCameras } from './commands/list-tables.ts';
import { cameraCidrs } from './commands/networks.ts';
import type { Operation } from './commands/operate.ts';
import { USAGE, usageOf } from './commands/usage.ts';
import { withData } from './commands/with-data.ts';

/** Closed is closed; what is left by then has nothing to say. */
const LINGER_MS = 5_000;

type Command = (flags: Flags) => Promise<ExitCode>;

/** Each is loaded when it is asked for: most ask the running hub and need little of what `serve` is made of. */
const commands: Record<string, { takes: readonly string[]; bare: readonly string[]; run: Command }> = {
  serve: {
    takes: ['data', 'port', 'host', 'tls-cert', 'tls-key', 'origin', 'camera-cidr', 'proxy', 'mirror'],
    bare: ['insecure', 'json'],
    run: (flags) =>
      import('./commands/serve.ts').then(({ serve, serveOptions }) => serve(serveOptions(flags))),
  },
  setup: { takes: ['data'], bare: ['demo', 'json'], run: setup },
  'enrol-code': {
    takes: ['data', 'counter', 'station', 'replaces'],
    bare: ['json', 'ask'],
    run: enrolCode,
  },
  camera: {
    takes: ['data', 'address', 'user', 'password', 'counter', 'name', 'via', 'camera', 'camera-cidr'],
    bare: ['password-stdin', 'json'],
    run: camera,
  },
  restore: {
    takes: ['data', 'recovery-key', 'by'],
    bare: ['json'],
    run: (flags) => import('./commands/restore.ts').then(({ restore }) => restore(flags)),
  },
  verify: {
    takes: ['data', 'backup', 'witness'],
    bare: ['files', 'json'],
    run: (flags) => import('./commands/verify.ts').then(({ verify }) => verify(flags)),
  },
  backup: {
    takes: ['data', 'recovery-key'],
    bare: ['without-keys', 'json'],
    run: (flags) => import('./commands/backup.ts').then(({ backup }) => backup(flags)),
  },
  checkpoint: { takes: ['data'], bare: ['json'], run: checkpoint },
  device: {
    takes: ['data', 'by', 'reason', 'count'],
    bare: ['json'],
    run: (flags) => import('./commands/device.ts').then(({ device }) => device(flags)),
  },
  fleet: {
    takes: ['data'],
    bare: ['json'],
    run: (flags) => import('./commands/fleet.ts').then(({ fleet }) => fleet(flags)),
  },
  rollout: {
    takes: ['data', 'by'],
    bare: ['json'],
    run: (flags) => import('./commands/fleet.ts').then(({ rollout }) => rollout(flags)),
  },
  'screen-hours': {
    takes: ['data', 'unit', 'counter', 'opens', 'closes', 'days', 'name', 'by'],
    bare: ['lit', 'json'],
    run: (flags) => import('./commands/screen-hours.ts').then(({ screenHours }) => screenHours(flags)),
  },
  reload: {
    takes: ['data', 'counter', 'group', 'by'],
    bare: ['all', 'json'],
    run: (flags) => import('./commands/fleet.ts').then(({ reload }) => reload(flags)),
  },
  footage: {
    takes: ['data', 'token'],
    bare: ['apply', 'json'],
    run: (flags) => import('./commands/hold.ts').then(({ footage }) => footage(flags)),
  },
  hold: {
    takes: ['data', 'camera', 'from', 'to', 'until', 'case', 'reason', 'token', 'kind'],
    bare: ['json'],
    run: (flags) => import('./commands/hold.ts').then(({ hold }) => hold(flags)),
  },
  counter: {
    takes: ['data', 'by', 'reason', 'to', 'token'],
    bare: ['json'],
    run: (flags) => import('./commands/device.ts').then(({ counter }) => counter(flags)),
  },
  clock: {
    takes: ['data', 'by', 'reason'],
    bare: ['json'],
    run: (flags) => import('./commands/clock.ts').then(({ clock }) => clock(flags)),
  },
  recovering: {
    takes: ['data', 'by', 'reason', 'recovery-key'],
    bare: ['json'],
    run: (flags) => import('./commands/recovering.ts').then(({ recovering }) => recovering(flags)),
  },
  quarantine: {
    takes: ['data'],
    bare: ['json'],
    run: (flags) => import('./commands/quarantine.ts').then(({ quarantine }) => quarantine(flags)),
  },
  coverage: {
    takes: ['data', 'camera', 'day', 'token'],
    bare: ['json'],
    run: (flags) => import('./commands/coverage.ts').then(({ coverage }) => coverage(flags)),
  },
  acts: {
    takes: ['data', 'token'],
    bare: ['json'],
    run: (flags) => import('./commands/acts.ts').then(({ acts }) => acts(flags)),
  },
  clip: {
    takes: ['data', 'transaction', 'case', 'interval', 'from', 'to', 'reason', 'token'],
    bare: ['json'],
    run: (flags) => import('./commands/clip.ts').then(({ clip }) => clip(flags)),
  },
  approve: {
    takes: ['data', 'token'],
    bare: ['json'],
    run: (flags) => import('./commands/acts.ts').then(({ approve }) => approve(flags)),
  },
  refuse: {
    takes: ['data', 'token', 'reason'],
    bare: ['json'],
    run: (flags) => import('./commands/acts.ts').then(({ refuse }) => refuse(flags)),
  },
  token: {
    takes: ['data', 'user', 'name', 'scope', 'days'],
    bare: ['json'],
    run: (flags) => import('./commands/acts.ts').then(({ tokens }) => tokens(flags)),
  },
  evidence: {
    takes: [
      ...['data', 'case', 'out', 'token', 'from', 'to', 'purpose', 'legal-basis'],
      ...['after-fetch', 'after-close'],
    ],
    bare: ['json', 'wait', 'again', 'apply'],
    run: (flags) => import('./commands/evidence.ts').then(({ evidence }) => evidence(flags)),
  },
  'export-ratings': {
    takes: ['data'],
    bare: ['json'],
    run: (flags) => import('./commands/export-ratings.ts').then(({ exportRatings }) => exportRatings(flags)),
  },
  routes: {
    takes: [],
    bare: ['json'],
    async run(flags) {
      const { POLICY } = await import('./adapters/http/policy.ts');
      for (const row of POLICY)
        if (flags.has('json')) json(row);
        else process.stdout.write(`${row.method.padEnd(7)}${row.path.padEnd(52)}${row.who.join(', ')}\n`);
      return 0;
    },
  },
};

/** Keys and, with --demo, people and places. The data lock refuses a running hub. */
async function setup(flags: Flags): Promise<ExitCode> {
  const { openHub } = await import('./commands/open-hub.ts');
  const hub = await openHub(flags.need('data'));
  try {
    const { recoveryKey } = hub;
    // Before anything that can fail: it is made once.
    if (recoveryKey !== null) sayRecoveryKey(recoveryKey, flags.has('json') && !flags.has('demo'));
    if (!flags.has('demo')) {
      if (recoveryKey === null) throw new CodedError('setup.done');
      return 0;
    }
    const { seedDemoOffice } = await import('./commands/demo-office.ts');
    const seeds = await seedDemoOffice(hub.admin);
    const { lineage, hubKey } = hub.identity;
    if (flags.has('json')) json({ event: 'setup', lineage, hubKey, recoveryKey, ...seeds });
    else process.stdout.write(`${JSON.stringify(seeds, null, 2)}\n`);
    return 0;
  } finally {
    await hub.close();
  }
}

async function enrolCode(flags: Flags): Promise<ExitCode> {
  const [counter, station] = [flags.text('counter'), flags.text('station')];
  if ((counter === undefined) === (station === undefined))
    throw new CodedError('program.usage', '--counter C | --station C');
  const [line] = await withData(flags.need('data'), {
    verb: 'enrol-code',
    kind: counter !== undefined ? 'kiosk' : 'station',
    counter: counter ?? station ?? '',
    asks: flags.has('ask'),
    replaces: flags.text('replaces') ?? null,
  });
  if (flags.has('json')) json(line);
  else process.stdout.write(`${String(line?.['code'])}\n`);
  say('Mã dùng một lần, có hiệu lực 10 phút.', 'The code works once, for 10 minutes.');
  if (counter !== undefined) sayFingerprint(line?.['log']);
  return 0;
}

/** What is written down and compared later: beside a kiosk's enrolment, in the monthly report, on a backup. */
async function checkpoint(flags: Flags): Promise<ExitCode> {
  const [line] = await withData(flags.need('data'), { verb: 'checkpoint' });
  if (flags.has('json')) {
    json(line);
    return 0;
  }
  process.stdout.write(String(line?.['text']));
  sayFingerprint(line);
  return 0;
}

function sayFingerprint(log: unknown): void {
  if (typeof log !== 'object' || log === null) return;
  const { size, fingerprint } = log as Record<string, unknown>;
  say(
    `Nhật ký ${size} dòng, dãy đối chiếu: ${fingerprint}`,
    `Log of ${size} rows, fingerprint: ${fingerprint}`,
  );
}

/** `auto`, or nothing: the first adapter that can read it. */
function viaOf(text: string | undefined): CameraVia {
  const read = cameraVia.safeParse(text === undefined || text === 'auto' ? null : text);
  if (!read.success) throw new CodedError('program.usage', '--via auto|node-onvif|onvif');
  return read.data;
}

async function camera(flags: Flags): Promise<ExitCode> {
  const [verb, ...more] = flags.words;
  if (more.length > 0) throw new CodedError('program.usage', more.join(' '));
  const reach = async () => ({
    address: flags.need('address'),
    user: flags.text('user') ?? '',
    password: flags.has('password-stdin') ? await readStdinLine() : (flags.text('password') ?? ''),
    via: viaOf(flags.text('via')),
  });
  let asked: Operation;
  if (verb === 'add')
    asked = {
      verb: 'camera-add',
      ...(await reach()),
      counters: [...flags.all('counter')],
      name: flags.need('name'),
    };
  else if (verb === 'probe') asked = { verb: 'camera-probe', ...(await reach()) };
  else if (verb === 'discover') asked = { verb: 'camera-discover' };
  else if (verb === 'check') asked = { verb: 'camera-check', camera: flags.need('camera') };
  else if (verb === 'list') asked = { verb: 'camera-list' };
  else throw new CodedError('program.usage', 'camera add|probe|discover|check|list');
  const lines = await withData(flags.need('data'), asked, cameraCidrs(flags));
  if (verb === 'list' && !flags.has('json')) printCameras(lines as unknown as readonly ListedCamera[]);
  else for (const line of lines) json(line);
  return (verb === 'probe' || verb === 'check') && lines[0]?.['ok'] !== true ? 1 : 0;
}

/** Commands that take words beside options, and judge them themselves. */
const WITH_WORDS = new Set([
  'evidence',
  'acts',
  'hold',
  'footage',
  'approve',
  'refuse',
  'token',
  'rollout',
  'screen-hours',
  'counter',
  'device',
  'quarantine',
  'clock',
  'recovering',
  'camera',
  'backup',
  'restore',
]);

async function main(argv: readonly string[]): Promise<ExitCode> {
  const [name, ...rest] = argv;
  if (
    name === undefined ||
    name === 'help' ||
    rest.includes('--help') ||
    name === '--help' ||
    name === '-h'
  ) {
    process.stdout.write(usageOf(USAGE, name === 'help' ? rest[0] : name));
    return 0;
  }
  try {
    const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
    if (!command) throw new CodedError('program.usage', name);
    const flags = readFlags(rest, command.takes, command.bare);
    if (!WITH_WORDS.has(name) && flags.words.length > 0)
      throw new CodedError('program.usage', flags.words.join(' '));
    return await command.run(flags);
  } catch (error) {
    const code = error instanceof CodedError ? error.code : 'internal.unexpected';
    const detail =
      error instanceof CodedError ? error.detail : error instanceof Error ? error.stack : String(error);
    sayProblem(code, detail);
    if (argv.includes('--json')) json({ event: 'error', code });
    if (code === 'program.usage') process.stderr.write(`\n${usageOf(USAGE, name)}`);
    return exitCodeOf(code);
  }
}

// A reader that has gone (`| head -1`) ends neither the hub nor this program's order.
process.stdout.on('error', () => undefined);
process.stderr.on('error', () => undefined);
// Everything this program writes is its owner's alone.
process.umask(0o077);
const code = await main(process.argv.slice(2));
// Answers may still be on their way into a pipe; sockets and workers are closed by now.
process.exitCode = code;
// A hub that has closed its data lets nothing it forgot (a timer, a child's pipe) hold up its supervisor.
if (process.argv[2] === 'serve') setTimeout(() => process.exit(code), LINGER_MS).unref();
