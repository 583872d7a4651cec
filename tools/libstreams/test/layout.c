// SPDX-License-Identifier: GPL-2.0-only
/*
 * The headers say what they promise.  Compiled, never run: as C and as C++, for
 * 32 and 64 bits, and freestanding as a kernel module sees them.  The numbers
 * are written out again here, so that a slip in the header shows.
 */
#ifdef KERNEL_VIEW
#define __KERNEL__ 1
#endif
#include <stropts.h>
#include <sys/bufmod.h>
#include <sys/dlpi.h>
#include <sys/dlpi_stat.h>
#include <sys/pfmod.h>
#include <sys/sockio.h>
#include <sys/strm.h>
#ifndef __KERNEL__
#include <linux/ioctl.h>
#endif

#define SAME(a, b) __STR_ASSERT((a) == (b))

/* Preprocessor macros, all of them: programs test them so. */
#if !defined(I_PUSH) || !defined(RS_HIPRI) || !defined(MORECTL) || !defined(S_BANDURG) || \
	!defined(INFTIM) || !defined(FMNAMESZ) || !defined(RPROTNORM) || !defined(WERRNONPERSIST)
#error "a name that programs test with #ifdef is not a macro"
#endif
#if I_NREAD != 0x5301 || FLUSHRW != 3 || MUXID_ALL != -1
#error "a macro is of no use to the preprocessor"
#endif

SAME(I_PUSH, 0x5302);
SAME(I_POP, 0x5303);
SAME(I_LOOK, 0x5304);
SAME(I_FLUSH, 0x5305);
SAME(I_SRDOPT, 0x5306);
SAME(I_GRDOPT, 0x5307);
SAME(I_STR, 0x5308);
SAME(I_SETSIG, 0x5309);
SAME(I_GETSIG, 0x530a);
SAME(I_FIND, 0x530b);
SAME(I_LINK, 0x530c);
SAME(I_UNLINK, 0x530d);
SAME(I_RECVFD, 0x530e);
SAME(I_PEEK, 0x530f);
SAME(I_FDINSERT, 0x5310);
SAME(I_SENDFD, 0x5311);
SAME(I_SWROPT, 0x5313);
SAME(I_GWROPT, 0x5314);
SAME(I_LIST, 0x5315);
SAME(I_PLINK, 0x5316);
SAME(I_PUNLINK, 0x5317);
SAME(I_ANCHOR, 0x5318);
SAME(I_FLUSHBAND, 0x531c);
SAME(I_CKBAND, 0x531d);
SAME(I_GETBAND, 0x531e);
SAME(I_ATMARK, 0x531f);
SAME(I_SETCLTIME, 0x5320);
SAME(I_GETCLTIME, 0x5321);
SAME(I_CANPUT, 0x5322);
SAME(I_SERROPT, 0x5323);
SAME(I_GERROPT, 0x5324);
SAME(I_ESETSIG, 0x5325);
SAME(I_EGETSIG, 0x5326);

SAME(STRM_GETMSG, 0xc030f501U);
SAME(STRM_GETPMSG, 0xc030f502U);
SAME(STRM_PUTMSG, 0x4030f503U);
SAME(STRM_PUTPMSG, 0x4030f504U);
SAME(STRM_ISASTREAM, 0xf505);
#ifndef __KERNEL__
SAME(STRM_GETMSG, _IOWR(0xF5, 1, struct strm_msg));
SAME(STRM_GETPMSG, _IOWR(0xF5, 2, struct strm_msg));
SAME(STRM_PUTMSG, _IOW(0xF5, 3, struct strm_msg));
SAME(STRM_PUTPMSG, _IOW(0xF5, 4, struct strm_msg));
SAME(STRM_ISASTREAM, _IO(0xF5, 5));
#endif

/* Programs that were compiled elsewhere have these in them. */
SAME(DL_INFO_REQ, 0);
SAME(DL_BIND_REQ, 1);
SAME(DL_UNBIND_REQ, 2);
SAME(DL_INFO_ACK, 3);
SAME(DL_BIND_ACK, 4);
SAME(DL_ERROR_ACK, 5);
SAME(DL_OK_ACK, 6);
SAME(DL_UNITDATA_REQ, 7);
SAME(DL_UNITDATA_IND, 8);
SAME(DL_UDERROR_IND, 9);
SAME(DL_ATTACH_REQ, 0xb);
SAME(DL_DETACH_REQ, 0xc);
SAME(DL_SUBS_UNBIND_REQ, 0x15);
SAME(DL_SUBS_BIND_REQ, 0x1b);
SAME(DL_ENABMULTI_REQ, 0x1d);
SAME(DL_DISABMULTI_REQ, 0x1e);
SAME(DL_PROMISCON_REQ, 0x1f);
SAME(DL_PROMISCOFF_REQ, 0x20);
SAME(DL_XID_REQ, 0x29);
SAME(DL_TEST_CON, 0x30);
SAME(DL_PHYS_ADDR_REQ, 0x31);
SAME(DL_SET_PHYS_ADDR_REQ, 0x33);
SAME(DL_GET_STATISTICS_ACK, 0x35);
SAME(DL_NOTIFY_IND, 0x102);
SAME(DL_CAPABILITY_REQ, 0x110);
SAME(DL_CONTROL_ACK, 0x113);
SAME(DL_PASSIVE_REQ, 0x114);
SAME(DL_IDLE, 3);
SAME(DL_UNATTACHED, 4);
SAME(DL_STYLE2, 0x501);
SAME(DL_CLDLS, 2);
SAME(DL_BADPPA, 8);
SAME(DL_BOUND, 0xd);
SAME(DL_NOTENAB, 0x14);
SAME(DL_NOAUTO, 0x16);
SAME(DL_ETHER, 4);
SAME(DLIOCRAW, 0x4401);
SAME(DLIOCNATIVE, 0x4402);
SAME(DLIOCMARGININFO, 0x4403);
SAME(DLIOCHDRINFO, 0x440a);

/* Both names of one member. */
__STR_AT(union DL_primitives, physaddr_ack.dl_addr_offset, 8);
__STR_AT(union DL_primitives, phys_addr_ack.dl_addr_offset, 8);

SAME(PFIOCSETF, 0x5001);
SAME(sizeof(struct packetfilt), 512);
SAME(sizeof(struct Pf_ext_packetfilt), 4104);
SAME(ENF_PUSHWORD, 0x10);
SAME(ENF_PUSHLIT | ENF_CAND, 0x2801);
SAME(ENF_NEQ, 0x3400);
SAME(SBIOCSTIME, 0x4201);
SAME(SBIOCGFLAGS, 0x4209);
SAME(sizeof(struct sb_hdr), 24);
