/* SPDX-License-Identifier: GPL-2.0-only */
/* <sys/signal.h>: numbers of signals, for M_SIG and M_PCSIG.  The values are Linux's. */
#ifndef _SYS_SIGNAL_H
#define _SYS_SIGNAL_H

#ifndef SIGHUP
#define SIGHUP		1
#define SIGINT		2
#define SIGQUIT		3
#define SIGKILL		9
#define SIGUSR1		10
#define SIGUSR2		12
#define SIGPIPE		13
#define SIGALRM		14
#define SIGTERM		15
#define SIGCONT		18
#define SIGSTOP		19
#define SIGTSTP		20
#define SIGTTIN		21
#define SIGTTOU		22
#define SIGURG		23
#define SIGWINCH	28
#define SIGIO		29
#define SIGPOLL		SIGIO
#endif

#endif /* _SYS_SIGNAL_H */
