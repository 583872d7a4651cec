/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MIDDLE_H
#define MIDDLE_H

int middle_isastream(int fd);
int middle_getmsg(int fd);
int middle_getpmsg(int fd);
int middle_putmsg(int fd);
int middle_putpmsg(int fd);

#endif /* MIDDLE_H */
