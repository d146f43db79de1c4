/** Every store by the name of its port. A new store is a line here; `Storage` in sqlite-storage.ts follows. */
import { accessStore } from './stores/access-store.ts';
import { actsStore } from './stores/acts-store.ts';
import { backupsStore } from './stores/backups-store.ts';
import { blobsStore } from './stores/blobs-store.ts';
import { camerasStore } from './stores/cameras-store.ts';
import { caseStore } from './stores/case-store.ts';
import { coverageStore } from './stores/coverage-store.ts';
import { devicesStore } from './stores/devices-store.ts';
import { directoryStore } from './stores/directory-store.ts';
import { evidenceStore } from './stores/evidence-store.ts';
import { figureStore } from './stores/figure-store.ts';
import { fleetStore } from './stores/fleet-store.ts';
import { footageStore } from './stores/footage-store.ts';
import { holdsStore } from './stores/holds-store.ts';
import { hubClockStore } from './stores/hub-clock-store.ts';
import { identityStore } from './stores/identity-store.ts';
import { inboxStore } from './stores/inbox-store.ts';
import { instrumentsStore } from './stores/instruments-store.ts';
import { intentsStore } from './stores/intents-store.ts';
import { jobsStore } from './stores/jobs-store.ts';
import { logStore } from './stores/log-store.ts';
import { noticesStore } from './stores/notices-store.ts';
import { ownChainStore } from './stores/own-chain-store.ts';
import { ownTotalsStore } from './stores/own-totals-store.ts';
import { reconcileStore } from './stores/reconcile-store.ts';
import { recoveryStore } from './stores/recovery-store.ts';
import { rolloutStore } from './stores/rollout-store.ts';
import { screenHoursStore } from './stores/screen-hours-store.ts';
import { screensStore } from './stores/screens-store.ts';
import { segmentsStore } from './stores/segments-store.ts';
import { tokensStore } from './stores/tokens-store.ts';
import { viewsStore } from './stores/views-store.ts';
import { voicesStore } from './stores/voices-store.ts';

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
