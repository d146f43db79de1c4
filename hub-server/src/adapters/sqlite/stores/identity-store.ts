/** Identity of the data, instruments. The first row of the log names it, the second the instrument by its content. */
import { hash } from 'node:crypto';
import { type Instrument, instrument } from '@hailong/shared/model/instrument.ts';
import type { HubIdentity, IdentityPort } from '../../../application/ports/identity.ts';
import { one, read, run, type Store, write } from '../op.ts';
import { appendAudit } from './audit.ts';
import { ensureOrigin, identityOf } from './log-origin.ts';
import { bumpDirectory, directoryRevision, setMeta } from './meta.ts';
import { newestInstrument } from './screens-store.ts';

function parse(row: { content: string } | undefined): Instrument | null {
  return row ? instrument.parse(JSON.parse(row.content)) : null;
}

export const identityStore: Store<IdentityPort> = {
  identity: read(identityOf),
  establish: write((db, { identity, instrument: form, at }) => {
    const before = identityOf(db);
    if (before) return before;
    const content = JSON.stringify(form);
    setMeta(db, 'identity', JSON.stringify(identity));
    setMeta(db, 'lineage', identity.lineage);
    run(
      db,
      'INSERT OR IGNORE INTO instrument (id, version, content, since) VALUES (?,?,?,?)',
      ...[form.id, form.version, content, at],
    );
    ensureOrigin(db, at);
    appendAudit(db, {
      ...{ at, actor: 'hub', action: 'instrument.saved', object: `instrument:${form.id}`, reason: null },
      body: { version: form.version, sha256: hash('sha256', content, 'hex') },
    });
    bumpDirectory(db);
    return identity;
  }),
  charter: write((db, { recoveryBox, charter }) => {
    const before = identityOf(db);
    if (before === null || before.recoveryBox !== undefined) return before;
    const now: HubIdentity = { ...before, recoveryBox, charter };
    setMeta(db, 'identity', JSON.stringify(now));
    return now;
  }),
  instrument: read(newestInstrument),
  instrumentVersion: read((db, { id, version }) =>
    parse(one(db, 'SELECT content FROM instrument WHERE id = ? AND version = ?', id, version)),
  ),
  directoryRevision: read(directoryRevision),
};
