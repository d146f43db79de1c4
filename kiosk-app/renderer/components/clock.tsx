import { type ReactNode, useEffect, useState } from 'react';
import { useKiosk } from '../kiosk-context.ts';
import { type Moment, momentOf, untilNextMinuteMs } from '../text/moment.ts';

/** The minute on show; changes when the minute does. */
function useMoment(): Moment {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setTimeout(() => setNow(Date.now()), untilNextMinuteMs(now));
    return () => clearTimeout(timer);
  }, [now]);
  return momentOf(now);
}

export function Clock(): ReactNode {
  return <time className="clock">{useMoment().time}</time>;
}

export function LongClock(): ReactNode {
  const { text } = useKiosk();
  const { time, date, weekday } = useMoment();
  return (
    <p className="long-clock">
      <time className="long-clock-time">{time}</time>
      <span className="long-clock-date">
        {text.weekdays[weekday]}, {date}
      </span>
    </p>
  );
}
