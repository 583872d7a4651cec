// SPDX-License-Identifier: GPL-2.0-only
/*
 * A TCG plugin for QEMU 7.2 that counts what a guest executes between two marks,
 * in its user space and in its kernel alike: marks.h says what a mark is.
 *
 * Each instruction that is translated gets a counter, found by its address and
 * kind, which the generated code increments in line.  A begin mark sets all of
 * them to 0; an end mark adds them up by kind, and writes
 *
 *   SECTION <ordinal> insn=<n> kernel=<n> lock=<n> ...
 *   AT <address> <executions> <letters of its kinds>
 *   ...
 *   END <ordinal>
 *
 * to the file that out= names.  A CPU that is halted executes nothing, and so
 * waiting counts as nothing but the way to and from it.
 *
 * Debian ships no header for plugins: what is used of the interface (version 1)
 * is declared here.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../marks.h"

typedef unsigned long long qemu_plugin_id_t;
typedef struct qemu_info_t qemu_info_t;
struct qemu_plugin_tb;
struct qemu_plugin_insn;

enum qemu_plugin_op { QEMU_PLUGIN_INLINE_ADD_U64 };
enum qemu_plugin_cb_flags { QEMU_PLUGIN_CB_NO_REGS };

typedef void (*qemu_plugin_vcpu_tb_trans_cb_t)(qemu_plugin_id_t id, struct qemu_plugin_tb *tb);
typedef void (*qemu_plugin_vcpu_udata_cb_t)(unsigned int vcpu, void *userdata);

void qemu_plugin_register_vcpu_tb_trans_cb(qemu_plugin_id_t id, qemu_plugin_vcpu_tb_trans_cb_t cb);
void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *insn,
					    qemu_plugin_vcpu_udata_cb_t cb,
					    enum qemu_plugin_cb_flags flags, void *userdata);
void qemu_plugin_register_vcpu_insn_exec_inline(struct qemu_plugin_insn *insn,
						enum qemu_plugin_op op, void *ptr,
						unsigned long long imm);
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *tb);
struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *tb, size_t idx);
const void *qemu_plugin_insn_data(const struct qemu_plugin_insn *insn);
size_t qemu_plugin_insn_size(const struct qemu_plugin_insn *insn);
unsigned long long qemu_plugin_insn_vaddr(const struct qemu_plugin_insn *insn);

#define EXPORTED __attribute__((visibility("default")))
EXPORTED int qemu_plugin_version = 1;
EXPORTED int qemu_plugin_install(qemu_plugin_id_t id, const qemu_info_t *info, int argc,
				 char **argv);

enum kind { KERNEL, LOCK, XCHG, FENCE, CLI, STI, FLAGS, INDIRECT, KINDS };

static const struct {
	const char	*name;
	char		letter;
} kinds[KINDS] = {
	[KERNEL]	= { "kernel", 'k' },
	[LOCK]		= { "lock", 'l' },	/* with a LOCK prefix */
	[XCHG]		= { "xchg", 'x' },	/* with memory: locks without a prefix */
	[FENCE]		= { "fence", 'f' },	/* lfence, mfence, sfence */
	[CLI]		= { "cli", 'c' },
	[STI]		= { "sti", 's' },
	[FLAGS]		= { "flags", 'p' },	/* pushf and popf */
	[INDIRECT]	= { "indirect", 'i' },	/* calls through a register or memory */
};

/* One instruction.  What lies at its address may change: then it is another. */
struct site {
	struct site	*next;
	unsigned long long	address;
	unsigned long long	executions;
	unsigned int	kinds;		/* bits by enum kind */
};

#define BUCKETS		131072
#define CHUNK		4096

static struct site *buckets[BUCKETS];
static struct chunk {
	struct chunk	*next;
	size_t		used;
	struct site	sites[CHUNK];
} *chunks;

static FILE *out;
static unsigned int ordinal;
static bool counting;

static struct site *site_at(unsigned long long address, unsigned int bits)
{
	struct site **bucket = &buckets[(address ^ address >> 17) % BUCKETS];
	struct site *site;

	if (address >> 63)
		bits |= 1 << KERNEL;
	for (site = *bucket; site; site = site->next) {
		if (site->address == address && site->kinds == bits)
			return site;
	}
	if (!chunks || chunks->used == CHUNK) {
		struct chunk *more = calloc(1, sizeof(*more));

		if (!more)
			abort();
		more->next = chunks;
		chunks = more;
	}
	site = &chunks->sites[chunks->used++];
	site->address = address;
	site->kinds = bits;
	site->next = *bucket;
	*bucket = site;
	return site;
}

static bool is_prefix(unsigned char byte)
{
	switch (byte) {
	case 0x26: case 0x2e: case 0x36: case 0x3e: case 0x64: case 0x65:	/* segments */
	case 0x66: case 0x67: case 0xf0: case 0xf2: case 0xf3:
	case 0x40 ... 0x4f:							/* REX */
		return true;
	default:
		return false;
	}
}

/* Bits by enum kind.  Only as much decoding as the kinds need. */
static unsigned int classify(const unsigned char *code, size_t size)
{
	unsigned char modrm;
	unsigned int bits = 0;

	for (; size && is_prefix(*code); code++, size--) {
		if (*code == 0xf0)
			bits |= 1 << LOCK;
	}
	if (!size)
		return bits;
	modrm = size > 1 ? code[1] : 0;
	switch (code[0]) {
	case 0x86: case 0x87:
		if (modrm >> 6 != 3)
			bits |= 1 << XCHG;
		break;
	case 0x9c: case 0x9d:
		bits |= 1 << FLAGS;
		break;
	case 0xfa:
		bits |= 1 << CLI;
		break;
	case 0xfb:
		bits |= 1 << STI;
		break;
	case 0xff:
		if ((modrm >> 3 & 7) == 2)
			bits |= 1 << INDIRECT;
		break;
	case 0x0f:
		if (modrm == 0xae && size > 2 && code[2] >= 0xe8)
			bits |= 1 << FENCE;
		break;
	}
	return bits;
}

static void begin(unsigned int vcpu, void *unused)
{
	struct chunk *chunk;
	size_t i;

	for (chunk = chunks; chunk; chunk = chunk->next) {
		for (i = 0; i < chunk->used; i++)
			chunk->sites[i].executions = 0;
	}
	counting = true;
}

static void write_totals(void)
{
	unsigned long long all = 0, of_kind[KINDS] = { 0 };
	struct chunk *chunk;
	unsigned int kind;
	size_t i;

	for (chunk = chunks; chunk; chunk = chunk->next) {
		for (i = 0; i < chunk->used; i++) {
			const struct site *site = &chunk->sites[i];

			all += site->executions;
			for (kind = 0; kind < KINDS; kind++) {
				if (site->kinds & 1 << kind)
					of_kind[kind] += site->executions;
			}
		}
	}
	fprintf(out, "SECTION %u insn=%llu", ordinal, all);
	for (kind = 0; kind < KINDS; kind++)
		fprintf(out, " %s=%llu", kinds[kind].name, of_kind[kind]);
	fputc('\n', out);
}

static void write_sites(void)
{
	struct chunk *chunk;
	unsigned int kind;
	size_t i;

	for (chunk = chunks; chunk; chunk = chunk->next) {
		for (i = 0; i < chunk->used; i++) {
			const struct site *site = &chunk->sites[i];

			if (!site->executions)
				continue;
			fprintf(out, "AT %llx %llu ", site->address, site->executions);
			for (kind = 0; kind < KINDS; kind++) {
				if (site->kinds & 1 << kind)
					fputc(kinds[kind].letter, out);
			}
			fputc('\n', out);
		}
	}
}

static void end(unsigned int vcpu, void *unused)
{
	if (!counting)
		return;	/* nothing has begun */
	counting = false;
	write_totals();
	write_sites();
	fprintf(out, "END %u\n", ordinal++);
	fflush(out);
}

static bool is_mark(const void *code, size_t size, unsigned long long mark)
{
	return size == sizeof(mark) && !memcmp(code, &mark, sizeof(mark));
}

static void count(struct qemu_plugin_insn *insn, unsigned int bits)
{
	struct site *site = site_at(qemu_plugin_insn_vaddr(insn), bits);

	qemu_plugin_register_vcpu_insn_exec_inline(insn, QEMU_PLUGIN_INLINE_ADD_U64,
						   &site->executions, 1);
}

static void translated(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
	size_t i;

	for (i = 0; i < qemu_plugin_tb_n_insns(tb); i++) {
		struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);
		const unsigned char *code = qemu_plugin_insn_data(insn);
		size_t size = qemu_plugin_insn_size(insn);

		if (is_mark(code, size, MARK_BEGIN)) {
			qemu_plugin_register_vcpu_insn_exec_cb(insn, begin,
							       QEMU_PLUGIN_CB_NO_REGS, NULL);
		} else if (is_mark(code, size, MARK_END)) {
			qemu_plugin_register_vcpu_insn_exec_cb(insn, end,
							       QEMU_PLUGIN_CB_NO_REGS, NULL);
		} else {
			count(insn, classify(code, size));
		}
	}
}

int qemu_plugin_install(qemu_plugin_id_t id, const qemu_info_t *info, int argc, char **argv)
{
	int i;

	for (i = 0; i < argc; i++) {
		if (!strncmp(argv[i], "out=", 4))
			out = fopen(argv[i] + 4, "w");
	}
	if (!out) {
		fprintf(stderr, "bench plugin: out= names no file that can be written\n");
		return -1;
	}
	qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
	return 0;
}
