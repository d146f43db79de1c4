/** The office's notices on kiosks at rest: written, dated, ordered, for all counters or for those of units; seen before they are saved. */
import type { HeldNotice, NoticesAnswer } from '@hailong/shared/protocol/notices.ts';
import type { ReactNode } from 'react';
import { useEffect, useState } from 'react';
import { useText } from '../../common/lang.ts';
import { Empty, Field, Key, Loading, ProblemNote } from '../../common/parts.tsx';
import { useLoad } from '../../common/use-load.ts';
import type { AdminLists } from '../../common/wire.ts';
import { SaveFoot } from '../fields/save-foot.tsx';
import { useSave } from '../fields/use-save.ts';
import { NoticePreview } from './notice-preview.tsx';
import { noticesText } from './notices-text.ts';
import { today } from './today.ts';

const PATH = '/api/v1/admin/notices';
/** As shared/src/model/notice.ts, which the hub judges by. */
const SIGNS_MAX = 120;
const NOTICES_MAX = 20;
type Draft = Omit<HeldNotice, 'id'> & { readonly id: string | null };
type Units = AdminLists['units']['items'];

export function NoticesPanel({ office }: { office: string }): ReactNode {
  const text = useText(noticesText);
  const held = useLoad<NoticesAnswer>(PATH);
  const units = useLoad<AdminLists['units']>('/api/v1/admin/units');
  const problem = held.problem ?? units.problem;
  return (
    <section className="panel admin-card notices">
      <h2>{text.head}</h2>
      <p className="hint">{text.why}</p>
      {problem && (
        <ProblemNote
          problem={problem}
          retry={() => {
            void held.reload();
            void units.reload();
          }}
        />
      )}
      {(held.loading || units.loading) && <Loading />}
      {held.value && units.value && (
        <NoticesForm held={held.value.notices} units={units.value.items} office={office} />
      )}
    </section>
  );
}

function NoticesForm({
  held,
  units,
  office,
}: {
  held: readonly HeldNotice[];
  units: Units;
  office: string;
}): ReactNode {
  const text = useText(noticesText);
  const saving = useSave(PATH);
  const [base, setBase] = useState(held);
  const [notices, setNotices] = useState<readonly Draft[]>(held);
  useEffect(() => {
    setBase(held);
    setNotices(held);
  }, [held]);
  const change = (next: readonly Draft[]): void => {
    saving.touched();
    setNotices(next);
  };
  const up = (at: number): void =>
    change(
      notices.map((each, n) => (n === at - 1 ? notices[at] : n === at ? notices[at - 1] : each) as Draft),
    );
  return (
    <form
      onSubmit={(event) =>
        void saving
          .submit<NoticesAnswer>(event, { base: base.map(({ id }) => id), notices })
          .then((answer) => {
            if (!answer?.ok) return;
            setBase(answer.value.notices);
            setNotices(answer.value.notices);
          })
      }
    >
      {notices.length === 0 && (
        <Empty head={text.none}>
          <p>{text.noneNext}</p>
        </Empty>
      )}
      {notices.map((notice, at) => (
        <NoticeFields
          // biome-ignore lint/suspicious/noArrayIndexKey: a new one has no other name
          key={at}
          {...{ notice, units, n: at + 1 }}
          onChange={(what) => change(notices.map((each, n) => (n === at ? { ...each, ...what } : each)))}
          onUp={() => up(at)}
          onRemove={() => change(notices.filter((_, n) => n !== at))}
        />
      ))}
      {notices.length < NOTICES_MAX && (
        <div className="keys">
          <Key
            onPress={() =>
              change([
                ...notices,
                { ...{ id: null, vi: '', en: null, from: today(), to: today(), units: null } },
              ])
            }
          >
            {text.add}
          </Key>
        </div>
      )}
      {notices.length > 0 && <NoticePreview notices={notices} office={office} />}
      <SaveFoot saving={saving} done={text.saved} />
    </form>
  );
}

function stateOf({ from, to }: Pick<Draft, 'from' | 'to'>): 'now' | 'later' | 'over' {
  const day = today();
  if (day < from) return 'later';
  return day > to ? 'over' : 'now';
}

function NoticeFields({
  notice,
  units,
  n,
  onChange,
  onUp,
  onRemove,
}: {
  notice: Draft;
  units: Units;
  n: number;
  onChange: (what: Partial<Draft>) => void;
  onUp: () => void;
  onRemove: () => void;
}): ReactNode {
  const text = useText(noticesText);
  const state = stateOf(notice);
  const words = (label: string, value: string, required: boolean, turn: (to: string) => void): ReactNode => (
    <Field label={label} hint={text.left(SIGNS_MAX - value.length)}>
      {(tied) => (
        <textarea
          {...{ ...tied, value, required, maxLength: SIGNS_MAX, rows: 2 }}
          onChange={(event) => turn(event.target.value.replace(/\s+/g, ' '))}
        />
      )}
    </Field>
  );
  const day = (label: string, value: string, min: string, turn: (to: string) => void): ReactNode => (
    <Field label={label}>
      {(tied) => (
        <input
          {...{ ...tied, value, min, type: 'date', required: true }}
          onChange={(event) => turn(event.target.value)}
        />
      )}
    </Field>
  );
  return (
    <fieldset className="notice-fields">
      <legend>
        {text.notice(n)} <span className={`muted notice-${state}`}>· {text.states[state]}</span>
      </legend>
      {words(text.vietnamese, notice.vi, true, (vi) => onChange({ vi }))}
      {words(text.english, notice.en ?? '', false, (en) => onChange({ en: en === '' ? null : en }))}
      <div className="edit-times">
        {day(text.from, notice.from, '', (from) => onChange({ from }))}
        {day(text.to, notice.to, notice.from, (to) => onChange({ to }))}
        <Field label={text.where}>
          {(tied) => (
            <select
              {...{ ...tied, value: notice.units === null ? 'all' : 'some' }}
              onChange={(event) => onChange({ units: event.target.value === 'all' ? null : [] })}
            >
              <option value="all">{text.everywhere}</option>
              <option value="some">{text.chosen}</option>
            </select>
          )}
        </Field>
      </div>
      {notice.units !== null && (
        <fieldset className="field">
          <legend>{text.units}</legend>
          <div className="many">
            {units.map((unit) => (
              <label key={unit.id} className="check">
                <input
                  type="checkbox"
                  checked={notice.units?.includes(unit.id) === true}
                  onChange={(event) =>
                    onChange({
                      units: event.target.checked
                        ? [...(notice.units ?? []), unit.id]
                        : (notice.units ?? []).filter((id) => id !== unit.id),
                    })
                  }
                />
                {unit.name}
              </label>
            ))}
          </div>
        </fieldset>
      )}
      <div className="keys">
        {n > 1 && (
          <Key className="key-link" label={text.upOf(n)} onPress={onUp}>
            {text.up}
          </Key>
        )}
        <Key className="key-link" label={text.removeOf(n)} onPress={onRemove}>
          {text.remove}
        </Key>
      </div>
    </fieldset>
  );
}
