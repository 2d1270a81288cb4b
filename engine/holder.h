/* Accounts as those who come in by them see them: whose, and from when to when. Kept for the cell
 * at hand, whose trades and logins ask for the same accounts again and again. */
#ifndef ENGINE_HOLDER_H
#define ENGINE_HOLDER_H

#include "engine/account.h"

typedef struct sb_holder {
    uint64_t account;
    sb_owner owner;
    int64_t open_ms, close_ms; /* see sb_core */
    int32_t birth;             /* of owners who are persons */
    bool is_made, is_always_open;
} sb_holder;

/* Borrowed, until one of another cell is asked for. `spare` is used when memory ran out, which
 * sb_maker_check() then says. */
const sb_holder *sb_holder_find(sb_maker *maker, const sb_layout *layout, uint32_t role,
                                sb_holder *spare);

#endif
