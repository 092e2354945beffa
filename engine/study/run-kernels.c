/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "study/run-kernels.h"

#include <glib/gi18n.h>

#include "base/error.h"

#if defined(__clang__)
#define COMPILER "clang"
#define VERSION  __clang_major__, __clang_minor__, __clang_patchlevel__
#else
#define COMPILER "gcc"
#define VERSION  __GNUC__, __GNUC_MINOR__, __GNUC_PATCHLEVEL__
#endif

/* What this program was built by. Transfer full. */
static char *own_compiler(void)
{
    return g_strdup_printf("%s %d.%d.%d", COMPILER, VERSION);
}

const RhKernels *rh_run_kernels(const RhRun *run, gboolean or_others, GError **error)
{
    if (*run->kernels == '\0')
        return rh_kernels_fastest();
    const RhKernels *begun_with = rh_kernels_find(run->kernels, NULL);
    if (begun_with != NULL || or_others)
        return begun_with != NULL ? begun_with : rh_kernels_fastest();
    g_set_error(
        error, RH_ERROR, RH_ERROR_KERNELS,
        _("The run “%s” was begun with the kernels “%s”, which this processor does not have, and with "
          "others its result would not be the same; go on with it on another computer, or allow other "
          "kernels."),
        run->name, run->kernels);
    return NULL;
}

static void clear(gpointer computed)
{
    g_free(((RhComputed *)computed)->kernels);
    g_free(((RhComputed *)computed)->compiler);
}

static void add(GArray *all, guint from, const char *kernels, const char *compiler)
{
    const RhComputed computed = {from, g_strdup(kernels), g_strdup(compiler)};
    g_array_append_val(all, computed);
}

/* "1 avx512 gcc 12.2.0;9 plain clang 14.0.6": what does not look so is passed over. */
GArray *rh_run_computed(const RhRun *run)
{
    GArray *all = g_array_new(FALSE, FALSE, sizeof(RhComputed));
    g_array_set_clear_func(all, clear);
    g_auto(GStrv) parts = g_strsplit(run->computed != NULL ? run->computed : "", ";", -1);
    for (char **part = parts; *part != NULL; part++) {
        g_auto(GStrv) words = g_strsplit(g_strstrip(*part), " ", 3);
        guint64 from;
        if (g_strv_length(words) == 3 && g_ascii_string_to_unsigned(words[0], 10, 1, G_MAXUINT, &from, NULL))
            add(all, (guint)from, words[1], words[2]);
    }
    return all;
}

static char *text_of(const GArray *all)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < all->len; i++) {
        const RhComputed *one = &g_array_index(all, RhComputed, i);
        g_string_append_printf(text, "%s%u %s %s", i > 0 ? ";" : "", one->from, one->kernels, one->compiler);
    }
    return g_string_free(text, FALSE);
}

char *rh_run_computed_text(const RhRun *run)
{
    g_autoptr(GArray) all = rh_run_computed(run);
    if (all->len == 0)
        return g_strdup(run->kernels);
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < all->len; i++) {
        const char *kernels = g_array_index(all, RhComputed, i).kernels;
        if (i == 0 || !g_str_equal(kernels, g_array_index(all, RhComputed, i - 1).kernels))
            g_string_append_printf(text, "%s%s", i > 0 ? "+" : "", kernels);
    }
    return g_string_free(text, FALSE);
}

void rh_run_note_computed(RhRun *run, guint epoch, const RhKernels *kernels)
{
    g_autoptr(GArray) all = rh_run_computed(run);
    g_autofree char *compiler = own_compiler();
    if (all->len == 0 && epoch > 1 && *run->kernels != '\0')
        add(all, 1, run->kernels, "unknown");
    while (all->len > 0 && g_array_index(all, RhComputed, all->len - 1).from >= epoch)
        g_array_set_size(all, all->len - 1); /* of epochs that come again */
    const RhComputed *last = all->len > 0 ? &g_array_index(all, RhComputed, all->len - 1) : NULL;
    if (last == NULL || !g_str_equal(last->kernels, rh_kernels_id(kernels)) ||
        !g_str_equal(last->compiler, compiler))
        add(all, epoch, rh_kernels_id(kernels), compiler);
    g_free(run->computed);
    run->computed = text_of(all);
    g_free(run->kernels);
    run->kernels = g_strdup(rh_kernels_id(kernels));
}
