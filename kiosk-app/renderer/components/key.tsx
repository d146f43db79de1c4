import type { ReactNode } from 'react';

interface KeyProps {
  readonly children: ReactNode;
  readonly onPress: () => void;
  /** `main`: the one filled key of a screen. */
  readonly kind?: 'main' | 'second' | 'language' | 'private' | 'icon' | 'officer';
  readonly label?: string;
}

export function Key({ children, onPress, kind = 'second', label }: KeyProps): ReactNode {
  return (
    <button type="button" className={`key key-${kind}`} onClick={onPress} aria-label={label}>
      {children}
    </button>
  );
}
