/**
 * Purpose: the agent's composition root: reads the command line, wires the parts, starts them in order, stops them in
 *   reverse. Started by bin/hailong-kiosk.js, by systemd, or by Electron's main as the same file.
 * Refuses: a second process on the data folder, an unsafe database, a hub it cannot enrol at.
 * Document: kiosk-app/DESIGN.md, "Ordered procedures".
 */
import './adapters/small-engine.ts';

import { chmodSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { release } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { toHex } from '@hailong/shared/edge/event.ts';
import { CodedError, ERRORS } from '@hailong/shared/errors.ts';
import type { Sha256Hex } from '@hailong/shared/ids.ts';
import { vietnamDay } from '@hailong/shared/time.ts';
import { BallastFile } from './adapters/ballast-file.ts';
import { FolderBlobs } from './adapters/blob-files.ts';
import { systemClock, systemTimers } from './adapters/clock.ts';
import { HighWaterFile } from './adapters/high-water-file.ts';
import { loadDeviceKey, verifyEd25519 } from './adapters/hub-link/device-key.ts';
import { enrolOverHttp, fetchBlob } from './adapters/hub-link/hub-http.ts';
import { HubSocket } from './adapters/hub-link/hub-socket.ts';
import { systemIds } from './adapters/ids.ts';
import { openPinBox } from './adapters/pin-box.ts';
import { drawQr } from './adapters/qr-code.ts';
import { readCode } from './adapters/read-code.ts';
import { reporter } from './adapters/report.ts';
import { rosterFile } from './adapters/roster-file.ts';
import { sha256 } from './adapters/sha256.ts';
import { SqliteCounterStore } from './adapters/sqlite/counter-store.ts';
import { lockData } from './adapters/sqlite/data-lock.ts';
import { codedStorage, openWithRoom, reusableBytes, wipeDeleted } from './adapters/sqlite/open-database.ts';
import { SqliteOutbox } from './adapters/sqlite/outbox-store.ts';
import { SqliteSettings } from './adapters/sqlite/settings-store.ts';
import { freeBytesOf, storageGauge } from './adapters/storage-gauge.ts';
import { Gateway } from './adapters/ui-gateway/gateway.ts';
import { TimeAnchors } from './application/anchor-time.ts';
import { PanelKeeper } from './application/arm-panel.ts';
import { PinChecker } from './application/check-pin.ts';
import { ScreenLight } from './application/darken-screen.ts';
import { enrolDevice, sayWaiting } from './application/enrol-device.ts';
import { hearWindow } from './application/hear-window.ts';
import { TicketIssuer } from './application/issue-ticket.ts';
import { BlobKeeper } from './application/keep-blobs.ts';
import { CheckpointKeeper } from './application/keep-checkpoint.ts';
import { HighWaterKeeper, lossBehind } from './application/keep-high-water.ts';
import { isPrivateLine, RosterKeeper } from './application/keep-roster.ts';
import { StandingKeeper } from './application/keep-standing.ts';
import { KnownTime } from './application/known-time.ts';
import { AlarmNotes } from './application/note-alarms.ts';
import { WindowNotes } from './application/note-window.ts';
import { OfficerDesk } from './application/open-desk.ts';
import type { Reporter } from './application/ports.ts';
import { ChainPruner } from './application/prune-chain.ts';
import { raiseAlarm } from './application/raise-alarm.ts';
import { ScreenReload } from './application/reload-screen.ts';
import { type CounterConfig, CounterRunner } from './application/run-counter.ts';
import { spendingBallast } from './application/spend-ballast.ts';
import { type FromHub, SyncRunner } from './application/sync-outbox.ts';
import { StorageWatch } from './application/watch-storage.ts';
import { closeAll } from './close-all.ts';
import { exitCodeOf, type RunCommand, readCommandLine, USAGE } from './command-line.ts';
import { panelParts } from './panel-parts.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const { version } = JSON.parse(readFileSync(here('../package.json'), 'utf8')) as { version: string };
const BUILD = `hailong-kiosk/${version}`;
const RUNTIME = `node ${process.versions.node}, ${process.platform} ${release()} ${process.arch}`.slice(
  0,
  120,
);

// A reader that has gone (`| head -1`) ends neither the agent nor this program's order.
process.stdout.on('error', () => undefined);
process.stderr.on('error', () => undefined);
const command = readCommandLine(process.argv.slice(2));
if (command.kind === 'run') {
  await run(command.run, reporter(command.run.json)).catch((error: unknown) => fail(error));
} else if (command.kind === 'witness') {
  // What only a command needs is no part of an agent that runs for months.
  const { printWitness } = await import('./commands/witness.ts');
  await printWitness(command.witness).catch((error: unknown) => fail(error));
} else if (command.kind === 'panel') {
  const { panelCommand } = await import('./commands/panel.ts');
  await panelCommand(command.panel, reporter(command.panel.json)).catch((error: unknown) => fail(error));
  process.exit(0);
} else if (command.kind === 'help') {
  process.stdout.write(USAGE);
} else {
  fail(new CodedError('program.usage', command.detail));
}

async function run(options: RunCommand, report: Reporter): Promise<void> {
  process.umask(0o077);
  const data = resolve(options.data);
  const closers: (() => void | Promise<void>)[] = [];
  let stopping: Promise<boolean> | null = null;
  const stop = () => {
    stopping ??= closeAll(closers, (error) => console.error(error));
    return stopping;
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => void stop().then((whole) => process.exit(whole ? 0 : 1)));
  try {
    await start(options, data, report, (close) => closers.push(close));
  } catch (error) {
    await stop();
    throw error;
  }
}

async function start(
  options: RunCommand,
  data: string,
  said: Reporter,
  onStop: (close: () => void | Promise<void>) => void,
): Promise<void> {
  const clock = systemClock();
  const report = new AlarmNotes(said, clock);
  const timers = systemTimers;
  const ids = systemIds;

  const lock = lockData(data);
  onStop(() => lock.release());
  const freeBytes = () => freeBytesOf(data);
  const ballast = new BallastFile(join(data, 'ballast'), options.ballastBytes, freeBytes);
  onStop(() => ballast.close());
  const db = openWithRoom(join(data, 'agent.db'), () => ballast.release());
  onStop(() => void db.close());
  const highWaterFile = new HighWaterFile(join(data, 'high-water'));
  onStop(() => highWaterFile.close());
  const settings = new SqliteSettings(db);
  const identity = loadDeviceKey(join(data, 'device-key.pem'));
  const enrolment = await enrolDevice(
    {
      ...{ settings, identity, timers, build: BUILD, verify: verifyEd25519 },
      waiting: (fingerprint) => sayWaiting(report, identity.device, fingerprint),
      exchange: (request) => enrolOverHttp(options.hub, request),
    },
    options.enrol === '-' ? await readCode(report) : options.enrol,
  );

  const outbox = new SqliteOutbox(db, sha256, identity.device, timers);
  onStop(() => outbox.flush());
  const parts = { clock, timers, ids, report };
  const stored = new SqliteCounterStore(db, sha256, identity.device);
  const store = spendingBallast(stored, {
    ...parts,
    ...{ ballast, freeBytes },
  });
  const highWater = new HighWaterKeeper({ ...parts, file: highWaterFile });
  onStop(() => highWater.stop());
  const { mark, state: markState } = highWaterFile.read();
  const loss = lossBehind(mark, outbox);
  const watch = new StorageWatch({
    ...parts,
    gauge: storageGauge(data, () => reusableBytes(db)),
    ballast,
    budgetBytes: options.budgetBytes,
  });
  const standing = new StandingKeeper({
    ...parts,
    settings,
    apply: (service) => runner.setService(service),
  });
  const checkpoints = new CheckpointKeeper({
    ...parts,
    settings,
    keys: { hubKey: enrolment.hubKey, recoveryKey: enrolment.recoveryKey },
    verify: verifyEd25519,
    sha256,
    append: (body) => runner.append(body),
  });
  const pruner = new ChainPruner(outbox, timers);
  onStop(() => pruner.stop());
  const blobs = new FolderBlobs(join(data, 'blobs'));
  const health = () => sync.sendStatus();
  const shown = () => {
    runner.refresh();
    health();
  };
  const ofPanel = panelParts(options.panel, data, parts, {
    state: () => stored.state,
    hold: (settingUp) => runner.setUp(settingUp),
    tell: (message) => gateway.broadcast(message),
    changed: { health, shown },
  });
  const { slot: panel, room } = ofPanel;
  onStop(() => room.stop());
  const keeper = new PanelKeeper(panel, timers);
  const gateway = new Gateway(
    { port: options.uiPort, token: uiToken(settings), screens: here('../dist/renderer'), blobs },
    {
      joined(send) {
        runner.present(send);
        room.present(send);
      },
      message: (message, answer) => hearWindow(runner, desk, message, answer, light, room),
      beat: (screen) => windowNotes.beat(screen),
      shell: (word) => windowNotes.shell(word),
      counted: () => {
        windowNotes.connected(gateway.count);
        sync.sendStatus();
      },
    },
  );
  const windowNotes = new WindowNotes({ now: () => clock.stamp().mono, changed: health });
  const windows = new ScreenReload({ windows: gateway, changed: health });
  const config = settings.read('config') as CounterConfig | null;
  const time = new KnownTime({ clock, settings });
  let phoneAddress = config?.privateUrl ?? null;
  let hours = config?.screenHours ?? null;
  const light = new ScreenLight({
    ...{ clock, timers, hours: () => hours },
    now: () => time.now().at,
    changed: () => runner.refresh(),
  });
  onStop(() => light.stop());
  const tickets = new TicketIssuer({ identity, now: () => time.now(), drawQr, address: () => phoneAddress });
  const box = openPinBox(identity);
  const trusted = isPrivateLine(options.hub);
  const roster = new RosterKeeper({
    ...{ file: rosterFile(join(data, 'roster')), clock, trusted },
    now: () => time.now(),
  });
  const pins = new PinChecker({
    ...{ settings, clock, roster, verify: box.verify },
    locked(fact) {
      runner.append(fact);
      raiseAlarm(parts, 'kiosk.pin_locked', fact.officerCode ?? '');
    },
  });
  const desk = new OfficerDesk({
    ...{ clock, timers, ids, roster, pins },
    state: () => stored.state,
    act: (act) => runner.feed({ type: 'officer', act }),
    decline: () => runner.feed({ type: 'officer.decline' }),
    setup: ofPanel.setup,
    changed: () => runner.show(),
  });
  onStop(() => desk.stop());
  const runner = new CounterRunner(
    {
      ...parts,
      store,
      panel,
      keeper,
      windows,
      counter: enrolment.counterId,
      hasBlob: (hash) => blobs.has(hash),
      ticketOf: (rating) => tickets.ticketOf(rating),
      panelShown: () => panel.shown,
      today: () => vietnamDay(time.now().at),
      ...{ desk, light },
    },
    config,
    standing.service,
  );
  const kept = new BlobKeeper(
    blobs,
    (hash, token) => fetchBlob(options.hub, hash, token),
    timers,
    report,
    () => runner.refresh(),
  );
  onStop(() => kept.stop());
  kept.want('roster', roster.photos);
  kept.want('voices', voicesOf(config));
  let configRevision = config?.revision ?? 0;
  const link = new HubSocket(options.hub, timers, report);
  const sync = new SyncRunner(
    {
      ...parts,
      ...{ link, outbox, settings, identity, highWater, checkpoints, standing },
      certificate: enrolment.certificate,
      ...(trusted ? { box: box.stated } : {}),
    },
    {
      online(online, blobToken) {
        if (!online) roster.heard();
        desk.setOnline(online);
        runner.setOnline(online);
        kept.online(blobToken);
        anchors.online(online);
      },
      message: (message) => take(message),
      status: () => ({
        build: BUILD,
        panel: panel.state,
        screens: gateway.count,
        configRevision,
        ...(roster.revision === null ? {} : { rosterRevision: roster.revision }),
        diskFreeBytes: freeBytes(),
        storage: watch.status(),
        health: {
          ...{ runtime: RUNTIME, epoch, upMs: Math.round(clock.stamp().mono - startedMono) },
          ...{ panel: panel.health(), clockBoundMs: time.bound() },
          ...{ witness: checkpoints.health(), isStoring: runner.canStore, alarms: report.health() },
          ...{ reload: windows.health(), window: windowNotes.health() ?? undefined },
        },
      }),
    },
  );
  const anchors = new TimeAnchors({
    ...parts,
    identity,
    hubKey: enrolment.hubKey,
    verify: verifyEd25519,
    send: (message) => sync.send(message),
    append(body) {
      time.anchored(body);
      roster.heard();
      runner.append(body);
      pruner.anchored(body.hubAt);
    },
  });
  const epoch = ids.epoch();
  const startedMono = clock.stamp().mono;
  const take = (message: FromHub): void => {
    switch (message.type) {
      case 'intent':
        runner.feed({ type: 'intent', intent: message.intent, expiresInMs: message.expiresInMs });
        break;
      case 'roster':
        roster.keep(message);
        pins.contact();
        runner.feed({ type: 'roster', officers: message.officers.map(({ profile }) => profile) });
        kept.want('roster', roster.photos);
        wipeDeleted(db);
        break;
      case 'profile.show':
        runner.feed({ type: 'profile', duty: message.duty, profile: message.profile });
        if (message.profile === null) wipeDeleted(db);
        break;
      case 'slip.codes':
        runner.feed({ type: 'slips', slips: message.codes.map((code) => ({ code, hash: slipHash(code) })) });
        break;
      case 'counter.config':
        configRevision = message.revision;
        phoneAddress = message.privateUrl ?? null;
        hours = message.screenHours ?? null;
        runner.configure(message);
        settings.write('config', message);
        kept.want('voices', voicesOf(message));
        // The hub waits for the word that this revision is the one in force here.
        sync.sendStatus();
        break;
      case 'screen.reload':
        windows.ask();
        break;
      case 'time.anchor':
        anchors.answer(message);
        break;
    }
  };

  runner.begin(
    { epoch, bootId: clock.bootId, build: BUILD, counter: enrolment.counterId },
    {
      appended(committed) {
        highWater.committed(committed);
        sync.appended(committed);
      },
      tellHub: (message) => sync.send(message),
      recovered: () => sync.reconnect(),
      photo: (hash) => kept.want('shown', hash === null ? [] : [hash]),
    },
    loss ? [loss] : [],
  );
  if (stored.damaged) raiseAlarm(parts, 'kiosk.state_damaged', '');
  if (loss) raiseAlarm(parts, 'kiosk.loss_detected', `${loss.epoch}/${loss.seq}`);
  if (markState === 'damaged' || (markState === 'missing' && outbox.epochs().length > 1))
    raiseAlarm(parts, 'kiosk.high_water_damaged', markState);
  checkpoints.enrolled(enrolment.checkpoint);
  watch.start();
  onStop(() => watch.stop());
  onStop(() => runner.stop());
  await gateway.listen();
  onStop(() => gateway.close());
  panel.start({
    changed(found) {
      keeper.appeared(found !== null);
      runner.feed({ type: 'panel', hwid: found?.hwid ?? null });
      sync.sendStatus();
      panel.look();
    },
    pressed(press) {
      light.wake();
      runner.feed({ type: 'press', ...press });
    },
    said: (vi, en) => report.say(vi, en),
  });
  onStop(() => panel.stop());
  sync.start();
  onStop(() => sync.stop());

  const { address } = gateway;
  if (options.uiFile !== null) onStop(tellAddress(options.uiFile, address));
  report.line({
    event: 'ready',
    ui: address,
    device: identity.device,
    counter: enrolment.counterId,
    epoch,
    at: clock.stamp().at,
  });
  report.say(`Sẵn sàng. Màn hình: ${address}`, `Ready. Screen: ${address}`);
}

/** For a shell of another user: by their common group, and whole or not at all. The answer takes it back. */
function tellAddress(path: string, address: string): () => void {
  writeFileSync(`${path}.new`, `${address}\n`, { mode: 0o640 });
  chmodSync(`${path}.new`, 0o640);
  renameSync(`${path}.new`, path);
  return () => rmSync(path, { force: true });
}

/** Kept, so that a window that is still open finds the agent again after a restart on the same port. */
function uiToken(settings: SqliteSettings): string {
  const held = settings.read('ui-token');
  if (typeof held === 'string') return held;
  const token = `${systemIds.nonce()}${systemIds.nonce()}`;
  if (!settings.write('ui-token', token)) throw new CodedError('program.disk_full');
  return token;
}

function voicesOf(config: CounterConfig | null): Sha256Hex[] {
  return (config?.voices ?? []).map(({ sha256 }) => sha256);
}

function slipHash(code: string): Sha256Hex {
  return toHex(sha256(new TextEncoder().encode(code)));
}

/** Says what happened and what to do, in both languages, and leaves with the exit code of its kind. */
function fail(error: unknown): void {
  const coded = error instanceof CodedError ? error : codedStorage(error);
  if (!coded) {
    console.error(error);
    process.exit(1);
  }
  const { vi, en, remedy } = ERRORS[coded.code];
  process.stderr.write(`${vi} ${remedy.vi}\n${en} ${remedy.en}\n${coded.message}\n`);
  process.exit(exitCodeOf(coded.code));
}
