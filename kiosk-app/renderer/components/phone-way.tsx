/**
 * The way to a rating by phone: QR code, short code, until when. One of the two may be absent. The same wherever it is
 * shown, and it depends on nothing that was answered.
 */
import type { Screen } from '@hailong/shared/protocol/ui.ts';
import type { ReactNode } from 'react';
import { useKiosk } from '../kiosk-context.ts';
import { codeGroups } from '../text/code-groups.ts';
import { keepWords } from '../text/line-breaks.ts';
import { momentOf } from '../text/moment.ts';
import { QrCode } from './qr-code.tsx';

export type Way = Pick<Extract<Screen, { name: 'private' }>, 'address' | 'code' | 'qr' | 'until'>;

/** Longer ones nobody types, and they would push the code off the screen. */
const ADDRESS_SHOWN = 48;

function Until({ until }: { until: Way['until'] }): ReactNode {
  const { text } = useKiosk();
  if (until === null) return text.privateOnce;
  const { time, date } = momentOf(until);
  return keepWords(text.privateUntil(time, date));
}

interface PhoneWayProps {
  readonly way: Way;
  /** `page`: it is what the screen is about. `beside`: it stands beside other things. */
  readonly size: 'page' | 'beside';
  readonly head: string | null;
}

export function PhoneWay({ way, size, head }: PhoneWayProps): ReactNode {
  const { text } = useKiosk();
  const typedAt = size === 'page' && way.address && way.address.length <= ADDRESS_SHOWN ? way.address : null;
  const Head = size === 'page' ? 'h1' : 'h2';
  return (
    <div className={`way way-${size}`}>
      {way.qr !== null && <QrCode rows={way.qr} label={text.qr} />}
      <div className="way-words">
        {head !== null && <Head className="way-head">{keepWords(head)}</Head>}
        {size === 'page' && way.qr !== null && <p className="way-scan">{keepWords(text.scan)}</p>}
        {way.code !== null && (
          <p className="way-code">
            <span className="way-code-label">{typedAt === null ? text.code : text.codeAt(typedAt)}</span>
            <span className="way-code-groups">
              {codeGroups(way.code).map((group, at) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: groups of one code never move, and two may be alike
                <span key={at}>{group} </span>
              ))}
            </span>
          </p>
        )}
        <p className="way-until">
          <Until until={way.until} />
        </p>
      </div>
    </div>
  );
}
