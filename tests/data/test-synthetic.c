/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "data/synthetic.h"

#include <gio/gio.h>
#include <string.h>

#include "base/error.h"
#include "support.h"

#define COUNT  512
#define PIXELS (28 * 28)

typedef struct {
    guint8 images[COUNT * PIXELS], masks[COUNT * PIXELS], labels[COUNT];
} Set;

static Set *generate(const char *variant, guint32 seed)
{
    Set *set = g_new0(Set, 1);
    rh_synthetic_generate(rh_synthetic_variant_find(variant, NULL), seed, COUNT, 28, set->images, set->masks,
                          set->labels);
    return set;
}

/* SHA-256 of images, masks and labels of the authors' files, in the order of seeds 1, 2, 3. */
static void test_checksums(void)
{
    static const struct {
        const char *variant, *sums[3];
    } expected[] = {
        {"hard",
         {"4c431ab09207aae0834d061d2f153c9b9e71a75106b46e26793b86e467110f1d",
          "4ca54a03b822f08a10ea31d48a65c4d95670df8e2e673b3e0546904322b81409",
          "def4bc9e03c6b4c151fe3ee107ecbe841e0910ba346fdaf4d18aca7197f97b4d"}},
        {"easy",
         {"8dba618be71b5e860b72036b33bcc0e08bac31eb0b1f7cc682b6bd1a78681056",
          "008183cbf685bdf78e06226f556021ec6767660d9553bfb7940d1b28ee0d0f1e",
          "3d4723f5ecb4932ce1f960e5bfb95821eb780d7159374a235b59444382bb2df8"}},
    };
    for (gsize v = 0; v < G_N_ELEMENTS(expected); v++)
        for (guint32 seed = 1; seed <= 3; seed++) {
            g_autofree Set *set = generate(expected[v].variant, seed);
            g_autofree char *sum =
                g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)set, sizeof *set);
            g_assert_cmpstr(sum, ==, expected[v].sums[seed - 1]);
        }
}

static guint32 word_at(const guint8 *bytes, guint size)
{
    return size == 2 ? (guint32)(bytes[0] | bytes[1] << 8)
                     : bytes[0] | (guint32)bytes[1] << 8 | (guint32)bytes[2] << 16 | (guint32)bytes[3] << 24;
}

/* An array of a .npz, header and all: the central directory at the end of the archive says where. */
static GBytes *read_array(const guint8 *zip, gsize length, const char *name)
{
    const guint8 *end = zip + length - 22, *entry = zip + word_at(end + 16, 4);
    for (guint left = word_at(end + 10, 2); left > 0; left--) {
        guint name_length = word_at(entry + 28, 2);
        if (strlen(name) == name_length && memcmp(entry + 46, name, name_length) == 0)
            break;
        entry += 46 + name_length + word_at(entry + 30, 2) + word_at(entry + 32, 2);
    }
    const guint8 *local = zip + word_at(entry + 42, 4);
    const guint8 *data = local + 30 + word_at(local + 26, 2) + word_at(local + 28, 2);
    g_autoptr(GInputStream) packed = g_memory_input_stream_new_from_data(data, word_at(entry + 20, 4), NULL);
    g_autoptr(GZlibDecompressor) inflate = g_zlib_decompressor_new(G_ZLIB_COMPRESSOR_FORMAT_RAW);
    g_autoptr(GInputStream) plain = g_converter_input_stream_new(packed, G_CONVERTER(inflate));
    g_autoptr(GOutputStream) out = g_memory_output_stream_new_resizable();
    g_assert_cmpint(g_output_stream_splice(out, plain, G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET, NULL, NULL), >,
                    0);
    return g_memory_output_stream_steal_as_bytes(G_MEMORY_OUTPUT_STREAM(out));
}

static void assert_array(const char *zip, gsize length, const char *set, const char *what,
                         const guint8 *expected, gsize count)
{
    g_autofree char *name = g_strdup_printf("%s_%s.npy", set, what);
    g_autoptr(GBytes) array = read_array((const guint8 *)zip, length, name);
    gsize size;
    const guint8 *bytes = g_bytes_get_data(array, &size);
    const gsize header = 10 + word_at(bytes + 8, 2);
    g_assert_cmpmem(bytes + header, size - header, expected, count);
}

static void test_against_samples(void)
{
    static const char *const sets[] = {"train", "val", "test"}, *const variants[] = {"hard", "easy"};
    for (gsize v = 0; v < G_N_ELEMENTS(variants); v++) {
        g_autofree char *relative = g_strdup_printf("data/synth/synth_%s.npz", variants[v]);
        g_autofree char *path = rh_test_shared(relative), *zip = NULL;
        gsize length;
        if (path == NULL)
            return;
        g_assert_true(g_file_get_contents(path, &zip, &length, NULL));
        for (guint s = 0; s < 3; s++) {
            g_autofree Set *set = generate(variants[v], s + 1);
            assert_array(zip, length, sets[s], "images", set->images, sizeof set->images);
            assert_array(zip, length, sets[s], "masks", set->masks, sizeof set->masks);
            assert_array(zip, length, sets[s], "labels", set->labels, sizeof set->labels);
        }
    }
}

/* At any size: crosses inside, tag in its corner, the mask the crosses alone, classes by halves. */
static void test_any_size(void)
{
    guint variants;
    const RhSyntheticVariant *variant = rh_synthetic_variants(&variants);
    for (guint v = 0; v < variants; v++, variant++)
        for (guint size = 4 * variant->arm_high + 2; size < 100; size += 13) {
            const guint count = 41, pixels = size * size, border = variant->border;
            g_autofree guint8 *images = g_malloc(count * pixels), *masks = g_malloc(count * pixels);
            guint8 labels[41];
            rh_synthetic_generate(variant, size, count, size, images, masks, labels);
            for (guint i = 0; i < count; i++) {
                const guint8 *image = images + i * pixels, *mask = masks + i * pixels;
                guint crosses = 0, left = labels[i] == 0 ? border : size - border - 3;
                g_assert_cmpuint(labels[i], ==, i >= count / 2);
                for (guint k = 0; k < pixels; k++) {
                    guint y = k / size, x = k % size;
                    gboolean tag = y >= size - border - 2 && y < size - border && x >= left && x < left + 3;
                    g_assert_true(mask[k] == 0 || mask[k] == 255);
                    g_assert_cmpuint(image[k], ==, tag ? 255 : mask[k]);
                    crosses += mask[k] == 255;
                }
                /* 4·arm + 1 pixels a cross, less what two share. */
                g_assert_cmpuint(crosses, <=, (4 * (variant->arm_high - 1) + 1) * (labels[i] + 1u));
                g_assert_cmpuint(crosses, >=, 4 * variant->arm_low + 1);
            }
        }
}

static void test_find(void)
{
    g_autoptr(GError) error = NULL;
    g_assert_cmpstr(rh_synthetic_variant_find("easy", &error)->id, ==, "easy");
    g_assert_no_error(error);
    g_assert_null(rh_synthetic_variant_find("harder", &error));
    g_assert_error(error, RH_ERROR, RH_ERROR_USAGE);
    g_assert_nonnull(strstr(error->message, "hard, easy"));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/synthetic/checksums", test_checksums);
    g_test_add_func("/synthetic/against-samples", test_against_samples);
    g_test_add_func("/synthetic/any-size", test_any_size);
    g_test_add_func("/synthetic/find", test_find);
    return g_test_run();
}
