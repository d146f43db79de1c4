/*
 * Purpose: the one judge of all runs: what real agents said thank you for (their `thanked` lines) against what the hub,
 * or the agent's own disk, holds. Reads SQLite read-only, decodes the raw event bytes itself and then compares the
 * projections with them, so that neither a lost event nor a wrong count can hide.
 * Refuses: to be lenient. Whatever is thanked and not there is lost, twice there is doubled, elsewhere is moved.
 * Document: tests/prove/README.md, "What the numbers mean".
 */
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readEvent } from '@hailong/shared/edge/event.ts';
import type { BodyOf, EventBody } from '@hailong/shared/model/event.ts';
import Sqlite from 'better-sqlite3';
import type { JsonLine } from '../support/program.ts';

export interface Thanked {
  readonly vote: string;
  readonly transaction: string;
  readonly question: string;
  readonly level: number;
}

/** What the one who made the office knows independently of any program: who served, and in which month it ended. */
export interface Served {
  readonly officer: string;
  /** Months in Vietnam (YYYY-MM) that are right; two when the end was within the clock's bound of midnight. */
  readonly months: readonly string[];
}

export interface HeldFact {
  readonly device: string;
  readonly epoch: string;
  readonly seq: number;
  readonly at: number;
  readonly body: EventBody;
}

export interface Verdict {
  readonly thanked: number;
  readonly stored: number;
  readonly lost: number;
  readonly doubled: number;
  readonly moved: number;
  /** One sentence each for the first cases. */
  readonly cases: readonly string[];
}

/** Every vote once, in the order of the thanks, whichever run of the agent said it. */
export const thankedIn = (lines: Iterable<JsonLine>): Thanked[] => votesIn(lines, 'thanked');
/** What the hub acknowledged: it said that these are on its disk. */
export const acknowledgedIn = (lines: Iterable<JsonLine>): Thanked[] => votesIn(lines, 'acked');

function votesIn(lines: Iterable<JsonLine>, event: 'thanked' | 'acked'): Thanked[] {
  const seen = new Map<string, Thanked>();
  for (const line of lines) {
    if (line.event !== event) continue;
    const { id, transaction, question, level } = line as unknown as Thanked & { id: string };
    seen.set(id, { vote: id, transaction, question, level });
  }
  return [...seen.values()];
}

export const hubFile = (data: string): string => join(data, 'hub.sqlite');
export const agentFile = (data: string): string => join(data, 'agent.db');

function read<T>(file: string, use: (db: Sqlite.Database) => T): T {
  const db = new Sqlite(file, { readonly: true, timeout: 10_000 });
  try {
    return use(db);
  } finally {
    db.close();
  }
}

/** Reads what a dead program left by a copy, which SQLite may recover: the original stays as the death left it. */
export function readLeft<T>(file: string, use: (db: Sqlite.Database) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'hailong-left-'));
  try {
    const copy = join(folder, 'copy.sqlite');
    for (const end of ['', '-wal', '-journal'])
      if (existsSync(`${file}${end}`)) copyFileSync(`${file}${end}`, `${copy}${end}`);
    const db = new Sqlite(copy);
    try {
      return use(db);
    } finally {
      db.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function decoded(rows: Iterable<Omit<HeldFact, 'body'> & { bytes: Uint8Array }>): HeldFact[] {
  const facts: HeldFact[] = [];
  for (const { bytes, ...place } of rows) {
    const event = readEvent(bytes);
    if (event.ok) facts.push({ ...place, at: event.event.at, body: event.event.body });
  }
  return facts;
}

/** Every fact on the disk of an agent that has ended. */
export function agentFacts(data: string): HeldFact[] {
  if (!existsSync(agentFile(data))) return [];
  return readLeft(agentFile(data), (db) => {
    const made = db.prepare("SELECT 1 FROM sqlite_master WHERE name = 'event'").get();
    if (!made) return [];
    return decoded(
      db
        .prepare(
          `SELECT '' AS device, epoch.epoch AS epoch, event.seq AS seq, 0 AS at, event.bytes AS bytes
           FROM event JOIN epoch ON epoch.no = event.epoch_no ORDER BY epoch.no, event.seq`,
        )
        .iterate() as Iterable<never>,
    );
  });
}

export interface HubHolding {
  /** The main line of every chain, whatever its status. */
  readonly facts: readonly HeldFact[];
  readonly votes: ReadonlyMap<string, { transaction: string; question: string; level: number }>;
  readonly transactions: ReadonlyMap<string, { officer: string | null; month: string | null }>;
  readonly effective: ReadonlyMap<string, { overall: number; votes: Record<string, string> }>;
  /** Rated by officer and month, as the pages show it. */
  readonly rated: ReadonlyMap<string, number>;
}

/** Of a running hub, as its pages read it; of a dead one by a copy. */
export function hubHolding(data: string, dead = false): HubHolding {
  return (dead ? readLeft : read)(hubFile(data), (db) =>
    db.transaction((): HubHolding => {
      const rows = <T>(sql: string) => db.prepare(sql).all() as T[];
      return {
        facts: decoded(
          db
            .prepare(
              `SELECT device_epoch.device AS device, device_epoch.epoch AS epoch, event.seq AS seq, 0 AS at,
                      event.bytes AS bytes
               FROM event JOIN device_epoch ON device_epoch.id = event.epoch_id
               WHERE event.branch = 0 ORDER BY event.id`,
            )
            .iterate() as Iterable<never>,
        ),
        votes: new Map(
          rows<{ id: string; transaction: string; question: string; level: number }>(
            'SELECT id, transaction_id AS "transaction", question, level FROM vote',
          ).map(({ id, ...vote }) => [id, vote]),
        ),
        transactions: new Map(
          rows<{ id: string; officer: string | null; month: string | null }>(
            'SELECT id, officer_id AS officer, month FROM service_transaction',
          ).map(({ id, ...held }) => [id, held]),
        ),
        effective: new Map(
          rows<{ id: string; overall: number; votes: string }>(
            'SELECT transaction_id AS id, overall, votes FROM effective_rating',
          ).map(({ id, overall, votes }) => [
            id,
            { overall, votes: JSON.parse(votes) as Record<string, string> },
          ]),
        ),
        rated: new Map(
          rows<{ key: string; rated: number }>(
            `SELECT officer_id || ' ' || month AS key, sum(rated) AS rated FROM rollup GROUP BY 1 HAVING sum(rated) <> 0`,
          ).map(({ key, rated }) => [key, rated]),
        ),
      };
    })(),
  );
}

class Tally {
  readonly #where: string;
  readonly #of = { lost: 0, doubled: 0, moved: 0 };
  readonly cases: string[] = [];
  constructor(where: string) {
    this.#where = where;
  }
  add(kind: 'lost' | 'doubled' | 'moved', sentence: string, times = 1): void {
    this.#of[kind] += times;
    if (this.cases.length < 10) this.cases.push(`${this.#where}: ${kind}: ${sentence}`);
  }
  end(thanked: number, stored: number): Verdict {
    return { thanked, stored, ...this.#of, cases: this.cases };
  }
}

type Voted = BodyOf<'rating.voted'>;
const isVote = (fact: HeldFact): fact is HeldFact & { body: Voted } => fact.body.type === 'rating.voted';
const pressOf = ({ source, askTicket }: Voted): string =>
  source.via === 'touch'
    ? `touch ${source.press}`
    : `${source.hwid} ${source.boot} ${source.seq} ${askTicket}`;

/** What the raw facts say of the thanked: there, once, of that transaction, question and level. */
function judgeFacts(tally: Tally, thanked: readonly Thanked[], facts: readonly HeldFact[]): number {
  const held = new Map<string, Voted>();
  const presses = new Map<string, string>();
  const officers = new Map<string, string>();
  for (const fact of facts) {
    if (fact.body.type === 'rating.opened') {
      const known = officers.get(fact.body.transaction);
      if (known !== undefined && known !== fact.body.officer)
        tally.add('moved', `${fact.body.transaction} has two officers in the chains`);
      officers.set(fact.body.transaction, fact.body.officer);
    }
    if (!isVote(fact)) continue;
    const { vote } = fact.body;
    if (held.has(vote)) tally.add('doubled', `vote ${vote} stands in two events`);
    held.set(vote, fact.body);
    const press = pressOf(fact.body);
    const before = presses.get(press);
    if (before !== undefined && before !== vote)
      tally.add('doubled', `${press} is vote ${before} and ${vote}`);
    presses.set(press, vote);
  }
  let stored = 0;
  for (const one of thanked) {
    const fact = held.get(one.vote);
    if (!fact) {
      tally.add('lost', `vote ${one.vote} of ${one.transaction} is not there`);
      continue;
    }
    stored += 1;
    if (fact.transaction !== one.transaction || fact.question !== one.question || fact.level !== one.level)
      tally.add('moved', `vote ${one.vote} is ${JSON.stringify(fact)}, thanked as ${JSON.stringify(one)}`);
  }
  return stored;
}

/** The agent's own disk right after a death: every thanks is there. */
export function judgeAgent(thanked: readonly Thanked[], data: string): Verdict {
  const tally = new Tally("the kiosk's disk");
  const stored = judgeFacts(tally, thanked, agentFacts(data));
  return tally.end(thanked.length, stored);
}

/** The hub's disk right after a death: everything it acknowledged is there. */
export function judgeAcknowledged(acknowledged: readonly Thanked[], data: string): Verdict {
  const tally = new Tally("the hub's disk");
  const stored = judgeFacts(tally, acknowledged, hubHolding(data, true).facts);
  return tally.end(acknowledged.length, stored);
}

/** The hub once everything has arrived: facts and every count made of them. */
export function judgeHub(
  thanked: readonly Thanked[],
  holding: HubHolding,
  served: ReadonlyMap<string, Served>,
): Verdict {
  const tally = new Tally('the hub');
  const stored = judgeFacts(tally, thanked, holding.facts);
  const there = new Set<string>(holding.facts.filter(isVote).map((fact) => fact.body.vote));
  for (const one of thanked) {
    if (!there.has(one.vote)) continue;
    const counted = holding.votes.get(one.vote);
    if (!counted) tally.add('lost', `vote ${one.vote} is stored and counted nowhere`);
    else if (counted.transaction !== one.transaction || counted.level !== one.level)
      tally.add('moved', `vote ${one.vote} is counted as ${JSON.stringify(counted)}`);
  }
  for (const transaction of new Set(thanked.map((one) => one.transaction))) {
    const held = holding.transactions.get(transaction);
    const right = served.get(transaction);
    if (!held || !right) continue;
    if (held.officer !== right.officer)
      tally.add('moved', `${transaction} is of officer ${held.officer}, was served by ${right.officer}`);
    if (held.month !== null && !right.months.includes(held.month))
      tally.add('moved', `${transaction} is of month ${held.month}, ended in ${right.months.join(' or ')}`);
  }
  judgeCounts(tally, holding);
  return tally.end(thanked.length, stored);
}

/** The pages' sums are exactly one for each effective rating, under its officer and month. */
function judgeCounts(tally: Tally, { effective, transactions, votes, rated }: HubHolding): void {
  const sums = new Map<string, number>();
  for (const [transaction, rating] of effective) {
    const held = transactions.get(transaction);
    const overall = votes.get(rating.votes['overall'] ?? '');
    if (overall && (overall.transaction !== transaction || overall.level !== rating.overall))
      tally.add('moved', `the rating of ${transaction} counts vote ${rating.votes['overall']}`);
    if (!held?.month || !held.officer) continue;
    const key = `${held.officer} ${held.month}`;
    sums.set(key, (sums.get(key) ?? 0) + 1);
  }
  for (const key of new Set([...sums.keys(), ...rated.keys()])) {
    const [want, have] = [sums.get(key) ?? 0, rated.get(key) ?? 0];
    if (have > want) tally.add('doubled', `${key}: ${have} rated in the sums, ${want} ratings`, have - want);
    if (have < want) tally.add('lost', `${key}: ${have} rated in the sums, ${want} ratings`, want - have);
  }
}

export function plus(one: Verdict, other: Verdict): Verdict {
  return {
    thanked: one.thanked + other.thanked,
    stored: one.stored + other.stored,
    lost: one.lost + other.lost,
    doubled: one.doubled + other.doubled,
    moved: one.moved + other.moved,
    cases: [...one.cases, ...other.cases].slice(0, 10),
  };
}
