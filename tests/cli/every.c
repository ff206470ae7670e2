// SPDX-License-Identifier: GPL-2.0-only
/*
 * Many command lines, one after another, in one process
 *
 * For tools that take long to start and look at memory: valgrind. Reads cases
 * from a file, each "WORDS BYTES\n", then so many words with a zero byte behind
 * each, then so many bytes of standard input. Prints what each returned, and
 * goes on. Built with main.c, whose main() has another name here.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int ipvsadm_main(int argc, char **argv);

static char *read_word(FILE *in)
{
	size_t size = 0;
	char *word = NULL;

	if (getdelim(&word, &size, '\0', in) < 0)
		exit(2);
	return word;
}

static void set_input(FILE *in, size_t bytes)
{
	char path[] = "/tmp/every.XXXXXX";
	int fd = mkstemp(path);

	if (fd < 0)
		exit(2);
	unlink(path);
	for (; bytes; bytes--) {
		char c = fgetc(in);

		if (write(fd, &c, 1) != 1)
			exit(2);
	}
	lseek(fd, 0, SEEK_SET);
	dup2(fd, STDIN_FILENO);
	close(fd);
}

static int run_case(FILE *in, unsigned int words, size_t bytes)
{
	char **argv = calloc(words + 1, sizeof(*argv));
	int status;

	if (!argv)
		exit(2);
	for (unsigned int i = 0; i < words; i++)
		argv[i] = read_word(in);
	set_input(in, bytes);
	status = ipvsadm_main(words, argv);
	for (unsigned int i = 0; i < words; i++)
		free(argv[i]);
	free(argv);
	return status & 0xff;
}

int main(int argc, char **argv)
{
	unsigned int words, number = 0;
	FILE *in, *results;
	size_t bytes;

	if (argc != 3)
		return 2;
	in = fopen(argv[1], "re");
	results = fopen(argv[2], "we");
	if (!in || !results)
		return 2;
	while (fscanf(in, "%u %zu", &words, &bytes) == 2) {
		fgetc(in);
		fprintf(results, "%u %d\n", number++,
			run_case(in, words, bytes));
	}
	fclose(in);
	fclose(results);
	return 0;
}
