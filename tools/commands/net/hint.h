/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Help for who has named a link that is not there.
 */
#ifndef NET_HINT_H
#define NET_HINT_H

/* One line, which the next call writes over. */
const char *link_hint(const char *link);

#endif /* NET_HINT_H */
