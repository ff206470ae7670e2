// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzz the text of an FTP control connection: whatever client and server write,
 * however they split and repeat it, reading ends, stays inside the segments, and
 * the client is sent one text.
 */
#include "../unit/ftp/relay.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

void (*shim_other_cpu)(void);
unsigned int shim_when;
unsigned long jiffies;
unsigned int shim_locks_taken;

struct input {
	const uint8_t *data;
	size_t left;
};

static u8 one(struct input *in)
{
	if (!in->left)
		return 0;
	in->left--;
	return *in->data++;
}

/* A segment in memory of its length. */
static void server(struct relay *r, const u8 *text, u32 from, u32 to)
{
	u8 *copy = malloc(to - from);

	memcpy(copy, text + from, to - from);
	relay_server(r, r->isn + from, copy, to - from);
	free(copy);
}

/* Segments of the server, of lengths that the input gives; now and then one
 * begins earlier, at what may still be repeated.
 */
static void server_text(struct relay *r, struct input *in, const u8 *text,
			u32 len)
{
	u32 done = 0, from, to;
	u8 how;

	while (done < len) {
		how = one(in);
		to = done + 1 + how % 32;
		from = how & 0x80 ? done - one(in) % (done + 1) : done;
		if (r->isn + from - r->safe > done)
			from = r->safe - r->isn;
		if (from > done)
			from = done;
		if (to > len)
			to = len;
		server(r, text, from, to);
		done = to;
	}
}

static void client_text(struct relay *r, struct input *in, const u8 *text,
			u32 len)
{
	u32 done = 0, to;

	while (done < len) {
		to = done + 1 + one(in) % 32;
		if (to > len)
			to = len;
		relay_client(r, 7 + done, text + done, to - done);
		done = to;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data, size };
	static struct relay r;
	u32 len, half;
	u8 *text;

	relay_begin(&r, one(&in) & 1 ? AF_INET6 : AF_INET,
		    one(&in) & 1 ? 0xfffffff0 : 1000);
	r.ctl.wants = one(&in) & 3;
	len = in.left / 2;
	if (len > 2000)
		len = 2000;
	text = malloc(len + 1);
	memcpy(text, in.data, len);
	in.data += len;
	in.left -= len;
	half = len * (one(&in) % 4) / 4;
	client_text(&r, &in, text, half);
	server_text(&r, &in, text + half, len - half);
	if (r.torn)
		abort();
	relay_end(&r);
	free(text);
	return 0;
}
