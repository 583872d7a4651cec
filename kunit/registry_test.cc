// SPDX-License-Identifier: GPL-2.0-only
//
// mod_install() and its relatives, drivers that attach, their nodes and
// properties.
#include <kunit/test.hh>
#include <streams_core/plumbing/devinfo.hh>
#include <sys/errno.h>
#include <sys/modctl.h>

namespace strm::testing {

namespace {

constexpr int character_file = 0020000;
constexpr int block_file = 0060000;

// ------------------------------------------------- what is installed

// What the driver's procedures shall do, and what has happened to it.
struct Drive {
	int probe = DDI_PROBE_SUCCESS;
	int attach = DDI_SUCCESS;
	int detach = DDI_SUCCESS;
	int getinfo = DDI_SUCCESS;
	uintptr_t instance = 0;
	int probes = 0, attaches = 0, detaches = 0;
	dev_info_t *dip = nullptr;
	void (*in_attach)(dev_info_t *dip) = nullptr;
	int refusals = 0; // of detach, before it does what it shall
};

constinit Drive drive;

int open_nothing(queue_t *q, dev_t *, int, int, cred_t *)
{
	qprocson(q);
	return 0;
}

int close_nothing(queue_t *q, int, cred_t *)
{
	qprocsoff(q);
	return 0;
}

int drive_probe(dev_info_t *)
{
	drive.probes++;
	return drive.probe;
}

int drive_attach(dev_info_t *dip, ddi_attach_cmd_t cmd)
{
	drive.attaches++;
	drive.dip = dip;
	if (drive.in_attach)
		drive.in_attach(dip);
	return cmd == DDI_ATTACH ? drive.attach : DDI_FAILURE;
}

int drive_detach(dev_info_t *, ddi_detach_cmd_t cmd)
{
	drive.detaches++;
	if (drive.refusals && drive.refusals--)
		return DDI_FAILURE;
	return cmd == DDI_DETACH ? drive.detach : DDI_FAILURE;
}

int drive_getinfo(dev_info_t *, ddi_info_cmd_t cmd, void *, void **result)
{
	*result = reinterpret_cast<void *>(drive.instance);
	return cmd == DDI_INFO_DEVT2INSTANCE ? drive.getinfo : DDI_FAILURE;
}

constinit qinit can_open = { watched_put, nullptr,    open_nothing, close_nothing,
			     nullptr,	  &test_info, nullptr };
constinit qinit unput = { nullptr, nullptr,    open_nothing, close_nothing,
			  nullptr, &test_info, nullptr };
constinit streamtab tab = { &can_open, &passing, nullptr, nullptr };
constinit streamtab drive_tab = { &unput, &passing, nullptr, nullptr };

constinit fmodsw first{ "regone", &tab, D_MP };
constinit fmodsw second{ "regtwo", &tab, D_MP | D_MTQPAIR };
constinit cb_ops drive_cb{};
constinit dev_ops drive_ops{};
constinit char *conf = nullptr;
const strm_linked linked = { &__this_module, "regdrv", &conf };

constinit modlstrmod first_element = { &strm_mod_strmodops, "the first", &first };
constinit modlstrmod second_element = { &strm_mod_strmodops, "the second", &second };
constinit modldrv drive_element = { &strm_mod_driverops, "the driver", &drive_ops };
constinit modlmisc misc_element = { &strm_mod_miscops, "some functions" };

// Everything as it should be, for a case to spoil.
struct Fresh {
	Fresh()
	{
		drive = Drive();
		conf = nullptr;
		first = { "regone", &tab, D_MP };
		second = { "regtwo", &tab, D_MP | D_MTQPAIR };
		drive_cb = cb_ops();
		drive_cb.cb_str = &drive_tab;
		drive_cb.cb_flag = D_MP;
		drive_ops = dev_ops();
		drive_ops.devo_rev = DEVO_REV;
		drive_ops.devo_probe = drive_probe;
		drive_ops.devo_attach = drive_attach;
		drive_ops.devo_detach = drive_detach;
		drive_ops.devo_getinfo = drive_getinfo;
		drive_ops.devo_cb_ops = &drive_cb;
	}

	int install() { return strm_mod_install(&linkage, &linked); }
	int remove() { return strm_mod_remove(&linkage); }

	modlinkage linkage = { MODREV_1,
			       { &first_element, &second_element, &drive_element, &misc_element } };
};

// Whether a module is registered; it is not held afterwards.
bool is_there(const char *name)
{
	Registered *found = find_module(name);

	if (found)
		release(found);
	return found;
}

Registered *drive_held()
{
	const int major = major_of_driver("regdrv");
	return major < 0 ? nullptr : find_driver(static_cast<major_t>(major));
}

bool nothing_is_there()
{
	return !find_by_owner(&__this_module);
}

// ------------------------------------------------- all or nothing

void all_of_a_linkage_is_installed_and_removed(kunit *test)
{
	Fresh fresh;

	EXPECT_EQ(test, fresh.install(), 0);
	EXPECT(test, is_there("regone"));
	EXPECT(test, is_there("regtwo"));
	EXPECT(test, major_of_driver("regdrv") > 0);
	EXPECT_EQ(test, drive.attaches, 1);
	EXPECT_EQ(test, fresh.remove(), 0);
	EXPECT_EQ(test, drive.detaches, 1);
	EXPECT(test, nothing_is_there());
	EXPECT_EQ(test, fresh.remove(), ENOENT);
}

void a_linkage_that_is_not_right_is_refused(kunit *test)
{
	Fresh fresh;
	mod_ops others{ 9 };
	modlmisc foreign = { &others, "of another kind" };

	fresh.linkage.ml_rev = 2;
	EXPECT_EQ(test, fresh.install(), EINVAL);
	fresh.linkage = { MODREV_1, {} };
	EXPECT_EQ(test, fresh.install(), EINVAL);
	fresh.linkage = { MODREV_1, { &first_element, &foreign } };
	EXPECT_EQ(test, fresh.install(), EINVAL);
	fresh.linkage = { MODREV_1, { &first_element, &drive_element } };
	drive_cb.cb_str = nullptr;
	EXPECT_EQ(test, fresh.install(), EINVAL);
	drive_ops.devo_cb_ops = nullptr;
	EXPECT_EQ(test, fresh.install(), EINVAL);
	EXPECT(test, nothing_is_there());
	EXPECT_EQ(test, drive.attaches, 0);
}

void one_that_is_refused_takes_the_others_with_it(kunit *test)
{
	Fresh fresh;

	second.f_flag = D_MP | D_MTPUTSHARED;
	EXPECT_EQ(test, fresh.install(), EINVAL);
	EXPECT(test, nothing_is_there());
	second = { "regone", &tab, D_MP };
	EXPECT_EQ(test, fresh.install(), EEXIST);
	EXPECT(test, nothing_is_there());
	EXPECT_EQ(test, drive.attaches, 0);
}

void a_name_that_is_taken_stays_with_its_owner(kunit *test)
{
	Fresh fresh;
	fmodsw rival = { "regone", &tab, D_MP };
	modlstrmod element = { &strm_mod_strmodops, "a rival", &rival };
	modlinkage rivals = { MODREV_1, { &element } };

	EXPECT_EQ(test, fresh.install(), 0);
	EXPECT_EQ(test, strm_mod_install(&rivals, &linked), EEXIST);
	EXPECT_EQ(test, strm_mod_remove(&rivals), ENOENT);
	EXPECT(test, is_there("regone"));
	EXPECT_EQ(test, fresh.remove(), 0);
}

// Every allocation fails once.
void installing_without_memory_leaves_nothing(kunit *test)
{
	Fresh fresh;
	char words[] = "speed=9 name=word";
	int failed = 0;

	conf = words;
	drive.in_attach = [](dev_info_t *dip) {
		if (ddi_create_minor_node(dip, "regnode", character_file, 0, DDI_PSEUDO, 0))
			drive.attach = DDI_FAILURE;
	};
	for (int nth = 1; nth < 100; nth++) {
		drive.attach = DDI_SUCCESS;
		strm_test_fail_allocation(nth);
		const int error = fresh.install();
		if (strm_test_fail_allocation(0) != 0) {
			EXPECT_EQ(test, error, 0);
			break;
		}
		failed++;
		EXPECT(test, error == ENOMEM || error == ENXIO);
		EXPECT(test, nothing_is_there());
	}
	EXPECT(test, failed >= 6); // three that register, devinfo, properties, nodes
	EXPECT_EQ(test, fresh.remove(), 0);
}

// ------------------------------------------------- attach and detach

void a_driver_that_does_not_attach_is_not_installed(kunit *test)
{
	Fresh fresh;

	drive.attach = DDI_FAILURE;
	EXPECT_EQ(test, fresh.install(), ENXIO);
	EXPECT_EQ(test, drive.attaches, 1);
	EXPECT_EQ(test, drive.detaches, 0);
	EXPECT(test, nothing_is_there());
	for (int answer : List{ DDI_PROBE_FAILURE, DDI_PROBE_PARTIAL }) {
		drive.probe = answer;
		EXPECT_EQ(test, fresh.install(), ENXIO);
		EXPECT_EQ(test, drive.attaches, 1);
	}
	drive.probe = DDI_PROBE_DONTCARE;
	drive.attach = DDI_SUCCESS;
	EXPECT_EQ(test, fresh.install(), 0);
	EXPECT_EQ(test, fresh.remove(), 0);
}

void procedures_that_do_nothing_are_not_missed(kunit *test)
{
	Fresh fresh;

	drive_ops.devo_probe = reinterpret_cast<decltype(drive_ops.devo_probe)>(nulldev);
	drive_ops.devo_attach = reinterpret_cast<decltype(drive_ops.devo_attach)>(nodev);
	drive_ops.devo_detach = nullptr;
	drive_ops.devo_getinfo = nullptr;
	EXPECT_EQ(test, fresh.install(), 0);
	Registered *held = drive_held();
	if (EXPECT(test, held)) {
		EXPECT_EQ(test, admit(*held, makedevice(held->major, 5), false, nullptr), 0);
		release(held);
	}
	EXPECT_EQ(test, fresh.remove(), 0);
}

void what_a_stream_has_is_not_removed(kunit *test)
{
	Fresh fresh;

	EXPECT_EQ(test, fresh.install(), 0);
	Registered *held = find_module("regtwo");
	EXPECT_EQ(test, fresh.remove(), EBUSY);
	EXPECT_EQ(test, drive.detaches, 0);
	EXPECT(test, is_there("regone"));
	release(held);
	held = drive_held();
	EXPECT_EQ(test, fresh.remove(), EBUSY);
	release(held);
	EXPECT_EQ(test, fresh.remove(), 0);
}

void a_driver_that_does_not_detach_stays(kunit *test)
{
	Fresh fresh;

	EXPECT_EQ(test, fresh.install(), 0);
	drive.detach = DDI_FAILURE;
	EXPECT_EQ(test, fresh.remove(), EBUSY);
	Registered *held = drive_held();
	if (EXPECT(test, held))
		release(held);
	EXPECT(test, is_there("regone"));
	drive.detach = DDI_SUCCESS;
	EXPECT_EQ(test, fresh.remove(), 0);
	EXPECT_EQ(test, drive.detaches, 2);
}

void open_asks_getinfo_which_instance_it_is(kunit *test)
{
	Fresh fresh;

	EXPECT_EQ(test, fresh.install(), 0);
	Registered *held = drive_held();
	if (!EXPECT(test, held))
		return;
	const dev_t dev = makedevice(held->major, 0);
	EXPECT_EQ(test, admit(*held, dev, false, nullptr), 0);
	drive.instance = 1;
	EXPECT_EQ(test, admit(*held, dev, false, nullptr), -ENXIO);
	drive.instance = 0;
	drive.getinfo = DDI_FAILURE;
	EXPECT_EQ(test, admit(*held, dev, false, nullptr), -ENXIO);
	EXPECT_EQ(test, admit(*held, dev, true, nullptr), 0); // nor does a clone ask
	drive.dip->attached = false;
	EXPECT_EQ(test, admit(*held, dev, true, nullptr), -ENXIO);
	drive.dip->attached = true;
	release(held);
	EXPECT_EQ(test, fresh.remove(), 0);
}

struct Opener {
	major_t major = 0;
	Registered *found = nullptr;
	strm_test_thread *thread = nullptr;
	int waited = 0;
};

constinit Opener opener;

void look_for_driver(void *)
{
	opener.found = find_driver(opener.major);
}

void open_while_it_attaches(dev_info_t *dip)
{
	opener.major = ddi_driver_major(dip);
	opener.thread = strm_test_start(look_for_driver, nullptr, 0);
	opener.waited = opener.thread && strm_test_asleep(opener.thread);
}

void an_open_waits_until_the_driver_has_attached(kunit *test)
{
	for (int answer : List{ DDI_SUCCESS, DDI_FAILURE }) {
		Fresh fresh;

		opener = Opener();
		drive.in_attach = open_while_it_attaches;
		drive.attach = answer;
		EXPECT_EQ(test, fresh.install(), answer == DDI_SUCCESS ? 0 : ENXIO);
		EXPECT(test, opener.waited);
		if (opener.thread)
			strm_test_join(opener.thread);
		EXPECT_EQ(test, opener.found != nullptr, answer == DDI_SUCCESS);
		if (opener.found)
			release(opener.found);
		if (answer == DDI_SUCCESS)
			EXPECT_EQ(test, fresh.remove(), 0);
	}
}

// ------------------------------------------------- _init and _fini

constinit Fresh *linking;
constinit int fini_calls;

void a_failing_init_leaves_nothing_installed(kunit *test)
{
	Fresh fresh;

	linking = &fresh;
	drive.refusals = 2;
	const int error = strm_linked_init(&linked, [] {
		(void)linking->install();
		return EDOM;
	});
	EXPECT_EQ(test, error, -EDOM);
	EXPECT_EQ(test, drive.detaches, 3);
	EXPECT(test, nothing_is_there());
	EXPECT_EQ(test, strm_linked_init(&linked, [] { return -1; }), -EINVAL);
	EXPECT_EQ(test, strm_linked_init(&linked, [] { return linking->install(); }), 0);
	EXPECT_EQ(test, fresh.remove(), 0);
}

void fini_is_called_until_it_agrees(kunit *test)
{
	Fresh fresh;

	linking = &fresh;
	fini_calls = 0;
	EXPECT_EQ(test, fresh.install(), 0);
	drive.refusals = 1;
	strm_linked_exit(&linked, [] {
		fini_calls++;
		return linking->remove();
	});
	EXPECT_EQ(test, fini_calls, 2);
	EXPECT(test, nothing_is_there());
	// and what it has forgotten is removed
	EXPECT_EQ(test, fresh.install(), 0);
	strm_linked_exit(&linked, [] { return 0; });
	EXPECT(test, nothing_is_there());
}

void mod_info_tells_what_is_in_it(kunit *test)
{
	Fresh fresh;
	modinfo info;

	EXPECT_EQ(test, strm_mod_info(&fresh.linkage, &info, &linked), 1);
	EXPECT_TEXT(test, info.mi_name, "regdrv");
	EXPECT_TEXT(test, info.mi_linkinfo[0], "the first");
	EXPECT_TEXT(test, info.mi_linkinfo[3], "some functions");
	EXPECT_TEXT(test, info.mi_linkinfo[4], "");
	fresh.linkage.ml_rev = 0;
	EXPECT_EQ(test, strm_mod_info(&fresh.linkage, &info, &linked), 0);
}

// ------------------------------------------------- nodes

int node(const char *name, minor_t minor, int flag = 0)
{
	return ddi_create_minor_node(drive.dip, name, character_file, minor, DDI_PSEUDO, flag);
}

bool has_node_called(const char *name)
{
	for (const Node *it = drive.dip->driver->nodes; it; it = it->next) {
		if (__builtin_strcmp(it->name, name) == 0)
			return true;
	}
	return false;
}

void nodes_are_called_as_the_driver_says(kunit *test)
{
	Fresh fresh;

	EXPECT_EQ(test, fresh.install(), 0);
	EXPECT(test, has_node_called("regdrv")); // the clone node, by itself
	EXPECT_EQ(test, node("regnode", 0), DDI_SUCCESS);
	EXPECT_EQ(test, node("regdrv", 1), DDI_SUCCESS);
	EXPECT(test, has_node_called("regdrv1"));
	EXPECT_EQ(test, node("0,half", 2), DDI_SUCCESS);
	EXPECT_EQ(test, node("regother", 9, CLONE_DEV), DDI_SUCCESS);
	ddi_remove_minor_node(drive.dip, "regdrv");
	EXPECT(test, !has_node_called("regdrv1"));
	EXPECT(test, has_node_called("regdrv"));
	ddi_remove_minor_node(drive.dip, nullptr);
	EXPECT(test, has_node_called("regdrv"));
	EXPECT(test, !has_node_called("regnode"));
	EXPECT(test, !has_node_called("regother"));
	EXPECT_EQ(test, node("regnode", 0), DDI_SUCCESS);
	EXPECT_EQ(test, fresh.remove(), 0); // what is left goes with it
	EXPECT_EQ(test, fresh.install(), 0);
	EXPECT_EQ(test, node("regnode", 0), DDI_SUCCESS);
	EXPECT_EQ(test, fresh.remove(), 0);
}

void a_clone_node_may_have_another_name(kunit *test)
{
	Fresh fresh;

	drive.in_attach = [](dev_info_t *dip) {
		drive.dip = dip;
		drive.attach = node("regclone", 0, CLONE_DEV);
	};
	EXPECT_EQ(test, fresh.install(), 0);
	EXPECT(test, has_node_called("regclone"));
	EXPECT(test, !has_node_called("regdrv"));
	const Node *clone = drive.dip->driver->nodes;
	EXPECT_EQ(test, clone->major, lin_clone_major());
	EXPECT_EQ(test, driver_of_clone(clone->minor), drive.dip->driver->major);
	EXPECT_EQ(test, node("regclone2", 0, CLONE_DEV), DDI_SUCCESS);
	clone = drive.dip->driver->nodes;
	EXPECT_EQ(test, driver_of_clone(clone->minor), drive.dip->driver->major);
	EXPECT_EQ(test, fresh.remove(), 0);
}

void a_node_that_cannot_be_is_refused(kunit *test)
{
	Fresh fresh;

	EXPECT_EQ(test, fresh.install(), 0);
	EXPECT_EQ(test, node("regnode", 0), DDI_SUCCESS);
	EXPECT_EQ(test, node("regnode", 1), DDI_FAILURE);  // the name is taken
	EXPECT_EQ(test, node("regnode2", 0), DDI_FAILURE); // the number is
	EXPECT_EQ(test, node("regdrv", 1u << 20), DDI_FAILURE);
	EXPECT_EQ(test, node("regnode3", 3, 0x40), DDI_FAILURE);
	EXPECT_EQ(test, ddi_create_minor_node(drive.dip, "regnode3", block_file, 3, DDI_PSEUDO, 0),
		  DDI_FAILURE);
	for (const char *name :
	     List{ "", ".hidden", "-rf", "a/b", "a b", "up!", "a_name_that_is_longer_than_nodes" })
		EXPECT_EQ(test, node(name, 3), DDI_FAILURE);
	EXPECT_EQ(test, node("a_name_that_just_fits_into_nodes" + 1, 3), DDI_SUCCESS);
	EXPECT_EQ(test, fresh.remove(), 0);
}

// ------------------------------------------------- properties

int property(const char *name)
{
	return ddi_prop_get_int(DDI_DEV_T_ANY, drive.dip, 0, name, -77);
}

void properties_come_from_conf(kunit *test)
{
	Fresh fresh;
	char words[] = " speed=200;mask=0xfF, low=-5\tmode=raw empty= big=4294967295\n";
	char *text = nullptr;

	conf = words;
	EXPECT_EQ(test, fresh.install(), 0);
	EXPECT_EQ(test, property("speed"), 200);
	EXPECT_EQ(test, property("mask"), 255);
	EXPECT_EQ(test, property("low"), -5);
	EXPECT_EQ(test, property("big"), -1);
	EXPECT_EQ(test, property("mode"), -77);
	EXPECT_EQ(test, property("none"), -77);
	EXPECT_EQ(test, ddi_prop_lookup_string(DDI_DEV_T_ANY, drive.dip, 0, "mode", &text),
		  DDI_PROP_SUCCESS);
	EXPECT_TEXT(test, text, "raw");
	ddi_prop_free(text);
	EXPECT_EQ(test, ddi_prop_lookup_string(DDI_DEV_T_ANY, drive.dip, 0, "empty", &text),
		  DDI_PROP_SUCCESS);
	EXPECT_TEXT(test, text, "");
	ddi_prop_free(text);
	EXPECT_EQ(test, ddi_prop_lookup_string(DDI_DEV_T_ANY, drive.dip, 0, "speed", &text),
		  DDI_PROP_CANNOT_DECODE);
	EXPECT_EQ(test, ddi_prop_lookup_string(DDI_DEV_T_ANY, drive.dip, 0, "none", &text),
		  DDI_PROP_NOT_FOUND);
	EXPECT_EQ(test, fresh.remove(), 0);
}

void a_conf_that_is_not_names_and_values_is_refused(kunit *test)
{
	Fresh fresh;
	char words[200];

	for (const char *wrong : List{ "speed", "speed=1 raw", "=1", " =", "a=1;;b" }) {
		__builtin_strcpy(words, wrong);
		conf = words;
		EXPECT_EQ(test, fresh.install(), EINVAL);
		EXPECT(test, nothing_is_there());
	}
	__builtin_memset(words, 'x', sizeof(words) - 1);
	words[1] = '=';
	words[sizeof(words) - 1] = '\0';
	EXPECT_EQ(test, fresh.install(), EINVAL);
	EXPECT_EQ(test, drive.attaches, 0);
}

void properties_are_set_replaced_and_removed(kunit *test)
{
	Fresh fresh;
	int values[] = { 3, 4, 5 };
	int *copy = nullptr;
	uint_t number = 0;

	EXPECT_EQ(test, fresh.install(), 0);
	dev_info_t *dip = drive.dip;
	EXPECT_EQ(test, ddi_prop_update_int(DDI_DEV_T_NONE, dip, "one", 1), DDI_PROP_SUCCESS);
	EXPECT_EQ(test, ddi_prop_update_int(DDI_DEV_T_NONE, dip, "one", 2), DDI_PROP_SUCCESS);
	EXPECT_EQ(test, property("one"), 2);
	EXPECT_EQ(test, ddi_prop_update_int_array(DDI_DEV_T_NONE, dip, "all", values, 3),
		  DDI_PROP_SUCCESS);
	EXPECT_EQ(test, ddi_prop_lookup_int_array(DDI_DEV_T_ANY, dip, 0, "all", &copy, &number),
		  DDI_PROP_SUCCESS);
	EXPECT_EQ(test, number, 3);
	EXPECT_EQ(test, copy[2], 5);
	ddi_prop_free(copy);
	EXPECT_EQ(test, ddi_prop_update_string(DDI_DEV_T_NONE, dip, "all", "text"),
		  DDI_PROP_SUCCESS);
	EXPECT_EQ(test, ddi_prop_lookup_int_array(DDI_DEV_T_ANY, dip, 0, "all", &copy, &number),
		  DDI_PROP_CANNOT_DECODE);
	EXPECT_EQ(test, ddi_prop_update_int_array(DDI_DEV_T_NONE, dip, "all", values, 0),
		  DDI_PROP_INVAL_ARG);
	EXPECT_EQ(test, ddi_prop_update_int(DDI_DEV_T_NONE, dip, "", 1), DDI_PROP_INVAL_ARG);
	EXPECT_EQ(test, ddi_prop_remove(DDI_DEV_T_NONE, dip, "one"), DDI_PROP_SUCCESS);
	EXPECT_EQ(test, ddi_prop_remove(DDI_DEV_T_NONE, dip, "one"), DDI_PROP_NOT_FOUND);
	EXPECT_EQ(test, ddi_prop_exists(DDI_DEV_T_ANY, dip, 0, "one"), 0);
	EXPECT_EQ(test, ddi_prop_exists(DDI_DEV_T_ANY, dip, 0, "all"), 1);
	EXPECT_EQ(test, fresh.remove(), 0);
}

// ------------------------------------------------- the rest

void a_streamtab_has_one_perimeter(kunit *test)
{
	Fresh fresh;

	first.f_flag = D_MP | D_MTPERMOD;
	second.f_flag = D_MP | D_MTPERMOD;
	EXPECT_EQ(test, fresh.install(), 0);
	Registered *one = find_by_origin(&first);
	Registered *two = find_by_origin(&second);
	EXPECT(test, one->perimeter);
	EXPECT_EQ(test, one->perimeter, two->perimeter);
	EXPECT_EQ(test, fresh.remove(), 0);
}

void an_instance_knows_its_driver(kunit *test)
{
	Fresh fresh;
	int mine;

	EXPECT_EQ(test, fresh.install(), 0);
	EXPECT_TEXT(test, ddi_driver_name(drive.dip), "regdrv");
	EXPECT_EQ(test, ddi_driver_major(drive.dip), ddi_name_to_major("regdrv"));
	EXPECT_EQ(test, ddi_name_to_major("regone"), DDI_MAJOR_T_NONE);
	EXPECT_EQ(test, ddi_get_instance(drive.dip), 0);
	EXPECT_EQ(test, ddi_get_driver_private(drive.dip), nullptr);
	ddi_set_driver_private(drive.dip, &mine);
	EXPECT_EQ(test, ddi_get_driver_private(drive.dip), &mine);
	EXPECT_EQ(test, fresh.remove(), 0);
}

} // namespace

} // namespace strm::testing

extern "C" const strm_case strm_registry_cases[] = {
	CASE(all_of_a_linkage_is_installed_and_removed),
	CASE(a_linkage_that_is_not_right_is_refused),
	CASE(one_that_is_refused_takes_the_others_with_it),
	CASE(a_name_that_is_taken_stays_with_its_owner),
	CASE(installing_without_memory_leaves_nothing),
	CASE(a_driver_that_does_not_attach_is_not_installed),
	CASE(procedures_that_do_nothing_are_not_missed),
	CASE(what_a_stream_has_is_not_removed),
	CASE(a_driver_that_does_not_detach_stays),
	CASE(open_asks_getinfo_which_instance_it_is),
	CASE(an_open_waits_until_the_driver_has_attached),
	CASE(a_failing_init_leaves_nothing_installed),
	CASE(fini_is_called_until_it_agrees),
	CASE(mod_info_tells_what_is_in_it),
	CASE(nodes_are_called_as_the_driver_says),
	CASE(a_clone_node_may_have_another_name),
	CASE(a_node_that_cannot_be_is_refused),
	CASE(properties_come_from_conf),
	CASE(a_conf_that_is_not_names_and_values_is_refused),
	CASE(properties_are_set_replaced_and_removed),
	CASE(a_streamtab_has_one_perimeter),
	CASE(an_instance_knows_its_driver),
	{ nullptr, nullptr },
};
