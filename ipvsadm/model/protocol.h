/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PROTOCOL_H
#define PROTOCOL_H

#include <stdbool.h>
#include <stdint.h>

bool protocol_number(const char *name, uint8_t *number);
const char *protocol_name(uint16_t number);
const char *protocol_port_names(uint16_t number);
const char *protocol_option(uint16_t number);

#endif
