/** Draws the fields of an administration form. */
import type { ReactNode } from 'react';
import { Field } from '../../common/parts.tsx';
import type { Problem } from '../../common/wire.ts';
import { errorOf, type FieldOf, flagOf, listOf, textOf, type Values } from './form.ts';

export function FormFields({
  fields,
  values,
  problem,
  editing,
  onChange,
}: {
  fields: readonly FieldOf[];
  values: Values;
  problem: Problem | null;
  editing: boolean;
  onChange: (values: Values) => void;
}): ReactNode {
  const set = (key: string, value: Values[string]): void => onChange({ ...values, [key]: value });
  return fields.map((field) => {
    const { key } = field;
    if (field.kind === 'check')
      return (
        <label key={key} className="check">
          <input
            type="checkbox"
            checked={flagOf(values, key)}
            onChange={(event) => set(key, event.target.checked)}
          />
          {field.label}
        </label>
      );
    if (field.kind === 'many') {
      const chosen = listOf(values, key);
      return (
        <fieldset key={key} className="field">
          <legend>{field.label}</legend>
          <div className="many">
            {field.options?.map((option) => (
              <label key={option.value} className="check">
                <input
                  type="checkbox"
                  checked={chosen.includes(option.value)}
                  onChange={(event) =>
                    set(
                      key,
                      event.target.checked
                        ? [...chosen, option.value]
                        : chosen.filter((each) => each !== option.value),
                    )
                  }
                />
                {option.name}
              </label>
            ))}
          </div>
          {errorOf(problem, key) && <p className="field-error">{errorOf(problem, key)}</p>}
        </fieldset>
      );
    }
    return (
      <Field
        key={key}
        label={field.label}
        hint={editing ? field.hint : (field.hintNew ?? field.hint)}
        error={errorOf(problem, key)}
      >
        {(tied) =>
          field.kind === 'select' ? (
            <select
              {...tied}
              value={textOf(values, key)}
              onChange={(event) => set(key, event.target.value)}
              required={field.required}
            >
              <option value="" />
              {field.options?.map((option) => (
                <option key={option.value} value={option.value}>
                  {option.name}
                </option>
              ))}
            </select>
          ) : (
            <input
              {...tied}
              type={field.kind}
              value={typeof values[key] === 'string' ? values[key] : ''}
              onChange={(event) => set(key, event.target.value)}
              required={field.required}
              readOnly={field.fixed === true && editing}
              min={field.kind === 'number' ? field.min : undefined}
              max={field.kind === 'number' ? field.max : undefined}
              minLength={field.kind === 'number' ? undefined : field.min}
              maxLength={field.kind === 'number' ? undefined : field.max}
              autoComplete={field.kind === 'password' ? 'new-password' : 'off'}
              spellCheck={false}
            />
          )
        }
      </Field>
    );
  });
}
