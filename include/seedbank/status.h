/* What a call can come back with, and the sentence that goes with it.
 *
 * The list stands here once. It expands into the enum, the texts and the exit status of the
 * command, so the three cannot drift apart. */
#ifndef SEEDBANK_STATUS_H
#define SEEDBANK_STATUS_H

#ifdef __cplusplus
extern "C" {
#endif

/* X(name, number, exit status of the command, text) */
#define SB_STATUS_MAP(X)                                         \
    X(OK, 0, 0, "done")                                          \
    X(EWRONG, 1, 1, "checked and found wrong")                   \
    X(EUSAGE, 2, 2, "the request does not hold together")        \
    X(ENOMEM, 3, 3, "out of memory")                             \
    X(EIO, 4, 3, "the system refused")                           \
    X(ENOSPC, 5, 3, "no room")                                   \
    X(EDAMAGED, 6, 4, "damaged or foreign input")                \
    X(ESTOPPED, 7, 75, "stopped early; run again with --resume") \
    X(EWORKER, 8, 3, "a worker failed")

typedef enum sb_status {
#define SB_STATUS_ENUM(name, number, exit_status, text) SB_##name = (number),
    SB_STATUS_MAP(SB_STATUS_ENUM)
#undef SB_STATUS_ENUM
} sb_status;

enum { SB_ERROR_TEXT_BYTES = 1024 };

/* One line for a human: what, where, what to do. The caller owns it; NULL is allowed wherever one
 * is taken. `text` is empty until a call fails. */
typedef struct sb_error {
    sb_status status;
    char text[SB_ERROR_TEXT_BYTES];
} sb_error;

#if defined(__GNUC__)
#define SB_CHECK __attribute__((warn_unused_result))
#define SB_PRINTF(format_index, first_arg) __attribute__((format(printf, format_index, first_arg)))
#define SB_API __attribute__((visibility("default")))
#else
#define SB_CHECK
#define SB_PRINTF(format_index, first_arg)
#define SB_API
#endif

/* Borrowed, static: the text of a status ("done", "no room", ...). */
SB_API const char *sb_status_text(sb_status status);

/* The exit status a command ends with (0, 1, 2, 3, 4 or 75). */
SB_API int sb_status_exit(sb_status status);

/* Writes the sentence into `err` (when not NULL) and returns `status`, so that a failing function
 * ends in `return sb_fail(err, SB_EIO, "%s: %s", path, why)`. */
SB_API SB_PRINTF(3, 4) sb_status sb_fail(sb_error *err, sb_status status, const char *format, ...);

/* A static analyzer does not see into the call: it is told that what goes in comes out. */
#ifdef __clang_analyzer__
#define sb_fail(err, status, ...) (sb_fail(err, status, __VA_ARGS__), (status))
#endif

/* Passes a failure up unchanged. */
#define SB_TRY(call)                      \
    do {                                  \
        sb_status sb_try_status = (call); \
        if (sb_try_status != SB_OK)       \
            return sb_try_status;         \
    } while (0)

#ifdef __cplusplus
}
#endif
#endif
