/** Names of packages' folders below data/evidence. Pure. */

/** The last part of a path of this machine or of another one that the data came from. */
export const basenameOf = (folder: string): string => folder.split(/[\\/]/).at(-1) ?? '';

/** `part`: being written; `gone`: being removed; else a package. */
export function kindOf(name: string): 'part' | 'gone' | 'package' {
  if (name.endsWith('.part')) return 'part';
  return name.endsWith('.gone') ? 'gone' : 'package';
}
