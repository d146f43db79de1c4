/** A thread of its own for one connection: what it serves comes as its data. Refuses: nothing. */
import { workerData } from 'node:worker_threads';
import { type Served, serveCalls } from './serve-calls.ts';

serveCalls(workerData as Served);
