/** An enrolment code from standard input: one line, typed or by a scanner that types. */
import { createInterface } from 'node:readline';
import type { Reporter } from '../application/ports.ts';

export async function readCode(report: Reporter): Promise<string | null> {
  report.say('Nhập hoặc quét mã ghi danh:', 'Type or scan the enrolment code:');
  for await (const line of createInterface({ input: process.stdin })) return line.trim() || null;
  return null;
}
