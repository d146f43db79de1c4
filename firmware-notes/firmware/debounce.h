/* Contacts to keys: bouncing wires in, clean edges out. */
#ifndef DEBOUNCE_H
#define DEBOUNCE_H

#include <stdint.h>

/* Sets up the pins and takes what is held down at the start as down. */
void debounce_start(void);
/* One millisecond of all keys. Edges stand in keys_pressed and keys_released until the next call. */
void debounce_tick(void);

extern uint8_t keys_down, keys_pressed, keys_released;
/* Keys whose contact speaks for a press that is not decided yet. */
extern uint8_t keys_closing;

#endif
