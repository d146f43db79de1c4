/** A pause between two pages of long work: cameras go on recording, and everybody else has a turn first. */
export const nextTurn = (): Promise<void> => new Promise((done) => setImmediate(done));
