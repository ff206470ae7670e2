/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One service with its servers and connections, as the core of the module would
 * keep them: the real schedulers are called where the core calls them, and a
 * naive model is told the same story.
 */
#ifndef WORLD_H
#define WORLD_H

#include "server/dest.h"
#include "net.h"
#include "packet.h"
#include "server/sched.h"
#include "server/service.h"

#define MAX_SERVERS 5000

struct model;

/* A server, and what the core would know of it. */
struct server {
	struct ip_vs_dest d;
	struct world *w;
	unsigned int id;
	bool present;
};

/* What a failed pick logged. */
enum complaint { SILENT, PLAIN, OVERLOADED };

struct world {
	struct ip_vs_net ivn;
	struct ip_vs_service svc;
	struct model *model;
	/* as a scan in list order meets them: the newest first */
	struct server *order[MAX_SERVERS];
	unsigned int n;
	/* 0: an address made from the server's id */
	u32 addr_of[MAX_SERVERS];
	/* present ones and trash, by id */
	struct server *by_id[MAX_SERVERS];
	enum complaint complaint;
};

struct world *world_new(u16 af, u32 fwmark);
void world_free(struct world *w);
/* 0 or -errno, as ip_vs_sched_bind(); "none": without */
int world_schedule(struct world *w, const char *name);
int world_reserve(struct world *w, u32 more);
struct server *world_add(struct world *w, unsigned int id, int weight);
void world_del(struct server *s);
void world_edit(struct server *s, int weight, u32 upper, u32 lower);
/* Let go of a removed server, unless something still holds it. */
bool world_purge(struct world *w, unsigned int id);
/* NULL: none; world->complaint says what was logged */
struct server *world_pick(struct world *w, const struct ip_vs_packet *pkt);
void world_bind(struct server *s);
void world_unbind(struct server *s, bool active);
void world_activate(struct server *s, bool active);

struct ip_vs_packet packet4(u32 src, u16 sport, u32 dst, u16 dport, u8 proto);

#endif
