/*
 * Purpose: one counter of a real office for flow tests: hub, agent and panel as they ship, each a process of its own
 * (the panel is the simulator on a real PTY). Everything goes in and out by the product's own interfaces: command
 * line, HTTP, serial line. Nothing reaches into a database, but that the shorter form is asked before anything starts.
 */
import { mkdirSync } from 'node:fs';
import { startPanelSimulator } from '@hailong/device-drivers/simulators/panel-simulator.ts';
import type { InstrumentRef } from '@hailong/shared/model/instrument.ts';
import type { RatingsAnswer, StationAnswer } from '@hailong/shared/protocol/http.ts';
import { askRunningHub } from '../../hub-server/src/adapters/operator-socket.ts';
import { saveUse } from '../../hub-server/src/application/directory/save-instrument.ts';
import type { WebStorage } from '../../hub-server/src/application/web-parts.ts';
import { openHub } from '../../hub-server/src/commands/open-hub.ts';
import { panelFileIn, writePanelFile } from '../../kiosk-app/agent/adapters/panel/panel-file.ts';
import { madeOnce } from './made-once.ts';
import { MovedClock } from './moved-clock.ts';
import { hubBin, kioskBin } from './paths.ts';
import { poll } from './poll.ts';
import { freePort } from './ports.ts';
import { type JsonLine, type Program, type ProgramOptions, runProgram, startProgram } from './program.ts';

/** Of the list as shipped. */
const REASONS: Readonly<Record<string, string>> = {
  ...{ no_show: 'goi_ba_lan', test: 'thu_thiet_bi', accident: 'goi_nham' },
};

export interface DemoSetup {
  readonly apiKey: string;
  readonly recoveryKey: string;
  readonly counters: readonly { readonly id: string; readonly number: string }[];
  readonly officers: readonly { readonly id: string; readonly code: string; readonly pin: string }[];
  readonly users: readonly {
    readonly username: string;
    readonly password: string;
    readonly roles: readonly string[];
  }[];
}

/** Without chips it closes after 30 s, that of a new hub after 45 s: a third of every flow's waiting. */
const SHORTER_FORM: InstrumentRef = { id: 'hai-long-5', version: 1 };

/** `hailong-hub setup --demo` on whatever is there, and what its one JSON line says. */
export async function setupAsShipped(data: string): Promise<DemoSetup> {
  const { code, lines, stderr } = await runProgram(hubBin, ['setup', '--data', data, '--demo', '--json']);
  if (code !== 0 || !lines[0]) throw new Error(`setup: exit ${code}\n${stderr}`);
  return lines[0] as unknown as DemoSetup;
}

/** The demo office, made once for all files. */
export const setupDemoOffice = (data: string): Promise<DemoSetup> => madeOnce('demo', data, setupAsShipped);

/** The same with everybody asked `form`, which closes after `closeAfterMs` if given. */
export function setupDemoHub(
  data: string,
  form = SHORTER_FORM,
  closeAfterMs: number | null = null,
): Promise<DemoSetup> {
  return madeOnce(`demo-${form.id}-${form.version}-${closeAfterMs}`, data, async (made) => {
    const setup = await setupDemoOffice(made);
    await ask(made, form, closeAfterMs);
    return setup;
  });
}

/** Of a stopped hub: everybody is asked `form`. */
export async function ask(
  data: string,
  form: InstrumentRef,
  closeAfterMs: number | null = null,
): Promise<void> {
  const hub = await openHub(data);
  const ref = closeAfterMs === null ? form : await saveQuicker(hub.admin.storage, form, closeAfterMs);
  const place = { counterId: null, procedureCode: null, stage: null };
  await saveUse(hub.admin, { place, instrument: ref, actor: 'test' });
  await hub.close();
}

/** Past the rule that hurries nobody: a test's citizen reads at once, and its prompts end at their fixed time all the same. */
async function saveQuicker(
  { instruments }: WebStorage,
  form: InstrumentRef,
  closeAfterMs: number,
): Promise<InstrumentRef> {
  const [held, { versions }] = [await instruments.version(form), await instruments.list()];
  const base = versions.find(({ id }) => id === form.id)?.version;
  if (!held || base === undefined) throw new Error(`no form ${form.id}`);
  const instrument = { ...held, closeAfterMs };
  const saved = await instruments.save({ base, inUse: false, instrument, actor: 'test', at: Date.now() });
  if (saved.result !== 'saved') throw new Error(saved.result);
  return { id: form.id, version: saved.version };
}

/** Without a port on one that stays its own, so that it can be started there again. */
export async function startHub(
  data: string,
  port?: number,
  env: ProgramOptions['env'] = {},
): Promise<{ program: Program; url: string }> {
  const at = String(port ?? (await freePort()));
  const program = startProgram(hubBin, ['serve', '--data', data, '--port', at, '--json'], { env });
  const line = await program.line('listening');
  return { program, url: String(line['url']) };
}

/** As `hailong-hub enrol-code` asks a running hub, without another process. */
export async function enrolCode(data: string, kind: 'counter' | 'station', counter: string): Promise<string> {
  const asked = { verb: 'enrol-code', kind: kind === 'counter' ? 'kiosk' : 'station', counter };
  const answer = await askRunningHub(data, asked);
  if (!answer?.ok) throw new Error(`enrol-code: ${JSON.stringify(answer)}`);
  return String((answer.value as readonly { code: string }[])[0]?.code);
}

interface KioskStart {
  readonly data: string;
  readonly hub: string;
  /** What `--panel` takes; null: what its data folder says. */
  readonly panel: string | null;
  readonly code?: string | undefined;
  /** Its boot clock, moved on order. */
  readonly clock?: MovedClock;
}

export function startKiosk({ data, hub, panel, code, clock }: KioskStart): Program {
  clock?.ended();
  return startProgram(
    kioskBin,
    [
      ...['run', '--data', data, '--hub', hub, '--ui-port', '0', '--json'],
      ...(panel === null ? [] : ['--panel', panel]),
      ...(code ? ['--enrol', code] : []),
    ],
    clock ? { env: { NODE_OPTIONS: clock.args.join(' '), ...clock.env() } } : {},
  );
}

/** A kiosk's boot clock, moved by steps that neither its panel's nor its hub's line takes for silence. */
export const kioskClock = (address: string): MovedClock => new MovedClock(address, 1_000);

/** The e-government system's side of the hub. */
export class ApiClient {
  readonly base: string;
  readonly key: string;
  constructor(base: string, key: string) {
    this.base = base;
    this.key = key;
  }
  async call<T>(method: string, path: string, body?: unknown): Promise<{ status: number; body: T }> {
    const answer = await fetch(`${this.base}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.key}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: answer.status, body: (await answer.json()) as T };
  }
  async open(counterId: string, dossierCodes: readonly string[], more: Record<string, unknown> = {}) {
    const { status, body } = await this.call<{ transactionId: string; intentId: string }>(
      'POST',
      '/api/v1/transactions',
      {
        counterId,
        dossierCodes,
        stage: 'return',
        ...more,
      },
    );
    if (status !== 202) throw new Error(`open: ${status} ${JSON.stringify(body)}`);
    return body;
  }
  async finish(transactionId: string, outcome = 'completed') {
    const { status, body } = await this.call<{ intentId: string }>(
      'POST',
      `/api/v1/transactions/${transactionId}/finish`,
      { outcome, ...(outcome in REASONS ? { reason: REASONS[outcome] } : {}) },
    );
    if (status !== 202) throw new Error(`finish: ${status} ${JSON.stringify(body)}`);
    return body;
  }
  async ratings(transactionId: string): Promise<RatingsAnswer> {
    const { status, body } = await this.call<RatingsAnswer>(
      'GET',
      `/api/v1/transactions/${transactionId}/ratings`,
    );
    if (status !== 200) throw new Error(`ratings: ${status} ${JSON.stringify(body)}`);
    return body;
  }
  /** Waits until the counter's device has answered. */
  intent(intentId: string, state: string): Promise<unknown> {
    return poll(
      async () => {
        const { body } = await this.call<{ state: string; reason: unknown }>(
          'GET',
          `/api/v1/intents/${intentId}`,
        );
        if (body.state !== state && body.state !== 'pending') throw new Error(JSON.stringify(body));
        return body.state === state;
      },
      { what: `intent ${intentId} ${state}` },
    );
  }
}

/** A station's browser without the browser: cookies and CSRF token as a browser would keep them. */
export class StationClient {
  readonly base: string;
  private readonly cookies = new Map<string, string>();
  private csrf = '';
  constructor(base: string) {
    this.base = base;
  }
  async call<T>(method: string, path: string, body?: unknown): Promise<{ status: number; body: T }> {
    const answer = await fetch(`${this.base}${path}`, {
      method,
      headers: {
        origin: this.base,
        cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        'x-csrf-token': this.csrf,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    for (const line of answer.headers.getSetCookie()) {
      const [pair] = line.split(';');
      const at = pair?.indexOf('=') ?? -1;
      if (pair && at > 0) this.cookies.set(pair.slice(0, at), pair.slice(at + 1));
    }
    const text = await answer.text();
    const value = (text ? JSON.parse(text) : null) as T;
    const token = (value as { csrfToken?: string } | null)?.csrfToken;
    if (token) this.csrf = token;
    return { status: answer.status, body: value };
  }
  /** For requests whose body is not JSON. */
  credentials(): { readonly cookie: string; readonly token: string } {
    return {
      cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
      token: this.csrf,
    };
  }
  state(): Promise<{ status: number; body: StationAnswer }> {
    return this.call<StationAnswer>('GET', '/api/v1/station');
  }
  /** Enrols with a code, logs the officer in and waits until the counter's device has started the duty. */
  async startDuty(code: string, staffCode: string, pin: string): Promise<void> {
    const enrolled = await this.call('POST', '/api/v1/station/enrol', { code });
    if (enrolled.status >= 300)
      throw new Error(`station enrol: ${enrolled.status} ${JSON.stringify(enrolled.body)}`);
    await this.state();
    await this.login(staffCode, pin);
  }
  async login(staffCode: string, pin: string): Promise<void> {
    const answer = await this.call('POST', '/api/v1/station/login', { staffCode, pin });
    if (answer.status >= 300)
      throw new Error(`station login: ${answer.status} ${JSON.stringify(answer.body)}`);
    await poll(async () => (await this.state()).body.duty?.state === 'started', {
      what: 'the duty to start',
    });
  }
}

export type PanelSimulator = ReturnType<typeof startPanelSimulator>;

export interface Office extends AsyncDisposable {
  readonly setup: DemoSetup;
  readonly counter: DemoSetup['counters'][number];
  readonly officer: DemoSetup['officers'][number];
  readonly api: ApiClient;
  readonly station: StationClient;
  readonly panel: PanelSimulator;
  readonly url: string;
  readonly hubData: string;
  hub: Program;
  kiosk: Program;
  /** Starts again what was stopped or killed, on the same data and port. */
  restartHub(): Promise<void>;
  restartKiosk(): Promise<void>;
  /** The fixed time of what the kiosk asks passes there at once. */
  passPrompt(): Promise<void>;
  /** The nth line with this event from the running kiosk. */
  kioskLine(event: string, matches?: (line: JsonLine) => boolean): Promise<JsonLine>;
}

/** Time for programs to be killed and started again while the question stands, also on a busy machine; nobody waits for its end. */
export const PROMPT_MS = 30_000;
/** A prompt that is over may still wait for its panel to be emptied. */
const DRAINED_MS = 2_500;

/** An office with one counter, its officer on duty. */
export async function openOffice(
  folder: string,
  {
    closeAfterMs = PROMPT_MS,
    panelInFile = false,
  }: {
    closeAfterMs?: number;
    /** The panel is the data folder's, where it can be set up. */
    panelInFile?: boolean;
  } = {},
): Promise<Office> {
  const hubData = `${folder}/hub`;
  const kioskData = `${folder}/kiosk`;
  const setup = await setupDemoHub(hubData, SHORTER_FORM, closeAfterMs);
  const counter = setup.counters[0];
  const officer = setup.officers[0];
  if (!counter || !officer) throw new Error(`setup gave no counter or officer: ${JSON.stringify(setup)}`);
  const { program: hub, url } = await startHub(hubData);
  const port = Number(new URL(url).port);
  const panel = startPanelSimulator({ hwid: '53494d0000000001' });
  const of = { data: kioskData, panel: panelInFile ? null : `cpp1:${panel.path}` };
  const clock = kioskClock(`${folder}/clock`);
  if (panelInFile) {
    mkdirSync(kioskData, { recursive: true });
    writePanelFile(panelFileIn(kioskData), { family: 'cpp1', path: panel.path, hwid: null });
  }
  const code = await enrolCode(hubData, 'counter', counter.id);
  const kiosk = startKiosk({ ...of, hub: url, clock, code });
  await kiosk.line('ready');
  const station = new StationClient(url);
  await station.startDuty(await enrolCode(hubData, 'station', counter.id), officer.code, officer.pin);
  const office: Office = {
    setup,
    counter,
    officer,
    api: new ApiClient(url, setup.apiKey),
    station,
    panel,
    url,
    hubData,
    hub,
    kiosk,
    async restartHub() {
      await office.hub.stop();
      office.hub = (await startHub(hubData, port)).program;
    },
    async restartKiosk() {
      await office.kiosk.stop();
      office.kiosk = startKiosk({ ...of, hub: url, clock });
      await office.kiosk.line('ready');
    },
    passPrompt: () => clock.move(closeAfterMs + DRAINED_MS),
    kioskLine: (event, matches = () => true) =>
      office.kiosk.line((line) => line.event === event && matches(line)),
    async [Symbol.asyncDispose]() {
      clock.ended();
      await Promise.all([office.kiosk.stop(), office.hub.stop()]);
      await panel.stop();
    },
  };
  return office;
}
