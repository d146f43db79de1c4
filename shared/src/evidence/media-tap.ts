/**
 * The pictures of an MP4 file, whatever boxes stand around them: the payload of its `mdat` boxes in order. The recorder
 * writes one video track and copies, so the pictures of the masters, one after the other, are byte for byte those of the
 * working copy: anybody can prove without a decoder that nothing was encoded again. ISO/IEC 14496-12, top level alone.
 * Refuses: boxes that do not fit together (`whole` is false). Bytes come in any pieces and are never held.
 */
const HEADER = 8;
const LARGE_HEADER = 16;
const MDAT = 0x6d646174;

export interface MediaTap {
  update(bytes: Uint8Array): void;
  /** After the last byte: every box was whole. */
  whole(): boolean;
}

export function createMediaTap(picture: (bytes: Uint8Array) => void): MediaTap {
  const head = new Uint8Array(LARGE_HEADER);
  const view = new DataView(head.buffer);
  let held = 0;
  let wanted = HEADER;
  /** Bytes of the present box's body that are still to come. */
  let left = 0;
  let isMedia = false;
  let broken = false;

  function opened(): void {
    const size = view.getUint32(0);
    const large = size === 1;
    if (large && wanted === HEADER) {
      wanted = LARGE_HEADER;
      return;
    }
    const whole = large ? view.getUint32(8) * 2 ** 32 + view.getUint32(12) : size;
    if (whole < wanted || !Number.isSafeInteger(whole)) {
      broken = true;
      return;
    }
    isMedia = view.getUint32(4) === MDAT;
    left = whole - wanted;
    held = 0;
    wanted = HEADER;
  }
  return {
    update(bytes) {
      let at = 0;
      while (at < bytes.length && !broken) {
        if (left > 0) {
          const take = Math.min(left, bytes.length - at);
          if (isMedia) picture(bytes.subarray(at, at + take));
          left -= take;
          at += take;
          continue;
        }
        const take = Math.min(wanted - held, bytes.length - at);
        head.set(bytes.subarray(at, at + take), held);
        held += take;
        at += take;
        if (held === wanted) opened();
      }
    },
    whole: () => !broken && left === 0 && held === 0,
  };
}
