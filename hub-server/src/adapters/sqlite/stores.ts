/** Every store by the name of its port. A new store is a line here; `Storage` in sqlite-storage.ts follows. */
import { accessStore } from './stores/accounts/access-store.ts';
import { identityStore } from './stores/accounts/identity-store.ts';
import { tokensStore } from './stores/accounts/tokens-store.ts';
import { actsStore } from './stores/acts/acts-store.ts';
import { backupsStore } from './stores/backups-store.ts';
import { camerasStore } from './stores/cameras/cameras-store.ts';
import { hubClockStore } from './stores/cameras/hub-clock-store.ts';
import { directoryStore } from './stores/directory/directory-store.ts';
import { instrumentsStore } from './stores/directory/instruments-store.ts';
import { noticesStore } from './stores/directory/notices-store.ts';
import { voicesStore } from './stores/directory/voices-store.ts';
import { evidenceStore } from './stores/evidence/evidence-store.ts';
import { figureStore } from './stores/figures/figure-store.ts';
import { ownTotalsStore } from './stores/figures/own-totals-store.ts';
import { reconcileStore } from './stores/figures/reconcile-store.ts';
import { caseStore } from './stores/footage/case-store.ts';
import { coverageStore } from './stores/footage/coverage-store.ts';
import { footageStore } from './stores/footage/footage-store.ts';
import { segmentsStore } from './stores/footage/segments-store.ts';
import { holdsStore } from './stores/holds/holds-store.ts';
import { inboxStore } from './stores/inbox/inbox-store.ts';
import { intentsStore } from './stores/inbox/intents-store.ts';
import { recoveryStore } from './stores/inbox/recovery-store.ts';
import { viewsStore } from './stores/inbox/views-store.ts';
import { jobsStore } from './stores/jobs-store.ts';
import { blobsStore } from './stores/kiosks/blobs-store.ts';
import { devicesStore } from './stores/kiosks/devices-store.ts';
import { fleetStore } from './stores/kiosks/fleet-store.ts';
import { rolloutStore } from './stores/kiosks/rollout-store.ts';
import { screenHoursStore } from './stores/kiosks/screen-hours-store.ts';
import { screensStore } from './stores/kiosks/screens-store.ts';
import { logStore } from './stores/log/log-store.ts';
import { ownChainStore } from './stores/own-chain/own-chain-store.ts';

export const stores = {
  access: accessStore,
  acts: actsStore,
  backups: backupsStore,
  blobs: blobsStore,
  cameras: camerasStore,
  cases: caseStore,
  coverage: coverageStore,
  directory: directoryStore,
  figures: figureStore,
  devices: devicesStore,
  evidence: evidenceStore,
  fleet: fleetStore,
  footage: footageStore,
  holds: holdsStore,
  hubClock: hubClockStore,
  identity: identityStore,
  inbox: inboxStore,
  instruments: instrumentsStore,
  intents: intentsStore,
  jobs: jobsStore,
  log: logStore,
  notices: noticesStore,
  segments: segmentsStore,
  screenHours: screenHoursStore,
  screens: screensStore,
  ownChain: ownChainStore,
  ownTotals: ownTotalsStore,
  reconcile: reconcileStore,
  recovery: recoveryStore,
  rollouts: rolloutStore,
  tokens: tokensStore,
  views: viewsStore,
  voices: voicesStore,
} as const;
