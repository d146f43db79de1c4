/** The office's reasons for outcomes that ask nobody: renamed, moved up, switched off, added; never removed. */
import type { OfficeReasons } from '@hailong/shared/protocol/instruments.ts';
import type { FormEvent, ReactNode } from 'react';
import { useEffect, useState } from 'react';
import { useLang, useText } from '../../common/lang.ts';
import { Key, Loading, ProblemNote } from '../../common/parts.tsx';
import { useLoad } from '../../common/use-load.ts';
import { words } from '../../common/words.ts';
import { BilingualRow } from '../fields/bilingual-row.tsx';
import { SaveFoot } from '../fields/save-foot.tsx';
import { useSave } from '../fields/use-save.ts';
import { instrumentsText } from '../instruments/instruments-text.ts';

type Reason = OfficeReasons['reasons'][number];
/** In the order of the keys at the station. */
const OUTCOMES = ['no_show', 'test', 'accident'] as const;
const REASONS_MAX = 60;

export function ReasonsPanel(): ReactNode {
  const text = useText(instrumentsText);
  const held = useLoad<OfficeReasons>('/api/v1/admin/reasons');
  return (
    <section className="panel admin-card">
      <h2>{text.reasons}</h2>
      <p className="hint">{text.reasonsWhy}</p>
      {held.loading && <Loading />}
      {held.problem && <ProblemNote problem={held.problem} retry={() => void held.reload()} />}
      {held.value && <ReasonsForm held={held.value.reasons} />}
    </section>
  );
}

function freshKey(reasons: readonly Reason[]): string {
  for (let n = 1; ; n += 1) {
    const key = `ly_do_${n}`;
    if (!reasons.some((each) => each.key === key)) return key;
  }
}

function ReasonsForm({ held }: { held: readonly Reason[] }): ReactNode {
  const text = useText(instrumentsText);
  const common = useText(words);
  const saving = useSave('/api/v1/admin/reasons');
  const lang = useLang();
  /** What the hub holds as far as this page knows; it refuses a list that was begun on another one. */
  const [base, setBase] = useState(held);
  const [reasons, setReasons] = useState(held);
  useEffect(() => {
    setBase(held);
    setReasons(held);
  }, [held]);
  const submit = async (event: FormEvent): Promise<void> => {
    const answer = await saving.submit<OfficeReasons>(event, { base, reasons });
    if (answer?.ok) setBase(answer.value.reasons);
  };
  const change = (next: readonly Reason[]): void => {
    saving.touched();
    setReasons(next);
  };
  const set = (key: string, what: Partial<Reason>): void =>
    change(reasons.map((each) => (each.key === key ? { ...each, ...what } : each)));
  const up = (reason: Reason, before: Reason): void =>
    change(reasons.map((each) => (each === reason ? before : each === before ? reason : each)));
  return (
    <form onSubmit={(event) => void submit(event)}>
      {OUTCOMES.map((outcome) => {
        const of = reasons.filter((each) => each.outcome === outcome);
        return (
          <fieldset className="edit-part" key={outcome}>
            <legend>{common.outcomes[outcome]}</legend>
            {of.length === 0 && <p className="hint">{text.noReasons}</p>}
            {of.map((reason, at) => {
              const before = of[at - 1];
              return (
                <BilingualRow
                  key={reason.key}
                  label={text.reason}
                  value={reason.name}
                  onChange={(name) => set(reason.key, { name })}
                >
                  <span className="both-more">
                    <label className="check small">
                      <input
                        type="checkbox"
                        checked={reason.active}
                        onChange={(event) => set(reason.key, { active: event.target.checked })}
                      />
                      {text.active}
                    </label>
                    {before && (
                      <Key
                        className="key-link"
                        onPress={() => up(reason, before)}
                        label={text.upOf(reason.name[lang])}
                      >
                        {text.up}
                      </Key>
                    )}
                  </span>
                </BilingualRow>
              );
            })}
            {reasons.length < REASONS_MAX && (
              <div className="keys">
                <Key
                  onPress={() =>
                    change([
                      ...reasons,
                      { key: freshKey(reasons), outcome, name: { vi: '', en: '' }, active: true },
                    ])
                  }
                >
                  {text.addReason}
                </Key>
              </div>
            )}
          </fieldset>
        );
      })}
      <SaveFoot saving={saving} done={text.done} />
    </form>
  );
}
