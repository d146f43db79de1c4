/**
 * Purpose: one epoch of one device: does each event hash over the one before it, is the line whole from its genesis to
 *   its head, do the columns say what the bytes say, and does every signature of the device lie on it?
 * Refuses: nothing; it finds. Rows come in order of (seq, branch), signed heads in order of seq, each read once.
 * Document: hub-server/DESIGN.md, "Verify".
 */
import { genesisHash, readEvent, type Sha256 } from '@hailong/shared/edge/event.ts';
import type { DeviceId, EpochId } from '@hailong/shared/ids.ts';
import type { LogHead } from '@hailong/shared/log/checkpoint.ts';
import type { EventType } from '@hailong/shared/model/event.ts';
import { sameBytes } from '../transactions/chain-judge.ts';
import { judgeRead } from '../transactions/judge-event.ts';
import type { Verdict } from './finding.ts';
import type { HeldEpoch, HeldEvent, HeldGap, HeldSigned } from './held.ts';

export interface ChainTools {
  readonly sha256: Sha256;
  /** Whether the device's key made this signature over a batch head; always false when the key is unknown. */
  signedBy(epoch: HeldEpoch, head: HeldSigned, checkpoint: LogHead | null): boolean;
  /** Whether this is a state of our log or of one it follows. Null: of a part that a lawful restore left behind. */
  onLine(checkpoint: LogHead): boolean | null;
  progress(events: number): void;
}

export interface ChainParts {
  readonly events: Iterable<HeldEvent>;
  readonly signed: Iterable<HeldSigned>;
  readonly gaps: readonly HeldGap[];
  /** The hub's own chain is signed by nobody else. */
  readonly own: boolean;
  /** Counters this kiosk was ever enrolled at; null: of any, or not to be judged. */
  readonly counters: readonly string[] | null;
}

export function readCheckpoint(text: string | null): LogHead | null | 'unreadable' {
  if (text === null) return null;
  try {
    const { origin, size, root } = JSON.parse(text) as Partial<LogHead>;
    return typeof origin === 'string' && typeof size === 'number' && typeof root === 'string'
      ? ({ origin, size, root } as LogHead)
      : 'unreadable';
  } catch {
    return 'unreadable';
  }
}

/** All hashes held under one number: the chain's and its branches'. */
interface Level {
  seq: number;
  hashes: Uint8Array[];
}

const holds = (level: Level, seq: number, hash: Uint8Array): boolean =>
  level.seq === seq && level.hashes.some((each) => sameBytes(each, hash));

/** The signed heads of an epoch, merged with its events as they pass. */
class SignedHeads {
  readonly #epoch: HeldEpoch;
  readonly #rows: Iterator<HeldSigned>;
  readonly #tools: ChainTools;
  readonly #verdict: Verdict;
  #next: HeldSigned | undefined;
  /** Highest number of the chain itself that a good signature covers. */
  covered = 0;

  constructor(epoch: HeldEpoch, rows: Iterable<HeldSigned>, tools: ChainTools, verdict: Verdict) {
    this.#epoch = epoch;
    this.#rows = rows[Symbol.iterator]();
    this.#tools = tools;
    this.#verdict = verdict;
    this.#advance();
  }

  #advance(): void {
    const step = this.#rows.next();
    this.#next = step.done ? undefined : step.value;
  }

  /** Every event with a number up to the level's has been seen. */
  pass(level: Level, main: Uint8Array | null): void {
    while (this.#next && this.#next.seq <= level.seq) {
      const head = this.#next;
      const place = { device: this.#epoch.device, epoch: this.#epoch.epoch, seq: head.seq };
      if (!holds(level, head.seq, head.hash)) this.#verdict.find('signed.off_chain', place);
      else if (this.#judge(head, place) && main !== null && sameBytes(main, head.hash))
        this.covered = head.seq;
      this.#advance();
    }
  }

  end(): void {
    this.pass({ seq: Number.MAX_SAFE_INTEGER, hashes: [] }, null);
  }

  #judge(head: HeldSigned, place: { device: string; epoch: string; seq: number }): boolean {
    const checkpoint = readCheckpoint(head.checkpoint);
    if (checkpoint === 'unreadable' || !this.#tools.signedBy(this.#epoch, head, checkpoint)) {
      this.#verdict.find('signed.signature', place);
      return false;
    }
    if (checkpoint !== null) {
      const line = this.#tools.onLine(checkpoint);
      if (line === false)
        this.#verdict.find('signed.checkpoint', { ...place, size: checkpoint.size }, checkpoint.origin);
      else if (line === null)
        this.#verdict.cannotProve('log.left_behind', { ...place, size: checkpoint.size }, checkpoint.origin);
    }
    return true;
  }
}

export function checkEpoch(epoch: HeldEpoch, parts: ChainParts, tools: ChainTools, verdict: Verdict): void {
  const place = { device: epoch.device, epoch: epoch.epoch };
  const signed = new SignedHeads(epoch, parts.signed, tools, verdict);
  const genesis = genesisHash(tools.sha256, epoch.device as DeviceId, epoch.epoch as EpochId);
  let below: Level = { seq: 0, hashes: [genesis] };
  let level: Level = { seq: 0, hashes: [] };
  let main: { seq: number; hash: Uint8Array } = { seq: 0, hash: genesis };
  let count = 0;
  for (const event of parts.events) {
    const at = { ...place, seq: event.seq };
    if (event.seq !== level.seq) {
      signed.pass(level, main.seq === level.seq ? main.hash : null);
      if (level.seq > 0) below = level;
      level = { seq: event.seq, hashes: [] };
    }
    if (!sameBytes(tools.sha256(event.prev, event.bytes), event.hash)) verdict.find('event.hash', at);
    if (event.branch === 0) {
      if (event.seq !== main.seq + 1) {
        if (parts.gaps.some(({ resumes }) => resumes === event.seq))
          verdict.cannotProve('event.floor', { ...place, seq: main.seq + 1, to: event.seq - 1 });
        else verdict.find('event.hole', { ...place, seq: main.seq + 1 });
      } else if (!sameBytes(event.prev, main.hash)) verdict.find('event.link', at);
      main = { seq: event.seq, hash: event.hash };
      checkColumns(epoch, event, parts, verdict);
    } else {
      if (!holds(below, event.seq - 1, event.prev)) verdict.find('event.link', at);
      if (event.status !== 'forked') verdict.find('event.columns', at, `status ${event.status}`);
    }
    level.hashes.push(event.hash);
    count++;
    if (count % 256 === 0) tools.progress(256);
  }
  tools.progress(count % 256);
  signed.pass(level, main.seq === level.seq ? main.hash : null);
  signed.end();
  if (main.seq !== epoch.headSeq || !sameBytes(main.hash, epoch.headHash))
    verdict.find('head.differs', { ...place, seq: epoch.headSeq });
  for (const { from, resumes } of parts.gaps)
    if (from > main.seq) verdict.cannotProve('event.floor', { ...place, seq: from, to: resumes - 1 });
  if (parts.own) verdict.cannotProve('event.own_chain', { ...place, seq: 1, to: main.seq });
  else if (signed.covered < main.seq)
    verdict.cannotProve('event.unsigned', { ...place, seq: signed.covered + 1, to: main.seq });
}

/** Facts that no projection can fail on. */
const NEVER_PROJECTED: ReadonlySet<EventType> = new Set([
  ...(['agent.started', 'hub.started', 'intent.refused', 'question.asked', 'checkpoint.refused'] as const),
  ...(['loss.detected', 'handover.accepted', 'counter.handed_over', 'chain.decided'] as const),
  ...(['duty.paused', 'duty.resumed', 'walkup.opened', 'walkup.voted', 'walkup.closed'] as const),
  'pin.locked',
]);

/** Columns repeat what the bytes say, so that they can be asked; they must not say anything else. */
function checkColumns(
  epoch: HeldEpoch,
  event: HeldEvent,
  { counters, own }: ChainParts,
  verdict: Verdict,
): void {
  const at = { device: epoch.device, epoch: epoch.epoch, seq: event.seq };
  const read = readEvent(event.bytes);
  const said = read.ok ? read.event : null;
  const judged =
    own || counters !== null
      ? judgeRead(read, { ...at, counters: own ? null : counters })
      : { status: read.ok ? 'stored' : 'quarantined' };
  if (event.type !== (said?.body.type ?? null) || event.at !== (said?.at ?? null))
    verdict.find('event.columns', at, `type ${event.type}, at ${event.at}`);
  // What is set aside although it may be said is judged by the fold: it must be one that cannot be projected.
  const aside = judged.status !== 'stored' || (said !== null && !NEVER_PROJECTED.has(said.body.type));
  const right = [...(judged.status === 'stored' ? ['stored'] : []), ...(aside ? ['quarantined'] : [])];
  if (!right.includes(event.status)) verdict.find('event.columns', at, `status ${event.status}`);
}
