/** What an office wants to be alarmed about: opening hours and limits. */
import type { FleetRule } from '@hailong/shared/protocol/fleet.ts';
import type { FormEvent, ReactNode } from 'react';
import { useEffect, useState } from 'react';
import { call } from '../common/api.ts';
import { useText } from '../common/lang.ts';
import { Field, Key, Loading, Note, ProblemNote } from '../common/parts.tsx';
import { useLoad } from '../common/use-load.ts';
import type { Problem } from '../common/wire.ts';
import { words } from '../common/words.ts';
import { fleetText } from './fleet-text.ts';
import { adminText } from './text.ts';

const MINUTE_MS = 60_000;
const MIB = 1_048_576;
const pad = (value: number): string => String(value).padStart(2, '0');
const clockOf = (minutes: number): string => `${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`;
const minutesOf = (clock: string): number => {
  const [hours = 0, minutes = 0] = clock.split(':').map(Number);
  return hours * 60 + minutes;
};

export function FleetRulePanel(): ReactNode {
  const text = useText(fleetText);
  const held = useLoad<FleetRule>('/api/v1/admin/fleet-rule');
  return (
    <section className="panel admin-card">
      <h2>{text.ruleHead}</h2>
      {held.problem && <ProblemNote problem={held.problem} retry={() => void held.reload()} />}
      {held.loading && <Loading />}
      {held.value && <RuleForm held={held.value} />}
    </section>
  );
}

function RuleForm({ held }: { held: FleetRule }): ReactNode {
  const text = useText(fleetText);
  const admin = useText(adminText);
  const common = useText(words);
  const [rule, setRule] = useState(held);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [done, setDone] = useState(false);
  useEffect(() => setRule(held), [held]);
  const set = (change: Partial<FleetRule>): void => {
    setDone(false);
    setRule({ ...rule, ...change });
  };
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    const answer = await call('PUT', '/api/v1/admin/fleet-rule', rule);
    setBusy(false);
    setDone(answer.ok);
    setProblem(answer.ok ? null : answer.problem);
  };
  const time = (label: string, value: number, turn: (minutes: number) => void): ReactNode => (
    <Field label={label}>
      {(id) => (
        <input
          {...{ id, type: 'time', required: true, value: clockOf(value) }}
          onChange={(event) => turn(minutesOf(event.target.value))}
        />
      )}
    </Field>
  );
  const number = (
    label: string,
    value: number,
    [min, max]: [number, number],
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
      <div className="fleet-rule">
        {time(text.opens, rule.opensMin, (opensMin) => set({ opensMin }))}
        {time(text.closes, rule.closesMin, (closesMin) => set({ closesMin }))}
        {number(text.unseen, rule.unseenMs / MINUTE_MS, [1, 10_080], (minutes) =>
          set({ unseenMs: minutes * MINUTE_MS }),
        )}
        {number(text.unsynced, rule.unsyncedMs / MINUTE_MS, [1, 43_200], (minutes) =>
          set({ unsyncedMs: minutes * MINUTE_MS }),
        )}
        {number(text.diskFree, Math.round(rule.diskFreeBytes / MIB), [0, 1_048_576], (mib) =>
          set({ diskFreeBytes: mib * MIB }),
        )}
        {number(text.clockBound, rule.clockBoundMs, [100, 3_600_000], (clockBoundMs) =>
          set({ clockBoundMs }),
        )}
        <Field label={text.build} hint={text.buildHint}>
          {(id) => (
            <input
              {...{ id, value: rule.build ?? '', maxLength: 64, placeholder: 'hailong-kiosk/1.2.0' }}
              onChange={(event) => set({ build: event.target.value === '' ? null : event.target.value })}
            />
          )}
        </Field>
      </div>
      <fieldset className="edit-part">
        <legend>{text.days}</legend>
        <div className="fleet-days">
          {text.dayNames.map((name, day) => (
            <label key={name} className="check">
              <input
                type="checkbox"
                checked={(rule.days & (1 << day)) !== 0}
                onChange={() => set({ days: rule.days ^ (1 << day) })}
              />
              {name}
            </label>
          ))}
        </div>
      </fieldset>
      {problem && <ProblemNote problem={problem} />}
      {done && <Note tone="ok" head={admin.saved} />}
      <div className="keys">
        <Key main submit busy={busy}>
          {busy ? common.wait : common.save}
        </Key>
      </div>
    </form>
  );
}
