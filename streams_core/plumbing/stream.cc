// SPDX-License-Identifier: GPL-2.0-only
//
// Open, push, pop, close.
#include <streams_core/plumbing/stream.hh>
#include <sys/errno.h>

namespace strm {

namespace {

constinit LockClass streams_lock_class{ "streams_of_driver", {} };
constinit Late<SpinLock> streams_lock; // the lists of all drivers; short
constinit Stream *all_streams;	       // under streams_lock; each until its last use

// From a DDI error number, positive, to Linux's, negative.
int to_linux(int error)
{
	return error > 0 ? -error : 0;
}

int call_open(QueuePair &pair, dev_t *dev, int oflag, int sflag, cred_t *cred)
{
	const Access access = pair.access(EntryPoint::OpenClose);

	pair.perimeter().enter(access);
	int error = pair.rd()->q_qinfo->qi_qopen(pair.rd(), dev, oflag, sflag, cred);
	pair.perimeter().exit(access);
	return to_linux(error);
}

// After this nothing of the module runs on this stream.
void call_close(QueuePair &pair, bool opened, int oflag, cred_t *cred)
{
	const Access access = pair.access(EntryPoint::OpenClose);

	pair.perimeter().enter(access);
	if (opened)
		pair.rd()->q_qinfo->qi_qclose(pair.rd(), oflag, cred);
	pair.procs_off();
	pair.perimeter().exit(access);
}

Component *make_component(Stream &stream, Registered *registered)
{
	auto *made = static_cast<Component *>(lin_kzalloc(sizeof(Component), LIN_GFP_USER));
	Perimeter *perimeter = registered->perimeter_for_pair();

	if (made && perimeter)
		made->pair = QueuePair::create(registered->name, registered->tab->st_rdinit,
					       registered->tab->st_wrinit, registered->modes,
					       *perimeter, stream.head);
	if (perimeter)
		perimeter->put(); // the pair has its own reference
	if (!made || !made->pair) {
		lin_kfree(made);
		return nullptr;
	}
	made->registered = registered;
	return made;
}

void destroy_component(Component *component)
{
	component->pair->empty();
	component->pair->put();
	release(component->registered);
	lin_kfree(component);
}

// Takes over the hold of `registered`, whatever comes of it.
int add_on_top(Stream &stream, Registered *registered, dev_t &dev, int oflag, int sflag,
	       cred_t *cred) STRM_REQUIRES(stream.plumbing)
{
	Component *component = make_component(stream, registered);
	if (!component) {
		release(registered);
		return -ENOMEM;
	}

	int error = call_open(*component->pair, &dev, oflag, sflag, cred);
	if (error) {
		call_close(*component->pair, false, oflag, cred);
		destroy_component(component);
		return error;
	}
	component->pair->procs_on(); // no-op where open has done it
	component->below = stream.top;
	stream.top = component;
	return 0;
}

void remove_top(Stream &stream, int oflag, cred_t *cred) STRM_REQUIRES(stream.plumbing)
{
	Component *component = stream.top;

	lin_trace_plumb("close", stream.head, component->registered->name);
	call_close(*component->pair, true, oflag, cred);
	stream.top = component->below;
	destroy_component(component);
}

} // namespace

int open_driver(Stream &stream, dev_t &dev, int oflag, int sflag, cred_t *cred)
{
	if (!hold(stream.driver))
		return -ENXIO;
	lin_trace_plumb("open", stream.head, stream.driver->name);
	stream.head->procs_on();
	return add_on_top(stream, stream.driver, dev, oflag, sflag, cred);
}

int reopen(Stream &stream, int oflag, cred_t *cred)
{
	for (Component *it = stream.top; it; it = it->below) {
		dev_t dev = stream.dev;
		int error = call_open(*it->pair, &dev, oflag, it->below ? MODOPEN : 0, cred);
		if (error)
			return error;
	}
	return 0;
}

int push(Stream &stream, const char *name, int oflag, cred_t *cred)
{
	if (stream.pushed >= most_pushed)
		return -EINVAL;
	Registered *found = find_module(name);
	if (!found)
		return -EINVAL;

	lin_trace_plumb("push", stream.head, name);
	dev_t dev = stream.dev;
	int error = add_on_top(stream, found, dev, oflag, MODOPEN, cred);
	if (!error)
		stream.pushed++;
	return error;
}

int pop(Stream &stream, int oflag, cred_t *cred)
{
	if (!stream.pushed)
		return -EINVAL;
	lin_trace_plumb("pop", stream.head, stream.top->registered->name);
	remove_top(stream, oflag, cred);
	stream.pushed--;
	return 0;
}

void dismantle(Stream &stream, int oflag, cred_t *cred)
{
	while (stream.top)
		remove_top(stream, oflag, cred);
	stream.pushed = 0;

	Perimeter &perimeter = stream.head->perimeter();
	const Access access = stream.head->access(EntryPoint::OpenClose);
	perimeter.enter(access);
	stream.head->procs_off();
	perimeter.exit(access);
	stream.head->empty();
}

// A live stream is preferred to one that is closing; that one is worth waiting
// for where there is no other.
Stream *find_stream(Registered &driver, dev_t dev)
{
	SpinGuard guard(*streams_lock);
	Stream *found = nullptr;

	for (Stream *it = driver.streams; it; it = it->next) {
		if (it->dev == dev && (!found || found->closing))
			found = it;
	}
	if (found)
		found->users++;
	return found;
}

bool list_stream(Stream &stream)
{
	SpinGuard guard(*streams_lock);
	for (Stream *it = stream.driver->streams; it; it = it->next) {
		if (it->dev == stream.dev && !it->closing)
			return false;
	}
	stream.next = stream.driver->streams;
	stream.driver->streams = &stream;
	stream.listed = true;
	return true;
}

void mark_closing(Stream &stream)
{
	SpinGuard guard(*streams_lock);
	stream.closing = true;
}

void unlist_stream(Stream &stream)
{
	SpinGuard guard(*streams_lock);
	if (!stream.listed)
		return;
	for (Stream **link = &stream.driver->streams; *link; link = &(*link)->next) {
		if (*link == &stream) {
			*link = stream.next;
			break;
		}
	}
	stream.listed = false;
}

bool drop_stream(Stream &stream)
{
	SpinGuard guard(*streams_lock);
	if (--stream.users)
		return false;
	*stream.link_of_all = stream.next_of_all;
	if (stream.next_of_all)
		stream.next_of_all->link_of_all = stream.link_of_all;
	return true;
}

void add_to_all(Stream &stream)
{
	SpinGuard guard(*streams_lock);
	stream.next_of_all = all_streams;
	stream.link_of_all = &all_streams;
	if (all_streams)
		all_streams->link_of_all = &stream.next_of_all;
	all_streams = &stream;
}

Stream *next_of_all(Stream *previous)
{
	SpinGuard guard(*streams_lock);
	Stream *next = previous ? previous->next_of_all : all_streams;
	if (next)
		next->users++;
	return next;
}

int plumbing_init()
{
	streams_lock.make(streams_lock_class);
	return registry_init();
}

} // namespace strm
