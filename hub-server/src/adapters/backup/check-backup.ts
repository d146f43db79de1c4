/**
 * Purpose: does a backup read back as it was signed? Every byte of every file is covered: the manifest by the signature,
 *   the files by the manifest, the signature file by its one spelling; anything else in the folder is strange.
 * Refuses: nothing; it answers what it found, the first bad place first.
 * Document: hub-server/DESIGN.md, "Backup".
 */
import { hash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type BackupFile,
  type BackupManifest,
  backupManifest,
  MANIFEST_FILE,
  SIGNATURE_FILE,
  signedManifest,
} from '@hailong/shared/protocol/backup.ts';
import type { Progress } from '../../application/ports/progress.ts';
import type { Verdict } from '../../domain/verify/finding.ts';
import { publicKeyOf, verifyEd25519 } from '../keys.ts';
import { readBlocks } from './hashed-files.ts';

/** Larger than any manifest: 16 files of 64 GiB. */
const MANIFEST_BYTES_MAX = 128 * 1_048_576;
const SIGNATURE_TEXT = /^[A-Za-z0-9_-]{86}\n$/;

const regular = (path: string): boolean => lstatSync(path, { throwIfNoEntry: false })?.isFile() === true;

/** The signature's one spelling, so that no changed character of its file passes. */
function readSignature(text: string): string | null {
  if (!SIGNATURE_TEXT.test(text)) return null;
  const sig = text.slice(0, -1);
  return Buffer.from(sig, 'base64url').toString('base64url') === sig ? sig : null;
}

function signedBy(publicKey: string, bytes: Uint8Array, sig: string): boolean {
  const raw = Buffer.from(publicKey, 'base64url');
  return raw.byteLength === 32 && verifyEd25519(publicKeyOf(raw), bytes, sig);
}

/**
 * Signature and form of the manifest, by the key given, or when it is null by the one the manifest names: then the
 * caller must find out whether that key may be trusted.
 */
export function readManifest(folder: string, hubKey: string | null, verdict: Verdict): BackupManifest | null {
  const file = join(folder, MANIFEST_FILE);
  if (!regular(file)) {
    verdict.find('backup.missing', { file });
    return null;
  }
  let bytes: Buffer;
  let signature: string;
  try {
    if (lstatSync(file).size > MANIFEST_BYTES_MAX) throw new Error('size');
    bytes = readFileSync(file);
    signature = regular(join(folder, SIGNATURE_FILE))
      ? readFileSync(join(folder, SIGNATURE_FILE), 'latin1')
      : '';
  } catch (error) {
    verdict.find('backup.manifest', { file }, String(error));
    return null;
  }
  const sig = readSignature(signature);
  if (sig === null) {
    verdict.find('backup.signature', { file: join(folder, SIGNATURE_FILE) });
    return null;
  }
  let manifest: BackupManifest;
  try {
    manifest = backupManifest.parse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)));
  } catch {
    verdict.find('backup.manifest', { file });
    return null;
  }
  const key = hubKey ?? manifest.hubKey;
  const signed = signedManifest(hash('sha256', bytes, 'hex'));
  if (manifest.hubKey !== key || !signedBy(key, signed, sig)) {
    verdict.find('backup.signature', { file });
    return null;
  }
  return manifest;
}

/** The first block that differs; a file of another size is compared as far as it goes. */
function checkFile(
  folder: string,
  wanted: BackupFile,
  verdict: Verdict,
  read: (bytes: number) => void,
): void {
  const file = join(folder, wanted.name);
  if (!regular(file)) {
    verdict.find('backup.file', { file }, 'missing');
    return;
  }
  let bad: number | null = null;
  try {
    const { bytes, sha256 } = readBlocks(file, wanted.blockBytes, (block) => {
      if (bad === null && wanted.blocks[block.index] !== block.sha256) bad = block.index;
      read(block.bytes.byteLength);
    });
    if (bad !== null && bad < wanted.blocks.length)
      verdict.find('backup.block', { file, block: bad, byte: bad * wanted.blockBytes });
    if (bytes !== wanted.bytes)
      verdict.find('backup.file', { file }, `${bytes} bytes, signed ${wanted.bytes}`);
    else if (bad === null && sha256 !== wanted.sha256) verdict.find('backup.file', { file }, 'hash');
  } catch (error) {
    verdict.find('backup.file', { file }, String(error));
  }
}

/** Everything of a backup. Null: it cannot be used at all; otherwise look at the verdict. */
export function checkBackup(
  folder: string,
  hubKey: string | null,
  verdict: Verdict,
  progress: Progress,
): BackupManifest | null {
  const manifest = readManifest(folder, hubKey, verdict);
  if (manifest === null) return null;
  const names = new Set<string>([MANIFEST_FILE, SIGNATURE_FILE, ...manifest.files.map(({ name }) => name)]);
  for (const name of readdirSync(folder).sort())
    if (!names.has(name)) verdict.find('backup.file', { file: join(folder, name) }, 'not in the manifest');
  const total = manifest.files.reduce((sum, { bytes }) => sum + bytes, 0);
  progress.begin({ vi: 'Đọc lại bản sao lưu', en: 'Reading the backup back' }, total, 'bytes');
  let done = 0;
  for (const wanted of manifest.files)
    checkFile(folder, wanted, verdict, (bytes) => {
      done += bytes;
      progress.at(done);
    });
  progress.end();
  return manifest;
}
