/** Where a Chromium usually lies, and where its administrator's policy does; a given path goes before both. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** By platform: Debian's package, other distributions, Chrome, Edge. */
const PLACES: Readonly<Record<string, readonly string[]>> = {
  linux: ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'],
  darwin: [
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  ],
  win32: [
    join('C:/Program Files', 'Google/Chrome/Application/chrome.exe'),
    join('C:/Program Files (x86)', 'Microsoft/Edge/Application/msedge.exe'),
  ],
};

export function findBrowser(platform: string = process.platform, there = existsSync): string | null {
  return (PLACES[platform] ?? []).find((path) => there(path)) ?? null;
}

/** Null: this platform keeps policies elsewhere (a registry, a profile), where the shell does not look. */
export function policyFile(browser: string, platform: string = process.platform): string | null {
  if (platform !== 'linux') return null;
  const folder = browser.includes('google-chrome') ? '/etc/opt/chrome' : '/etc/chromium';
  return `${folder}/policies/managed/hailong.json`;
}
