/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What tests take from the C library.  Those that are built for the kernel as
 * well find another file of this name there (tests/kunit/host.h).
 */
#ifndef SHIM_HOST_H
#define SHIM_HOST_H

#include <arpa/inet.h>
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#endif
