/*
 * Purpose: the order of test files: those that take longest begin first, so that no lane is left alone with one of them at
 * the end. Without a memory of earlier runs, as in a fresh clone, the runner goes by the size of files, which says nothing.
 */
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** From forty seconds on two cores up, longest first. */
const LONGEST = [
  'tests/faults/prove-quick-0',
  'tests/faults/prove-quick-1',
  'tests/ui/kiosk-look',
  'tests/flows/bench',
  'tests/flows/recorder.test',
  'tests/ui/counter-day',
  'tests/flows/set-back',
  'tests/flows/hub-core',
  'tests/ui/measured-cameras',
  'tests/ui/kiosk.test',
  'tests/ui/hub-inspector',
  'tests/ui/kiosk-pages',
  'tests/flows/record-camera',
  'tests/flows/silent-station',
  'tests/unit/hub-core/sqlite-contract',
];

export default class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification): number => {
      const found = LONGEST.findIndex((name) => moduleId.includes(name));
      return found < 0 ? LONGEST.length : found;
    };
    return (await super.sort(files)).toSorted((a, b) => place(a) - place(b));
  }
}
