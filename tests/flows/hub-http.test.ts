/**
 * The web server listening on a real port, met by a real Chromium on http://127.0.0.1: the host-bound Secure cookie
 * is kept there, the session answers, the live socket opens, and another Origin's page gets neither.
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { type Office, openOffice, PASSWORD } from '../unit/hub-http/office.ts';

let office: Office;
let browser: Browser;
let hub: string;
let stranger: Server;

beforeAll(async () => {
  office = await openOffice({ origins: () => [hub] });
  await office.seed();
  hub = await office.app.listen({ host: '127.0.0.1', port: 0 });
  stranger = createServer((_request, answer) => answer.end('<!doctype html>')).listen(0, '127.0.0.1');
  browser = await launchChromium();
});
afterAll(async () => {
  await browser?.close();
  stranger?.close();
  await office?.close();
});

/** Runs in the page: login with fetch, as the page does. */
const login = (page: Page, base: string) =>
  page.evaluate(
    async ([url, password]) => {
      const answer = await fetch(`${url}/api/v1/session`, {
        method: 'POST',
        credentials: 'include',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ username: 'truong', password }),
      }).catch(() => null);
      return answer ? answer.status : 'blocked';
    },
    [base, PASSWORD] as const,
  );
const openSocket = (page: Page, base: string) =>
  page.evaluate(
    (url) =>
      new Promise<string>((resolve) => {
        const socket = new WebSocket(`${url.replace('http', 'ws')}/api/v1/live`);
        socket.onopen = () => resolve('open');
        socket.onerror = () => resolve('refused');
      }),
    base,
  );

it('Chromium keeps the __Host- cookie on loopback and carries it to pages and sockets', async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`${hub}/healthz`);
  expect(await openSocket(page, hub)).toBe('refused');
  expect(await login(page, hub)).toBe(200);
  const cookies = await context.cookies(hub);
  expect(
    cookies.map(({ name, secure, httpOnly, sameSite }) => ({ name, secure, httpOnly, sameSite })),
  ).toEqual([{ name: '__Host-hailong', secure: true, httpOnly: true, sameSite: 'Strict' }]);
  expect(await page.evaluate('document.cookie')).toBe('');
  expect(await page.evaluate(async () => (await fetch('/api/v1/session')).status)).toBe(200);
  expect(await openSocket(page, hub)).toBe('open');
  await context.close();
});

it('another Origin’s page can neither log in nor listen', async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`${hub}/healthz`);
  expect(await login(page, hub)).toBe(200);
  const { port } = stranger.address() as AddressInfo;
  await page.goto(`http://127.0.0.1:${port}/`);
  expect(await login(page, hub)).toBe('blocked');
  expect(await openSocket(page, hub)).toBe('refused');
  await context.close();
});
