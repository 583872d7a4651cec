// SPDX-License-Identifier: GPL-2.0-only
//
// What was turned away at a perimeter, and waits.
#pragma once

#include <strm/cxx.hh>

namespace strm {

// `what` is a pointer with a tag in its low bits.  A message has its Entry where
// its links lie (put.cc): while it waits here it is on no queue.
struct Entry {
	enum class Tag : uintptr_t {
		Message,     // of a queue
		Service,     // of a queue
		Callback,    // qtimeout() and qbufcall(); the target is a record of theirs
		Writer,	     // a message that qwriter() was called with, for PERIM_INNER
		OuterWriter, // the same for PERIM_OUTER
		Waiter,	     // a process
		Nested,	     // an inner perimeter, in the FIFO of the outer one
	};

	Entry *next;
	uintptr_t what;

	static constexpr uintptr_t tag_mask = 7;

	Tag tag() const { return static_cast<Tag>(what & tag_mask); }
	template <typename T> T *target() const { return reinterpret_cast<T *>(what & ~tag_mask); }
	void aim(const void *target, Tag tag)
	{
		what = reinterpret_cast<uintptr_t>(target) | static_cast<uintptr_t>(tag);
	}
};

// The order in which entries run: writers before all others, so that nothing gets
// in between a qwriter() and its function.
class Fifo : NoCopy {
public:
	Entry *front() const { return writers_.first ? writers_.first : others_.first; }
	bool empty() const { return !front(); }

	void push(Entry &entry)
	{
		entry.next = nullptr;
		List &list = list_of(entry);
		*list.last = &entry;
		list.last = &entry.next;
	}
	// A list of such as are no writers, before all that are none.
	void push_front(Entry &list)
	{
		Entry **end = &list.next;
		while (*end)
			end = &(*end)->next;
		*end = others_.first;
		others_.first = &list;
		if (!*end)
			others_.last = end;
	}
	Entry &pop()
	{
		List &list = writers_.first ? writers_ : others_;
		Entry &entry = *list.first;
		list.first = entry.next;
		if (!list.first)
			list.last = &list.first;
		return entry;
	}

	// Those for which `wanted` says so, in order, as a list of their own.
	template <typename Wanted> Entry *take(Wanted wanted)
	{
		Entry *taken = nullptr;
		Entry **tail = &taken;
		writers_.take(wanted, tail);
		others_.take(wanted, tail);
		return taken;
	}

	// Until `function` returns false.
	template <typename Function> void for_each(Function function) const
	{
		const List *const lists[] = { &writers_, &others_ };
		for (const List *list : lists) {
			for (const Entry *entry = list->first; entry; entry = entry->next) {
				if (!function(*entry))
					return;
			}
		}
	}

private:
	struct List {
		Entry *first = nullptr;
		Entry **last = &first;

		template <typename Wanted> void take(Wanted wanted, Entry **&tail)
		{
			Entry **link = &first;
			while (Entry *entry = *link) {
				if (!wanted(*entry)) {
					link = &entry->next;
					continue;
				}
				*link = entry->next;
				entry->next = nullptr;
				*tail = entry;
				tail = &entry->next;
			}
			last = link;
		}
	};

	List &list_of(const Entry &entry)
	{
		const bool writes = entry.tag() == Entry::Tag::Writer ||
				    entry.tag() == Entry::Tag::OuterWriter;
		return writes ? writers_ : others_;
	}

	List writers_, others_;
};

} // namespace strm
