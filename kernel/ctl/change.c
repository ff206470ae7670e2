// SPDX-License-Identifier: GPL-2.0-only
/*
 * What every door does to the configuration: the object's change, and with its
 * success a new generation and an event.
 *
 * Everything here runs under the configuration mutex.
 */
#include "ctl/change.h"
#include "ctl/events.h"
#include "net.h"
#include "server/dest.h"
#include "server/service.h"

/**
 * ip_vs_config_changed() - the configuration is not what it was
 * @ivn: namespace
 *
 * Context: process, configuration mutex held.
 */
void ip_vs_config_changed(struct ip_vs_net *ivn)
{
	lockdep_assert_held(&ivn->config);
	/* 0 would mean to a dump that it has not begun. */
	WRITE_ONCE(ivn->generation, ivn->generation + 1 ?: 1);
}

/**
 * ip_vs_change_service_add() - make a service
 * @ivn: namespace
 * @cfg: what the user asks for
 * @extack: where to say what is wrong, or NULL
 *
 * Context: process, configuration mutex held.
 *
 * Return: as ip_vs_service_add().
 */
int ip_vs_change_service_add(struct ip_vs_net *ivn,
			     const struct ip_vs_service_config *cfg,
			     struct netlink_ext_ack *extack)
{
	int err = ip_vs_service_add(ivn, cfg, extack);

	if (err)
		return err;
	ip_vs_config_changed(ivn);
	ip_vs_event_service(ivn, IPVS_EXT_EVENT_SERVICE_NEW, &cfg->id);
	return 0;
}

/**
 * ip_vs_change_service_edit() - give a service other attributes
 * @svc: service
 * @cfg: what the user asks for
 * @extack: where to say what is wrong, or NULL
 *
 * Context: process, configuration mutex held.
 *
 * Return: as ip_vs_service_edit().
 */
int ip_vs_change_service_edit(struct ip_vs_service *svc,
			      const struct ip_vs_service_config *cfg,
			      struct netlink_ext_ack *extack)
{
	int err = ip_vs_service_edit(svc, cfg, extack);

	if (err)
		return err;
	ip_vs_config_changed(svc->ivn);
	ip_vs_event_service(svc->ivn, IPVS_EXT_EVENT_SERVICE_SET, &svc->id);
	return 0;
}

/**
 * ip_vs_change_service_del() - delete a service
 * @svc: service; not to be used after
 *
 * Context: process, configuration mutex held.
 */
void ip_vs_change_service_del(struct ip_vs_service *svc)
{
	const struct ip_vs_service_key id = svc->id;
	struct ip_vs_net *ivn = svc->ivn;

	ip_vs_service_del(svc);
	ip_vs_config_changed(ivn);
	ip_vs_event_service(ivn, IPVS_EXT_EVENT_SERVICE_DEL, &id);
}

/**
 * ip_vs_change_flush() - delete all services
 * @ivn: namespace
 *
 * Context: process, configuration mutex held.
 */
void ip_vs_change_flush(struct ip_vs_net *ivn)
{
	ip_vs_service_flush(ivn);
	ip_vs_config_changed(ivn);
	ip_vs_event(ivn, IPVS_EXT_EVENT_FLUSH);
}

/**
 * ip_vs_change_dest_add() - give a service one more server
 * @svc: service
 * @cfg: what the user asks for
 * @extack: where to say what is wrong, or NULL
 *
 * Context: process, configuration mutex held.
 *
 * Return: as ip_vs_dest_add().
 */
int ip_vs_change_dest_add(struct ip_vs_service *svc,
			  const struct ip_vs_dest_config *cfg,
			  struct netlink_ext_ack *extack)
{
	int err = ip_vs_dest_add(svc, cfg, extack);

	if (err)
		return err;
	ip_vs_config_changed(svc->ivn);
	ip_vs_event_dest(svc->ivn, IPVS_EXT_EVENT_DEST_NEW, &svc->id,
			 &cfg->key);
	return 0;
}

/**
 * ip_vs_change_dest_edit() - give a server other attributes
 * @svc: service
 * @cfg: what the user asks for
 * @extack: where to say what is wrong, or NULL
 *
 * Context: process, configuration mutex held.
 *
 * Return: as ip_vs_dest_edit().
 */
int ip_vs_change_dest_edit(struct ip_vs_service *svc,
			   const struct ip_vs_dest_config *cfg,
			   struct netlink_ext_ack *extack)
{
	int err = ip_vs_dest_edit(svc, cfg, extack);

	if (err)
		return err;
	ip_vs_config_changed(svc->ivn);
	ip_vs_event_dest(svc->ivn, IPVS_EXT_EVENT_DEST_SET, &svc->id,
			 &cfg->key);
	return 0;
}

/**
 * ip_vs_change_dest_del() - take a server from a service
 * @svc: service
 * @key: which
 * @extack: where to say what is wrong, or NULL
 *
 * Context: process, configuration mutex held.
 *
 * Return: as ip_vs_dest_del().
 */
int ip_vs_change_dest_del(struct ip_vs_service *svc,
			  const struct ip_vs_dest_key *key,
			  struct netlink_ext_ack *extack)
{
	int err = ip_vs_dest_del(svc, key, extack);

	if (err)
		return err;
	ip_vs_config_changed(svc->ivn);
	ip_vs_event_dest(svc->ivn, IPVS_EXT_EVENT_DEST_DEL, &svc->id, key);
	return 0;
}

/**
 * ip_vs_change_timeouts() - write the timeouts that users set
 * @ivn: namespace
 * @seconds: by enum ip_vs_user_timeout, 0: as it was
 *
 * Context: process, configuration mutex held.
 *
 * Return: as ip_vs_user_timeouts_set().
 */
int ip_vs_change_timeouts(struct ip_vs_net *ivn,
			  const u32 seconds[IP_VS_USER_TIMEOUT_MAX])
{
	int err = ip_vs_user_timeouts_set(ivn, seconds);

	if (err)
		return err;
	ip_vs_config_changed(ivn);
	ip_vs_event(ivn, IPVS_EXT_EVENT_TIMEOUTS);
	return 0;
}
