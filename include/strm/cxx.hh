// SPDX-License-Identifier: GPL-2.0-only
//
// The few pieces of a standard library that the core needs.  A freestanding
// kernel build has no <utility>; this is all of ours.
#pragma once

#include <sys/types.h>

namespace strm {

using u8 = unsigned char;
using u16 = unsigned short;
using u32 = unsigned int;
using u64 = unsigned long long;

template <typename T> struct RemoveReference {
	using Type = T;
};
template <typename T> struct RemoveReference<T &> {
	using Type = T;
};
template <typename T> struct RemoveReference<T &&> {
	using Type = T;
};

template <typename T> constexpr typename RemoveReference<T>::Type &&move(T &&value)
{
	return static_cast<typename RemoveReference<T>::Type &&>(value);
}

template <typename T> constexpr T min(T a, T b)
{
	return b < a ? b : a;
}

template <typename T> constexpr T max(T a, T b)
{
	return a < b ? b : a;
}

// A copyable object would have two owners.
class NoCopy {
public:
	NoCopy() = default;
	NoCopy(const NoCopy &) = delete;
	NoCopy &operator=(const NoCopy &) = delete;
};

// The object that a member lies in.  The kernel's container_of().
#define STRM_CONTAINER(pointer, type, member)                         \
	(reinterpret_cast<type *>(reinterpret_cast<char *>(pointer) - \
				  __builtin_offsetof(type, member)))

} // namespace strm

// Storage that is already there.
inline void *operator new(size_t, void *where) noexcept
{
	return where;
}
