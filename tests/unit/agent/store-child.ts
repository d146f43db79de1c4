/* Commits touches for ever on the database named, and prints each vote after its commit. Killed by the test. */
import { writeSync } from 'node:fs';
import { finish, id, open, start } from '../../support/counter-kit.ts';
import { StoredCounter } from './store-kit.ts';

const [file = '', run = '1'] = process.argv.slice(2);
const counter = new StoredCounter(file, Number(run), `boot-${run}`);
const intent = (one: ReturnType<typeof start>) =>
  counter.feed({
    type: 'intent',
    intent: { ...one, intentId: id('f', Number(run) * 1_000_000 + ++n) },
    expiresInMs: 60_000,
  });
let n = 0;
intent(start(1));
for (;;) {
  const transaction = Number(run) * 1_000_000 + ++n;
  intent(open(transaction));
  intent(finish(transaction));
  const { rating } = counter.store.state;
  if (!rating) throw new Error('no rating');
  const press = crypto.randomUUID();
  const askTicket = rating.asks[0]?.askTicket ?? 0;
  const done = counter.feed({ type: 'tap', press, rating: rating.rating, askTicket, level: 5 });
  for (const { event } of done.appended)
    if (event.body.type === 'rating.voted') writeSync(1, `${event.body.vote}\n`);
  counter.mono += 30_000;
  counter.feed({ type: 'wake' });
  counter.feed({ type: 'drained', rating: rating.rating, drained: true });
}
