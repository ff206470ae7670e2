// SPDX-License-Identifier: GPL-2.0-only
/*
 * The protocols that connections have, and what each is called where
 */
#include "model/protocol.h"

#include "model/util.h"

#include <netinet/in.h>
#include <stddef.h>
#include <strings.h>

/**
 * struct protocol - one protocol
 * @number: IPPROTO_*
 * @name: in lists
 * @port_names: in the file of port names, lower case; NULL if it has no services
 * @option: what names a service of it on the command line; NULL if it has none
 */
struct protocol {
	uint8_t number;
	const char *name;
	const char *port_names;
	const char *option;
};

/* Templates of mark services have the number of IP. */
static const struct protocol protocols[] = {
	{ IPPROTO_IP, "IP", NULL, NULL },
	{ IPPROTO_TCP, "TCP", "tcp", "-t" },
	{ IPPROTO_UDP, "UDP", "udp", "-u" },
	{ IPPROTO_SCTP, "SCTP", "sctp", "--sctp-service" },
	{ IPPROTO_AH, "AH", NULL, NULL },
	{ IPPROTO_ESP, "ESP", NULL, NULL },
};

static const struct protocol *protocol_find(uint16_t number)
{
	for (size_t i = 0; i < ARRAY_SIZE(protocols); i++)
		if (protocols[i].number == number)
			return &protocols[i];
	return NULL;
}

/**
 * protocol_number() - number of a protocol
 * @name: its name, in upper or lower case
 * @number: IPPROTO_*; untouched on failure
 *
 * Return: true if there is such a protocol.
 */
bool protocol_number(const char *name, uint8_t *number)
{
	for (size_t i = 0; i < ARRAY_SIZE(protocols); i++) {
		if (!strcasecmp(name, protocols[i].name)) {
			*number = protocols[i].number;
			return true;
		}
	}
	return false;
}

/**
 * protocol_name() - name of a protocol, as lists have it
 * @number: IPPROTO_*
 *
 * Return: a constant; "?" for a protocol without connections.
 */
const char *protocol_name(uint16_t number)
{
	const struct protocol *protocol = protocol_find(number);

	return protocol ? protocol->name : "?";
}

/**
 * protocol_port_names() - under which name the protocol's ports have names
 * @number: IPPROTO_*
 *
 * Return: a constant in lower case, NULL for a protocol without ports.
 */
const char *protocol_port_names(uint16_t number)
{
	const struct protocol *protocol = protocol_find(number);

	return protocol ? protocol->port_names : NULL;
}

/**
 * protocol_option() - the option that names a service of the protocol
 * @number: IPPROTO_*
 *
 * Return: a constant; "--xxx-service" for a protocol without services.
 */
const char *protocol_option(uint16_t number)
{
	const struct protocol *protocol = protocol_find(number);

	return protocol && protocol->option ? protocol->option :
					      "--xxx-service";
}
