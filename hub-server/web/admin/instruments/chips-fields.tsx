/** The page of chips: one column a set of levels, one row a place on the page, so that unequal words stand side by side. */
import type { Chip, ChipSet, Instrument, LevelKey } from '@hailong/shared/model/instrument.ts';
import type { ReactNode } from 'react';
import { useLang, useText } from '../../common/lang.ts';
import { BilingualRow } from '../fields/bilingual-row.tsx';
import { freshChips, signsApart } from './form-draft.ts';
import { instrumentsText } from './instruments-text.ts';

export function ChipsFields({
  form,
  onChange,
}: {
  form: Instrument;
  onChange: (chips: ChipSet[] | undefined) => void;
}): ReactNode {
  const text = useText(instrumentsText);
  const lang = useLang();
  const sets = form.chips ?? [];
  const nameOf = (key: LevelKey): string =>
    form.levels.find((level) => level.key === key)?.word[lang] ?? String(key);
  const set = (of: ChipSet, at: number, change: (chip: Chip) => Chip): void =>
    onChange(
      sets.map((each) =>
        each === of
          ? { ...each, chips: each.chips.map((chip, i) => (i === at ? change(chip) : chip)) }
          : each,
      ),
    );
  return (
    <fieldset className="edit-part">
      <legend>{text.chips}</legend>
      <label className="check">
        <input
          type="checkbox"
          checked={form.chips !== undefined}
          onChange={(event) => onChange(event.target.checked ? freshChips(form) : undefined)}
        />
        {text.chipsOn}
      </label>
      <p className="hint">{text.chipsWhy}</p>
      {sets[0]?.chips.map((first, at) => {
        const apart = signsApart(sets, at);
        return (
          <div className="edit-chip" key={first.key}>
            {sets.map((each) => {
              const chip = each.chips[at];
              if (!chip) return null;
              const levels = each.levels.map(nameOf).join(', ');
              return (
                <BilingualRow
                  key={chip.key}
                  label={`${text.chip(at + 1)} · ${text.chipsFor(levels)}`}
                  value={chip.word}
                  onChange={(word) => set(each, at, (held) => ({ ...held, word }))}
                >
                  <label className="check small">
                    <input
                      type="checkbox"
                      checked={chip.to === 'province'}
                      onChange={({ target }) =>
                        set(each, at, ({ to: _, ...held }) =>
                          target.checked ? { ...held, to: 'province' } : held,
                        )
                      }
                    />
                    {text.province}
                  </label>
                </BilingualRow>
              );
            })}
            {apart !== null && (
              <p className="field-error" role="status">
                {text.apart(apart)}
              </p>
            )}
          </div>
        );
      })}
    </fieldset>
  );
}
