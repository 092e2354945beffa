/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/error.h"

/* GLib's macro for this keeps the quark in a variable that two threads may write at once. */
GQuark rh_error_quark(void)
{
    return g_quark_from_static_string("rh-error-quark");
}
