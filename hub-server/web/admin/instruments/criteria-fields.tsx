/** The criteria of a form: who each speaks about, at which stages it is asked, and its own answers where it has some. */
import type { Criterion, Instrument } from '@hailong/shared/model/instrument.ts';
import type { Stage } from '@hailong/shared/model/transaction.ts';
import type { ReactNode } from 'react';
import { useText } from '../../common/lang.ts';
import { Key } from '../../common/parts.tsx';
import { words } from '../../common/words.ts';
import { BilingualRow } from '../fields/bilingual-row.tsx';
import { instrumentsText } from './instruments-text.ts';

/** As many as the model takes. */
const CRITERIA_MAX = 6;
const ABOUTS = ['officer', 'unit'] as const;

function freshKey(criteria: readonly Criterion[]): string {
  for (let n = 1; ; n += 1) {
    const key = `tieu_chi_${n}`;
    if (!criteria.some((each) => each.key === key)) return key;
  }
}

export function CriteriaFields({
  form,
  onChange,
}: {
  form: Instrument;
  onChange: (criteria: Criterion[]) => void;
}): ReactNode {
  const text = useText(instrumentsText);
  const { criteria } = form;
  const set = (index: number, change: Partial<Criterion>): void =>
    onChange(criteria.map((each, i) => (i === index ? { ...each, ...change } : each)));
  const add = (): void => {
    const [like] = criteria.slice(-1);
    const options = like?.options?.map((each) => ({ ...each, word: { vi: '', en: '' } }));
    onChange([
      ...criteria,
      {
        ...{ key: freshKey(criteria), about: 'officer', stages: ['return'], name: { vi: '', en: '' } },
        ...(options ? { options } : {}),
      },
    ]);
  };
  return (
    <fieldset className="edit-part">
      <legend>{text.criteria}</legend>
      <p className="hint">{text.criteriaWhy}</p>
      {criteria.map((criterion, index) => (
        <div className="edit-criterion" key={criterion.key}>
          <BilingualRow
            label={text.criterion(index + 1)}
            value={criterion.name}
            onChange={(name) => set(index, { name })}
          />
          <CriterionDetails criterion={criterion} onChange={(change) => set(index, change)}>
            <Key
              className="key-link"
              label={`${text.remove}: ${criterion.name.vi || text.criterion(index + 1)}`}
              onPress={() => onChange(criteria.filter((_, i) => i !== index))}
            >
              {text.remove}
            </Key>
          </CriterionDetails>
          {criterion.options?.map((option, at) => (
            <BilingualRow
              key={option.key}
              label={`${text.option(at + 1)} · ${option.points} ${text.points.toLowerCase()}`}
              value={option.word}
              onChange={(word) =>
                set(index, {
                  options: criterion.options?.map((each) => (each === option ? { ...each, word } : each)),
                })
              }
            />
          ))}
        </div>
      ))}
      {criteria.length < CRITERIA_MAX && (
        <div className="keys">
          <Key onPress={add}>{text.addCriterion}</Key>
        </div>
      )}
    </fieldset>
  );
}

function CriterionDetails({
  criterion: { name, about, stages },
  onChange,
  children,
}: {
  criterion: Criterion;
  onChange: (change: Partial<Criterion>) => void;
  children: ReactNode;
}): ReactNode {
  const text = useText(instrumentsText);
  const common = useText(words);
  const toggle = (stage: Stage, isOn: boolean): void =>
    onChange({ stages: isOn ? [...stages, stage] : stages.filter((each) => each !== stage) });
  return (
    <div className="edit-details">
      <label>
        {text.about}{' '}
        <select
          value={about}
          onChange={(event) => onChange({ about: event.target.value as Criterion['about'] })}
        >
          {ABOUTS.map((each) => (
            <option key={each} value={each}>
              {text.abouts[each]}
            </option>
          ))}
        </select>
      </label>
      <fieldset className="edit-stages" aria-label={`${name.vi}: ${text.askedAt}`}>
        {(Object.keys(common.stages) as Stage[]).map((stage) => (
          <label key={stage} className="check">
            <input
              type="checkbox"
              checked={stages.includes(stage)}
              onChange={(event) => toggle(stage, event.target.checked)}
            />
            {common.stages[stage]}
          </label>
        ))}
      </fieldset>
      {children}
    </div>
  );
}
