/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The naive model: every scheduler as spec/schedulers.md words it, by scanning
 * the list, without an index, a cache or a thought for speed.
 */
#ifndef MODEL_H
#define MODEL_H

#include "world.h"

struct model *model_new(struct world *w);
void model_free(struct model *m);
void model_bind(struct model *m, const char *name);
void model_added(struct model *m, struct server *s);
/* @at: index in the list; still there */
void model_deleted(struct model *m, struct server *s, unsigned int at);
/* the list is as it is now */
void model_changed(struct model *m);
void model_edited(struct model *m, struct server *s);
struct server *model_pick(struct model *m, const struct ip_vs_packet *pkt,
			  enum complaint *complaint);
/* Time goes on: call after shim_advance(). */
void model_tick(struct model *m);
/* Destinations remembered (lblc, lblcr). */
unsigned int model_places(const struct model *m);
/* The random numbers of the next pick (twos). */
void model_random(struct model *m, u64 r1, u64 r2);

#endif
