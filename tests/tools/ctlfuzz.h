/* SPDX-License-Identifier: GPL-2.0-only */
/* The parts of ctlfuzz. */
#ifndef CTLFUZZ_H
#define CTLFUZZ_H

#include <stdbool.h>
#include <stdint.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/* --- chance (ctlfuzz.c) --- */

unsigned int draw(unsigned int bound);	/* below it; 0: any */
uint32_t number(void);			/* that somebody might not have thought of */
void noise(void *to, unsigned int len);

static inline bool rarely(unsigned int odds)
{
	return draw(odds) == 0;
}

/* One of those values. */
#define PICK(_type, ...)							\
	(((const _type[]){ __VA_ARGS__ })[draw(sizeof((const _type[]){	\
		__VA_ARGS__ }) / sizeof(_type))])

_Noreturn void die(const char *format, ...)
	__attribute__((format(printf, 1, 2)));

/* --- what is done (ctlfuzz.c) --- */

extern bool verbose;

/* Says what comes next, with -v. */
void tell(const char *what, int which, const void *data, unsigned int len);
/* Counts what the kernel said. */
void answered(int error);

/* --- messages (ctlfuzz_message.c) --- */

enum family { IPVS, IPVS_EXT, FAMILIES };

struct message {
	uint8_t data[1 << 17];
	unsigned int len;
};

struct request {
	enum family family;
	uint8_t command;
	bool dump;
	bool reads;		/* changes nothing, whatever becomes of it */
};

/* Appends the generic header and attributes of a request drawn by chance. */
void message_draw(struct message *m, struct request *r);
void put(struct message *m, const void *data, unsigned int len);

/* --- the rest of the interface (ctlfuzz_files.c) --- */

void files_open(void);
void option_set_once(void);
void option_get_once(void);
void proc_once(void);
void sysctl_once(void);
/* Ends the run if a setting is where this user cannot set it. */
void settings_check(void);

#endif
