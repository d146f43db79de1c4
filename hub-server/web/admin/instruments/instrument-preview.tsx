/** A form in the real kiosk window: this page plays the agent, the window shows and sends touches back. */
import type { Instrument } from '@hailong/shared/model/instrument.ts';
import type { Stage } from '@hailong/shared/model/transaction.ts';
import { PREVIEW_PATH } from '@hailong/shared/protocol/preview.ts';
import type { ReactNode } from 'react';
import { useEffect, useState } from 'react';
import { useText } from '../../common/lang.ts';
import { Key } from '../../common/parts.tsx';
import { words } from '../../common/words.ts';
import { instrumentsText } from './instruments-text.ts';
import { beginWalk, screenOf, touched } from './preview-screen.ts';
import { useKioskFrame } from './use-kiosk-frame.ts';

const STAGES: readonly Stage[] = ['return', 'reception', 'supplement', 'refusal', 'advice'];

export function InstrumentPreview({ form, office }: { form: Instrument; office: string }): ReactNode {
  const text = useText(instrumentsText);
  const common = useText(words);
  const [walk, setWalk] = useState(() => beginWalk('return'));
  const [isPortrait, setPortrait] = useState(false);
  const { frame, say, show } = useKioskFrame((message) => {
    if (message.type === 'hello') {
      draw();
      return;
    }
    const step = touched(form, walk, message);
    if (step.say) say(step.say);
    setWalk(step.walk);
  });
  const draw = (): void => show(screenOf(form, walk, { name: office, place: '' }));
  useEffect(draw, [form, walk, office, show]);
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
