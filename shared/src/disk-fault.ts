/**
 * What the disk below somebody's data said, whether to SQLite or to Node: agent and hub have each their own sentence for it.
 * Refuses: to call anything else a fault of the disk.
 */

/** The code that an error carries, of SQLite or of Node; empty: none. */
export const codeSaid = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : '';

/** Null: it was something else. */
export function diskFault(error: unknown): 'read-only' | 'full' | null {
  const said = codeSaid(error);
  // Making a folder on a read-only disk, Node says that what lies above is missing.
  const unmade =
    said === 'ENOENT' && error instanceof Error && 'syscall' in error && error.syscall === 'mkdir';
  if (unmade || /^(EROFS|EACCES|EPERM|SQLITE_READONLY)/.test(said)) return 'read-only';
  return /^(ENOSPC|EDQUOT|SQLITE_FULL)/.test(said) ? 'full' : null;
}
