/*
 * Purpose: CRC-16/CCITT-FALSE and COBS, the same as device-drivers/src/panel/frame.ts and its vectors.
 * Refuses: what is too short or long, is no COBS form, or whose CRC is wrong.
 * Document: ../panel-protocol.md, "Frames".
 */
#include "frame.h"

#include <util/crc16.h>

uint16_t crc16(uint16_t crc, const uint8_t *bytes, uint8_t length) {
  while (length--) crc = _crc_xmodem_update(crc, *bytes++);
  return crc;
}

uint8_t frame_encode(uint8_t *frame, uint8_t length, uint8_t *wire) {
  uint16_t crc = crc16(0xffff, frame, length);
  frame[length++] = crc >> 8;
  frame[length++] = crc & 0xff;
  uint8_t *code_at = &wire[1];
  uint8_t code = 1;
  wire[0] = 0;
  for (uint8_t i = 0; i < length; i++) {
    wire[i + 2] = frame[i];
    if (frame[i] == 0) {
      *code_at = code;
      code_at = &wire[i + 2];
      code = 1;
    } else {
      code++;
    }
  }
  *code_at = code;
  wire[length + 2] = 0;
  return length + 3;
}

uint8_t frame_decode(uint8_t *bytes, uint8_t length) {
  if (length < MIN_DECODED + 1 || length > MAX_ENCODED) return 0;
  /* A group's code says where the next zero stands; it replaces the code of the group before. */
  uint8_t at = 0;
  while (at < length) {
    uint8_t code = bytes[at];
    if (code == 0 || code > length - at) return 0;
    bytes[at] = 0;
    at += code;
  }
  uint8_t decoded = length - 1;
  for (uint8_t i = 0; i < decoded; i++) bytes[i] = bytes[i + 1];
  if (crc16(0xffff, bytes, decoded) != 0) return 0;
  return decoded - 2;
}
