/** Every migration in order; a new one is a new file `NNN-name.ts` and a line here. */
import { facts } from './001-facts.ts';
import { directory } from './002-directory.ts';
import { segmentHeader } from './003-segment-header.ts';
import { log } from './004-log.ts';
import { standingAndTimes } from './005-standing-and-times.ts';
import { recovery } from './006-recovery.ts';
import { backup } from './007-backup.ts';
import { hubChain } from './008-hub-chain.ts';
import { slipClaims } from './009-slip-claims.ts';
import { slipStarts } from './010-slip-starts.ts';
import { phoneAddress } from './011-phone-address.ts';
import { ownTotals } from './012-own-totals.ts';
import { keyScope } from './013-key-scope.ts';
import { outcomeReasons } from './014-outcome-reasons.ts';
import { sessionLock } from './015-session-lock.ts';
import { footageHold } from './016-footage-hold.ts';
import { closedDossiers } from './017-closed-dossiers.ts';
import { instrumentUses } from './018-instrument-uses.ts';
import { answers } from './019-answers.ts';
import { pinDays } from './020-pin-days.ts';
import { voices } from './021-voices.ts';
import { fleetAlarms } from './022-fleet-alarms.ts';
import { approval } from './023-approval.ts';
import { officersByUnit } from './024-officers-by-unit.ts';
import { rollout } from './025-rollout.ts';
import { screenHours } from './026-screen-hours.ts';
import { notices } from './027-notices.ts';
import { coverage } from './029-coverage.ts';
import { holds } from './030-holds.ts';
import { acts } from './031-acts.ts';
import { watched } from './032-watched.ts';
import { evidence } from './033-evidence.ts';
import { cameraOnboarding } from './034-camera-onboarding.ts';
import { packageRetention } from './035-package-retention.ts';
import { formerMap } from './036-former-map.ts';
import { newestAnchor } from './037-newest-anchor.ts';
import { packageViews } from './038-package-views.ts';
import { nextOpening } from './039-next-opening.ts';
import { holdRequests } from './040-hold-requests.ts';
import { holdKinds } from './041-hold-kinds.ts';
import { cameraMeasuring } from './042-camera-measuring.ts';
import { packageDownloads } from './043-package-downloads.ts';
import { clockSteps } from './044-clock-steps.ts';
import { runArrivals } from './045-run-arrivals.ts';
import { cameraLogin } from './046-camera-login.ts';
import { walkupHolds } from './047-walkup-holds.ts';
import { holdList } from './048-hold-list.ts';
import { stillLooks } from './049-still-looks.ts';
import { cameraView } from './050-camera-view.ts';
import { walkupRefold } from './051-walkup-refold.ts';
import { lostFootage } from './052-lost-footage.ts';
import { movedTurns } from './053-moved-turns.ts';
import { mapChangers } from './054-map-changers.ts';
import { loginKept } from './055-login-kept.ts';
import { stillOpened } from './056-still-opened.ts';
import { endedHolds } from './057-ended-holds.ts';
import type { Migration } from './migration.ts';

export const migrations: readonly Migration[] = [
  ...[
    facts,
    directory,
    segmentHeader,
    log,
    standingAndTimes,
    recovery,
    backup,
    hubChain,
    slipClaims,
    slipStarts,
    phoneAddress,
    ownTotals,
    keyScope,
    outcomeReasons,
    sessionLock,
    footageHold,
    closedDossiers,
    instrumentUses,
    answers,
    pinDays,
    voices,
    fleetAlarms,
    approval,
    officersByUnit,
    rollout,
    screenHours,
    notices,
    coverage,
    holds,
    acts,
    watched,
    evidence,
    cameraOnboarding,
    packageRetention,
    formerMap,
    newestAnchor,
    packageViews,
    nextOpening,
    holdRequests,
    holdKinds,
    cameraMeasuring,
    packageDownloads,
    clockSteps,
    runArrivals,
    cameraLogin,
    walkupHolds,
    holdList,
    stillLooks,
    cameraView,
    walkupRefold,
    lostFootage,
    movedTurns,
    mapChangers,
    loginKept,
    stillOpened,
    endedHolds,
  ],
];
