// SPDX-License-Identifier: GPL-2.0-only
//
// Random operations on a queue, against a model that is too simple to be wrong:
// an array of messages in order, whose every figure is counted anew each time.
// After every step the two are the same in all that a module can see.
#include <kunit/test.hh>

namespace strm::testing {

namespace {

constexpr int bands = 6; // 0 to 5
constexpr int most = 40; // messages

// What the rules say of one band.
struct ModelBand {
	size_t high = 0, low = 0;
	bool full = false, wanted = false; // FULL, WANTW
};

struct Figures {
	size_t bytes = 0, blocks = 0;
};

struct Model {
	mblk_t *messages[most];
	int count = 0;
	ModelBand band[bands];
	int nband = 0; // the highest that has a record
	bool want_read = true, no_enable = false;
	// By the last operation:
	bool enabled = false, back_enabled = false;

	static bool high(const mblk_t *mp) { return mp->b_datap->db_type >= QPCTL; }
	static int band_of(const mblk_t *mp) { return high(mp) ? 0 : mp->b_band; }
	static int rank(const mblk_t *mp) { return high(mp) ? 256 : mp->b_band; }
	static bool data(const mblk_t *mp)
	{
		const int type = mp->b_datap->db_type;
		return type == M_DATA || type == M_PROTO || type == M_PCPROTO || type == M_DELAY;
	}

	Figures figures(int of) const
	{
		Figures sum;
		for (int i = 0; i < count; i++) {
			if (band_of(messages[i]) != of)
				continue;
			for (const mblk_t *bp = messages[i]; bp; bp = bp->b_cont) {
				sum.bytes += static_cast<size_t>(bp->b_wptr - bp->b_rptr);
				sum.blocks++;
			}
		}
		return sum;
	}

	// In front of its own kind, or behind it.
	int place_of(const mblk_t *mp, bool in_front) const
	{
		int place = 0;
		while (place < count && (in_front ? rank(messages[place]) > rank(mp) :
						    rank(messages[place]) >= rank(mp)))
			place++;
		return place;
	}
	bool may_stand(const mblk_t *mp, int place) const
	{
		return place >= place_of(mp, true) && place <= place_of(mp, false);
	}

	void insert(mblk_t *mp, int place)
	{
		for (int i = count++; i > place; i--)
			messages[i] = messages[i - 1];
		messages[place] = mp;
		for (; nband < band_of(mp); nband++)
			band[nband + 1] = { band[0].high, band[0].low, false, false };
		ModelBand &mine = band[band_of(mp)];
		const Figures now = figures(band_of(mp));
		if (now.bytes >= mine.high || now.blocks >= mine.high)
			mine.full = true;
	}
	mblk_t *remove(int place)
	{
		mblk_t *mp = messages[place];
		for (int i = place; i + 1 < count; i++)
			messages[i] = messages[i + 1];
		count--;
		ModelBand &mine = band[band_of(mp)];
		const Figures now = figures(band_of(mp));
		if (now.bytes < mine.high && now.blocks < mine.high)
			mine.full = false;
		return mp;
	}
	void back_enable(int of)
	{
		const Figures now = figures(of);
		if (band[of].low && (now.bytes >= band[of].low || now.blocks >= band[of].low))
			return;
		back_enabled |= band[of].wanted;
		band[of].wanted = false;
	}
	void enable(bool asked) { enabled = asked && !no_enable; }

	// What a queue is told, in its own words.
	void putq(mblk_t *mp)
	{
		insert(mp, place_of(mp, false));
		enable(want_read || band_of(mp) > 0);
		enabled |= high(mp);
	}
	void putbq(mblk_t *mp)
	{
		insert(mp, place_of(mp, true));
		enable(want_read);
		enabled |= high(mp);
	}
	void insq(mblk_t *mp, int place)
	{
		insert(mp, place);
		enable(want_read);
	}
	mblk_t *getq()
	{
		want_read = count == 0;
		return count ? rmvq(0) : nullptr;
	}
	mblk_t *rmvq(int place)
	{
		mblk_t *mp = remove(place);
		back_enable(band_of(mp));
		return mp;
	}
	template <typename Doomed> void flush(Doomed doomed)
	{
		for (int i = count; i-- > 0;) {
			if (doomed(messages[i]))
				remove(i);
		}
		for (int of = nband; of >= 0; of--)
			back_enable(of);
	}
	bool canput(int of)
	{
		if (of > nband || !band[of].full)
			return true;
		band[of].wanted = true;
		return false;
	}
};

// A queue with a service procedure, a writer behind it that has one too, and the
// model of the queue.  Tells the seed and the step of what does not agree.
class Experiment {
public:
	Experiment(kunit *test, u32 seed) : test_(test), seed_(seed), dice_(seed)
	{
		if (!EXPECT(test, writer_ && queue_)) {
			failed_ = true;
			return;
		}
		set_marks(0);
		settle();
	}

	void run(int steps)
	{
		for (step_ = 0; step_ < steps && !failed_; step_++) {
			model_.enabled = false;
			model_.back_enabled = false;
			// Goes up for a while, then down.
			act(dice_.below(100) < (step_ / 100 % 2 ? 25u : 80u));
			compare();
			if (model_.count > fullest_)
				fullest_ = model_.count;
			for (int band = 0; band <= model_.nband; band++)
				refused_ += model_.band[band].wanted;
			back_enables_ += model_.back_enabled;
		}
	}
	// It went where there was something to see.
	bool worth_it() const { return fullest_ > most / 2 && refused_ > 20 && back_enables_ > 10; }

private:
	queue_t *q() { return queue_.wr(); }

	void settle()
	{
		strm_test_softirqs();
		queue_.down.services = 0;
		writer_.down.services = 0;
	}

	void same(const char *what, long long is, long long expected, int band = -1)
	{
		if (is == expected || failed_)
			return;
		Text text;
		for (const char *part : List{ operation_, ": ", what })
			for (const char *c = part; *c; c++)
				text.add(*c);
		if (band >= 0) {
			text.add(' ');
			text.add(static_cast<char>('0' + band));
		}
		failed_ = true;
		strm_test_fail_equal(test_, __FILE_NAME__, __LINE__, text, is, expected);
		strm_test_fail_equal(test_, __FILE_NAME__, __LINE__, "seed and step", seed_, step_);
	}

	mblk_t *any_message()
	{
		constexpr int types[] = { M_DATA,  M_PROTO,   M_DATA,  M_CTL,
					  M_DELAY, M_PCPROTO, M_FLUSH, M_IOCACK };
		mblk_t *whole = nullptr;

		for (u32 blocks = 1 + dice_.below(3); blocks > 0; blocks--) {
			mblk_t *bp = allocb(30, BPRI_MED);
			if (!bp)
				break;
			bp->b_wptr += dice_.below(31);
			bp->b_rptr += dice_.below(static_cast<u32>(MBLKL(bp)) + 1) / 4;
			bp->b_datap->db_type = static_cast<unsigned char>(types[dice_.below(8)]);
			bp->b_band = static_cast<unsigned char>(dice_.below(bands));
			bp->b_cont = whole;
			whole = bp;
		}
		return whole;
	}

	void act(bool up)
	{
		switch (dice_.below(20)) {
		case 0 ... 2:
			ask(static_cast<int>(dice_.below(bands + 1)));
			break;
		case 3:
			toggle();
			break;
		case 4:
			set_marks(
				static_cast<int>(dice_.below(static_cast<u32>(model_.nband) + 1)));
			break;
		default:
			if (!up)
				take();
			else if (mblk_t *mp = model_.count < most ? any_message() : nullptr)
				give(mp);
		}
	}

	void ask(int band)
	{
		operation_ = "bcanput";
		const int answer = band || dice_.below(2) ?
					   bcanput(q(), static_cast<uchar_t>(band)) :
					   canput(q());
		same("the answer", answer, band >= bands || model_.canput(band));
	}

	void toggle()
	{
		operation_ = model_.no_enable ? "enableok" : "noenable";
		(model_.no_enable ? enableok : noenable)(q());
		model_.no_enable = !model_.no_enable;
	}

	// Marks say nothing until the next message comes or goes.
	void set_marks(int band)
	{
		operation_ = "new water marks";
		const size_t high = 1 + dice_.below(200);
		const size_t low = dice_.below(4) ? dice_.below(static_cast<u32>(high) + 1) : 0;
		model_.band[band].high = high;
		model_.band[band].low = low;
		if (band) {
			record(band)->qb_hiwat = high;
			record(band)->qb_lowat = low;
		} else {
			q()->q_hiwat = high;
			q()->q_lowat = low;
		}
	}

	void give(mblk_t *mp)
	{
		switch (dice_.below(3)) {
		case 0:
			operation_ = "putbq";
			same("the answer", putbq(q(), mp), 1);
			model_.putbq(mp);
			break;
		case 1:
			operation_ = "insq";
			give_at(mp,
				static_cast<int>(dice_.below(static_cast<u32>(model_.count) + 1)));
			break;
		default:
			operation_ = "putq";
			same("the answer", putq(q(), mp), 1);
			model_.putq(mp);
		}
	}

	void give_at(mblk_t *mp, int place)
	{
		mblk_t *before = place < model_.count ? model_.messages[place] : nullptr;
		const bool may = model_.may_stand(mp, place);

		same("the answer", insq(q(), before, mp), may);
		if (may)
			model_.insq(mp, place);
		else
			freemsg(mp);
	}

	void take()
	{
		const auto band = static_cast<uchar_t>(dice_.below(bands));
		const int flag = dice_.below(2) ? FLUSHALL : FLUSHDATA;

		switch (dice_.below(30)) {
		case 0:
			operation_ = flag == FLUSHALL ? "flushq of all" : "flushq of data";
			// First the model: what is flushed can be looked at no more.
			model_.flush(
				[=](mblk_t *mp) { return flag == FLUSHALL || Model::data(mp); });
			flushq(q(), flag);
			break;
		case 1:
			operation_ = flag == FLUSHALL ? "flushband of all" : "flushband of data";
			model_.flush([=](mblk_t *mp) {
				return Model::band_of(mp) == band &&
				       (flag == FLUSHALL || Model::data(mp));
			});
			flushband(q(), band, flag);
			break;
		case 2 ... 11:
			if (model_.count) {
				operation_ = "rmvq";
				mblk_t *mp = model_.rmvq(static_cast<int>(
					dice_.below(static_cast<u32>(model_.count))));
				rmvq(q(), mp);
				freemsg(mp);
			}
			break;
		default:
			operation_ = "getq";
			mblk_t *mp = getq(q());
			same("what comes", number(mp), number(model_.getq()));
			freemsg(mp);
		}
	}

	qband_t *record(int band)
	{
		qband_t *it = q()->q_bandp;
		while (--band)
			it = it->qb_next;
		return it;
	}

	void compare()
	{
		strm_test_softirqs();
		same("runs of the service procedure", queue_.down.services, model_.enabled);
		same("runs of the writer's", writer_.down.services, model_.back_enabled);
		settle();
		compare_order();
		const uint_t flags = q()->q_flag;
		same("QWANTR", !!(flags & QWANTR), model_.want_read);
		same("QNOENB", !!(flags & QNOENB), model_.no_enable);
		same("number of bands", q()->q_nband, model_.nband);
		for (int band = 0; band <= model_.nband && !failed_; band++)
			compare_band(band);
	}

	void compare_order()
	{
		const mblk_t *mp = q()->q_first, *last = nullptr;

		for (int i = 0; i < model_.count && !failed_; i++) {
			same("order", number(mp), number(model_.messages[i]));
			if (failed_)
				return;
			same("b_prev", number(mp->b_prev), number(last));
			if (Model::high(mp))
				same("band of high priority", mp->b_band, 0);
			last = mp;
			mp = mp->b_next;
		}
		same("q_first or the last b_next", number(mp), 0);
		same("q_last", number(q()->q_last), number(last));
		same("qsize", qsize(q()), model_.count);
	}

	void compare_band(int band)
	{
		const ModelBand &expected = model_.band[band];
		const Figures sum = model_.figures(band);
		if (band == 0) {
			same("bytes of the queue", q()->q_count, sum.bytes);
			same("blocks of the queue", q()->q_mblkcnt, sum.blocks);
			same("QFULL", !!(q()->q_flag & QFULL), expected.full);
			same("QWANTW", !!(q()->q_flag & QWANTW), expected.wanted);
			return;
		}
		const qband_t &is = *record(band);
		same("bytes of band", is.qb_count, sum.bytes, band);
		same("blocks of band", is.qb_mblkcnt, sum.blocks, band);
		same("QB_FULL of band", !!(is.qb_flag & QB_FULL), expected.full, band);
		same("QB_WANTW of band", !!(is.qb_flag & QB_WANTW), expected.wanted, band);
		same("high mark of band", is.qb_hiwat, expected.high, band);
		same("low mark of band", is.qb_lowat, expected.low, band);
	}

	kunit *test_;
	u32 seed_;
	Dice dice_;
	int step_ = 0;
	const char *operation_ = "the beginning";
	bool failed_ = false;
	int fullest_ = 0, back_enables_ = 0;
	int refused_ = 0; // bands that somebody waits for, added up
	Pair writer_{ serving };
	Pair queue_{ serving, D_MP, &writer_ };
	Model model_;
};

void random_operations_agree_with_an_array(kunit *test)
{
	for (u32 seed : List{ 1, 2, 3, 5, 8, 13, 21, 2026 }) {
		Experiment experiment(test, seed);
		experiment.run(2500);
		EXPECT(test, experiment.worth_it());
	}
}

} // namespace

} // namespace strm::testing

extern "C" const strm_case strm_model_cases[] = {
	CASE(random_operations_agree_with_an_array),
	{ nullptr, nullptr },
};
