/* Who was not asked and why, counted from facts on a real database: the later outcome, and none that somebody voted on. */
import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EventBody } from '@hailong/shared/model/event.ts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Db } from '../../../hub-server/src/adapters/sqlite/op.ts';
import { openWriter } from '../../../hub-server/src/adapters/sqlite/open-database.ts';
import { figureStore } from '../../../hub-server/src/adapters/sqlite/stores/figures/figure-store.ts';
import {
  loadTransaction,
  saveTransaction,
} from '../../../hub-server/src/adapters/sqlite/stores/inbox/transaction-rows.ts';
import {
  applyFact,
  emptyTransaction,
  type TransactionFact,
} from '../../../hub-server/src/domain/ratings/transaction-fold.ts';
import { newPlace, service } from '../../support/test-device.ts';

const AT = Date.UTC(2026, 10, 23, 3, 0, 0);
const place = newPlace();
let dir: string;
let db: Db;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'hailong-marks-'));
  db = openWriter(dir);
});
afterEach(() => {
  db.close();
  rmSync(dir, { recursive: true, force: true });
});

/** One service as its facts leave it, with its finish changed. */
function serve(finish: object, also: readonly object[] = [], level: 5 | null = null): void {
  const transaction = randomUUID();
  const bodies = service(place, { transaction, level })
    .filter((body) => level !== null || !body.type.startsWith('rating'))
    .map((body) => (body.type === 'transaction.finished' ? { ...body, ...finish } : body));
  let state = emptyTransaction(transaction);
  let id = 0;
  const later = also.map((each) => ({ ...each, transaction })) as unknown as EventBody[];
  for (const body of [...bodies, ...later] as EventBody[]) {
    if (body.type === 'question.asked') continue;
    id += 1;
    const ref = { ...{ id, at: AT + id, bound: 0, seq: id, epochId: 1, provisional: false } };
    state = applyFact(state, body as TransactionFact & EventBody, ref as never, () => null as never);
  }
  saveTransaction(db, emptyTransaction(transaction), state);
  expect(loadTransaction(db, transaction)).toEqual(state);
}

test('by officer, outcome and reason', () => {
  const officer = place.officer;
  serve({ outcome: 'no_show', reason: 'goi_ba_lan' });
  serve({ outcome: 'no_show', reason: 'goi_ba_lan' });
  serve({ outcome: 'no_show', reason: 'bo_ve' });
  serve({ outcome: 'test' });
  serve({ outcome: 'completed' });
  const later = {
    type: 'transaction.annotated',
    intent: randomUUID(),
    outcome: 'accident',
    reason: 'goi_nham',
  };
  serve({ outcome: 'completed', by: 'duty-end' }, [later]);
  serve({ outcome: 'no_show', reason: 'bo_ve' }, [{ ...later, outcome: 'completed', reason: undefined }]);
  serve({ outcome: 'accident', reason: 'goi_nham' }, [], 5);
  expect(figureStore.marks.run(db, { month: '2026-11' })).toEqual([
    { officer, outcome: 'accident', reason: 'goi_nham', n: 1 },
    { officer, outcome: 'no_show', reason: 'bo_ve', n: 1 },
    { officer, outcome: 'no_show', reason: 'goi_ba_lan', n: 2 },
    { officer, outcome: 'test', reason: null, n: 1 },
  ]);
  expect(figureStore.marks.run(db, { month: '2026-12' })).toEqual([]);
  const plan = db
    .prepare(
      `EXPLAIN QUERY PLAN SELECT 1 FROM service_transaction
       WHERE month = '2026-11' AND ifnull(annotated, outcome) IN ('no_show','test','accident') GROUP BY officer_id`,
    )
    .all() as { detail: string }[];
  expect(plan.map(({ detail }) => detail).join()).toContain('transaction_marked');
});
