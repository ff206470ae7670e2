/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kinds of events that a socket may listen to.
 */
#ifndef IP_VS_EVENT_KIND_H
#define IP_VS_EVENT_KIND_H

/* Each is a bit of IPVS_EXT_ATTR_EVENTS. */
enum ip_vs_event_kind {
	IP_VS_EVENTS_CONFIG,
	IP_VS_EVENTS_CONNS,
	IP_VS_EVENTS_MAX
};

#endif
