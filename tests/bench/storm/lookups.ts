/*
 * Purpose: what an e-government system asks meanwhile: transactions of a dossier, ten times a second over HTTP with its
 * key. One asks on time whether or not the one before was answered, so that a stall shows in full.
 */
import type { Kiosk } from './fleet.ts';

const EVERY_MS = 100;

export class DossierLookups {
  readonly #asked: Promise<number>[] = [];
  readonly #timer: NodeJS.Timeout;

  constructor(url: string, apiKey: string, fleet: readonly Kiosk[]) {
    const codes = fleet.flatMap((kiosk) => kiosk.dossiers);
    this.#timer = setInterval(() => {
      const code = codes[Math.floor(Math.random() * codes.length)]!;
      this.#asked.push(ask(`${url}/api/v1/transactions?dossier=${encodeURIComponent(code)}`, apiKey));
    }, EVERY_MS);
  }

  /** ms of each, all answered. */
  async stop(): Promise<readonly number[]> {
    clearInterval(this.#timer);
    return Promise.all(this.#asked);
  }
}

async function ask(url: string, apiKey: string): Promise<number> {
  const from = performance.now();
  const response = await fetch(url, { headers: { authorization: `Bearer ${apiKey}` } });
  await response.arrayBuffer();
  if (response.status !== 200) throw new Error(`dossier look-up: ${response.status}`);
  return performance.now() - from;
}
