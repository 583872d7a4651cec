// SPDX-License-Identifier: GPL-2.0-only
//
// Atomic words of our own, on compiler builtins: inline on every architecture,
// instrumented under KASAN and KCSAN.  Only these orders exist; a word is never
// shared with the kernel's atomic_t.
#pragma once

#include <strm/cxx.hh>

namespace strm {

template <typename T> inline T load_relaxed(const T &word)
{
	return __atomic_load_n(&word, __ATOMIC_RELAXED);
}

template <typename T> inline T load_acquire(const T &word)
{
	return __atomic_load_n(&word, __ATOMIC_ACQUIRE);
}

template <typename T> inline void store_relaxed(T &word, T value)
{
	__atomic_store_n(&word, value, __ATOMIC_RELAXED);
}

template <typename T> inline void store_release(T &word, T value)
{
	__atomic_store_n(&word, value, __ATOMIC_RELEASE);
}

template <typename T> class Atomic : NoCopy {
public:
	constexpr Atomic() : value_{} {}
	constexpr explicit Atomic(T value) : value_(value) {}

	T relaxed() const { return load_relaxed(value_); }
	T acquire() const { return load_acquire(value_); }
	void set_relaxed(T value) { store_relaxed(value_, value); }
	void release(T value) { store_release(value_, value); }
	T exchange(T value) { return __atomic_exchange_n(&value_, value, __ATOMIC_SEQ_CST); }
	T fetch_add(T value) { return __atomic_fetch_add(&value_, value, __ATOMIC_SEQ_CST); }
	T fetch_sub(T value) { return __atomic_fetch_sub(&value_, value, __ATOMIC_SEQ_CST); }

	// On failure `expected` holds what was found.
	bool compare_exchange(T &expected, T desired)
	{
		return __atomic_compare_exchange_n(&value_, &expected, desired, false,
						   __ATOMIC_SEQ_CST, __ATOMIC_RELAXED);
	}

private:
	T value_;
};

} // namespace strm
