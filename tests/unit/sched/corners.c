// SPDX-License-Identifier: GPL-2.0-only
void corners(void);
void corners(void) {}
