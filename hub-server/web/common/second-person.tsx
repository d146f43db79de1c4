/**
 * What every place shares that asks for, shows or decides an act of two people: the list, the reason's field, where the second
 * person approves.
 */
import type { ActAnswer, ActList } from '@hailong/shared/protocol/acts.ts';
import type { ReactNode } from 'react';
import { useEffect } from 'react';
import { dateTime } from './format.ts';
import { href } from './hash.ts';
import { Field, Note } from './parts.tsx';
import { type Loaded, useLoad } from './use-load.ts';

export interface Acts extends Pick<Loaded<ActList>, 'problem' | 'loading' | 'reload'> {
  /** Null: not known yet. */
  readonly acts: readonly ActAnswer[] | null;
}

/** What waits for the reader and what the reader asked for, looked at again by itself. */
export function useActs(everyMs: number): Acts {
  const { value, problem, loading, reload, again } = useLoad<ActList>('/api/v1/acts');
  useEffect(() => {
    const timer = window.setInterval(again, everyMs);
    return () => window.clearInterval(timer);
  }, [everyMs, again]);
  return { acts: value?.acts ?? null, problem, loading, reload };
}

/** The reader's own of one kind about this case that still wait, one just asked for among them. */
export function waitingOf(
  acts: readonly ActAnswer[] | null,
  of: { readonly kind: ActAnswer['kind']; readonly caseId: string; readonly just?: ActAnswer | null },
): readonly ActAnswer[] {
  const waiting = (acts ?? []).filter(
    ({ kind, mine, state, body }) =>
      kind === of.kind && mine && state === 'pending' && body['caseId'] === of.caseId,
  );
  const just = of.just ?? null;
  return just === null || (acts ?? []).some(({ id }) => id === just.id) ? waiting : [...waiting, just];
}

export const ACTS_PATH = '/api/v1/acts';

/** Of what time the act is; null: of no time of its own. */
export function spanOf({ body }: { readonly body: Readonly<Record<string, unknown>> }): string | null {
  const within = body['interval'];
  const of = typeof within === 'object' && within !== null ? (within as Record<string, unknown>) : body;
  const { from, to } = of;
  return typeof from === 'number' && typeof to === 'number' ? `${dateTime(from)} – ${dateTime(to)}` : null;
}

/** Words that another person reads before deciding. */
export function WordsField({
  label,
  hint,
  value,
  onChange,
}: {
  label: string;
  hint?: string | undefined;
  value: string;
  onChange: (value: string) => void;
}): ReactNode {
  return (
    <Field label={label} hint={hint}>
      {(tied) => (
        <input
          {...tied}
          value={value}
          onChange={(event) => onChange(event.target.value)}
          minLength={5}
          maxLength={500}
          autoComplete="off"
          required
        />
      )}
    </Field>
  );
}

/** Asked; and the page on which the other person approves. */
export function AskedNote({
  head,
  where,
  children,
}: {
  head: string;
  where: string;
  children?: ReactNode;
}): ReactNode {
  return (
    <Note tone="attention" head={head}>
      {children}
      <p>
        <a href={href('acts')}>{where}</a>
      </p>
    </Note>
  );
}
