/**
 * V8's young heap doubles when a burst survives in it, up to 64 MB, and keeps that: a thousand kiosks that come back at
 * once would leave a hub of 300 MB at 370. `--max-semi-space-size` bounds it only at the start of Node, which whoever
 * starts the hub decides; growth itself can be stopped at any time. Called when everything is loaded and before anyone
 * is let in: what loading took is enough for the work.
 */
import { setFlagsFromString } from 'node:v8';

export function keepYoungHeap(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
}
