/**
 * The window's command line. `--agent-url` joins an agent that runs already (systemd keeps it on its own Node);
 * otherwise everything but `--windowed` is handed to an agent that the window starts: `--data D --hub URL …`.
 */
import { type AgentAddress, parseAgentAddress } from '../shell/agent-address.ts';

export type WindowCommand =
  | { readonly kind: 'join'; readonly agent: AgentAddress; readonly windowed: boolean }
  | { readonly kind: 'start'; readonly agentArguments: readonly string[]; readonly windowed: boolean }
  | { readonly kind: 'usage' };

export const USAGE = `electron kiosk-app -- --agent-url http://127.0.0.1:P/#token=…   nối thiết bị đang chạy / join a running agent
electron kiosk-app -- --data D --hub URL [--panel P] [--enrol C]    khởi động cả hai / start both
  --windowed   trong cửa sổ, không khóa màn hình / in a window, not locked
`;

export function readCommandLine(words: readonly string[]): WindowCommand {
  const windowed = words.includes('--windowed');
  const rest = words.filter((word) => word !== '--windowed' && word !== '--');
  const at = rest.indexOf('--agent-url');
  if (at >= 0) {
    const agent = parseAgentAddress(rest[at + 1] ?? '');
    return agent === null || rest.length !== 2 ? { kind: 'usage' } : { kind: 'join', agent, windowed };
  }
  if (!rest.includes('--data') || !rest.includes('--hub')) return { kind: 'usage' };
  const own = rest.filter((word) => word !== '--json');
  return { kind: 'start', agentArguments: ['run', ...own, '--json'], windowed };
}
