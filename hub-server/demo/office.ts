/**
 * Opens and closes the demo office. Order: data folder → ports → seeds → hub → camera → panel → kiosk agent →
 * officer on duty → ready. Everything opened is on one list and is closed from its end.
 */
import { createWriteStream } from 'node:fs';
import { mkdir, readFile, rm, statfs, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { CodedError } from '@hailong/shared/errors.ts';
import { lockData } from '../src/adapters/sqlite/data-lock.ts';
import { openCamera } from './camera.ts';
import { faceSvg } from './faces.ts';
import { type DemoOptions, PORTS_USED, repoRoot } from './options.ts';
import { openPanel } from './panel.ts';
import { openPanelPage } from './panel-page.ts';
import { setPhoneAddress } from './phone-address.ts';
import { type Program, type ProgramLine, runProgram, startProgram } from './program.ts';
import { say } from './say.ts';
import { putOnDuty } from './station-session.ts';

const hubBin = join(repoRoot, 'hub-server/bin/hailong-hub.js');
const kioskBin = join(repoRoot, 'kiosk-app/bin/hailong-kiosk.js');
/** Written into a folder that this program made: --fresh deletes no other. */
const MARK = 'hailong-demo.json';
/** A day of the demo camera is about 3 GB; below this there is no point in starting. */
const FREE_BYTES_MIN = 200_000_000;

/** The one line `hailong-hub setup --demo --json` prints; kept so that the logins can be shown again. */
interface Seeds {
  readonly recoveryKey: string;
  readonly apiKey: string;
  readonly counters: readonly { readonly id: string; readonly number: string }[];
  readonly officers: readonly { readonly code: string; readonly name: string; readonly pin: string }[];
  readonly users: readonly {
    readonly username: string;
    readonly password: string;
    readonly roles: readonly string[];
  }[];
}

export interface OpenOffice {
  /** Resolves with a sentence when a program of the office ended by itself. */
  readonly fallen: Promise<string>;
}

const opened: (() => Promise<unknown>)[] = [];

export async function closeOffice(): Promise<void> {
  for (const close of opened.splice(0).reverse()) await close().catch(() => {});
}

async function prepareFolder(data: string, fresh: boolean): Promise<Seeds | null> {
  const mark = join(data, MARK);
  const old = await readFile(mark, 'utf8').catch(() => null);
  // An office that is open there keeps its data and its logs.
  if (old !== null) lockData(join(data, 'hub')).release();
  if (fresh && old !== null) await rm(data, { recursive: true, force: true });
  await mkdir(data, { recursive: true, mode: 0o700 });
  const { bavail, bsize } = await statfs(data);
  if (bavail * bsize < FREE_BYTES_MIN) throw new CodedError('program.disk_full', data);
  return fresh || old === null ? null : (JSON.parse(old) as Seeds);
}

/** Fails with `program.port_taken` before anything was started. */
async function portsFree(first: number): Promise<void> {
  for (let port = first; port < first + PORTS_USED; port++)
    await new Promise<void>((done, fail) => {
      const server = createServer();
      server.once('error', () => fail(new CodedError('program.port_taken', String(port))));
      server.listen(port, '127.0.0.1', () => server.close(() => done()));
    });
}

async function seed(hubData: string, mark: string): Promise<Seeds> {
  say('Tạo dữ liệu mẫu …', 'Seeding people and places …');
  const lines = await runProgram('hailong-hub setup', hubBin, [
    'setup',
    '--data',
    hubData,
    '--demo',
    '--json',
  ]);
  const seeds = lines.at(-1) as unknown as Seeds;
  await writeFile(mark, `${JSON.stringify(seeds, null, 2)}\n`, { mode: 0o600 });
  return seeds;
}

async function enrolCode(hubData: string, kind: 'counter' | 'station', counter: string): Promise<string> {
  const lines = await runProgram('hailong-hub enrol-code', hubBin, [
    'enrol-code',
    '--data',
    hubData,
    `--${kind}`,
    counter,
    '--json',
  ]);
  return String(lines.at(-1)?.['code']);
}

/** Starts a program; what it says to people is kept in the data folder, `<name>.log`. */
function program(data: string, name: string, file: string, args: readonly string[]): Program {
  const log = createWriteStream(join(data, `${name}.log`), { flags: 'w', mode: 0o600 });
  const running = startProgram(name, file, args, { onText: (text) => log.write(text) });
  opened.push(() => running.stop());
  return running;
}

export async function openOffice(options: DemoOptions, signal: AbortSignal): Promise<OpenOffice> {
  const { data, port } = options;
  const hubData = join(data, 'hub');
  const alive = () => signal.throwIfAborted();
  const old = await prepareFolder(data, options.fresh);
  if (port !== 0) await portsFree(port);
  const portOf = (offset: number) => (port === 0 ? 0 : port + offset);

  const seeds = old ?? (await seed(hubData, join(data, MARK)));
  const counter = seeds.counters[0];
  const officer = seeds.officers[0];
  if (!counter || !officer) throw new CodedError('internal.unexpected', 'no counter or officer in the seeds');
  alive();

  say('Mở máy chủ …', 'Starting the hub …');
  const hub = program(data, 'hailong-hub', hubBin, [
    'serve',
    '--data',
    hubData,
    '--port',
    String(portOf(0)),
    '--json',
  ]);
  const hubUrl = String((await hub.line('listening'))['url']);
  alive();

  const camera =
    process.env['HAILONG_CAMERAS'] === 'off'
      ? null
      : await openCamera({
          data,
          onvifPort: portOf(3),
          rtspPort: portOf(4),
          opened,
          register: (args) =>
            runProgram('hailong-hub camera', hubBin, ['camera', ...args, '--data', hubData, '--json']),
          counter: counter.number,
        });
  if (!camera) say('Không có ffmpeg: mở không có camera.', 'No ffmpeg: opened without cameras.');
  alive();

  say('Mở thiết bị đánh giá …', 'Starting the kiosk …');
  const panel = openPanel(opened);
  const kiosk = program(data, 'hailong-kiosk', kioskBin, [
    'run',
    '--data',
    join(data, 'kiosk'),
    '--hub',
    hubUrl,
    '--panel',
    `cpp1:${panel.path}`,
    '--enrol',
    await enrolCode(hubData, 'counter', counter.id),
    '--ui-port',
    String(portOf(1)),
    '--json',
  ]);
  const kioskReady: ProgramLine = await kiosk.line('ready');
  alive();

  const stationAddress = async () =>
    `${hubUrl}/station?enrol=${encodeURIComponent(await enrolCode(hubData, 'station', counter.id))}`;
  const page = await openPanelPage(portOf(2), panel, ([5, 4, 3, 2, 1] as const).map(faceSvg), stationAddress);
  opened.push(() => page.close());
  const onDuty = await putOnDuty(
    hubUrl,
    await enrolCode(hubData, 'station', counter.id),
    officer.code,
    officer.pin,
    signal,
  );
  if (!onDuty)
    say(
      'Chưa đưa được cán bộ vào ca; hãy đăng nhập tại máy trạm.',
      'No officer is on duty yet; log in at the station.',
    );

  const administrator = seeds.users.find(({ roles }) => roles.includes('admin'));
  if (administrator)
    await setPhoneAddress(
      hubUrl,
      { username: administrator.username, password: administrator.password },
      signal,
    ).catch((error: unknown) => {
      alive();
      say(
        `Chưa đặt được địa chỉ cho điện thoại: ${String(error)}`,
        `No address for phones could be set: ${String(error)}`,
      );
    });

  announce(options, seeds, {
    kiosk: String(kioskReady['ui']),
    station: `${page.url}station`,
    inspector: `${hubUrl}/inspector`,
    dashboard: `${hubUrl}/dashboard`,
    phone: `${hubUrl}/v`,
    administration: `${hubUrl}/admin`,
    panel: page.url,
    hub: hubUrl,
    ...(camera ? { camera: camera.onvifUrl } : {}),
  });
  return {
    fallen: Promise.race(
      [hub, kiosk].map((each) =>
        each.ended.then(
          (code) => `${each.name}: kết thúc bất ngờ (mã ${code}) / ended by itself (code ${code})`,
        ),
      ),
    ),
  };
}

const NAMES: Readonly<Record<string, string>> = {
  kiosk: 'Thiết bị đánh giá / kiosk',
  station: 'Máy trạm cán bộ / station',
  inspector: 'Tra cứu, xác minh / inspector',
  dashboard: 'Bảng số liệu / dashboard',
  phone: 'Điện thoại đánh giá / phone',
  administration: 'Quản trị / administration',
  panel: 'Bộ nút mô phỏng / panel',
  camera: 'Camera mô phỏng / camera',
  hub: 'Máy chủ / hub',
};

function announce(options: DemoOptions, seeds: Seeds, addresses: Readonly<Record<string, string>>): void {
  const logins = {
    officers: seeds.officers.map(({ code, name, pin }) => ({ staffCode: code, name, pin })),
    users: seeds.users,
    apiKey: seeds.apiKey,
  };
  const lines = [
    '',
    ...Object.entries(addresses).map(([key, url]) => `  ${(NAMES[key] ?? key).padEnd(32)} ${url}`),
    '',
    ...seeds.officers.slice(0, 3).map((each) => `  ${each.name}: mã cán bộ ${each.code}, PIN ${each.pin}`),
    ...seeds.users.map((each) => `  ${each.roles.join(', ')}: ${each.username} / ${each.password}`),
    '',
    `  Dữ liệu / data: ${options.data}`,
    '',
  ];
  process.stderr.write(`${lines.join('\n')}\n`);
  if (options.json)
    process.stdout.write(`${JSON.stringify({ event: 'ready', addresses, logins, data: options.data })}\n`);
}
