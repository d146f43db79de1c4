/**
 * Purpose: the command line of the hub. `serve` runs it, the others prepare and administer it.
 * Refuses: unknown commands and options (2), data in use or a taken port (3), what cannot be reached (4).
 * See hub-server/DESIGN.md, "Command line".
 */
import { CodedError } from '@hailong/shared/errors.ts';
import { type CameraVia, cameraVia } from '@hailong/shared/protocol/cameras.ts';
import { POLICY } from './adapters/http/policy.ts';
import { acts, approve, refuse, tokens } from './commands/acts.ts';
import { backup } from './commands/backup.ts';
import { clip } from './commands/clip.ts';
import {
  type ExitCode,
  exitCodeOf,
  type Flags,
  json,
  readFlags,
  readStdinLine,
  say,
  sayProblem,
} from './commands/command-line.ts';
import { coverage } from './commands/coverage.ts';
import { seedDemoOffice } from './commands/demo-office.ts';
import { counter, device } from './commands/device.ts';
import { evidence } from './commands/evidence.ts';
import { exportRatings } from './commands/export-ratings.ts';
import { fleet, reload, rollout } from './commands/fleet.ts';
import { footage, hold } from './commands/hold.ts';
import { openHub } from './commands/open-hub.ts';
import type { Operation } from './commands/operate.ts';
import { quarantine } from './commands/quarantine.ts';
import { recovering } from './commands/recovering.ts';
import { restore } from './commands/restore.ts';
import { screenHours } from './commands/screen-hours.ts';
import { sayRecoveryKey, serve, serveOptions } from './commands/serve.ts';
import { usageOf } from './commands/usage.ts';
import { verify } from './commands/verify.ts';
import { withData } from './commands/with-data.ts';

const USAGE = `hailong-hub <lệnh / command> [--json]

  serve --data D [--port P] [--host H] [--tls-cert F --tls-key F | --insecure] [--origin URL]… [--camera-cidr N]…
        [--proxy IP|N]…   máy chuyển tiếp được tin khi nói địa chỉ người gọi / a proxy that is believed when it names the caller
        [--mirror DIR]   bản thứ hai của chuỗi máy chủ, trên ổ khác / the hub's own chain a second time, on another disk
      chạy máy chủ / runs the hub (127.0.0.1:8443; port 0: any)
  setup --data D [--demo]
      tạo khóa, in khóa khôi phục; --demo: văn phòng mẫu / makes the keys, prints the recovery key; --demo: demo office
  enrol-code --data D --counter C [--ask] [--replaces DEVICE] | --station C
      mã ghi danh dùng một lần cho thiết bị hoặc máy trạm của quầy C / a one-time code for counter C (id or number)
      --ask: chờ duyệt; --replaces: thay thiết bị hỏng / waits for approval; takes the place of a broken kiosk
  camera add --data D --address A --name N [--user U] [--password-stdin | --password P] [--counter C]…
         [--via auto|node-onvif|onvif]
  camera probe --data D --address A [--user U] [--password-stdin | --password P] [--via V]
  camera discover --data D
      camera đang báo tên trong mạng camera / cameras that announce themselves in the camera networks
  camera check --data D --camera ID|NAME
      camera đã lưu đang phát gì, phải sửa gì / what a saved camera sends now and what to change at it
  camera list --data D
  backup DIR --data D [--recovery-key F] [--without-keys]
      sao lưu tất cả trừ tệp hình, cả khi máy chủ đang chạy / a signed copy of all but footage, also of a running hub
  checkpoint --data D
      mốc nhật ký đã ký và dãy đối chiếu để so trên giấy / the log's signed checkpoint and its digits for paper
  restore DIR --data NEW --recovery-key F --by A --by B
      khôi phục vào thư mục mới, cần hai người / makes a hub of a backup again, by two people
  verify --data D [--files] [--backup DIR]… [--witness FILE]…
      kiểm tra mọi chuỗi, chữ ký, nhật ký và tệp; nêu chỗ sai đầu tiên / checks everything, names the first bad place
  counter hand-over C --data D --by A --reason R
      quầy của thiết bị hỏng do máy chủ ghi nhận / a broken kiosk's counter goes to the hub
  counter reported C [--to T] --data D --reason R --token T
      không chờ thiết bị của quầy báo về nữa; cần hai người / nobody waits for its kiosk any longer, by two people
  fleet --data D
      mọi thiết bị, lần báo cuối và cảnh báo, nặng nhất trước / every kiosk, its last report and alarms, worst first
  rollout show | force | retry   --data D [--by A]
      cấu hình đang tới nhóm nào, vì sao quay lại / how far the newest configuration is, or why it went back
  reload --data D (--counter C | --group N | --all) [--by A]
      tải lại màn hình khi không hỏi ai / shows kiosks' pages anew, once nobody is asked there
  screen-hours show | set (--opens 07:30 --closes 17:00 --days 1-5 | --lit) | clear   --data D [--unit U | --counter C]
  screen-hours close-day DATE [--name N] | open-day DATE   --data D [--by A]
      giờ sáng màn hình của cơ quan, đơn vị hoặc quầy; ngày nghỉ / when screens are lit; days the office is closed
  device waiting | approve FINGERPRINT | refuse FINGERPRINT | roster   --data D [--by A]
      thiết bị chờ duyệt; duyệt theo dãy trên thiết bị; sổ thiết bị để in / kiosks that wait, approved by the digits they
      show; the roster to print
  device list | confirm DEVICE | write-off DEVICE --reason R | decide DEVICE EPOCH --count yes|no --reason R
         --data D [--by A --by B]
      thiết bị; xác nhận chưa bị thu hồi; bỏ phần còn trên thiết bị đã thu hồi / kiosks; what two people decide of them
  recovering show --data D | override --data D --by A --by B --reason R | sign --data D --recovery-key F --by A --by B
      dữ liệu còn chờ sau khi phục hồi; hai người cho phép xuất khi chưa đủ, ký cho nhật ký mới / what is awaited after
      a restore; two people allow exports without it, or sign that the new log follows the old one
  quarantine list | show N | retry [N]   --data D
      khu cách ly: sự kiện nào, vì sao, phải làm gì; xét lại / what was set aside, why and what to do; judge it again
  export-ratings --data D
      mọi lượt đánh giá, mỗi dòng một JSON / every rating as a line of JSON, the same bytes for the same facts
  clip --case K --token TOKEN --data D [--transaction T] [--interval ID | --from F --to T [--reason R]]
      các đoạn ghi trong phiếu của mình; ghi nhật ký trước; ngoài phạm vi phiếu thì chờ người thứ hai / the files that show
      one's own case, logged first; more than it is of waits for a second person. Exit 1: none
  coverage --data D --camera C --day YYYY-MM-DD --token T
      từng đoạn trong ngày: có hình, hoặc vì sao không / each part of a day: recorded, or why not (1: no known reason)
  footage repair --data D --token T [--apply]
      tệp và dòng hình không khớp: nêu ra trước, --apply mới sửa / files and rows that disagree: named first, mended with --apply
  hold list --data D --token T | end HOLD --data D --reason R --token T
  hold add --data D --camera C --from T --to T --until T [--case ID] --reason R --token T
      bảo lưu dữ liệu: T là YYYY-MM-DD[THH:MM] giờ Việt Nam; thêm và kết thúc sớm cần hai người / footage kept past its
      days, in Vietnam time; adding one and ending it early take two people
  acts list --data D [--token T] | approve ID --data D --token T | refuse ID --data D --token T --reason R
      việc cần hai người: đang chờ ai; người thứ hai đồng ý, hoặc từ chối / acts of two people: what waits, the second decides
  token issue --data D --user U --name N --scope footage|hold|export|acts… [--days 30] | list --data D --user U | revoke ID --data D
      mã cá nhân để lệnh biết ai làm; chỉ hiện một lần / personal tokens by which commands know who acts; shown once
  evidence export --case K --out DIR --token T --data D [--from F --to T] [--purpose P] [--legal-basis B] [--wait] [--again]
      hồ sơ trích xuất, cả khoảng rộng hơn phiếu: xin, chờ người thứ hai, rồi chép vào DIR và kiểm tra / asks for a package,
      also of more than the case is of; once a second person approved, carries it to DIR and checks it there
  evidence repair --token T --data D [--apply]
      thư mục hồ sơ và dòng dữ liệu không khớp: nêu ra trước, --apply mới sửa / folders of packages and rows that disagree:
      named first, mended with --apply
  evidence keep --token T --data D [--after-fetch DAYS] [--after-close DAYS]
      hồ sơ trích xuất giữ trên máy chủ bao nhiêu ngày sau khi tải, sau khi vụ việc đóng / for how many days packages are
      kept here after they were fetched and after their case closed
  routes
      bảng quyền truy cập / the policy table

  Mã thoát / exit codes: 0 ok · 1 lỗi, failed · 2 sai cách dùng, usage · 3 dữ liệu hoặc cổng đang bận, data or port in
  use · 4 không tới được, unreachable
`;

type Command = (flags: Flags) => Promise<ExitCode>;

const commands: Record<string, { takes: readonly string[]; bare: readonly string[]; run: Command }> = {
  serve: {
    takes: ['data', 'port', 'host', 'tls-cert', 'tls-key', 'origin', 'camera-cidr', 'proxy', 'mirror'],
    bare: ['insecure', 'json'],
    run: (flags) => serve(serveOptions(flags)),
  },
  setup: { takes: ['data'], bare: ['demo', 'json'], run: setup },
  'enrol-code': {
    takes: ['data', 'counter', 'station', 'replaces'],
    bare: ['json', 'ask'],
    run: enrolCode,
  },
  camera: {
    takes: ['data', 'address', 'user', 'password', 'counter', 'name', 'via', 'camera'],
    bare: ['password-stdin', 'json'],
    run: camera,
  },
  restore: { takes: ['data', 'recovery-key', 'by'], bare: ['json'], run: restore },
  verify: { takes: ['data', 'backup', 'witness'], bare: ['files', 'json'], run: verify },
  backup: { takes: ['data', 'recovery-key'], bare: ['without-keys', 'json'], run: backup },
  checkpoint: { takes: ['data'], bare: ['json'], run: checkpoint },
  device: { takes: ['data', 'by', 'reason', 'count'], bare: ['json'], run: device },
  fleet: { takes: ['data'], bare: ['json'], run: fleet },
  rollout: { takes: ['data', 'by'], bare: ['json'], run: rollout },
  'screen-hours': {
    takes: ['data', 'unit', 'counter', 'opens', 'closes', 'days', 'name', 'by'],
    bare: ['lit', 'json'],
    run: screenHours,
  },
  reload: { takes: ['data', 'counter', 'group', 'by'], bare: ['all', 'json'], run: reload },
  footage: { takes: ['data', 'token'], bare: ['apply', 'json'], run: footage },
  hold: {
    takes: ['data', 'camera', 'from', 'to', 'until', 'case', 'reason', 'token'],
    bare: ['json'],
    run: hold,
  },
  counter: { takes: ['data', 'by', 'reason', 'to', 'token'], bare: ['json'], run: counter },
  recovering: { takes: ['data', 'by', 'reason', 'recovery-key'], bare: ['json'], run: recovering },
  quarantine: { takes: ['data'], bare: ['json'], run: quarantine },
  coverage: { takes: ['data', 'camera', 'day', 'token'], bare: ['json'], run: coverage },
  acts: { takes: ['data', 'token'], bare: ['json'], run: acts },
  clip: {
    takes: ['data', 'transaction', 'case', 'interval', 'from', 'to', 'reason', 'token'],
    bare: ['json'],
    run: clip,
  },
  approve: { takes: ['data', 'token'], bare: ['json'], run: approve },
  refuse: { takes: ['data', 'token', 'reason'], bare: ['json'], run: refuse },
  token: { takes: ['data', 'user', 'name', 'scope', 'days'], bare: ['json'], run: tokens },
  evidence: {
    takes: [
      ...['data', 'case', 'out', 'token', 'from', 'to', 'purpose', 'legal-basis'],
      ...['after-fetch', 'after-close'],
    ],
    bare: ['json', 'wait', 'again', 'apply'],
    run: evidence,
  },
  'export-ratings': { takes: ['data'], bare: ['json'], run: exportRatings },
  routes: {
    takes: [],
    bare: ['json'],
    async run(flags) {
      for (const row of POLICY)
        if (flags.has('json')) json(row);
        else process.stdout.write(`${row.method.padEnd(7)}${row.path.padEnd(52)}${row.who.join(', ')}\n`);
      return 0;
    },
  },
};

/** Keys and, with --demo, people and places. The data lock refuses a running hub. */
async function setup(flags: Flags): Promise<ExitCode> {
  const hub = await openHub(flags.need('data'));
  try {
    const { recoveryKey } = hub;
    if (!flags.has('demo')) {
      if (recoveryKey === null) throw new CodedError('setup.done');
      sayRecoveryKey(recoveryKey, flags.has('json'));
      return 0;
    }
    const seeds = await seedDemoOffice(hub.admin);
    const { lineage, hubKey } = hub.identity;
    if (flags.has('json')) json({ event: 'setup', lineage, hubKey, recoveryKey, ...seeds });
    else {
      process.stdout.write(`${JSON.stringify(seeds, null, 2)}\n`);
      if (recoveryKey !== null) sayRecoveryKey(recoveryKey, false);
    }
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
  const lines = await withData(flags.need('data'), asked);
  for (const line of lines)
    if (flags.has('json')) json(line);
    else process.stdout.write(`${JSON.stringify(line)}\n`);
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
