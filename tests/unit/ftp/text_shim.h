/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What FTP's text needs of a kernel beyond the data plane's shim: addresses in
 * text form.
 */
#ifndef TEXT_SHIM_H
#define TEXT_SHIM_H

/* <arpa/inet.h> declares what <linux/in.h> does. */
int inet_pton(int af, const char *src, void *dst);
const char *inet_ntop(int af, const void *src, char *dst, unsigned int len);

static inline int shim_pton(int af, const char *src, int len, void *dst,
			    int delim, const char **end)
{
	char copy[64];
	int n = 0;

	while (n < len && n < 63 && src[n] && src[n] != delim) {
		copy[n] = src[n];
		n++;
	}
	copy[n] = 0;
	*end = src + n;
	return inet_pton(af, copy, dst) == 1;
}

static inline int in4_pton(const char *src, int len, u8 *dst, int delim,
			   const char **end)
{
	return shim_pton(AF_INET, src, len, dst, delim, end);
}

static inline int in6_pton(const char *src, int len, u8 *dst, int delim,
			   const char **end)
{
	return shim_pton(AF_INET6, src, len, dst, delim, end);
}

#endif
