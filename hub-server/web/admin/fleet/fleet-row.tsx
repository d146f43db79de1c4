/** One kiosk: where it stands, what is wrong with what to do, and on demand all it said of itself. */
import { ERRORS, isErrorCode } from '@hailong/shared/errors.ts';
import type { FleetRow as Row } from '@hailong/shared/protocol/fleet.ts';
import type { ReactNode } from 'react';
import { useState } from 'react';
import { count, length, shortTime } from '../../common/format.ts';
import { useLang, useText } from '../../common/lang.ts';
import { Key, Mark, type Tone } from '../../common/parts.tsx';
import { useNow } from '../../common/use-now.ts';
import { words } from '../../common/words.ts';
import { adminText } from '../text.ts';
import { fleetText } from './fleet-text.ts';
import { ReloadKey } from './reload-key.tsx';

type Alarm = Row['alarms'][number];
type Panel = keyof (typeof words)['vi']['panels'];

const MIB = 1_048_576;
const TONES: Readonly<Record<number, Tone>> = { 1: 'attention', 2: 'critical' };

export function FleetRow({
  row,
  onAcknowledge,
}: {
  row: Row;
  onAcknowledge: (device: string, code: string) => Promise<void>;
}): ReactNode {
  const text = useText(fleetText);
  const admin = useText(adminText);
  const common = useText(words);
  const lang = useLang();
  const now = useNow(30_000);
  const [isOpen, setOpen] = useState(false);
  const worst = Math.max(0, ...row.alarms.map(({ severity }) => severity));
  const tone: Tone = row.revokedAt !== null ? 'idle' : (TONES[worst] ?? 'ok');
  const panel = row.status?.panel ?? 'none';
  const unsynced = row.status?.unsynced ?? 0;
  return (
    <li>
      <div className="fleet-line">
        <div className="fleet-where">
          <Mark tone={tone} />
          <div>
            <b>{admin.codeFor(admin.kinds.kiosk, row.counter)}</b>
            <p className="muted small">
              {[row.counterName, row.unit].filter((each) => each !== '').join(' · ')}
            </p>
          </div>
        </div>
        <div className="fleet-alarms">
          {row.alarms.length === 0 && (
            <p>{row.revokedAt === null ? text.well : `${admin.revoked}, ${shortTime(row.revokedAt, now)}`}</p>
          )}
          {row.alarms.map((alarm) => (
            <AlarmLine
              key={alarm.code}
              {...{ alarm, now }}
              counter={row.counter}
              onAcknowledge={() => onAcknowledge(row.device, alarm.code)}
            />
          ))}
        </div>
        <dl className="fleet-facts">
          <div>
            <dt>{admin.lastSeen}</dt>
            <dd>
              {row.online
                ? admin.online
                : row.lastSeenAt === null
                  ? text.never
                  : shortTime(row.lastSeenAt, now)}
            </dd>
          </div>
          <div>
            <dt>{admin.unsynced}</dt>
            <dd>
              {unsynced === 0
                ? '0'
                : text.unsyncedFor(count(unsynced, lang), length(row.status?.oldestUnsyncedMs ?? 0, lang))}
            </dd>
          </div>
          <div>
            <dt>{text.panel}</dt>
            <dd>{panel in common.panels ? common.panels[panel as Panel] : panel}</dd>
          </div>
          <div>
            <dt>{admin.build}</dt>
            <dd>{row.build || '–'}</dd>
          </div>
        </dl>
        <Key label={text.moreOf(row.counter)} pressed={isOpen} onPress={() => setOpen(!isOpen)}>
          {text.more}
        </Key>
      </div>
      {isOpen && <Details row={row} />}
      {isOpen && row.revokedAt === null && (
        <div className="keys fleet-reload">
          <ReloadKey whose={{ kind: 'device', device: row.device }} label={text.reloadOf(row.counter)} />
        </div>
      )}
    </li>
  );
}

function AlarmLine({
  alarm,
  counter,
  now,
  onAcknowledge,
}: {
  alarm: Alarm;
  counter: string;
  now: number;
  onAcknowledge: () => Promise<void>;
}): ReactNode {
  const text = useText(fleetText);
  const lang = useLang();
  const [busy, setBusy] = useState(false);
  const said = isErrorCode(alarm.code) ? ERRORS[alarm.code] : null;
  const sentence = said?.[lang] ?? alarm.code;
  return (
    <div className="fleet-alarm" data-code={alarm.code}>
      <p>
        <span className={alarm.severity === 2 ? 'fleet-critical' : 'fleet-attention'}>{sentence}</span>
        {alarm.detail !== '' && <span className="muted"> [{alarm.detail}]</span>}
        <span className="muted"> {text.since(shortTime(alarm.openedAt, now))}</span>
      </p>
      {alarm.acknowledgedAt === null ? (
        <>
          <p className="muted small">{said?.remedy[lang]}</p>
          <Key
            className="key-small"
            busy={busy}
            label={text.acknowledgeOf(sentence, counter)}
            onPress={() => {
              setBusy(true);
              void onAcknowledge().finally(() => setBusy(false));
            }}
          >
            {text.acknowledge}
          </Key>
        </>
      ) : (
        <p className="muted small">
          {text.acknowledged(alarm.acknowledgedBy ?? '', shortTime(alarm.acknowledgedAt, now))}
        </p>
      )}
    </div>
  );
}

function Details({ row }: { row: Row }): ReactNode {
  const text = useText(fleetText);
  const lang = useLang();
  const { status, wantedRevision } = row;
  const lines: [string, string][] = [[text.device, row.device]];
  if (status) {
    const { health, storage, configRevision, diskFreeBytes } = status;
    const mib = (bytes: number): string => `${count(Math.round(bytes / MIB), lang)} MiB`;
    const has = String(configRevision);
    lines.push([
      text.config,
      row.confirmed ? text.configDone(has) : text.configIs(has, String(wantedRevision)),
    ]);
    if (diskFreeBytes !== null) lines.push([text.disk, mib(diskFreeBytes)]);
    if (storage)
      lines.push(
        [text.used, `${mib(storage.usedBytes)} / ${mib(storage.budgetBytes)}`],
        [text.ballast, mib(storage.ballastBytes)],
      );
    lines.push([text.windows, String(status.screens)]);
    if (health) {
      const { panel, witness } = health;
      if (panel) {
        lines.push(
          [text.panel, [panel.family, panel.hwid].filter((each) => each !== null).join(' · ')],
          [text.port, panel.path ?? '–'],
          [text.firmware, panel.firmware ?? '–'],
          [text.abilities, panel.capabilities.join(', ')],
        );
        if (panel.lastFault)
          lines.push([
            text.lastFault,
            `${panel.lastFault.code}, ${text.ago(length(panel.lastFault.agoMs, lang))}`,
          ]);
      }
      const { reload, window } = health;
      if (window) {
        const { shell, version, restarts, shown } = window;
        lines.push(
          [
            text.shell,
            shell === 'none' ? text.noShell : [version ?? shell, text.restarts(restarts)].join(', '),
          ],
          [
            text.lastFrame,
            shown
              ? `${text.screens[shown.screen] ?? shown.screen}, ${text.ago(length(shown.agoMs, lang))}`
              : text.noFrame,
          ],
        );
      }
      if (reload)
        lines.push([
          text.reloads,
          [text.reloadsAre(String(reload.done)), ...(reload.isWaiting ? [text.reloadWaits] : [])].join(', '),
        ]);
      lines.push(
        [
          text.clock,
          health.clockBoundMs === null ? text.noAnchor : `± ${count(health.clockBoundMs, lang)} ms`,
        ],
        [
          text.witness,
          text.witnessIs(witness.size === null ? '–' : count(witness.size, lang), String(witness.refusals)),
        ],
        [text.up, length(health.upMs, lang)],
        [text.epoch, health.epoch],
        [text.runtime, health.runtime],
      );
    }
  }
  return (
    <dl className="fleet-details">
      {lines.map(([name, said]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{said}</dd>
        </div>
      ))}
    </dl>
  );
}
