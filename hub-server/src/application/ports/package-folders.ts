/** The folders of written packages on the disk. */
export interface PackageFolders {
  /** Where a package of this folder lies now: data may have been moved since it was written. */
  pathOf(folder: string): string;
  /** Names as they lie there, whatever they are, with when each was changed last. */
  list(): Promise<readonly { readonly name: string; readonly changedAt: number }[]>;
  /** Gone for good when this answers; one that is not there is gone. Half done, it never looks like a package. */
  remove(name: string): Promise<void>;
}
