/** The counters and cameras at this moment: shape, word and colour; what a silent device holds is a lower bound. */
import { ERRORS, isErrorCode } from '@hailong/shared/errors.ts';
import type { DashboardAnswer } from '@hailong/shared/protocol/http.ts';
import type { ReactNode } from 'react';
import { count, shortTime } from '../common/format.ts';
import { useLang, useText } from '../common/lang.ts';
import { Empty, Mark, type Tone } from '../common/parts.tsx';
import { useNow } from '../common/use-now.ts';
import { words } from '../common/words.ts';
import { dashboardText } from './text.ts';

type Kiosk = DashboardAnswer['live']['kiosks'][number];
type Panel = keyof (typeof words)['vi']['panels'];

export function CountersNow({ value }: { value: DashboardAnswer }): ReactNode {
  const text = useText(dashboardText);
  const { kiosks } = value.live;
  return (
    <section className="panel now">
      <div className="panel-head">
        <h2>{text.now}</h2>
      </div>
      {kiosks.length === 0 ? (
        <Empty head={text.noCounters}>
          <p>{text.noCountersNext}</p>
        </Empty>
      ) : (
        <ul>
          {kiosks.map((kiosk) => (
            <CounterLine key={kiosk.counter.id} kiosk={kiosk} />
          ))}
        </ul>
      )}
    </section>
  );
}

function CounterLine({ kiosk }: { kiosk: Kiosk }): ReactNode {
  const text = useText(dashboardText);
  const common = useText(words);
  const lang = useLang();
  const now = useNow(30_000);
  const seen = kiosk.lastSeenAt === null ? null : shortTime(kiosk.lastSeenAt, now);
  const panelWrong = ['away', 'incompatible', 'wrong-device'].includes(kiosk.panel);
  const tone: Tone =
    kiosk.deviceId === null ? 'idle' : !kiosk.online ? 'critical' : panelWrong ? 'attention' : 'ok';
  const state =
    kiosk.deviceId === null
      ? text.noDevice
      : kiosk.online
        ? text.counterState[kiosk.state]
        : seen === null
          ? text.offlineNever
          : text.offlineSince(seen);
  const panel = kiosk.panel in common.panels ? common.panels[kiosk.panel as Panel] : kiosk.panel;
  const unsent =
    kiosk.deviceId === null
      ? null
      : !kiosk.online && seen !== null
        ? text.lowerBound(count(kiosk.unsynced, lang), seen)
        : kiosk.unsynced > 0
          ? text.sending(count(kiosk.unsynced, lang))
          : null;
  return (
    <li>
      <Mark tone={tone} />
      <div>
        <p>
          <b>{text.counter(kiosk.counter.number)}</b>
          <span className={tone === 'critical' ? 'now-state flag-critical' : 'now-state'}>{state}</span>
        </p>
        <p className="muted small">
          {[kiosk.officer ?? kiosk.counter.name, panelWrong ? panel : null, unsent]
            .filter((each) => each !== null)
            .join(' · ')}
        </p>
      </div>
    </li>
  );
}

export function CamerasNow({ value }: { value: DashboardAnswer }): ReactNode {
  const text = useText(dashboardText);
  const lang = useLang();
  const { cameras } = value.live;
  return (
    <section className="panel now">
      <div className="panel-head">
        <h2>{text.cameras}</h2>
      </div>
      {cameras.length === 0 ? (
        <Empty head={text.noCameras} />
      ) : (
        <ul>
          {cameras.map((camera) => {
            const tone: Tone =
              camera.state === 'recording'
                ? 'ok'
                : camera.state === 'down'
                  ? 'critical'
                  : camera.state === 'off'
                    ? 'idle'
                    : 'attention';
            return (
              <li key={camera.id}>
                <Mark tone={tone} />
                <div>
                  <p>
                    <b>{camera.name}</b>
                    <span className={tone === 'critical' ? 'now-state flag-critical' : 'now-state'}>
                      {text.cameraState[camera.state]}
                    </span>
                  </p>
                  {camera.code && (
                    <p className="muted small">
                      {isErrorCode(camera.code) ? ERRORS[camera.code][lang] : camera.code}
                    </p>
                  )}
                </div>
              </li>
            );
          })}
        </ul>
      )}
    </section>
  );
}
