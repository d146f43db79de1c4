/** Today's notices in the real kiosk window at rest, before they are saved. */
import { PREVIEW_PATH } from '@hailong/shared/protocol/preview.ts';
import type { Screen } from '@hailong/shared/protocol/ui.ts';
import type { ReactNode } from 'react';
import { useEffect, useState } from 'react';
import { useText } from '../../common/lang.ts';
import { Key } from '../../common/parts.tsx';
import '../instruments/instruments.css';
import { useKioskFrame } from '../instruments/use-kiosk-frame.ts';
import { noticesText } from './notices-text.ts';
import { today } from './today.ts';

interface Dated {
  readonly vi: string;
  readonly en: string | null;
  readonly from: string;
  readonly to: string;
}

export function NoticePreview({ notices, office }: { notices: readonly Dated[]; office: string }): ReactNode {
  const text = useText(noticesText);
  const [isPortrait, setPortrait] = useState(false);
  const day = today();
  const shown = notices
    .filter(({ vi, from, to }) => vi.trim() !== '' && from <= day && day <= to)
    .map(({ vi, en }) => ({ vi, en }));
  const said = JSON.stringify(shown);
  const { frame, show } = useKioskFrame(({ type }) => {
    if (type === 'hello') draw();
  });
  const draw = (): void => {
    const officer = { name: text.previewOfficer, position: text.previewPosition, unitName: '', photo: null };
    const screen: Screen = {
      ...{
        name: 'rest',
        office: { name: office, place: '' },
        counterNumber: '5',
        online: true,
        notice: null,
      },
      ...{ officer, notices: JSON.parse(said) as Dated[] },
    };
    show(screen);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is shown follows the words
  useEffect(draw, [said, office, show]);
  return (
    <fieldset className="edit-part notice-preview">
      <legend>{text.preview}</legend>
      <div className={isPortrait ? 'preview-glass preview-portrait' : 'preview-glass'}>
        <iframe ref={frame} src={`${PREVIEW_PATH}?preview`} title={text.preview} />
      </div>
      <div className="keys">
        <Key onPress={() => setPortrait(!isPortrait)}>{isPortrait ? text.landscape : text.portrait}</Key>
      </div>
      <p className="hint">{text.previewWhy}</p>
    </fieldset>
  );
}
