/*
 * Purpose: the three ways anybody checks a package, each as it is shipped: the command in a process, the page in a browser,
 * and the printed commands in a shell with nothing but coreutils and openssl.
 */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { packageManifest } from '@hailong/shared/evidence/manifest.ts';
import type { Browser, Page } from 'playwright-core';
import type { EvidenceRow } from '../../../hub-server/src/application/ports/evidence.ts';
import { launchChromium } from '../../support/chromium.ts';
import { inRepo } from '../../support/paths.ts';

const run = promisify(execFile);
const BIN = inRepo('hub-server/bin/hailong-evidence.js');

/** Exit code and what it said. */
export async function byCommand(
  folder: string,
  ...more: string[]
): Promise<{ code: number; said: string; out: string }> {
  try {
    const { stdout, stderr } = await run(process.execPath, [BIN, 'verify', folder, ...more], {
      maxBuffer: 16_777_216,
    });
    return { code: 0, said: stderr, out: stdout };
  } catch (error) {
    const { code, stderr, stdout } = error as { code: number; stderr: string; stdout: string };
    return { code, said: stderr, out: stdout };
  }
}

/** The commands as the guide of a package prints them. */
export function printedCommands(guide: string): readonly string[] {
  return [...guide.matchAll(/^ {5}(\S.*)$/gm)].map(([, command]) => command ?? '');
}

/** Good: the printed digits, a verified signature, and silence. Done by a reader, so here by comparing what was printed. */
export async function byHand(folder: string, commands: readonly string[], digits: string): Promise<boolean> {
  const [key, signature, ...silent] = commands;
  const shell = (command: string) =>
    run('/bin/sh', ['-c', command], { cwd: folder }).then(
      ({ stdout, stderr }) => ({ ok: true, out: stdout + stderr }),
      ({ stdout, stderr }: { stdout: string; stderr: string }) => ({ ok: false, out: stdout + stderr }),
    );
  const shown = await shell(key ?? '');
  if (shown.out.trim() !== digits) return false;
  const verified = await shell(signature ?? '');
  if (!verified.ok || verified.out.trim() !== 'Signature Verified Successfully') return false;
  for (const command of silent) {
    const answer = await shell(command);
    if (!answer.ok || answer.out !== '') return false;
  }
  return true;
}

/** KIEM-TRA.html opened from a folder, for many packages. */
export class CheckPage implements AsyncDisposable {
  readonly #browser: Browser;
  readonly page: Page;
  /** What the policy or the script complained about, and what the page tried to reach. */
  readonly complaints: string[] = [];
  #turn = 0;

  private constructor(browser: Browser, page: Page) {
    this.#browser = browser;
    this.page = page;
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') this.complaints.push(message.text());
    });
    page.on('pageerror', (error) => this.complaints.push(error.message));
    page.on('request', (request) => {
      if (!request.url().startsWith('file://')) this.complaints.push(request.url());
    });
  }

  static async open(file: string): Promise<CheckPage> {
    const browser = await launchChromium();
    const check = new CheckPage(browser, await browser.newPage({ viewport: { width: 1366, height: 900 } }));
    await check.page.goto(pathToFileURL(file).href);
    return check;
  }

  /** Picks the folder and waits for the verdict. */
  async judge(folder: string): Promise<{ good: boolean; codes: string[]; text: string }> {
    this.#turn++;
    await this.page.locator('#folder').setInputFiles(folder);
    await this.page.locator(`#result[data-turn="${this.#turn}"]`).waitFor();
    // As text: these tests are typed for Node, the page is not.
    return this.page.evaluate<{ good: boolean; codes: string[]; text: string }>(`({
      good: document.querySelector('[data-verdict]')?.getAttribute('data-verdict') === 'good',
      codes: [...document.querySelectorAll('[data-code]')].map((each) => each.getAttribute('data-code')),
      text: document.querySelector('#result').textContent,
    })`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#browser.close();
  }
}

export const guideOf = (folder: string): readonly string[] =>
  printedCommands(readFileSync(join(folder, 'HUONG-DAN-KIEM-TRA.txt'), 'utf8'));

/** A package that was written: where it lies, the digits of its key, what it says of itself, its page in a browser. */
export async function openWritten({ folder: kept, code, detail }: EvidenceRow) {
  if (kept === null) throw new Error(`${code} ${detail}`);
  return {
    kept,
    digits: String(JSON.parse((await byCommand(kept, '--json')).out)['keyDigits']),
    manifest: packageManifest.parse(JSON.parse(readFileSync(join(kept, 'manifest.json'), 'utf8'))),
    page: await CheckPage.open(join(kept, 'KIEM-TRA.html')),
  };
}
