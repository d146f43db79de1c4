/** The options of `npm start`, as the demo office takes them. */
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const repoRoot = fileURLToPath(new URL('../..', import.meta.url));

export interface DemoOptions {
  readonly json: boolean;
  /** The hub's port; the kiosk, the panel page and the camera take the next ones. 0 = any free ones. */
  readonly port: number;
  readonly data: string;
  readonly fresh: boolean;
}

export const usage = 'npm start -- [--json] [--port P] [--data D] [--fresh]\n';
const DEFAULT_PORT = 8080;
/** Ports used from `port` on: hub, kiosk screen, panel page, camera ONVIF, camera RTSP. */
export const PORTS_USED = 5;

export function readOptions(argv: readonly string[]): DemoOptions {
  let json = false;
  let fresh = false;
  let port = DEFAULT_PORT;
  let data = resolve(repoRoot, '.hailong/demo');
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i];
    if (word === '--json') json = true;
    else if (word === '--fresh') fresh = true;
    else if (word === '--port') {
      const value = Number(argv[++i]);
      if (!Number.isInteger(value) || value < 0 || value > 65_535 - PORTS_USED)
        throw new Error(`--port: 0 … ${65_535 - PORTS_USED}`);
      port = value;
    } else if (word === '--data') {
      const value = argv[++i];
      if (!value) throw new Error('--data DIR');
      data = resolve(value);
    } else throw new Error(`${word}?`);
  }
  return { json, port, data, fresh };
}
