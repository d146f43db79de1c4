/* What an agent raised is counted by code, bounded, and still said where it was said before. */
import { deviceHealth } from '@hailong/shared/model/device-health.ts';
import { expect, test } from 'vitest';
import { AlarmNotes } from '../../../kiosk-app/agent/application/note-alarms.ts';
import { endAlarm, raiseAlarm } from '../../../kiosk-app/agent/application/raise-alarm.ts';
import { FakeReport } from './fakes.ts';

test('by code, how often and how long ago; at most sixteen kinds, the newest', () => {
  const inner = new FakeReport();
  let mono = 1_000;
  const clock = { bootId: 'b', stamp: () => ({ at: mono, mono }) };
  const report = new AlarmNotes(inner, clock);
  raiseAlarm({ report, clock }, 'kiosk.ballast_used', '');
  mono += 500;
  raiseAlarm({ report, clock }, 'kiosk.loss_detected', 'x/1');
  raiseAlarm({ report, clock }, 'kiosk.ballast_used', '');
  report.line({ event: 'ready' });
  mono += 100;
  expect(deviceHealth.shape.alarms.parse(report.health())).toEqual([
    { code: 'kiosk.loss_detected', count: 1, agoMs: 100 },
    { code: 'kiosk.ballast_used', count: 2, agoMs: 100 },
  ]);
  expect(inner.lines).toHaveLength(4);
  for (let n = 0; n < 40; n++) report.line({ event: 'alarm', code: `kiosk.kind_${n}` });
  expect(report.health().map(({ code }) => code)).toEqual(
    Array.from({ length: 16 }, (_, n) => `kiosk.kind_${n + 24}`),
  );
});

test('what has ended is raised no more, and begins anew when it comes again', () => {
  const clock = { bootId: 'b', stamp: () => ({ at: 1, mono: 1 }) };
  const report = new AlarmNotes(new FakeReport(), clock);
  for (let n = 0; n < 3; n++) raiseAlarm({ report, clock }, 'panel.unavailable', '');
  raiseAlarm({ report, clock }, 'kiosk.ballast_used', '');
  endAlarm({ report, clock }, 'panel.unavailable');
  expect(report.health().map(({ code }) => code)).toEqual(['kiosk.ballast_used']);
  raiseAlarm({ report, clock }, 'panel.unavailable', '');
  expect(report.health().at(-1)).toEqual({ code: 'panel.unavailable', count: 1, agoMs: 0 });
});
