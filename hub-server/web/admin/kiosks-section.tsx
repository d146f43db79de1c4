/** What every kiosk of the office offers beside its form: walk-ups, last month's figures, a further language; and reasons. */
import type { KioskSettings } from '@hailong/shared/protocol/instruments.ts';
import type { FormEvent, ReactNode } from 'react';
import { useEffect, useState } from 'react';
import { call } from '../common/api.ts';
import { useText } from '../common/lang.ts';
import { Field, Key, Loading, Note, ProblemNote } from '../common/parts.tsx';
import { useLoad } from '../common/use-load.ts';
import type { Problem } from '../common/wire.ts';
import { words } from '../common/words.ts';
import { instrumentsText } from './instruments-text.ts';
import { ReasonsPanel } from './reasons-panel.tsx';
import { adminText } from './text.ts';

const MINUTE_MS = 60_000;
const DEFAULT_INTERVAL_MS = MINUTE_MS;
/** The one in the window's code beside Vietnamese and English. */
const FURTHER = 'fr';

function monthBefore(): string {
  const now = new Date();
  const before = new Date(now.getFullYear(), now.getMonth() - 1, 1);
  return `${before.getFullYear()}-${String(before.getMonth() + 1).padStart(2, '0')}`;
}

export function KiosksSection(): ReactNode {
  const text = useText(instrumentsText);
  const admin = useText(adminText);
  const held = useLoad<KioskSettings>('/api/v1/admin/kiosk-settings');
  return (
    <>
      <h1>{admin.sections.kiosks}</h1>
      <p className="muted">{text.kiosksWhy}</p>
      {held.problem && <ProblemNote problem={held.problem} retry={() => void held.reload()} />}
      <section className="panel admin-card">
        {held.loading && <Loading />}
        {held.value && <SettingsForm held={held.value} />}
      </section>
      <ReasonsPanel />
    </>
  );
}

function SettingsForm({ held }: { held: KioskSettings }): ReactNode {
  const text = useText(instrumentsText);
  const common = useText(words);
  const [settings, setSettings] = useState(held);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [done, setDone] = useState(false);
  useEffect(() => setSettings(held), [held]);
  const set = (change: Partial<KioskSettings>): void => {
    setDone(false);
    setSettings({ ...settings, ...change });
  };
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    const answer = await call('PUT', '/api/v1/admin/kiosk-settings', settings);
    setBusy(false);
    setDone(answer.ok);
    setProblem(answer.ok ? null : answer.problem);
  };
  const { walkup, lastMonth, languages, pinDays, voices } = settings;
  const check = (isOn: boolean, label: string, turn: (isOn: boolean) => void): ReactNode => (
    <label className="check">
      <input type="checkbox" checked={isOn} onChange={(event) => turn(event.target.checked)} />
      {label}
    </label>
  );
  const number = (
    label: string,
    value: number,
    [min, max]: readonly [number, number],
    turn: (n: number) => void,
  ): ReactNode => (
    <Field label={label}>
      {(id) => (
        <input
          {...{ id, min, max, value, type: 'number', required: true }}
          onChange={(event) => turn(Math.round(Number(event.target.value)))}
        />
      )}
    </Field>
  );
  return (
    <form onSubmit={(event) => void submit(event)}>
      <fieldset className="edit-part">
        <legend>{text.walkup}</legend>
        {check(walkup !== null, text.walkupOn, (isOn) =>
          set({ walkup: isOn ? { minIntervalMs: DEFAULT_INTERVAL_MS } : null }),
        )}
        <p className="hint">{text.walkupHint}</p>
        {walkup && (
          <div className="edit-times">
            {number(text.walkupMinutes, walkup.minIntervalMs / MINUTE_MS, [0, 60], (minutes) =>
              set({ walkup: { minIntervalMs: minutes * MINUTE_MS } }),
            )}
          </div>
        )}
      </fieldset>
      <fieldset className="edit-part">
        <legend>{text.lastMonth}</legend>
        {check(lastMonth !== null, text.lastMonthOn, (isOn) =>
          set({ lastMonth: isOn ? { month: monthBefore(), received: 0, mended: 0 } : null }),
        )}
        {lastMonth && (
          <div className="edit-times">
            <Field label={text.month}>
              {(id) => (
                <input
                  {...{ id, type: 'month', required: true, value: lastMonth.month }}
                  onChange={(event) => set({ lastMonth: { ...lastMonth, month: event.target.value } })}
                />
              )}
            </Field>
            {number(text.received, lastMonth.received, [0, 99_999], (received) =>
              set({ lastMonth: { ...lastMonth, received } }),
            )}
            {number(text.mended, lastMonth.mended, [0, 99_999], (mended) =>
              set({ lastMonth: { ...lastMonth, mended } }),
            )}
          </div>
        )}
      </fieldset>
      <fieldset className="edit-part">
        <legend>{text.languages}</legend>
        {check(languages.includes(FURTHER), text.french, (isOn) =>
          set({ languages: isOn ? [...languages, FURTHER] : languages.filter((each) => each !== FURTHER) }),
        )}
      </fieldset>
      <fieldset className="edit-part">
        <legend>{text.voices}</legend>
        {check(voices, text.voicesOn, (isOn) => set({ voices: isOn }))}
        <p className="hint">{text.voicesHint}</p>
      </fieldset>
      <fieldset className="edit-part">
        <legend>{text.pin}</legend>
        <div className="edit-times">
          {number(text.pinDays, pinDays, [0, 90], (days) => set({ pinDays: days }))}
        </div>
        <p className="hint">{text.pinHint}</p>
      </fieldset>
      <p className="hint">{text.notice}</p>
      {problem && <ProblemNote problem={problem} />}
      {done && <Note tone="ok" head={text.done} />}
      <div className="keys">
        <Key main submit busy={busy}>
          {busy ? common.wait : common.save}
        </Key>
      </div>
    </form>
  );
}
