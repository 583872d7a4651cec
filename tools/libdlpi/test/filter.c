// SPDX-License-Identifier: GPL-2.0-only
/*
 * A program that sets a filter and gathers packets, and includes for that what the manual
 * pages of the two modules name, and nothing else.  Compiled, never run.
 */
#include <sys/pfmod.h>
#include <sys/bufmod.h>

int want(int fd, ushort_t type);
int gather(int fd, uint_t bytes, ulong_t most);

int want(int fd, ushort_t type)
{
	struct packetfilt filter;
	ushort_t *word = filter.Pf_Filter;
	struct strioctl request;

	*word++ = ENF_PUSHWORD + 6;
	*word++ = ENF_PUSHLIT | ENF_EQ;
	*word++ = type;
	filter.Pf_FilterLen = (uchar_t)(word - filter.Pf_Filter);
	request.ic_cmd = PFIOCSETF;
	request.ic_timout = INFTIM;
	request.ic_len = sizeof(filter);
	request.ic_dp = (char *)&filter;
	return ioctl(fd, I_PUSH, "pfmod") || ioctl(fd, I_STR, &request);
}

int gather(int fd, uint_t bytes, ulong_t most)
{
	uint_t chunk = bytes < most ? bytes : (uint_t)most;

	return ioctl(fd, I_PUSH, "bufmod") || ioctl(fd, SBIOCSCHUNK, &chunk);
}
