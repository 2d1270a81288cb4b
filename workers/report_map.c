/* Where the people of a dataset live: maps of dots, no coast needed. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "workers/report.h"

enum { CITIES_MAX = 4000, LABELS_MAX = 60, CITIES_LISTED = 60, CITY_BARS = 18 };

/* A part of the world, drawn with the same scale north to south as at its middle. */
typedef struct map_window {
    double west, east, south, north;
    double width, height, top;
    int step;                        /* degrees from line to line */
    const struct map_window *nearer; /* has a map of its own, and the names there */
} map_window;

typedef struct label_box {
    double left, top, right, bottom;
} label_box;

static double map_x(const map_window *map, double longitude)
{
    return (longitude - map->west) / (map->east - map->west) * map->width;
}

static double map_y(const map_window *map, double latitude)
{
    return map->top + (map->north - latitude) / (map->north - map->south) * map->height;
}

static bool is_within(const map_window *map, double latitude, double longitude)
{
    return latitude >= map->south && latitude <= map->north && longitude >= map->west &&
           longitude <= map->east;
}

/* Lines every so many degrees; the equator a little stronger. */
static void put_graticule(sb_page *page, const map_window *map)
{
    int step = map->step;
    sb_page_put(page, "<rect class=\"sea\" x=\"0\" y=\"%s\" width=\"%s\" height=\"%s\"/>\n",
                sb_xy(map->top).text, sb_xy(map->width).text, sb_xy(map->height).text);
    for (int at = (int)ceil(map->west / step) * step; at <= map->east; at += step)
        sb_page_put(page, "<line class=\"grid\" x1=\"%s\" y1=\"%s\" x2=\"%s\" y2=\"%s\"/>\n",
                    sb_xy(map_x(map, at)).text, sb_xy(map->top).text, sb_xy(map_x(map, at)).text,
                    sb_xy(map->top + map->height).text);
    for (int at = (int)ceil(map->south / step) * step; at <= map->north; at += step) {
        sb_page_put(page, "<line class=\"grid\" x1=\"0\" y1=\"%s\" x2=\"%s\" y2=\"%s\"/>",
                    sb_xy(map_y(map, at)).text, sb_xy(map->width).text, sb_xy(map_y(map, at)).text);
        sb_page_put(page, "<text class=\"small\" x=\"4\" y=\"%s\">%d\xc2\xb0%s</text>\n",
                    sb_xy(map_y(map, at) - 3).text, abs(at),
                    at > 0   ? " N"
                    : at < 0 ? " S"
                             : "");
    }
}

static double latitude_of(const sb_tally_entry *entry)
{
    return entry->sums[0] / (double)entry->count;
}

static double longitude_of(const sb_tally_entry *entry)
{
    return entry->sums[1] / (double)entry->count;
}

static void put_dots(sb_page *page, const sb_tally *places, const map_window *map,
                     const uint32_t *order, size_t count, double unit)
{
    sb_page_put(page, "<g class=\"dot\">\n");
    for (size_t i = 0; i < count; i++) {
        const sb_tally_entry *entry = &places->entries[order[i]];
        double latitude = latitude_of(entry), longitude = longitude_of(entry);
        const char *text = sb_tally_text(places, order[i]), *tab = strchr(text, '\t');
        if (!is_within(map, latitude, longitude))
            continue;
        sb_page_put(page, "<circle cx=\"%s\" cy=\"%s\" r=\"%s\">",
                    sb_xy(map_x(map, longitude)).text, sb_xy(map_y(map, latitude)).text,
                    sb_xy(fmax(0.9, unit * sqrt((double)entry->count))).text);
        if (i < 200) {
            sb_page_put(page, "<title>");
            sb_page_text(page, tab + 1);
            sb_page_put(page, ": %s</title>", sb_grouped(entry->count).text);
        }
        sb_page_put(page, "</circle>\n");
    }
    sb_page_put(page, "</g>\n");
}

static bool overlaps(const label_box *boxes, int count, const label_box *box)
{
    for (int i = 0; i < count; i++)
        if (box->left < boxes[i].right && box->right > boxes[i].left &&
            box->top < boxes[i].bottom && box->bottom > boxes[i].top)
            return true;
    return false;
}

static void put_map_label(sb_page *page, const map_window *map, double x, double y,
                          const char *name, label_box *boxes, int *count)
{
    double half = 3.9 * (double)strlen(name);
    x = fmin(fmax(x, half + 34), map->width - half - 2);
    label_box box = {x - half, y - 11, x + half, y + 3};
    if (*count == LABELS_MAX || y < map->top + 12 || y > map->top + map->height - 2 ||
        overlaps(boxes, *count, &box))
        return;
    boxes[(*count)++] = box;
    sb_page_put(page, "<text class=\"ink halo\" x=\"%s\" y=\"%s\" text-anchor=\"middle\">",
                sb_xy(x).text, sb_xy(y).text);
    sb_page_text(page, name);
    sb_page_put(page, "</text>\n");
}

/* Countries stand at the middle of their people; those with most first, others where there is
 * room. */
static void put_country_labels(const sb_survey *survey, sb_page *page, const map_window *map)
{
    const sb_tally *countries = &survey->persons.countries, *places = &survey->persons.places;
    uint32_t order[LABELS_MAX];
    label_box boxes[LABELS_MAX];
    int labels = 0;
    size_t count = sb_tally_rank(countries, SB_BY_COUNT, NULL, order, LABELS_MAX);
    for (size_t i = 0; i < count; i++) {
        const char *code = sb_tally_text(countries, order[i]);
        double latitude = 0, longitude = 0, people = 0;
        for (size_t j = 0; j < places->count; j++) {
            const sb_tally_entry *entry = &places->entries[j];
            const char *text = sb_tally_text(places, j);
            if (strncmp(text, code, strlen(code)) != 0 || text[strlen(code)] != '\t')
                continue;
            latitude += entry->sums[0];
            longitude += entry->sums[1];
            people += (double)entry->count;
        }
        latitude = people > 0 ? latitude / people : 0;
        longitude = people > 0 ? longitude / people : 0;
        if (people > 0 && is_within(map, latitude, longitude) &&
            !(map->nearer != NULL && is_within(map->nearer, latitude, longitude)))
            put_map_label(page, map, map_x(map, longitude), map_y(map, latitude) + 4,
                          sb_country_name(survey, code), boxes, &labels);
    }
}

static void put_map(const sb_survey *survey, sb_page *page, const char *title, const char *sentence,
                    const map_window *map, const uint32_t *order, size_t count, double unit)
{
    sb_chart_begin(page, (int)map->width, (int)map->height, title, sentence);
    put_graticule(page, map);
    put_dots(page, &survey->persons.places, map, order, count, unit);
    put_country_labels(survey, page, map);
    sb_chart_end(page);
}

static size_t people_within(const sb_tally *places, const map_window *map)
{
    size_t people = 0;
    for (size_t i = 0; i < places->count; i++) {
        const sb_tally_entry *entry = &places->entries[i];
        if (is_within(map, latitude_of(entry), longitude_of(entry)))
            people += entry->count;
    }
    return people;
}

/* Splits "US\tChicago". */
static const char *city_of(const sb_tally *places, uint32_t entry, char country[16])
{
    const char *text = sb_tally_text(places, entry), *tab = strchr(text, '\t');
    (void)snprintf(country, 16, "%.*s", (int)(tab - text), text);
    return tab + 1;
}

static void put_city_table(const sb_survey *survey, sb_page *page, const uint32_t *order,
                           size_t count)
{
    const sb_tally *places = &survey->persons.places;
    sb_table_begin(page, "Table of the 60 largest",
                   "City|Country|People#|Share#|Latitude#|Longitude#");
    for (size_t i = 0; i < count && i < CITIES_LISTED; i++) {
        const sb_tally_entry *entry = &places->entries[order[i]];
        char country[16];
        const char *city = city_of(places, order[i], country);
        sb_line_begin(page);
        sb_cell_text(page, city);
        sb_cell_text(page, sb_country_name(survey, country));
        sb_cell_count(page, entry->count);
        sb_cell_number(page, sb_percent((double)entry->count / (double)places->total, 2));
        sb_cell_number(page, sb_fixed(latitude_of(entry), 2));
        sb_cell_number(page, sb_fixed(longitude_of(entry), 2));
        sb_line_end(page);
    }
    sb_table_end(page);
}

static void put_cities(const sb_survey *survey, sb_page *page, const uint32_t *order, size_t count)
{
    static const char sentence[] = "Share of all people at home there.";
    const sb_tally *places = &survey->persons.places;
    sb_bar bars[CITY_BARS];
    int shown = count < CITY_BARS ? (int)count : CITY_BARS;
    for (int i = 0; i < shown; i++) {
        double share = (double)places->entries[order[i]].count / (double)places->total;
        char country[16];
        const char *city = city_of(places, order[i], country);
        bars[i] = (sb_bar){.value = share, .expected = -1};
        (void)snprintf(bars[i].label, sizeof bars[i].label, "%s (%s)", city, country);
        (void)snprintf(bars[i].value_text, sizeof bars[i].value_text, "%s",
                       sb_percent(share, 2).text);
    }
    sb_figure_begin(page, "cities", false, "Largest cities", "%s", sentence);
    sb_chart_bars(page, "Largest cities", sentence, bars, shown);
    put_city_table(survey, page, order, count);
    sb_figure_end(page);
}

/* A degree of latitude is as long as 1.5 of longitude there. */
static const map_window europe = {-11.5, 27.5, 36, 61, SB_CHART_WIDTH, 424, 0, 10, NULL};

/* Where many live in Europe its dots would hide each other on a map of the world. */
static void put_europe(const sb_survey *survey, sb_page *page, const uint32_t *order, size_t count,
                       double unit)
{
    static const char sentence[] = "The same, nearer.";
    sb_figure_begin(page, "map-europe", false, "Western and central Europe", "%s", sentence);
    put_map(survey, page, "Western and central Europe", sentence, &europe, order, count,
            unit * 1.15);
    sb_figure_end(page);
}

void sb_report_put_places(const sb_survey *survey, sb_page *page)
{
    map_window map = {-170, 180, -58, 75, SB_CHART_WIDE, 410, 0, 30, NULL};
    const sb_tally *places = &survey->persons.places;
    uint32_t *order = malloc(CITIES_MAX * sizeof *order);
    char sentence[300];
    if (order == NULL) {
        page->status = sb_fail(page->err, SB_ENOMEM, "no memory for the report's map");
        return;
    }
    size_t count = sb_tally_rank(places, SB_BY_COUNT, NULL, order, CITIES_MAX);
    double total = (double)places->total, largest = (double)places->entries[order[0]].count;
    double unit = fmin(13 / sqrt(largest), 70 / sqrt(total));
    bool has_europe = people_within(places, &europe) * 8 >= places->total;
    map.nearer = has_europe ? &europe : NULL;
    (void)snprintf(sentence, sizeof sentence,
                   "Home addresses: %s cities in %s countries. A dot's area is the number of "
                   "people; names stand at the middle of a country's people.",
                   sb_grouped(places->count).text,
                   sb_grouped(survey->persons.countries.count).text);
    sb_section_begin(page, "places", "Places");
    sb_figure_begin(page, "map", true, "Where people live", "%s", sentence);
    put_map(survey, page, "Where people live", sentence, &map, order, count, unit);
    sb_figure_end(page);
    if (has_europe)
        put_europe(survey, page, order, count, unit);
    put_cities(survey, page, order, count);
    sb_section_end(page);
    free(order);
}
