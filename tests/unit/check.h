/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One line a test, and a sum at the end.
 *
 * A test is a function; CHECK() in it says what is wrong and goes on.  main() runs
 * sets of tests, or single ones, and returns check_end().
 *
 * No header is needed before this one, so that kernel code may include it:
 * tests/kunit has check_test() and check_fail() of its own.
 */
#ifndef UNIT_CHECK_H
#define UNIT_CHECK_H

/* The condition must hold; what follows it, a format and its arguments, is printed
 * if it does not.
 */
#define CHECK(cond, ...)						\
	do {								\
		if (!check_count(!!(cond)))				\
			check_fail_at(__FILE__, __LINE__, #cond,	\
				      " " __VA_ARGS__);			\
	} while (0)

#define CHECK_TEXT(got, want) check_text((got), (want), __FILE__, __LINE__)

/* A set is an array of these, closed by an empty one. */
struct test {
	const char *name;
	void (*run)(void);
};

/* Only tests whose names contain the first argument, if there is one. */
void check_begin(int argc, char **argv);
/* Print the sum.  Return: what main() returns. */
int check_end(void);

void check_set(const struct test *set);
void check_test(const char *name, void (*run)(const void *arg), const void *arg);

/* Say what is wrong with the test that runs, which then fails. */
void check_fail(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void check_fail_at(const char *file, int line, const char *what,
		   const char *fmt, ...) __attribute__((format(printf, 4, 5)));
/* Count a check; threads may do so at once.  Return: whether it held. */
_Bool check_count(_Bool held);
void check_text(const char *got, const char *want, const char *file, int line);

/* 32 random bits; each test gets the same ones in every run. */
unsigned int check_random(void);
void check_random_bytes(void *to, unsigned int len);

#endif
