// SPDX-License-Identifier: GPL-2.0-only
/*
 * FTP through masquerading: the module ip_vs_ftp.
 *
 * The two ends of a control connection tell each other where the next data
 * connection goes:
 *
 *	active	PORT, EPRT	the client listens, the server connects from the
 *				port below its own
 *	passive	227, 229	the server listens: the client has to be told the
 *				virtual address instead
 *
 * Either way an entry for that data connection is made, controlled by the
 * control connection.  How the text is read is in control.c.
 *
 * What a stranger may do with that:
 *
 * A client names addresses.  Another than its own would let it put an entry
 * before a third host's connections to the virtual address; so it is ignored,
 * unless the parameter "loose" allows it (FXP).  A server may name an address
 * of another server, as some do, but not a port that is a service of the same
 * virtual address: its client's connections to that service would go astray; and
 * a data connection to an address of the director is dropped (xmit/nat.c).
 * Of the data connections that one control connection announces, FTP_UNUSED may
 * be waiting for their first packet; a further one ends the oldest.
 */
#include <linux/in.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/slab.h>
#include <net/net_namespace.h>

#include "addr.h"
#include "app/app.h"
#include "conn/conn.h"
#include "conn/extra.h"
#include "conn/related.h"
#include "conn/seq.h"
#include "conn/view.h"
#include "foreign.h"
#include "ftp/control.h"
#include "ftp/expect.h"
#include "ftp/text.h"
#include "net.h"
#include "xmit/adjust.h"

#define FTP_PORTS_MAX	8
/* Data connections are used one after the other: clients need one. */
#define FTP_UNUSED	4

static unsigned short ports[FTP_PORTS_MAX] = { 21 };
static unsigned int n_ports = 1;
module_param_array(ports, ushort, &n_ports, 0444);
MODULE_PARM_DESC(ports, "virtual ports of FTP services, up to 8");

static bool loose;
module_param(loose, bool, 0644);
MODULE_PARM_DESC(loose, "clients may name other addresses than their own");

/**
 * struct ftp_session - a control connection
 * @control: its text
 * @foreign: its namespace's
 * @announced: data connections, a ring
 * @n_announced: how many there have been
 */
struct ftp_session {
	struct ftp_control control;
	struct ip_vs_foreign *foreign;
	struct ip_vs_ends announced[FTP_UNUSED];
	u8 n_announced;
};

/* Memory for an unfinished line, charged as the session. */
static u8 *line_alloc(struct ftp_control *ctl)
{
	struct ftp_session *s = container_of(ctl, struct ftp_session, control);

	return ip_vs_packet_kmalloc(s->foreign, FTP_LINE_MAX);
}

static void line_free(struct ftp_line *line)
{
	kfree(line->text);
	line->text = NULL;
}

static void ftp_release(void *state)
{
	struct ftp_session *s = state;

	if (!s)
		return;
	line_free(&s->control.client);
	line_free(&s->control.server);
	kfree(s);
}

/* The session of a connection, made with its first text. */
static struct ftp_session *session_of(const struct ip_vs_app_text *t)
{
	struct ip_vs_foreign *foreign = t->c->ivn->foreign;
	struct ip_vs_conn_view view;
	struct ftp_session *s = t->extra->state;

	if (s)
		return s;
	s = ip_vs_packet_kmalloc(foreign, sizeof(*s));
	if (!s)
		return NULL;
	memset(s, 0, sizeof(*s));
	ip_vs_conn_view(t->c, &view);
	s->foreign = foreign;
	s->control.af = t->c->af;
	s->control.line_alloc = line_alloc;
	s->control.vaddr = view.vaddr.ip;
	t->extra->state = s;
	return s;
}

/* Expect a data connection.  Returns as ip_vs_conn_announce(). */
static int data_announce(struct ftp_session *s, const struct ip_vs_app_text *t,
			 const struct ip_vs_ends *ends)
{
	struct ip_vs_ends *slot = &s->announced[s->n_announced % FTP_UNUSED];
	int err;

	err = ip_vs_conn_announce(t->c, ends, t->fwmark);
	if (err)
		return err;
	if (slot->dport && memcmp(slot, ends, sizeof(*ends)))
		ip_vs_conn_unannounce(t->c, slot);
	*slot = *ends;
	s->n_announced++;
	return 0;
}

static enum ip_vs_ext_drop announce_fault(int err)
{
	switch (err) {
	case -ENOBUFS:
		return IPVS_EXT_DROP_CONN_LIMIT;
	case -ENOMEM:
		return IPVS_EXT_DROP_NO_MEMORY;
	}
	return IPVS_EXT_DROP_UNSPEC;
}

/* The port below another one. */
static __be16 port_below(__be16 port)
{
	return htons(ntohs(port) - 1);
}

static enum ip_vs_ext_drop command_read(struct ftp_session *s,
					const struct ip_vs_app_text *t,
					const struct ftp_place *place)
{
	struct ip_vs_conn_view view;
	struct ip_vs_ends ends = {};

	ip_vs_conn_view(t->c, &view);
	if (!ip_vs_addr_equal(t->c->af, &place->addr, &view.caddr) &&
	    !READ_ONCE(loose))
		return IPVS_EXT_DROP_UNSPEC;
	if (!place->port || view.vport == htons(1) || view.dport == htons(1))
		return IPVS_EXT_DROP_UNSPEC;
	ends.caddr = place->addr;
	ends.daddr = view.daddr;
	ends.cport = place->port;
	ends.vport = port_below(view.vport);
	ends.dport = port_below(view.dport);
	s->control.wants = 0;
	return announce_fault(data_announce(s, t, &ends));
}

static enum ip_vs_ext_drop client_read(struct ftp_session *s,
				       struct ip_vs_app_text *t)
{
	struct ftp_segment seg = {
		.seq = t->seq, .text = t->text, .len = t->len,
	};
	enum ip_vs_ext_drop why = IPVS_EXT_DROP_UNSPEC;
	unsigned int n = 0;
	enum ftp_word word;

	/* More commands than may wait are work for nothing. */
	ftp_read_begin(&s->control.client, &seg);
	while (!why && (word = ftp_read_command(&s->control, &seg)))
		if (word == FTP_PORT && n++ < FTP_UNUSED)
			why = command_read(s, t, &seg.place);
	return why;
}

/* The server's place is replaced by the virtual one. */
static void reply_write(struct ftp_session *s, struct ip_vs_app_text *t,
			const struct ftp_segment *seg, enum ftp_word word)
{
	const struct ftp_place *place = &seg->place;
	u8 text[FTP_PLACE_MAX];
	u32 len;

	len = word == FTP_PASV ?
	      ftp_write_plain(text, s->control.vaddr, place->port) :
	      ftp_write_extended(text, place->port);
	if (len == place->to - place->from &&
	    !memcmp(text, t->text + seg->line + place->from, len))
		return;
	ftp_replace_place(&s->control, &t->extra->seq[IP_VS_DIR_OUTPUT], seg,
			  text, len);
}

static enum ip_vs_ext_drop reply_read(struct ftp_session *s,
				      struct ip_vs_app_text *t,
				      const struct ftp_segment *seg,
				      enum ftp_word word)
{
	struct ip_vs_conn_view view;
	struct ip_vs_ends ends = {};
	int err;

	ip_vs_conn_view(t->c, &view);
	if (!seg->place.port)
		return IPVS_EXT_DROP_UNSPEC;
	ends.caddr = view.caddr;
	ends.daddr = seg->place.has_addr ? seg->place.addr : view.daddr;
	ends.vport = seg->place.port;
	ends.dport = seg->place.port;
	err = data_announce(s, t, &ends);
	if (err)
		return announce_fault(err);
	if (!seg->replaced)
		reply_write(s, t, seg, word);
	ftp_expect(t->skb, t->c->af, &view, ends.vport);
	return IPVS_EXT_DROP_UNSPEC;
}

static enum ip_vs_ext_drop server_read(struct ftp_session *s,
				       struct ip_vs_app_text *t)
{
	struct ip_vs_seq *out = &t->extra->seq[IP_VS_DIR_OUTPUT];
	struct ftp_segment seg = {
		.seq = t->seq, .text = t->text, .len = t->len,
	};
	enum ip_vs_ext_drop why = IPVS_EXT_DROP_UNSPEC;
	struct ftp_swap swap;
	enum ftp_word word;

	ftp_read_begin(&s->control.server, &seg);
	while (!why && (word = ftp_read_reply(&s->control, out, &seg)))
		why = reply_read(s, t, &seg, word);
	ftp_swap_of(&s->control, out, &seg, &swap);
	t->cut = seg.cut;
	t->from = swap.from;
	t->to = swap.to;
	t->with = swap.text;
	t->with_len = swap.len;
	return why;
}

/* A packet that is dropped is read again when it is repeated, so nothing of it
 * may be remembered.
 */
static enum ip_vs_ext_drop ftp_read(struct ip_vs_app_text *t)
{
	struct ftp_session *s = session_of(t);
	struct ftp_control before;
	enum ip_vs_ext_drop why;
	struct ftp_line *line;

	if (!s)
		return IPVS_EXT_DROP_NO_MEMORY;
	before = s->control;
	if (t->dir == IP_VS_DIR_INPUT) {
		line = &s->control.client;
		why = client_read(s, t);
	} else {
		line = &s->control.server;
		why = server_read(s, t);
	}
	if (why) {
		u8 *client = s->control.client.text;
		u8 *server = s->control.server.text;

		s->control = before;
		s->control.client.text = client;
		s->control.server.text = server;
	}
	if (!line->len)
		line_free(line);
	return why;
}

static const struct ip_vs_app ftp = {
	.name = "ftp",
	.owner = THIS_MODULE,
	.ports = ports,
	.n_ports = FTP_PORTS_MAX,
	.tracked = true,
	.read = ftp_read,
	.release = ftp_release,
};

static int __net_init ftp_net_init(struct net *net)
{
	return ip_vs_app_add(net, &ftp);
}

static void __net_exit ftp_net_exit(struct net *net)
{
	ip_vs_app_del(net, &ftp);
}

static struct pernet_operations ftp_net_ops = {
	.init = ftp_net_init,
	.exit = ftp_net_exit,
};

static int __init ftp_start(void)
{
	/* Ports given on the command line replace the default. */
	memset(ports + n_ports, 0, (FTP_PORTS_MAX - n_ports) * sizeof(*ports));
	return register_pernet_subsys(&ftp_net_ops);
}

static void __exit ftp_stop(void)
{
	unregister_pernet_subsys(&ftp_net_ops);
}

module_init(ftp_start);
module_exit(ftp_stop);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("IP Virtual Server: FTP through masquerading");
