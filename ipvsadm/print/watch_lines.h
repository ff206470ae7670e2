/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef WATCH_LINES_H
#define WATCH_LINES_H

#include "model/request.h"
#include "print/watch_rows.h"

/* Room for a line; a column may take three bytes. */
#define ROW_TEXT	1024

/**
 * struct row_style - how rows are written
 * @req: the command; says whether names are looked up
 * @width: columns there are; bars and histories fill what the numbers leave, 0
 *	for neither
 * @unicode: blocks may be used
 * @name: the longest name there is, see watch_lines_fit()
 */
struct row_style {
	const struct request *req;
	unsigned int width;
	bool unicode;
	unsigned int name;
};

void watch_lines_fit(struct row_style *style, const struct row *row);
void watch_lines_title(const struct row_style *style, char text[ROW_TEXT]);
void watch_lines_row(const struct row_style *style, const struct row *row,
		     uint64_t most, char text[ROW_TEXT]);
void watch_lines_scaled(uint64_t n, char text[8]);

#endif
