/** The buttons of a panel that types keys, tried on this page by the rule that the kiosk's window uses. */
import type { PanelConfig } from '@hailong/shared/model/panel-config.ts';
import { wedgeKey } from '@hailong/shared/model/wedge-key.ts';
import { useCallback, useEffect, useState } from 'react';

interface Progress {
  readonly pressed: number;
  readonly wrong: number | null;
}
const NONE: Progress = { pressed: 0, wrong: null };

export function useWedgeTest(config: PanelConfig | null): Progress & { readonly again: () => void } {
  const [progress, setProgress] = useState(NONE);
  useEffect(() => {
    setProgress(NONE);
    if (config?.family !== 'hid-wedge') return;
    const onKey = (event: KeyboardEvent): void => {
      const modified = event.ctrlKey || event.metaKey || event.altKey;
      const inField = document.activeElement?.matches('select, input[type="text"]') === true;
      const act = wedgeKey(config, { code: event.code, repeat: event.repeat, modified, inField }, true);
      if (act.kind === 'other') return;
      event.preventDefault();
      if (act.kind !== 'button') return;
      setProgress((before) =>
        act.button === before.pressed + 1
          ? { pressed: act.button, wrong: null }
          : { ...before, wrong: act.button },
      );
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [config]);
  const again = useCallback(() => setProgress(NONE), []);
  return { ...progress, again };
}
