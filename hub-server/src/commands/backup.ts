/**
 * Purpose: `hailong-hub backup DIR --data D`: a signed copy of everything but footage, beside a running hub or stopped.
 * Refuses: data that is none; keys without a recovery box (unless --without-keys); to overwrite a generation.
 * Document: hub-server/DESIGN.md, "Backup", "Second medium".
 */
import { resolve } from 'node:path';
import { CodedError } from '@hailong/shared/errors.ts';
import { writeBackup } from '../adapters/backup/write-backup.ts';
import { systemClock } from '../adapters/clock.ts';
import { type HubKeys, heldHubKeys } from '../adapters/keys.ts';
import { askRunningHub } from '../adapters/operator-socket.ts';
import { readRecoveryKey } from '../adapters/recovery-key.ts';
import { identityOf } from '../adapters/sqlite/online-copy.ts';
import { databaseFile } from '../adapters/sqlite/open-database.ts';
import { openSnapshot } from '../adapters/sqlite/verify-reader.ts';
import { findingText } from '../domain/verify/finding.ts';
import { BUILD } from './build.ts';
import { type ExitCode, type Flags, json, readNamed, say } from './command-line.ts';
import { type Maintenance, maintain } from './maintain.ts';
import { needData, type OpenHub, openHub } from './open-hub.ts';
import { processProgress } from './progress.ts';

export interface Owner {
  readonly keys: HubKeys;
  /** Asks whoever owns the data: the hub opened here, or the running one. */
  ask(asked: Maintenance): Promise<Record<string, unknown>>;
  close(): Promise<void>;
}

async function openOwner(dataDir: string): Promise<Owner> {
  let hub: OpenHub;
  try {
    hub = await openHub(dataDir);
  } catch (error) {
    if (!(error instanceof CodedError) || error.code !== 'program.data_locked') throw error;
    return {
      keys: heldHubKeys(dataDir, identityIn(dataDir)?.hubKey ?? ''),
      async ask(asked) {
        const answer = await askRunningHub(dataDir, asked);
        if (answer === null) throw error;
        if (!answer.ok) throw new CodedError(answer.code, answer.detail);
        return answer.value as Record<string, unknown>;
      },
      close: async () => undefined,
    };
  }
  return {
    keys: hub.keys,
    ask: (asked) => maintain({ dataDir, hub, safeMoved: null }, asked),
    close: () => hub.close(),
  };
}

function identityIn(dataDir: string): ReturnType<typeof identityOf> {
  const snapshot = openSnapshot(databaseFile(dataDir));
  try {
    return identityOf(snapshot);
  } finally {
    snapshot.close();
  }
}

export async function backup(flags: Flags): Promise<ExitCode> {
  const [into, ...more] = flags.words;
  if (into === undefined || more.length > 0) throw new CodedError('program.usage', 'backup DIR');
  const dataDir = needData(flags.need('data'));
  const recovery = flags.text('recovery-key');
  const withKeys = !flags.has('without-keys');
  const owner = await openOwner(dataDir);
  try {
    if (recovery !== undefined) {
      const key = readRecoveryKey(readNamed(recovery));
      await owner.ask({ verb: 'recovery-box', box: key.box, charter: key.charterOf(owner.keys.publicKey) });
    }
    if (withKeys && identityIn(dataDir)?.recoveryBox === undefined) throw new CodedError('backup.no_box');
    // The backup ends in a state that kiosks and paper may know.
    await owner.ask({ verb: 'seal' });
    const written = await writeBackup({
      ...{ dataDir, into, at: systemClock.now(), build: BUILD, keys: owner.keys, withKeys },
      progress: processProgress(flags.has('json')),
    });
    const { folder, manifest, verdict } = written;
    if (verdict.first !== null) {
      const { vi, en } = findingText(verdict.first);
      say(vi, en);
      if (flags.has('json')) json({ event: 'found', ...verdict.first, vi, en });
    }
    const recorded = await owner.ask({ verb: 'backup-record', folder: resolve(folder) });
    const secondMedium = recorded['secondMedium'] === true;
    if (flags.has('json'))
      json({
        ...{ event: 'backup', folder, name: manifest.name, at: manifest.at, secondMedium },
        ...{
          keys: manifest.keys,
          heads: manifest.heads,
          footage: manifest.footage,
          safeMoved: recorded['moved'],
        },
        found: verdict.found,
      });
    sayWritten(folder, manifest.keys, manifest.footage.segments, secondMedium);
    if (verdict.found > 0) throw new CodedError('backup.source_damaged', folder);
    return 0;
  } finally {
    await owner.close();
  }
}

function sayWritten(folder: string, keys: string, segments: number, secondMedium: boolean): void {
  say(`Đã sao lưu vào ${folder}`, `The backup is in ${folder}`);
  if (keys === 'left-out')
    say(
      'Bản này KHÔNG kèm khóa của máy chủ: không khôi phục được từ riêng nó.',
      'It holds NO keys of the hub: it cannot be restored by itself.',
    );
  if (segments > 0)
    say(
      `Không sao chép ${segments} tệp hình; danh sách nằm trong footage.jsonl.`,
      `${segments} footage files were not copied; footage.jsonl lists them.`,
    );
  if (secondMedium)
    say(
      'Nằm trên ổ khác với dữ liệu: thiết bị được biết phần này đã an toàn.',
      'It lies on another medium than the data: kiosks are told that this is safe.',
    );
  else
    say(
      'Nằm CÙNG ổ với dữ liệu: không phải bản thứ hai, thiết bị vẫn giữ tất cả.',
      'It lies on the SAME medium as the data: this is no second copy, and kiosks keep everything.',
    );
}
