/** What an office wants to be alarmed about: opening hours and limits. */
import type { FleetRule } from '@hailong/shared/protocol/fleet.ts';
import type { ReactNode } from 'react';
import { useEffect, useState } from 'react';
import { useText } from '../../common/lang.ts';
import { Field, Loading, ProblemNote } from '../../common/parts.tsx';
import { useLoad } from '../../common/use-load.ts';
import { DaysField, OpenFields } from '../fields/hours-fields.tsx';
import { NumberField } from '../fields/number-field.tsx';
import { SaveFoot } from '../fields/save-foot.tsx';
import { useSave } from '../fields/use-save.ts';
import { adminText } from '../text.ts';
import { fleetText } from './fleet-text.ts';

const MINUTE_MS = 60_000;
const MIB = 1_048_576;
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
  const saving = useSave('/api/v1/admin/fleet-rule');
  const [rule, setRule] = useState(held);
  useEffect(() => setRule(held), [held]);
  const set = (change: Partial<FleetRule>): void => {
    saving.touched();
    setRule({ ...rule, ...change });
  };
  return (
    <form onSubmit={(event) => void saving.submit(event, rule)}>
      <div className="fleet-rule">
        <OpenFields value={rule} onChange={set} />
        <NumberField
          label={text.unseen}
          value={rule.unseenMs / MINUTE_MS}
          bounds={[1, 10_080]}
          onChange={(minutes) => set({ unseenMs: minutes * MINUTE_MS })}
        />
        <NumberField
          label={text.unsynced}
          value={rule.unsyncedMs / MINUTE_MS}
          bounds={[1, 43_200]}
          onChange={(minutes) => set({ unsyncedMs: minutes * MINUTE_MS })}
        />
        <NumberField
          label={text.diskFree}
          value={Math.round(rule.diskFreeBytes / MIB)}
          bounds={[0, 1_048_576]}
          onChange={(mib) => set({ diskFreeBytes: mib * MIB })}
        />
        <NumberField
          label={text.clockBound}
          value={rule.clockBoundMs}
          bounds={[100, 3_600_000]}
          onChange={(clockBoundMs) => set({ clockBoundMs })}
        />
        <Field label={text.build} hint={text.buildHint}>
          {(tied) => (
            <input
              {...{ ...tied, value: rule.build ?? '', maxLength: 64, placeholder: 'hailong-kiosk/1.2.0' }}
              onChange={(event) => set({ build: event.target.value === '' ? null : event.target.value })}
            />
          )}
        </Field>
      </div>
      <DaysField days={rule.days} onChange={set} />
      <SaveFoot saving={saving} done={admin.saved} />
    </form>
  );
}
