# SPDX-License-Identifier: GPL-2.0-only
#
# C++ for Kbuild, and the paths of the STREAMS headers.
#
# The framework itself and every module outside it are built by this one
# fragment.  A STREAMS module of your own needs a Kbuild of two lines,
#
#	obj-m := upcase.o
#	include $(STREAMS)/include/strm/Kbuild.cxx
#
# and is built by
#
#	make -C /lib/modules/$(uname -r)/build M=$PWD STREAMS=<dir> modules
#
# where <dir> is /usr/src/streams-<version> after `make install`, or a folder
# of build/.  Each .ko may hold one C++ object: the tables of patchable function
# entries that two would share with an inline function do not survive the link.

ifndef STREAMS
$(error STREAMS must name the folder that holds the STREAMS headers)
endif

# Ours come before the kernel's: a module that is written to the DDI must get
# the DDI's <sys/...> whatever a later kernel puts beside it.
# An installed copy has the sizes of locks for each kernel it was built for.
NOSTDINC_FLAGS := -I$(STREAMS)/include -I$(STREAMS)/include/uapi \
		  $(addprefix -I,$(wildcard $(STREAMS)/$(KERNELRELEASE))) $(NOSTDINC_FLAGS)

# And one list of symbols.
strm-symvers := $(firstword $(wildcard $(STREAMS)/$(KERNELRELEASE)/Module.symvers \
				       $(STREAMS)/Module.symvers))
ifneq ($(abspath $(STREAMS)),$(abspath $(KBUILD_EXTMOD)))
KBUILD_EXTRA_SYMBOLS += $(strm-symvers)
endif

ifdef CC
strm-cxx := $(patsubst %gcc,%g++,$(subst gcc-,g++-,$(CC)))
endif

# The kernel's own flags, so that every mitigation and instrumentation follows
# the kernel, less what is C's alone: its headers cannot be read by C++, and
# its warnings are chosen for it (ours are below).
strm-warn-keep := -Wa,% -Wp,% -Wl,% -Wframe-larger-than=%
strm-c-warn = $(filter-out $(strm-warn-keep),$(filter -W%,$(c_flags)))
strm-c-only = -std=% -include %/compiler-version.h %/kconfig.h %/compiler_types.h \
	      $(LINUXINCLUDE) $(strm-c-warn)
strm-cxx-warn := -Wall -Wextra -Wno-unused-parameter -Wnon-virtual-dtor -Wsuggest-override -Werror
strm-cxx-lang := -std=gnu++20 -nostdinc++ -ffreestanding -fno-exceptions -fno-rtti \
		 -fno-threadsafe-statics -fno-use-cxa-atexit -fno-gnu-unique -fvisibility=hidden \
		 -fno-asynchronous-unwind-tables

# pahole cannot read the debug information of C++ and then refuses the whole
# module.  Through tools/build/pahole (make PAHOLE=<it>) it passes over C++;
# without, C++ is compiled with no debug information and the BTF of the C stays.
ifdef CONFIG_DEBUG_INFO_BTF_MODULES
ifeq ($(filter %/tools/build/pahole,$(PAHOLE)),)
strm-cxx-lang += -g0
endif
endif

strm-cxx-flags = $(filter-out $(strm-c-only),$(c_flags)) \
		 -include $(objtree)/include/generated/autoconf.h $(strm-cxx-lang) $(strm-cxx-warn)

quiet_cmd_strm_cxx_o_cc = CXX [M]  $@
      cmd_strm_cxx_o_cc = $(strm-cxx) $(strm-cxx-flags) -c -o $@ $< $(cmd_objtool)

$(obj)/%.o: $(src)/%.cc FORCE
	$(call if_changed_dep,strm_cxx_o_cc)
