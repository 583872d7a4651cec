// SPDX-License-Identifier: GPL-2.0-only
//
// Waiting for others to have been inside, for qwait().
//
// While somebody watches, the gate says so, and with that no gate is open: whoever
// leaves comes by here.  Processes that leave do not count: two of them that wait in
// turn would wake each other for ever.
#include <perimeter/perimeter.hh>

namespace strm {

u32 Perimeter::watch()
{
	SpinGuard guard(lock_);
	watched_++;
	publish();
	return returns_.relaxed();
}

void Perimeter::unwatch()
{
	SpinGuard guard(lock_);
	watched_--;
	publish();
}

void Perimeter::wake_watchers()
{
	returns_.fetch_add(1);
	lin_wake_up_poll(&watchers_, 0);
}

Perimeter::Watcher::Watcher(Perimeter &first, Perimeter &second) : watched_{ &first, &second }
{
	for (int i = 0; i < 2; i++)
		since_[i] = watched_[i]->watch();
}

Perimeter::Watcher::~Watcher()
{
	for (Perimeter *perimeter : watched_)
		perimeter->unwatch();
}

bool Perimeter::Watcher::over() const
{
	return watched_[0]->returns_.acquire() != since_[0] ||
	       watched_[1]->returns_.acquire() != since_[1];
}

bool Perimeter::Watcher::wait(bool interruptible)
{
	lin_wait_entry entries[2];
	bool signal = false;

	for (lin_wait_entry &entry : entries)
		lin_init_wait(&entry);
	for (;;) {
		for (int i = 0; i < 2; i++)
			lin_prepare_to_wait(&watched_[i]->watchers_, &entries[i], interruptible);
		signal = interruptible && lin_signal_pending();
		if (signal || over())
			break;
		lin_schedule_timeout(LIN_MAX_TIMEOUT);
	}
	for (int i = 0; i < 2; i++)
		lin_finish_wait(&watched_[i]->watchers_, &entries[i]);
	return !signal;
}

} // namespace strm
