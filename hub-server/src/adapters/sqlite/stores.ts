/** Every store by the name of its port. A new store is a line here; `Storage` in sqlite-storage.ts follows. */
import { blobsStore } from './stores/blobs-store.ts';

export const stores = {
  blobs: blobsStore,
} as const;
