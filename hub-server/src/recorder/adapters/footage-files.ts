/**
 * Files under the footage root. A segment counts once it and its folder are synced; its hash is of what was synced.
 * Twenty cameras close five files of 2 MB a second: each is read once, into one buffer for all, one after the other.
 */
import { hash } from 'node:crypto';
import type { Dirent } from 'node:fs';
import { open, opendir, rm, rmdir, stat, statfs } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, sep } from 'node:path';
import type { Sha256Hex } from '@hailong/shared/ids.ts';
import type { FootageFiles } from '../application/ports.ts';
import { FileNames } from '../domain/file-names.ts';
import { readFilm } from './inspect-file.ts';

async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

const MEDIA = '.mp4';
/** Names read at once, and told at once: in between everybody else has a turn. */
const PAGE = 1_000;

/** Of a folder that is gone, nothing. */
async function* entries(folder: string): AsyncGenerator<Dirent> {
  const open = await opendir(folder, { bufferSize: PAGE }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
    throw error;
  });
  if (open !== null) yield* open;
}

/** The same, and nothing of a folder that cannot be read, such as `lost+found`. */
async function* readable(folder: string): AsyncGenerator<Dirent> {
  try {
    yield* entries(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall === undefined) throw error;
  }
}

/** The buffer grows by so much at a time, bytes. */
const GROW_BYTES = 1_048_576;

/** Reads whole files after syncing them; `use` gets bytes that are valid until it returns. */
function syncedReader() {
  let buffer = Buffer.alloc(0);
  let turn: Promise<unknown> = Promise.resolve();
  async function read<T>(path: string, use: (bytes: Buffer) => T): Promise<T> {
    const handle = await open(path, 'r');
    try {
      await handle.sync();
      const { size } = await handle.stat();
      if (size > buffer.length) buffer = Buffer.alloc(Math.ceil(size / GROW_BYTES) * GROW_BYTES);
      let length = 0;
      while (length < size) {
        const { bytesRead } = await handle.read(buffer, length, size - length, length);
        if (bytesRead === 0) break;
        length += bytesRead;
      }
      return use(buffer.subarray(0, length));
    } finally {
      await handle.close();
    }
  }
  return <T>(path: string, use: (bytes: Buffer) => T): Promise<T> => {
    const mine = turn.then(() => read(path, use));
    turn = mine.catch(() => undefined);
    return mine;
  };
}

export function footageFiles(root: string): FootageFiles {
  const path = (file: string) => join(root, ...file.split('/'));
  const readSynced = syncedReader();
  /** Names ending so, one folder after the other. */
  async function* named(ending: string, folder = ''): AsyncGenerator<readonly string[]> {
    const below: string[] = [];
    let page: string[] = [];
    for await (const entry of readable(path(folder))) {
      const name = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) below.push(name);
      if (!entry.isFile() || !entry.name.endsWith(ending)) continue;
      page.push(name);
      if (page.length < PAGE) continue;
      yield page;
      page = [];
    }
    if (page.length > 0) yield page;
    for (const each of below) yield* named(ending, each);
  }
  return {
    path,
    name(absolute) {
      const name = relative(root, absolute);
      return name === '' || name.startsWith('..') || isAbsolute(name) ? null : name.split(sep).join('/');
    },
    async seal(file) {
      const sealed = await readSynced(path(file), (bytes) => ({
        bytes: bytes.length,
        sha256: hash('sha256', bytes, 'hex') as Sha256Hex,
        film: bytes.length === 0 ? null : readFilm(bytes),
      }));
      await sync(dirname(path(file)));
      return sealed;
    },
    async remove(file) {
      await rm(path(file), { force: true });
      // A run's folder goes with its last file; a folder that still holds one refuses.
      await rmdir(dirname(path(file))).catch(() => undefined);
    },
    async removeSecrets() {
      for await (const page of named('.ffconcat'))
        for (const file of page) await rm(path(file), { force: true }).catch(() => undefined);
    },
    async removeEmpty(before) {
      for await (const camera of readable(root))
        if (camera.isDirectory())
          for await (const run of readable(path(camera.name))) {
            if (!run.isDirectory()) continue;
            const folder = path(`${camera.name}/${run.name}`);
            const made = await stat(folder).catch(() => null);
            if (made !== null && made.mtimeMs < before) await rmdir(folder).catch(() => undefined);
          }
    },
    list: () => named(MEDIA),
    async inFolder(folder) {
      const names = new FileNames();
      for await (const entry of entries(path(folder)))
        if (entry.isFile() && entry.name.endsWith(MEDIA)) names.add(entry.name);
      return names;
    },
    now: Date.now,
    async modifiedAt(file) {
      return stat(path(file)).then(
        ({ mtimeMs }) => Math.round(mtimeMs),
        (error: NodeJS.ErrnoException) => {
          if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
          throw error;
        },
      );
    },
    async freeBytes() {
      const { bavail, bsize } = await statfs(root);
      return bavail * bsize;
    },
  };
}
