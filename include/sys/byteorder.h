/* SPDX-License-Identifier: GPL-2.0-only */
/* <sys/byteorder.h>: the order of bytes on the wire and in memory, byteorder(9F). */
#ifndef _SYS_BYTEORDER_H
#define _SYS_BYTEORDER_H

#include <sys/types.h>

#define BSWAP_8(x)	((uint8_t)(x))
#define BSWAP_16(x)	__builtin_bswap16((uint16_t)(x))
#define BSWAP_32(x)	__builtin_bswap32((uint32_t)(x))
#define BSWAP_64(x)	__builtin_bswap64((uint64_t)(x))

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define BE_16(x)	BSWAP_16(x)
#define BE_32(x)	BSWAP_32(x)
#define BE_64(x)	BSWAP_64(x)
#define LE_16(x)	((uint16_t)(x))
#define LE_32(x)	((uint32_t)(x))
#define LE_64(x)	((uint64_t)(x))
#else
#define BE_16(x)	((uint16_t)(x))
#define BE_32(x)	((uint32_t)(x))
#define BE_64(x)	((uint64_t)(x))
#define LE_16(x)	BSWAP_16(x)
#define LE_32(x)	BSWAP_32(x)
#define LE_64(x)	BSWAP_64(x)
#endif
#define BE_8(x)		BSWAP_8(x)
#define LE_8(x)		BSWAP_8(x)

/* Linux has these for itself. */
#ifndef htons
#define htons(x)	BE_16(x)
#define htonl(x)	BE_32(x)
#define ntohs(x)	BE_16(x)
#define ntohl(x)	BE_32(x)
#endif
#define htonll(x)	BE_64(x)
#define ntohll(x)	BE_64(x)

/* The bytes at an address that need not be aligned: BE_IN32(p), LE_OUT16(p, v) ... */
#define STRM_IN_OUT(width, swap_be, swap_le)					\
	static inline uint##width##_t strm_be_in##width(const void *p)		\
	{									\
		uint##width##_t v;						\
										\
		__builtin_memcpy(&v, p, sizeof(v));				\
		return swap_be(v);						\
	}									\
	static inline uint##width##_t strm_le_in##width(const void *p)		\
	{									\
		uint##width##_t v;						\
										\
		__builtin_memcpy(&v, p, sizeof(v));				\
		return swap_le(v);						\
	}									\
	static inline void strm_be_out##width(void *p, uint##width##_t v)	\
	{									\
		v = swap_be(v);							\
		__builtin_memcpy(p, &v, sizeof(v));				\
	}									\
	static inline void strm_le_out##width(void *p, uint##width##_t v)	\
	{									\
		v = swap_le(v);							\
		__builtin_memcpy(p, &v, sizeof(v));				\
	}

STRM_IN_OUT(8, BE_8, LE_8)
STRM_IN_OUT(16, BE_16, LE_16)
STRM_IN_OUT(32, BE_32, LE_32)
STRM_IN_OUT(64, BE_64, LE_64)
#undef STRM_IN_OUT

#define BE_IN8(p)	strm_be_in8(p)
#define BE_IN16(p)	strm_be_in16(p)
#define BE_IN32(p)	strm_be_in32(p)
#define BE_IN64(p)	strm_be_in64(p)
#define LE_IN8(p)	strm_le_in8(p)
#define LE_IN16(p)	strm_le_in16(p)
#define LE_IN32(p)	strm_le_in32(p)
#define LE_IN64(p)	strm_le_in64(p)
#define BE_OUT8(p, v)	strm_be_out8((p), (uint8_t)(v))
#define BE_OUT16(p, v)	strm_be_out16((p), (uint16_t)(v))
#define BE_OUT32(p, v)	strm_be_out32((p), (uint32_t)(v))
#define BE_OUT64(p, v)	strm_be_out64((p), (uint64_t)(v))
#define LE_OUT8(p, v)	strm_le_out8((p), (uint8_t)(v))
#define LE_OUT16(p, v)	strm_le_out16((p), (uint16_t)(v))
#define LE_OUT32(p, v)	strm_le_out32((p), (uint32_t)(v))
#define LE_OUT64(p, v)	strm_le_out64((p), (uint64_t)(v))

#endif /* _SYS_BYTEORDER_H */
