/** What was done last, one `meta` entry a job. */
import type { JobsPort } from '../../../application/ports/jobs.ts';
import { read, type Store, write } from '../op.ts';
import { getMeta, setMeta } from './meta.ts';

const key = (name: string): string => `job.${name}`;

export const jobsStore: Store<JobsPort> = {
  done: read((db, name) => {
    const held = getMeta(db, key(name));
    return held === null ? null : Number(held);
  }),
  finish: write((db, { name, due }) => {
    setMeta(db, key(name), String(due));
    return null;
  }),
};
