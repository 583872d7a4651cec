/* SPDX-License-Identifier: GPL-2.0-only */
/* <sys/note.h>: notes to source analysers; a compiler sees nothing of them. */
#ifndef _SYS_NOTE_H
#define _SYS_NOTE_H

#ifndef _NOTE
#define _NOTE(note)
#endif
#ifndef NOTE
#define NOTE(note)
#endif

#endif /* _SYS_NOTE_H */
