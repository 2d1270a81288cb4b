# Periods that cannot be.
. "$SEEDBANK_TESTS/lib.sh"
refuse plan --start 2025-02-29
refuse plan --start 2025-13-01
refuse plan --start 2025-00-10
refuse plan --start 2025-1-1
refuse plan --start today
refuse plan --start 2025-12-31T00:00
refuse plan --start 20251231
refuse plan --end 2025-04-31
refuse plan --start 1066-10-14
refuse plan --start 9999-01-01
refuse plan --start 2025-06-01 --end 2025-06-01
refuse plan --start 2025-06-02 --end 2025-06-01
refuse plan --start 2026-06-01
refuse plan --start 1990-01-01 --end 2199-01-01
quietly "$SEEDBANK" plan --start 2024-02-29 --end 2024-03-01 --entities 1k
