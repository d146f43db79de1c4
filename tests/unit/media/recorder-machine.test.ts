/* The recorder's life with a clock of the test's own: no ffmpeg, no camera, no waiting. */
import {
  idleRecorder,
  type RecorderEffect,
  type RecorderInput,
  type RecorderState,
  stepRecorder,
} from '@hailong/device-drivers/media/recorder-machine.ts';
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
        if (grows && effects.includes('look')) give({ type: 'looked', seen: `000000.mp4:${at}` });
        seen.push(...effects.filter((one) => one !== 'look'));
      }
      return seen;
    },
    /** Records `count` segments of 4 s, arriving as media time goes; `late` moves single arrivals. */
    record(count: number, from = 0, late: Readonly<Record<number, number>> = {}) {
      const start = at;
      for (let i = 1; i <= count; i += 1) {
        at = Math.max(at, start + i * 4_000 + (late[i] ?? 0));
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
      it.give({ type: 'looked', seen: `000000.mp4:${i}` });
    }
    expect(it.pass(15_500)).toEqual([]);
    expect(it.pass(2_000)).toEqual(['interrupt']);
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
