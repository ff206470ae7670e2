/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Network devices that go down or are removed.
 */
#ifndef IP_VS_DEVICE_H
#define IP_VS_DEVICE_H

int ip_vs_devices_watch(void);
void ip_vs_devices_unwatch(void);

#endif
