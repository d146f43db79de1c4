/**
 * The agent's command line, read once. Refuses what it does not know; the answer is a value, so that main decides how
 * to say it. Exit codes: 0 ok · 1 failed · 2 usage · 3 locked or port taken · 4 unreachable.
 */
import { parseArgs } from 'node:util';
import { type PanelSpec, parsePanelSpec } from '@hailong/device-drivers/panel/panel-spec.ts';
import type { ErrorCode } from '@hailong/shared/errors.ts';

/**
 * A busy counter takes 150 ratings a day: some 1 MB a day kept for 90 days, and about 60 MB a year of hashes and
 * identities for good. This is enough for ten years, and small beside any disk sold today.
 */
export const BUDGET_MB = 1_024;
/** A rating with three answers takes 5 kB with its rows, the write-ahead log 5 MB: room for some 6,000 ratings. */
export const BALLAST_MB = 32;
const MEGABYTES_MAX = 1_048_576;

export const USAGE = `hailong-kiosk run --data D --hub URL [--panel P] [--enrol CODE] [--ui-port P]
                [--ui-file F] [--budget-mb N] [--ballast-mb N] [--json]
hailong-kiosk witness --data D [--json]
hailong-kiosk shell --help
hailong-kiosk panel list | test | setup [--data D] [--panel P] [--seconds N] [--ui-port P] [--json]

  --data D        thư mục dữ liệu của thiết bị / the device's data folder
  --hub URL       địa chỉ máy chủ, http(s)://… / the hub's address
  --panel P       bộ nút / the button panel: none · cpp1:PORT · line-ascii:PROFILE:PORT · hid-wedge:PROFILE · file:JSON;
                  bỏ trống: theo panel.json trong thư mục dữ liệu / absent: as the data folder's panel.json says
  --enrol CODE    mã ghi danh dùng một lần, - để nhập hoặc quét; bỏ qua nếu đã ghi danh / one-time code, - to type or
                  scan it; ignored once enrolled
  --ui-port P     cổng của màn hình trên máy này; 0 = tự chọn / loopback port of the screen; 0 = any (default)
  --ui-file F     ghi địa chỉ màn hình vào tệp này, nhóm đọc được, cho "shell" / writes the screen's address there,
                  readable by the group, for "shell"
  --budget-mb N   dung lượng cho thư mục dữ liệu, cảnh báo ở 70 và 90 %; không bao giờ xoá vì đầy / bytes the data
                  folder may take, warnings at 70 and 90 %; nothing is deleted to make room (default ${BUDGET_MB})
  --ballast-mb N  phần giữ sẵn cho ngày ổ đĩa đầy / reserved for the day the disk is full (default ${BALLAST_MB})
  --json          mỗi dòng một JSON trên stdout / one JSON object a line on stdout
  --help

  witness         in mã băm của mọi sự kiện, có chữ ký của máy, cho hailong-hub verify --witness; chạy được bên cạnh
                  chương trình đang phục vụ / prints every event's hash, signed, beside a running agent
  shell           giữ màn hình của quầy / keeps the counter's screen on the display

  panel list      các cổng nối tiếp, bằng tên không đổi / the serial ports, by names that stay
  panel test      thử bộ nút của --panel hoặc --data đến khi dừng hay hết --seconds / tries it until stopped or timed out
  panel setup     trang cài đặt bộ nút, ghi vào --data, khi chương trình của quầy không chạy; khi đang chạy thì mở từ phím của cán
                  bộ / the guided page, written to --data, while no agent runs on it; one that runs has it behind the officer's keys

  ready · opened · thanked · panelAcked · acked · refused · closed · alarm · alarmEnded
  {"event","id","transaction","level","at"}; "ready" carries "ui", the address to open in the window.

Mã thoát / exit codes: 0 · 1 lỗi, failed · 2 lệnh sai, usage · 3 đang dùng, locked · 4 không kết nối được, unreachable
`;

export interface RunCommand {
  readonly data: string;
  readonly hub: string;
  /** Null: as the data folder's panel.json says. */
  readonly panel: PanelSpec | null;
  readonly enrol: string | null;
  readonly uiPort: number;
  readonly uiFile: string | null;
  readonly budgetBytes: number;
  readonly ballastBytes: number;
  readonly json: boolean;
}

export interface WitnessCommand {
  readonly data: string;
  readonly json: boolean;
}

export interface PanelCommand {
  readonly verb: 'list' | 'test' | 'setup';
  /** Null: not given. */
  readonly data: string | null;
  readonly panel: PanelSpec | null;
  /** Null: until a signal. */
  readonly seconds: number | null;
  readonly uiPort: number;
  readonly json: boolean;
}

export type Command =
  | { readonly kind: 'panel'; readonly panel: PanelCommand }
  | { readonly kind: 'run'; readonly run: RunCommand }
  | { readonly kind: 'witness'; readonly witness: WitnessCommand }
  | { readonly kind: 'help' }
  | { readonly kind: 'usage'; readonly detail: string };

export function readCommandLine(args: readonly string[]): Command {
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(args);
  } catch (error) {
    return usage(error instanceof Error ? error.message : String(error));
  }
  const { values, positionals } = parsed;
  if (values.help) return { kind: 'help' };
  const [verb, ...rest] = positionals;
  if (verb === 'panel') return panelCommand(rest, values);
  if ((verb !== 'run' && verb !== 'witness') || rest.length > 0) return usage('run | witness | panel');
  if (!values.data) return usage('--data');
  if (verb === 'witness')
    return { kind: 'witness', witness: { data: values.data, json: values.json ?? false } };
  const hub = URL.parse(values.hub ?? '');
  if (!hub || (hub.protocol !== 'http:' && hub.protocol !== 'https:')) return usage('--hub');
  const panel = values.panel === undefined ? null : parsePanelSpec(values.panel);
  if (panel && !panel.ok) return usage(`--panel: ${panel.code}`);
  const uiPort = portOf(values['ui-port']);
  if (uiPort === null) return usage('--ui-port');
  const budgetMb = megabytes(values['budget-mb'], BUDGET_MB, 1);
  if (budgetMb === null) return usage('--budget-mb');
  const ballastMb = megabytes(values['ballast-mb'], BALLAST_MB, 0);
  if (ballastMb === null) return usage('--ballast-mb');
  return {
    kind: 'run',
    run: {
      data: values.data,
      hub: hub.href,
      panel: panel?.spec ?? null,
      enrol: values.enrol ?? null,
      uiPort,
      uiFile: values['ui-file'] ?? null,
      budgetBytes: budgetMb * 1_048_576,
      ballastBytes: ballastMb * 1_048_576,
      json: values.json ?? false,
    },
  };
}

function panelCommand(rest: readonly string[], values: ReturnType<typeof parse>['values']): Command {
  const [verb, ...more] = rest;
  if ((verb !== 'list' && verb !== 'test' && verb !== 'setup') || more.length > 0)
    return usage('panel list | test | setup');
  const panel = values.panel === undefined ? null : parsePanelSpec(values.panel);
  if (panel && !panel.ok) return usage(`--panel: ${panel.code}`);
  const data = values.data ?? null;
  if (verb === 'setup' && data === null) return usage('--data');
  if (verb === 'test' && data === null && panel === null) return usage('--data | --panel');
  const seconds = values.seconds === undefined ? null : Number(values.seconds);
  if (seconds !== null && !(seconds > 0 && seconds <= 86_400)) return usage('--seconds');
  const uiPort = portOf(values['ui-port']);
  if (uiPort === null) return usage('--ui-port');
  const json = values.json ?? false;
  return { kind: 'panel', panel: { verb, data, panel: panel?.spec ?? null, seconds, uiPort, json } };
}

function portOf(text: string | undefined): number | null {
  const port = Number(text ?? '0');
  return Number.isInteger(port) && port >= 0 && port <= 65_535 ? port : null;
}

export function exitCodeOf(code: ErrorCode): number {
  switch (code) {
    case 'program.usage':
      return 2;
    case 'program.data_locked':
    case 'program.port_taken':
      return 3;
    case 'program.unreachable':
      return 4;
    default:
      return 1;
  }
}

function megabytes(text: string | undefined, fallback: number, least: number): number | null {
  const value = Number(text ?? fallback);
  return Number.isInteger(value) && value >= least && value <= MEGABYTES_MAX ? value : null;
}

function usage(detail: string): Command {
  return { kind: 'usage', detail };
}

function parse(args: readonly string[]) {
  return parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      data: { type: 'string' },
      hub: { type: 'string' },
      panel: { type: 'string' },
      enrol: { type: 'string' },
      'ui-port': { type: 'string' },
      'ui-file': { type: 'string' },
      'budget-mb': { type: 'string' },
      'ballast-mb': { type: 'string' },
      seconds: { type: 'string' },
      json: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  });
}
