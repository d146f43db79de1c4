/**
 * The office's recordings on SQLite: bytes by content hash beside the officers' photos, and which sentence each reads.
 * Refuses: words that no form has, more or larger ones than kiosks are made to carry. See hub-server/DESIGN.md, "Voices".
 */
import { hash } from 'node:crypto';
import type { Instrument } from '@hailong/shared/model/instrument.ts';
import type { VoiceRecording } from '@hailong/shared/protocol/voices.ts';
import type { Sentence, VoicesPort } from '../../../../application/ports/voices.ts';
import { LANGUAGES, spokenTexts, voiceKey } from '../../../../domain/voices/spoken-texts.ts';
import { type Db, many, one, read, run, type Store, write } from '../../op.ts';
import { appendAudit } from '../log/audit.ts';
import { bumpDirectory } from '../meta.ts';
import { formOf, newestOf, usesNow } from './instrument-rows.ts';

/** As many as the wire takes at a counter, and what a small disk and an office's line carry to every kiosk. */
const RECORDINGS_MAX = 500;
const RECORDINGS_BYTES_MAX = 64 * 1_048_576;

const FORM_IDS = 'SELECT DISTINCT id FROM instrument ORDER BY id';
const RECORDINGS = `SELECT v.language, v.words, v.sha256, b.media_type AS mediaType, v.duration_ms AS durationMs,
  length(b.bytes) AS bytes FROM voice_recording v JOIN blob b ON b.sha256 = v.sha256 ORDER BY v.language, v.words`;
const OTHERS = `SELECT count(*) AS n, ifnull(sum(length(b.bytes)), 0) AS bytes
  FROM voice_recording v JOIN blob b ON b.sha256 = v.sha256 WHERE NOT (v.language = ? AND v.words = ?)`;

function formsNow(db: Db): { form: Instrument; used: boolean }[] {
  const used = new Map(usesNow(db).map(({ instrument: { id, version } }) => [`${id} ${version}`, true]));
  const newest = many<{ id: string }>(db, FORM_IDS).map(({ id }) => newestOf(db, id)!);
  for (const { id, version } of newest) used.set(`${id} ${version}`, used.has(`${id} ${version}`));
  return [...used].map(([key, isUsed]) => {
    const [id, version] = key.split(' ') as [string, string];
    return { form: formOf(db, { id, version: Number(version) })!, used: isUsed };
  });
}

/** Hashes by `voiceKey`. */
export function recordingHashes(db: Db): ReadonlyMap<string, string> {
  const rows = many<Sentence & { sha256: string }>(db, 'SELECT language, words, sha256 FROM voice_recording');
  return new Map(rows.map(({ language, words, sha256 }) => [voiceKey(language, words), sha256]));
}

const isSpoken = (db: Db, { language, words }: Sentence): boolean =>
  LANGUAGES.some(
    (each) =>
      each === language &&
      formsNow(db).some(({ form }) => spokenTexts(form).some(({ text }) => text[each] === words)),
  );

const heldHash = (db: Db, { language, words }: Sentence): string | null =>
  one<{ sha256: string }>(
    db,
    'SELECT sha256 FROM voice_recording WHERE language = ? AND words = ?',
    ...[language, words],
  )?.sha256 ?? null;

/** A voice that was taken back is not kept, unless another sentence is read by the same bytes. */
function dropUnnamed(db: Db, sha256: string): void {
  run(
    db,
    `DELETE FROM blob WHERE sha256 = :sha256
     AND NOT EXISTS (SELECT 1 FROM voice_recording WHERE sha256 = :sha256)
     AND NOT EXISTS (SELECT 1 FROM officer WHERE photo = :sha256)`,
    { sha256 },
  );
}

const objectOf = ({ language, words }: Sentence): string => `voice:${language} ${words}`;

export const voicesStore: Store<VoicesPort> = {
  list: read((db) => ({ forms: formsNow(db), recordings: many<VoiceRecording>(db, RECORDINGS) })),
  save: write((db, { language, words, bytes, mediaType, durationMs, at, actor }) => {
    const sentence = { language, words };
    if (!isSpoken(db, sentence)) return 'unknown';
    const before = heldHash(db, sentence);
    const others = one<{ n: number; bytes: number }>(db, OTHERS, ...[language, words])!;
    if (others.n >= RECORDINGS_MAX || others.bytes + bytes.byteLength > RECORDINGS_BYTES_MAX) return 'full';
    const sha256 = hash('sha256', bytes, 'hex');
    run(
      db,
      'INSERT OR IGNORE INTO blob (sha256, media_type, bytes, stored_at) VALUES (?,?,?,?)',
      ...[sha256, mediaType, bytes, at],
    );
    run(
      db,
      'INSERT OR REPLACE INTO voice_recording (language, words, sha256, duration_ms) VALUES (?,?,?,?)',
      ...[language, words, sha256, durationMs],
    );
    if (before !== null) dropUnnamed(db, before);
    appendAudit(db, {
      ...{ at, actor, action: 'voice.saved', object: objectOf(sentence), reason: null },
      body: { sha256, durationMs },
    });
    bumpDirectory(db);
    return 'saved';
  }),
  remove: write((db, { language, words, at, actor }) => {
    const sentence = { language, words };
    const before = heldHash(db, sentence);
    if (before === null) return 'gone';
    run(db, 'DELETE FROM voice_recording WHERE language = ? AND words = ?', ...[language, words]);
    dropUnnamed(db, before);
    appendAudit(db, {
      ...{ at, actor, action: 'voice.removed', object: objectOf(sentence), reason: null },
      body: { sha256: before },
    });
    bumpDirectory(db);
    return 'removed';
  }),
};
