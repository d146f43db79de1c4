/* The panel's own messages, each as one frame. All return 0 when the wire had no room. */
#ifndef LINK_FRAMES_H
#define LINK_FRAMES_H

#include "press.h"

uint8_t send_info(uint8_t tag);
uint8_t send_result(uint8_t tag, uint8_t request, uint8_t status, uint16_t detail);
uint8_t send_button(const Press *press, uint8_t retransmission);
uint8_t send_release(uint16_t seq, uint8_t button, uint16_t duration);
uint8_t send_fault(uint8_t code, uint8_t button, uint16_t detail);
uint8_t send_status(uint8_t tag);
uint8_t send_test(uint8_t tag, uint8_t result);

#endif
