/** A form in the real kiosk window: this page plays the agent, the window shows and sends touches back. */
import type { Instrument } from '@hailong/shared/model/instrument.ts';
import type { Stage } from '@hailong/shared/model/transaction.ts';
import { type FromPreview, PREVIEW_PATH, type ToPreview } from '@hailong/shared/protocol/preview.ts';
import type { AgentToWindow } from '@hailong/shared/protocol/ui.ts';
import type { ReactNode } from 'react';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useText } from '../common/lang.ts';
import { Key } from '../common/parts.tsx';
import { words } from '../common/words.ts';
import { instrumentsText } from './instruments-text.ts';
import { beginWalk, screenOf, touched } from './preview-screen.ts';

const STAGES: readonly Stage[] = ['return', 'reception', 'supplement', 'refusal', 'advice'];

function heard({ data }: MessageEvent): FromPreview['hailongPreview'] | null {
  const isOurs = typeof data === 'object' && data !== null && 'hailongPreview' in data;
  return isOurs ? (data as FromPreview).hailongPreview : null;
}

export function InstrumentPreview({ form, office }: { form: Instrument; office: string }): ReactNode {
  const text = useText(instrumentsText);
  const common = useText(words);
  const frame = useRef<HTMLIFrameElement>(null);
  const [walk, setWalk] = useState(() => beginWalk('return'));
  const [isPortrait, setPortrait] = useState(false);
  const revision = useRef(0);
  const held = useRef({ form, walk });
  held.current = { form, walk };
  const say = useCallback((message: AgentToWindow): void => {
    frame.current?.contentWindow?.postMessage(
      { hailongPreview: message } satisfies ToPreview,
      location.origin,
    );
  }, []);
  const show = useCallback((): void => {
    revision.current += 1;
    const screen = screenOf(held.current.form, held.current.walk, { name: office, place: '' });
    say({ type: 'screen', revision: revision.current, screen });
  }, [office, say]);
  useEffect(() => {
    const listen = (event: MessageEvent): void => {
      if (event.origin !== location.origin || event.source !== frame.current?.contentWindow) return;
      const message = heard(event);
      if (message === null) return;
      if (message.type === 'hello') {
        show();
        return;
      }
      const step = touched(held.current.form, held.current.walk, message);
      if (step.say) say(step.say);
      setWalk(step.walk);
    };
    window.addEventListener('message', listen);
    return () => window.removeEventListener('message', listen);
  }, [say, show]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is shown follows the form and the place in it.
  useEffect(show, [form, walk, show]);
  return (
    <section className="panel preview" aria-label={text.preview}>
      <div className="panel-head">
        <h2>{text.preview}</h2>
      </div>
      <div className={isPortrait ? 'preview-glass preview-portrait' : 'preview-glass'}>
        <iframe ref={frame} src={`${PREVIEW_PATH}?preview`} title={text.preview} />
      </div>
      <div className="preview-keys">
        <label>
          <span>{text.askedAt}</span>
          <select value={walk.stage} onChange={(event) => setWalk(beginWalk(event.target.value as Stage))}>
            {STAGES.map((stage) => (
              <option key={stage} value={stage}>
                {common.stages[stage]}
              </option>
            ))}
          </select>
        </label>
        <Key onPress={() => setWalk(beginWalk(walk.stage))}>{text.restart}</Key>
        <Key onPress={() => setPortrait(!isPortrait)}>{isPortrait ? text.landscape : text.portrait}</Key>
      </div>
      <p className="muted small">{text.previewWhy}</p>
    </section>
  );
}
