"""Which stage of a run a piece of code belongs to: the one table that scripts/instructions and scripts/profile
share. Edit it when a file or function is added that belongs to another stage than "other".

Code of ours is known by source file and function ("engine/person.c:sb_person_put"), an inlined function by
the file it stands in. The first pattern that fits decides; patterns are those of a shell (* and ?). Libraries are
known by their name.
"""
import fnmatch
import functools
import glob
import os
import re

STAGES = (
    ("sequences", "format/sequences.* format/packer.*"),
    ("rows: encoding", "format/msgpack_writer.h msgpack/*.h format/cutter.* format/digits.* "
                       "format/marking.* engine/line.* engine/piece.*"),
    ("rows: draws, tables", "engine/draw.* engine/alias.* engine/distributions.* engine/tables.* "
                            "engine/table_*.* engine/arena.* engine/lanes.* "
                            "table_blob.c"),
    ("ledger", "engine/ledger.* engine/flow.* engine/flow_*.* engine/regular.* engine/order.*"),
    ("rows: persons", "engine/person.* engine/person_*.*"),
    ("rows: companies", "engine/company.* engine/company_*.* engine/charter.*"),
    ("rows: accounts", "engine/account.*"),
    ("rows: transactions", "engine/transaction.* engine/entry.* engine/screening.*"),
    ("rows: messages", "engine/communication.* engine/communication_*.* engine/contact.* engine/grammar.* engine/grammar_parts.*"),
    ("rows: other kinds", "engine/device.* engine/login.* engine/trade.* engine/trip.* engine/travel.* "
                          "engine/document.* engine/relationship.* engine/events.* engine/bourse.* engine/daybook.* engine/holder.*"),
    ("rows: identifiers", "engine/identifier.* engine/birth_number.* engine/check_digits.* engine/iban.*"),
    ("rows: places, names", "engine/place.* engine/geography.* engine/local_text.* engine/maker.* format/text_put.* "
                            "format/row_text.*"),
    ("rows: world, calendar", "engine/world.* engine/calendar.* engine/rates.* engine/group.*"),
    ("start and end", "engine/spec.* cli/* format/schema.* format/manifest.* format/header_reader.*"),
    ("rows: the rest", "engine/*"),
    ("writing", "workers/worker.* workers/spool.* workers/commit.* workers/journal.* workers/board.* "
                "workers/workspace.* format/container*.*"),
    ("start and end", "workers/* format/* include/*"),
)
LIBRARIES = (
    ("compression (libzstd)", "libzstd.*"),
    ("hashing (libxxhash)", "libxxhash.*"),
    ("C library", "libc.* libm.* ld-linux* libpthread.*"),
    ("other libraries", "*"),
)
OTHER = "other"
# In the order in which a reader expects them.
ORDER = list(dict.fromkeys([name for name, _ in STAGES] + [OTHER] + [name for name, _ in LIBRARIES]))

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def is_ours(binary):
    """Whether a program or library is made of our sources."""
    name = os.path.basename(binary)
    return name.startswith(("seedbank", "libseedbank", "bench_", "test_"))


def short_file(path):
    """A source file as the table knows it: below the root of the tree, or its last two parts."""
    path = os.path.normpath(path)
    if path.startswith(ROOT + os.sep):
        return os.path.relpath(path, ROOT)
    return os.sep.join(path.split(os.sep)[-2:])


def plain_function(name):
    """Without what the compiler adds to clones: household_of.isra.0 is household_of."""
    return name.split(".", 1)[0].split("'", 1)[0]


def first_fit(table, text, otherwise):
    for stage, patterns in table:
        if any(fnmatch.fnmatchcase(text, p if ":" in p or table is LIBRARIES else p + ":*")
               for p in patterns.split()):
            return stage
    return otherwise


@functools.lru_cache(maxsize=None)
def stage_of(binary, path, function):
    if not is_ours(binary):
        return first_fit(LIBRARIES, os.path.basename(binary), OTHER)
    return first_fit(STAGES, f"{short_file(path)}:{plain_function(function)}", OTHER)


@functools.lru_cache(maxsize=None)
def definitions():
    """The file that defines a function, by its name: for programs without debug information."""
    found = {}
    for folder in ("format", "engine", "workers", "cli"):
        for path in glob.glob(os.path.join(ROOT, folder, "*.[ch]")):
            with open(path) as file:
                for line in file:
                    match = re.match(r"[a-z][\w \*]*?\b(\w+)\([^;]*$", line)
                    if match:
                        found.setdefault(match[1], path)
    return found
