/** An officer's photo by its content hash, or the first letters of the name when there is none or it cannot load. */
import type { ReactNode } from 'react';
import { useState } from 'react';
import { useText } from './lang.ts';
import { words } from './words.ts';

function initials(name: string): string {
  const parts = name.trim().split(/\s+/);
  const last = parts.at(-1)?.[0] ?? '';
  return parts.length > 1 ? `${parts[0]?.[0] ?? ''}${last}` : last;
}

export function Portrait({ photo, name }: { photo: string | null; name: string }): ReactNode {
  const text = useText(words);
  const [failed, setFailed] = useState<string | null>(null);
  if (photo === null || failed === photo)
    return (
      <span className="portrait portrait-letters" aria-hidden="true">
        {initials(name)}
      </span>
    );
  return (
    <img
      className="portrait"
      src={`/api/v1/photos/${photo}`}
      alt={text.photoOf(name)}
      onError={() => setFailed(photo)}
    />
  );
}
