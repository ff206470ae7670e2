// SPDX-License-Identifier: GPL-2.0-only
/*
 * The Call-ID of a datagram.  Every row is what the in-tree module (6.1) makes of
 * that text.
 */
#include "content/reader.h"
#include "content_tests.h"

#define INVITE "INVITE sip:a@b SIP/2.0\r\n"

/* As ip_vs_read_sip(), of a copy that ends where memory ends. */
static enum ip_vs_read read_copy(const char *text, u32 len,
				 struct ip_vs_span *span)
{
	u8 *copy = malloc(len ?: 1);
	enum ip_vs_read found;

	memcpy(copy, text, len);
	*span = (struct ip_vs_span) { .at = -1, .len = -1 };
	found = ip_vs_read_sip(copy, len, span);
	free(copy);
	return found;
}

/* The Call-ID of a whole datagram, "": none. */
static const char *call_id_of(const char *text, u32 len)
{
	static char found[300];
	struct ip_vs_span span;

	found[0] = 0;
	if (read_copy(text, len, &span) != IP_VS_READ_DONE)
		return found;
	CHECK(span.len >= 1 && span.len <= 255 && span.at < len &&
	      span.len <= len - span.at, "at %u, %u bytes of %u", span.at,
	      span.len, len);
	memcpy(found, text + span.at, span.len);
	found[span.len] = 0;
	return found;
}

static const struct row {
	const char *text;
	const char *call_id;
} behind_invite[] = {
	/* names, colons, white space, line ends */
	{ "Call-ID: v\r\n", "v" },
	{ "i: v\r\n", "v" },
	{ "I:v\r\n", "v" },
	{ "call-id:v\r\n", "v" },
	{ "CALL-ID\t:\tv\r\n", "v" },
	{ "Call-ID  : v\r\n", "v" },
	{ "Call-ID: v\n", "v" },
	{ "Call-ID: v\r", "v" },
	{ "Via: x\nCall-ID: v\n", "v" },
	{ "Call-ID:\r\n v\r\n", "v" },
	{ "Call-ID\r\n : v\r\n", "v" },
	{ "i \r\n : v\r\ni: w\r\n", "v" },
	{ "is: v\r\ni: w\r\n", "w" },
	{ "i\xe9: v\r\ni: w\r\n", "w" },
	{ "X: y\r\n\ti: v\r\ni: w\r\n", "w" },
	{ "\r\n\r\nCall-ID: v\r\n", "v" },
	{ "Call-ID: v", "" },
	{ "CallID: v\r\n", "" },
	{ "Call\rID: v\r\n", "" },
	{ " Call-ID: v\r\n", "" },
	{ "Call-ID:\r\n \r\n v\r\n", "" },
	{ "Call-ID:\r\nv\r\n", "" },
	{ "\n\n\nCall-ID: v\n", "" },
	/* a header without a colon ends the search */
	{ "Call-ID v\r\ni: w\r\n", "" },
	{ "Call-IDs: v\r\ni: w\r\n", "" },
	{ "i1: v\r\ni: w\r\n", "" },
	{ "Call-ID\r\n: v\r\ni: w\r\n", "" },
	/* the value */
	{ "Call-ID: v@w\r\n", "v@w" },
	{ "Call-ID: caf\xe9\r\n", "caf\xe9" },
	{ "Call-ID: !\"%'()*+-./:<>?[\\]_`{}~09azAZ\r\n",
	  "!\"%'()*+-./:<>?[\\]_`{}~09azAZ" },
	{ "Call-ID: a\r\nCall-ID: b\r\n", "a" },
	{ "Call-ID: v z\r\n", "" },
	{ "Call-ID: v#x\r\n", "" },
	{ "Call-ID: v#\r\ni: w\r\n", "" },
	{ "Call-ID: v@w@x\r\ni: w\r\n", "" },
	{ "Call-ID: a$\r\n", "" },
	{ "Call-ID: a&b\r\n", "" },
	{ "Call-ID: a,b\r\n", "" },
	{ "Call-ID: a;b\r\n", "" },
	{ "Call-ID: a=b\r\n", "" },
	{ "Call-ID: a^b\r\n", "" },
	{ "Call-ID: a|b\r\n", "" },
	{ "Call-ID: caf\xc3\xa9\r\n", "" },
	{ "Call-ID: \xd7\r\n", "" },
	/* an empty one does not end it */
	{ "Call-ID: v@\r\n", "" },
	{ "Call-ID: v@\r\ni: w\r\n", "w" },
	{ "Call-ID: @w\r\ni: w\r\n", "w" },
	{ "Call-ID: #\r\ni: w\r\n", "w" },
	{ "Call-ID: \xf7v\r\ni: w\r\n", "w" },
	{ "Call-ID: @\r\n\r\ni: w\r\n", "w" },
	{ "Call-ID:#\n\ni: w\r\n", "" },
	{ "Call-ID: \r\ni: w\r\n", "" },
};

static void rows(void)
{
	char text[200];
	size_t i;

	for (i = 0; i < sizeof(behind_invite) / sizeof(behind_invite[0]); i++) {
		snprintf(text, sizeof(text), INVITE "%s", behind_invite[i].text);
		CHECK_TEXT(call_id_of(text, strlen(text)),
			   behind_invite[i].call_id);
	}
}

static void first_line(void)
{
	CHECK_TEXT(call_id_of("", 0), "");
	CHECK_TEXT(call_id_of("\0", 1), "");
	CHECK_TEXT(call_id_of("Call-ID: v\r\n", 12), "");
	CHECK_TEXT(call_id_of("i: v\r\n", 6), "");
	CHECK_TEXT(call_id_of("\ni: v\n", 6), "v");
	CHECK_TEXT(call_id_of("\ri: v\r", 6), "v");
	CHECK_TEXT(call_id_of("\ni: v\0\n", 7), "");
}

/* A header with a Call-ID of @n bytes, and what may follow. */
static const char *long_one(u32 n, const char *after)
{
	static char text[1000];
	int at = sprintf(text, "\r\nCall-ID: ");

	memset(text + at, 'x', n);
	strcpy(text + at + n, after);
	return call_id_of(text, strlen(text));
}

static void lengths(void)
{
	CHECK(strlen(long_one(255, "\r\n")) == 255);
	CHECK(strlen(long_one(253, "@y\r\n")) == 255);
	CHECK_TEXT(long_one(256, "\r\n"), "");
	CHECK_TEXT(long_one(254, "@y\r\n"), "");
	CHECK_TEXT(long_one(256, "\r\ni: w\r\n"), "");
	/* It is empty, so its length does not matter. */
	CHECK_TEXT(long_one(256, "@\r\ni: w\r\n"), "w");
}

static const char *const pieces[] = {
	"\r\n", "\n", "\r", " ", "\t", "Call-ID", "call-id", "i", "I", ":", ": ",
	"@", "v", "w.x", "#", "\xe9", "l", "\r\ni: ", "\r\nCall-ID: ", "\n\n",
};

#define PIECES (sizeof(pieces) / sizeof(pieces[0]))

static u32 random_text(char *text)
{
	u32 n = check_random() % 16;

	text[0] = 0;
	while (n--)
		strcat(text, pieces[check_random() % PIECES]);
	return strlen(text);
}

/* What is decided of a text is said of all that begin with it. */
static void prefixes(void)
{
	enum ip_vs_read whole, part;
	struct ip_vs_span found, here;
	unsigned int i, decided = 0;
	char text[300];
	u32 len, n;

	for (i = 0; i < 20000; i++) {
		len = random_text(text);
		whole = read_copy(text, len, &found);
		decided += whole != IP_VS_READ_MORE;
		for (n = 0; n < len; n++) {
			part = read_copy(text, n, &here);
			if (part == IP_VS_READ_MORE)
				continue;
			CHECK(part == whole, "%u of %u bytes", n, len);
			CHECK(part != IP_VS_READ_DONE ||
			      (here.at == found.at && here.len == found.len));
		}
	}
	CHECK(decided > 1000, "%u texts were decided", decided);
}

/* Four megabytes of headers that decide nothing: if each were read to the end of
 * the text, this would not end.
 */
static void linear(void)
{
	static const char *const headers[] = {
		"\r\nCall-ID: x@", "\r\ni:", "\r\n i", "xxxxxxxxxxxx", "\r\n",
	};
	const u32 len = 4 << 20;
	struct ip_vs_span span;
	u32 i, n, at;
	u8 *text = malloc(len);

	for (i = 0; i < sizeof(headers) / sizeof(headers[0]); i++) {
		n = strlen(headers[i]);
		for (at = 0; at + n <= len; at += n)
			memcpy(text + at, headers[i], n);
		memset(text + at, ' ', len - at);
		CHECK(ip_vs_read_sip(text, len, &span) != IP_VS_READ_DONE);
	}
	free(text);
}

/* What is found is valid, and what is changed so that it could not be is not. */
static void valid(void)
{
	unsigned int i, n = 0;
	struct ip_vs_span span;
	u8 text[300];
	u32 len;

	for (i = 0; i < 20000; i++) {
		len = random_text((char *)text);
		if (ip_vs_read_sip(text, len, &span) != IP_VS_READ_DONE)
			continue;
		n++;
		CHECK(ip_vs_sip_call_id_valid(text + span.at, span.len));
		text[span.at + check_random() % span.len] =
			"\n\r \t#,\0\x7f\x1b\xd7"[check_random() % 10];
		CHECK(!ip_vs_sip_call_id_valid(text + span.at, span.len));
	}
	CHECK(n > 500, "%u Call-IDs", n);
	CHECK(!ip_vs_sip_call_id_valid((const u8 *)"", 0));
	CHECK(!ip_vs_sip_call_id_valid((const u8 *)"v@", 2));
	CHECK(!ip_vs_sip_call_id_valid((const u8 *)"@w", 2));
	CHECK(!ip_vs_sip_call_id_valid((const u8 *)"v@w@x", 5));
	memset(text, 'v', 256);
	CHECK(ip_vs_sip_call_id_valid(text, 255));
	CHECK(!ip_vs_sip_call_id_valid(text, 256));
}

const struct test sip_tests[] = {
	{ "sip: what the in-tree module makes of it", rows },
	{ "sip: the first line is no header", first_line },
	{ "sip: 1 to 255 bytes", lengths },
	{ "sip: more text changes no decision", prefixes },
	{ "sip: each byte is read once", linear },
	{ "sip: what a peer may call a Call-ID", valid },
	{}
};
