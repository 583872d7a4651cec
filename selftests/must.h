/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a test needs and does not find is a reason to skip it, on a machine of which
 * nothing is known.  STREAMS_MUST=1 in the environment says that it has to be there.
 */
#ifndef STREAMS_MUST_H
#define STREAMS_MUST_H

#include "streams_test.h"

/* must - whether nothing may be missing here */
static inline bool must(void)
{
	const char *value = getenv("STREAMS_MUST");

	return value && *value == '1';
}

/* In a test or its set-up: leave it out, or fail, for what is missing. */
#define SKIP_UNLESS_MUST(missing)					\
	do {								\
		ASSERT_FALSE(must())					\
			TH_LOG("here it must be: %s", missing);		\
		SKIP(return, "%s", missing);				\
	} while (0)

#endif /* STREAMS_MUST_H */
