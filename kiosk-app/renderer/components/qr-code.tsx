/**
 * A QR code from rows of modules: dark on white, a quiet zone of four modules, and a whole number of the screen's own
 * pixels for each module, so that no edge is blurred. As large as its box allows. The bits come from the agent.
 */
import { type ReactNode, useLayoutEffect, useRef, useState } from 'react';
import { darkPath, moduleSize, QUIET_MODULES } from '../qr-path.ts';

export function QrCode({ rows, label }: { rows: readonly string[]; label: string }): ReactNode {
  const box = useRef<HTMLDivElement>(null);
  const [boxPx, setBoxPx] = useState(0);
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    const measure = (): void => setBoxPx(Math.min(element.clientWidth, element.clientHeight));
    measure();
    const watch = new ResizeObserver(measure);
    watch.observe(element);
    return () => watch.disconnect();
  }, []);
  const modules = rows.length + 2 * QUIET_MODULES;
  const sidePx = modules * moduleSize(boxPx, modules, window.devicePixelRatio);
  return (
    <div className="qr" ref={box}>
      {boxPx > 0 && (
        <svg
          role="img"
          aria-label={label}
          width={sidePx}
          height={sidePx}
          viewBox={`0 0 ${modules} ${modules}`}
          shapeRendering="crispEdges"
        >
          <rect className="qr-ground" width={modules} height={modules} />
          <path className="qr-dark" d={darkPath(rows)} />
        </svg>
      )}
    </div>
  );
}
