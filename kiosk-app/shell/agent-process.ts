/**
 * Starts the agent's own entry beside the window when no service does, reads its address from its `ready` line, and
 * starts it again when it ends: the window lives on and says calmly that the agent is away. The agent runs on the
 * pinned Node, not inside Electron: a crash of the window never touches the counter's facts. It does end with a window
 * that was killed: the next one could neither find it nor start its own beside it.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { type AgentAddress, addressInLine } from './agent-address.ts';

/** Between the end of one agent and the start of the next: long enough for a disk or a port to be given back. */
const RESTART_AFTER_MS = 2_000;
/** Of one that never came to `ready` the next waits twice as long, up to this. */
const RESTART_AFTER_MAX_MS = 30_000;

/** The agent's entry on its own Node. It holds one end of a pipe, whose other end closes with this process however it ends. */
export function startAgent(node: string, bin: string, args: readonly string[]): ChildProcess {
  return spawn(node, [bin, ...args], {
    stdio: ['ignore', 'pipe', 'inherit', 'pipe'],
    env: { ...process.env, HAILONG_PARENT_PIPE: '3' },
  });
}

export interface AgentProcessParts {
  readonly start: () => ChildProcess;
  readonly after: (delayMs: number, run: () => void) => void;
  readonly onAddress: (address: AgentAddress) => void;
}

export interface AgentProcess {
  stop(): void;
}

export function keepAgent({ start, after, onAddress }: AgentProcessParts): AgentProcess {
  let child: ChildProcess | undefined;
  let stopped = false;
  let delayMs = RESTART_AFTER_MS;
  const run = (): void => {
    if (stopped) return;
    const own = start();
    let ended = false;
    child = own;
    if (own.stdout !== null) {
      createInterface({ input: own.stdout }).on('line', (line) => {
        const address = addressInLine(line);
        if (address === null) return;
        delayMs = RESTART_AFTER_MS;
        onAddress(address);
      });
    }
    const again = (): void => {
      if (ended) return;
      ended = true;
      if (stopped) return;
      after(delayMs, run);
      delayMs = Math.min(delayMs * 2, RESTART_AFTER_MAX_MS);
    };
    own.once('error', again);
    own.once('exit', again);
  };
  run();
  return {
    stop() {
      stopped = true;
      child?.kill('SIGTERM');
    },
  };
}
