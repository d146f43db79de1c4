/**
 * Purpose: footage whose rows and files disagree, found and mended in a person's name: first the rows of hub and recorder are compared,
 * page by page in order of their ids, then rows with files. What a part will mend is a row of the log before it is mended; a part
 * with nothing to mend writes none, so a second run changes nothing.
 * Refuses: to mend unasked; without a recorder, who alone touches files. See hub-server/DESIGN.md, "Repair".
 */
import { CodedError } from '@hailong/shared/errors.ts';
import type { SegmentId } from '@hailong/shared/ids.ts';
import { type FootageRepair, HELD_ROWS_MAX, type HeldRow } from '@hailong/shared/protocol/footage.ts';
import type { RecorderControl, RepairAsked } from '../core-port.ts';
import type { AdminParts } from '../web-parts.ts';

const PAGE = 5_000;
const KINDS = ['lost', 'strange', 'deleted', 'unindexed', 'untold'] as const;

export interface RepairParts {
  readonly storage: Pick<AdminParts['storage'], 'access' | 'segments'>;
  readonly clock: AdminParts['clock'];
  readonly recorder: Pick<RecorderControl, 'rows' | 'repair'>;
}

export async function repairFootage(
  parts: RepairParts,
  who: { readonly apply: boolean; readonly by: string },
): Promise<FootageRepair> {
  const total = new Total();
  for await (const { apart, unknown } of rowsApart(parts))
    total.add(await part(parts, { ...who, apart, unknown, files: false }));
  for (;;) {
    const mended = await part(parts, { ...who, apart: [], unknown: [], files: true });
    total.add(mended);
    if (!mended.more) return total.value;
  }
}

async function part(parts: RepairParts, asked: RepairAsked): Promise<FootageRepair> {
  const { storage, clock, recorder } = parts;
  const found = answered(await recorder.repair({ ...asked, apply: false }));
  const mends = KINDS.filter((kind) => found[kind].count > 0);
  if (!asked.apply || mends.length === 0) return found;
  await storage.access.record({
    audit: {
      ...{ at: clock.now(), actor: asked.by, action: 'footage.repaired', object: 'footage', reason: null },
      body: Object.fromEntries(mends.map((kind) => [kind, found[kind]])),
    },
  });
  const mended = answered(await recorder.repair(asked));
  // Found at the very file is what a person is told of; what is left alone is not mended.
  return { ...mended, held: found.held };
}

/** Rows that one of both keeps and the other does not, a bounded number at a time. */
async function* rowsApart({ storage, recorder }: RepairParts): AsyncGenerator<{
  readonly apart: readonly HeldRow[];
  readonly unknown: readonly SegmentId[];
}> {
  let after: SegmentId | null = null;
  for (;;) {
    const theirs: Rows = answered(await recorder.rows(after));
    const last: SegmentId | null = theirs.ids.at(-1) ?? null;
    const upTo = theirs.more ? last : null;
    const mine = new Set<SegmentId>();
    for (let from = after; ; ) {
      const page: readonly SegmentId[] = await storage.segments.keptIds({ after: from, upTo, limit: PAGE });
      for (const id of page) mine.add(id);
      from = page.at(-1) ?? from;
      if (page.length < PAGE) break;
    }
    const known = new Set(theirs.ids);
    const differ = [...[...mine].filter((id) => !known.has(id)), ...theirs.ids.filter((id) => !mine.has(id))];
    for (let at = 0; at < differ.length; at += HELD_ROWS_MAX) {
      const ids = differ.slice(at, at + HELD_ROWS_MAX);
      const apart = await storage.segments.rowsOf({ ids });
      const there = new Set(apart.map(({ segment }) => segment.id));
      // Deleted here and unknown there is as it should be.
      yield {
        apart: apart.filter(({ deleted, segment }) => !deleted || known.has(segment.id)),
        unknown: ids.filter((id) => !there.has(id)),
      };
    }
    if (!theirs.more) return;
    after = last;
  }
}

function answered<T>(answer: T | null): T {
  if (answer === null) throw new CodedError('footage.recorder_away');
  return answer;
}

type Rows = { readonly ids: readonly SegmentId[]; readonly more: boolean };

const NAMES_MAX = 100;
class Total {
  readonly #kinds = new Map<Exclude<keyof FootageRepair, 'more'>, { count: number; files: string[] }>();
  add(part: FootageRepair): void {
    for (const kind of [...KINDS, 'held'] as const) {
      const sum = this.#kinds.get(kind) ?? { count: 0, files: [] };
      sum.count += part[kind].count;
      sum.files.push(...part[kind].files.slice(0, NAMES_MAX - sum.files.length));
      this.#kinds.set(kind, sum);
    }
  }
  get value(): FootageRepair {
    const of = (kind: Exclude<keyof FootageRepair, 'more'>) =>
      this.#kinds.get(kind) ?? { count: 0, files: [] };
    const [lost, strange, deleted] = [of('lost'), of('strange'), of('deleted')];
    return {
      lost,
      strange,
      deleted,
      unindexed: of('unindexed'),
      untold: of('untold'),
      held: of('held'),
      more: false,
    };
  }
}
