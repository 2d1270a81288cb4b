/* The report of a dataset: one page that stands alone. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/tables.h"
#include "workers/report.h"
#include "workers/spool.h"

enum { OUT_PATH_BYTES_MAX = 4000 };

/* ---- where it goes -------------------------------------------------------------------------- */

/* A page may be replaced, anything else was not meant. */
static sb_status check_existing(const char *path, const struct stat *info, sb_error *err)
{
    static const char begin[] = "<!DOCTYPE html";
    char head[sizeof begin] = "";
    if (S_ISDIR(info->st_mode))
        return sb_fail(err, SB_EUSAGE, "--out %s: a directory; name a file, report.html", path);
    if (!S_ISREG(info->st_mode))
        return sb_fail(err, SB_EUSAGE, "--out %s: no regular file; name one, report.html", path);
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return sb_fail_errno(err, path, "cannot be read, so it is not replaced");
    size_t bytes = fread(head, 1, sizeof begin - 1, file);
    (void)fclose(file);
    if (bytes > 0 && strcasecmp(head, begin) != 0)
        return sb_fail(err, SB_EUSAGE,
                       "--out %s: is there and is no HTML page; choose another name", path);
    return SB_OK;
}

/* That the page can be written is checked before the rows are read, which may take minutes. */
static sb_status check_out(const char *path, sb_error *err)
{
    char parent[OUT_PATH_BYTES_MAX + 1];
    struct stat info;
    if (path == NULL || path[0] == '\0' || strcmp(path, "-") == 0)
        return sb_fail(err, SB_EUSAGE, "--out: the page goes to a file; name one, report.html");
    if (strlen(path) > OUT_PATH_BYTES_MAX)
        return sb_fail(err, SB_EUSAGE, "--out: the name is too long; at most %d bytes",
                       OUT_PATH_BYTES_MAX);
    if (stat(path, &info) == 0)
        SB_TRY(check_existing(path, &info, err));
    (void)snprintf(parent, sizeof parent, "%s", path);
    char *slash = strrchr(parent, '/');
    if (slash == NULL)
        (void)snprintf(parent, sizeof parent, ".");
    else
        slash[slash == parent] = '\0';
    if (access(parent, W_OK | X_OK) != 0)
        return sb_fail_errno(err, parent, "the page cannot be written there");
    return SB_OK;
}

/* Behind a symbolic link the file it names is replaced, not the link. */
static sb_status write_page(const char *path, const sb_page *page, sb_error *err)
{
    char *real = realpath(path, NULL);
    sb_status status =
        sb_write_file(real != NULL ? real : path, page->bytes.data, page->bytes.length, err);
    free(real);
    if (status == SB_ENOSPC)
        return sb_fail(err, status, "%s: no room for a page of %zu bytes; make room and run again",
                       path, page->bytes.length);
    return status;
}

/* ---- the call ------------------------------------------------------------------------------- */

static sb_status report_dir(const sb_dataset_dir *dir, const sb_tables *tables,
                            const char *out_path, sb_error *err)
{
    sb_page page = {.err = err};
    sb_survey *survey = malloc(sizeof *survey);
    if (survey == NULL)
        return sb_fail(err, SB_ENOMEM, "no memory for a report");
    sb_status status = sb_report_scan(dir, tables, survey, err);
    if (status == SB_OK) {
        sb_report_page(survey, &page);
        status = page.status;
    }
    if (status == SB_OK)
        status = write_page(out_path, &page, err);
    sb_bytes_close(&page.bytes);
    sb_report_close(survey);
    free(survey);
    return status;
}

sb_status sb_report(const char *path, const char *out_path, sb_error *err)
{
    sb_dataset_dir dir;
    sb_tables *tables = NULL;
    SB_TRY(check_out(out_path, err));
    SB_TRY(sb_dataset_dir_open(path, &dir, err));
    sb_status status = sb_tables_open(NULL, NULL, &tables, err);
    if (status == SB_OK)
        status = report_dir(&dir, tables, out_path, err);
    sb_tables_close(tables);
    sb_dataset_dir_close(&dir);
    return status;
}
