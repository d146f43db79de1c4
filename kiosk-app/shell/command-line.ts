/**
 * The shell's command line, read once. Exit codes: 0 ok · 1 failed · 2 usage · 3 another shell has this counter.
 */
import { parseArgs } from 'node:util';
import { type AgentAddress, parseAgentAddress } from './agent-address.ts';
import type { DisplaySize } from './browser-flags.ts';

export const USAGE = `hailong-kiosk shell (--agent-url URL | --agent-file F) [--chromium PATH | --electron PATH]
                [--display WxH] [--unmanaged] [--json]
hailong-kiosk shell --print-policy --agent-url URL

  --agent-url U    địa chỉ màn hình như dòng "ready" của chương trình quầy / the screen's address as the agent's
                   "ready" line says it
  --agent-file F   tệp chứa địa chỉ đó (run --ui-file F) / the file that holds it
  --chromium P     Chromium nào; mặc định tự tìm / which Chromium; found by default
  --electron P     chạy Electron thay cho Chromium / Electron in place of Chromium
  --display WxH    kích thước màn hình; mặc định tự biết / size of the display; found by default
  --unmanaged      chạy cả khi chưa có chính sách quản lý (chỉ để thử) / also without the managed policy (trying only)
  --print-policy   in chính sách quản lý cho Chromium / prints the managed policy for Chromium
  --json           mỗi dòng một JSON trên stdout / one JSON object a line on stdout

  started · shown {"screen","focused","width","height"} · noticed {"why","counts"}; why: closed crashed hung strayed
  covered foreign reload size

Mã thoát / exit codes: 0 · 1 lỗi, failed · 2 lệnh sai, usage · 3 đã có vỏ khác, another shell is there
`;

export type AgentPlace =
  | { readonly kind: 'address'; readonly address: AgentAddress }
  | { readonly kind: 'file'; readonly path: string };

export interface ShellCommand {
  readonly agent: AgentPlace;
  readonly chromium: string | null;
  readonly electron: string | null;
  readonly display: DisplaySize | null;
  readonly unmanaged: boolean;
  readonly json: boolean;
}

export type Command =
  | { readonly kind: 'shell'; readonly shell: ShellCommand }
  | { readonly kind: 'policy'; readonly origin: string }
  | { readonly kind: 'help' }
  | { readonly kind: 'usage'; readonly detail: string };

const usage = (detail: string): Command => ({ kind: 'usage', detail });

function parse(args: readonly string[]) {
  return parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      'agent-url': { type: 'string' },
      'agent-file': { type: 'string' },
      chromium: { type: 'string' },
      electron: { type: 'string' },
      display: { type: 'string' },
      unmanaged: { type: 'boolean' },
      'print-policy': { type: 'boolean' },
      json: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  });
}

function displayOf(text: string | undefined): DisplaySize | null | 'wrong' {
  if (text === undefined) return null;
  const [, width, height] = /^(\d{3,5})x(\d{3,5})$/.exec(text) ?? [];
  return width === undefined || height === undefined
    ? 'wrong'
    : { width: Number(width), height: Number(height) };
}

export function readCommandLine(args: readonly string[]): Command {
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(args);
  } catch (error) {
    return usage(error instanceof Error ? error.message : String(error));
  }
  const { values, positionals } = parsed;
  if (values.help) return { kind: 'help' };
  if (positionals.length !== 1 || positionals[0] !== 'shell') return usage('shell');
  const url = values['agent-url'];
  const file = values['agent-file'];
  if ((url === undefined) === (file === undefined)) return usage('--agent-url | --agent-file');
  const address = url === undefined ? null : parseAgentAddress(url);
  if (url !== undefined && address === null) return usage('--agent-url');
  if (values['print-policy'])
    return address === null ? usage('--agent-url') : { kind: 'policy', origin: address.origin };
  if (values.chromium !== undefined && values.electron !== undefined) return usage('--chromium | --electron');
  const display = displayOf(values.display);
  if (display === 'wrong') return usage('--display');
  return {
    kind: 'shell',
    shell: {
      agent: address === null ? { kind: 'file', path: file ?? '' } : { kind: 'address', address },
      chromium: values.chromium ?? null,
      electron: values.electron ?? null,
      display,
      unmanaged: values.unmanaged ?? false,
      json: values.json ?? false,
    },
  };
}
