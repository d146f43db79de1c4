/* The same history on the database and in memory makes the same chain and the same state, restarts included. */
import type { CounterInput, Service } from '@hailong/shared/counter/counter-state.ts';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { acts, level } from '../../support/counter-acts.ts';
import { FORM_WITH_CHIPS, MemoryCounter, start } from '../../support/counter-kit.ts';
import { StoredCounter, tempData } from './store-kit.ts';

it('stores what the machine says, and answers what the events say', () => {
  fc.assert(
    fc.property(fc.array(acts(level), { minLength: 20, maxLength: 60, size: 'max' }), (history) => {
      const memory = new MemoryCounter('');
      memory.rules = { instrument: FORM_WITH_CHIPS, walkup: { minIntervalMs: 5_000 } };
      const inputs: { input: CounterInput; mono: number; service: Service }[] = [];
      const feed = memory.feed.bind(memory);
      memory.feed = (input) => {
        inputs.push({ input, mono: memory.mono, service: memory.service });
        return feed(input);
      };
      memory.restart('boot-1');
      memory.intent(start(1));
      for (const act of history) act(memory);

      const data = tempData();
      const stored = new StoredCounter(data.file, 0);
      stored.rules = memory.rules;
      for (const { input, mono, service } of inputs.slice(1)) {
        stored.mono = mono;
        stored.service = service;
        stored.feed(input);
      }
      const [started, ...events] = stored.outbox.between(stored.epoch, 0, 10_000);
      expect(started?.body.type).toBe('agent.started');
      expect(events.map((event) => event.body)).toEqual(memory.events);
      expect(JSON.parse(JSON.stringify(stored.store.state))).toEqual(
        JSON.parse(JSON.stringify(memory.state)),
      );
      stored.db.close();
      data.remove();
    }),
    { numRuns: 40 },
  );
});
