/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A full screen of lines, and keys
 */
#ifndef SCREEN_H
#define SCREEN_H

#include <stdbool.h>

/** enum look - how a line looks */
enum look {
	LOOK_PLAIN,
	LOOK_TITLE,
	LOOK_BOLD,
	LOOK_YELLOW,
	LOOK_RED
};

/** enum press - what was pressed */
enum press {
	PRESS_NOTHING,
	PRESS_QUIT,
	PRESS_UP,
	PRESS_DOWN,
	PRESS_PAGE_UP,
	PRESS_PAGE_DOWN,
	PRESS_FIRST,
	PRESS_LAST,
	PRESS_OTHER
};

bool screen_open(void);
void screen_close(void);
bool screen_unicode(void);
void screen_size(unsigned int *lines, unsigned int *columns);
void screen_clear(void);
void screen_line(unsigned int line, enum look look, const char *text);
void screen_show(void);
enum press screen_key(void);

#endif
