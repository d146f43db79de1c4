/** Identity of the data, instruments. */
import { type Instrument, instrument } from '@hailong/shared/model/instrument.ts';
import type { HubIdentity, IdentityPort } from '../../../application/ports/identity.ts';
import { type Db, one, read, run, type Store, write } from '../op.ts';
import { bumpDirectory, directoryRevision, getMeta, setMeta } from './meta.ts';

function held(db: Db): HubIdentity | null {
  const text = getMeta(db, 'identity');
  return text === null ? null : (JSON.parse(text) as HubIdentity);
}

function parse(row: { content: string } | undefined): Instrument | null {
  return row ? instrument.parse(JSON.parse(row.content)) : null;
}

export const identityStore: Store<IdentityPort> = {
  identity: read(held),
  establish: write((db, { identity, instrument: form, at }) => {
    const before = held(db);
    if (before) return before;
    setMeta(db, 'identity', JSON.stringify(identity));
    setMeta(db, 'lineage', identity.lineage);
    run(
      db,
      'INSERT OR IGNORE INTO instrument (id, version, content, since) VALUES (?,?,?,?)',
      ...[form.id, form.version, JSON.stringify(form), at],
    );
    bumpDirectory(db);
    return identity;
  }),
  charter: write((db, { recoveryBox, charter }) => {
    const before = held(db);
    if (before === null || before.recoveryBox !== undefined) return before;
    const now: HubIdentity = { ...before, recoveryBox, charter };
    setMeta(db, 'identity', JSON.stringify(now));
    return now;
  }),
  instrument: read((db) =>
    parse(one(db, 'SELECT content FROM instrument ORDER BY since DESC, version DESC LIMIT 1')),
  ),
  instrumentVersion: read((db, { id, version }) =>
    parse(one(db, 'SELECT content FROM instrument WHERE id = ? AND version = ?', id, version)),
  ),
  directoryRevision: read(directoryRevision),
};
