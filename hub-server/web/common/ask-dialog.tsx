/**
 * A dialog that asks before it sends: what follows, its fields, what the hub refused, one key that does it and one that does not. Every
 * such dialog is this one. It stays open while the hub refuses; whoever opened it closes it once it was done. While it is on
 * its way nothing cancels it: a dialog that went would look like "not done", and its answer would close what is open by then.
 */
import type { FormEvent, ReactNode } from 'react';
import { useState } from 'react';
import type { Answer } from './api.ts';
import { useText } from './lang.ts';
import { Dialog, Key, ProblemNote } from './parts.tsx';
import { useIsShown } from './use-is-shown.ts';
import type { Problem } from './wire.ts';
import { words } from './words.ts';

export function AskDialog<T>({
  title,
  go,
  wide,
  disabled,
  ask,
  onDone,
  onClose,
  children,
}: {
  title: string;
  /** The verb of the key that does it. */
  go: string;
  wide?: boolean;
  disabled?: boolean;
  ask: () => Promise<Answer<T>>;
  onDone: (value: T) => void;
  onClose: () => void;
  /** As a function where the hub's words stand at their fields. */
  children?: ReactNode | ((problem: Problem | null) => ReactNode);
}): ReactNode {
  const common = useText(words);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const isShown = useIsShown();
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    const answer = await ask();
    setBusy(false);
    setProblem(answer.ok ? null : answer.problem);
    if (answer.ok && isShown.current) onDone(answer.value);
  };
  return (
    <Dialog title={title} onClose={busy ? null : onClose} wide={wide ?? false}>
      <form onSubmit={(event) => void submit(event)}>
        {typeof children === 'function' ? children(problem) : children}
        {problem && <ProblemNote problem={problem} />}
        <div className="keys">
          <Key main submit busy={busy} disabled={disabled ?? false}>
            {busy ? common.wait : go}
          </Key>
          <Key onPress={onClose} disabled={busy}>
            {common.cancel}
          </Key>
        </div>
      </form>
    </Dialog>
  );
}
