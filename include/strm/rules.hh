// SPDX-License-Identifier: GPL-2.0-only
//
// The rule checker's guard around the call of a procedure.
#pragma once

#include <strm/cxx.hh>
#include <strm/rules.h>

namespace strm {

// Costs a look at one byte where the checker is off.
class [[nodiscard]] Inside : NoCopy {
public:
	Inside(queue *q, strm_kind kind)
	{
		if (strm_rules_on) [[unlikely]]
			strm_rules_enter(&inside_, q, kind);
	}
	~Inside()
	{
		if (strm_rules_on) [[unlikely]]
			strm_rules_leave(&inside_);
	}

private:
	strm_inside inside_;
};

} // namespace strm
