// SPDX-License-Identifier: GPL-2.0-only
/*
 * Changes of the configuration through any interface: the change of the object,
 * and on success a new generation and an event.
 *
 * Everything here runs under the configuration mutex.
 */
#include "ctl/change.h"
#include "ctl/events.h"
#include "net.h"
#include "server/dest.h"
#include "server/service.h"

/**
 * ip_vs_config_changed() - increment the configuration's generation
 * @ivn: namespace
 *
 * Context: process, configuration mutex held.
 */
void ip_vs_config_changed(struct ip_vs_net *ivn)
{
	lockdep_assert_held(&ivn->config);
	/* A dump uses 0 for not yet begun. */
	WRITE_ONCE(ivn->generation, ivn->generation + 1 ?: 1);
}

/**
 * ip_vs_change_service_add() - add a service
 * @ivn: namespace
 * @cfg: requested configuration
 * @extack: for the error message, or NULL
 *
 * Context: process, configuration mutex held.
 *
 * Return: as ip_vs_service_add().
 */
int ip_vs_change_service_add(struct ip_vs_net *ivn,
			     const struct ip_vs_service_config *cfg,
			     struct netlink_ext_ack *extack)
{
	int err;

	lockdep_assert_held(&ivn->config);
	err = ip_vs_service_add(ivn, cfg, extack);
	if (err)
		return err;
	ip_vs_config_changed(ivn);
	ip_vs_event_service(ivn, IPVS_EXT_EVENT_SERVICE_NEW, &cfg->id);
	return 0;
}

/**
 * ip_vs_change_service_edit() - change the attributes of a service
 * @svc: service
 * @cfg: requested configuration
 * @extack: for the error message, or NULL
 *
 * Context: process, configuration mutex held.
 *
 * Return: as ip_vs_service_edit().
 */
int ip_vs_change_service_edit(struct ip_vs_service *svc,
			      const struct ip_vs_service_config *cfg,
			      struct netlink_ext_ack *extack)
{
	int err;

	lockdep_assert_held(&svc->ivn->config);
	err = ip_vs_service_edit(svc, cfg, extack);
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

	lockdep_assert_held(&ivn->config);
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
	lockdep_assert_held(&ivn->config);
	ip_vs_service_flush(ivn);
	ip_vs_config_changed(ivn);
	ip_vs_event(ivn, IPVS_EXT_EVENT_FLUSH);
}

/**
 * ip_vs_change_dest_add() - add a server to a service
 * @svc: service
 * @cfg: requested configuration
 * @extack: for the error message, or NULL
 *
 * Context: process, configuration mutex held.
 *
 * Return: as ip_vs_dest_add().
 */
int ip_vs_change_dest_add(struct ip_vs_service *svc,
			  const struct ip_vs_dest_config *cfg,
			  struct netlink_ext_ack *extack)
{
	int err;

	lockdep_assert_held(&svc->ivn->config);
	err = ip_vs_dest_add(svc, cfg, extack);
	if (err)
		return err;
	ip_vs_config_changed(svc->ivn);
	ip_vs_event_dest(svc->ivn, IPVS_EXT_EVENT_DEST_NEW, &svc->id,
			 &cfg->key);
	return 0;
}

/**
 * ip_vs_change_dest_edit() - change the attributes of a server
 * @svc: service
 * @cfg: requested configuration
 * @extack: for the error message, or NULL
 *
 * Context: process, configuration mutex held.
 *
 * Return: as ip_vs_dest_edit().
 */
int ip_vs_change_dest_edit(struct ip_vs_service *svc,
			   const struct ip_vs_dest_config *cfg,
			   struct netlink_ext_ack *extack)
{
	int err;

	lockdep_assert_held(&svc->ivn->config);
	err = ip_vs_dest_edit(svc, cfg, extack);
	if (err)
		return err;
	ip_vs_config_changed(svc->ivn);
	ip_vs_event_dest(svc->ivn, IPVS_EXT_EVENT_DEST_SET, &svc->id,
			 &cfg->key);
	return 0;
}

/**
 * ip_vs_change_dest_del() - delete a server of a service
 * @svc: service
 * @key: which server
 * @extack: for the error message, or NULL
 *
 * Context: process, configuration mutex held.
 *
 * Return: as ip_vs_dest_del().
 */
int ip_vs_change_dest_del(struct ip_vs_service *svc,
			  const struct ip_vs_dest_key *key,
			  struct netlink_ext_ack *extack)
{
	int err;

	lockdep_assert_held(&svc->ivn->config);
	err = ip_vs_dest_del(svc, key, extack);
	if (err)
		return err;
	ip_vs_config_changed(svc->ivn);
	ip_vs_event_dest(svc->ivn, IPVS_EXT_EVENT_DEST_DEL, &svc->id, key);
	return 0;
}

/**
 * ip_vs_change_timeouts() - write the timeouts that users set
 * @ivn: namespace
 * @seconds: by enum ip_vs_user_timeout, 0: unchanged
 *
 * Context: process, configuration mutex held.
 *
 * Return: as ip_vs_user_timeouts_set().
 */
int ip_vs_change_timeouts(struct ip_vs_net *ivn,
			  const u32 seconds[IP_VS_USER_TIMEOUT_MAX])
{
	int err;

	lockdep_assert_held(&ivn->config);
	err = ip_vs_user_timeouts_set(ivn, seconds);
	if (err)
		return err;
	ip_vs_config_changed(ivn);
	ip_vs_event(ivn, IPVS_EXT_EVENT_TIMEOUTS);
	return 0;
}
