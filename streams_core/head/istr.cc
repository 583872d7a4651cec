// SPDX-License-Identifier: GPL-2.0-only
//
// ioctls that modules and drivers answer: I_STR, and transparent ones.
//
// The head sends an M_IOCTL down and waits.  The answer is an M_IOCACK or an
// M_IOCNAK; before it, M_COPYIN and M_COPYOUT ask the head to move data to and
// from the caller's memory, each answered with an M_IOCDATA.  One ioctl is under
// way on a stream at a time: it has the slot.  Answers are told by their id, and
// one that comes too late is thrown away.
#include <streams_core/head/head.hh>

namespace strm {

namespace {

// One size for all the forms that an M_IOCTL takes in place.
union IoctlBlock {
	iocblk ioctl;
	copyreq request;
	copyresp response;
};

// The leading fields coincide, so that a block can be retyped in place.
static_assert(__builtin_offsetof(iocblk, ioc_id) == __builtin_offsetof(copyreq, cq_id));
static_assert(__builtin_offsetof(iocblk, ioc_id) == __builtin_offsetof(copyresp, cp_id));
static_assert(__builtin_offsetof(iocblk, ioc_cr) == __builtin_offsetof(copyresp, cp_cr));

struct Request {
	int command;
	bool transparent;
	Message data;
	size_t count;
};

struct Answer {
	int rval;
	Message data; // of an M_IOCACK
	size_t count;
};

template <typename T> T &body(mblk_t *mp)
{
	return *reinterpret_cast<T *>(mp->b_rptr);
}

// The slot of a stream, given back with whatever answer has come late.
class [[nodiscard]] Slot : NoCopy {
public:
	explicit Slot(StreamHead &head) : head_(head) {}
	~Slot()
	{
		if (!mine_)
			return;
		mblk_t *late;
		{
			SpinGuard guard(head_.lock);
			late = head_.ioctl.answer;
			head_.ioctl = {};
		}
		if (late && (late = dismissal(late)))
			send_down(head_, Message(late));
		lin_wake_up_poll(&head_.wait, 0);
	}

	// -EINTR, -ETIME, or what the stream's state refuses with.
	int take()
	{
		long time = lin_msecs_to_jiffies(default_ioctl_seconds * 1000);
		Sleep sleep(head_);
		int answer = sleep.until(
			[this]() -> int {
				if (int refusal = head_.write_refusal(ENXIO))
					return refusal;
				SpinGuard guard(head_.lock);
				if (head_.ioctl.taken)
					return 0;
				head_.ioctl.taken = true;
				return 1;
			},
			time);
		mine_ = answer > 0;
		return mine_ ? 0 : answer;
	}

	// From now on answers with this id are for the owner of the slot.
	void expect(u32 id)
	{
		SpinGuard guard(head_.lock);
		head_.ioctl.id = id;
	}

	// An answer, or a negative error number.
	int wait(long &time, Message &answer)
	{
		Sleep sleep(head_);
		int got = sleep.until(
			[this]() -> int {
				SpinGuard guard(head_.lock);
				if (head_.ioctl.answer)
					return 1;
				if (head_.state.hung_up)
					return -ENXIO;
				return head_.state.write_error ? -head_.state.write_error : 0;
			},
			time);
		if (got < 0)
			return got;
		SpinGuard guard(head_.lock);
		answer = Message(head_.ioctl.answer);
		head_.ioctl.answer = nullptr;
		return 0;
	}

	// A module that waits for its copy is told that there will be none, so
	// that it can free what it keeps for it.  What to send, or nothing.
	static mblk_t *dismissal(mblk_t *mp)
	{
		if (mp->b_datap->db_type == M_COPYIN || mp->b_datap->db_type == M_COPYOUT)
			return answer_copy(mp, EINVAL);
		freemsg(mp);
		return nullptr;
	}

	// An M_COPYIN or M_COPYOUT becomes the M_IOCDATA that answers it.
	static mblk_t *answer_copy(mblk_t *mp, int failed);

private:
	StreamHead &head_;
	bool mine_ = false;
};

mblk_t *Slot::answer_copy(mblk_t *mp, int failed)
{
	mblk_t *private_state = body<copyreq>(mp).cq_private;

	mp->b_datap->db_type = M_IOCDATA;
	mp->b_wptr = mp->b_rptr + sizeof(copyresp);
	copyresp &response = body<copyresp>(mp);
	response.cp_private = private_state;
	response.cp_rval = reinterpret_cast<caddr_t>(static_cast<uintptr_t>(failed));
	if (failed)
		freemsg(unlinkb(mp));
	return mp;
}

// The block owns a reference of the credentials: a module may keep it for long.
mblk_t *make_ioctl(const Request &request, u32 id)
{
	const cred_t *cred = lin_current_cred();
	mblk_t *mp = allocate_with_cred(sizeof(IoctlBlock), LIN_GFP_USER, cred, lin_current_pid());
	if (!mp)
		return nullptr;
	mp->b_datap->db_type = M_IOCTL;

	__builtin_memset(mp->b_rptr, 0, sizeof(IoctlBlock));
	iocblk &ioc = body<iocblk>(mp);
	ioc.ioc_cmd = request.command;
	ioc.ioc_cr = const_cast<cred_t *>(cred);
	ioc.ioc_id = id;
	ioc.ioc_flag = lin_in_compat_syscall() ? IOC_ILP32 : IOC_NATIVE;
	ioc.ioc_count = request.transparent ? TRANSPARENT : request.count;
	mp->b_wptr = mp->b_rptr + sizeof(iocblk);
	return mp;
}

// M_COPYIN: fetch what the module asks for and send it down.  0 or -EFAULT,
// after the module has been told either way.
int copy_in(StreamHead &head, Message answer)
{
	const copyreq request = body<copyreq>(answer.get());
	Message data;
	int error = -ENOSR;

	freemsg(unlinkb(answer.get()));
	if (request.cq_size <= largest_data)
		error = block_from_user(data, M_DATA, request.cq_addr, request.cq_size, 0, 0);
	if (!error)
		answer->b_cont = data.release();
	send_down(head, Message(Slot::answer_copy(answer.release(), -error)));
	return error;
}

int copy_out(StreamHead &head, Message answer)
{
	const copyreq request = body<copyreq>(answer.get());
	size_t have = msgdsize(answer->b_cont);
	int error = 0;

	if (copy_run_out(answer->b_cont, false, request.cq_addr, min(have, request.cq_size)) < 0)
		error = -EFAULT;
	freemsg(unlinkb(answer.get()));
	send_down(head, Message(Slot::answer_copy(answer.release(), -error)));
	return error;
}

// An M_IOCACK or M_IOCNAK.
int finish(Message message, Answer &answer)
{
	const iocblk ioc = body<iocblk>(message.get());

	if (message->b_datap->db_type == M_IOCNAK)
		return ioc.ioc_error ? -ioc.ioc_error : -EINVAL;
	if (ioc.ioc_error)
		return -ioc.ioc_error;
	answer.rval = ioc.ioc_rval;
	answer.count = ioc.ioc_count == TRANSPARENT ? 0 : ioc.ioc_count;
	answer.data = Message(unlinkb(message.get()));
	return 0;
}

// A signal ends the wait, but the ioctl has been sent: it must not be repeated.
int interrupted(int error)
{
	return error == -LIN_ERESTARTSYS ? -EINTR : error;
}

int converse(StreamHead &head, Request &request, long time, Answer &answer)
{
	Slot slot(head);
	int error = slot.take();
	if (!error)
		error = hold_back(head, false);
	if (error)
		return interrupted(error);

	const u32 id = new_ioctl_id();
	Message message(make_ioctl(request, id));
	if (!message)
		return -ENOSR;
	message->b_cont = request.data.release();
	slot.expect(id);
	send_down(head, move(message));

	for (;;) {
		Message reply;
		error = slot.wait(time, reply);
		if (error)
			return interrupted(error);
		switch (reply->b_datap->db_type) {
		case M_COPYIN:
			error = copy_in(head, move(reply));
			break;
		case M_COPYOUT:
			error = copy_out(head, move(reply));
			break;
		default:
			return finish(move(reply), answer);
		}
		if (error)
			return error; // what the module answers now is too late
	}
}

// strioctl in the form of the caller's data model.
int fetch_strioctl(strioctl &request, unsigned long arg)
{
	const void *user = reinterpret_cast<const void *>(arg);

	if (!lin_in_compat_syscall())
		return lin_copy_from_user(&request, user, sizeof(request)) ? -EFAULT : 0;
	struct strioctl32 narrow;
	if (lin_copy_from_user(&narrow, user, sizeof(narrow)))
		return -EFAULT;
	request.ic_cmd = narrow.ic_cmd;
	request.ic_timout = narrow.ic_timout;
	request.ic_len = narrow.ic_len;
	request.ic_dp = reinterpret_cast<char *>(static_cast<uintptr_t>(narrow.ic_dp));
	return 0;
}

constexpr unsigned long ic_len_offset = __builtin_offsetof(strioctl, ic_len);
static_assert(ic_len_offset == __builtin_offsetof(struct strioctl32, ic_len));

bool may_not_be_wrapped(int command)
{
	switch (command) {
	case I_LINK:
	case I_UNLINK:
	case I_PLINK:
	case I_PUNLINK:
		return true;
	}
	return false;
}

long timeout_jiffies(int seconds)
{
	if (seconds == -1)
		return LIN_MAX_TIMEOUT;
	if (seconds == 0)
		seconds = default_ioctl_seconds;
	const u32 longest = 4000000; // in milliseconds it still fits 32 bits
	// One more: the jiffy that is under way does not count.
	return lin_msecs_to_jiffies(min(static_cast<u32>(seconds), longest) * 1000) + 1;
}

} // namespace

// From head_rput: true where somebody is to be woken.
bool ioctl_answer(StreamHead &head, mblk_t *mp)
{
	if (mp->b_wptr - mp->b_rptr >= static_cast<ssize_t>(sizeof(iocblk))) {
		SpinGuard guard(head.lock);
		if (head.ioctl.id && body<iocblk>(mp).ioc_id == head.ioctl.id &&
		    !head.ioctl.answer) {
			head.ioctl.answer = mp;
			return true;
		}
	}
	if ((mp = Slot::dismissal(mp)))
		putnext(head.wr(), mp);
	return false;
}

long head_i_str(StreamHead &head, unsigned long arg)
{
	strioctl user;
	int error = fetch_strioctl(user, arg);
	if (error)
		return error;
	if (user.ic_len < 0 || static_cast<size_t>(user.ic_len) > largest_data ||
	    user.ic_timout < -1 || may_not_be_wrapped(user.ic_cmd))
		return -EINVAL;

	Request request{ user.ic_cmd, false, Message(), static_cast<size_t>(user.ic_len) };
	if (user.ic_len > 0) {
		error = block_from_user(request.data, M_DATA, user.ic_dp, request.count, 0, 0);
		if (error)
			return error;
	}
	Answer answer{ 0, Message(), 0 };
	error = converse(head, request, timeout_jiffies(user.ic_timout), answer);
	if (error)
		return error;

	ssize_t copied = copy_run_out(answer.data.get(), false, user.ic_dp, answer.count);
	if (copied < 0)
		return copied;
	const int length = static_cast<int>(copied);
	if (lin_copy_to_user(reinterpret_cast<void *>(arg + ic_len_offset), &length,
			     sizeof(length)))
		return -EFAULT;
	return answer.rval;
}

long head_transparent(StreamHead &head, unsigned cmd, unsigned long arg)
{
	Request request{ static_cast<int>(cmd), true, Message(), 0 };
	request.data = Message(allocate_typed(sizeof(arg), M_DATA, LIN_GFP_USER));
	if (!request.data)
		return -ENOSR;
	__builtin_memcpy(request.data->b_wptr, &arg, sizeof(arg));
	request.data->b_wptr += sizeof(arg);

	Answer answer{ 0, Message(), 0 };
	int error = converse(head, request, LIN_MAX_TIMEOUT, answer);
	return error ? error : answer.rval;
}

} // namespace strm
