/**
 * Purpose: what the machine must know of earlier events, by identity: presses, touches, tickets, intents and
 *   transactions. Filled from each event in the transaction that appends it, so it can never disagree with the chain.
 * Refuses: a second row of one identity (primary keys), which would mean that the machine was asked wrongly.
 */
import type {
  CountedPress,
  IntentMark,
  Known,
  KnownTransaction,
  PressKey,
} from '@hailong/shared/counter/counter-state.ts';
import type { IntentId, RatingId, Sha256Hex, TransactionId, VoteId } from '@hailong/shared/ids.ts';
import type { EventBody } from '@hailong/shared/model/event.ts';
import type { Database } from 'better-sqlite3';

export class EventIndex implements Known {
  readonly #sql;

  constructor(db: Database) {
    this.#sql = {
      press: db.prepare(
        `SELECT vote, "transaction", question, level FROM press
         WHERE hwid = ? AND boot = ? AND seq = ? AND ask_ticket = ? AND button = ? AND uptime_ms = ?`,
      ),
      addPress: db.prepare(
        `INSERT INTO press (hwid, boot, seq, ask_ticket, button, uptime_ms, vote, "transaction", question, level)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      ),
      touch: db.prepare('SELECT vote FROM touch WHERE press = ?'),
      addTouch: db.prepare('INSERT INTO touch (press, vote) VALUES (?, ?)'),
      ask: db.prepare('SELECT rating FROM ask WHERE ask_ticket = ?').pluck(),
      addAsk: db.prepare('INSERT INTO ask (ask_ticket, rating) VALUES (?, ?)'),
      intent: db.prepare('SELECT id AS intent, content, state, code, "transaction" FROM intent WHERE id = ?'),
      saveIntent: db.prepare(
        `INSERT INTO intent (id, content, state, code, "transaction") VALUES (?, ?, ?, ?, ?)
         ON CONFLICT (id) DO UPDATE SET state = excluded.state, code = excluded.code`,
      ),
      refusedOpen: db.prepare(
        `SELECT 1 FROM intent
         WHERE "transaction" = ? AND state = 'refused' AND content LIKE 'transaction.open %' LIMIT 1`,
      ),
      served: db.prepare('SELECT finished_by, annotated FROM served WHERE "transaction" = ?'),
      addServed: db.prepare('INSERT INTO served ("transaction") VALUES (?)'),
      finish: db.prepare('UPDATE served SET finished_by = ? WHERE "transaction" = ?'),
      slip: db.prepare('SELECT 1 FROM slip WHERE hash = ?').pluck(),
      addSlip: db.prepare('INSERT INTO slip (hash) VALUES (?)'),
      addAnchor: db.prepare('INSERT INTO anchor (epoch_no, seq, hub_at) VALUES (?, ?, ?)'),
      annotate: db.prepare('UPDATE served SET annotated = 1 WHERE "transaction" = ?'),
    };
  }

  add(body: EventBody, at: { readonly epochNo: number; readonly seq: number }): void {
    switch (body.type) {
      case 'time.anchor':
        this.#sql.addAnchor.run(at.epochNo, at.seq, body.hubAt);
        break;
      case 'rating.opened':
        if (body.slip !== undefined) this.#sql.addSlip.run(body.slip);
        break;
      case 'question.asked':
        this.#sql.addAsk.run(body.askTicket, body.rating);
        break;
      case 'rating.voted':
        if (body.source.via === 'touch') this.#sql.addTouch.run(body.source.press, body.vote);
        else this.#addPress({ ...body.source, askTicket: body.askTicket }, body);
        break;
      case 'walkup.voted':
        if (body.source.via === 'touch') this.#sql.addTouch.run(body.source.press, body.vote);
        else this.#addPress({ ...body.source, askTicket: body.askTicket }, { ...body, transaction: null });
        break;
      case 'chips.chosen':
        this.#sql.addTouch.run(body.press, body.overallVote);
        break;
      case 'press.stray':
        this.#addPress(body, null);
        break;
      case 'transaction.opened':
        this.#sql.addServed.run(body.transaction);
        break;
      case 'transaction.finished':
        this.#sql.finish.run(body.by, body.transaction);
        break;
      case 'transaction.annotated':
        this.#sql.annotate.run(body.transaction);
        break;
    }
  }

  mark(mark: IntentMark): void {
    this.#sql.saveIntent.run(mark.intent, mark.content, mark.state, mark.code, mark.transaction);
  }

  intent(id: IntentId): IntentMark | null {
    return (this.#sql.intent.get(id) as IntentMark | undefined) ?? null;
  }

  transaction(id: TransactionId): KnownTransaction | null {
    const row = this.#sql.served.get(id) as { finished_by: string | null; annotated: number } | undefined;
    if (!row) return this.#sql.refusedOpen.get(id) ? { state: 'fell' } : null;
    if (row.finished_by === null) return { state: 'open' };
    return { state: 'finished', byOfficer: row.finished_by === 'officer', annotated: row.annotated === 1 };
  }

  press(key: PressKey): { counted: CountedPress | null } | null {
    const { hwid, boot, seq, askTicket, button, uptimeMs } = key;
    const row = this.#sql.press.get(hwid, boot, seq, askTicket, button, uptimeMs);
    if (!row) return null;
    const counted = row as { [K in keyof CountedPress]: CountedPress[K] | null };
    return { counted: counted.vote === null ? null : (counted as CountedPress) };
  }

  touch(press: string): { vote: VoteId } | null {
    return (this.#sql.touch.get(press) as { vote: VoteId } | undefined) ?? null;
  }

  ratingOfTicket(askTicket: number): RatingId | null {
    return (this.#sql.ask.get(askTicket) as RatingId | undefined) ?? null;
  }

  slipIsUsed(hash: Sha256Hex): boolean {
    return this.#sql.slip.get(hash) === 1;
  }

  #addPress(key: PressKey, counted: CountedPress | null): void {
    const { hwid, boot, seq, askTicket, button, uptimeMs } = key;
    const { vote = null, transaction = null, question = null, level = null } = counted ?? {};
    const values = [hwid, boot, seq, askTicket, button, uptimeMs, vote, transaction, question, level];
    this.#sql.addPress.run(...values);
  }
}
