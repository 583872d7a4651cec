// SPDX-License-Identifier: GPL-2.0-only
//
// Drivers and devices of the DLPI core come and go: registration, nodes, the leader, and
// devices that are pulled out while streams have them.
#include <kunit/dlpi_test.hh>

namespace strm::testing {

namespace {

// ------------------------------------------------------------------ registration

mac_register_t proper_registration(mac_driver &md, mac_callbacks_t &callbacks)
{
	mac_register_t reg{};

	reg.m_version = MAC_VERSION;
	reg.m_type_ident = MAC_PLUGIN_IDENT_ETHER;
	reg.m_of = &md;
	reg.m_src_addr = played_address;
	reg.m_callbacks = &callbacks;
	reg.m_max_sdu = 1500;
	return reg;
}

void what_is_missing_in_a_registration_is_refused(kunit *test)
{
	void (*const breaks[])(mac_register_t & reg) = {
		[](mac_register_t &reg) { reg.m_version = MAC_VERSION + 1; },
		[](mac_register_t &reg) { reg.m_type_ident = "mac_wifi"; },
		[](mac_register_t &reg) { reg.m_type_ident = nullptr; },
		[](mac_register_t &reg) { reg.m_of = nullptr; },
		[](mac_register_t &reg) { reg.m_instance = MAC_PPA_MAX + 1; },
		[](mac_register_t &reg) { reg.m_src_addr = nullptr; },
		[](mac_register_t &reg) { reg.m_callbacks = nullptr; },
		[](mac_register_t &reg) { reg.m_callbacks->mc_tx = nullptr; },
		[](mac_register_t &reg) { reg.m_callbacks->mc_poll = nullptr; },
		[](mac_register_t &reg) { reg.m_callbacks->mc_setsent = nullptr; },
		[](mac_register_t &reg) { reg.m_callbacks->mc_callbacks |= MC_IOCTL; },
		[](mac_register_t &reg) { reg.m_max_sdu = 63; },
		[](mac_register_t &reg) { reg.m_max_sdu = 65536; },
		[](mac_register_t &reg) { reg.m_min_sdu = 1501; },
		[](mac_register_t &reg) { reg.m_margin = 65536; },
	};
	Nic nic;
	if (!EXPECT(test, bool(nic)))
		return;
	for (auto *break_it : breaks) {
		mac_callbacks_t callbacks = nic.callbacks;
		mac_driver md = { "other", nullptr };
		EXPECT_EQ(test, mac_driver_register(&md, nullptr), 0);
		mac_register_t reg = proper_registration(md, callbacks);
		mac_handle_t mh;
		break_it(reg);
		EXPECT_EQ(test, mac_register(&reg, &mh), EINVAL);
		mac_driver_unregister(&md);
	}
	EXPECT_EQ(test, mac_alloc(MAC_VERSION + 1), nullptr);
}

void a_ppa_is_there_once_and_again_when_it_was_gone(kunit *test)
{
	Nic nic(7);
	if (!EXPECT(test, bool(nic)))
		return;
	mac_handle_t first = nic.mh;
	EXPECT_EQ(test, nic.plug(), EEXIST);
	nic.mh = first;
	nic.unplug();
	EXPECT_EQ(test, nic.plug(), 0);
}

void registering_without_memory_says_so_and_leaves_nothing(kunit *test)
{
	int refusals = 0;
	Nic nic(3);
	if (!EXPECT(test, bool(nic)))
		return;
	nic.unplug();
	for (int nth = 1; nth < 20; nth++) {
		strm_test_fail_allocation(nth);
		const int error = nic.plug();
		const int there_was_no_nth = strm_test_fail_allocation(0);
		if (error == 0) {
			EXPECT(test, there_was_no_nth);
			break;
		}
		EXPECT_EQ(test, error, ENOMEM);
		refusals++;
	}
	EXPECT(test, refusals >= 2);
	EXPECT(test, nic.mh != nullptr);
}

// ------------------------------------------------------------------------- opens

void each_open_of_either_node_is_a_stream_of_its_own(kunit *test)
{
	Nic nic(2);
	DlpiStream a(nic), b(nic), c(nic, true), d(nic, true);
	if (!EXPECT(test, nic && a && b && c && d))
		return;
	for (DlpiStream *one : List{ &a, &b, &c, &d }) {
		EXPECT(test, one->core().minor > MAC_PPA_MAX);
		for (DlpiStream *other : List{ &a, &b, &c, &d })
			EXPECT(test, one == other || one->core().minor != other->core().minor);
	}
	EXPECT_EQ(test, a.state(), DL_UNATTACHED);
	EXPECT_EQ(test, c.state(), DL_UNBOUND);
	EXPECT_EQ(test, nic.started, 1);
}

void a_style_1_node_without_a_device_is_not_opened(kunit *test)
{
	Nic nic(2);
	if (!EXPECT(test, bool(nic)))
		return;
	nic.unplug();
	DlpiStream gone(nic, true);
	EXPECT_EQ(test, gone.open_error(), -ENXIO);
	EXPECT_EQ(test, nic.plug(), 0);
	nic.error.start = EIO;
	DlpiStream broken(nic, true);
	EXPECT_EQ(test, broken.open_error(), -EIO);
	nic.error.start = 0;
	DlpiStream good(nic, true);
	EXPECT_EQ(test, good.open_error(), 0);
}

void minor_numbers_are_given_again(kunit *test)
{
	Nic nic;
	minor_t before;
	{
		DlpiStream a(nic);
		if (!EXPECT(test, nic && a))
			return;
		before = a.core().minor;
	}
	DlpiStream b(nic);
	if (EXPECT(test, bool(b)))
		EXPECT_EQ(test, b.core().minor, before);
}

void an_open_without_memory_fails_and_leaves_nothing(kunit *test)
{
	Nic nic;
	if (!EXPECT(test, bool(nic)))
		return;
	int failures = 0;
	for (int nth = 1; nth < 60; nth++) {
		strm_test_fail_allocation(nth);
		int error;
		{
			DlpiStream s(nic, true);
			error = s.open_error();
			strm_test_fail_allocation(0);
		}
		EXPECT_EQ(test, nic.started, nic.stopped);
		failures += error != 0;
	}
	EXPECT(test, failures >= 3);
	EXPECT_EQ(test, nic.running, false);
}

// -------------------------------------------------------------- start, stop, leader

void a_device_runs_while_a_stream_is_attached(kunit *test)
{
	Nic nic;
	DlpiStream a(nic), b(nic);
	if (!EXPECT(test, nic && a && b))
		return;
	EXPECT_EQ(test, nic.started, 0);
	EXPECT_EQ(test, a.attach(0), 0);
	EXPECT_EQ(test, b.attach(0), 0);
	EXPECT_EQ(test, nic.started, 1);
	EXPECT_EQ(test, a.detach(), 0);
	EXPECT_EQ(test, nic.stopped, 0);
	EXPECT_EQ(test, b.detach(), 0);
	EXPECT_EQ(test, nic.stopped, 1);
	nic.error.start = EIO;
	EXPECT_EQ(test, a.attach(0), refused_by_system(EIO));
	EXPECT_EQ(test, a.state(), DL_UNATTACHED);
	nic.error.start = 0;
	EXPECT_EQ(test, a.attach(0), 0);
	EXPECT_EQ(test, nic.started, 2);
}

// A frame of Ethernet type `sap` to the device.
mblk_t *frame_for(u32 sap)
{
	mblk_t *mp = allocb(64, BPRI_MED);
	if (!mp)
		return nullptr;
	__builtin_memset(mp->b_wptr, 0, 64);
	__builtin_memcpy(mp->b_wptr, played_address, mac_size);
	dlpi::store_be16(mp->b_wptr + 12, sap);
	mp->b_wptr += 64;
	return mp;
}

void the_lead_is_handed_on_with_what_is_to_be_done(kunit *test)
{
	Nic nic;
	DlpiStream *a = new (kmem_alloc(sizeof(DlpiStream), KM_SLEEP)) DlpiStream(nic);
	DlpiStream b(nic);
	if (!EXPECT(test, nic && *a && b))
		return;
	EXPECT_EQ(test, a->attach(0), 0);
	EXPECT_EQ(test, b.attach(0), 0);
	EXPECT_EQ(test, b.bind(0x800), 0);
	const dlpi::Device &d = *b.core().device;
	EXPECT_EQ(test, d.leader, &a->core());
	{
		// The frame is there, and nobody runs before the leader is gone.
		BottomHalvesOff off;
		nic.arriving.add(frame_for(0x800));
		mac_rx_schedule(nic.mh);
	}
	a->~DlpiStream();
	kmem_free(a, sizeof(*a));
	EXPECT_EQ(test, d.leader, &b.core());
	strm_test_softirqs();
	EXPECT(test, b.next().is(DL_UNITDATA_IND));
	EXPECT_EQ(test, b.unbind(), 0);
	EXPECT_EQ(test, b.detach(), 0);
	EXPECT_EQ(test, d.leader, nullptr);
}

// What an interrupt says while the first stream is being attached is not lost, and what
// a stopped device has said is.
void news_of_a_device_that_starts_are_its_leaders(kunit *test)
{
	Nic nic;
	DlpiStream a(nic);
	if (!EXPECT(test, nic && a))
		return;
	nic.arriving.add(frame_for(0x800));
	strm_test_in_interrupt([](void *mh) { mac_rx_schedule(static_cast<mac_handle_t>(mh)); },
			       nic.mh);
	EXPECT_EQ(test, a.attach(0), 0);
	EXPECT_EQ(test, nic.arriving.count(), 1);
	EXPECT_EQ(test, a.detach(), 0);
	nic.callbacks.mc_start = [](void *arg) {
		mac_rx_schedule(static_cast<Nic *>(arg)->mh);
		return 0;
	};
	EXPECT_EQ(test, a.attach(0), 0);
	EXPECT_EQ(test, nic.arriving.count(), 0);
}

// ------------------------------------------------------------------ the device goes

void streams_of_a_device_that_goes_are_hung_up_and_unattached(kunit *test)
{
	Nic nic(1);
	DlpiStream a(nic), b(nic, true), other(nic);
	const u8 group[] = { 1, 0, 0x5e, 0, 0, 1 };
	if (!EXPECT(test, nic && a && b && other))
		return;
	EXPECT_EQ(test, a.attach(1), 0);
	EXPECT_EQ(test, a.bind(0x800), 0);
	EXPECT_EQ(test, b.ask(dl_promiscon_req_t{ DL_PROMISCON_REQ, DL_PROMISC_PHYS }), 0);
	struct {
		dl_enabmulti_req_t req;
		u8 address[mac_size];
	} enable = { { DL_ENABMULTI_REQ, mac_size, sizeof(dl_enabmulti_req_t) }, {} };
	__builtin_memcpy(enable.address, group, mac_size);
	EXPECT_EQ(test, b.ask(&enable, sizeof(enable.req) + mac_size, DL_OK_ACK), 0);
	EXPECT_EQ(test, nic.groups, 1);
	EXPECT(test, nic.promiscuous);

	nic.unplug();
	EXPECT_EQ(test, nic.stopped, 1);
	EXPECT_EQ(test, nic.groups, 0);
	EXPECT(test, !nic.promiscuous);
	for (DlpiStream *s : List{ &a, &b }) {
		EXPECT(test, s->head().snapshot().hung_up);
		EXPECT_EQ(test, s->core().state, DL_UNATTACHED);
		EXPECT_EQ(test, s->core().device, nullptr);
	}
	EXPECT(test, !other.head().snapshot().hung_up);
	EXPECT_EQ(test, other.attach(1), refused_with(DL_BADPPA));
	EXPECT_EQ(test, nic.plug(), 0);
	EXPECT_EQ(test, other.attach(1), 0);
}

// One that was attached and whose device went has what it needs to close.
void what_waits_is_thrown_away_when_the_device_goes(kunit *test)
{
	Nic nic;
	DlpiStream a(nic);
	if (!EXPECT(test, nic && a))
		return;
	EXPECT_EQ(test, a.attach(0), 0);
	EXPECT_EQ(test, a.bind(0x800), 0);
	nic.room = 0;
	mblk_t *mp = frame_for(0x800);
	if (!EXPECT(test, mp != nullptr))
		return;
	const dlpi::Device &d = *a.core().device;
	EXPECT_EQ(test, d.starved.first(), nullptr);
	{
		BottomHalvesOff off;
		dlpi::send(const_cast<dlpi::Stream &>(a.core()), a.driver_write(), mp);
	}
	strm_test_softirqs();
	EXPECT_EQ(test, d.starved.first(), &a.core());
	nic.unplug();
	EXPECT_EQ(test, a.driver_write()->q_first, nullptr);
}

void a_device_may_go_while_its_leader_closes(kunit *test)
{
	for (int round = 0; round < 10; round++) {
		Nic nic;
		if (!EXPECT(test, bool(nic)))
			return;
		auto *a = new (kmem_alloc(sizeof(DlpiStream), KM_SLEEP)) DlpiStream(nic, true);
		struct Unplugger {
			Nic &nic;
			static void run(void *self)
			{
				static_cast<Unplugger *>(self)->nic.unplug();
			}
		} unplugger{ nic };
		strm_test_thread *thread = strm_test_start(Unplugger::run, &unplugger, 1);
		if (round % 2)
			strm_test_pause();
		a->~DlpiStream();
		kmem_free(a, sizeof(*a));
		if (EXPECT(test, thread != nullptr))
			strm_test_join(thread);
		EXPECT_EQ(test, nic.started, 1);
		EXPECT_EQ(test, nic.stopped, 1);
	}
}

} // namespace

} // namespace strm::testing

extern "C" const strm_case strm_dlpi_provider_cases[] = {
	CASE(what_is_missing_in_a_registration_is_refused),
	CASE(a_ppa_is_there_once_and_again_when_it_was_gone),
	CASE(registering_without_memory_says_so_and_leaves_nothing),
	CASE(each_open_of_either_node_is_a_stream_of_its_own),
	CASE(a_style_1_node_without_a_device_is_not_opened),
	CASE(minor_numbers_are_given_again),
	CASE(an_open_without_memory_fails_and_leaves_nothing),
	CASE(a_device_runs_while_a_stream_is_attached),
	CASE(the_lead_is_handed_on_with_what_is_to_be_done),
	CASE(news_of_a_device_that_starts_are_its_leaders),
	CASE(streams_of_a_device_that_goes_are_hung_up_and_unattached),
	CASE(what_waits_is_thrown_away_when_the_device_goes),
	CASE(a_device_may_go_while_its_leader_closes),
	{ nullptr, nullptr },
};
