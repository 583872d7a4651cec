// SPDX-License-Identifier: GPL-2.0-only
/*
 * Words for frames, filters, capture files, and the text of addresses: what dlsnoop and
 * dlpiutil are made of.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../filter.h"
#include "../frame.h"
#include "../pcap.h"
#include "../text.h"

static int wrong;

#define EXPECT(condition, ...)							\
	do {									\
		if (!(condition)) {						\
			printf("# line %d: %s", __LINE__, #condition);		\
			printf(": " __VA_ARGS__);				\
			printf("\n");						\
			wrong = 1;						\
		}								\
	} while (0)

/* The frames of frames.txt, and what is to be said of them. */
#define FRAMES		13

static struct {
	char	hex[512], words[256];
} frames[FRAMES];

static void read_frames(const char *path)
{
	FILE *file = fopen(path, "r");
	char line[512];
	int count = 0;

	if (!file)
		exit(2);
	while (fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = '\0';
		if (*line == '\t' && count)
			strcpy(frames[count - 1].words, line + 1);
		else if (*line && *line != '#' && count < FRAMES)
			strcpy(frames[count++].hex, line);
	}
	fclose(file);
	if (count != FRAMES || !*frames[count - 1].words) {
		printf("# %s is not as it should be\n", path);
		exit(2);
	}
}

/* frame_of - exactly its bytes, on the heap, where a look behind them is noticed */
static uint8_t *frame_of(int i, size_t *length)
{
	uint8_t room[256], *frame;
	long count = parse_hex(frames[i].hex, room, sizeof(room));

	EXPECT(count > 0, "frame %d", i);
	frame = malloc(count);
	memcpy(frame, room, count);
	*length = count;
	return frame;
}

static void words_of(const uint8_t *frame, size_t have, size_t length, int ether, char *text,
		     size_t room)
{
	FILE *file = fmemopen(text, room, "w");

	print_frame(file, frame, have, length, ether);
	fclose(file);
}

static void frames_have_words(void)
{
	char text[512];

	for (int i = 0; i < FRAMES; i++) {
		size_t length;
		uint8_t *frame = frame_of(i, &length);

		words_of(frame, length, length, 1, text, sizeof(text));
		EXPECT(!strcmp(text, frames[i].words), "%s", text);
		words_of(frame, length, length, 0, text, sizeof(text));
		/* the first nine have addresses of IP */
		EXPECT(!strstr(text, " bytes, 02:00:00:00:00:0") == (i < 9 || i == FRAMES - 1),
		       "%s", text);
		free(frame);
	}
}

/* Nothing is read that is not there, wherever a frame ends. */
static void frames_may_end_anywhere(void)
{
	char text[512];

	for (int i = 0; i < FRAMES; i++) {
		size_t length;
		uint8_t *frame = frame_of(i, &length);

		for (size_t have = 0; have < length; have++) {
			uint8_t *part = malloc(have);

			memcpy(part, frame, have);
			words_of(part, have, length, 1, text, sizeof(text));
			EXPECT(*text, "frame %d, %zu bytes", i, have);
			words_of(part, have, have, 0, text, sizeof(text));
			free(part);
		}
		free(frame);
	}
}

/* Bits: which of the frames above, the first one being bit 0. */
static const struct {
	const char	*expression;
	unsigned int	wanted;
} filters[] = {
	{ "arp", 1 << 0 | 1 << 1 },
	{ "ip", 1 << 2 | 1 << 3 | 1 << 4 | 1 << 5 | 1 << 6 },
	{ "ip6", 1 << 7 | 1 << 8 },
	{ "icmp", 1 << 2 | 1 << 3 },
	{ "icmp6", 1 << 7 },
	{ "udp", 1 << 4 | 1 << 6 | 1 << 8 },
	{ "tcp", 1 << 5 },
	{ "broadcast", 1 << 0 },
	{ "multicast", 1 << 0 | 1 << 7 | 1 << 9 },
	{ "type 0x88b5", 1 << 11 },
	{ "type 2054", 1 << 0 | 1 << 1 },
	{ "ether 02:00:00:00:00:02",
	  1 << 1 | 1 << 2 | 1 << 3 | 1 << 4 | 1 << 5 | 1 << 6 | 1 << 8 | 1 << 10 | 1 << 11 },
	{ "ether src 02:00:00:00:00:02", 1 << 1 | 1 << 3 },
	{ "ether dst host broadcast", 1 << 0 },
	{ "host 10.0.0.2", 1 << 0 | 1 << 1 | 1 << 2 | 1 << 3 | 1 << 4 | 1 << 5 | 1 << 6 },
	{ "src 10.0.0.2", 1 << 1 | 1 << 3 },
	{ "src host 10.0.0.2 and icmp", 1 << 3 },
	{ "dst 10.0.0.2", 1 << 0 | 1 << 2 | 1 << 4 | 1 << 5 | 1 << 6 },
	{ "port 53", 1 << 4 },
	{ "src port 8080", 1 << 5 },
	{ "dst port 8080", 0 },
	{ "arp or icmp", 1 << 0 | 1 << 1 | 1 << 2 | 1 << 3 },
	{ "port 53 or arp", 1 << 0 | 1 << 1 | 1 << 4 },
	{ "port 258", 0 },
	{ "ip and not icmp", 1 << 4 | 1 << 5 | 1 << 6 },
	{ "ip not icmp not udp", 1 << 5 },
	{ "not (ip or ip6 or arp)", 1 << 9 | 1 << 10 | 1 << 11 },
	{ "(arp or icmp)and(src 10.0.0.1)", 1 << 0 | 1 << 2 },
	{ "arp or icmp and src 10.0.0.1", 1 << 0 | 1 << 1 | 1 << 2 },
	{ "not not arp", 1 << 0 | 1 << 1 },
};

/*
 * The machine of pfmod, as its manual page has it, for the actions that filters use.
 * -1: not a program.
 */
static int run(const uint16_t *program, int length, const uint8_t *frame, size_t have)
{
	uint16_t stack[256] = { 0 };
	int depth = 0, at = 0;

	while (at < length) {
		int action = program[at] & 0x3ff, operator = program[at] & ~0x3ff;

		at++;
		if (action >= ENF_PUSHWORD) {
			size_t byte = (action - ENF_PUSHWORD) * 2;

			if (byte + 2 > have)
				return 0;
			memcpy(&stack[depth++], frame + byte, 2);
		} else if (action == ENF_PUSHLIT) {
			stack[depth++] = program[at++];
		} else if (action == ENF_PUSHZERO) {
			stack[depth++] = 0;
		} else if (action == ENF_POP) {
			depth--;
		} else if (action == ENF_BRTR || action == ENF_BRFL) {
			int jump = program[at++], top = stack[depth - 1] ? ENF_BRTR : ENF_BRFL;

			if (action == top)
				at += jump;
		} else {
			return -1;
		}
		if (operator == ENF_NOP)
			continue;
		if (depth < 2 || (operator != ENF_EQ && operator != ENF_AND))
			return -1;
		depth--;
		stack[depth - 1] = operator == ENF_EQ ? stack[depth - 1] == stack[depth] :
							stack[depth - 1] & stack[depth];
	}
	return depth == 1 && at == length ? stack[0] != 0 : -1;
}

/* split - an expression as words of a command line; how many */
static int split(char *text, char **words)
{
	int count = 0;

	for (char *word = strtok(text, " "); word; word = strtok(NULL, " "))
		words[count++] = word;
	return count;
}

static const char *parse(struct filter *filter, const char *expression)
{
	char text[256], *words[64];
	const char *at;

	strcpy(text, expression);
	return filter_parse(filter, words, split(text, words), &at);
}

static void filters_want_the_right_frames(void)
{
	static struct filter filter;
	static uint16_t program[PF_MAXFILTERS];

	for (size_t f = 0; f < sizeof(filters) / sizeof(*filters); f++) {
		const char *error = parse(&filter, filters[f].expression);
		int words = filter_compile(&filter, program);

		EXPECT(!error, "%s: %s", filters[f].expression, error);
		EXPECT(words > 0 && words <= ENMAXFILTERS, "%s: %d", filters[f].expression, words);
		for (int i = 0; i < FRAMES - 1; i++) {
			size_t length;
			uint8_t *frame = frame_of(i, &length);

			EXPECT(filter_wants(&filter, frame, length) ==
			       (int)(filters[f].wanted >> i & 1),
			       "%s, frame %d", filters[f].expression, i);
			for (size_t have = 0; have <= length; have++)
				EXPECT(run(program, words, frame, have) ==
				       filter_wants(&filter, frame, have),
				       "%s, frame %d, %zu bytes", filters[f].expression, i, have);
			free(frame);
		}
	}
}

/* In one word, as it comes from a quoted argument, it is the same. */
static void filters_may_be_quoted(void)
{
	static struct filter quoted, words;
	char first[] = "( arp or  icmp ) and src 10.0.0.1", second[] = "not", third[] = "udp";
	char *one[3];
	const char *at;

	one[0] = first;
	one[1] = second;
	one[2] = third;
	EXPECT(!filter_parse(&quoted, one, 3, &at), "%s", at);
	EXPECT(!parse(&words, "(arp or icmp) and src 10.0.0.1 not udp"), "words");
	EXPECT(quoted.count == words.count &&
	       !memcmp(quoted.nodes, words.nodes, quoted.count * sizeof(*quoted.nodes)), "tree");
}

static void what_is_no_filter_is_refused(void)
{
	static const char *const bad[] = {
		"arpo", "arp or", "or arp", "(arp", "arp)", "not", "type", "type x", "type 65536",
		"host", "host 10.0.0", "host 10.0.0.256", "src", "port", "port 65536", "ether",
		"ether 02:00:00:00:00", "ether src", "and", "arp and or icmp", "()",
		"10.0.0.1",
	};
	static struct filter filter;
	static uint16_t program[PF_MAXFILTERS];
	char *many[FILTER_NODES];
	const char *at;

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		EXPECT(parse(&filter, bad[i]), "%s", bad[i]);
	EXPECT(!parse(&filter, ""), "nothing");
	EXPECT(filter_wants(&filter, NULL, 0) && filter_compile(&filter, program) == 0, "nothing");
	for (int i = 0; i < FILTER_NODES; i++)
		many[i] = "arp";
	EXPECT(filter_parse(&filter, many, FILTER_NODES, &at), "too many");
	EXPECT(!filter_parse(&filter, many, FILTER_NODES / 2, &at), "not too many");
	EXPECT(filter_compile(&filter, program) > ENMAXFILTERS, "a long program");
}

/* The bytes of a file with one frame, as the format has them; ours come first. */
static void captures_are_written(void)
{
	static const struct capture frame = { 1500000ULL * 1000000 + 250000, 3, 60,
					      (const uint8_t *)"abc" };
	char text[64] = "";
	FILE *file = fmemopen(text, sizeof(text), "w");
	uint32_t word[10];
	uint16_t version[2];

	EXPECT(!pcap_begin(file, 96) && !pcap_write(file, &frame), "written");
	fclose(file);
	memcpy(word, text, sizeof(word));
	memcpy(version, text + 4, 4);
	EXPECT(word[0] == 0xa1b2c3d4 && version[0] == 2 && version[1] == 4, "header");
	EXPECT(!word[2] && !word[3] && word[4] == 96 && word[5] == 1, "header");
	EXPECT(word[6] == 1500000 && word[7] == 250000 && word[8] == 3 && word[9] == 60, "frame");
	EXPECT(!memcmp(text + 40, "abc", 3), "bytes");
}

static uint32_t number(uint32_t value, int swapped)
{
	return swapped ? __builtin_bswap32(value) : value;
}

/* file_of - a capture of two frames, as another machine may have written it */
static size_t file_of(char *to, uint32_t magic, int swapped)
{
	uint32_t words[] = {
		magic, 0x00040002, 0, 0, 65535, 1, 5, 7000, 4, 4, 0x61626364, 6, 8000, 4, 9,
		0x65666768,
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		words[i] = number(words[i], swapped);
	memcpy(to, words, sizeof(words));
	return sizeof(words);
}

static void read_two(char *text, size_t size, uint64_t first, uint64_t second)
{
	FILE *file = fmemopen(text, size, "r");
	struct pcap_reader reader;
	struct capture frame;

	EXPECT(!pcap_open(&reader, file), "header");
	EXPECT(pcap_read(&reader, &frame) == 1, "first");
	EXPECT(frame.microseconds == first && frame.have == 4 && frame.length == 4, "first");
	EXPECT(pcap_read(&reader, &frame) == 1, "second");
	EXPECT(frame.microseconds == second && frame.have == 4 && frame.length == 9, "second");
	EXPECT(!pcap_read(&reader, &frame), "end");
	free(reader.buffer);
	fclose(file);
}

static void captures_of_others_are_read(void)
{
	char text[128];

	read_two(text, file_of(text, 0xa1b2c3d4, 0), 5007000, 6008000);
	read_two(text, file_of(text, 0xa1b2c3d4, 1), 5007000, 6008000);
	read_two(text, file_of(text, 0xa1b23c4d, 0), 5000007, 6000008);
	read_two(text, file_of(text, 0xa1b23c4d, 1), 5000007, 6000008);
}

static void what_is_no_capture_is_refused(void)
{
	char text[128];
	size_t size = file_of(text, 0x12345678, 0);
	struct pcap_reader reader;
	struct capture frame;
	FILE *file;
	int more;

	file = fmemopen(text, size, "r");
	EXPECT(pcap_open(&reader, file), "magic");
	fclose(file);
	file = fmemopen(text, 20, "r");
	EXPECT(pcap_open(&reader, file), "too short");
	fclose(file);
	size = file_of(text, 0xa1b2c3d4, 0);
	for (size_t cut = 25; cut < size; cut++) {
		file = fmemopen(text, cut, "r");
		EXPECT(!pcap_open(&reader, file), "header");
		while ((more = pcap_read(&reader, &frame)) > 0)
			;
		EXPECT((more < 0) == (cut != 44), "cut at %zu: %d", cut, more);
		free(reader.buffer);
		fclose(file);
	}
	text[34] = 0x7f;		/* the first frame has more than two billion bytes */
	file = fmemopen(text, size, "r");
	EXPECT(!pcap_open(&reader, file) && pcap_read(&reader, &frame) < 0, "too large");
	free(reader.buffer);
	fclose(file);
}

static void text_is_read(void)
{
	uint8_t mac[MAC_LEN], bytes[4];
	unsigned long value;
	char text[MAC_TEXT];

	EXPECT(!parse_mac("02:0:ab:CD:ff:1", mac), "mac");
	EXPECT(!strcmp(mac_text(text, mac), "02:00:ab:cd:ff:01"), "%s", text);
	EXPECT(parse_mac("02:00:00:00:00", mac) && parse_mac("02:00:00:00:00:01:", mac) &&
	       parse_mac("02:00:00:00:00:1g", mac) && parse_mac("", mac), "mac");
	EXPECT(parse_hex("01 02:0a.FF", bytes, 4) == 4 && bytes[2] == 10 && bytes[3] == 255, "hex");
	EXPECT(parse_hex("0102030405", bytes, 4) < 0 && parse_hex("012", bytes, 4) < 0 &&
	       parse_hex("0x", bytes, 4) < 0, "no hex");
	EXPECT(!parse_number("0x800", 0, 65535, &value) && value == 2048, "number");
	EXPECT(!parse_number("010", 0, 65535, &value) && value == 10, "number");
	EXPECT(parse_number("-1", 0, 65535, &value) && parse_number("65536", 0, 65535, &value) &&
	       parse_number("", 0, 9, &value) && parse_number("9x", 0, 9, &value), "no number");
}

static const struct {
	const char	*name;
	void		(*run)(void);
} tests[] = {
	{ "frames have words", frames_have_words },
	{ "frames may end anywhere", frames_may_end_anywhere },
	{ "filters, and their programs, want the right frames", filters_want_the_right_frames },
	{ "filters may be quoted", filters_may_be_quoted },
	{ "what is no filter is refused", what_is_no_filter_is_refused },
	{ "captures are written", captures_are_written },
	{ "captures of others are read", captures_of_others_are_read },
	{ "what is no capture is refused", what_is_no_capture_is_refused },
	{ "text is read", text_is_read },
};

int main(int argc, char **argv)
{
	int count = sizeof(tests) / sizeof(*tests), failed = 0;

	read_frames(argc > 1 ? argv[1] : "frames.txt");
	for (int i = 0; i < count; i++) {
		wrong = 0;
		tests[i].run();
		printf("%s%s\n", wrong ? "not ok " : "ok ", tests[i].name);
		failed += wrong;
	}
	return failed != 0;
}
