// SPDX-License-Identifier: GPL-2.0-only
//
// Properties of an instance: integers or a string, by name.
#include <streams_core/plumbing/devinfo.hh>
#include <sys/errno.h>

namespace strm {

// The value follows: integers, or a string with its end.
struct Property {
	Property *next;
	char name[32];
	bool string;
	size_t bytes;

	void *value() { return this + 1; }
};

namespace {

constinit LockClass properties_lock_class{ "streams_properties", {} };
constinit Late<SpinLock> properties_lock; // the lists of all instances; short

// With properties_lock.
Property **find_property(strm_dev_info &info, const char *name)
{
	Property **link = &info.properties;

	while (*link && __builtin_strcmp((*link)->name, name) != 0)
		link = &(*link)->next;
	return link;
}

Property *take_property(strm_dev_info &info, const char *name)
{
	Property **link = find_property(info, name);
	Property *found = *link;

	if (found)
		*link = found->next;
	return found;
}

int set_property(strm_dev_info &info, const char *name, bool string, const void *value,
		 size_t bytes)
{
	if (!name || !name[0] || __builtin_strlen(name) >= sizeof(Property::name))
		return DDI_PROP_INVAL_ARG;
	auto *made = static_cast<Property *>(lin_kzalloc(sizeof(Property) + bytes, LIN_GFP_ATOMIC));
	if (!made)
		return DDI_PROP_NO_MEMORY;
	__builtin_strcpy(made->name, name);
	made->string = string;
	made->bytes = bytes;
	__builtin_memcpy(made->value(), value, bytes);

	SpinGuard guard(*properties_lock);
	lin_kfree(take_property(info, name));
	made->next = info.properties;
	info.properties = made;
	return DDI_PROP_SUCCESS;
}

// A copy of the value.  Memory is not allocated with the lock held, so that the
// value may have grown when it is looked at again.
int copy_property(strm_dev_info &info, const char *name, bool string, void *&copy, size_t &bytes)
{
	size_t room = 0;

	for (copy = nullptr;;) {
		{
			SpinGuard guard(*properties_lock);
			Property *found = *find_property(info, name);
			if (!found || found->string != string) {
				lin_kfree(copy);
				return found ? DDI_PROP_CANNOT_DECODE : DDI_PROP_NOT_FOUND;
			}
			bytes = found->bytes;
			if (copy && bytes <= room) {
				__builtin_memcpy(copy, found->value(), bytes);
				return DDI_PROP_SUCCESS;
			}
		}
		lin_kfree(copy);
		room = bytes;
		copy = lin_kmalloc(room, LIN_GFP_ATOMIC);
		if (!copy)
			return DDI_PROP_NO_MEMORY;
	}
}

bool separates(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == ';' || c == ',';
}

int digit_of(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return 16;
}

// An integer as C writes it, decimal or hexadecimal; false for anything else.
bool integer(const char *text, int &value)
{
	const bool negative = *text == '-';
	long long sum = 0;
	int base = 10;

	text += negative;
	if (text[0] == '0' && (text[1] == 'x' || text[1] == 'X')) {
		base = 16;
		text += 2;
	}
	if (!*text)
		return false;
	for (; *text; text++) {
		const int digit = digit_of(*text);
		if (digit >= base)
			return false;
		sum = sum * base + digit;
		if (sum > 0xffffffffLL)
			return false;
	}
	value = static_cast<int>(negative ? -sum : sum);
	return true;
}

// `word` is "name=value".
int add_conf_word(strm_dev_info &info, const char *word)
{
	char name[sizeof(Property::name)];
	size_t length = 0;
	int number;

	while (word[length] && word[length] != '=')
		length++;
	if (word[length] != '=' || length >= sizeof(name))
		return DDI_PROP_INVAL_ARG;
	__builtin_memcpy(name, word, length);
	name[length] = '\0';

	const char *value = word + length + 1;
	if (integer(value, number))
		return set_property(info, name, false, &number, sizeof(number));
	return set_property(info, name, true, value, __builtin_strlen(value) + 1);
}

} // namespace

int properties_of_conf(strm_dev_info &info, const char *conf)
{
	char word[128];

	while (conf && *conf) {
		size_t length = 0;
		while (separates(*conf))
			conf++;
		while (*conf && !separates(*conf) && length < sizeof(word) - 1)
			word[length++] = *conf++;
		word[length] = '\0';
		if (length == 0)
			break;
		int error = *conf && !separates(*conf) ? DDI_PROP_INVAL_ARG :
							 add_conf_word(info, word);
		if (error == DDI_PROP_NO_MEMORY)
			return ENOMEM;
		if (error) {
			lin_printk(LIN_WARN, "%s: conf: \"%s\" is not name=value\n",
				   info.driver->name, word);
			return EINVAL;
		}
	}
	return 0;
}

int properties_init()
{
	properties_lock.make(properties_lock_class);
	return 0;
}

} // namespace strm

using namespace strm;

extern "C" int ddi_prop_get_int(dev_t, dev_info_t *dip, uint_t, const char *name, int defvalue)
{
	SpinGuard guard(*properties_lock);
	Property *found = *find_property(*dip, name);

	return found && !found->string ? *static_cast<int *>(found->value()) : defvalue;
}

extern "C" int ddi_prop_lookup_int_array(dev_t, dev_info_t *dip, uint_t, const char *name,
					 int **datap, uint_t *nelementsp)
{
	void *copy;
	size_t bytes;
	int error = copy_property(*dip, name, false, copy, bytes);

	if (error)
		return error;
	*datap = static_cast<int *>(copy);
	*nelementsp = static_cast<uint_t>(bytes / sizeof(int));
	return DDI_PROP_SUCCESS;
}

extern "C" int ddi_prop_lookup_string(dev_t, dev_info_t *dip, uint_t, const char *name,
				      char **datap)
{
	void *copy;
	size_t bytes;
	int error = copy_property(*dip, name, true, copy, bytes);

	if (!error)
		*datap = static_cast<char *>(copy);
	return error;
}

extern "C" void ddi_prop_free(void *data)
{
	lin_kfree(data);
}

extern "C" int ddi_prop_exists(dev_t, dev_info_t *dip, uint_t, const char *name)
{
	SpinGuard guard(*properties_lock);
	return *find_property(*dip, name) != nullptr;
}

extern "C" int ddi_prop_update_int_array(dev_t, dev_info_t *dip, const char *name, int *data,
					 uint_t nelements)
{
	if (!data || !nelements)
		return DDI_PROP_INVAL_ARG;
	return set_property(*dip, name, false, data, sizeof(int) * nelements);
}

extern "C" int ddi_prop_update_int(dev_t, dev_info_t *dip, const char *name, int data)
{
	return set_property(*dip, name, false, &data, sizeof(data));
}

extern "C" int ddi_prop_update_string(dev_t, dev_info_t *dip, const char *name, const char *data)
{
	if (!data)
		return DDI_PROP_INVAL_ARG;
	return set_property(*dip, name, true, data, __builtin_strlen(data) + 1);
}

extern "C" int ddi_prop_remove(dev_t, dev_info_t *dip, const char *name)
{
	Property *found;
	{
		SpinGuard guard(*properties_lock);
		found = take_property(*dip, name);
	}
	lin_kfree(found);
	return found ? DDI_PROP_SUCCESS : DDI_PROP_NOT_FOUND;
}

extern "C" void ddi_prop_remove_all(dev_info_t *dip)
{
	Property *all;
	{
		SpinGuard guard(*properties_lock);
		all = dip->properties;
		dip->properties = nullptr;
	}
	while (all) {
		Property *next = all->next;
		lin_kfree(all);
		all = next;
	}
}
