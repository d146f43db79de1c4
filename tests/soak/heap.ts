/* The heap after a collection, megabytes: what is held, not what was let go of. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

export function heapMb(): number {
  collect();
  return process.memoryUsage().heapUsed / 2 ** 20;
}
