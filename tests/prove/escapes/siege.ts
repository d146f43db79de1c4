/*
 * Purpose: one counter with a real hub and agent, one shell on a display before it, and attempts on that shell: after each
 * one window, the agent's own address, nothing over the page, the keyboard in it, and the screen that the agent shows.
 * A question is open most of the time: whoever comes next must find it.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { KioskWindow } from '../../support/kiosk-window.ts';
import { type Office, openOffice } from '../../support/office.ts';
import { poll } from '../../support/poll.ts';
import { freePort } from '../../support/ports.ts';
import type { Attempt } from './attempts.ts';
import { Display, difference, HEIGHT, WIDTH } from './display.ts';
import { PageLine } from './page-line.ts';
import { policyOf, type Shell, startLocked, startOpen } from './shells.ts';

/** The bar: so soon after an attempt the citizen's screen is back. */
export const BACK_MS = 2_000;
/** What an attempt opens shows itself by then; the bar begins with it. */
const SETTLE_MS = 250;
/** A dialog covers more of the glass than a key that is marked, a clock's minute or a line that shortens. */
const COVERED = 0.06;
/** Of a page at rest less changes from one look to the next: a clock, a line that shortens. */
const AT_REST = 0.005;
const LOOK_MS = 50;
/** After an attempt that answered the question the next one is asked so soon. */
const CLOSE_MS = 15_000;
/** For the screen before an attempt, on a machine that does much else; no part of the bar. */
const READY_MS = 60_000;
/** From the start of a browser to its page on a busy machine. */
const START_MS = 120_000;

export interface Outcome {
  /** What was still wrong at the limit; null: nothing. */
  readonly escaped: string | null;
  readonly backMs: number;
  /** The screen it was tried on. */
  readonly screen: string;
}

interface Seen {
  readonly screen: string;
  readonly focused: boolean;
  readonly width: number;
  readonly height: number;
}

const ASK_PAGE = `JSON.stringify({
  screen: document.querySelector('[data-screen]')?.getAttribute('data-screen') ?? '',
  focused: document.hasFocus(),
  width: Math.round(innerWidth * (visualViewport?.scale === 1 ? 1 : 0)), height: innerHeight,
  origin: location.origin})`;

export class Siege implements AsyncDisposable {
  readonly office: Office;
  readonly #kind: 'locked' | 'open';
  #display: Display;
  readonly #window: KioskWindow;
  readonly #address: string;
  readonly #policy: ReturnType<typeof policyOf>;
  readonly #limitMs: number;
  #shell: Shell | null = null;
  #page: PageLine | null = null;
  #dossier = 0;
  #heard = 0;

  private constructor(
    kind: 'locked' | 'open',
    office: Office,
    display: Display,
    window: KioskWindow,
    address: string,
    limitMs: number,
  ) {
    this.#kind = kind;
    this.#limitMs = limitMs;
    this.office = office;
    this.#display = display;
    this.#window = window;
    this.#address = address;
    this.#policy = policyOf(address);
  }

  /** `limitMs`: what is still wrong then is a way out. */
  static async open(kind: 'locked' | 'open', folder: string, limitMs: number): Promise<Siege> {
    const office = await openOffice(folder, { closeAfterMs: CLOSE_MS });
    const address = String((await office.kioskLine('ready'))['ui']);
    const display = await Display.open(kind === 'open');
    return new Siege(kind, office, display, await KioskWindow.open(address), address, limitMs);
  }

  /** What the shell noticed during the last attempt and mended: `closed`, `strayed` … */
  noticed(): readonly string[] {
    const lines = this.#shell?.lines ?? [];
    const fresh = lines.slice(this.#heard);
    this.#heard = lines.length;
    return fresh.flatMap(({ event, why }) => (event === 'noticed' && why && why !== 'size' ? [why] : []));
  }

  /** Starts a shell of the kind that the attempt needs, unless it is there. */
  async #need(withScripts: boolean): Promise<void> {
    if (this.#shell && (this.#shell.scriptPort !== null) === withScripts) return;
    await this.#leave();
    this.#heard = 0;
    const options = {
      display: this.#display,
      address: this.#address,
      scriptPort: withScripts || this.#kind === 'open' ? await freePort() : null,
    };
    this.#shell = await (this.#kind === 'locked'
      ? startLocked({ ...options, policy: this.#policy, isSizeTold: true })
      : startOpen(options));
    this.#page = options.scriptPort === null ? null : new PageLine(options.scriptPort);
    await poll(async () => (await this.#wrong()) === null, {
      what: `the page in a ${this.#kind} shell`,
      timeoutMs: START_MS,
      everyMs: 100,
    });
  }

  async #leave(): Promise<void> {
    this.#page?.leave();
    this.#page = null;
    await this.#shell?.[Symbol.asyncDispose]();
    this.#shell = null;
  }

  /** Nothing of an escape is left for the next attempt, also nothing of the window manager's. */
  async #clear(): Promise<void> {
    await this.#leave();
    await this.#display[Symbol.asyncDispose]();
    this.#display = await Display.open(this.#kind === 'open');
  }

  /** What the page says of itself: through the shell, or to a script. */
  async #seen(): Promise<Seen | null> {
    if (this.#page) {
      const text = await this.#page.evaluate(ASK_PAGE);
      if (typeof text !== 'string') return null;
      const { origin, ...seen } = JSON.parse(text) as Seen & { origin: string };
      return origin === new URL(this.#address).origin ? seen : null;
    }
    const last = this.#shell?.lines.findLast(({ event }) => event !== 'noticed');
    return last?.event === 'shown' ? (last as unknown as Seen) : null;
  }

  /** What is not as it should be now; null: everything is. */
  async #wrong(): Promise<string | null> {
    try {
      const windows = await this.#display.windows();
      if (windows.length !== 1) return `${windows.length} windows`;
      const pages = await this.#page?.pages();
      if (pages && pages.length !== 1) return `${pages.length} pages`;
      const seen = await this.#seen();
      if (!seen) return 'another page, or one that does not answer';
      if (!seen.focused) return 'the keyboard is elsewhere';
      // A browser with its bar never fills the glass: only the kiosk is asked to.
      const short = seen.width < WIDTH || seen.height < HEIGHT;
      if (short && this.#kind === 'locked') return `the page is ${seen.width}×${seen.height}`;
      if (seen.screen !== this.#window.name) return `shows ${seen.screen}, not ${this.#window.name}`;
      return null;
    } catch (error) {
      return String(error);
    }
  }

  /** Somebody is asked, unless the one before still is. */
  async #ask(): Promise<void> {
    if (this.#window.name !== 'rest') return;
    const { api, counter } = this.office;
    this.#dossier += 1;
    const { transactionId, intentId } = await api.open(counter.id, [
      `H21.27-261123-${String(this.#dossier).padStart(4, '0')}`,
    ]);
    await api.intent(intentId, 'accepted').catch(() => undefined);
    await api.finish(transactionId);
    // The one before may not be closed yet; then it comes by itself.
    await poll(() => this.#window.name !== 'rest', { what: 'a question', timeoutMs: 1_000 }).catch(
      () => undefined,
    );
  }

  /** The glass once nothing on it moves: a page that was shown just now is still coming in. */
  #atRest(): Promise<Uint8Array> {
    let last: Uint8Array | null = null;
    const look = (): Uint8Array | null => {
      const now = this.#display.picture();
      const rests = last !== null && difference(last, now) < AT_REST;
      last = now;
      return rests ? now : null;
    };
    return poll(look, { what: 'a page at rest', timeoutMs: READY_MS, everyMs: LOOK_MS });
  }

  async #send(attempt: Attempt): Promise<void> {
    if (attempt.by === 'hands') for (const words of attempt.words) await this.#display.hands(...words);
    else if (attempt.by === 'script') {
      const code = attempt.code.replaceAll('OTHER', new URL(this.office.url).port);
      await this.#page?.evaluate(`{${code}}`);
    } else for (const [method, params] of attempt.calls) await this.#page?.ask(method, params);
  }

  /** What is there before an attempt: a whole page at rest. */
  async #ready(): Promise<{ screen: string; shown: string; before: Uint8Array }> {
    const whole = async () => (await this.#wrong()) === null;
    await poll(whole, { what: 'a whole page', timeoutMs: READY_MS, everyMs: 20 });
    const { name, shown } = this.#window;
    return { screen: name ?? '', shown, before: await this.#atRest() };
  }

  async attempt(attempt: Attempt): Promise<Outcome> {
    await this.#need(attempt.by !== 'hands' || this.#kind === 'open');
    await this.#ask();
    const { screen, shown, before } = await this.#ready().catch(async (error: unknown) => {
      await this.#clear();
      throw error;
    });
    await this.#send(attempt).catch(() => undefined);
    const sentAt = performance.now();
    await pause(SETTLE_MS);
    let wrong: string | null = null;
    for (;;) {
      wrong = (await this.#wrong()) ?? this.#covered(shown, before);
      const spent = performance.now() - sentAt;
      if (wrong === null || spent > this.#limitMs) {
        if (wrong !== null) await this.#clear();
        return { escaped: wrong, backMs: Math.round(spent), screen };
      }
      await pause(LOOK_MS);
    }
  }

  /** Where an attempt answered the question, as a citizen may, the next one looks otherwise, and nothing can be compared. */
  #covered(shown: string, before: Uint8Array): string | null {
    if (this.#kind === 'open' || this.#window.shown !== shown) return null;
    const part = difference(before, this.#display.picture());
    return part < COVERED ? null : `${Math.round(part * 100)} % of the glass is covered`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#leave();
    this.#window.close();
    await this.#display[Symbol.asyncDispose]();
    await this.office[Symbol.asyncDispose]();
  }
}
