/**
 * A keyboard or a scanner beside the pad on the screen: characters of codes, Backspace, Enter, Escape. Enter belongs to
 * the key that has the focus; typing takes the focus away.
 */
import { useEffect } from 'react';

export interface Typing {
  readonly onCharacter: (character: string) => void;
  readonly onErase: () => void;
  readonly onEnter: () => void;
  readonly onBack: () => void;
}

/** What codes are made of: as officerCode and dossierCode have it. */
const CODE_CHARACTER = /^[A-Za-z0-9._-]$/;

export function useTyping({ onCharacter, onErase, onEnter, onBack }: Typing): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (CODE_CHARACTER.test(event.key)) {
        // Typed, so the Enter of a scanner is meant for all of it, not for the key of the pad that was touched last.
        if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
        onCharacter(event.key.toUpperCase());
      } else if (event.key === 'Backspace') onErase();
      else if (event.key === 'Escape') onBack();
      else if (
        event.key === 'Enter' &&
        !event.repeat &&
        !(document.activeElement instanceof HTMLButtonElement)
      )
        onEnter();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [onCharacter, onErase, onEnter, onBack]);
}
