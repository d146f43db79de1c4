/**
 * Choices and fields of the set-up page. Buttons only, no lists of the browser and no forms: the kiosk's lock refuses what opens
 * a window of its own, and its policy what submits. Document: kiosk-app/LOCK.md, "The page".
 */
import { type ReactNode, useId } from 'react';

interface ChosenProps {
  readonly chosen: boolean;
  readonly onChoose: () => void;
  readonly children: ReactNode;
}

/** One of several, on a line of its own. */
export function Option({ chosen, onChoose, children }: ChosenProps): ReactNode {
  return (
    <button type="button" className="option" aria-pressed={chosen} onClick={onChoose}>
      <span className="option-mark" aria-hidden="true">
        {chosen ? '●' : '○'}
      </span>
      <span>{children}</span>
    </button>
  );
}

interface ChoicesProps<T extends string | number> {
  readonly label: string;
  readonly value: T;
  readonly options: readonly (readonly [T, string])[];
  readonly onChoose: (value: T) => void;
}

/** One of a few, side by side. */
export function Choices<T extends string | number>(given: ChoicesProps<T>): ReactNode {
  const { label, value, options, onChoose } = given;
  const id = useId();
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset draws its legend into its border
    <div className="choices" role="group" aria-labelledby={id}>
      <span id={id}>{label}</span>
      {options.map(([key, name]) => (
        <button key={key} type="button" aria-pressed={key === value} onClick={() => onChoose(key)}>
          {name}
        </button>
      ))}
    </div>
  );
}

interface TextFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onValue: (value: string) => void;
  readonly onEnter?: () => void;
}

export function TextField({ label, value, onValue, onEnter }: TextFieldProps): ReactNode {
  return (
    <label className="text-field">
      {label}
      <input
        type="text"
        value={value}
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        onChange={({ target }) => onValue(target.value)}
        onKeyDown={({ key }) => {
          if (key === 'Enter') onEnter?.();
        }}
      />
    </label>
  );
}
