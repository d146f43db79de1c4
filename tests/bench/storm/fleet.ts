/*
 * Purpose: kiosks of one agency with what they recorded while the hub was away: keys, chains and signed batches, all
 * made before anything is timed. 100 events a batch: start, anchor signed by the hub, duty, sixteen services each with
 * opening, finish, prompt, question, vote and close, one stray press. A further batch is a further start of the agent.
 * Ids are UUIDv7 of their moment, as the agent's.
 */
import { generateKeyPairSync, type KeyObject, randomBytes, randomInt, randomUUID, sign } from 'node:crypto';
import { encodeBatch, signedHead } from '@hailong/shared/edge/batch.ts';
import { encodeEvent, genesisHash, toHex } from '@hailong/shared/edge/event.ts';
import type { DeviceId, EpochId } from '@hailong/shared/ids.ts';
import type { EventBody } from '@hailong/shared/model/event.ts';
import { v7 } from 'uuid';
import { sha256 } from '../../support/test-device.ts';

export const EVENTS_EACH = 100;
export const RATINGS_EACH = 16;

export interface Kiosk {
  readonly device: DeviceId;
  readonly publicKey: Uint8Array;
  /** PKCS #8, PEM: crosses to the process that makes the load. */
  readonly privateKey: string;
  readonly counter: string;
  readonly officer: string;
  readonly unit: string;
  readonly number: number;
  readonly batches: readonly SignedBatch[];
  readonly dossiers: readonly string[];
}

/** One run of the agent, all of it in one batch. */
export interface SignedBatch {
  readonly epoch: EpochId;
  readonly head: { readonly seq: number; readonly hash: string };
  /** As the wire has it. */
  readonly frame: Uint8Array;
}

export interface FleetOptions {
  readonly kiosks: number;
  readonly batches?: number;
  /** Codes spread over all that could ever be, instead of today's: no two neighbours in an index. */
  readonly scattered?: boolean;
  /** Signs a time anchor as the hub these kiosks belong to. */
  signAnchor(text: string): string;
  /** When the first of them started recording, UTC ms. */
  readonly from: number;
}

const PROCEDURES = ['1.001193', '1.000894', '2.000815', '1.004873', '1.012753', '1.009994'];
/** A service every eight minutes or so. */
const SERVICE_MS = 480_000;

export function makeFleet(options: FleetOptions): Kiosk[] {
  const units = Array.from({ length: Math.max(1, Math.ceil(options.kiosks / 50)) }, () => v7());
  return Array.from({ length: options.kiosks }, (_, number) =>
    makeKiosk(number, units[number % units.length]!, options),
  );
}

function makeKiosk(number: number, unit: string, { batches = 1, from, ...options }: FleetOptions): Kiosk {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const raw = new Uint8Array(publicKey.export({ format: 'der', type: 'spki' }).subarray(12));
  const device = toHex(sha256(raw)) as string as DeviceId;
  const place = { counter: v7(), officer: v7(), unit, number };
  const signed: SignedBatch[] = [];
  const dossiers: string[] = [];
  let at = from + randomInt(SERVICE_MS);
  let parent: Parent | null = null;
  for (let n = 1; n <= batches; n++) {
    const epoch = randomBytes(16).toString('hex') as EpochId;
    const chain = new Chain(device, epoch, at);
    dossiers.push(...record(chain, { ...place, device, parent }, options));
    const batch = chain.batch(privateKey, n);
    signed.push(batch);
    parent = { epoch, ...batch.head };
    at = chain.at + 60_000;
  }
  return {
    ...{ device, publicKey: raw, dossiers, batches: signed, ...place },
    privateKey: privateKey.export({ format: 'pem', type: 'pkcs8' }) as string,
  };
}

/** As printed on the receipt slip: unit, day, running number. */
function codeOf(number: number, at: number): string {
  const day = new Date(at).toISOString().slice(2, 10).replaceAll('-', '');
  return `H21.${10 + (number % 60)}-${day}-${String(randomInt(10_000)).padStart(4, '0')}`;
}

class Chain {
  readonly #device: DeviceId;
  readonly epoch: EpochId;
  readonly #bytes: Uint8Array[] = [];
  readonly #genesis: Uint8Array;
  #hash: Uint8Array;
  at: number;
  mono = 60_000;

  constructor(device: DeviceId, epoch: EpochId, from: number) {
    this.#device = device;
    this.epoch = epoch;
    this.at = from;
    this.#genesis = genesisHash(sha256, device, epoch);
    this.#hash = this.#genesis;
  }

  pass(ms: number): void {
    this.at += ms;
    this.mono += ms;
  }

  id(): string {
    return v7({ msecs: this.at });
  }

  append(body: unknown): void {
    const { at, mono } = this;
    const bytes = encodeEvent({ seq: this.#bytes.length + 1, at, mono, body: body as EventBody });
    this.#hash = sha256(this.#hash, bytes);
    this.#bytes.push(bytes);
  }

  batch(key: KeyObject, batch: number): SignedBatch {
    const head = { seq: this.#bytes.length, hash: toHex(this.#hash) };
    const header = {
      ...{ batch, device: this.#device, epoch: this.epoch, firstSeq: 1, prevHash: toHex(this.#genesis) },
      ...{ head, checkpoint: null },
    };
    const sig = sign(null, signedHead(header), key).toString('base64url');
    return { epoch: this.epoch, head, frame: encodeBatch({ ...header, sig }, this.#bytes) };
  }
}

interface Parent {
  readonly epoch: EpochId;
  readonly seq: number;
  readonly hash: string;
}

function record(
  chain: Chain,
  place: Pick<Kiosk, 'counter' | 'officer' | 'unit' | 'number' | 'device'> & { parent: Parent | null },
  { signAnchor, scattered = false }: Pick<FleetOptions, 'signAnchor' | 'scattered'>,
): string[] {
  const { counter, officer, unit, number, device, parent } = place;
  const officerCode = `CB${String(number).padStart(5, '0')}`;
  const duty = chain.id();
  chain.append({
    ...{ type: 'agent.started', device, epoch: chain.epoch, parent, counter },
    ...{ bootId: randomUUID(), build: 'hailong-kiosk/0.1.0' },
  });
  const nonce = randomBytes(16).toString('base64url');
  const hubAt = chain.at;
  chain.append({
    ...{ type: 'time.anchor', hubAt, rttMs: 12, nonce },
    sig: signAnchor(`hailong-anchor-v1\n${device}\n${nonce}\n${hubAt}`),
  });
  chain.pass(1_000);
  chain.append({ type: 'duty.started', duty, intent: chain.id(), officer, officerCode, unit, counter });
  const dossiers: string[] = [];
  for (let n = 0; n < RATINGS_EACH; n++) {
    const transaction = chain.id();
    const code = scattered ? `H21-${randomBytes(4).toString('hex').toUpperCase()}` : codeOf(number, chain.at);
    dossiers.push(code);
    const what = {
      ...{ duty, officer, officerCode, unit, counter, procedure: PROCEDURES[n % PROCEDURES.length] },
      ...{ stage: n % 3 === 0 ? 'return' : 'reception', dossierCodes: [code] },
    };
    const queueNumber = `A${String(n).padStart(3, '0')}`;
    chain.append({ type: 'transaction.opened', transaction, intent: chain.id(), ...what, queueNumber });
    chain.pass(SERVICE_MS - 60_000 - randomInt(120_000));
    const outcome = { outcome: 'completed', by: 'officer' };
    chain.append({ type: 'transaction.finished', transaction, intent: chain.id(), ...outcome });
    const rating = chain.id();
    chain.append({
      ...{ type: 'rating.opened', rating, transaction, ...what },
      ...{ instrument: { id: 'hai-long-5', version: 1 }, openedBy: 'officer', closeAfterMs: 30_000 },
    });
    const asked = { question: 'overall', attempt: 1, askTicket: randomInt(1, 0xffffffff) };
    const hwid = '53494d0000000001';
    chain.append({ type: 'question.asked', rating, ...asked, hwid });
    chain.pass(2_000 + randomInt(8_000));
    const press = { hwid, boot: 0x1a2b0001, seq: n + 1, uptimeMs: chain.mono };
    chain.append({
      ...{ type: 'rating.voted', vote: chain.id(), rating, transaction, ...asked, level: 1 + randomInt(5) },
      source: { via: 'panel', ...press, button: 1 + randomInt(5), pressedMono: chain.mono - 20 },
    });
    chain.pass(20_000);
    chain.append({ type: 'rating.closed', rating, transaction, reason: 'timed', drained: true });
    if (n === RATINGS_EACH - 1)
      chain.append({
        ...{ type: 'press.stray', ...press, seq: n + 2, askTicket: asked.askTicket, button: 1 },
        ...{ reason: 'late', rating },
      });
    chain.pass(30_000 + randomInt(60_000));
  }
  return dossiers;
}
