/**
 * Footage a browser may not play (H.265), offered as files: one an unbroken stretch. The hub writes the log's row before the first
 * byte; an address that is over its time is asked for anew instead of being followed into an error.
 */
import type { ClipAnswer } from '@hailong/shared/protocol/http.ts';
import type { ReactNode } from 'react';
import { useState } from 'react';
import { count, hms } from '../common/format.ts';
import { useLang, useText } from '../common/lang.ts';
import { inspectorText } from './text.ts';

/** Addresses live for 30 minutes; this machine's clock measures only how long ago it was. */
const FRESH_MS = 29 * 60_000;

/** Beside the picture, whether or not this browser plays it. */
export function ClipDownloads({
  name,
  clip,
  openedAt,
  onReopen,
}: {
  name: string;
  clip: ClipAnswer;
  openedAt: number | null;
  onReopen: () => void;
}): ReactNode {
  const text = useText(inspectorText);
  const lang = useLang();
  const [renewed, setRenewed] = useState(false);
  const megabytes = (bytes: number): string => count(Math.max(1, Math.round(bytes / 1_000_000)), lang);
  return (
    <section className="panel footage-facts clip-downloads">
      <h2>{text.downloadHead}</h2>
      <p>{text.downloadWhy(name)}</p>
      <ul>
        {clip.downloads.map(({ address, from, to, bytes }) => (
          <li key={address}>
            <a
              className="key key-anchor"
              href={address}
              download
              onClick={(event) => {
                if (openedAt !== null && Date.now() - openedAt < FRESH_MS) return;
                event.preventDefault();
                setRenewed(true);
                onReopen();
              }}
            >
              {text.downloadPart(hms(from), hms(to), megabytes(bytes))}
            </a>
          </li>
        ))}
      </ul>
      {renewed && <p role="status">{text.downloadRenewed}</p>}
      <p className="muted">{text.downloadLogged}</p>
    </section>
  );
}
