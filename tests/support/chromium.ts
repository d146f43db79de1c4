/*
 * Purpose: one real Chromium for tests. HAILONG_CHROMIUM names one; else the headless one carried by a registry
 * package is unpacked once a machine (tests/.cache), which needs no download and no apt; else the system's.
 * It talks to nobody but the pages under test: background networking, updates and sync are off.
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Browser, type BrowserContext, chromium } from 'playwright-core';
import { repoRoot } from './paths.ts';

const cache = join(repoRoot, 'tests/.cache');
const systemPaths = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Unpacking 60 MB of Brotli takes 2 s on an idle core; a minute is for a busy machine. */
const unpackTimeoutMs = 60_000;
/** Five browsers may start at once on two cores. */
const LAUNCH_MS = 120_000;
/** For whatever a page is waited for, as long as `poll` waits; playwright's own is half of it. */
const WAIT_MS = 60_000;

/** Unpacks into a folder of its own and renames it, so that two test files starting at once never share half a binary. */
async function unpackCarried(): Promise<string | undefined> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return undefined;
  const folder = join(cache, 'chromium');
  const binary = join(folder, 'chromium');
  if (existsSync(binary)) return binary;
  await mkdir(cache, { recursive: true });
  const part = await mkdtemp(join(cache, 'chromium-part-'));
  const unpack = "import('@sparticuz/chromium').then((m) => m.default.executablePath())";
  const env = { ...process.env, TMPDIR: part };
  await promisify(execFile)(process.execPath, ['-e', unpack], {
    cwd: repoRoot,
    env,
    timeout: unpackTimeoutMs,
  });
  try {
    await rename(part, folder);
  } catch (error) {
    if (!existsSync(binary)) throw error;
    await rm(part, { recursive: true, force: true });
  }
  return binary;
}

let found: Promise<string | undefined> | undefined;

/** The path of a Chromium that can be started here, or undefined. */
export function findChromium(): Promise<string | undefined> {
  const named = process.env['HAILONG_CHROMIUM'];
  found ??= named
    ? Promise.resolve(named)
    : unpackCarried().then((path) => path ?? systemPaths.find(existsSync));
  return found;
}

function patient(context: BrowserContext): BrowserContext {
  context.setDefaultTimeout(WAIT_MS);
  return context;
}

async function launchOptions(args: readonly string[]) {
  const executablePath = await findChromium();
  if (executablePath === undefined)
    throw new Error('No Chromium here: set HAILONG_CHROMIUM to the path of one.');
  return {
    executablePath,
    timeout: LAUNCH_MS,
    args: [
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--disable-gpu',
      '--autoplay-policy=no-user-gesture-required',
      '--font-render-hinting=none',
      ...args,
    ],
  };
}

/** Starts a headless Chromium. The caller closes it (`await using` or afterAll). Throws when there is none. */
export async function launchChromium(args: readonly string[] = []): Promise<Browser> {
  const browser = await chromium.launch(await launchOptions(args));
  const newContext = browser.newContext.bind(browser);
  // A page of its own (`newPage`) has its context from here too.
  browser.newContext = async (options) => patient(await newContext(options));
  return browser;
}

/** The same with a profile folder that stays, so that a test can look at what the browser leaves on the disk. */
export async function launchKeptChromium(profile: string): Promise<BrowserContext> {
  return patient(await chromium.launchPersistentContext(profile, await launchOptions([])));
}
