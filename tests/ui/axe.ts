/*
 * Purpose: axe-core over the page on show, by the criteria of WCAG 2.2 A and AA, and AAA contrast where it is asked for.
 * Its source goes in through the debugger, because the pages' policy forbids every script but their own. Each finding
 * is a sentence with the element; an empty list is what a page must give. For every page under test, of both programs.
 * Sole user of axe-core (tests only, MPL-2.0, no dependencies): its hundred rules are nobody's to write again.
 */
import { readFileSync } from 'node:fs';
import type { AxeResults, RunOptions } from 'axe-core';
import type { Page } from 'playwright-core';
import { inRepo } from '../support/paths.ts';

const source = readFileSync(inRepo('node_modules/axe-core/axe.min.js'), 'utf8');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa'];

interface AxeOptions {
  /** Contrast of 7:1 (4.5:1 for large text) instead of 4.5:1 and 3:1. */
  readonly enhancedContrast?: boolean;
}

export async function axeFaults(
  page: Page,
  { enhancedContrast = false }: AxeOptions = {},
): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(source);
  const options: RunOptions = {
    runOnly: { type: 'tag', values: TAGS },
    rules: { 'color-contrast-enhanced': { enabled: enhancedContrast } },
    resultTypes: ['violations'],
  };
  const { violations, passes } = await page.evaluate(
    (given) => (globalThis as never as { axe: { run(o: RunOptions): Promise<AxeResults> } }).axe.run(given),
    options,
  );
  if (passes.length === 0) return ['axe looked at nothing'];
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, any }) => `axe ${id}: ${help}: ${target.join(' ')} ${any[0]?.message ?? ''}`.trim()),
  );
}
