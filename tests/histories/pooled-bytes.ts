/*
 * Purpose: bytes of a history come from few large blocks. A text or a hash in memory of its own costs more to get and to
 * give back than to compute, and lies far from its neighbours; a history makes thousands. Loaded first by history.ts.
 * Refuses nothing.
 */

Buffer.poolSize = 131_072;
const own = TextEncoder.prototype.encode;
TextEncoder.prototype.encode = function encode(text = '') {
  return text.length < 16_384 ? Buffer.from(text) : own.call(this, text);
};
