/** Identity of the data, instruments. The first row of the log names it, the second the instrument by its content. */
import type { HubIdentity, IdentityPort } from '../../../../application/ports/identity.ts';
import { read, type Store, write } from '../../op.ts';
import { insertVersion } from '../directory/instruments-store.ts';
import { ensureOrigin, identityOf } from '../log/log-origin.ts';
import { bumpDirectory, directoryRevision, setMeta } from '../meta.ts';

export const identityStore: Store<IdentityPort> = {
  identity: read(identityOf),
  establish: write((db, { identity, instrument: form, at }) => {
    const before = identityOf(db);
    if (before) return before;
    setMeta(db, 'identity', JSON.stringify(identity));
    setMeta(db, 'lineage', identity.lineage);
    ensureOrigin(db, at);
    insertVersion(db, form, { at, actor: 'hub' });
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
  directoryRevision: read(directoryRevision),
};
