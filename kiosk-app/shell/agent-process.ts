/**
 * Starts the agent's own entry beside the window when no service does, reads its address from its `ready` line, and
 * starts it again when it ends: the window lives on and says calmly that the agent is away. The agent runs on the
 * pinned Node, not inside Electron: a crash of the window never touches the counter's facts.
 */
import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { type AgentAddress, addressInLine } from './agent-address.ts';

/** Between the end of one agent and the start of the next: long enough for a disk or a port to be given back. */
const RESTART_AFTER_MS = 2_000;

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
  const run = (): void => {
    if (stopped) return;
    const own = start();
    let ended = false;
    child = own;
    if (own.stdout !== null) {
      createInterface({ input: own.stdout }).on('line', (line) => {
        const address = addressInLine(line);
        if (address !== null) onAddress(address);
      });
    }
    const again = (): void => {
      if (ended) return;
      ended = true;
      if (!stopped) after(RESTART_AFTER_MS, run);
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
