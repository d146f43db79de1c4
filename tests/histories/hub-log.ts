/*
 * Purpose: the hub's witnessed log in memory: leaves with the heads of chains that grew, RFC 6962 tree, signed checkpoints,
 * origins; the answers that stores/log/log-store.ts gives from SQLite, given from arrays, by the same pure functions
 * (shared/src/log). Rows are never changed in place, so a copy is a backup. Refuses nothing a witness says.
 */
import type { LogPort, WitnessAnswer } from '../../hub-server/src/application/ports/log.ts';
import { toHex } from '../../shared/src/edge/event.ts';
import type { Checkpoint } from '../../shared/src/log/advance.ts';
import { toBase64Url } from '../../shared/src/log/base64.ts';
import { type LogHead, logOrigin, signCheckpoint } from '../../shared/src/log/checkpoint.ts';
import {
  appendLeaf,
  type CompactRange,
  consistencyProof,
  EMPTY_RANGE,
  leafHash,
  type ReadNode,
  rootAt,
} from '../../shared/src/log/merkle.ts';
import type { SignedStatement } from '../../shared/src/protocol/edge.ts';
import { type KeyPair, sha256 } from './keyring.ts';

const utf8 = new TextEncoder();

interface Origin {
  readonly origin: string;
  readonly lineage: string;
  readonly range: CompactRange;
  readonly from: LogHead | null;
  readonly statement: SignedStatement | null;
}

export class HubLog implements Pick<LogPort, 'judge' | 'alarm'> {
  readonly #signer: KeyPair;
  #origins: readonly Origin[];
  /** Tree nodes by `origin level index`. */
  #nodes = new Map<string, Uint8Array>();
  #checkpoints: readonly Checkpoint[] = [];
  #alarms = new Set<string>();
  /** Head of each chain as of the last leaf. */
  #logged = new Map<string, number>();

  constructor(signer: KeyPair, lineage: string) {
    this.#signer = signer;
    this.#origins = [this.#fresh(lineage, null)];
    this.#append(`log.started ${lineage}`);
  }

  copy(): HubLog {
    const copy = new HubLog(this.#signer, '');
    copy.#origins = this.#origins;
    copy.#nodes = new Map(this.#nodes);
    copy.#checkpoints = this.#checkpoints;
    copy.#alarms = new Set(this.#alarms);
    copy.#logged = new Map(this.#logged);
    return copy;
  }

  get latest(): Checkpoint | null {
    return this.#checkpoints.findLast(({ origin }) => origin === this.#current().origin) ?? null;
  }
  get alarms(): ReadonlySet<string> {
    return this.#alarms;
  }

  /** The minute: chains that grew become a leaf, and the state is signed. Null: nothing changed. */
  seal(
    heads: Iterable<{ readonly name: string; readonly seq: number; readonly hash: Uint8Array }>,
  ): Checkpoint | null {
    const grown = [...heads].filter(({ name, seq }) => (this.#logged.get(name) ?? 0) < seq);
    for (const { name, seq } of grown) this.#logged.set(name, seq);
    if (grown.length > 0)
      this.#append(
        `log.heads ${grown.map(({ name, seq, hash }) => `${name} ${seq} ${toHex(hash)}`).join('\n')}`,
      );
    const current = this.#current();
    if (this.latest?.size === current.range.size) return null;
    const head = this.#headOf(current, current.range.size);
    const text = signCheckpoint({ ...head, extensions: [] }, this.#signer, sha256);
    const checkpoint = { ...head, root: head.root as Checkpoint['root'], text };
    this.#checkpoints = [...this.#checkpoints, checkpoint];
    return checkpoint;
  }

  /** Any act of the hub that is a row of the log. */
  act(text: string): void {
    this.#append(text);
  }

  proof(from: number, to: number): string[] {
    return consistencyProof(sha256, this.#reader(this.#current()), from, to).map(toHex);
  }

  /** Whoever was told that has seen more of this very log than is here. */
  isBehind({ origin, size }: LogHead): boolean {
    const { range, ...current } = this.#current();
    return origin === current.origin && size > range.size;
  }

  /** Another log begins, unsigned. */
  hasBeen(lineage: unknown): boolean {
    return this.#origins.some((each) => each.lineage === lineage);
  }

  startOrigin(lineage: string): void {
    const before = this.#current();
    const from = this.#headOf(before, before.range.size);
    this.#origins = [...this.#origins, this.#fresh(lineage, from)];
    this.#append(`log.origin_started ${from.origin} ${from.size} ${from.root}`);
  }

  /** Two people sign every origin that began without them. */
  signOrigins(recovery: KeyPair, at: number): void {
    this.#origins = this.#origins.map((each) => {
      if (!each.from || each.statement) return each;
      const { origin, lineage, from } = each;
      const said = { v: 'hailong-restore-v1', from, origin, lineage, by: ['Lan', 'Minh'], at };
      const bytes = utf8.encode(JSON.stringify(said));
      return { ...each, statement: { bytes: toBase64Url(bytes), sig: recovery.sign(bytes) } };
    });
    this.#append('log.origin_signed');
  }

  async judge({ held }: { readonly held: LogHead | null }): Promise<WitnessAnswer> {
    const current = this.#current();
    const checkpoint = this.latest;
    if (!held) return { verdict: 'agrees', checkpoint, follows: true, consistency: null, successions: [] };
    if (held.origin !== current.origin) {
      const successions = this.#origins.flatMap(({ statement }) => statement ?? []);
      const verdict = this.#verdict(
        this.#origins.find(({ origin }) => origin === held.origin),
        held,
      );
      return { verdict, checkpoint, consistency: null, successions, follows: this.#leadsFrom(held.origin) };
    }
    const verdict = this.#verdict(current, held);
    const grew = verdict === 'agrees' && checkpoint !== null && held.size <= checkpoint.size;
    const consistency = grew ? this.proof(held.size, checkpoint.size) : null;
    return { verdict, checkpoint, successions: [], follows: grew, consistency };
  }

  async alarm({ device, held, kind }: Parameters<LogPort['alarm']>[0]): Promise<boolean> {
    const name = `${device} ${kind} ${held.origin} ${held.size} ${held.root}`;
    if (this.#alarms.has(name)) return false;
    this.#alarms.add(name);
    this.#append(`log.witness ${name}`);
    return true;
  }

  #current(): Origin {
    return this.#origins.at(-1)!;
  }

  #fresh(lineage: string, from: LogHead | null): Origin {
    const origin = logOrigin(this.#signer.id, lineage);
    return { origin, lineage, range: EMPTY_RANGE, from, statement: null };
  }

  #append(text: string): void {
    const current = this.#current();
    const { range, nodes } = appendLeaf(sha256, current.range, leafHash(sha256, utf8.encode(text)));
    for (const { level, index, hash } of nodes) this.#nodes.set(`${current.origin} ${level} ${index}`, hash);
    this.#origins = [...this.#origins.slice(0, -1), { ...current, range }];
  }

  #reader({ origin }: Origin): ReadNode {
    return (level, index) => {
      const node = this.#nodes.get(`${origin} ${level} ${index}`);
      if (!node) throw new Error(`log node ${origin} ${level}/${index} is missing`);
      return node;
    };
  }

  #headOf(origin: Origin, size: number): LogHead {
    return { origin: origin.origin, size, root: toHex(rootAt(sha256, this.#reader(origin), size)) };
  }

  #verdict(origin: Origin | undefined, held: LogHead): WitnessAnswer['verdict'] {
    if (!origin || held.size > origin.range.size) return 'ahead';
    return this.#headOf(origin, held.size).root === held.root ? 'agrees' : 'inconsistent';
  }

  /** Signed statements lead from that origin to the present one. */
  #leadsFrom(origin: string): boolean {
    for (let at = this.#current(); at.statement && at.from; ) {
      if (at.from.origin === origin) return true;
      const before = this.#origins.find((each) => each.origin === at.from?.origin);
      if (!before) return false;
      at = before;
    }
    return false;
  }
}
