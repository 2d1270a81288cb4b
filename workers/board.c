#include "workers/board.h"

#include <string.h>
#include <sys/mman.h>

enum { ATTEMPTS_MAX = 3 };

sb_status sb_board_open(uint64_t begin, uint64_t end, uint32_t workers, sb_board **out,
                        sb_error *err)
{
    size_t notes = workers * sizeof(sb_worker_note), head = (sizeof(sb_board) + 63) / 64 * 64;
    size_t bytes = head + notes + 64 + (end - begin) * sizeof(sb_slot);
    void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED)
        return sb_fail(err, SB_ENOMEM, "no memory for the table of %llu shards",
                       (unsigned long long)(end - begin));
    sb_board *board = memory;
    board->begin = begin;
    board->end = end;
    board->worker_count = workers;
    board->mapped_bytes = bytes;
    board->notes = (sb_worker_note *)((char *)memory + head);
    board->slots = (sb_slot *)((char *)memory + head + (notes + 63) / 64 * 64);
    atomic_init(&board->next, begin);
    atomic_init(&board->lowest_failed, UINT64_MAX);
    *out = board;
    return SB_OK;
}

void sb_board_close(sb_board *board)
{
    if (board != NULL)
        (void)munmap(board, board->mapped_bytes);
}

static bool take_slot(sb_board *board, uint64_t shard, uint32_t worker)
{
    sb_slot *slot = sb_board_slot(board, shard);
    int free_state = SB_SHARD_FREE;
    if (!atomic_compare_exchange_strong(&slot->state, &free_state, SB_SHARD_TAKEN))
        return false;
    atomic_store(&slot->owner, (int)worker);
    atomic_fetch_add(&slot->attempts, 1);
    return true;
}

uint64_t sb_board_take(sb_board *board, uint32_t worker)
{
    if (atomic_load(&board->retries) > 0)
        for (uint64_t shard = board->begin; shard < board->end; shard++)
            if (atomic_load(&sb_board_slot(board, shard)->attempts) > 0 &&
                take_slot(board, shard, worker)) {
                atomic_fetch_sub(&board->retries, 1);
                return shard;
            }
    for (;;) {
        uint64_t shard = atomic_fetch_add(&board->next, 1);
        if (shard >= board->end)
            return board->end;
        if (take_slot(board, shard, worker))
            return shard;
    }
}

bool sb_board_release(sb_board *board, uint32_t worker, uint64_t *shard_out)
{
    bool fine = true;
    for (uint64_t shard = board->begin; shard < board->end; shard++) {
        sb_slot *slot = sb_board_slot(board, shard);
        int state = atomic_load(&slot->state);
        if (atomic_load(&slot->owner) != (int)worker ||
            (state != SB_SHARD_TAKEN && state != SB_SHARD_MADE))
            continue;
        if (atomic_load(&slot->attempts) >= ATTEMPTS_MAX) {
            *shard_out = shard;
            fine = false;
        }
        atomic_store(&slot->state, SB_SHARD_FREE);
        atomic_fetch_add(&board->retries, 1);
    }
    return fine;
}

void sb_board_fail(sb_board *board, uint32_t worker, uint64_t shard, const sb_error *error)
{
    board->notes[worker].error = *error;
    board->notes[worker].failed_shard = shard;
    uint64_t lowest = atomic_load(&board->lowest_failed);
    while (shard < lowest && !atomic_compare_exchange_weak(&board->lowest_failed, &lowest, shard)) {
    }
}

const sb_error *sb_board_failure(const sb_board *board)
{
    const sb_worker_note *found = NULL;
    for (uint32_t worker = 0; worker < board->worker_count; worker++) {
        const sb_worker_note *note = &board->notes[worker];
        if (note->error.status != SB_OK &&
            (found == NULL || note->failed_shard < found->failed_shard))
            found = note;
    }
    return found == NULL ? NULL : &found->error;
}
