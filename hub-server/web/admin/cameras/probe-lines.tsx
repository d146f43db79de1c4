/** What a probe measured, line by line. */
import type { ReactNode } from 'react';
import { seconds } from '../../common/format.ts';
import { useLang, useText } from '../../common/lang.ts';
import type { ProbeResult } from '../../common/wire.ts';
import { adminText } from '../text.ts';

export function ProbeLines({ result }: { result: Extract<ProbeResult, { ok: true }> }): ReactNode {
  const text = useText(adminText).probeLines;
  const lang = useLang();
  return (
    <dl className="probe-lines">
      <dt>{text.stream}</dt>
      <dd className="address">{result.streamUri}</dd>
      <dt>{text.picture}</dt>
      <dd>
        {result.codec} {result.width}×{result.height}, {Math.round(result.fps)} fps
      </dd>
      <dt>{text.maker}</dt>
      <dd>{[result.manufacturer, result.model, result.via].filter(Boolean).join(', ') || '–'}</dd>
      <dt>{text.gop}</dt>
      <dd>{result.gopMs === null ? '–' : `${seconds(result.gopMs, lang)} s`}</dd>
      <dt>{text.clock}</dt>
      <dd>{result.clockOffsetMs === null ? '–' : `${seconds(result.clockOffsetMs, lang)} s`}</dd>
    </dl>
  );
}
