/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * <libdlpi.h>: network links by name, for programs: libdlpi(3LIB) of Solaris.
 *
 * A handle is one stream to a driver that speaks DLPI, <sys/dlpi.h>.  A handle is used by
 * one thread at a time.  libdlpi(7) describes the functions.
 */
#ifndef _LIBDLPI_H
#define _LIBDLPI_H

#include <stddef.h>
#include <sys/dlpi.h>
#include <sys/dlpi_stat.h>
#include <sys/stropts.h>
#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Solaris has it in <sys/types.h>.  Define the guard if you have it already. */
#ifndef __boolean_t_defined
#define __boolean_t_defined
typedef enum { B_FALSE = 0, B_TRUE = 1 } boolean_t;
#endif

#define DLPI_LINKNAME_MAX	32	/* with the zero at the end */
#define DLPI_PHYSADDR_MAX	64
#define DLPI_INFO_VERSION	0

#define DLPI_ANY_SAP		((uint_t)-1)	/* dlpi_bind() */
#define DLPI_DEF_TIMEOUT	5		/* seconds */

/* dlpi_open() */
#define DLPI_PASSIVE		0x0001	/* look, and leave the link to others */
#define DLPI_RAW		0x0002	/* whole frames, header and all */
#define DLPI_SERIAL		0x0004	/* taken, and means nothing */
#define DLPI_NOATTACH		0x0008	/* style 2, left without a PPA */
#define DLPI_NATIVE		0x0010	/* headers as the medium has them */
#define DLPI_DEVIPNET		0x0020	/* what IP sees: there are no such links here */
#define DLPI_IPNETINFO		0x0040	/* with a header for each packet: refused likewise */

/*
 * Results.  Smaller ones are errors of <sys/dlpi.h>, as the driver gave them; for
 * DL_SYSERR the reason is in errno.
 */
enum {
	DLPI_SUCCESS = 10000,
	DLPI_EINVAL,		/* an argument */
	DLPI_ELINKNAMEINVAL,	/* not the name of a link */
	DLPI_ENOLINK,		/* no such link */
	DLPI_EBADLINK,		/* there is something, but no link */
	DLPI_EINHANDLE,		/* no handle */
	DLPI_ETIMEDOUT,
	DLPI_EVERNOTSUP,	/* not DLPI version 2 */
	DLPI_EMODENOTSUP,	/* connections only */
	DLPI_EUNAVAILSAP,	/* another SAP was bound than the one asked for */
	DLPI_FAILURE,
	DLPI_ENOTSTYLE2,	/* DLPI_NOATTACH, and there is style 1 only */
	DLPI_EBADMSG,		/* the driver sent something strange */
	DLPI_ERAWNOTSUP,
	DLPI_ENOTEINVAL,	/* no such notification */
	DLPI_ENOTENOTSUP,	/* the driver does not tell that */
	DLPI_ENOTEIDINVAL,	/* nothing is registered by this id */
	DLPI_EIPNETINFONOTSUP,	/* DLPI_IPNETINFO is not there */
	DLPI_ERRMAX
};

typedef struct dlpi_handle	*dlpi_handle_t;
typedef struct dlpi_note	*dlpi_notifyid_t;

typedef struct {
	uint_t			di_opts;	/* 0 */
	uint_t			di_max_sdu;
	uint_t			di_min_sdu;
	uint_t			di_state;	/* DL_UNATTACHED, DL_UNBOUND, DL_IDLE */
	uchar_t			di_mactype;
	char			di_linkname[DLPI_LINKNAME_MAX];
	uchar_t			di_physaddr[DLPI_PHYSADDR_MAX];	/* once bound */
	uchar_t			di_physaddrlen;
	uchar_t			di_bcastaddr[DLPI_PHYSADDR_MAX];
	uchar_t			di_bcastaddrlen;
	uint_t			di_sap;		/* once bound */
	int			di_timeout;	/* seconds */
	dl_qos_cl_sel1_t	di_qos_sel;
	dl_qos_cl_range1_t	di_qos_range;
} dlpi_info_t;

typedef enum {
	DLPI_ADDRTYPE_UNICAST,
	DLPI_ADDRTYPE_GROUP
} dlpi_addrtype_t;

typedef struct {
	uchar_t			dri_destaddr[DLPI_PHYSADDR_MAX];
	uchar_t			dri_destaddrlen;
	dlpi_addrtype_t		dri_destaddrtype;
	size_t			dri_totmsglen;	/* all of the message, of which you may have less */
} dlpi_recvinfo_t;

typedef struct {
	uint_t			dsi_sap;
	dl_priority_t		dsi_prio;
} dlpi_sendinfo_t;

typedef struct {
	uint_t			dni_note;	/* one of DL_NOTE_* */
	union {
		uint_t		dniu_speed;	/* kilobits a second */
		uint_t		dniu_size;	/* bytes */
		struct {
			uchar_t	physaddrlen;
			uchar_t	physaddr[DLPI_PHYSADDR_MAX];
		} dniu_addr;
	} dni_data;
} dlpi_notifyinfo_t;

#define dni_speed		dni_data.dniu_speed
#define dni_size		dni_data.dniu_size
#define dni_physaddr		dni_data.dniu_addr.physaddr
#define dni_physaddrlen		dni_data.dniu_addr.physaddrlen

typedef void dlpi_notifyfunc_t(dlpi_handle_t dh, dlpi_notifyinfo_t *info, void *arg);
typedef boolean_t dlpi_walkfunc_t(const char *name, void *arg);

int dlpi_open(const char *linkname, dlpi_handle_t *dhp, uint_t flags);
void dlpi_close(dlpi_handle_t dh);
int dlpi_set_timeout(dlpi_handle_t dh, int seconds);
int dlpi_fd(dlpi_handle_t dh);
const char *dlpi_linkname(dlpi_handle_t dh);
int dlpi_parselink(const char *linkname, char *provider, uint_t *ppa);
void dlpi_walk(dlpi_walkfunc_t *fn, void *arg, uint_t flags);

int dlpi_info(dlpi_handle_t dh, dlpi_info_t *info, uint_t version);
int dlpi_bind(dlpi_handle_t dh, uint_t sap, uint_t *boundsap);
int dlpi_unbind(dlpi_handle_t dh);
int dlpi_enabmulti(dlpi_handle_t dh, const void *addr, size_t addrlen);
int dlpi_disabmulti(dlpi_handle_t dh, const void *addr, size_t addrlen);
int dlpi_promiscon(dlpi_handle_t dh, uint_t level);
int dlpi_promiscoff(dlpi_handle_t dh, uint_t level);
int dlpi_get_physaddr(dlpi_handle_t dh, uint_t type, void *addr, size_t *addrlen);
int dlpi_set_physaddr(dlpi_handle_t dh, uint_t type, const void *addr, size_t addrlen);

int dlpi_send(dlpi_handle_t dh, const void *daddr, size_t daddrlen, const void *msg, size_t msglen,
	      const dlpi_sendinfo_t *sendinfo);
int dlpi_recv(dlpi_handle_t dh, void *saddr, size_t *saddrlen, void *msg, size_t *msglen, int msec,
	      dlpi_recvinfo_t *recvinfo);

int dlpi_enabnotify(dlpi_handle_t dh, uint_t notes, dlpi_notifyfunc_t *fn, void *arg,
		    dlpi_notifyid_t *id);
int dlpi_disabnotify(dlpi_handle_t dh, dlpi_notifyid_t id, void **arg);

const char *dlpi_strerror(int result);
const char *dlpi_mactype(uint_t mactype);
uint_t dlpi_iftype(uint_t mactype);
uint_t dlpi_arptype(uint_t mactype);

/* Not in Solaris: what the driver counts, for the device and for this handle. */
int dlpi_get_statistics(dlpi_handle_t dh, struct dlpi_stat *stat);

#ifdef __cplusplus
}
#endif

#endif /* _LIBDLPI_H */
