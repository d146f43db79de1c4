/**
 * A core without devices for tests of the web side: intents are kept and answered as the real one does, transactions
 * stand where a test puts them. The real core is met in tests/flows.
 */
import { randomUUID } from 'node:crypto';
import type { CounterId, DutyId, IntentId, OfficerId, TransactionId } from '@hailong/shared/ids.ts';
import type { CameraState, ProbeResult } from '@hailong/shared/protocol/footage.ts';
import type { RatingsAnswer, TimelineAnswer, TransactionAnswer } from '@hailong/shared/protocol/http.ts';
import type { LiveHint } from '@hailong/shared/protocol/live.ts';
import type {
  ClipView,
  CounterView,
  DeviceView,
  FootageSubject,
  FootageViews,
  HubCore,
  RecorderControl,
} from '../../../hub-server/src/application/core-port.ts';

export interface Told {
  readonly verb: string;
  readonly input: unknown;
}

const NOBODY: CounterView = {
  officerId: null,
  duty: null,
  transaction: null,
  pending: [],
  lastRefusal: null,
  lastClosed: null,
  device: { enrolled: true, online: true, lastSeenAt: null, panel: 'ready', screens: 1, allSent: true },
  today: { served: 0, prompted: 0 },
  until: null,
};

export class FakeCore implements HubCore {
  readonly told: Told[] = [];
  readonly transactions = new Map<string, TransactionAnswer>();
  readonly ratingsOf = new Map<string, RatingsAnswer>();
  readonly intents = new Map<string, { counterId: CounterId; transactionId: TransactionId; asked: string }>();
  readonly views = new Map<string, CounterView>();
  /** How a device answers a login that follows, and what it answered. */
  dutyAnswer: { state: 'pending' | 'accepted' | 'refused' | 'expired'; code: string | null } = {
    ...{ state: 'accepted', code: null },
  };
  readonly dutyIntents = new Map<string, FakeCore['dutyAnswer']>();
  deviceList: DeviceView[] = [];
  readonly #hints = new Set<(hint: LiveHint) => void>();
  readonly #counters = new Set<(id: CounterId) => void>();

  #intent(counterId: CounterId, intentId: IntentId | undefined, transactionId: TransactionId, asked: string) {
    const id = intentId ?? (randomUUID() as IntentId);
    const held = this.intents.get(id);
    if (held && held.asked !== asked) return { ok: false as const, code: 'intent.reused' as const };
    if (!held) this.intents.set(id, { counterId, transactionId, asked });
    return {
      ok: true as const,
      value: { transactionId: held?.transactionId ?? transactionId, intentId: id },
    };
  }
  async openTransaction(request: Parameters<HubCore['openTransaction']>[0]) {
    this.told.push({ verb: 'openTransaction', input: request });
    const asked = JSON.stringify({ ...request, intentId: undefined });
    return this.#intent(request.counterId, request.intentId, randomUUID() as TransactionId, asked);
  }
  async finishTransaction(request: Parameters<HubCore['finishTransaction']>[0]) {
    this.told.push({ verb: 'finishTransaction', input: request });
    const held = this.transactions.get(request.transactionId);
    if (!held) return { ok: false as const, code: 'intent.unknown_transaction' as const };
    return this.#intent(held.counter.id, request.intentId, request.transactionId, request.outcome);
  }
  async startDuty(request: Parameters<HubCore['startDuty']>[0]) {
    this.told.push({ verb: 'startDuty', input: request });
    const dutyId = randomUUID() as DutyId;
    this.views.set(request.counterId, {
      ...NOBODY,
      officerId: request.profile.id as OfficerId,
      duty: { id: dutyId, state: 'started', since: null, reason: null },
    });
    const intentId = randomUUID() as IntentId;
    this.dutyIntents.set(intentId, this.dutyAnswer);
    return { ok: true as const, value: { dutyId, intentId } };
  }
  async pauseDuty(request: Parameters<HubCore['pauseDuty']>[0]) {
    this.told.push({ verb: 'pauseDuty', input: request });
    return { ok: true as const, value: { intentId: randomUUID() as IntentId } };
  }
  async resumeDuty(request: Parameters<HubCore['resumeDuty']>[0]) {
    this.told.push({ verb: 'resumeDuty', input: request });
    return { ok: true as const, value: { intentId: randomUUID() as IntentId } };
  }
  async endDuty(request: Parameters<HubCore['endDuty']>[0]) {
    this.told.push({ verb: 'endDuty', input: request });
    this.views.delete(request.counterId);
    return { ok: true as const, value: { intentId: randomUUID() as IntentId } };
  }
  async intent(id: IntentId) {
    const duty = this.dutyIntents.get(id);
    if (duty) return { intentId: id, counterId: '' as CounterId, ...duty };
    const held = this.intents.get(id);
    return held ? { intentId: id, counterId: held.counterId, state: 'pending' as const, code: null } : null;
  }
  async transaction(id: TransactionId) {
    return this.transactions.get(id) ?? null;
  }
  async transactionsOfDossier(code: string) {
    return [...this.transactions.values()].filter((each) => each.dossierCodes.includes(code));
  }
  async transactionsOfQueue({ queueNumber, from, to }: { queueNumber: string; from: number; to: number }) {
    return [...this.transactions.values()].filter(
      (each) => each.queueNumber === queueNumber && each.openedAt >= from && each.openedAt <= to,
    );
  }
  async ratings(id: TransactionId) {
    return this.ratingsOf.get(id) ?? null;
  }
  async counter(id: CounterId) {
    return this.views.get(id) ?? NOBODY;
  }
  deviceOnline(): boolean {
    return false;
  }

  async devices() {
    return this.deviceList;
  }
  async revokeDevice(id: string) {
    this.told.push({ verb: 'revokeDevice', input: id });
    return this.deviceList.some((each) => each.deviceId === id && each.revokedAt === null);
  }
  async counterTaken(id: string) {
    this.told.push({ verb: 'counterTaken', input: id });
  }
  reloadScreens(devices: readonly string[]) {
    this.told.push({ verb: 'reloadScreens', input: devices });
    return this.deviceOnline() ? [...devices] : [];
  }
  async recoveryChanged() {
    this.told.push({ verb: 'recoveryChanged', input: null });
  }
  async quarantined() {
    return 0;
  }
  async officerChanged(id: OfficerId) {
    this.told.push({ verb: 'officerChanged', input: id });
  }
  async directoryChanged() {
    this.told.push({ verb: 'directoryChanged', input: null });
  }
  onHint(listen: (hint: LiveHint) => void) {
    this.#hints.add(listen);
    return () => this.#hints.delete(listen);
  }
  onCounter(listen: (id: CounterId) => void) {
    this.#counters.add(listen);
    return () => this.#counters.delete(listen);
  }
  hint(hint: LiveHint) {
    for (const each of this.#hints) each(hint);
  }
  changed(id: CounterId) {
    for (const each of this.#counters) each(id);
  }
  get listeners() {
    return this.#hints.size + this.#counters.size;
  }
}

export class FakeFootage implements FootageViews {
  folder: string | null = null;
  readonly clips = new Map<string, ClipView>();
  lanes: Awaited<ReturnType<FootageViews['timeline']>> = null;
  readonly summarised: ('recorded' | 'kept')[] = [];
  async summary(_id: TransactionId, of: 'recorded' | { readonly keptFor: string }) {
    this.summarised.push(of === 'recorded' ? of : 'kept');
    return [];
  }
  async timeline(): Promise<Omit<TimelineAnswer, 'case' | 'transaction' | 'ratings'> | null> {
    return this.lanes;
  }
  /** By transaction and camera; of an interval by counter or transaction, its beginning and camera. */
  async clip(subject: FootageSubject, camera: string) {
    const of = subject.transactionId ?? subject.counterId;
    const at = subject.interval === null ? '' : ` ${subject.interval.from}`;
    return this.clips.get(`${of}${at} ${camera}`) ?? null;
  }
  root() {
    return this.folder;
  }
}

export class FakeRecorder implements RecorderControl {
  result: ProbeResult | null = null;
  changes = 0;
  asked: unknown[] = [];
  async probe(request: unknown) {
    this.asked.push(request);
    return this.result;
  }
  found: Awaited<ReturnType<RecorderControl['discover']>> = { found: [], code: null };
  async discover() {
    return this.found;
  }
  picture: Awaited<ReturnType<RecorderControl['frame']>> = null;
  async frame(from: unknown) {
    this.asked.push(from);
    return this.picture;
  }
  async camerasChanged() {
    this.changes += 1;
  }
  away = false;
  isConnected() {
    return !this.away;
  }
  async rows() {
    return null;
  }
  async repair() {
    return null;
  }
  holds = 0;
  async holdsChanged() {
    this.holds += 1;
  }
  async holdsKept() {
    this.holds += 1;
  }
  stuck: ReturnType<RecorderControl['undeletable']> = null;
  undeletable() {
    return this.stuck;
  }
  states(): readonly CameraState[] {
    return [];
  }
}
