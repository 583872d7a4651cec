// SPDX-License-Identifier: GPL-2.0-only
//
// The instance of a driver that was written the Solaris way.
#pragma once

#include <streams_core/plumbing/registry.hh>
#include <sys/devinfo.h>

namespace strm {

struct Property;

} // namespace strm

// One for each driver, from mod_install() to mod_remove().
struct strm_dev_info {
	strm::Registered *driver;
	const dev_ops *ops;
	bool attached;		    // changed only while the driver is away
	void *driver_private;	    // the driver's to guard
	strm::Property *properties; // under properties_lock (property.cc)
};

namespace strm {

// Process context.  Error numbers are positive.
[[nodiscard]] int make_devinfo(Registered &driver, const dev_ops *ops, const char *conf);
void free_devinfo(strm_dev_info *info);
[[nodiscard]] int attach(Registered &driver);  // ENXIO: it will not
[[nodiscard]] bool detach(Registered &driver); // false: it will not

// Whether a driver has an instance for this device number: 0 or -ENXIO.  A
// driver that does not attach has, but may have a word to say on who opens it; the
// number of a clone is not known yet.
int admit(const Registered &driver, dev_t dev, bool clone, cred_t *cred);

// property.cc; `conf` is "name=value name=value ..."
[[nodiscard]] int properties_of_conf(strm_dev_info &info, const char *conf);

int properties_init();

} // namespace strm
