#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# In the VM: load the suites, which run as they load, and unload them.  Their
# results are in the kernel's log.
modprobe kunit && modprobe streams_kunit && rmmod streams_kunit
