/*
 * Purpose: the control of a history: a hub that no fault befell is handed the same chains, in batches of any size and in any
 * order that keeps each chain, and must say the same. Refuses nothing.
 */
import type { InboxRules } from '../../hub-server/src/application/inbox/inbox-rules.ts';
import { projectEvents } from '../../hub-server/src/application/inbox/project-events.ts';
import { recordBatch, recordLine } from '../../hub-server/src/application/inbox/record-batch.ts';
import { monthOf } from '../../hub-server/src/domain/ratings/transaction-fold.ts';
import { toHex } from '../../shared/src/edge/event.ts';
import { MemoryInbox } from '../support/memory-inbox.ts';
import type { MemoryChain, MemoryEvent } from '../support/memory-projection.ts';
import type { Prng } from './prng.ts';

export function controlOf(from: MemoryInbox, rules: InboxRules, prng: Prng): MemoryInbox {
  const control = new MemoryInbox();
  for (const each of from.enrolments) control.enrol(...(each.split(' ') as [string, string]));
  feed(from, control, rules, prng);
  while (projectEvents(control, rules.read).more);
  return control;
}

function feed(from: MemoryInbox, to: MemoryInbox, rules: InboxRules, prng: Prng): void {
  const waiting = from.chains.map((chain) => ({ chain, ...rowsOf(from, chain) }));
  while (waiting.length > 0) {
    const index = prng.int(0, waiting.length - 1);
    const { chain, main, beside } = waiting[index]!;
    const rows = main.length > 0 ? main.splice(0, prng.int(1, 60)) : beside.splice(0, 1);
    if (main.length + beside.length === 0) waiting.splice(index, 1);
    if (rows.length > 0) hand(to, rules, chain, rows);
  }
}

/** What was kept beside the chain comes after it, one event at a time. */
function rowsOf(from: MemoryInbox, { id, headSeq }: MemoryChain) {
  const main: MemoryEvent[] = [];
  const beside: MemoryEvent[] = [];
  for (let seq = 1; ; seq += 1) {
    const line = from.line(id, seq);
    if (line.length === 0 && seq > headSeq) return { main, beside };
    for (const row of line) (row.branch === 0 ? main : beside).push(row);
  }
}

function hand(to: MemoryInbox, rules: InboxRules, chain: MemoryChain, rows: readonly MemoryEvent[]): void {
  const { device, epoch, own } = chain;
  const [first, last] = [rows[0]!, rows.at(-1)!];
  const events = rows.map((row) => row.bytes);
  if (own) {
    const place = { device, epoch, firstSeq: first.seq, prevHash: first.prev };
    recordLine(to, rules, { ...place, events, receivedAt: 0, own });
    return;
  }
  const fence = to.devices.get(device)?.fence ?? 0;
  recordBatch(to, rules, {
    ...{ device, fence, events, receivedAt: 0 },
    header: {
      ...{ batch: 1, device: device as never, epoch: epoch as never, firstSeq: first.seq },
      prevHash: toHex(first.prev),
      head: { seq: last.seq, hash: toHex(last.hash) },
      ...{ checkpoint: null, sig: '' },
    },
  });
}

/** What the hub says, by name, without anything that depends on the order of arrival. */
export function figures(inbox: MemoryInbox): Map<string, string> {
  const out = new Map<string, string>();
  for (const [id, state] of inbox.transactions) {
    const { finished, opened, prompt, service, votes, twin } = state;
    const effective = inbox.effective.get(id);
    out.set(
      `transaction ${id}`,
      [
        ...[service?.officerId, monthOf(state), finished?.at, finished?.bound, finished?.provisional],
        ...[opened?.at, prompt?.ratingId, prompt?.opened?.at, prompt?.closed?.at, votes.length, twin],
        effective ? `${effective.route} ${effective.overall} ${JSON.stringify(effective.criteria)}` : '-',
      ].join(' '),
    );
  }
  for (const [id, { counts }] of inbox.rollups)
    if (counts.some((count) => count !== 0)) out.set(`sum ${id.replaceAll('\n', ' ')}`, counts.join(' '));
  for (const { epoch, state, branches, forked } of inbox.chains)
    out.set(`chain ${epoch}`, `${state} ${forked ? branches : '-'}`);
  return out;
}
