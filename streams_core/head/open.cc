// SPDX-License-Identifier: GPL-2.0-only
//
// Open and close of a stream.
//
// An open of a clone node always makes a stream, and the driver names its minor
// number.  An open of a minor shares the stream that is there, or makes it.  Who
// makes one lists it with its plumbing mutex held, so that a second opener finds
// it and waits for the first open to end.  If the driver has given the stream another
// minor number meanwhile, as drivers do that make each open a clone, the second
// opener starts anew; where the driver has announced that, neither sees the other.
#include <streams_core/head/head.hh>
#include <streams_core/plumbing/devinfo.hh>
#include <sys/conf.h>

namespace strm {

namespace {

constexpr unsigned drain_poll_milliseconds = 10;

// Of all stream heads: nobody is ever exclusive in it, so its gate never closes,
// and one will do.  Written at module load and unload only.
constinit Perimeter *head_perimeter;

} // namespace

int head_init()
{
	head_perimeter = Perimeter::create(modes(D_MP));
	if (!head_perimeter)
		return -ENOMEM;
	head_perimeter->open_now();
	return 0;
}

void head_exit()
{
	head_perimeter->put();
}

void drop_head(StreamHead *head)
{
	if (!drop_stream(head->stream))
		return;
	Registered *driver = head->stream.driver;
	lin_count(LIN_STAT_streams_freed);
	head->put(); // its put procedure may still be on its way out
	release(driver);
}

namespace {

// Takes over the hold of `driver` when it succeeds.
StreamHead *make_head(Registered *driver, dev_t dev)
{
	auto *head = create_pair<StreamHead>({ "head", &head_read_init, &head_write_init,
					       modes(D_MP), *head_perimeter, nullptr, nullptr });
	if (!head)
		return nullptr;
	lin_count(LIN_STAT_streams_made);
	head->stream.driver = driver;
	head->stream.dev = dev;
	return head;
}

// What an attempt to open came to.
struct Attempt {
	int error;
	bool again; // the stream went away, or came, meanwhile
};

// What is opened.
struct Target {
	Registered *driver; // held
	dev_t dev;
	bool clone_node;

	// The driver will name a minor of the stream's own.
	bool clone() const { return clone_node || getminor(dev) < driver->clones; }
};

// The first open.  On failure the head is dead and unlisted, not yet dropped.
Attempt first_open(StreamHead &head, const Target &target, int oflag)
{
	Stream &stream = head.stream;
	MutexGuard plumbing(stream.plumbing);
	dev_t dev = stream.dev;

	int error = target.clone() ? 0 : list_stream(stream);
	if (error) {
		store_relaxed(stream.dead, true);
		return { error == -EBUSY ? 0 : error, error == -EBUSY }; // somebody was quicker
	}
	error = open_driver(stream, dev, oflag, target.clone_node ? CLONEOPEN : 0, current_cred());
	if (!error && (target.clone() || dev != stream.dev))
		error = move_stream(stream, dev);
	if (error) {
		dismantle(stream, oflag, current_cred());
		unlist_stream(stream);
		store_relaxed(stream.dead, true);
		return { error, false };
	}
	store_relaxed(stream.opens, 1u);
	return { 0, false };
}

Attempt share(StreamHead &head, dev_t dev, int oflag)
{
	Stream &stream = head.stream;
	TryMutexGuard plumbing(stream.plumbing, oflag & LIN_O_NONBLOCK);

	if (!plumbing.ok())
		return { plumbing.error(), false };
	stream.plumbing.held();
	if (stream.dead) {
		unlist_stream(stream);
		return { 0, true };
	}
	if (stream.dev != dev) // its driver has made a clone of it
		return { 0, true };
	HeadState state = head.snapshot();
	if (state.read_error || state.write_error)
		return { -EIO, false };
	int error = reopen(stream, oflag, current_cred());
	if (error)
		return { error, false };
	store_relaxed(stream.opens, stream.opens + 1);
	SpinGuard guard(head.lock);
	state = head.state;
	state.hung_up = false;
	head.change(state);
	return { 0, false };
}

// The driver stays held by the caller, whatever comes of it.
Attempt attempt_open(file *file, const Target &target)
{
	Registered *driver = target.driver;
	const int oflag = static_cast<int>(lin_file_flags(file));
	StreamHead *head;
	Attempt attempt;

	if (Stream *found = target.clone() ? nullptr : find_stream(*driver, target.dev)) {
		head = &head_of(*found);
		attempt = share(*head, target.dev, oflag);
	} else {
		if (!hold(driver))
			return { -ENXIO, false };
		head = make_head(driver, target.dev);
		if (!head) {
			release(driver);
			return { -ENOMEM, false };
		}
		attempt = first_open(*head, target, oflag);
	}
	if (attempt.error || attempt.again)
		drop_head(head);
	else {
		lin_count(LIN_STAT_opens);
		lin_file_set_private(file, head);
	}
	return attempt;
}

// Close module by module, each when what it holds has gone down, or the close
// time is over, or a signal comes.  The driver is left.
void drain_and_pop(StreamHead &head, int oflag) STRM_REQUIRES(head.stream.plumbing)
{
	while (head.stream.top) {
		queue_t *q = head.stream.top->wr();
		const long step = lin_msecs_to_jiffies(drain_poll_milliseconds);
		long left = lin_msecs_to_jiffies(default_close_milliseconds);
		// Nobody tells the head when a queue below has become empty.
		for (int answer = -ETIME; answer == -ETIME && left > 0; left -= step) {
			Sleep sleep(head);
			long time = step;
			answer = sleep.until([q] { return drained(q); }, time);
		}
		if (!head.stream.pushed)
			return;
		remove(head.stream, 0, oflag, current_cred());
	}
}

} // namespace

} // namespace strm

using namespace strm;

// `major` is the clone major for a clone node, whose minor is the driver's major.
extern "C" int strm_head_open(file *file, major_t major, minor_t minor)
{
	const bool clone = major == lin_clone_major();
	if (clone)
		major = driver_of_clone(minor);
	Registered *driver = find_driver(major);
	if (!driver)
		return -ENXIO;

	const Target target{ driver, makedevice(major, clone ? 0 : minor), clone };
	Attempt attempt{ admit(*driver, target.dev, clone, current_cred()), false };
	if (attempt.error == 0) {
		do {
			attempt = attempt_open(file, target);
		} while (attempt.again);
	}
	release(driver);
	return attempt.error;
}

extern "C" void strm_head_release(file *file)
{
	StreamHead &head = head_of(file);
	const int oflag = static_cast<int>(lin_file_flags(file));
	bool last;
	{
		MutexGuard plumbing(head.stream.plumbing);
		store_relaxed(head.stream.opens, head.stream.opens - 1);
		last = head.stream.opens == 0;
		if (last) {
			head.stream.closing.release(1); // pairs with list_stream()
			if (!(oflag & LIN_O_NONBLOCK))
				drain_and_pop(head, oflag);
			dismantle(head.stream, oflag, current_cred());
			store_relaxed(head.stream.dead, true);
		}
	}
	if (last)
		unlist_stream(head.stream);
	drop_head(&head);
}
