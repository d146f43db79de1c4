/*
 * Purpose: three kinds of tests. unit: in memory. flows: real processes, ports and devices. ui: real screens in a real
 * Chromium. Flows and screens mostly wait (a prompt stays open for 30 s), so five files at once fill the two cores of
 * the smallest machine we promise; they share nothing but the machine: own ports, own folders.
 * The files of a lane share its process: to load the same modules anew for each file takes a quarter of all the time there
 * is. A file therefore puts back what it replaces (environment, globals) and keeps what it holds in its own module.
 * `electron` is replaced: importing the real package outside Electron starts a download.
 */
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import LongestFirst from './tests/support/longest-first.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const WAITING = 5;
/** A young heap with room from the start: growing to it by collections takes a tenth of a file's time. */
const ROOMY = ['--max-semi-space-size=32', '--min-semi-space-size=16'];
/** A hub's threads in a test are loaded as a program's are. */
const BUILT = ['--import', here('./tests/support/load-built.js')];
const LANE = { pool: 'forks' as const, isolate: false, execArgv: [...ROOMY, ...BUILT] };
const BUILT_PROGRAMS = here('./tests/support/built-programs.ts');
const MADE_ONCE = here('./tests/support/made-once.ts');
/** Deadlines alone, not waits: as long as a machine with much else to do may need. */
const PATIENT = { expect: { poll: { timeout: 20_000 } } };
const alias = { electron: here('./tests/support/no-electron.ts') };

export default defineConfig({
  test: {
    reporters: ['default', here('./tests/support/summary-reporter.ts')],
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        resolve: { alias },
        test: {
          ...LANE,
          ...PATIENT,
          name: 'unit',
          maxWorkers: 3,
          globalSetup: BUILT_PROGRAMS,
          include: ['tests/unit/**/*.test.{ts,tsx}', 'tests/vectors/**/*.test.ts', 'tests/law/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        resolve: { alias },
        test: {
          ...LANE,
          ...PATIENT,
          name: 'flows',
          maxWorkers: WAITING,
          globalSetup: [BUILT_PROGRAMS, MADE_ONCE],
          include: ['tests/flows/**/*.test.ts', 'tests/faults/**/*.test.ts'],
          testTimeout: 240_000,
          hookTimeout: 240_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        resolve: { alias },
        test: {
          ...LANE,
          ...PATIENT,
          name: 'ui',
          maxWorkers: WAITING,
          globalSetup: [BUILT_PROGRAMS, MADE_ONCE],
          include: ['tests/ui/**/*.test.{ts,tsx}'],
          testTimeout: 240_000,
          hookTimeout: 240_000,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
