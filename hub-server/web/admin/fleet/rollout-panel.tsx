/** How a change of forms, texts and settings goes to kiosks: all at once, or group by group with a way back. */
import type { Counter } from '@hailong/shared/model/directory.ts';
import type { RolloutAnswer } from '@hailong/shared/protocol/fleet.ts';
import type { FormEvent, ReactNode } from 'react';
import { useEffect, useState } from 'react';
import { call } from '../../common/api.ts';
import { count, dateTime } from '../../common/format.ts';
import { useLang, useText } from '../../common/lang.ts';
import { Field, Key, Loading, Note, ProblemNote } from '../../common/parts.tsx';
import { useLoad } from '../../common/use-load.ts';
import type { AdminLists, Problem } from '../../common/wire.ts';
import { NumberField } from '../fields/number-field.tsx';
import { SaveFoot } from '../fields/save-foot.tsx';
import { useSave } from '../fields/use-save.ts';
import { rolloutText } from './rollout-text.ts';

const MINUTE_MS = 60_000;
const ASK_MS = 15_000;
const STAGES_MAX = 3;

export function RolloutPanel(): ReactNode {
  const text = useText(rolloutText);
  const held = useLoad<RolloutAnswer>('/api/v1/admin/rollout');
  const counters = useLoad<AdminLists['counters']>('/api/v1/admin/counters').value?.items ?? null;
  const { reload } = held;
  useEffect(() => {
    const timer = window.setInterval(() => void reload(), ASK_MS);
    return () => window.clearInterval(timer);
  }, [reload]);
  return (
    <section className="panel admin-card rollout">
      <h2>{text.head}</h2>
      <p className="muted">{text.why}</p>
      {held.problem && <ProblemNote problem={held.problem} retry={() => void reload()} />}
      {held.loading && <Loading />}
      {held.value && <State held={held.value} changed={() => void reload()} />}
      {held.value && counters && (
        <RuleForm held={held.value} {...{ counters }} changed={() => void reload()} />
      )}
    </section>
  );
}

function State({ held, changed }: { held: RolloutAnswer; changed: () => void }): ReactNode {
  const text = useText(rolloutText);
  const lang = useLang();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const { rollout, rule, stages } = held;
  if (!rollout || rule.stages === 1) return <p>{text.off}</p>;
  const decide = async (what: 'force' | 'retry'): Promise<void> => {
    setBusy(true);
    const answer = await call('POST', '/api/v1/admin/rollout/decide', { what });
    setBusy(false);
    setProblem(answer.ok ? null : answer.problem);
    changed();
  };
  const [why = '', how = ''] = (rollout.reason ?? '').split(' ');
  const head =
    rollout.state === 'done'
      ? text.done(String(rollout.to))
      : rollout.state === 'running'
        ? text.running(
            String(rollout.to),
            String(rollout.stage),
            String(rule.stages),
            dateTime(rollout.stageAt),
          )
        : text.back(String(rollout.to), String(rollout.from), dateTime(rollout.stageAt));
  return (
    <>
      <Note
        tone={rollout.state === 'done' ? 'ok' : rollout.state === 'running' ? 'attention' : 'critical'}
        head={head}
      >
        {rollout.state === 'rolled_back' && <p>{why === 'health' ? text.ill(how) : text.unconfirmed(how)}</p>}
        <ul className="note-where">
          {stages.map((each) => (
            <li key={each.stage}>
              {text.confirmed(String(each.stage), count(each.confirmed, lang), count(each.kiosks, lang))}
            </li>
          ))}
        </ul>
      </Note>
      {problem && <ProblemNote problem={problem} />}
      {rollout.state !== 'done' && (
        <div className="keys">
          {rollout.state === 'rolled_back' && (
            <Key busy={busy} onPress={() => void decide('retry')}>
              {text.retry}
            </Key>
          )}
          <Key busy={busy} onPress={() => void decide('force')}>
            {text.force}
          </Key>
        </div>
      )}
    </>
  );
}

function RuleForm({
  held,
  counters,
  changed,
}: {
  held: RolloutAnswer;
  counters: readonly Counter[];
  changed: () => void;
}): ReactNode {
  const text = useText(rolloutText);
  const saving = useSave('/api/v1/admin/rollout');
  const [rule, setRule] = useState(held.rule);
  const [typed, setTyped] = useState<readonly string[]>([]);
  const [unknown, setUnknown] = useState('');
  const saved = JSON.stringify([held.rule, held.groups]);
  useEffect(() => {
    const [was, groups] = JSON.parse(saved) as [RolloutAnswer['rule'], RolloutAnswer['groups']];
    setRule(was);
    setTyped(
      Array.from({ length: STAGES_MAX - 1 }, (_, n) =>
        groups
          .filter(({ stage }) => stage === n + 1)
          .map(({ counterId }) => counters.find(({ id }) => id === counterId)?.number ?? counterId)
          .join(', '),
      ),
    );
  }, [saved, counters]);
  const submit = async (event: FormEvent): Promise<void> => {
    const groups: { counterId: string; stage: number }[] = [];
    const missing: string[] = [];
    typed.slice(0, rule.stages - 1).forEach((list, n) => {
      for (const number of list.split(/[,;\s]+/).filter((each) => each !== '')) {
        const found = counters.filter((each) => each.number.toUpperCase() === number.toUpperCase());
        if (found.length === 0) missing.push(number);
        for (const { id } of found) groups.push({ counterId: id, stage: n + 1 });
      }
    });
    setUnknown(missing.join(', '));
    if ((await saving.submit(event, missing.length > 0 ? null : { rule, groups })) !== null) changed();
  };
  return (
    <form onSubmit={(event) => void submit(event)} onChange={saving.touched}>
      <div className="fleet-rule">
        <Field label={text.stages}>
          {(tied) => (
            <select
              {...tied}
              value={rule.stages}
              onChange={(event) => setRule({ ...rule, stages: Number(event.target.value) })}
            >
              {[1, 2, STAGES_MAX].map((each) => (
                <option key={each} value={each}>
                  {each === 1 ? text.atOnce : text.groups(String(each))}
                </option>
              ))}
            </select>
          )}
        </Field>
        {rule.stages > 1 && (
          <>
            <NumberField
              label={text.soak}
              value={rule.soakMs / MINUTE_MS}
              bounds={[1, 10_080]}
              onChange={(n) => setRule({ ...rule, soakMs: n * MINUTE_MS })}
            />
            <NumberField
              label={text.confirm}
              value={rule.confirmMs / MINUTE_MS}
              bounds={[1, 1_440]}
              onChange={(n) => setRule({ ...rule, confirmMs: n * MINUTE_MS })}
            />
            <NumberField
              label={text.share}
              value={rule.sickShare}
              bounds={[0, 100]}
              onChange={(sickShare) => setRule({ ...rule, sickShare })}
            />
          </>
        )}
      </div>
      {typed.slice(0, rule.stages - 1).map((list, n) => (
        <Field
          // biome-ignore lint/suspicious/noArrayIndexKey: the place in the list is the group
          key={n}
          label={text.group(String(n + 1))}
          hint={text.groupHint}
        >
          {(tied) => (
            <input
              {...{ ...tied, value: list }}
              onChange={(event) => setTyped(typed.map((each, at) => (at === n ? event.target.value : each)))}
            />
          )}
        </Field>
      ))}
      {unknown !== '' && <Note tone="critical" head={text.unknown(unknown)} />}
      <SaveFoot saving={saving} done={text.saved} />
    </form>
  );
}
