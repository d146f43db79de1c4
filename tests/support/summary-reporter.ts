/*
 * Purpose: tell `npm test` how many tests passed, failed and were skipped, and why each was skipped.
 * A test says why with `context.skip('no ffmpeg on this machine')`; the file is named by HAILONG_TEST_SUMMARY.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Reporter, TestModule } from 'vitest/node';

interface Summary {
  passed: number;
  failed: number;
  skipped: { name: string; reason: string }[];
}

export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const file = process.env['HAILONG_TEST_SUMMARY'];
    if (file === undefined) return;
    const summary: Summary = { passed: 0, failed: unhandledErrors.length, skipped: [] };
    for (const module of modules) {
      const broken = module.errors().length;
      summary.failed += broken;
      for (const suite of module.children.allSuites()) summary.failed += suite.errors().length;
      for (const test of module.children.allTests()) {
        const result = test.result();
        if (result.state === 'passed') summary.passed += 1;
        else if (result.state === 'failed') summary.failed += 1;
        else if (broken === 0) {
          const note = result.state === 'skipped' ? result.note : undefined;
          summary.skipped.push({
            name: `${module.relativeModuleId} > ${test.fullName}`,
            reason: note ?? 'no reason given',
          });
        }
      }
    }
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify(summary));
  }
}
