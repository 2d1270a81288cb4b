#include "engine/line.h"

/* clang-format off */
const char sb_digit_pairs[200] = {
#define TEN(t) t, '0', t, '1', t, '2', t, '3', t, '4', t, '5', t, '6', t, '7', t, '8', t, '9'
    TEN('0'), TEN('1'), TEN('2'), TEN('3'), TEN('4'),
    TEN('5'), TEN('6'), TEN('7'), TEN('8'), TEN('9'),
#undef TEN
};
/* clang-format on */
