/** Who is on the kiosk, the button panel, what is still to be sent; and that the last transaction closed, no more. */
import type { StationAnswer } from '@hailong/shared/protocol/http.ts';
import type { ReactNode } from 'react';
import { hms, shortTime } from '../common/format.ts';
import { useText } from '../common/lang.ts';
import { Mark, type Tone } from '../common/parts.tsx';
import { useNow } from '../common/use-now.ts';
import { words } from '../common/words.ts';
import { stationText } from './text.ts';

function Line({ tone, head, second }: { tone: Tone; head: string; second: string | null }): ReactNode {
  return (
    <li>
      <Mark tone={tone} />
      <div>
        <p>{head}</p>
        {second !== null && <p className="muted small">{second}</p>}
      </div>
    </li>
  );
}

export function DeviceNotes({ station }: { station: StationAnswer }): ReactNode {
  const text = useText(stationText);
  const common = useText(words);
  const now = useNow(30_000);
  const { device, lastClosed } = station;
  const closed =
    lastClosed === null
      ? null
      : lastClosed.queueNumber === null
        ? text.closedNoNumber(hms(lastClosed.at))
        : text.closedAt(lastClosed.queueNumber, hms(lastClosed.at));
  const sent = device.allSent ? text.sentAll : text.sending;
  const panelTone: Tone =
    device.panel === 'ready'
      ? 'ok'
      : device.panel === 'none' || device.panel === 'unknown'
        ? 'idle'
        : 'attention';
  return (
    <section className="device" aria-label={text.deviceTitle}>
      <h2>{text.deviceTitle}</h2>
      <ul>
        {!device.enrolled && <Line tone="critical" head={text.deviceNone} second={text.deviceNoneRemedy} />}
        {device.enrolled && !device.online && (
          <Line
            tone="critical"
            head={text.deviceAway}
            second={
              device.lastSeenAt === null
                ? text.deviceNever
                : text.deviceLast(shortTime(device.lastSeenAt, now))
            }
          />
        )}
        {device.enrolled && device.online && (
          <>
            <Line
              tone={device.screens > 0 ? 'ok' : 'attention'}
              head={
                device.screens === 0
                  ? text.deviceNoScreen
                  : station.duty?.state === 'started'
                    ? text.deviceShows
                    : station.locked
                      ? text.deviceThere
                      : text.deviceRests
              }
              second={closed}
            />
            <Line tone={panelTone} head={common.panels[device.panel]} second={sent} />
          </>
        )}
      </ul>
    </section>
  );
}
