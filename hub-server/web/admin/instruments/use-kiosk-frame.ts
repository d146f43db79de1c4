/** The real kiosk window in a frame: this page plays its agent, tells it screens and hears its touches. */
import type { FromPreview, ToPreview } from '@hailong/shared/protocol/preview.ts';
import type { AgentToWindow, Screen } from '@hailong/shared/protocol/ui.ts';
import { type RefObject, useCallback, useEffect, useRef } from 'react';

type Touched = FromPreview['hailongPreview'];

export interface KioskFrame {
  readonly frame: RefObject<HTMLIFrameElement | null>;
  say(message: AgentToWindow): void;
  show(screen: Screen): void;
}

function heard({ data }: MessageEvent): Touched | null {
  const isOurs = typeof data === 'object' && data !== null && 'hailongPreview' in data;
  return isOurs ? (data as FromPreview).hailongPreview : null;
}

/** `hear` gets the window's first word, which a screen answers, and every touch; the newest one given is called. */
export function useKioskFrame(hear: (message: Touched) => void): KioskFrame {
  const frame = useRef<HTMLIFrameElement>(null);
  const revision = useRef(0);
  const newest = useRef(hear);
  newest.current = hear;
  const say = useCallback((message: AgentToWindow): void => {
    frame.current?.contentWindow?.postMessage(
      { hailongPreview: message } satisfies ToPreview,
      location.origin,
    );
  }, []);
  const show = useCallback(
    (screen: Screen): void => {
      revision.current += 1;
      say({ type: 'screen', revision: revision.current, screen });
    },
    [say],
  );
  useEffect(() => {
    const listen = (event: MessageEvent): void => {
      if (event.origin !== location.origin || event.source !== frame.current?.contentWindow) return;
      const message = heard(event);
      if (message !== null) newest.current(message);
    };
    window.addEventListener('message', listen);
    return () => window.removeEventListener('message', listen);
  }, []);
  return { frame, say, show };
}
