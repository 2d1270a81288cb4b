/* Logins: people at the doors of their accounts. Most come in at once; some need a second or third
 * try, and after three wrong ones the door is locked. The tries of such a run follow each other
 * within minutes, from one device and one address. */
#ifndef ENGINE_LOGIN_H
#define ENGINE_LOGIN_H

#include "engine/events.h"

/* The run that a try belongs to: `length` rows from index `first`. One of SB_LOGIN_RUN_MAX ends
 * locked out, any shorter one inside. */
enum { SB_LOGIN_RUN_MAX = 4 };
typedef struct sb_login_run {
    uint32_t first, position, length;
    sb_key key;
} sb_login_run;
sb_login_run sb_login_run_of(const sb_cell_events *of, uint32_t index);

/* What sb_login_time() found out: the run. */
typedef sb_login_run sb_login_note;

/* The moment of a row; see sb_event_clock. */
int64_t sb_login_time(sb_maker *maker, const sb_cell_events *of, uint32_t index);

/* Appends one row. */
void sb_login_put(sb_maker *maker, sb_rows *rows, const sb_cell_events *of, uint32_t index);

#endif
