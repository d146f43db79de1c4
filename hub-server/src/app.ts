/**
 * Purpose: builds the hub's web server from given parts; it never listens, opens no file and reads no clock of its own.
 * Order matters: policy before routes, so that a route without a row cannot exist.
 * Refuses: to start with a hole in the policy table. See hub-server/DESIGN.md and shared/src/protocol/http.ts.
 */
import fastifyCookie from '@fastify/cookie';
import fastifyMultipart from '@fastify/multipart';
import fastifySwagger from '@fastify/swagger';
import fastifyWebsocket from '@fastify/websocket';
import type { VerifySignature } from '@hailong/shared/log/checkpoint.ts';
import type { Clock, Timers } from '@hailong/shared/time.ts';
import Fastify, { type FastifyInstance, type FastifyServerOptions } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import type { App, HttpContext } from './adapters/http/context.ts';
import { cookieNames } from './adapters/http/cookies.ts';
import { installGuard } from './adapters/http/guard.ts';
import { createIdentify } from './adapters/http/identify.ts';
import { installBodies } from './adapters/http/json-body.ts';
import { withCallers } from './adapters/http/openapi.ts';
import { frameworkError, installProblems } from './adapters/http/problems.ts';
import { actRoutes } from './adapters/http/routes/act-routes.ts';
import { adminRoutes } from './adapters/http/routes/admin-routes.ts';
import { cameraMapRoutes } from './adapters/http/routes/camera-map-routes.ts';
import { cameraRoutes } from './adapters/http/routes/camera-routes.ts';
import { caseRoutes } from './adapters/http/routes/case-routes.ts';
import { coverageRoutes } from './adapters/http/routes/coverage-routes.ts';
import { dashboardRoutes } from './adapters/http/routes/dashboard-routes.ts';
import { enrolmentRoutes } from './adapters/http/routes/enrolment-routes.ts';
import { evidenceRoutes } from './adapters/http/routes/evidence-routes.ts';
import { fleetRoutes } from './adapters/http/routes/fleet-routes.ts';
import { importRoutes } from './adapters/http/routes/import-routes.ts';
import { instrumentRoutes } from './adapters/http/routes/instrument-routes.ts';
import { pageRoutes } from './adapters/http/routes/page-routes.ts';
import { privateRoutes } from './adapters/http/routes/private-routes.ts';
import { reconcileRoutes } from './adapters/http/routes/reconcile-routes.ts';
import { reviewRoutes } from './adapters/http/routes/review-routes.ts';
import { screenRoutes } from './adapters/http/routes/screen-routes.ts';
import { sessionRoutes } from './adapters/http/routes/session-routes.ts';
import { stationActs } from './adapters/http/routes/station-acts.ts';
import { stationRoutes } from './adapters/http/routes/station-routes.ts';
import { transactionRoutes } from './adapters/http/routes/transaction-routes.ts';
import { voiceRoutes } from './adapters/http/routes/voice-routes.ts';
import { installSecurityHeaders } from './adapters/http/security-headers.ts';
import { SessionSockets } from './adapters/http/session-sockets.ts';
import type { FootageViews, HubCore, RecorderControl } from './application/core-port.ts';
import type { EvidenceMaker } from './application/evidence/make-package.ts';
import type { LogSealer } from './application/log/seal-log.ts';
import type { OwnChain } from './application/own-chain/own-chain.ts';
import type { Hasher, Sealer, Secrets } from './application/ports/secrets.ts';
import type { SlipCodes } from './application/private-route/slip-codes.ts';
import type { WebParts, WebStorage } from './application/web-parts.ts';

export interface AppParts {
  readonly storage: WebStorage;
  readonly core: HubCore;
  readonly footage: FootageViews;
  readonly recorder: RecorderControl;
  readonly secrets: Secrets;
  readonly hasher: Hasher;
  readonly sealer: Sealer;
  readonly logSealer: Pick<LogSealer, 'seal' | 'fingerprint'>;
  readonly evidence: EvidenceMaker;
  readonly own: OwnChain;
  readonly slipCodes: SlipCodes;
  readonly verify: VerifySignature;
  readonly deviceIdOf: (rawPublicKey: Uint8Array) => string;
  readonly clock: Clock;
  readonly timers: Timers;
  /** PEM; null: served in the clear (loopback, or `--insecure`). */
  readonly tls: { readonly key: string; readonly cert: string } | null;
  /** secure: under TLS or on loopback only; plain: `--insecure` off loopback, where browsers drop Secure cookies. */
  readonly cookies: 'secure' | 'plain';
  /** Exact Origins of this hub's pages; asked at each request, so that the port may come later. */
  origins(): readonly string[];
  /** Addresses and networks of reverse proxies: throttles count by the caller these name. Anyone else's word is ignored. */
  readonly proxies: readonly string[];
  /** What `serve` printed for the first set-up; null when there is an administrator. */
  setupToken(): string | null;
  /** Built screens, `hub-server/dist/web`. */
  readonly webDir: string;
  readonly checkPage: string;
  /** The built kiosk window, `kiosk-app/dist/renderer`. */
  readonly kioskDir: string;
  readonly logger: FastifyServerOptions['logger'];
  /** Routes of devices and the recorder; each needs its row in the policy table. */
  readonly plugins?: readonly ((app: FastifyInstance) => void | Promise<void>)[];
}

/** Everything but lists, photos and recordings is small. */
const BODY_BYTES_MAX = 256 * 1024;
/** A photo; a recording is at most half of it. */
const FILE_BYTES_MAX = 2 * 1024 * 1024;
/** A batch of events is at most 1 MiB (protocol/edge.ts) with its frame. */
const SOCKET_BYTES_MAX = 2 * 1024 * 1024;
const REQUEST_TIMEOUT_MS = 30_000;

export async function buildApp(parts: AppParts): Promise<FastifyInstance> {
  const options: FastifyServerOptions = {
    logger: parts.logger ?? false,
    bodyLimit: BODY_BYTES_MAX,
    requestTimeout: REQUEST_TIMEOUT_MS,
    exposeHeadRoutes: false,
    trustProxy: parts.proxies.length > 0 ? [...parts.proxies] : false,
    routerOptions: { maxParamLength: 100 },
    forceCloseConnections: true,
    genReqId: () => parts.secrets.id(),
    frameworkErrors: (error, request, reply) => {
      frameworkError(error, request, reply);
    },
  };
  const app = (
    parts.tls ? Fastify({ ...options, https: parts.tls } as FastifyServerOptions) : Fastify(options)
  ) as App;
  const sockets = new SessionSockets();
  const told = {
    core: parts.core,
    recorder: parts.recorder,
    sessionsEnded: (ids: readonly string[]) => sockets.end(ids),
  };
  const web: WebParts = { ...parts, told };
  const cookies = cookieNames(parts.cookies);
  const identify = createIdentify(web, cookies);
  const context: HttpContext = {
    parts: web,
    cookies,
    sockets,
    setupToken: () => parts.setupToken(),
    webDir: parts.webDir,
    checkPage: parts.checkPage,
    kioskDir: parts.kioskDir,
    timers: parts.timers,
  };

  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  installProblems(app);
  installSecurityHeaders(app, parts.tls !== null);
  installBodies(app);
  await app.register(fastifyCookie);
  await app.register(fastifyMultipart, {
    limits: { files: 1, fields: 4, fieldSize: 1_024, fileSize: FILE_BYTES_MAX, parts: 5 },
  });
  await app.register(fastifyWebsocket, { options: { maxPayload: SOCKET_BYTES_MAX } });
  await app.register(fastifySwagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'hailong',
        version: '1',
        description: 'Bộ phận Một cửa: đánh giá hài lòng, camera, số liệu.',
      },
      components: {
        securitySchemes: {
          apiKey: { type: 'http', scheme: 'bearer' },
          session: { type: 'apiKey', in: 'cookie', name: cookies.user },
          officer: { type: 'apiKey', in: 'cookie', name: cookies.officer },
          station: { type: 'apiKey', in: 'cookie', name: cookies.station },
        },
      },
    },
    transform: withCallers,
  });
  installGuard(app, { parts: web, identify, origins: () => parts.origins() });

  await pageRoutes(app, context);
  sessionRoutes(app, context);
  reviewRoutes(app, context);
  stationRoutes(app, context, identify);
  stationActs(app, context);
  transactionRoutes(app, context);
  caseRoutes(app, context);
  evidenceRoutes(app, context);
  actRoutes(app, context);
  cameraMapRoutes(app, context);
  coverageRoutes(app, context);
  dashboardRoutes(app, context, identify);
  reconcileRoutes(app, context);
  adminRoutes(app, context);
  cameraRoutes(app, context);
  enrolmentRoutes(app, context);
  fleetRoutes(app, context);
  instrumentRoutes(app, context);
  screenRoutes(app, context);
  importRoutes(app, context);
  voiceRoutes(app, context);
  privateRoutes(app, context);
  for (const plugin of parts.plugins ?? []) await plugin(app as unknown as FastifyInstance);

  app.addHook('preClose', async () => sockets.close());
  return app as unknown as FastifyInstance;
}
