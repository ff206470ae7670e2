// SPDX-License-Identifier: GPL-2.0-only
/*
 * The binding of a service to its scheduler.
 *
 * A service's scheduler and its state are one RCU pointer, svc->sched_data, so
 * that readers always see a matching pair. svc->sched names the same scheduler
 * for listings.  Both are written under the configuration mutex.
 *
 * Nothing here is written when a server is picked; what each scheduler writes
 * is documented at the head of its file.
 */
#include <linux/err.h>
#include <linux/net.h>
#include <linux/slab.h>

#include "net.h"
#include "packet.h"
#include "proto/rows.h"
#include "server/dest.h"
#include "server/sched.h"
#include "server/service.h"

static struct ip_vs_sched_state *state_of(struct ip_vs_service *svc)
{
	return rcu_dereference_protected(svc->sched_data,
					 lockdep_is_held(&svc->ivn->config));
}

/**
 * ip_vs_sched_prepare() - allocate a scheduler state for a service
 * @svc: the service
 * @sched: the scheduler
 * @n: number of servers it will have when the state is published
 *
 * Changes neither the service nor its servers.
 *
 * Context: configuration mutex held; may sleep.
 * Return: for ip_vs_sched_publish(), or ip_vs_sched_free();
 *	ERR_PTR(-ENOMEM); ERR_PTR(-EINVAL): more servers than it can take.
 */
struct ip_vs_sched_state *
ip_vs_sched_prepare(struct ip_vs_service *svc,
		    const struct ip_vs_scheduler *sched, u32 n)
{
	struct ip_vs_sched_state *state;
	int err;

	lockdep_assert_held(&svc->ivn->config);
	if (sched->most && n > sched->most)
		return ERR_PTR(-EINVAL);
	state = kvzalloc(sched->size, GFP_KERNEL_ACCOUNT);
	if (!state)
		return ERR_PTR(-ENOMEM);
	state->ops = sched;
	state->svc = svc;
	err = sched->init ? sched->init(state, n) : 0;
	if (err) {
		kvfree(state);
		return ERR_PTR(err);
	}
	return state;
}

/* Publishes @state, NULL: none.  Returns the old state, stopped, to be freed
 * after a grace period, or NULL.
 */
static struct ip_vs_sched_state *state_swap(struct ip_vs_service *svc,
					    struct ip_vs_sched_state *state)
{
	struct ip_vs_sched_state *old = state_of(svc);

	rcu_assign_pointer(svc->sched, state ? state->ops : NULL);
	rcu_assign_pointer(svc->sched_data, state);
	if (old && old->ops->stop)
		old->ops->stop(old);
	return old;
}

static void state_free(struct ip_vs_sched_state *state)
{
	if (state->ops->release)
		state->ops->release(state);
	kvfree(state);
}

static void state_free_rcu(struct rcu_head *head)
{
	state_free(container_of(head, struct ip_vs_sched_state, rcu));
}

static void state_replace(struct ip_vs_service *svc,
			  struct ip_vs_sched_state *state)
{
	struct ip_vs_sched_state *old = state_swap(svc, state);

	if (old)
		call_rcu(&old->rcu, state_free_rcu);
}

/* Changes of counts while the state was filled were reported to the old state:
 * read every server once more, now that changes are reported to the new one.
 */
static void state_catch_up(struct ip_vs_sched_state *state)
{
	struct ip_vs_dest *dest;
	u32 i = 0;

	if (!state->ops->load)
		return;
	list_for_each_entry(dest, &state->svc->dest_list, list) {
		rcu_read_lock();
		state->ops->load(state, dest);
		rcu_read_unlock();
		ip_vs_sched_yield(i++);
	}
}

/**
 * ip_vs_sched_publish() - bind a service to a prepared scheduler state
 * @svc: the service, with no more servers than were prepared for
 * @state: from ip_vs_sched_prepare(); NULL: no scheduler
 *
 * Cannot fail.  The old scheduler need not know about all of its servers.
 *
 * Context: configuration mutex held; may sleep, but waits for no grace period.
 */
void ip_vs_sched_publish(struct ip_vs_service *svc,
			 struct ip_vs_sched_state *state)
{
	lockdep_assert_held(&svc->ivn->config);
	if (state && state->ops->fill)
		state->ops->fill(state);
	state_replace(svc, state);
	if (state)
		state_catch_up(state);
}

/**
 * ip_vs_sched_bind() - bind a service to a scheduler
 * @svc: the service
 * @sched: the scheduler; if it is the present one, its state is reset
 *
 * When the new scheduler cannot be initialised, the old one, if any, stays, but
 * its state is reset, as the in-tree module does.
 *
 * Context: configuration mutex held; may sleep.
 * Return: 0; -ENOMEM; -EINVAL: too many servers for it (mh).
 */
int ip_vs_sched_bind(struct ip_vs_service *svc,
		     const struct ip_vs_scheduler *sched)
{
	struct ip_vs_sched_state *old, *state;

	old = state_of(svc);
	state = ip_vs_sched_prepare(svc, sched, svc->num_dests);
	if (!IS_ERR(state)) {
		ip_vs_sched_publish(svc, state);
		return 0;
	}
	pr_err_ratelimited("ip_vs_bind_scheduler(): init error\n");
	if (old) {
		struct ip_vs_sched_state *again;

		again = ip_vs_sched_prepare(svc, old->ops, svc->num_dests);
		if (!IS_ERR(again))
			ip_vs_sched_publish(svc, again);
	}
	return PTR_ERR(state);
}

/**
 * ip_vs_sched_unbind() - leave a service without a scheduler
 * @svc: the service
 *
 * Context: configuration mutex held; may sleep, but waits for no grace period.
 */
void ip_vs_sched_unbind(struct ip_vs_service *svc)
{
	lockdep_assert_held(&svc->ivn->config);
	state_replace(svc, NULL);
}

/**
 * ip_vs_sched_name() - name of a service's scheduler, as listings have it
 * @svc: service
 *
 * Context: configuration mutex held.
 * Return: a constant string.
 */
const char *ip_vs_sched_name(const struct ip_vs_service *svc)
{
	const struct ip_vs_scheduler *sched;

	sched = rcu_dereference_protected(svc->sched,
					  lockdep_is_held(&svc->ivn->config));
	return sched ? sched->name : IP_VS_SCHED_NONE;
}

/**
 * ip_vs_sched_leave() - detach the scheduler state of a service that is deleted
 * @svc: the service
 *
 * Context: configuration mutex held; may sleep, but waits for no grace period.
 * Return: the state, for ip_vs_sched_free() after a grace period; NULL: none.
 */
struct ip_vs_sched_state *ip_vs_sched_leave(struct ip_vs_service *svc)
{
	lockdep_assert_held(&svc->ivn->config);
	return state_swap(svc, NULL);
}

/**
 * ip_vs_sched_free() - free a scheduler state
 * @state: from ip_vs_sched_leave(), a grace period ago; or prepared and never
 *	published; or NULL
 *
 * Context: any but hard interrupts.
 */
void ip_vs_sched_free(struct ip_vs_sched_state *state)
{
	if (state)
		state_free(state);
}

/**
 * ip_vs_sched_reserve() - allocate memory for additional servers of a service
 * @svc: the service
 * @more: how many more
 *
 * Context: configuration mutex held; may sleep.
 * Return: 0: that many calls of ip_vs_sched_dest_added() cannot fail; -ENOMEM.
 */
int ip_vs_sched_reserve(struct ip_vs_service *svc, u32 more)
{
	struct ip_vs_sched_state *state;

	lockdep_assert_held(&svc->ivn->config);
	state = state_of(svc);
	if (!state || !state->ops->reserve)
		return 0;
	return state->ops->reserve(state, more);
}

/**
 * ip_vs_sched_dest_added() - tell the scheduler of a new server
 * @svc: the service, for which ip_vs_sched_reserve() succeeded
 * @dest: the server, at the head of the service's list
 *
 * Context: configuration mutex held; may sleep.
 */
void ip_vs_sched_dest_added(struct ip_vs_service *svc, struct ip_vs_dest *dest)
{
	struct ip_vs_sched_state *state;

	lockdep_assert_held(&svc->ivn->config);
	WRITE_ONCE(dest->sched_slot, IP_VS_NO_SLOT);
	state = state_of(svc);
	if (state && state->ops->add)
		state->ops->add(state, dest);
}

/**
 * ip_vs_sched_dest_deleted() - tell the scheduler that a server was deleted
 * @svc: the service
 * @dest: the server, no longer on the service's list
 *
 * Context: configuration mutex held; may sleep.
 */
void ip_vs_sched_dest_deleted(struct ip_vs_service *svc,
			      struct ip_vs_dest *dest)
{
	struct ip_vs_sched_state *state;

	lockdep_assert_held(&svc->ivn->config);
	state = state_of(svc);
	if (state && state->ops->del)
		state->ops->del(state, dest);
	WRITE_ONCE(dest->sched_slot, IP_VS_NO_SLOT);
}

/**
 * ip_vs_sched_dest_edited() - tell the scheduler that a server was edited
 * @svc: the service
 * @dest: the server, new attributes written
 *
 * Context: configuration mutex held; may sleep.
 */
void ip_vs_sched_dest_edited(struct ip_vs_service *svc,
			     struct ip_vs_dest *dest)
{
	struct ip_vs_sched_state *state;

	lockdep_assert_held(&svc->ivn->config);
	state = state_of(svc);
	if (state && state->ops->edit)
		state->ops->edit(state, dest);
}

/**
 * ip_vs_sched_load_changed() - tell the scheduler that a server's load changed
 * @dest: the server; its counts or overload mark were just changed, by atomic
 *	operations.  Does nothing for one in the trash
 * @marked: this CPU has written the overload mark
 *
 * Context: softirq or process; RCU read side; no lock held.
 */
void ip_vs_sched_load_changed(struct ip_vs_dest *dest, bool marked)
{
	struct ip_vs_service *svc = rcu_dereference(dest->svc);
	struct ip_vs_sched_state *state;

	if (!svc)
		return;
	state = rcu_dereference(svc->sched_data);
	if (!state || !(state->ops->counts || unlikely(marked)))
		return;
	if (state->ops->load)
		state->ops->load(state, dest);
}

/**
 * ip_vs_sched_pick() - choose a server for a new connection
 * @svc: the service
 * @pkt: the connection's first packet
 *
 * Context: softirq or process; RCU read side.
 * Return: a server, good until rcu_read_unlock(); NULL: none is usable (logged)
 *	or the service has no scheduler (not logged).
 */
struct ip_vs_dest *ip_vs_sched_pick(struct ip_vs_service *svc,
				    const struct ip_vs_packet *pkt)
{
	struct ip_vs_sched_state *state = rcu_dereference(svc->sched_data);

	return state ? state->ops->pick(state, pkt) : NULL;
}

/**
 * ip_vs_sched_complain() - log that a scheduler found no server
 * @state: the scheduler and the service
 * @why: the reason, or NULL
 *
 * Context: any; limited by the kernel's network rate limit.
 */
void ip_vs_sched_complain(const struct ip_vs_sched_state *state,
			  const char *why)
{
	const struct ip_vs_service_key *id = &state->svc->id;
	const char *name = state->ops->name;
	char proto[16];

	if (!net_ratelimit())
		return;
	if (id->fwmark) {
		pr_err("%s: FWM %u 0x%08X - no destination available%s%s\n",
		       name, id->fwmark, id->fwmark, why ? ": " : "",
		       why ?: "");
		return;
	}
	if (id->af == AF_INET6)
		pr_err("%s: %s [%pI6c]:%u - no destination available%s%s\n",
		       name, ip_vs_proto_name(id->proto, proto, sizeof(proto)),
		       &id->addr.in6, ntohs(id->port), why ? ": " : "",
		       why ?: "");
	else
		pr_err("%s: %s %pI4:%u - no destination available%s%s\n",
		       name, ip_vs_proto_name(id->proto, proto, sizeof(proto)),
		       &id->addr.ip, ntohs(id->port), why ? ": " : "",
		       why ?: "");
}
