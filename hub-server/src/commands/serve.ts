/**
 * `hailong-hub serve`: opens the data, listens, starts the recorder, and ends all of it in order.
 * Refuses: data in use, a newer schema, an address off loopback without TLS or an explicit --insecure, a taken port.
 * See hub-server/DESIGN.md, "Start and stop".
 */
import { readFileSync } from 'node:fs';
import { type AddressInfo, isIP } from 'node:net';
import { hostname, networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CodedError } from '@hailong/shared/errors.ts';
import { v7 as uuidv7 } from 'uuid';
import { systemClock, systemTimers } from '../adapters/clock.ts';
import { CHECK_PAGE_FILE } from '../adapters/evidence/write-evidence.ts';
import { deviceIdOf } from '../adapters/keys.ts';
import { bootId, watchNtp } from '../adapters/machine-time.ts';
import { listenToOperator } from '../adapters/operator-socket.ts';
import { RecorderLink } from '../adapters/recorder-link/recorder-link.ts';
import { startRecorderProcess } from '../adapters/recorder-link/recorder-process.ts';
import { EdgeLinks } from '../adapters/ws/edge-links.ts';
import { registerEdge } from '../adapters/ws/edge-routes.ts';
import { buildApp } from '../app.ts';
import { lapseActs } from '../application/acts/lapse-acts.ts';
import { careForCameras } from '../application/cameras/care-for-cameras.ts';
import { expirePackagesJob } from '../application/evidence/expire-packages.ts';
import { reconcileNight } from '../application/figures/reconcile-night.ts';
import { releaseTotals } from '../application/figures/release-totals.ts';
import { keepFleet } from '../application/fleet/keep-fleet.ts';
import { createFootageViews } from '../application/footage/footage-views.ts';
import { keepAge } from '../application/footage/keep-age.ts';
import { keepHolds } from '../application/footage/keep-holds.ts';
import { lapseHolds } from '../application/footage/lapse-holds.ts';
import { createHubCore } from '../application/hub-core.ts';
import { keepJobs } from '../application/keep-jobs.ts';
import { LiveBus } from '../application/live-bus.ts';
import { keepSealing } from '../application/log/seal-log.ts';
import type { AdminParts } from '../application/web-parts.ts';
import { type Closer, closeInOrder } from './close-in-order.ts';
import { type ExitCode, type Flags, json, say, sayRecoveryKey } from './command-line.ts';
import { maintain, maintenance } from './maintain.ts';
import { cameraCidrs, networksOf } from './networks.ts';
import { type OpenHub, openHub } from './open-hub.ts';
import { openMirror } from './open-mirror.ts';
import { operate, operation } from './operate.ts';

const DEFAULT_PORT = 8443;
export interface ServeOptions {
  readonly dataDir: string;
  readonly host: string;
  readonly port: number;
  readonly tls: { readonly key: string; readonly cert: string } | null;
  readonly insecure: boolean;
  readonly origins: readonly string[];
  readonly cameraCidrs: readonly string[];
  /** Addresses and networks whose `X-Forwarded-For` is believed; none: nobody's. */
  readonly proxies: readonly string[];
  /** Where the hub's own chain is kept a second time; null: nowhere. */
  readonly mirror: string | null;
  readonly json: boolean;
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

function readPem(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new CodedError('program.usage', file);
  }
}

export function serveOptions(flags: Flags): ServeOptions {
  const host = flags.text('host') ?? '127.0.0.1';
  const [cert, key] = [flags.text('tls-cert'), flags.text('tls-key')];
  if ((cert === undefined) !== (key === undefined))
    throw new CodedError('program.usage', '--tls-cert --tls-key');
  const tls = cert !== undefined && key !== undefined ? { cert: readPem(cert), key: readPem(key) } : null;
  const insecure = flags.has('insecure');
  if (!tls && !insecure && !isLoopback(host)) throw new CodedError('program.insecure_bind', host);
  return {
    ...{ dataDir: flags.need('data'), host, tls, insecure, json: flags.has('json') },
    port: flags.number('port', 0, 65_535) ?? DEFAULT_PORT,
    mirror: flags.text('mirror') ?? null,
    origins: flags.all('origin'),
    proxies: networksOf(flags, 'proxy'),
    cameraCidrs: cameraCidrs(flags),
  };
}

/** Exact Origins under which this hub's own pages can be open. */
function originsOf(options: ServeOptions, port: number): string[] {
  const scheme = options.tls ? 'https' : 'http';
  const names = isLoopback(options.host)
    ? ['127.0.0.1', 'localhost', '[::1]']
    : options.host === '0.0.0.0' || options.host === '::'
      ? [
          ...['127.0.0.1', 'localhost', '[::1]', hostname()],
          ...Object.values(networkInterfaces()).flatMap((list) =>
            (list ?? []).map(({ address, family }) => (family === 'IPv6' ? `[${address}]` : address)),
          ),
        ]
      : [isIP(options.host) === 6 ? `[${options.host}]` : options.host];
  return [...names.map((name) => `${scheme}://${name}:${port}`), ...options.origins];
}

/** What went wrong, for the operator's journal; no content of requests. */
function log(error: unknown): void {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
}

export async function serve(options: ServeOptions): Promise<ExitCode> {
  const hub = await openHub(options.dataDir);
  // Before anything that can fail: it is made once, and the next start does not have it any more.
  if (hub.recoveryKey !== null) sayRecoveryKey(hub.recoveryKey, options.json);
  // The last change is signed too, after everything that could make one has ended.
  const closing: Closer[] = [() => hub.close(), () => hub.logSealer.seal()];
  const closeAll = () => closeInOrder(closing, log);
  try {
    return await run(options, hub, closing, closeAll);
  } catch (error) {
    await closeAll();
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE')
      throw new CodedError('program.port_taken', `${options.host}:${options.port}`);
    if (['EADDRNOTAVAIL', 'ENOTFOUND', 'EACCES'].includes(String((error as NodeJS.ErrnoException).code)))
      throw new CodedError('program.usage', `--host ${options.host} --port ${options.port}`);
    throw error;
  }
}

async function run(
  options: ServeOptions,
  hub: OpenHub,
  closing: Closer[],
  closeAll: () => Promise<void>,
): Promise<ExitCode> {
  const { storage, admin, keys, clock } = hub;
  const bus = new LiveBus();
  hub.onProjected(({ hints, counters, failed }) => {
    if (failed !== undefined)
      log(`Số liệu chưa cập nhật được, sẽ thử lại / figures not brought up to date, trying again: ${failed}`);
    for (const hint of hints) bus.hint(hint);
    for (const counter of counters) bus.counter(counter);
  });
  const timers = systemTimers;
  // Before this start states anything: what comes back belongs before it.
  const mirror = options.mirror === null ? null : await openMirror(options, options.mirror, hub, timers);
  if (mirror) closing.push(() => mirror.close());
  await storage.ownChain.begin(admin.own.writer());
  admin.own.stated();
  const { state: recovering } = await storage.recovery.show();
  const isConfidential = options.tls !== null || isLoopback(options.host);
  const links = new EdgeLinks(
    {
      ...{ ...storage, keys, bus, clock, timers, secrets: admin.secrets, report: log },
      logSealer: hub.logSealer,
      ...{ own: admin.own, slipCodes: admin.slipCodes, isConfidential },
    },
    recovering !== null,
  );
  closing.push(() => links.close());
  mirror?.onTookBack(() => links.recoveryChanged());
  hub.logSealer.onSealed((checkpoint) => void links.checkpointSigned(checkpoint).catch(log));
  // A kiosk's first welcome has a checkpoint already.
  await hub.logSealer.seal();
  closing.push(keepSealing(hub.logSealer, timers, log));
  const core = createHubCore({
    ...{ ...storage, links, bus, clock, secrets: admin.secrets, own: admin.own, slipCodes: admin.slipCodes },
  });
  const ntp = await watchNtp(timers, clock.monotonic);
  closing.push(() => ntp.stop());
  const aged = keepAge({
    ...{ hubClock: storage.hubClock, clock, boot: bootId(uuidv7()), report: log },
    ntp: () => (ntp.ntp().state === 'synchronised' ? { askedMs: ntp.ntp().askedMonoMs } : null),
  });
  const recorder = await RecorderLink.listen({
    ...{ ...storage, sealer: keys, bus, clock, aged, timers, log },
    allowCidrs: options.cameraCidrs,
  });
  closing.push(() => recorder.close());
  closing.push(keepHolds(recorder, timers, log));
  closing.push(
    keepJobs({ store: storage.jobs, clock, timers, report: log }, [
      releaseTotals(storage.ownTotals, clock),
      lapseHolds(storage.holds, recorder, aged),
      lapseActs(storage.acts, clock),
      expirePackagesJob({ storage, clock, folders: admin.evidence.folders }, aged),
      reconcileNight(storage.reconcile, clock),
      careForCameras(storage.cameras, bus, aged),
    ]),
  );
  await storage.rollouts.step({ at: clock.now() });
  closing.push(
    keepFleet({
      ...{ fleet: storage.fleet, rollouts: storage.rollouts, clock, timers, bus, report: log },
      tell: () => links.configChanged(),
    }),
  );
  const footage = createFootageViews({ ...storage, clock, root: () => recorder.root() });

  const setupToken = (await storage.access.anyUser()) ? null : admin.secrets.code();
  let origins: readonly string[] = [];
  const app = await buildApp({
    ...{ storage, core, footage, recorder, clock, timers, tls: options.tls },
    ...{ secrets: admin.secrets, hasher: admin.hasher, sealer: admin.sealer, logSealer: hub.logSealer },
    ...{ own: admin.own, slipCodes: admin.slipCodes, verify: admin.verify, deviceIdOf },
    evidence: admin.evidence,
    cookies: isConfidential ? 'secure' : 'plain',
    origins: () => origins,
    proxies: options.proxies,
    setupToken: () => setupToken,
    checkPage: CHECK_PAGE_FILE,
    webDir: fileURLToPath(new URL('../../dist/web', import.meta.url)),
    kioskDir: fileURLToPath(new URL('../../../kiosk-app/dist/renderer', import.meta.url)),
    logger: { level: 'warn', stream: process.stderr },
    plugins: [
      (instance) =>
        registerEdge(instance, {
          ...{ links, blobs: storage.blobs, devices: storage.devices, identity: storage.identity },
          ...{ secrets: admin.secrets, signer: keys, deviceIdOf, bus, clock },
        }),
    ],
  });
  closing.push(() => app.close());
  await app.listen({ host: options.host, port: options.port });
  const { port } = app.server.address() as AddressInfo;
  origins = originsOf(options, port);

  const told: AdminParts['told'] = { core, recorder, sessionsEnded: () => undefined };
  const door = await listenToOperator(options.dataDir, async (request) => {
    const kept = maintenance.safeParse(request);
    if (kept.success)
      return {
        ok: true,
        value: await maintain(
          { dataDir: options.dataDir, hub, safeMoved: () => links.safeMoved() },
          kept.data,
        ),
      };
    const asked = operation.safeParse(request);
    if (!asked.success) return { ok: false, code: 'request.invalid' };
    return { ok: true, value: await operate({ ...admin, told }, recorder, footage, asked.data) };
  });
  closing.push(() => door.close());

  if (process.env['HAILONG_CAMERAS'] !== 'off') {
    const child = startRecorderProcess({
      ...{ footageDir: join(options.dataDir, 'footage'), url: recorder.url, token: recorder.token, timers },
      monotonic: () => systemClock.monotonic(),
      say: (line) => process.stderr.write(`[recorder] ${line}\n`),
    });
    closing.push(() => child.stop());
  }

  // What two people allowed and an earlier start did not finish.
  void admin.evidence.makeAll();
  closing.push(async () => admin.evidence.stop());

  const url = `${options.tls ? 'https' : 'http'}://${originHost(options.host)}:${port}`;
  // Before anybody hears that it listens: who then stops it at once finds it listening to that, too.
  const stop = new Promise<ExitCode>((done) => {
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.once(signal, () => done(0));
    void hub.failed.then((error) => {
      log(error);
      done(1);
    });
  });
  announce(options, url, setupToken);
  const code = await stop;
  await closeAll();
  return code;
}

/** The name people open: a wildcard is not one. */
function originHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return hostname();
  if (host === 'localhost') return '127.0.0.1';
  return isIP(host) === 6 ? `[${host}]` : host;
}

function announce(options: ServeOptions, url: string, setupToken: string | null): void {
  if (options.json) json({ event: 'listening', url });
  say(`Máy chủ nghe tại ${url}`, `The hub listens at ${url}`);
  if (setupToken === null) return;
  if (options.json) json({ event: 'setup', token: setupToken, url: `${url}/admin` });
  say(
    `Chưa có quản trị viên. Mở ${url}/admin và nhập mã: ${setupToken}`,
    `There is no administrator yet. Open ${url}/admin and enter the code: ${setupToken}`,
  );
}
