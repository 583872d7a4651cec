// SPDX-License-Identifier: GPL-2.0-only
//
// Open, push, pop, close.
#include <streams_core/plumbing/stream.hh>
#include <strm/rules.hh>
#include <sys/errno.h>
#include <sys/file.h>

namespace strm {

namespace {

// From a DDI error number, positive, to Linux's, negative.
int to_linux(int error)
{
	return error > 0 ? -error : 0;
}

// How a file was opened: open(2) has a number for reading, writing or both,
// open(9E) a bit for each, FREAD and FWRITE.
constexpr int ddi_flags(int oflag)
{
	return (oflag & ~LIN_O_ACCMODE) | ((oflag + 1) & LIN_O_ACCMODE);
}

static_assert(ddi_flags(0) == FREAD && ddi_flags(1) == FWRITE && ddi_flags(2) == (FREAD | FWRITE));
static_assert(ddi_flags(LIN_O_NONBLOCK | 2) == (FNONBLOCK | FREAD | FWRITE));

int call_open(QueuePair &pair, dev_t *dev, int oflag, int sflag, cred_t *cred)
{
	pair.wait_for_thaw();
	pair.enter_open_close();
	int error;
	{
		Inside inside(pair.rd(), STRM_IN_OPEN);
		error = pair.rd()->q_qinfo->qi_qopen(pair.rd(), dev, ddi_flags(oflag), sflag, cred);
	}
	pair.exit_open_close();
	return to_linux(error);
}

// After this nothing of the module runs on this stream.
void call_close(QueuePair &pair, bool opened, int oflag, cred_t *cred)
{
	pair.wait_for_thaw();
	pair.enter_open_close();
	if (opened) {
		Inside inside(pair.rd(), STRM_IN_CLOSE);
		pair.rd()->q_qinfo->qi_qclose(pair.rd(), ddi_flags(oflag), cred);
	}
	pair.procs_off();
	pair.exit_open_close();
}

// The pair takes references of its own of the perimeters.
Component *make_component(Stream &stream, Registered *registered)
{
	const bool per_queue = registered->modes.scope == Scope::Queue;
	Perimeter *read = registered->new_perimeter();
	Perimeter *write = per_queue && read ? registered->new_perimeter() : nullptr;
	Component *made = nullptr;

	if (read && (write || !per_queue))
		made = create_pair<Component>({ registered->name, registered->tab->st_rdinit,
						registered->tab->st_wrinit, registered->modes,
						*read, stream.head, write },
					      *registered);
	if (read)
		read->put();
	if (write)
		write->put();
	return made;
}

void destroy_component(Component *component)
{
	Registered *registered = component->registered;

	component->empty();
	component->put();
	release(registered);
}

// What points to the component that has `above` others above it.
Component **place_at(Stream &stream, u32 above) STRM_REQUIRES(stream.plumbing)
{
	Component **place = &stream.top;
	while (above-- && *place)
		place = &(*place)->below;
	return place;
}

// Takes over the hold of `registered`, whatever comes of it.
int add(Stream &stream, u32 above, Registered *registered, dev_t &dev, int oflag, int sflag,
	cred_t *cred) STRM_REQUIRES(stream.plumbing)
{
	Component *component = make_component(stream, registered);
	if (!component) {
		release(registered);
		return -ENOMEM;
	}

	if (above)
		component->place_below(*component_at(stream, above - 1));

	int error = call_open(*component, &dev, oflag, sflag, cred);
	if (error) {
		call_close(*component, false, oflag, cred);
		destroy_component(component);
		return error;
	}
	component->procs_on(); // no-op where open has done it
	Component **place = place_at(stream, above);
	component->below = *place;
	*place = component;
	return 0;
}

void take_out(Stream &stream, u32 above, int oflag, cred_t *cred) STRM_REQUIRES(stream.plumbing)
{
	Component **place = place_at(stream, above);
	Component *component = *place;

	lin_trace_close(stream.head, stream.driver->name, getminor(stream.dev),
			component->registered->name);
	call_close(*component, true, oflag, cred);
	*place = component->below;
	destroy_component(component);
}

} // namespace

int open_driver(Stream &stream, dev_t &dev, int oflag, int sflag, cred_t *cred)
{
	if (!hold(stream.driver))
		return -ENXIO;
	stream.head->procs_on();
	int error = add(stream, 0, stream.driver, dev, oflag, sflag, cred);
	lin_trace_open(stream.head, stream.driver->name, getminor(dev), error);
	return error;
}

int reopen(Stream &stream, int oflag, cred_t *cred)
{
	for (Component *it = stream.top; it; it = it->below) {
		dev_t dev = stream.dev;
		int error = call_open(*it, &dev, oflag, it->below ? MODOPEN : 0, cred);
		if (error)
			return error;
	}
	return 0;
}

Component *component_at(Stream &stream, u32 above)
{
	return *place_at(stream, above);
}

int insert(Stream &stream, u32 above, const char *name, int oflag, cred_t *cred)
{
	if (stream.pushed >= most_pushed || above > stream.pushed)
		return -EINVAL;
	Registered *found = find_module(name);
	if (!found)
		return -EINVAL;

	dev_t dev = stream.dev;
	int error = add(stream, above, found, dev, oflag, MODOPEN, cred);
	lin_trace_push(stream.head, stream.driver->name, getminor(stream.dev), name, error);
	lin_count(LIN_STAT_pushes);
	if (!error)
		stream.pushed++;
	return error;
}

int remove(Stream &stream, u32 above, int oflag, cred_t *cred)
{
	if (above >= stream.pushed)
		return -EINVAL;
	lin_trace_pop(stream.head, stream.driver->name, getminor(stream.dev),
		      component_at(stream, above)->registered->name);
	lin_count(LIN_STAT_pops);
	take_out(stream, above, oflag, cred);
	stream.pushed--;
	return 0;
}

void dismantle(Stream &stream, int oflag, cred_t *cred)
{
	while (stream.top)
		take_out(stream, 0, oflag, cred);
	stream.pushed = 0;

	stream.head->head_off();
	stream.head->empty();
}

namespace {

// Bottom halves are off: an RCU section, in which the stream is not freed.
Stream *use(void *entry)
{
	auto *stream = static_cast<Stream *>(entry);
	u32 users = stream ? stream->users.relaxed() : 0;
	do {
		if (!users)
			return nullptr;
	} while (!stream->users.compare_exchange(users, users + 1));
	return stream;
}

Stream *first_from(Registered &driver, unsigned long minor)
{
	BottomHalvesOff off;
	for (;; minor++) {
		void *entry = lin_xa_find(&driver.streams, &minor);
		if (!entry)
			return nullptr;
		if (Stream *stream = use(entry))
			return stream;
	}
}

} // namespace

// One that is closing is worth waiting for: the caller's open comes after it.
Stream *find_stream(Registered &driver, dev_t dev)
{
	BottomHalvesOff off;
	return use(lin_xa_load(&driver.streams, getminor(dev)));
}

// A live stream takes the place of one that is closing.
int list_stream(Stream &stream)
{
	lin_xarray *table = &stream.driver->streams;
	const unsigned long minor = getminor(stream.dev);

	for (;;) {
		void *found;
		int error = lin_xa_cmpxchg(table, minor, nullptr, &stream, &found);
		if (error || !found)
			return error;

		BottomHalvesOff off; // what is there stays in memory, and so itself
		auto *other = static_cast<Stream *>(lin_xa_load(table, minor));
		if (other && !other->closing.acquire())
			return -EBUSY;
		if (other && lin_xa_replace(table, minor, other, &stream))
			return 0;
	}
}

// Another may have taken its place.
void unlist_stream(Stream &stream)
{
	void *found;
	lin_xa_cmpxchg(&stream.driver->streams, getminor(stream.dev), &stream, nullptr, &found);
}

// The driver has given the stream another minor number: it is a clone.
int move_stream(Stream &stream, dev_t dev)
{
	unlist_stream(stream);		// of no effect where it was not listed
	store_relaxed(stream.dev, dev); // a picture may be looking
	return list_stream(stream);
}

bool drop_stream(Stream &stream)
{
	return stream.users.fetch_sub(1) == 1;
}

Stream *stream_from(dev_t dev)
{
	unsigned long minor = getminor(dev);
	Registered *driver = driver_from(getmajor(dev));

	while (driver) {
		Stream *stream = first_from(*driver, driver->major == getmajor(dev) ? minor : 0);
		Registered *next = stream ? nullptr : driver_from(driver->major + 1);
		release(driver);
		if (stream)
			return stream;
		driver = next;
	}
	return nullptr;
}

int plumbing_init()
{
	return registry_init();
}

} // namespace strm
