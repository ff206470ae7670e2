// SPDX-License-Identifier: GPL-2.0-only
/*
 * A full screen of lines, and keys: all that is curses
 */
#include "print/screen.h"

#include "print/colour.h"

#include <curses.h>
#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PAIR_YELLOW	1
#define PAIR_RED	2

static SCREEN *screen;

static void set_colours(void)
{
	if (!colour_wanted() || !has_colors())
		return;
	start_color();
	use_default_colors();
	init_pair(PAIR_YELLOW, COLOR_YELLOW, -1);
	init_pair(PAIR_RED, COLOR_RED, -1);
}

/**
 * screen_close() - give the terminal back as it was
 */
void screen_close(void)
{
	endwin();
	delscreen(screen);
	screen = NULL;
}

/* Some terminals, such as TERM=dumb, cannot move the cursor. */
static bool can_move(void)
{
	const char *move = tigetstr("cup");

	return move && move != (const char *)-1;
}

/**
 * screen_open() - take the whole terminal
 *
 * Return: false if there is none, or none that this can be done with.
 */
bool screen_open(void)
{
	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO) ||
	    !getenv("TERM"))
		return false;
	setlocale(LC_CTYPE, "");
	screen = newterm(NULL, stdout, stdin);
	if (!screen)
		return false;
	if (!can_move()) {
		screen_close();
		return false;
	}
	set_colours();
	cbreak();
	noecho();
	keypad(stdscr, true);
	nodelay(stdscr, true);
	curs_set(0);
	return true;
}

/**
 * screen_unicode() - can blocks be shown?
 *
 * Return: true if they can.
 */
bool screen_unicode(void)
{
	return !strcmp(nl_langinfo(CODESET), "UTF-8");
}

/**
 * screen_size() - how much there is
 * @lines: number of lines
 * @columns: number of columns
 */
void screen_size(unsigned int *lines, unsigned int *columns)
{
	*lines = LINES;
	*columns = COLS;
}

/**
 * screen_clear() - begin a new picture
 */
void screen_clear(void)
{
	erase();
}

static attr_t look_attributes(enum look look)
{
	switch (look) {
	case LOOK_TITLE:
		return A_REVERSE;
	case LOOK_BOLD:
		return A_BOLD;
	case LOOK_YELLOW:
		return COLOR_PAIR(PAIR_YELLOW);
	case LOOK_RED:
		return COLOR_PAIR(PAIR_RED) | A_BOLD;
	default:
		return A_NORMAL;
	}
}

/**
 * screen_line() - write a line; what does not fit is cut
 * @line: which, from 0
 * @look: how
 * @text: the line
 */
void screen_line(unsigned int line, enum look look, const char *text)
{
	attrset(look_attributes(look));
	if (look == LOOK_TITLE)
		mvhline(line, 0, ' ', COLS);
	mvaddstr(line, 0, text);
	attrset(A_NORMAL);
}

/**
 * screen_show() - show what was written
 */
void screen_show(void)
{
	refresh();
}

/**
 * screen_key() - what was pressed, without waiting
 *
 * Return: PRESS_NOTHING if nothing was; PRESS_OTHER also when the size has
 * changed.
 */
enum press screen_key(void)
{
	switch (getch()) {
	case ERR:
		return PRESS_NOTHING;
	case 'q':
	case 'Q':
		return PRESS_QUIT;
	case KEY_UP:
	case 'k':
		return PRESS_UP;
	case KEY_DOWN:
	case 'j':
		return PRESS_DOWN;
	case KEY_PPAGE:
		return PRESS_PAGE_UP;
	case KEY_NPAGE:
	case ' ':
		return PRESS_PAGE_DOWN;
	case KEY_HOME:
	case 'g':
		return PRESS_FIRST;
	case KEY_END:
	case 'G':
		return PRESS_LAST;
	default:
		return PRESS_OTHER;
	}
}
