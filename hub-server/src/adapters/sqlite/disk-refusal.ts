/** What the disk below the hub's data said, as a code of ours. Refuses: to call anything else a fault of the disk. */
import { codeSaid, diskFault } from '@hailong/shared/disk-fault.ts';
import { CodedError } from '@hailong/shared/errors.ts';

/** Null: it was something else. */
export function diskRefusal(error: unknown, where: string): CodedError | null {
  const fault = diskFault(error);
  if (fault === null) return null;
  const code = fault === 'full' ? 'program.disk_full' : 'program.read_only';
  return new CodedError(code, `${where}: ${codeSaid(error)}`);
}
