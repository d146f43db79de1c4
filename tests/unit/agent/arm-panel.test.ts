/* The order that loses no press: drain, DISARM, drain, ARM; and back to what is wanted after any loss. */
import { expect, it } from 'vitest';
import { PanelKeeper } from '../../../kiosk-app/agent/application/arm-panel.ts';
import { FakePanel, FakeTime, settled } from './fakes.ts';

const wanted = (askTicket: number) => ({ askTicket, buttons: 5, timeoutMs: 10_000 });
function keeper() {
  const panel = new FakePanel();
  const time = new FakeTime();
  return { panel, time, keeper: new PanelKeeper(panel, time) };
}

it('disarms a panel that has just appeared when nothing is asked', async () => {
  const { panel, keeper: it } = keeper();
  it.appeared(true);
  await settled();
  expect(panel.calls).toEqual(['disarm 0']);
});

it('empties the panel between two tickets', async () => {
  const { panel, keeper: it } = keeper();
  it.want(wanted(7));
  it.appeared(true);
  await settled();
  it.want(wanted(8));
  await settled();
  expect(panel.calls).toEqual(['arm 7', 'drain', 'disarm 7', 'drain', 'arm 8']);
  it.want(wanted(8));
  await settled();
  expect(panel.calls).toHaveLength(5);
});

it('gives the ticket again to a panel that came back, without disarming it first', async () => {
  const { panel, keeper: it } = keeper();
  it.want(wanted(7));
  it.appeared(true);
  await settled();
  it.appeared(false);
  it.appeared(true);
  await settled();
  expect(panel.calls).toEqual(['arm 7', 'arm 7']);
});

it('tries again when the panel refuses, and follows what is wanted by then', async () => {
  const { panel, time, keeper: it } = keeper();
  panel.refuseArms = 1;
  it.want(wanted(7));
  it.appeared(true);
  await settled();
  it.want(wanted(9));
  await time.pass(1_000);
  expect(panel.calls).toEqual(['arm 7', 'arm 9']);
});

it('closes by draining on both sides of DISARM and says what it saw', async () => {
  const { panel, keeper: it } = keeper();
  it.want(wanted(7));
  it.appeared(true);
  await settled();
  it.want(null);
  const closed = it.close();
  expect(await closed).toBe(true);
  await settled();
  expect(panel.calls.filter((call) => call === 'disarm 7')).toHaveLength(1);
  panel.drained = false;
  expect(await it.close()).toBe(false);
});
