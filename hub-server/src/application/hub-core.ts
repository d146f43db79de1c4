/**
 * What the web side asks of the core (core-port.ts), over the storage ports. A verb here writes an
 * intent, offers it to the counter's device and answers with its id; where the hub keeps the counter it is decided at once.
 * Refuses: with closed codes only, by the stores' own rules. See hub-server/DESIGN.md, "Intents".
 */
import type { CounterId, DutyId, IntentId, OfficerId, TransactionId } from '@hailong/shared/ids.ts';
import { SILENT_OUTCOMES } from '@hailong/shared/model/transaction.ts';
import { deviceStatus, type Intent } from '@hailong/shared/protocol/edge.ts';
import type { Clock } from '@hailong/shared/time.ts';
import { isAllSent, SENDING_MS } from '../domain/transactions/all-sent.ts';
import { isOverdue } from '../domain/transactions/intent-resolution.ts';
import type { CounterView, DeviceView, HubCore, IntentReceipt, Outcomes } from './core-port.ts';
import type { LiveBus } from './live-bus.ts';
import type { OwnChain } from './own-chain/own-chain.ts';
import type { DeviceLinks } from './ports/device-links.ts';
import type { DeviceRow, DevicesPort } from './ports/devices.ts';
import type { DirectoryPort } from './ports/directory.ts';
import type { InboxPort } from './ports/inbox.ts';
import type { IntentsPort, NewIntent } from './ports/intents.ts';
import type { Secrets } from './ports/secrets.ts';
import type { ViewsPort } from './ports/views.ts';
import type { SlipCodes } from './private-route/slip-codes.ts';

/** How long an intent waits for its device when the caller names no time. A finish waits long: a served transaction
 * should be rated even after an outage. A login does not: the officer stands there. */
const EXPIRES_MS = {
  'transaction.open': 10 * 60_000,
  'transaction.finish': 4 * 3_600_000,
  'duty.start': 60_000,
  'duty.end': 12 * 3_600_000,
  'duty.pause': 60_000,
  'duty.resume': 60_000,
} as const;

export interface CoreParts {
  readonly intents: IntentsPort;
  readonly views: ViewsPort;
  readonly devices: DevicesPort;
  readonly inbox: InboxPort;
  readonly directory: Pick<DirectoryPort, 'counter'>;
  readonly own: OwnChain;
  readonly slipCodes: SlipCodes;
  readonly links: DeviceLinks;
  readonly bus: LiveBus;
  readonly clock: Clock;
  readonly secrets: Pick<Secrets, 'id'>;
}

export function statusOf(
  row: Pick<DeviceRow, 'status'> | null,
): ReturnType<typeof deviceStatus.parse> | null {
  if (!row?.status) return null;
  const parsed = deviceStatus.safeParse(JSON.parse(row.status));
  return parsed.success ? parsed.data : null;
}

export function createHubCore(parts: CoreParts): HubCore {
  const { intents, views, devices, inbox, directory, own, slipCodes, links, bus, clock, secrets } = parts;

  /** `request` is what was asked without the ids minted here: the same id asks for the same thing or is refused. */
  async function ask(
    intent: NewIntent,
    request: readonly unknown[],
    expiresInMs: number | undefined,
  ): Promise<Outcomes<Intent & { readonly code?: string }>> {
    const at = clock.now();
    const result = await intents.create({
      intent,
      request: JSON.stringify([intent.kind, ...request]),
      at,
      expiresAt: at + (expiresInMs ?? EXPIRES_MS[intent.kind]),
      own: own.fresh(),
    });
    if (!result.ok) return result;
    if (result.own) own.stated();
    if (result.created) {
      bus.counter(result.intent.counterId);
      // Told after the commit; a device that is away gets it with its next hello.
      void links.offerIntents(result.intent.counterId).catch(() => undefined);
    }
    const rating = result.own?.rating;
    return {
      ok: true,
      value: rating ? { ...result.intent, code: slipCodes.ofRating(rating).code } : result.intent,
    };
  }

  const receipt = (outcome: Outcomes<Intent & { readonly code?: string }>): Outcomes<IntentReceipt> => {
    if (!outcome.ok) return outcome;
    const { value } = outcome;
    if (value.kind !== 'transaction.open' && value.kind !== 'transaction.finish')
      return { ok: false, code: 'intent.reused' };
    const { transaction: transactionId, intentId, code } = value;
    return { ok: true, value: { transactionId, intentId, ...(code ? { privateCode: code } : {}) } };
  };

  return {
    async openTransaction(request) {
      if (!(await directory.counter({ id: request.counterId })))
        return { ok: false, code: 'reference.unknown' };
      return receipt(
        await ask(
          {
            kind: 'transaction.open',
            intentId: request.intentId ?? (secrets.id() as IntentId),
            counterId: request.counterId,
            transaction: secrets.id() as TransactionId,
            officerCode: request.officerCode,
            dossierCodes: [...request.dossierCodes],
            procedure: request.procedureCode,
            stage: request.stage,
            queueNumber: request.queueNumber,
          },
          [
            ...[request.counterId, request.officerCode, request.dossierCodes, request.procedureCode],
            ...[request.stage, request.queueNumber],
          ],
          request.expiresInMs,
        ),
      );
    },
    async finishTransaction(request) {
      const { reason } = request;
      const why = reason !== undefined && SILENT_OUTCOMES.has(request.outcome) ? { reason } : {};
      return receipt(
        await ask(
          {
            kind: 'transaction.finish',
            intentId: request.intentId ?? (secrets.id() as IntentId),
            transaction: request.transactionId,
            outcome: request.outcome,
            ...why,
          },
          [request.transactionId, request.outcome, ...Object.values(why)],
          request.expiresInMs,
        ),
      );
    },
    async startDuty({ counterId, profile }) {
      const duty = secrets.id() as DutyId;
      const intentId = secrets.id() as IntentId;
      const asked = await ask({ kind: 'duty.start', intentId, counterId, duty, profile }, [duty], undefined);
      return asked.ok ? { ok: true, value: { dutyId: duty, intentId } } : asked;
    },
    async pauseDuty({ counterId, dutyId, reason }) {
      const intentId = secrets.id() as IntentId;
      const intent = { kind: 'duty.pause', intentId, counterId, duty: dutyId, reason } as const;
      const asked = await ask(intent, [dutyId, reason], undefined);
      return asked.ok ? { ok: true, value: { intentId } } : asked;
    },
    async resumeDuty({ counterId, dutyId }) {
      const intentId = secrets.id() as IntentId;
      const asked = await ask(
        { kind: 'duty.resume', intentId, counterId, duty: dutyId },
        [dutyId],
        undefined,
      );
      return asked.ok ? { ok: true, value: { intentId } } : asked;
    },
    async endDuty({ counterId, dutyId }) {
      const intentId = secrets.id() as IntentId;
      const asked = await ask({ kind: 'duty.end', intentId, counterId, duty: dutyId }, [dutyId], undefined);
      return asked.ok ? { ok: true, value: { intentId } } : asked;
    },
    async intent(id) {
      const row = await intents.get(id);
      if (!row) return null;
      const overdue = isOverdue(row, clock.now());
      return {
        intentId: row.intentId as IntentId,
        counterId: row.counterId as CounterId,
        state: overdue ? 'expired' : row.state,
        code: overdue ? 'intent.expired' : row.code,
      };
    },
    transaction: (id) => views.transaction({ id, now: clock.now() }),
    transactionsOfDossier: (code) => views.transactionsOfDossier({ code, now: clock.now() }),
    transactionsOfQueue: (input) => views.transactionsOfQueue({ ...input, now: clock.now() }),
    ratings: (id) => views.ratings(id),
    async counter(id) {
      const now = clock.now();
      const { officerId, device, until, ...view } = await views.counter({ counterId: id, now });
      const status = statusOf(device);
      const onlineSince = device === null ? null : links.onlineSince(device.id);
      const online = onlineSince !== null;
      const changes = [until, onlineSince === null ? null : onlineSince + SENDING_MS];
      const next = Math.min(
        ...changes.map((at) => (at !== null && at > now ? at : Number.POSITIVE_INFINITY)),
      );
      return {
        ...view,
        officerId: officerId as OfficerId | null,
        until: Number.isFinite(next) ? next : null,
        device: {
          enrolled: device !== null,
          online,
          lastSeenAt: online ? null : (device?.lastSeenAt ?? null),
          panel: online ? (status?.panel ?? 'unknown') : 'unknown',
          screens: online ? (status?.screens ?? 0) : 0,
          allSent: isAllSent(status, onlineSince, now),
        },
      } as CounterView;
    },
    deviceOnline: (id) => links.onlineSince(id) !== null,
    async devices() {
      return (await devices.list()).map((row): DeviceView => {
        const status = statusOf(row);
        const online = links.onlineSince(row.id) !== null;
        return {
          deviceId: row.id,
          counterId: row.counterId as CounterId,
          enrolledAt: row.enrolledAt,
          revokedAt: row.revokedAt,
          online,
          lastSeenAt: online ? clock.now() : row.lastSeenAt,
          unsynced: status?.unsynced ?? 0,
          panel: online ? (status?.panel ?? 'unknown') : 'unknown',
          build: row.build,
          open: row.revokedAt !== null && row.writtenOff === null ? (status?.unsynced ?? 0) : 0,
          writeOffAsked: row.writeOffAsked === null ? null : String(JSON.parse(row.writeOffAsked).by),
        };
      });
    },
    async revokeDevice(id, actor = 'hub') {
      const at = clock.now();
      const done = await devices.revoke({
        id,
        at,
        audit: { at, actor, action: 'device.revoked', object: `device:${id}`, reason: null },
      });
      // Also when it was revoked before, by the removal of the demo say: its line must not outlive that.
      links.end(id, 'device.revoked');
      if (!done) return false;
      // It is awaited no more.
      void links.recoveryChanged().catch(() => undefined);
      bus.hint({ type: 'device.changed', counterId: done.counterId as CounterId });
      bus.counter(done.counterId);
      return true;
    },
    quarantined: () => inbox.asideCount(),
    officerChanged: (id) => links.profileChanged(id),
    directoryChanged: () => links.configChanged(),
    async counterTaken(id) {
      bus.counter(id);
      await links.standingsChanged(id);
    },
    reloadScreens: (ids) => links.reload(ids),
    recoveryChanged: () => links.recoveryChanged(),
    onHint: (listen) => bus.onHint(listen),
    onCounter: (listen) => bus.onCounter(listen),
  };
}
