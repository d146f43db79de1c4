/** Commands with `--data` work inside the running hub by its socket, or with the hub stopped. */
import { CodedError } from '@hailong/shared/errors.ts';
import { askRunningHub } from '../adapters/operator-socket.ts';
import type { Operation } from './operate.ts';

type Lines = readonly Record<string, unknown>[];

/** What opens the data itself is loaded only where nobody listens, or something is wrong: asking takes a third of its time. */
export async function withData(
  dataDir: string,
  asked: Operation,
  /** Where cameras may be, for the recorder of a stopped hub; a running one has its own. Empty: as by default. */
  allowCidrs: readonly string[] = [],
): Promise<Lines> {
  const answer = await askRunningHub(dataDir, asked);
  if (answer?.ok) return answer.value as Lines;
  const { taken, withStoppedHub } = await import('./with-stopped-hub.ts');
  // Named here, hub running or not: a reason too short, a word too long.
  const read = taken(asked);
  if (answer === null) return withStoppedHub(dataDir, read, allowCidrs);
  throw new CodedError(answer.code, answer.detail);
}

/** Several questions one after the other, as a long list is read; a stopped hub is opened once. None of them needs a recorder. */
export async function withDataOpen<T>(
  dataDir: string,
  work: (ask: (asked: Operation) => Promise<Lines>) => Promise<T>,
): Promise<T> {
  let stopped: Awaited<ReturnType<typeof import('./with-stopped-hub.ts').openStopped>> | null = null;
  const ask = async (asked: Operation): Promise<Lines> => {
    const answer = stopped ? null : await askRunningHub(dataDir, asked);
    if (answer?.ok) return answer.value as Lines;
    const { openStopped, taken } = await import('./with-stopped-hub.ts');
    const read = taken(asked);
    if (answer !== null) throw new CodedError(answer.code, answer.detail);
    stopped ??= await openStopped(dataDir);
    return stopped.ask(read);
  };
  try {
    return await work(ask);
  } finally {
    await (stopped as { close(): Promise<void> } | null)?.close();
  }
}
