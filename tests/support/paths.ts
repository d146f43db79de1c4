/* Where things are: the root of the repository and the files that tests start. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const repoRoot = fileURLToPath(new URL('../..', import.meta.url));

/** A path inside the repository, absolute. */
export const inRepo = (...parts: string[]): string => join(repoRoot, ...parts);

export const hubBin = inRepo('hub-server/bin/hailong-hub.js');
export const kioskBin = inRepo('kiosk-app/bin/hailong-kiosk.js');
