/** Small parts of every hub page: keys, fields, marks, notes. Status is always shape + word + colour. */
import type { ReactNode, SyntheticEvent } from 'react';
import { useEffect, useId, useRef } from 'react';
import { useLang, useText } from './lang.ts';
import type { Problem } from './wire.ts';
import { words } from './words.ts';

export type Tone = 'ok' | 'attention' | 'critical' | 'idle';

const MARKS: Record<Tone, ReactNode> = {
  ok: <circle cx="6" cy="6" r="5" />,
  attention: <path d="M6 1 11.5 11H.5Z" />,
  critical: <path d="M1 1H11V11H1Z" />,
  idle: <circle cx="6" cy="6" r="4" fill="none" strokeWidth="2" stroke="currentColor" />,
};

export function Mark({ tone }: { tone: Tone }): ReactNode {
  return (
    <svg className={`mark mark-${tone}`} viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
      {MARKS[tone]}
    </svg>
  );
}

export function Kbd({ children }: { children: ReactNode }): ReactNode {
  return <kbd className="kbd">{children}</kbd>;
}

interface KeyProps {
  readonly children: ReactNode;
  readonly onPress?: () => void;
  readonly main?: boolean;
  readonly submit?: boolean;
  readonly disabled?: boolean;
  readonly busy?: boolean;
  readonly className?: string;
  readonly label?: string;
  readonly pressed?: boolean;
  /** Of a key that opens what stands right after it. */
  readonly expanded?: boolean;
}

/** A busy key keeps the focus, so that a keyboard can press it again once the hub has answered; until then it does nothing. */
export function Key({
  children,
  onPress,
  main,
  submit,
  disabled,
  busy,
  className,
  label,
  pressed,
  expanded,
}: KeyProps): ReactNode {
  return (
    <button
      type={submit ? 'submit' : 'button'}
      className={`key${main ? ' key-main' : ''}${className ? ` ${className}` : ''}`}
      onClick={busy ? (event) => event.preventDefault() : onPress}
      disabled={disabled}
      aria-disabled={busy || undefined}
      aria-busy={busy || undefined}
      aria-label={label}
      aria-pressed={pressed}
      aria-expanded={expanded}
    >
      {children}
    </button>
  );
}

/** What ties a control to its label and to the sentences below it. */
export interface Tied {
  readonly id: string;
  readonly 'aria-describedby'?: string;
  readonly 'aria-invalid'?: true;
}

/** A label above its control; `error` is a sentence of the hub about this field. A screen reader says hint and error with the control. */
export function Field({
  label,
  hint,
  error,
  children,
}: {
  label: string;
  hint?: string | undefined;
  error?: string | undefined;
  children: (tied: Tied) => ReactNode;
}): ReactNode {
  const id = useId();
  const [hintId, errorId] = [`${id}hint`, `${id}error`];
  const below = [hint && hintId, error && errorId].filter(Boolean).join(' ');
  return (
    <div className={`field${error ? ' field-wrong' : ''}`}>
      <label htmlFor={id}>{label}</label>
      {children({
        id,
        ...(below === '' ? {} : { 'aria-describedby': below }),
        ...(error ? { 'aria-invalid': true } : {}),
      })}
      {hint && (
        <p className="hint" id={hintId}>
          {hint}
        </p>
      )}
      {error && (
        <p className="field-error" id={errorId}>
          {error}
        </p>
      )}
    </div>
  );
}

export function ProblemNote({
  problem,
  retry,
}: {
  problem: Problem;
  retry?: (() => void) | undefined;
}): ReactNode {
  const lang = useLang();
  const text = useText(words);
  return (
    <div className="note note-critical" role="alert" data-code={problem.code}>
      <Mark tone="critical" />
      <div>
        <p className="note-head">{problem[lang]}</p>
        <p>{problem.remedy[lang]}</p>
        {problem.where && problem.where.length > 0 && (
          <ul className="note-where">
            {problem.where.map((each) => (
              <li key={`${each.path} ${each.message}`}>
                <b>{each.path}</b> {each.message}
              </li>
            ))}
          </ul>
        )}
        {retry && <Key onPress={retry}>{text.retry}</Key>}
      </div>
    </div>
  );
}

export function Note({
  tone,
  head,
  children,
}: {
  tone: Tone;
  head: string;
  children?: ReactNode;
}): ReactNode {
  return (
    <div className={`note note-${tone}`} role="status">
      <Mark tone={tone} />
      <div>
        <p className="note-head">{head}</p>
        {children}
      </div>
    </div>
  );
}

/** Says what to do next; never only that there is nothing. */
export function Empty({ head, children }: { head: string; children?: ReactNode }): ReactNode {
  return (
    <div className="empty">
      <p className="empty-head">{head}</p>
      {children}
    </div>
  );
}

export function Loading(): ReactNode {
  const text = useText(words);
  return (
    <div className="loading" role="status">
      <span className="loading-line" />
      <span className="loading-line" />
      <span className="loading-line" />
      <p>{text.loading}</p>
    </div>
  );
}

/** The page's own dialog: the browser's element keeps focus inside and Esc closes it. */
export function Dialog({
  title,
  onClose,
  wide,
  children,
}: {
  title: string;
  /** Null: it stays, whatever is pressed. */
  onClose: (() => void) | null;
  wide?: boolean;
  children: ReactNode;
}): ReactNode {
  const ref = useRef<HTMLDialogElement>(null);
  const stays = onClose === null;
  // The browser lets a page refuse Esc once; the second closes a dialog unless its key press was refused before.
  useEffect(() => {
    if (!stays) return;
    const refuseKey = (event: KeyboardEvent): void => {
      if (event.key === 'Escape') event.preventDefault();
    };
    window.addEventListener('keydown', refuseKey, true);
    return () => window.removeEventListener('keydown', refuseKey, true);
  }, [stays]);
  useEffect(() => {
    const element = ref.current;
    element?.showModal();
    return () => element?.close();
  }, []);
  const refuse = (event: SyntheticEvent): void => {
    event.preventDefault();
    onClose?.();
  };
  return (
    <dialog ref={ref} className={wide ? 'dialog dialog-wide' : 'dialog'} aria-label={title} onCancel={refuse}>
      <h2>{title}</h2>
      {children}
    </dialog>
  );
}
