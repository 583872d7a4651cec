// SPDX-License-Identifier: GPL-2.0-only
/*
 * From a tree of comparisons to a program for pfmod(7).
 *
 * Each node leaves one word on the stack: not 0 for yes.  What decides an "and" or "or"
 * ends it: the other side is jumped over, and its words of the frame need not be there.
 * Literals are as the frame has them in memory, for so pfmod reads its words.
 */
#include <arpa/inet.h>

#include "filter.h"

struct program {
	uint16_t	*words;
	int		count;		/* may go beyond what there is room for */
};

static void emit(struct program *program, unsigned int word)
{
	if (program->count < PF_MAXFILTERS)
		program->words[program->count] = word;
	program->count++;
}

static void emit_test(struct program *program, const struct filter_node *node)
{
	emit(program, ENF_PUSHWORD + node->word);
	if (node->mask != 0xffff) {
		emit(program, ENF_PUSHLIT | ENF_AND);
		emit(program, htons(node->mask));
	}
	emit(program, ENF_PUSHLIT | ENF_EQ);
	emit(program, htons(node->value));
}

static void emit_node(struct program *program, const struct filter *filter, unsigned int at)
{
	const struct filter_node *node = &filter->nodes[at];
	int jump;

	if (node->kind == FILTER_TEST) {
		emit_test(program, node);
		return;
	}
	emit_node(program, filter, node->left);
	if (node->kind == FILTER_NOT) {
		emit(program, ENF_PUSHZERO | ENF_EQ);
		return;
	}
	emit(program, node->kind == FILTER_OR ? ENF_BRTR : ENF_BRFL);
	jump = program->count;
	emit(program, 0);
	emit(program, ENF_POP);
	emit_node(program, filter, node->right);
	if (jump < PF_MAXFILTERS)
		program->words[jump] = program->count - jump - 1;
}

int filter_compile(const struct filter *filter, uint16_t words[PF_MAXFILTERS])
{
	struct program program = { .words = words };

	if (filter->count)
		emit_node(&program, filter, filter->root);
	return program.count <= PF_MAXFILTERS ? program.count : -1;
}
