/** Digits and code, drawn anew at each picture of the screen; without a fresh answer of the hub there are none. */
import { CLOCK_CODE } from '@hailong/shared/protocol/cameras.ts';
import type { ReactNode } from 'react';
import { useEffect, useRef, useState } from 'react';
import { encode } from 'uqr';
import { date, hms } from '../common/format.ts';
import { better, type HubTime, hubTime, type Reading, readAnswer } from './hub-time.ts';

const ASK_EVERY_MS = 2_000;
/** A camera's exposure must fall into one code. */
const CODE_EVERY_MS = 100;
const WORDS = {
  waiting: ['Đang lấy giờ của máy chủ…', 'Asking the hub for its time…'],
  away: [
    'Mất kết nối với máy chủ: không dùng trang này để đo.',
    'The hub does not answer: do not measure by this page.',
  ],
  loose: [
    'Đường mạng quá chậm: sai số lớn hơn 0,25 giây. Mở trang này gần máy chủ hơn.',
    'The line is too slow: the error is over 0.25 s. Open this page nearer to the hub.',
  ],
} as const;

export function ClockPage(): ReactNode {
  const [shown, setShown] = useState<HubTime>({ state: 'waiting' });
  const held = useRef<Reading | null>(null);
  const heardAt = useRef<number | null>(null);
  useEffect(() => {
    const ask = async (): Promise<void> => {
      const sentAt = performance.now();
      try {
        const answer = await fetch('/api/v1/clock', {
          cache: 'no-store',
          signal: AbortSignal.timeout(5_000),
        });
        const now = performance.now();
        const { at } = (await answer.json()) as { at?: unknown };
        if (!answer.ok || typeof at !== 'number') return;
        held.current = better(held.current, readAnswer(sentAt, at, now));
        heardAt.current = now;
      } catch {
        // Away: what is held ages, and then the digits go.
      }
    };
    void ask().then(ask).then(ask);
    const asking = setInterval(() => void ask(), ASK_EVERY_MS);
    let frame = requestAnimationFrame(function draw() {
      setShown(hubTime(held.current, heardAt.current, performance.now()));
      frame = requestAnimationFrame(draw);
    });
    return () => {
      clearInterval(asking);
      cancelAnimationFrame(frame);
    };
  }, []);
  return (
    <main className="clock" data-state={shown.state}>
      <h1>Đồng hồ máy chủ · Hub clock</h1>
      {shown.state === 'good' ? <Face {...shown} /> : <Nothing words={WORDS[shown.state]} />}
      <p className="clock-how">
        Cho camera quay màn hình này ít nhất 10 giây, rồi mở trang của camera trong mục Quản trị.
        <br />
        <span lang="en">
          Let the camera film this screen for 10 seconds, then open the camera’s page in Administration.
        </span>
      </p>
    </main>
  );
}

function Nothing({ words }: { words: readonly [string, string] }): ReactNode {
  return (
    <div className="clock-none" role="status">
      <p>{words[0]}</p>
      <p lang="en">{words[1]}</p>
    </div>
  );
}

function Face({ at, boundMs }: { at: number; boundMs: number }): ReactNode {
  const tenth = Math.floor((at % 1_000) / 100);
  return (
    <>
      <div className="clock-face">
        <p className="clock-digits" role="timer" aria-live="off">
          {hms(at)}
          <span className="clock-tenth">,{tenth}</span>
        </p>
        <Code text={`${CLOCK_CODE}${Math.floor(at / CODE_EVERY_MS) * CODE_EVERY_MS}`} />
      </div>
      <p className="clock-date">
        {date(at)} · ± {Math.ceil(boundMs)} ms
      </p>
    </>
  );
}

function Code({ text }: { text: string }): ReactNode {
  const { data, size } = encode(text, { ecc: 'M', border: 4 });
  const path = data.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : ''))).join('');
  return (
    <svg
      className="clock-code"
      viewBox={`0 0 ${size} ${size}`}
      shapeRendering="crispEdges"
      aria-hidden="true"
    >
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}
