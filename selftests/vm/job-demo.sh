#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# In the VM: the demonstration, whose output is what a person reads.
cd /test && exec sh ./demo.sh
