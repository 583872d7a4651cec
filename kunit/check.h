/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the suites, which are C++, ask of KUnit and of Linux, which are C.
 */
#ifndef _KUNIT_CHECK_H
#define _KUNIT_CHECK_H

#ifdef __cplusplus
extern "C" {
#endif

struct kunit;

/* A table of these ends with one that has no name. */
struct strm_case {
	const char *name;
	void (*run)(struct kunit *test);
};

extern const struct strm_case strm_message_cases[];
extern const struct strm_case strm_buffer_cases[];
extern const struct strm_case strm_bufcall_cases[];
extern const struct strm_case strm_strsun_cases[];
extern const struct strm_case strm_magazine_cases[];
extern const struct strm_case strm_queue_cases[];
extern const struct strm_case strm_model_cases[];
extern const struct strm_case strm_rules_cases[];
extern const struct strm_case strm_fields_cases[];
extern const struct strm_case strm_failure_cases[];
extern const struct strm_case strm_flow_cases[];
extern const struct strm_case strm_choke_cases[];
extern const struct strm_case strm_nested_cases[];
extern const struct strm_case strm_perimeter_cases[];
extern const struct strm_case strm_modes_cases[];
extern const struct strm_case strm_callback_cases[];
extern const struct strm_case strm_counters_cases[];
extern const struct strm_case strm_schedule_cases[];
extern const struct strm_case strm_plumbing_cases[];
extern const struct strm_case strm_registry_cases[];
extern const struct strm_case strm_interrupt_cases[];
extern const struct strm_case strm_ddi_cases[];
extern const struct strm_case strm_sync_cases[];
extern const struct strm_case strm_e1000g_cases[];
extern const struct strm_case strm_e1000g_chip_cases[];
extern const struct strm_case strm_dlpi_provider_cases[];
extern const struct strm_case strm_dlpi_frames_cases[];
extern const struct strm_case strm_dlpi_flow_cases[];
extern const struct strm_case strm_dlpi_states_cases[];
extern const struct strm_case strm_pfmod_cases[];
extern const struct strm_case strm_bufmod_cases[];

/* suites_test.c */
void strm_test_fail(struct kunit *test, const char *file, int line, const char *text);
void strm_test_fail_equal(struct kunit *test, const char *file, int line, const char *text,
			  long long left, long long right);
void strm_test_fail_text(struct kunit *test, const char *file, int line, const char *text,
			 const char *left, const char *right);

/* Runs the softirqs that are raised on this CPU. */
void strm_test_softirqs(void);
/* Lets others run for a moment. */
void strm_test_pause(void);
/* Calls @func in a hard interrupt, and waits for that. */
void strm_test_in_interrupt(void (*func)(void *arg), void *arg);

/* A kernel thread, on this CPU or where there is one on another. */
struct strm_test_thread;
struct strm_test_thread *strm_test_start(void (*func)(void *arg), void *arg, int elsewhere);
/* Waits until the thread sleeps in a wait that no signal ends; 0 where it never does. */
int strm_test_asleep(struct strm_test_thread *thread);
void strm_test_join(struct strm_test_thread *thread);
/* A signal for the thread that calls this. */
void strm_test_signal(void);
/* How often this module is held. */
int strm_test_module_references(void);

/* memory_test.c */
int strm_test_live(void);
/*
 * The nth allocation from now on fails: 1 is the next one, 0 is none.  Returns how
 * far off the failure asked for before still was: 0, it has happened.
 */
int strm_test_fail_allocation(int nth);
/* Objects in this CPU's magazine, and how many it holds: 0 where there are none. */
int strm_test_magazine(void);
int strm_test_magazine_size(void);
/* As if what follows were an interrupt in the middle of somebody's turn at it. */
void strm_test_magazine_busy(int busy);
/* Empties it.  Then the slab has nothing for it, until this is called with 0. */
void strm_test_magazine_no_refill(int none);

/* file_test.c: an open file of no file system, and reads and writes of kernel memory */
struct file;
struct file *strm_test_file(unsigned int flags);
void strm_test_file_free(struct file *file);
long strm_test_write(struct file *file, const void *from, unsigned long bytes);
long strm_test_read(struct file *file, void *to, unsigned long bytes);

#ifdef __cplusplus
}
#endif

#endif /* _KUNIT_CHECK_H */
