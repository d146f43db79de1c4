/** Every store by the name of its port. A new store is a line here; `Storage` in sqlite-storage.ts follows. */
import { auditStore } from './stores/audit-store.ts';
import { blobsStore } from './stores/blobs-store.ts';

export const stores = {
  audit: auditStore,
  blobs: blobsStore,
} as const;
