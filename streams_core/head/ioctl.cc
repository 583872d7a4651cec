// SPDX-License-Identifier: GPL-2.0-only
//
// ioctl(2): those that the head itself answers.  All others are transparent.
#include <streams_core/head/head.hh>
#include <sys/strm.h>

using namespace strm;

namespace strm {

namespace {

long put_int(unsigned long arg, int value)
{
	return lin_copy_to_user(reinterpret_cast<void *>(arg), &value, sizeof(value)) ? -EFAULT : 0;
}

// A name of a module, which may end right before memory that is not there.
// -EFAULT, or -EINVAL where it is longer than a name can be.
int fetch_name(char (&name)[FMNAMESZ + 1], unsigned long arg)
{
	for (size_t i = 0; i <= FMNAMESZ; i++) {
		if (lin_copy_from_user(&name[i], reinterpret_cast<const char *>(arg) + i, 1))
			return -EFAULT;
		if (!name[i])
			return 0;
	}
	return -EINVAL;
}

long i_nread(StreamHead &head, unsigned long arg)
{
	int bytes = 0;
	int messages = 0;
	{
		SpinGuard guard(inner(head.rd()).lock);
		const mblk_t *mp = head.rd()->q_first;
		if (mp)
			bytes = static_cast<int>(msgdsize(mp));
		for (; mp; mp = mp->b_next)
			messages++;
	}
	long error = put_int(arg, bytes);
	return error ? error : messages;
}

long fionread(StreamHead &head, unsigned long arg)
{
	int bytes = 0;
	{
		SpinGuard guard(inner(head.rd()).lock);
		for (const mblk_t *mp = head.rd()->q_first; mp; mp = mp->b_next)
			bytes += static_cast<int>(msgdsize(mp));
	}
	return put_int(arg, bytes);
}

long i_srdopt(StreamHead &head, unsigned long arg)
{
	const int mode = static_cast<int>(arg) & RMODEMASK;
	const int protocol = static_cast<int>(arg) & (RPROTDAT | RPROTDIS | RPROTNORM);

	if (arg & ~static_cast<unsigned long>(RMODEMASK | RPROTDAT | RPROTDIS | RPROTNORM) ||
	    mode == RMODEMASK || (protocol & (protocol - 1)))
		return -EINVAL;
	SpinGuard guard(head.lock);
	HeadState state = head.state;
	const int kept = state.read_options & (RPROTDAT | RPROTDIS | RPROTNORM);
	state.read_options = mode | (protocol ? protocol : kept);
	head.change(state);
	return 0;
}

long i_swropt(StreamHead &head, unsigned long arg)
{
	if (arg & ~static_cast<unsigned long>(SNDZERO | SNDPIPE))
		return -EINVAL;
	SpinGuard guard(head.lock);
	HeadState state = head.state;
	state.write_options = static_cast<int>(arg);
	head.change(state);
	return 0;
}

long i_flush(StreamHead &head, unsigned what, unsigned band, bool banded)
{
	if (what & ~static_cast<unsigned>(FLUSHRW))
		return -EINVAL;
	if (int refusal = head.write_refusal(ENXIO))
		return refusal;
	if (int error = hold_back(head, false))
		return error;
	Message mp(allocate_typed(2, M_FLUSH, LIN_GFP_USER));
	if (!mp)
		return -ENOSR;
	*mp->b_wptr++ = static_cast<unsigned char>(what | (banded ? FLUSHBAND : 0));
	if (banded)
		*mp->b_wptr++ = static_cast<unsigned char>(band);
	send_down(head, move(mp));
	return 0;
}

long i_flushband(StreamHead &head, unsigned long arg)
{
	bandinfo info;

	if (lin_copy_from_user(&info, reinterpret_cast<const void *>(arg), sizeof(info)))
		return -EFAULT;
	if (info.bi_flag == 0)
		return -EINVAL;
	return i_flush(head, static_cast<unsigned>(info.bi_flag), info.bi_pri, true);
}

long i_ckband(StreamHead &head, unsigned long band)
{
	if (band > 255)
		return -EINVAL;
	SpinGuard guard(inner(head.rd()).lock);
	for (const mblk_t *mp = head.rd()->q_first; mp; mp = mp->b_next) {
		if (mp->b_band == band)
			return 1;
	}
	return 0;
}

long i_canput(StreamHead &head, unsigned long band)
{
	if (band > 255)
		return -EINVAL;
	return room_below(head, static_cast<unsigned>(band));
}

long i_getband(StreamHead &head, unsigned long arg)
{
	int band;
	{
		SpinGuard guard(inner(head.rd()).lock);
		if (!head.rd()->q_first)
			return -ENODATA;
		band = head.rd()->q_first->b_band;
	}
	return put_int(arg, band);
}

// As much of a name as the interface has room for: FMNAMESZ characters.
void copy_name(char (&to)[FMNAMESZ + 1], const char *from)
{
	size_t i = 0;
	for (; i < FMNAMESZ && from[i]; i++)
		to[i] = from[i];
	to[i] = '\0';
}

// Those which a stream in error or hung up still answers.
bool needs_no_stream(unsigned cmd)
{
	switch (cmd) {
	case STRM_ISASTREAM:
	case STRM_GETMSG: // these know themselves what refuses them
	case STRM_GETPMSG:
	case STRM_PUTMSG:
	case STRM_PUTPMSG:
	case I_NREAD:
	case I_LOOK:
	case I_LIST:
	case I_FIND:
	case I_GRDOPT:
	case I_GWROPT:
		return true;
	}
	return false;
}

constexpr unsigned FIONREAD_ = 0x541b;

} // namespace

namespace {

// With the plumbing mutex held, or why not.
template <typename Change> long replumb(StreamHead &head, bool nonblock, Change change)
{
	if (int refusal = head.write_refusal(ENXIO))
		return refusal;
	TryMutexGuard plumbing(head.stream.plumbing, nonblock);
	if (!plumbing.ok())
		return plumbing.error();
	head.stream.plumbing.held();
	return change();
}

// strmodconf in the form of the caller's data model, with the name fetched.
int fetch_place(unsigned long arg, u32 &above, char (&name)[FMNAMESZ + 1])
{
	const void *user = reinterpret_cast<const void *>(arg);
	strmodconf conf;

	if (lin_in_compat_syscall()) {
		struct strmodconf32 narrow;
		if (lin_copy_from_user(&narrow, user, sizeof(narrow)))
			return -EFAULT;
		conf.pos = narrow.pos;
		conf.mod_name = reinterpret_cast<char *>(static_cast<uintptr_t>(narrow.mod_name));
	} else if (lin_copy_from_user(&conf, user, sizeof(conf))) {
		return -EFAULT;
	}
	if (conf.pos < 0)
		return -EINVAL;
	above = static_cast<u32>(conf.pos);
	return fetch_name(name, reinterpret_cast<unsigned long>(conf.mod_name));
}

} // namespace

long head_push(StreamHead &head, file *file, unsigned long arg)
{
	char name[FMNAMESZ + 1];
	if (int error = fetch_name(name, arg))
		return error;
	return replumb(head, false, [&]() STRM_NO_ANALYSIS {
		return insert(head.stream, 0, name, static_cast<int>(lin_file_flags(file)),
			      current_cred());
	});
}

long head_pop(StreamHead &head, file *file)
{
	return replumb(head, nonblocking(file), [&]() STRM_NO_ANALYSIS {
		return remove(head.stream, 0, static_cast<int>(lin_file_flags(file)),
			      current_cred());
	});
}

// Where I_PUSH and I_POP are at the top these are anywhere, position 0 the top.
long head_insert(StreamHead &head, file *file, unsigned long arg)
{
	char name[FMNAMESZ + 1];
	u32 above;

	if (int error = fetch_place(arg, above, name))
		return error;
	return replumb(head, false, [&]() STRM_NO_ANALYSIS {
		return insert(head.stream, above, name, static_cast<int>(lin_file_flags(file)),
			      current_cred());
	});
}

// The name says what the caller believes to be there.
long head_remove(StreamHead &head, file *file, unsigned long arg)
{
	char name[FMNAMESZ + 1];
	u32 above;

	if (int error = fetch_place(arg, above, name))
		return error;
	return replumb(head, nonblocking(file), [&]() STRM_NO_ANALYSIS {
		const Component *there = component_at(head.stream, above);
		if (!there || __builtin_strcmp(there->registered->name, name) != 0)
			return -EINVAL;
		return remove(head.stream, above, static_cast<int>(lin_file_flags(file)),
			      current_cred());
	});
}

long head_look(StreamHead &head, unsigned long arg)
{
	char name[FMNAMESZ + 1] = {};
	{
		TryMutexGuard plumbing(head.stream.plumbing, false);
		if (!plumbing.ok())
			return plumbing.error();
		head.stream.plumbing.held();
		if (!head.stream.pushed)
			return -EINVAL;
		copy_name(name, head.stream.top->registered->name);
	}
	const size_t length = __builtin_strlen(name) + 1;
	return lin_copy_to_user(reinterpret_cast<void *>(arg), name, length) ? -EFAULT : 0;
}

namespace {

long has_module(StreamHead &head, const Registered *wanted)
{
	TryMutexGuard plumbing(head.stream.plumbing, false);
	if (!plumbing.ok())
		return plumbing.error();
	head.stream.plumbing.held();
	for (const Component *it = head.stream.top; it; it = it->below) {
		if (it->registered == wanted)
			return 1;
	}
	return 0;
}

} // namespace

long head_find(StreamHead &head, unsigned long arg)
{
	char name[FMNAMESZ + 1];
	if (int error = fetch_name(name, arg))
		return error;
	Registered *wanted = find_module(name);
	if (!wanted)
		return -EINVAL;
	long found = has_module(head, wanted);
	release(wanted);
	return found;
}

namespace {

// str_list in the form of the caller's data model: how many entries, and where.
int fetch_str_list(str_list &list, unsigned long arg)
{
	const void *user = reinterpret_cast<const void *>(arg);

	if (!lin_in_compat_syscall())
		return lin_copy_from_user(&list, user, sizeof(list)) ? -EFAULT : 0;
	struct str_list32 narrow;
	if (lin_copy_from_user(&narrow, user, sizeof(narrow)))
		return -EFAULT;
	list.sl_nmods = narrow.sl_nmods;
	list.sl_modlist = reinterpret_cast<str_mlist *>(static_cast<uintptr_t>(narrow.sl_modlist));
	return 0;
}

} // namespace

long head_list(StreamHead &head, unsigned long arg)
{
	str_mlist names[most_pushed + 1] = {};
	str_list list;
	int count = 0;

	if (arg) {
		if (int error = fetch_str_list(list, arg))
			return error;
		if (list.sl_nmods <= 0)
			return -EINVAL;
	}
	{
		TryMutexGuard plumbing(head.stream.plumbing, false);
		if (!plumbing.ok())
			return plumbing.error();
		head.stream.plumbing.held();
		for (Component *it = head.stream.top; it; it = it->below)
			copy_name(names[count++].l_name, it->registered->name);
	}
	if (!arg)
		return count;
	count = min(count, list.sl_nmods);
	if (lin_copy_to_user(list.sl_modlist, names, static_cast<size_t>(count) * sizeof(names[0])))
		return -EFAULT;
	return put_int(arg, count);
}

} // namespace strm

extern "C" long strm_head_ioctl(file *file, unsigned int cmd, unsigned long arg)
{
	StreamHead &head = head_of(file);

	if (!needs_no_stream(cmd)) {
		if (int refusal = head.read_refusal())
			return refusal;
		const HeadState state = head.snapshot();
		if (state.write_error)
			return -state.write_error;
	}
	switch (cmd) {
	case STRM_ISASTREAM:
		return 1;
	case STRM_GETMSG:
	case STRM_GETPMSG:
		return head_getmsg(head, file, cmd, arg);
	case STRM_PUTMSG:
	case STRM_PUTPMSG:
		return head_putmsg(head, file, cmd, arg);
	case I_NREAD:
		return i_nread(head, arg);
	case FIONREAD_:
		return fionread(head, arg);
	case I_PUSH:
		return head_push(head, file, arg);
	case I_POP:
		return head_pop(head, file);
	case _I_INSERT:
		return head_insert(head, file, arg);
	case _I_REMOVE:
		return head_remove(head, file, arg);
	case I_LOOK:
		return head_look(head, arg);
	case I_FIND:
		return head_find(head, arg);
	case I_LIST:
		return head_list(head, arg);
	case I_FLUSH:
		return arg > FLUSHRW ? -EINVAL :
				       i_flush(head, static_cast<unsigned>(arg), 0, false);
	case I_FLUSHBAND:
		return i_flushband(head, arg);
	case I_SRDOPT:
		return i_srdopt(head, arg);
	case I_GRDOPT:
		return put_int(arg, head.snapshot().read_options);
	case I_SWROPT:
		return i_swropt(head, arg);
	case I_GWROPT:
		return put_int(arg, head.snapshot().write_options);
	case I_CKBAND:
		return i_ckband(head, arg);
	case I_CANPUT:
		return i_canput(head, arg);
	case I_GETBAND:
		return i_getband(head, arg);
	case I_STR:
		return head_i_str(head, arg);
	}
	if (int refusal = head.write_refusal(ENXIO))
		return refusal;
	return head_transparent(head, cmd, arg);
}
