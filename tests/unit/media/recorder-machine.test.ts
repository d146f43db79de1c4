/* The recorder's life with a clock of the test's own: no ffmpeg, no camera, no waiting. */
import {
  idleRecorder,
  LOOK_EVERY_MS,
  nextTickAt,
  type RecorderEffect,
  type RecorderInput,
  type RecorderState,
  stepRecorder,
  UNCLOSED_MS,
} from '@hailong/device-drivers/media/recorder-machine.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

type Without<T> = T extends unknown ? Omit<T, 'at'> : never;

function life() {
  let state: RecorderState = idleRecorder;
  let at = 1_000_000;
  const all: RecorderEffect[] = [];
  const give = (input: Without<RecorderInput>) => {
    const step = stepRecorder(state, { ...input, at } as RecorderInput);
    state = step.state;
    all.push(...step.effects);
    return step.effects.map((effect) => effect.do);
  };
  return {
    give,
    all,
    get state() {
      return state;
    },
    last: () => all.at(-1),
    /** Ticks twice a second for so long; the effects that came of it. `grows`: so does the open file. */
    pass(ms: number, grows = false) {
      const seen: string[] = [];
      for (let passed = 0; passed < ms; passed += 500) {
        at += 500;
        const effects = give({ type: 'tick' });
        if (grows && effects.includes('look'))
          give({ type: 'looked', seen: `000000.mp4:${at}`, mediaBytes: 0 });
        seen.push(...effects.filter((one) => one !== 'look'));
      }
      return seen;
    },
    /** Records `count` segments of 4 s, arriving as media time goes; `late` moves single arrivals. */
    record(count: number, from = 0, late: Readonly<Record<number, number>> = {}) {
      const start = at;
      for (let i = 1; i <= count; i += 1) {
        const due = Math.max(at, start + i * 4_000 + (late[i] ?? 0));
        for (; at < due; at = Math.min(due, at + 500))
          state = stepRecorder(state, { type: 'tick', at }).state;
        give({ type: 'segment', mediaEndMs: (from + i) * 4_000 });
      }
    },
  };
}

function running() {
  const it = life();
  it.give({ type: 'start' });
  it.give({ type: 'checked', code: null });
  return it;
}

describe('from start to recording', () => {
  it('checks, launches, and says recording with the first closed segment', () => {
    const it = life();
    expect(it.give({ type: 'start' })).toEqual(['state', 'check']);
    expect(it.give({ type: 'checked', code: null })).toEqual(['launch']);
    it.record(2);
    expect(it.all.slice(-3)).toEqual([
      { do: 'keep', flags: ['first'], mediaEndMs: 4_000 },
      { do: 'state', state: 'recording', code: null },
      { do: 'keep', flags: [], mediaEndMs: 8_000 },
    ]);
  });

  it('takes the repaired time of the first packets for what it is', () => {
    const it = running();
    expect(it.give({ type: 'noticed', what: 'clock' })).toEqual([]);
    it.record(1);
    expect(it.give({ type: 'noticed', what: 'clock' })).toEqual(['interrupt']);
  });
});

describe('when it stops coming', () => {
  it('every exit means another start, ever slower, at most every 2 s', () => {
    const it = running();
    const pauses: number[] = [];
    for (let i = 0; i < 7; i += 1) {
      expect(it.give({ type: 'exited' })).toEqual(['run-ended', 'state']);
      let waited = 0;
      while (!it.pass(500).includes('check')) waited += 500;
      pauses.push(waited + 500);
      expect(it.give({ type: 'checked', code: null })).toEqual(['launch']);
    }
    expect(pauses).toEqual([500, 1_000, 2_000, 2_000, 2_000, 2_000, 2_000]);
    it.record(1);
    it.give({ type: 'exited' });
    expect(it.pass(500)).toContain('check');
  });

  it('knocks twice a second at a camera that is away, for as long as it takes, and checks at once when it opens', () => {
    for (const code of ['camera.unreachable', 'camera.timeout'] as const) {
      const it = running();
      it.give({ type: 'exited' });
      while (!it.pass(500).includes('check'));
      it.give({ type: 'checked', code });
      expect(it.pass(3_600_000)).toEqual(Array(7_200).fill('knock'));
      expect(it.give({ type: 'reachable' })).toEqual(['check']);
    }
  });

  it('tries again at once where the first try after an outage fails, however often it failed before', () => {
    const it = running();
    it.give({ type: 'exited' });
    while (!it.pass(500).includes('check'));
    for (let i = 0; i < 5; i += 1) {
      it.give({ type: 'checked', code: 'camera.unreachable' });
      it.pass(10_000);
      expect(it.give({ type: 'reachable' })).toEqual(['check']);
      it.give({ type: 'checked', code: null });
      it.give({ type: 'exited' });
      expect(it.pass(500)).toEqual(['check']);
    }
  });

  it('slows down only where the fault is on its own side', () => {
    const it = life();
    it.give({ type: 'start' });
    for (let i = 0; i < 6; i += 1) {
      it.give({ type: 'checked', code: 'ffmpeg.missing' });
      while (!it.pass(500).includes('check'));
    }
    it.give({ type: 'checked', code: 'ffmpeg.missing' });
    expect(it.pass(9_500)).toEqual([]);
    expect(it.pass(500)).toEqual(['check']);
  });

  it('asks a camera that refuses the login only twice a minute: accounts lock', () => {
    const it = life();
    it.give({ type: 'start' });
    it.give({ type: 'checked', code: 'camera.auth_refused' });
    expect(it.last()).toEqual({ do: 'state', state: 'down', code: 'camera.auth_refused' });
    expect(it.pass(29_500)).toEqual([]);
    expect(it.give({ type: 'reachable' })).toEqual([]);
    expect(it.pass(500)).toEqual(['check']);
  });

  it('ends a process whose file does not grow within 12 s of the last picture, by force when it does not go', () => {
    const it = running();
    it.record(3);
    it.pass(3_000, true);
    let passed = 0;
    while (!it.pass(500).includes('interrupt')) passed += 500;
    expect(passed).toBeLessThanOrEqual(12_000);
    expect(it.pass(2_000)).toEqual([]);
    expect(it.pass(500)).toEqual(['kill']);
    expect(it.pass(60_000)).toEqual([]);
    it.give({ type: 'exited' });
    expect(it.all.slice(-2)).toEqual([
      { do: 'run-ended', code: 'camera.silent' },
      { do: 'state', state: 'down', code: 'camera.silent' },
    ]);
  });

  it('waits for a camera with rare key frames: twice its longest pause', () => {
    const it = running();
    for (let i = 1; i <= 3; i += 1) {
      it.pass(8_000);
      it.give({ type: 'looked', seen: `000000.mp4:${i}`, mediaBytes: 0 });
    }
    expect(it.pass(15_500)).toEqual([]);
    expect(it.pass(2_000)).toEqual(['interrupt']);
  });

  /** A camera with a key frame each `gopMs`, which is all that makes the file grow, watched for so long; when it was ended, ms. */
  function watchSending(
    gopMs: number,
    forMs: number,
    sends: (ms: number) => boolean,
    grows = sends,
  ): number | null {
    const start = 1_000_000;
    let state = stepRecorder(idleRecorder, { type: 'start', at: start }).state;
    state = stepRecorder(state, { type: 'checked', at: start, code: null }).state;
    let [mediaBytes, keys] = [0, 0];
    for (let ms = 100; ms <= forMs; ms += 100) {
      const at = start + ms;
      if (sends(ms)) mediaBytes += 1_000;
      if (ms % gopMs === 0 && grows(ms)) {
        keys += 1;
        // The first one opens a file, each later one closes it.
        if (keys > 1)
          state = stepRecorder(state, { type: 'segment', at, mediaEndMs: (keys - 1) * gopMs }).state;
      }
      const ticked = stepRecorder(state, { type: 'tick', at });
      state = ticked.state;
      if (ticked.effects.some((effect) => effect.do === 'interrupt')) return ms;
      if (ticked.effects.some((effect) => effect.do === 'look'))
        state = stepRecorder(state, {
          type: 'looked',
          at,
          seen: keys === 0 ? null : `${keys}`,
          mediaBytes,
        }).state;
    }
    return null;
  }

  it('takes no rare key frames for silence, and a silence for one before it knows them', () => {
    for (const gopMs of [10_000, 12_000, 16_000]) {
      expect(watchSending(gopMs, 300_000, () => true)).toBeNull();
      const frozen = watchSending(gopMs, 300_000, (ms) => ms < gopMs + 5_000) ?? 0;
      expect(frozen - (gopMs + 5_000)).toBeLessThanOrEqual(12_000);
    }
    // Nothing of what comes is written: the file is believed as soon as its rhythm is known.
    const stuck =
      watchSending(
        2_000,
        300_000,
        () => true,
        (ms) => ms < 30_000,
      ) ?? 0;
    expect(stuck - 30_000).toBeLessThanOrEqual(12_000);
  });

  it('is not made patient by a single stall, and forgets what recurred once it is over', () => {
    const noticedAfter = (it: ReturnType<typeof running>) => {
      let passed = 0;
      while (!it.pass(500).includes('interrupt')) passed += 500;
      it.give({ type: 'exited' });
      expect(it.all).toContainEqual({ do: 'run-ended', code: 'camera.silent' });
      return passed;
    };
    const once = running();
    once.pass(8_000, true);
    once.pass(6_000);
    once.pass(8_000, true);
    expect(noticedAfter(once)).toBeLessThanOrEqual(11_000);

    const twice = running();
    twice.pass(4_000, true);
    for (let i = 0; i < 2; i += 1) {
      twice.pass(6_000);
      twice.pass(4_000, true);
    }
    expect(twice.pass(10_000)).toEqual([]);
    for (let i = 1; i <= 10; i += 1) {
      twice.pass(4_000, true);
      twice.give({ type: 'segment', mediaEndMs: i * 4_000 });
    }
    expect(noticedAfter(twice)).toBeLessThanOrEqual(11_000);

    // What ends ffmpeg 6 s after the last picture is a silent camera, also behind one such stall.
    const closed = running();
    closed.pass(8_000, true);
    closed.pass(6_000);
    closed.pass(8_000, true);
    closed.pass(8_000);
    closed.give({ type: 'exited' });
    expect(closed.all).toContainEqual({ do: 'run-ended', code: 'camera.silent' });
  });

  it('gives a stream that begins 15 s to fill its first file', () => {
    const it = running();
    expect(it.pass(14_500)).toEqual([]);
    expect(it.pass(2_000)).toEqual(['interrupt']);
  });

  it('calls it silence when a frozen camera makes ffmpeg give up and close its last file', () => {
    const it = running();
    it.record(3);
    it.pass(10_000);
    it.give({ type: 'segment', mediaEndMs: 13_900 });
    it.give({ type: 'exited' });
    expect(it.all).toContainEqual({ do: 'run-ended', code: 'camera.silent' });
  });
});

describe('when this process is held up', () => {
  const STEP = 100;
  /**
   * A camera that grows the file each 2 s and closes one each 4 s until it freezes, and a loop that is held up in between:
   * then the tick comes first, after it the lines, last what the look finds. When it ended the run, ms from the start.
   */
  function recordHeldUp(
    heldUp: readonly { readonly at: number; readonly ms: number }[],
    frozenAt: number,
    forMs: number,
  ): number | null {
    const start = 1_000_000;
    let state = stepRecorder(idleRecorder, { type: 'start', at: start }).state;
    state = stepRecorder(state, { type: 'checked', at: start, code: null }).state;
    let closed = 0;
    for (let now = 0; now <= forMs; now += STEP) {
      if (heldUp.some(({ at, ms }) => now >= at && now < at + ms)) continue;
      const at = start + now;
      const filmed = Math.min(now, frozenAt);
      const due = nextTickAt(state);
      let looks = false;
      if (due !== null && at >= due) {
        const ticked = stepRecorder(state, { type: 'tick', at });
        state = ticked.state;
        looks = ticked.effects.some((effect) => effect.do === 'look');
        if (ticked.effects.some((effect) => effect.do === 'interrupt')) return now;
      }
      for (; (closed + 1) * 4_000 <= filmed; closed += 1) {
        const heard = stepRecorder(state, { type: 'segment', at, mediaEndMs: (closed + 1) * 4_000 });
        state = heard.state;
        if (heard.effects.some((effect) => effect.do === 'interrupt')) return now;
      }
      const grown = Math.floor(filmed / 2_000);
      if (looks)
        state = stepRecorder(state, {
          type: 'looked',
          at,
          seen: grown === 0 ? null : `${grown}`,
          mediaBytes: 0,
        }).state;
    }
    return null;
  }
  const blocks = fc.array(
    fc.record({
      at: fc.nat({ max: 600 }).map((tenths) => tenths * STEP),
      ms: fc.nat({ max: 400 }).map((tenths) => tenths * STEP),
    }),
    { maxLength: 6 },
  );
  /** Held up again and again, with moments between: a loop that is always late. */
  const always = Array.from({ length: 40 }, (_, i) => ({ at: i * 5_000, ms: 4_800 }));

  it('never ends the run of a camera that went on filming', () => {
    fc.assert(
      fc.property(blocks, (heldUp) => {
        expect(recordHeldUp(heldUp, Number.POSITIVE_INFINITY, 120_000)).toBeNull();
      }),
      { numRuns: 300 },
    );
    expect(recordHeldUp(always, Number.POSITIVE_INFINITY, 200_000)).toBeNull();
  });

  it('notices a frozen one within 12 s of its last picture, or with the second look after it was held up', () => {
    fc.assert(
      fc.property(blocks, fc.integer({ min: 40, max: 600 }), (heldUp, tenths) => {
        const frozenAt = tenths * STEP;
        const ended = recordHeldUp(heldUp, frozenAt, 400_000);
        expect(ended).not.toBeNull();
        expect(ended).toBeGreaterThanOrEqual(frozenAt);
        const held = heldUp.reduce((sum, { ms }) => sum + ms, 0);
        expect((ended ?? 0) - frozenAt).toBeLessThanOrEqual(
          12_000 + held + 2 * LOOK_EVERY_MS * heldUp.length,
        );
      }),
      { numRuns: 300 },
    );
    expect(recordHeldUp([], 20_000, 60_000)).toBeLessThanOrEqual(32_000);
    expect(recordHeldUp(always, 20_000, 200_000)).toBeLessThanOrEqual(20_000 + 12_000 + 10_000);
  });
});

describe('when the clock jumps', () => {
  it('lives with single late lines', () => {
    const it = running();
    it.record(40, 0, { 3: 3_500, 9: 7_700, 20: 2_000, 31: 3_900 });
    expect(it.state.phase).toBe('running');
  });

  it('ends the run when media time stands still against the wall, and marks the segment', () => {
    const it = running();
    it.record(10);
    for (let i = 1; i <= 3 && it.state.phase === 'running'; i += 1) {
      it.pass(4_000);
      it.give({ type: 'segment', mediaEndMs: 40_000 + i * 40 });
    }
    expect(it.all.slice(-2)).toMatchObject([{ do: 'keep', flags: ['reset'] }, { do: 'interrupt' }]);
    it.give({ type: 'exited' });
    expect(it.all).toContainEqual({ do: 'run-ended', code: 'camera.clock_reset' });
  });
});

describe('when the clock stands still', () => {
  it('ends a run whose file grows and is not closed, at the start and later', () => {
    for (const count of [0, 2]) {
      const it = running();
      it.record(count);
      expect(it.pass(UNCLOSED_MS - LOOK_EVERY_MS, true)).toEqual([]);
      expect(it.pass(2 * LOOK_EVERY_MS, true)).toEqual(['interrupt']);
      it.give({ type: 'exited' });
      expect(it.all).toContainEqual({ do: 'run-ended', code: 'camera.clock_reset' });
    }
  });

  it('takes one with few key frames for what it is, and lines that waited for this process', () => {
    const it = running();
    const known = { ...it.state, pauses: [30_000, 30_000] };
    const at = known.closedAt + 50_000;
    const looked = { ...known, grewAt: at - 1, lookedAt: at - LOOK_EVERY_MS, seen: 'x' };
    expect(stepRecorder(looked, { type: 'tick', at }).effects).toEqual([{ do: 'look' }]);
    const held = { ...looked, pauses: [], lookedAt: at - 30_000 };
    expect(stepRecorder(held, { type: 'tick', at }).effects).toEqual([{ do: 'look' }]);
  });
});

describe('when the clock leaps ahead', () => {
  it.each([1, 2, 12])(
    'ends the run at once after %i segments, and claims no time that has not passed',
    (count) => {
      const it = running();
      it.record(count);
      it.pass(4_000);
      expect(it.give({ type: 'segment', mediaEndMs: 6 * 3_600_000 })).toEqual(['keep', 'interrupt']);
      expect(it.all.at(-2)).toEqual({ do: 'keep', flags: ['reset'], mediaEndMs: (count + 1) * 4_000 });
    },
  );

  it('what is closed behind the leap ends by the wall as well, not by what leapt', () => {
    const it = running();
    it.record(12);
    it.pass(2_000);
    it.give({ type: 'segment', mediaEndMs: 600_000 });
    it.pass(500);
    expect(it.give({ type: 'segment', mediaEndMs: 600_500 })).toEqual(['keep']);
    expect(it.last()).toEqual({ do: 'keep', flags: ['reset'], mediaEndMs: 50_500 });
  });

  it('a leap of a second is seen once the run is settled', () => {
    const it = running();
    it.record(8);
    it.pass(4_000);
    expect(it.give({ type: 'segment', mediaEndMs: 37_000 })).toEqual(['keep', 'interrupt']);
  });
});

describe('stop', () => {
  it('lets ffmpeg close its file, keeps that file, and names no fault', () => {
    const it = running();
    it.record(2);
    expect(it.give({ type: 'stop' })).toEqual(['interrupt']);
    expect(it.give({ type: 'segment', mediaEndMs: 9_000 })).toEqual(['keep']);
    expect(it.give({ type: 'exited' })).toEqual(['run-ended', 'stopped']);
    expect(it.all.at(-2)).toEqual({ do: 'run-ended', code: null });
    expect(it.pass(60_000)).toEqual([]);
  });

  it('stops while it checks and while it waits', () => {
    const checking = life();
    checking.give({ type: 'start' });
    expect(checking.give({ type: 'stop' })).toEqual([]);
    expect(checking.give({ type: 'checked', code: null })).toEqual(['stopped']);
    const waiting = running();
    waiting.give({ type: 'exited' });
    expect(waiting.give({ type: 'stop' })).toEqual(['stopped']);
  });
});
