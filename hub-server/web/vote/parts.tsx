/** What every step of the phone page is made of: a head that takes the focus, a note, big keys at the foot. */
import type { ReactNode } from 'react';
import { useEffect, useRef } from 'react';

/** Takes the focus when it appears, so that a screen reader begins at what is new. */
export function Head({ children, long }: { children: ReactNode; long?: boolean }): ReactNode {
  const held = useRef<HTMLHeadingElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another sentence is another page
  useEffect(() => held.current?.focus({ preventScroll: true }), [children]);
  return (
    <h1 ref={held} tabIndex={-1} className={long ? 'vote-long' : undefined}>
      {children}
    </h1>
  );
}

export function Attention(): ReactNode {
  return (
    <svg className="vote-mark" viewBox="0 0 12 12" aria-hidden="true">
      <path d="M6 1 11.5 11H.5Z" />
    </svg>
  );
}

export function Note({ head, children }: { head: string; children: ReactNode }): ReactNode {
  return (
    <div role="alert">
      <h1>
        <Attention />
        {head}
      </h1>
      <p>{children}</p>
    </div>
  );
}

export function Foot({ children }: { children: ReactNode }): ReactNode {
  return <div className="vote-foot">{children}</div>;
}

export function BigKey({
  children,
  onPress,
  main,
  submit,
  still,
}: {
  children: ReactNode;
  onPress?: () => void;
  main?: boolean;
  submit?: boolean;
  /** Takes no tap yet. */
  still?: boolean;
}): ReactNode {
  return (
    <button
      type={submit ? 'submit' : 'button'}
      disabled={still}
      className={main ? 'vote-key vote-key-main' : 'vote-key'}
      onClick={onPress}
    >
      {children}
    </button>
  );
}
