# SPDX-License-Identifier: GPL-2.0-only
#
# Linux MT STREAMS: what a person types.  `make help` lists it; Kbuild says what
# the modules are made of, selftests/vm/suite.sh how a check is run.

VERSION := $(shell sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' dkms.conf)
KDIR ?= /lib/modules/$(shell uname -r)/build
RELEASE = $(or $(shell cat $(KDIR)/include/config/kernel.release 2>/dev/null),unknown)
KERNELS ?= debian-6.12 debian-6.1 kasan kcsan
JOBS ?= $(shell n=$$(nproc); echo $$((n > 2 ? n / 2 + 1 : 2)))
DESTDIR ?=
PREFIX ?= /usr/local

SHELL := /bin/bash
.SHELLFLAGS := -o pipefail -c
export BUILD := $(CURDIR)/build
OUT = $(BUILD)/$(RELEASE)
SHARE = $(DESTDIR)/usr/src/streams-$(VERSION)

deps  := selftests/vm/deps.sh
suite := selftests/vm/suite.sh
step  := tools/build/step.sh
ktap  := python3 tools/build/ktap.py

.DEFAULT_GOAL := all
.PHONY: all help deps demo check kunit selftests bench bench-reference lint docs man format install uninstall clean

# $(call run,STEPS): run them side by side, then count what they found
define run
	@mkdir -p $(BUILD)/results && rm -f $(patsubst %,$(BUILD)/results/%.ktap,$(1))
	@$(MAKE) --no-print-directory -j$(JOBS) $(1)
	@$(ktap) $(patsubst %,$(BUILD)/results/%.ktap,$(1))
endef

all:
	@[ -e $(KDIR)/.config ] || { \
		echo "no kernel to build against in $(KDIR): install its headers, or name another by KDIR="; exit 1; }
	@echo "building for $(RELEASE)"
	@mkdir -p $(BUILD)
	@tools/build/module.sh $(KDIR) $(OUT)
	@$(MAKE) -s --no-print-directory -C tools O=$(BUILD)/tools
	@echo "done: $$(ls $(OUT)/*.ko | wc -l) modules in $(OUT), tools in $(BUILD)/tools"

help:
	@echo 'Linux MT STREAMS $(VERSION)'
	@echo
	@echo '  make                build the modules and tools [KDIR=kernel build folder]'
	@echo '  make demo           boot a VM with an unmodified Debian kernel and show STREAMS at work'
	@echo '  make check          everything a reviewer would ask for: builds, gates, KUnit, selftests'
	@echo '  make kunit          the KUnit suites, in a User Mode Linux kernel'
	@echo '  make selftests      the programs of selftests/ in VMs [KERNELS="$(KERNELS)"]'
	@echo '  make bench          measure, deterministically; a table and build/bench.json'
	@echo '  make bench-reference   what the last make bench measured is what the next ones are held to'
	@echo '  make lint           checkpatch, clang-format, clang, sparse, kernel-doc, shellcheck'
	@echo '  make docs           Documentation/ and the interface as HTML, in build/docs'
	@echo '  make man            manual pages of the functions for modules, in build/man'
	@echo '  make format         let clang-format lay out the C++'
	@echo '  make install        modules, headers, library and commands [DESTDIR= PREFIX=$(PREFIX)]'
	@echo '  make uninstall      take them away again'
	@echo '  make clean          remove build/ (built kernels stay in ~/.cache/linux-mt-streams)'
	@echo '  make deps           install the Debian packages that all of this needs'
	@echo
	@echo 'demo, check, kunit, selftests, bench, lint and docs install the Debian packages they'
	@echo 'need; STREAMS_NO_INSTALL=1 forbids it.  Nothing but install touches the machine:'
	@echo 'test kernels are unpacked or built in ~/.cache/linux-mt-streams (STREAMS_CACHE=).'
	@echo 'Every log is in build/logs/.'

deps:
	@$(deps) build headers test lint docs
	@echo "done: all packages are there"

# --- steps: each leaves build/results/<step>.ktap ----------------------------
# Which waits for which; a step that fails is reported and the others still run.
kernel-%:
	@$(step) $@ $(suite) kernel $*
build-%: kernel-%
	@$(step) $@ $(suite) build $*
objects-%: build-%
	@$(step) $@ $(suite) objects $*
oot-%: build-%
	@$(step) $@ $(suite) oot $*
rules-%: build-% programs
	@$(step) $@ $(suite) rules $*
kunit-%: build-%
	@$(step) $@ $(suite) kunit $*
selftests-%: build-% programs
	@$(step) $@ $(suite) selftests $*
perimeters-%: build-% programs
	@$(step) $@ $(suite) perimeters $*
nic-%: build-% programs
	@$(step) $@ $(suite) nic $*
installed: build-debian-6.12
	@$(step) $@ sh -c 'tools/build/check-install.sh $(BUILD)/debian-6.12 | tee $$STEP_KTAP'
badmod-%: kernel-%
	@$(step) $@ $(suite) badmod $*
demo-%: build-% programs
	@$(step) $@ $(suite) demo $*
.PHONY: programs sources pages tools models userspace installed
programs:
	@$(step) $@ $(suite) programs
sources:
	@$(step) $@ sh -c 'tools/build/check-sources.sh | tee $$STEP_KTAP'
pages:
	@$(step) $@ sh -c 'tools/build/check-docs.py | tee $$STEP_KTAP'
tools:
	@$(step) $@ $(MAKE) -C tools O=$(BUILD)/tools check
userspace:
	@$(step) $@ $(MAKE) -C selftests/userspace O=$(BUILD)/userspace check

models:
	@$(step) $@ sh -c 'nice selftests/model/run.sh | tee $$STEP_KTAP'

# The test kernels come first: from nothing, building them takes most of the time.
# Of the real-time kernels one runs; the other shows that the source is the same for both.
check_steps := sources pages models kernel-debian-6.12 kernel-debian-6.1 kernel-uml kernel-kasan kernel-kcsan \
	kernel-debian-6.12-rt kernel-debian-6.1-rt \
	programs tools userspace installed \
	$(patsubst %,build-%,debian-6.12 debian-6.1 debian-6.12-rt debian-6.1-rt uml kasan kcsan) \
	$(patsubst %,objects-%,debian-6.12 debian-6.1 uml kasan kcsan) \
	oot-debian-6.12 oot-debian-6.1 rules-debian-6.12 rules-kasan \
	kunit-uml kunit-kasan \
	selftests-kasan selftests-kcsan selftests-debian-6.12 selftests-debian-6.1 selftests-debian-6.12-rt \
	perimeters-kasan perimeters-kcsan perimeters-debian-6.12 \
	nic-kasan nic-debian-6.12 \
	badmod-kasan badmod-kcsan demo-debian-6.12

check:
	@$(deps) build headers test
	@echo "checking (logs in build/logs; from nothing, building the test kernels takes most of the time)"
	$(call run,$(check_steps))

kunit:
	@$(deps) build test
	$(call run,kernel-uml build-uml kunit-uml)

selftests:
	@$(deps) build headers test
	$(call run,programs $(foreach k,$(KERNELS),kernel-$(k) build-$(k) selftests-$(k)))

demo:
	@$(deps) build headers test
	@echo "preparing a Debian kernel and the modules"
	@$(MAKE) --no-print-directory demo-parts
	@LIVE=1 STEP_KTAP=$(BUILD)/logs/demo.ktap $(suite) demo debian-6.12 && echo "the demo ran to its end" || \
		{ echo "the demo FAILED: see build/logs/demo-debian-6.12.console"; exit 1; }

.PHONY: demo-parts
demo-parts: build-debian-6.12 programs
	@$(ktap) --quiet $(BUILD)/results/build-debian-6.12.ktap $(BUILD)/results/programs.ktap >/dev/null

bench:
	@$(deps) build headers test
	@$(MAKE) --no-print-directory demo-parts
	@echo "counting instructions: the same machine three times (a minute or two)"
	@STEP_KTAP=$(BUILD)/logs/bench.ktap $(suite) bench debian-6.12 && echo "done: build/bench.json" || \
		{ echo "the benchmark FAILED: it says why above; logs are build/logs/bench-debian-6.12-*"; exit 1; }
	@$(MAKE) --no-print-directory -C selftests/userspace O=$(BUILD)/userspace bench JSON=$(BUILD)/bench.json

bench-reference:
	@python3 selftests/bench/report.py --accept $(BUILD)/bench.json

# --- lint ---------------------------------------------------------------------
lint_steps := lint-checkpatch lint-clang-format lint-clang lint-sparse lint-kernel-doc lint-docs lint-shellcheck \
	lint-codespell lint-python

lint-clang lint-sparse: build-debian-6.12
lint-%:
	@$(step) $@ tools/build/lint.sh $*

lint:
	@$(deps) build headers lint docs
	$(call run,$(lint_steps))

docs:
	@$(deps) docs
	@tools/docs/render.sh html $(BUILD)/docs
	@echo "done: build/docs/index.html"

man:
	@$(deps) docs
	@tools/docs/render.sh man $(BUILD)/man
	@echo "done: $$(ls $(BUILD)/man | wc -l) pages; man build/man/putnext.9"

format:
	@find include perimeter streams_core modules drivers kunit selftests \( -name '*.cc' -o -name '*.hh' \) \
		-not -path '*/generated/*' -exec clang-format -i {} +
	@echo "done: the C++ is formatted"

# --- installing ----------------------------------------------------------------
install: all
	@echo "installing the modules for $(RELEASE)"
	@$(MAKE) -s -C $(KDIR) M=$(OUT) INSTALL_MOD_DIR=extra $(if $(DESTDIR),INSTALL_MOD_PATH=$(DESTDIR)) \
		CONFIG_MODULE_SIG_ALL= modules_install 2>&1 | { grep -v "System.map" || true; }
	@$(if $(DESTDIR),,PATH="$$PATH:/usr/sbin:/sbin" depmod $(RELEASE))
	@mkdir -p $(SHARE)/$(RELEASE) $(SHARE)/tools/build $(DESTDIR)/etc/modprobe.d
	@cp -r include $(SHARE)/
	@rm -rf $(SHARE)/include/strm/generated
	@cp tools/build/pahole $(SHARE)/tools/build/
	@cp $(OUT)/Module.symvers $(SHARE)/$(RELEASE)/
	@install -D -m 644 $(OUT)/include/strm/generated/layout.h $(SHARE)/$(RELEASE)/strm/generated/layout.h
	@cp tools/modprobe.d/streams.conf $(DESTDIR)/etc/modprobe.d/streams.conf
	@$(MAKE) -s --no-print-directory -C tools O=$(BUILD)/tools DESTDIR=$(DESTDIR) PREFIX=$(PREFIX) install
	@echo "done: modprobe streams; headers for your own modules in /usr/src/streams-$(VERSION)"

# The names of dkms.conf, for every kernel that they were installed for: streams_lp.ko is not ours.
ours = $(shell sed -n 's/^BUILT_MODULE_NAME\[[0-9]*\]="\(.*\)"/\1/p' dkms.conf)

uninstall:
	@rm -f $(foreach m,$(ours),$(DESTDIR)/lib/modules/*/extra/$(m).ko $(DESTDIR)/lib/modules/*/extra/$(m).ko.*)
	@rm -rf $(SHARE)
	@rm -f $(DESTDIR)/etc/modprobe.d/streams.conf
	@$(MAKE) -s --no-print-directory -C tools O=$(BUILD)/tools DESTDIR=$(DESTDIR) PREFIX=$(PREFIX) uninstall
	@$(if $(DESTDIR),,PATH="$$PATH:/usr/sbin:/sbin"; \
		for extra in /lib/modules/*/extra; do k=$${extra%/extra}; depmod "$${k##*/}" || true; done)
	@echo "done: uninstalled"

clean:
	@rm -rf $(BUILD)
	@echo "done: build/ is gone"
