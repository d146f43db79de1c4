/* CPP/1 frames: 00 | COBS(VF ADDR TYPE TAG payload CRC) | 00. Nothing about meaning. */
#ifndef FRAME_H
#define FRAME_H

#include <stdint.h>

#define MAX_PAYLOAD 32
#define FRAME_HEAD 4
#define MIN_DECODED (FRAME_HEAD + 2)
#define MAX_DECODED (MIN_DECODED + MAX_PAYLOAD)
/* COBS adds one byte, the two delimiters two more. */
#define MAX_ENCODED (MAX_DECODED + 1)
#define MAX_WIRE (MAX_ENCODED + 2)

#define VF_VERSION 0x10
#define VF_TO_HOST 0x08
#define VF_RETRANSMISSION 0x01

uint16_t crc16(uint16_t crc, const uint8_t *bytes, uint8_t length);
/* Frame (head, payload; two spare bytes for the CRC follow) to the wire; returns the bytes on the wire. */
uint8_t frame_encode(uint8_t *frame, uint8_t length, uint8_t *wire);
/* What stood between two delimiters, decoded in place; its length without the CRC, or 0 when damaged. */
uint8_t frame_decode(uint8_t *bytes, uint8_t length);

#endif
