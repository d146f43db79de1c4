/**
 * The agent's command line, read once. Refuses what it does not know; the answer is a value, so that main decides how
 * to say it. Exit codes: 0 ok · 1 failed · 2 usage · 3 locked or port taken · 4 unreachable.
 */
import { parseArgs } from 'node:util';
import { type PanelSpec, parsePanelSpec } from '@hailong/device-drivers/panel/panel-spec.ts';
import type { ErrorCode } from '@hailong/shared/errors.ts';

export const USAGE = `hailong-kiosk run --data D --hub URL [--panel cpp1:TTY|none] [--enrol CODE] [--ui-port P] [--json]

  --data D        thư mục dữ liệu của thiết bị / the device's data folder
  --hub URL       địa chỉ máy chủ, http(s)://… / the hub's address
  --panel P       bộ nút: cpp1:/dev/serial/by-id/… hoặc none / the button panel; none by default
  --enrol CODE    mã ghi danh dùng một lần; bỏ qua nếu đã ghi danh / one-time code; ignored once enrolled
  --ui-port P     cổng của màn hình trên máy này; 0 = tự chọn / loopback port of the screen; 0 = any (default)
  --json          mỗi dòng một JSON trên stdout / one JSON object a line on stdout
  --help

  ready · opened · thanked · panelAcked · acked · refused · closed
  {"event","id","transaction","level","at"}; "ready" carries "ui", the address to open in the window.

Mã thoát / exit codes: 0 · 1 lỗi, failed · 2 lệnh sai, usage · 3 đang dùng, locked · 4 không kết nối được, unreachable
`;

export interface RunCommand {
  readonly data: string;
  readonly hub: string;
  readonly panel: PanelSpec;
  readonly enrol: string | null;
  readonly uiPort: number;
  readonly json: boolean;
}

export type Command =
  | { readonly kind: 'run'; readonly run: RunCommand }
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
  if (positionals.length !== 1 || positionals[0] !== 'run') return usage('run');
  if (!values.data) return usage('--data');
  const hub = URL.parse(values.hub ?? '');
  if (!hub || (hub.protocol !== 'http:' && hub.protocol !== 'https:')) return usage('--hub');
  const panel = parsePanelSpec(values.panel ?? 'none');
  if (!panel.ok) return usage(`--panel: ${panel.code}`);
  const uiPort = Number(values['ui-port'] ?? '0');
  if (!Number.isInteger(uiPort) || uiPort < 0 || uiPort > 65_535) return usage('--ui-port');
  return {
    kind: 'run',
    run: {
      data: values.data,
      hub: hub.href,
      panel: panel.spec,
      enrol: values.enrol ?? null,
      uiPort,
      json: values.json ?? false,
    },
  };
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
      json: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  });
}
