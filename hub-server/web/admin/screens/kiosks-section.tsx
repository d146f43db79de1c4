/** What every kiosk of the office offers beside its form: walk-ups, last month's figures, a further language; and reasons. */
import type { KioskSettings } from '@hailong/shared/protocol/instruments.ts';
import type { ReactNode } from 'react';
import { useEffect, useState } from 'react';
import { call } from '../../common/api.ts';
import { addMonths, monthName, monthOf } from '../../common/format.ts';
import { useText } from '../../common/lang.ts';
import { Field, Key, Loading, ProblemNote } from '../../common/parts.tsx';
import { useLoad } from '../../common/use-load.ts';
import type { Problem } from '../../common/wire.ts';
import { words } from '../../common/words.ts';
import { NumberField } from '../fields/number-field.tsx';
import { SaveFoot } from '../fields/save-foot.tsx';
import { useSave } from '../fields/use-save.ts';
import { instrumentsText } from '../instruments/instruments-text.ts';
import { adminText } from '../text.ts';
import { ReasonsPanel } from './reasons-panel.tsx';

type LastMonth = NonNullable<KioskSettings['lastMonth']>;
const MINUTE_MS = 60_000;
const DEFAULT_INTERVAL_MS = MINUTE_MS;
/** The one in the window's code beside Vietnamese and English. */
const FURTHER = 'fr';

const monthBefore = (): string => addMonths(monthOf(Date.now()), -1);

/** The year before this month, newest first, and the one that is held. */
function monthsToChoose(held: string): string[] {
  const months = Array.from({ length: 12 }, (_, by) => addMonths(monthBefore(), -by));
  return months.includes(held) ? months : [...months, held];
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

/** Fills in what the hub's own cases say of the month; the administrator looks at it, changes it, and saves. */
function OwnFigures({ month, onTake }: { month: string; onTake: (figures: LastMonth) => void }): ReactNode {
  const text = useText(instrumentsText);
  const common = useText(words);
  const [busy, setBusy] = useState(false);
  const [taken, setTaken] = useState<LastMonth | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const take = async (): Promise<void> => {
    setBusy(true);
    const answer = await call<LastMonth>('GET', `/api/v1/admin/month-cases?month=${month}`);
    setBusy(false);
    setProblem(answer.ok ? null : answer.problem);
    setTaken(answer.ok ? answer.value : null);
    if (answer.ok) onTake(answer.value);
  };
  return (
    <>
      <div className="keys">
        <Key busy={busy} onPress={() => void take()}>
          {busy ? common.wait : text.takeFigures}
        </Key>
      </div>
      <p className="hint" role="status">
        {taken?.month === month
          ? text.takenFigures(monthName(month), taken.received, taken.mended)
          : text.takeFiguresHint}
      </p>
      {problem && <ProblemNote problem={problem} />}
    </>
  );
}

function SettingsForm({ held }: { held: KioskSettings }): ReactNode {
  const text = useText(instrumentsText);
  const saving = useSave('/api/v1/admin/kiosk-settings');
  const [settings, setSettings] = useState(held);
  useEffect(() => setSettings(held), [held]);
  const set = (change: Partial<KioskSettings>): void => {
    saving.touched();
    setSettings((now) => ({ ...now, ...change }));
  };
  /** The hub counts for a while: what was changed meanwhile stays, and another month by now has no use for these figures. */
  const take = (taken: LastMonth): void => {
    saving.touched();
    setSettings((now) => (now.lastMonth?.month === taken.month ? { ...now, lastMonth: taken } : now));
  };
  const { walkup, lastMonth, languages, pinDays, voices } = settings;
  const check = (isOn: boolean, label: string, turn: (isOn: boolean) => void): ReactNode => (
    <label className="check">
      <input type="checkbox" checked={isOn} onChange={(event) => turn(event.target.checked)} />
      {label}
    </label>
  );
  return (
    <form onSubmit={(event) => void saving.submit(event, settings)}>
      <fieldset className="edit-part">
        <legend>{text.walkup}</legend>
        {check(walkup !== null, text.walkupOn, (isOn) =>
          set({ walkup: isOn ? { minIntervalMs: DEFAULT_INTERVAL_MS } : null }),
        )}
        <p className="hint">{text.walkupHint}</p>
        {walkup && (
          <div className="edit-times">
            <NumberField
              label={text.walkupMinutes}
              value={walkup.minIntervalMs / MINUTE_MS}
              bounds={[0, 60]}
              onChange={(minutes) => set({ walkup: { minIntervalMs: minutes * MINUTE_MS } })}
            />
          </div>
        )}
      </fieldset>
      <fieldset className="edit-part">
        <legend>{text.lastMonth}</legend>
        {check(lastMonth !== null, text.lastMonthOn, (isOn) =>
          set({ lastMonth: isOn ? { month: monthBefore(), received: 0, mended: 0 } : null }),
        )}
        {lastMonth && (
          <>
            <div className="edit-times">
              <Field label={text.month}>
                {(tied) => (
                  <select
                    {...{ ...tied, value: lastMonth.month }}
                    onChange={(event) => set({ lastMonth: { ...lastMonth, month: event.target.value } })}
                  >
                    {monthsToChoose(lastMonth.month).map((each) => (
                      <option key={each} value={each}>
                        {monthName(each)}
                      </option>
                    ))}
                  </select>
                )}
              </Field>
              <NumberField
                label={text.received}
                value={lastMonth.received}
                bounds={[0, 99_999]}
                onChange={(received) => set({ lastMonth: { ...lastMonth, received } })}
              />
              <NumberField
                label={text.mended}
                value={lastMonth.mended}
                bounds={[0, 99_999]}
                onChange={(mended) => set({ lastMonth: { ...lastMonth, mended } })}
              />
            </div>
            <OwnFigures month={lastMonth.month} onTake={take} />
          </>
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
          <NumberField
            label={text.pinDays}
            value={pinDays}
            bounds={[0, 90]}
            onChange={(days) => set({ pinDays: days })}
          />
        </div>
        <p className="hint">{text.pinHint}</p>
      </fieldset>
      <p className="hint">{text.notice}</p>
      <SaveFoot saving={saving} done={text.done} />
    </form>
  );
}
