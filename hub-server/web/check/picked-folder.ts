/**
 * A folder that a person picked or dropped, as the verifier reads packages. The browser gives names and bytes; the names
 * are a stranger's and are judged by the verifier before anything is read.
 */
import type { PackageEntry, PackageSource } from '@hailong/shared/evidence/verify-package.ts';

/** Read at a time, so that a day of footage needs no memory. */
const PIECE = 4 * 1024 * 1024;
/** More is no package; the browser is not kept busy with it. */
const ENTRIES_MAX = 100_010;

export interface PickedFile {
  /** Within the folder. */
  readonly path: string;
  readonly file: Blob;
}

/** The first name of the path is the folder itself. */
export function filesOf(list: FileList): PickedFile[] {
  return [...list].slice(0, ENTRIES_MAX).map((file) => {
    const whole = file.webkitRelativePath || file.name;
    return { path: whole.slice(whole.indexOf('/') + 1), file };
  });
}

function readEntries(reader: FileSystemDirectoryReader): Promise<FileSystemEntry[]> {
  return new Promise((resolve, reject) => reader.readEntries(resolve, reject));
}

async function walk(folder: FileSystemDirectoryEntry, path: string, into: PickedFile[]): Promise<void> {
  const reader = folder.createReader();
  for (;;) {
    const entries = await readEntries(reader);
    if (entries.length === 0 || into.length >= ENTRIES_MAX) return;
    for (const entry of entries) {
      const name = `${path}${entry.name}`;
      if (entry.isDirectory) await walk(entry as FileSystemDirectoryEntry, `${name}/`, into);
      else {
        const file = await new Promise<File>((resolve, reject) =>
          (entry as FileSystemFileEntry).file(resolve, reject),
        );
        into.push({ path: name, file });
      }
    }
  }
}

/** Null: what was dropped is no single folder. */
export async function filesDropped(items: DataTransferItemList): Promise<PickedFile[] | null> {
  const entries = [...items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  const [folder] = entries;
  if (entries.length !== 1 || !folder?.isDirectory) return null;
  const files: PickedFile[] = [];
  await walk(folder as FileSystemDirectoryEntry, '', files);
  return files;
}

export function pickedSource(files: readonly PickedFile[]): PackageSource {
  const byPath = new Map(files.map(({ path, file }) => [path, file]));
  return {
    list: async () =>
      files
        .map(({ path, file }): PackageEntry => ({ path, bytes: file.size, regular: true }))
        .sort((one, other) => (one.path < other.path ? -1 : 1)),
    async read(path, piece) {
      const file = byPath.get(path);
      if (!file) throw new Error(path);
      for (let at = 0; at < file.size; at += PIECE)
        piece(new Uint8Array(await file.slice(at, at + PIECE).arrayBuffer()));
    },
  };
}
