#include "engine/holder.h"

#include <stdlib.h>

#include "engine/person.h"

struct sb_holders {
    uint64_t name; /* the cell + 1; 0: none yet */
    sb_holder list[SB_CELL_ACCOUNTS];
};

static sb_holder *place_of(sb_maker *maker, const sb_layout *layout, uint32_t role,
                           sb_holder *spare)
{
    if (maker->holders == NULL)
        maker->holders = calloc(1, sizeof *maker->holders);
    if (maker->holders == NULL)
        maker->out_of_memory = true;
    spare->is_made = false;
    if (maker->holders == NULL || role >= SB_CELL_ACCOUNTS)
        return spare;
    if (maker->holders->name != layout->cell + 1) {
        maker->holders->name = layout->cell + 1;
        for (uint32_t i = 0; i < SB_CELL_ACCOUNTS; i++)
            maker->holders->list[i].is_made = false;
    }
    return &maker->holders->list[role];
}

/* Almost all accounts are open all the time; a core is made of those alone that are not. */
static void set_life(sb_maker *maker, const sb_layout *layout, uint32_t role, uint64_t local,
                     sb_holder *out)
{
    uint64_t life = sb_permute(&layout->life, local);
    out->is_always_open = life >= layout->derived_count + layout->closed_before + layout->frozen;
    out->open_ms = INT64_MIN;
    out->close_ms = out->is_always_open ? INT64_MAX : INT64_MIN;
    if (life < layout->derived_count) {
        sb_home home = sb_maker_home(maker, layout->cell);
        sb_core core;
        sb_core_make(maker, layout, &home, role, &core);
        out->open_ms = core.open_ms;
        out->close_ms = core.close_ms;
    }
}

const sb_holder *sb_holder_find(sb_maker *maker, const sb_layout *layout, uint32_t role,
                                sb_holder *spare)
{
    sb_holder *holder = place_of(maker, layout, role, spare);
    if (holder->is_made)
        return holder;
    uint64_t local = sb_permute_inverse(&layout->role, role);
    holder->is_made = true;
    holder->account = layout->first_account + local;
    holder->owner = sb_account_owner(layout, role);
    holder->birth = holder->owner.company ? 0 : sb_person_birth(maker->world, holder->owner.id);
    set_life(maker, layout, role, local, holder);
    return holder;
}
