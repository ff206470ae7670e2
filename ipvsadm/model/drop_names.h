/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DROP_NAMES_H
#define DROP_NAMES_H

const char *drop_key(unsigned int reason);
const char *drop_meaning(unsigned int reason);

#endif
