/**
 * Where the agent's gateway is, and with which token: from `--agent-url`, or from the `ready` line that the agent
 * started by us prints. Refuses every address off this machine.
 */
export interface AgentAddress {
  /** `http://127.0.0.1:PORT`. */
  readonly origin: string;
  readonly token: string;
}

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** Reads `http://127.0.0.1:PORT/#token=…`. */
export function parseAgentAddress(address: string): AgentAddress | null {
  const url = URL.parse(address);
  if (url === null || url.protocol !== 'http:' || !LOOPBACK.has(url.hostname)) return null;
  const token = new URLSearchParams(url.hash.slice(1)).get('token');
  return token === null || token === '' || token.length > 100 ? null : { origin: url.origin, token };
}

/** The `ui` address of the agent's `ready` line, or null for every other line. */
export function addressInLine(line: string): AgentAddress | null {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null) return null;
  const { event, ui } = value as { event?: unknown; ui?: unknown };
  return event === 'ready' && typeof ui === 'string' ? parseAgentAddress(ui) : null;
}
