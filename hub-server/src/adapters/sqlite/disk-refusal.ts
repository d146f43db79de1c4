/**
 * What the disk below the data said, as a code of ours, whether it said so to SQLite or to us.
 * Refuses: to call anything else a fault of the disk.
 */
import { CodedError } from '@hailong/shared/errors.ts';

/** Null: it was something else. */
export function diskRefusal(error: unknown, where: string): CodedError | null {
  const said = error instanceof Error && 'code' in error ? String(error.code) : '';
  // Making a folder on a read-only disk, Node says that what lies above is missing.
  const unmade = said === 'ENOENT' && (error as NodeJS.ErrnoException).syscall === 'mkdir';
  if (unmade || /^(EROFS|EACCES|EPERM|SQLITE_READONLY)/.test(said))
    return new CodedError('program.read_only', `${where}: ${said}`);
  if (/^(ENOSPC|EDQUOT|SQLITE_FULL)/.test(said))
    return new CodedError('program.disk_full', `${where}: ${said}`);
  return null;
}
