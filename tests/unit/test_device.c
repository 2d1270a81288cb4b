/* Devices: everybody's are found without making any, and were there before the period. */
#include "engine/device.h"

#include "engine/person.h"
#include "tests/unit/kind_rows.h"

static void make_row(sb_maker *maker, uint64_t id, made_row *out)
{
    sb_rows rows = made_begin(out, SB_DEVICES);
    sb_device_put(maker, &rows, id);
    made_end(out, &rows);
}

static engine open_world(const char *persons, const char *devices)
{
    return engine_open("persons", persons, "accounts", "3000", "transactions", "3000", "devices",
                       devices, "seed", "11");
}

/* ---- owners -----------------------------------------------------------------------------------
 */

static void owners_are_neighbours(void **state)
{
    engine all = open_world("1500", "2200");
    (void)state;
    for (uint64_t id = 0; id < 2200; id++) {
        sb_device device;
        sb_device_make(all.maker, id, &device);
        assert_true(device.id == id);
        assert_true(device.owner < 1500);
        assert_true(sb_world_cell_of(all.world, SB_PERSONS, device.owner) ==
                    sb_world_cell_of(all.world, SB_DEVICES, id));
    }
    engine_close(&all);
}

/* How often each of a person's devices comes out of 400 draws. */
static uint32_t count_draws(sb_maker *maker, uint64_t person, uint64_t *random, uint64_t ids[4],
                            uint32_t counts[4])
{
    uint32_t known = 0;
    for (int n = 0; n < 400; n++) {
        uint64_t device = 0;
        uint32_t i = 0;
        if (!sb_device_of(maker, person, fixture_random(random), &device))
            return 0;
        while (i < known && ids[i] != device)
            i++;
        assert_true(i < 4);
        if (i == known) {
            ids[known] = device;
            counts[known++] = 0;
        }
        counts[i]++;
    }
    return known;
}

/* All devices of a world with no more than the layers hold are found, each with its owner. */
static void owners_find_their_devices(void **state)
{
    engine all = open_world("700", "1000");
    uint64_t random = 5, found = 0, without = 0;
    (void)state;
    for (uint64_t person = 0; person < 700; person++) {
        uint64_t ids[4];
        uint32_t counts[4], known = count_draws(all.maker, person, &random, ids, counts);
        without += known == 0;
        found += known;
        for (uint32_t i = 0; i < known; i++) {
            sb_device device;
            sb_device_make(all.maker, ids[i], &device);
            assert_true(device.owner == person);
            if (known > 1 && device.layer == 0)
                assert_in_range(counts[i], 250, 350);
        }
    }
    assert_int_equal(found, 1000);
    assert_in_range(without, 1, 100);
    engine_close(&all);
}

static void mobile_ones_are_phones_and_tablets(void **state)
{
    engine all = open_world("700", "1000");
    uint64_t random = 6, mobile_owners = 0;
    (void)state;
    for (uint64_t person = 0; person < 700; person++) {
        uint64_t id = 0;
        sb_device device;
        if (!sb_mobile_of(all.maker, person, fixture_random(&random), &id))
            continue;
        sb_device_make(all.maker, id, &device);
        assert_true(device.owner == person);
        assert_true(sb_device_is_mobile(&device));
        mobile_owners++;
    }
    assert_in_range(mobile_owners, 550, 680);
    engine_close(&all);
}

static void nobody_has_one_where_there_are_none(void **state)
{
    engine all = engine_open("persons", "100", "seed", "1");
    uint64_t device = 77;
    (void)state;
    assert_false(sb_device_of(all.maker, 0, 0, &device));
    assert_false(sb_mobile_of(all.maker, 99, UINT64_MAX, &device));
    assert_int_equal(device, 77);
    engine_close(&all);
}

/* One person with hundreds of devices, and a device for every hundredth person. */
static void any_number_has_owners(void **state)
{
    static const struct {
        const char *persons, *devices;
        uint64_t person_count, device_count;
    } cases[] = {
        {"1", "900", 1, 900}, {"2", "1", 2, 1}, {"5000", "50", 5000, 50}, {"3", "9", 3, 9}};
    uint64_t random = 8;
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        engine all = open_world(cases[i].persons, cases[i].devices);
        for (uint64_t id = 0; id < cases[i].device_count; id++) {
            sb_device device;
            sb_device_make(all.maker, id, &device);
            assert_true(device.owner < cases[i].person_count);
        }
        for (uint64_t person = 0; person < cases[i].person_count; person++) {
            uint64_t id = 0;
            sb_device device;
            if (!sb_device_of(all.maker, person, fixture_random(&random), &id))
                continue;
            assert_true(id < cases[i].device_count);
            sb_device_make(all.maker, id, &device);
            assert_true(device.owner == person);
        }
        engine_close(&all);
    }
}

/* ---- rows -------------------------------------------------------------------------------------
 */

static void platforms_fit_types(void **state)
{
    engine all = open_world("700", "1000");
    uint32_t phones = 0;
    (void)state;
    for (uint64_t id = 0; id < 1000; id++) {
        made_row row;
        make_row(all.maker, id, &row);
        bool phone = made_is(&row, "type", "smartphone"), tablet = made_is(&row, "type", "tablet");
        bool mobile_system =
            made_is(&row, "platform", "ios") || made_is(&row, "platform", "android");
        assert_true(phone ? mobile_system : true);
        assert_true(mobile_system ? phone || tablet : !phone);
        phones += phone;
        if (made_is(&row, "platform", "ios") || made_is(&row, "platform", "macos"))
            assert_memory_equal(made_text(&row, "model"), "Calyra ", 7);
    }
    assert_in_range(phones, 500, 700);
    engine_close(&all);
}

static int by_text(const void *a, const void *b)
{
    return memcmp(a, b, 32);
}

static void fingerprints_are_unique(void **state)
{
    enum { COUNTED = 20000 };
    engine all = open_world("15000", "20000");
    char(*texts)[32] = malloc(COUNTED * sizeof *texts);
    (void)state;
    assert_non_null(texts);
    for (uint64_t id = 0; id < COUNTED; id++) {
        made_row row;
        make_row(all.maker, id, &row);
        const char *text = made_text(&row, "fingerprint");
        assert_int_equal(strlen(text), 32);
        assert_int_equal(strspn(text, "0123456789abcdef"), 32);
        memcpy(texts[id], text, 32);
    }
    qsort(texts, COUNTED, sizeof *texts, by_text);
    for (size_t i = 1; i < COUNTED; i++)
        assert_true(memcmp(texts[i - 1], texts[i], 32) < 0);
    free(texts);
    engine_close(&all);
}

/* Used in the period, so there before it; and its owner was fourteen. */
static void check_days(engine *all, uint64_t count, int32_t years_back)
{
    int32_t start = all->world->values.start_days;
    for (uint64_t id = 0; id < count; id++) {
        made_row row;
        make_row(all->maker, id, &row);
        int32_t registered = (int32_t)made_int(&row, "registered");
        uint64_t owner = (uint64_t)made_int(&row, "owner_person_id");
        assert_true(registered <= start);
        assert_true(registered >= start - years_back * 366);
        assert_true(registered - sb_person_birth(all->world, owner) >= 5114);
    }
    engine_close(all);
}

static void devices_are_there_before_the_period(void **state)
{
    engine month = open_world("900", "1300");
    engine years = engine_open("persons", "900", "devices", "1300", "start", "2004-01-01", "end",
                               "2023-12-27");
    engine day = engine_open("persons", "900", "devices", "1300", "start", "1990-01-01", "end",
                             "1990-01-02");
    (void)state;
    check_days(&month, 1300, 6);
    check_days(&years, 1300, 1);
    check_days(&day, 1300, 6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(owners_are_neighbours),
        cmocka_unit_test(owners_find_their_devices),
        cmocka_unit_test(mobile_ones_are_phones_and_tablets),
        cmocka_unit_test(nobody_has_one_where_there_are_none),
        cmocka_unit_test(any_number_has_owners),
        cmocka_unit_test(platforms_fit_types),
        cmocka_unit_test(fingerprints_are_unique),
        cmocka_unit_test(devices_are_there_before_the_period),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
