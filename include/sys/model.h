/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * <sys/model.h>: structures of programs of another data model, STRUCT_DECL(9F).
 *
 * A 64-bit kernel serves 32-bit programs, whose longs and pointers are shorter.
 * A driver declares each structure that an ioctl copies twice, as struct
 * NAME for programs like itself and as struct NAME32 with types of fixed sizes,
 * and reaches its fields through a handle that knows which of the two it is.
 * The data model of whoever sent an M_IOCTL is (ioc_flag & IOC_MODELS); that of a
 * copy request or answer is in cq_flag and cp_flag.
 */
#ifndef _SYS_MODEL_H
#define _SYS_MODEL_H

#include <sys/types.h>

#define DATAMODEL_MASK		0x0ff00000
#define DATAMODEL_NONE		0
#define DATAMODEL_ILP32		0x00100000
#define DATAMODEL_LP64		0x00200000
#define DATAMODEL_NATIVE	DATAMODEL_LP64

#define FMODELS			DATAMODEL_MASK
#define FILP32			DATAMODEL_ILP32
#define FLP64			DATAMODEL_LP64
#define FNATIVE			DATAMODEL_NATIVE

typedef unsigned int model_t;

#ifndef _MULTI_DATAMODEL
#define _MULTI_DATAMODEL
#endif

/*
 * The two ways to look at what a handle is of.
 */
#define STRM_MODEL_HANDLE(name)						\
	union {								\
		struct name *native;					\
		__typeof__(struct name##32) *ilp32;			\
	} ptr;								\
	model_t model

/* A handle for a structure that lies elsewhere: give it STRUCT_SET_HANDLE(). */
#define STRUCT_HANDLE(name, handle)					\
	struct { STRM_MODEL_HANDLE(name); } handle = { { NULL }, DATAMODEL_NATIVE }

/* A handle, and room for a structure of either model: give it STRUCT_INIT(). */
#define STRUCT_DECL(name, handle)					\
	union { struct name native; struct name##32 ilp32; } handle##_room; \
	struct { STRM_MODEL_HANDLE(name); } handle = {			\
		{ &handle##_room.native }, DATAMODEL_NATIVE		\
	}

#define STRUCT_INIT(handle, umodel)	((void)((handle).model = (umodel) & DATAMODEL_MASK))

#define STRUCT_SET_HANDLE(handle, umodel, address)			\
	do {								\
		(handle).model = (umodel) & DATAMODEL_MASK;		\
		(handle).ptr.native =					\
			(__typeof__((handle).ptr.native))(void *)(address); \
	} while (0)

#define STRM_IS_ILP32(handle)	((handle).model == DATAMODEL_ILP32)

#define STRUCT_BUF(handle)	((handle).ptr.native)
#define STRUCT_SIZE(handle)	(STRM_IS_ILP32(handle) ? sizeof(*(handle).ptr.ilp32) : \
							 sizeof(*(handle).ptr.native))

#define STRUCT_FGET(handle, field)					\
	(STRM_IS_ILP32(handle) ? (handle).ptr.ilp32->field : (handle).ptr.native->field)

#define STRUCT_FADDR(handle, field)					\
	(STRM_IS_ILP32(handle) ? (void *)&(handle).ptr.ilp32->field :	\
				 (void *)&(handle).ptr.native->field)

#define STRUCT_FSET(handle, field, value)				\
	do {								\
		if (STRM_IS_ILP32(handle))				\
			(handle).ptr.ilp32->field =			\
				(__typeof__((handle).ptr.ilp32->field))(value); \
		else							\
			(handle).ptr.native->field = (value);		\
	} while (0)

/* The same for a field that is a pointer, which is 32 bits in the smaller one. */
#define STRUCT_FGETP(handle, field)					\
	(STRM_IS_ILP32(handle) ? (void *)(uintptr_t)(handle).ptr.ilp32->field : \
				 (void *)(handle).ptr.native->field)

#define STRUCT_FSETP(handle, field, value)				\
	do {								\
		if (STRM_IS_ILP32(handle))				\
			(handle).ptr.ilp32->field =			\
				(__typeof__((handle).ptr.ilp32->field))(uintptr_t)(value); \
		else							\
			(handle).ptr.native->field = (value);		\
	} while (0)

#define SIZEOF_STRUCT(name, umodel)					\
	(((umodel) & DATAMODEL_MASK) == DATAMODEL_ILP32 ? sizeof(struct name##32) : \
							   sizeof(struct name))
#define SIZEOF_PTR(umodel)						\
	(((umodel) & DATAMODEL_MASK) == DATAMODEL_ILP32 ? sizeof(uint32_t) : sizeof(void *))

/**
 * ddi_model_convert_from() - must a structure be converted, ddi_model_convert_from(9F)
 * @model: data model of the program, with other bits or without
 *
 * Context: any.
 * Return: DDI_MODEL_ILP32 where the program's structures differ from the
 * kernel's, DDI_MODEL_NONE where they do not.
 */
static inline model_t ddi_model_convert_from(model_t model)
{
	model &= DATAMODEL_MASK;
	return model == DATAMODEL_NATIVE ? DATAMODEL_NONE : model;
}

#define DDI_MODEL_ILP32		DATAMODEL_ILP32
#define DDI_MODEL_LP64		DATAMODEL_LP64
#define DDI_MODEL_NATIVE	DATAMODEL_NATIVE
#define DDI_MODEL_NONE		DATAMODEL_NONE

#endif /* _SYS_MODEL_H */
