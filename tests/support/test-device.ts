/*
 * Purpose: a kiosk as the hub sees it: a real Ed25519 key, real chains of exact bytes, real batches. It keeps what it
 * made, so that a test can send any part again, in any order, or damage it.
 */
import { generateKeyPairSync, hash, type KeyObject, randomBytes, randomUUID, sign } from 'node:crypto';
import { type BatchHeader, encodeBatch, signedHead } from '@hailong/shared/edge/batch.ts';
import { encodeEvent, fromHex, genesisHash, toHex } from '@hailong/shared/edge/event.ts';
import type { DeviceId, EpochId, Sha256Hex } from '@hailong/shared/ids.ts';
import type { Checkpoint } from '@hailong/shared/log/advance.ts';
import type { EventBody } from '@hailong/shared/model/event.ts';

export const sha256 = (...parts: readonly Uint8Array[]): Uint8Array =>
  hash('sha256', Buffer.concat(parts), 'buffer');

export interface Chain {
  readonly epoch: EpochId;
  readonly bytes: Uint8Array[];
  readonly hashes: Uint8Array[];
}

/** Ids of one counter's world. */
export interface Place {
  readonly counter: string;
  readonly officer: string;
  readonly unit: string;
  readonly duty: string;
}
export const newPlace = (): Place => ({
  ...{ counter: randomUUID(), officer: randomUUID(), unit: randomUUID(), duty: randomUUID() },
});

export class TestDevice {
  readonly device: DeviceId;
  readonly publicKey: Uint8Array;
  readonly #key: KeyObject;
  /** The device's claimed clock; a test moves it. */
  at = Date.UTC(2026, 10, 23, 2, 0, 0);
  mono = 1_000;
  /** The checkpoint it accepted last: every batch head it signs names it. */
  checkpoint: Checkpoint | null = null;
  bootId = 'boot-1';
  #batch = 1;

  constructor() {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    this.#key = privateKey;
    this.publicKey = new Uint8Array(publicKey.export({ format: 'der', type: 'spki' }).subarray(12));
    this.device = toHex(sha256(this.publicKey)) as string as DeviceId;
  }

  get publicKeyText(): string {
    return Buffer.from(this.publicKey).toString('base64url');
  }

  signText(text: string): string {
    return sign(null, Buffer.from(text), this.#key).toString('base64url');
  }

  /** A new epoch; its first event is agent.started unless told not to. */
  start(place: Place, parent: Chain | null = null): Chain {
    const chain: Chain = { epoch: randomBytes(16).toString('hex') as EpochId, bytes: [], hashes: [] };
    const last = parent?.hashes.at(-1);
    this.append(chain, {
      type: 'agent.started',
      device: this.device,
      epoch: chain.epoch,
      parent: parent && last ? { epoch: parent.epoch, seq: parent.bytes.length, hash: toHex(last) } : null,
      bootId: this.bootId,
      build: 'test',
      counter: place.counter,
    } as EventBody);
    return chain;
  }

  append(chain: Chain, body: EventBody): number {
    this.at += 1_000;
    this.mono += 1_000;
    return this.appendBytes(
      chain,
      encodeEvent({ seq: chain.bytes.length + 1, at: this.at, mono: this.mono, body }),
    );
  }

  /** Ties this moment of the boot to the hub's clock. */
  anchor(chain: Chain, hubAt: number, rttMs = 40): number {
    const nonce = randomBytes(16).toString('base64url');
    return this.append(chain, { type: 'time.anchor', hubAt, rttMs, nonce, sig: '' } as EventBody);
  }

  /** Any bytes chain. */
  appendBytes(chain: Chain, bytes: Uint8Array): number {
    const prev = chain.hashes.at(-1) ?? genesisHash(sha256, this.device, chain.epoch);
    chain.bytes.push(bytes);
    chain.hashes.push(sha256(prev, bytes));
    return chain.bytes.length;
  }

  /** Events first…last (from 1) as a signed batch frame. */
  batch(chain: Chain, first = 1, last = chain.bytes.length, change: Partial<BatchHeader> = {}): Uint8Array {
    const prev = first === 1 ? genesisHash(sha256, this.device, chain.epoch) : chain.hashes[first - 2]!;
    const header: Omit<BatchHeader, 'sig'> = {
      batch: this.#batch++,
      device: this.device,
      epoch: chain.epoch,
      firstSeq: first,
      prevHash: toHex(prev),
      head: { seq: last, hash: toHex(chain.hashes[last - 1]!) as Sha256Hex },
      checkpoint: this.checkpoint && {
        ...{ origin: this.checkpoint.origin, size: this.checkpoint.size, root: this.checkpoint.root },
      },
    };
    const sig = sign(null, signedHead(header), this.#key).toString('base64url');
    return encodeBatch({ ...header, sig, ...change }, chain.bytes.slice(first - 1, last));
  }

  bodiesOf(place: Place, options: Parameters<typeof service>[1] = {}): EventBody[] {
    return service(place, options);
  }

  /** A whole service with one rating: opened, finished, prompt, question, vote, closed. Answers its transaction. */
  serve(
    chain: Chain,
    place: Place,
    options: {
      level?: 1 | 2 | 3 | 4 | 5 | null;
      transaction?: string;
      intent?: string;
      dossier?: string;
    } = {},
  ): string {
    for (const body of service(place, options)) this.append(chain, body);
    return String((service.last as { transaction: string }).transaction);
  }
}

/** The bodies of one service in order; `service.last.transaction` is the one just made. */
export function service(
  place: Place,
  options: { level?: 1 | 2 | 3 | 4 | 5 | null; transaction?: string; intent?: string; dossier?: string } = {},
): EventBody[] {
  const { level = 5, transaction = randomUUID(), intent = null, dossier = 'H21.27-261120-0043' } = options;
  service.last = { transaction };
  const rating = randomUUID();
  const who = {
    ...{ duty: place.duty, officer: place.officer, officerCode: 'CB01', unit: place.unit },
    ...{ counter: place.counter, procedure: '1.001193', stage: 'return', dossierCodes: [dossier] },
  };
  const bodies: unknown[] = [
    { type: 'transaction.opened', transaction, intent, ...who, queueNumber: 'A012' },
    { type: 'transaction.finished', transaction, intent: null, outcome: 'completed', by: 'officer' },
    {
      ...{ type: 'rating.opened', rating, transaction, ...who },
      ...{ instrument: { id: 'hai-long-5', version: 1 }, openedBy: 'officer', closeAfterMs: 30_000 },
    },
    { type: 'question.asked', rating, question: 'overall', attempt: 1, askTicket: 7, hwid: null },
  ];
  if (level !== null)
    bodies.push({
      ...{ type: 'rating.voted', vote: randomUUID(), rating, transaction, question: 'overall', attempt: 1 },
      ...{ askTicket: 7, level, source: { via: 'touch', press: randomUUID() } },
    });
  bodies.push({ type: 'rating.closed', rating, transaction, reason: 'timed', drained: true });
  return bodies as EventBody[];
}
service.last = { transaction: '' };

/** A walk-up at this counter, from its opening to its close. */
export const walkup = (counter: string, level = 1, rating = randomUUID()): EventBody[] =>
  [
    {
      ...{ type: 'walkup.opened', rating, counter, instrument: { id: 'hai-long-5', version: 1 } },
      closeAfterMs: 30_000,
    },
    { type: 'question.asked', rating, question: 'overall', attempt: 1, askTicket: 9, hwid: null },
    {
      ...{ type: 'walkup.voted', vote: randomUUID(), rating, question: 'overall', attempt: 1 },
      ...{ askTicket: 9, level, source: { via: 'touch', press: randomUUID() } },
    },
    { type: 'walkup.closed', rating, reason: 'timed', drained: true },
  ] as EventBody[];

/** Chips added to the vote of such a service, before its close. */
export function withChips(bodies: readonly EventBody[], sets: readonly (readonly string[])[]): EventBody[] {
  const vote = bodies.find((body) => body.type === 'rating.voted');
  if (!vote) throw new Error('a service without a vote has no chips');
  const { rating, transaction } = vote;
  const chosen = sets.map((chips, i) => ({
    ...{ type: 'chips.chosen', rating, transaction, overallVote: vote.vote, askTicket: 8, n: i + 1, chips },
    press: randomUUID(),
  }));
  return [...bodies.slice(0, -1), ...(chosen as EventBody[]), ...bodies.slice(-1)];
}

export { fromHex, toHex };
