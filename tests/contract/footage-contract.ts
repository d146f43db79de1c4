/* Purpose: what every storage of footage facts must do: each fact once, the cursor with it, material as it was told. */
import type { FootageFact } from '@hailong/shared/protocol/footage.ts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { FootagePort } from '../../hub-server/src/application/ports/footage.ts';

export interface FootageHub {
  readonly footage: FootagePort;
  close(): Promise<void>;
}

const T = 1_800_000_000_000;
const CAMERA = 'a0000000-0000-4000-8000-00000000000c';
const RUN = 'a0000000-0000-4000-8000-000000000001';
const id = (n: number) => `a0000000-0000-4000-8000-0000000001${String(n).padStart(2, '0')}`;

const segment = (n: number, change: object = {}): FootageFact =>
  ({
    kind: 'segment.closed',
    segment: {
      ...{ id: id(n), camera: CAMERA, run: RUN, file: `${n}.mp4`, mediaStartMs: n * 4_000 },
      ...{
        mediaEndMs: n * 4_000 + 4_000,
        arrivalAt: T + n * 4_000,
        arrivalMonoMs: n,
        bytes: 9,
        sha256: 'ab'.repeat(32),
      },
      ...{ codec: 'h264', flags: [], initBytes: 5, ...change },
    },
  }) as unknown as FootageFact;
const mapped = (version: number, offsetMs: number): FootageFact =>
  ({
    kind: 'run.mapped',
    mapping: { run: RUN, camera: CAMERA, version, method: 'min-arrival', offsetMs, latencyMs: 1, boundMs: 2 },
  }) as unknown as FootageFact;
const gap = (to: number | null): FootageFact =>
  ({
    kind: 'gap.recorded',
    gap: { id: id(90), camera: CAMERA, from: T, to, reason: 'camera-down' },
  }) as unknown as FootageFact;

export function footageContract(open: () => Promise<FootageHub>): void {
  let hub: FootageHub;
  beforeEach(async () => {
    hub = await open();
  });
  afterEach(() => hub.close());
  const record = (from: number, ...facts: FootageFact[]) =>
    hub.footage.record({ recorder: 'r', facts: facts.map((fact, i) => ({ cursor: from + i, fact })) });
  const material = () => hub.footage.material({ cameraId: CAMERA, from: T - 1_000, to: T + 60_000 });

  describe('footage facts', () => {
    test('are kept once, and the cursor with them', async () => {
      expect(await hub.footage.cursor('r')).toBe(0);
      expect(await record(1, segment(1), segment(2), mapped(1, T))).toBe(3);
      expect(await record(1, segment(1), segment(2), mapped(1, T), segment(3))).toBe(4);
      expect(await hub.footage.cursor('r')).toBe(4);
      expect(await hub.footage.cursor('another')).toBe(0);
      const held = await material();
      expect(held.segments.map((each) => [each.id, each.initBytes, each.deletion])).toEqual([
        ...[1, 2, 3].map((n) => [id(n), 5, null]),
      ]);
    });

    test('the newest mapping of a run counts, whichever came last', async () => {
      await record(1, segment(1), mapped(2, T + 7), mapped(1, T));
      expect((await material()).mappings).toMatchObject([{ run: RUN, version: 2, offsetMs: T + 7 }]);
    });

    test('a gap is told when it begins and again when it ends', async () => {
      await record(1, gap(null));
      expect((await material()).gaps).toEqual([{ from: T, to: null, reason: 'camera-down' }]);
      await record(2, gap(T + 9_000));
      expect((await material()).gaps).toEqual([{ from: T, to: T + 9_000, reason: 'camera-down' }]);
    });

    test('a deleted file keeps its row; a segment of an older recorder has no header length', async () => {
      await record(1, segment(1), segment(2, { initBytes: undefined }));
      await record(3, { kind: 'segment.deleted', id: id(1), at: T, reason: 'expired' } as FootageFact);
      const held = await material();
      expect(held.segments.map((each) => each.deletion)).toEqual([
        { at: T, reason: 'expired', by: null },
        null,
      ]);
      expect('initBytes' in held.segments[1]!).toBe(false);
    });

    test('what many boots filmed before their clock was set is found, each beside its arrivals in its own way', async () => {
      const DAY = 86_400_000;
      const [BOOTS, DEAD] = [40, T - 2_500 * DAY];
      const runOf = (n: number) => `a0000000-0000-4000-8000-0000000002${String(n).padStart(2, '0')}`;
      const fact = (n: number, version: number, offsetMs: number) => {
        const told = mapped(version, offsetMs) as Extract<FootageFact, { kind: 'run.mapped' }>;
        const method = version === 1 ? 'unplaced' : 'min-arrival';
        return { ...told, mapping: { ...told.mapping, run: runOf(n), method } } as FootageFact;
      };
      let cursor = 1;
      for (let boot = 0; boot < BOOTS; boot++) {
        // The clock begins again where its battery ended, and the office opens at another minute each day.
        const [begins, filmed] = [DEAD + boot * 1_000, T + boot * (DAY + 7 * 60_000)];
        const arrivalAt = begins + 8_000;
        const closed = segment(boot, { run: runOf(boot), mediaStartMs: 4_000, mediaEndMs: 8_000, arrivalAt });
        await record(cursor, fact(boot, 1, begins), closed, fact(boot, 2, filmed));
        cursor += 3;
      }
      for (let boot = 0; boot < BOOTS; boot++) {
        const filmed = T + boot * (DAY + 7 * 60_000);
        const held = await hub.footage.material({ cameraId: CAMERA, from: filmed, to: filmed + 60_000 });
        expect(held.segments.map((each) => each.run)).toContain(runOf(boot));
        expect(held.heardFrom).toBe(T + 4_000);
      }
    });

    test('a run that moves little by little, and one whose clock stepped, are found where they end up', async () => {
      const HOUR = 3_600_000;
      await record(
        1,
        ...[mapped(1, T - 4_000), segment(1), segment(2, { arrivalAt: T + 8_000 - 5 * HOUR })],
        ...Array.from({ length: 10 }, (_, i) => mapped(i + 2, T - 4_000 + (i + 1) * 50_000)),
      );
      const held = await hub.footage.material({ cameraId: CAMERA, from: T + 500_000, to: T + 510_000 });
      expect(held.segments.map((each) => each.id)).toEqual([id(2), id(1)]);
    });

    test('a segment found again after a crash is offered where its mapping puts it, and nowhere without one', async () => {
      const found = { flags: ['recovered'], arrivalAt: T + 86_400_000 };
      const [early, late] = [id(50), id(51)];
      await record(
        1,
        segment(1, found),
        segment(2, { ...found, run: early }),
        segment(3, { ...found, run: late }),
      );
      expect((await material()).segments).toEqual([]);
      const of = (run: string, version: number, offsetMs: number) => {
        const told = mapped(version, offsetMs) as Extract<FootageFact, { kind: 'run.mapped' }>;
        return { ...told, mapping: { ...told.mapping, run } } as FootageFact;
      };
      await record(
        4,
        mapped(1, T),
        of(early, 1, T),
        of(early, 2, T - 86_400_000),
        of(late, 1, T + 86_400_000),
      );
      expect((await material()).segments.map((each) => each.id)).toEqual([id(1)]);
    });
  });
}
