"""The command line. What is unknown, repeated, out of range or without effect is refused, never ignored."""
import argparse
import os
import re
import sys

# Groups in the order in which they run, and what is in them.
GROUPS = {
    "generation-small": "100 rows of a kind",
    "generation-medium": "1,000 rows",
    "generation-large": "10,000 rows",
    "orchestration": "a dataset of 710 entities into files",
    "streaming-serialization": "one row as JSON text",
    "streaming-batch": "100 rows made; 100 rows as JSON text",
    "memory": "peak memory of a process",
    "validation": "100 rows checked and decoded",
    "graph": "sixteen operations on the dataset as a graph, with percentiles against their limits",
    "files": "larger datasets into files, one worker",
    "process": "the command from exec to exit",
    "micro": "the parts one by one",
    "machine": "what memcpy, the disk and zstd do with the same rows",
    "peers": "Faker and @faker-js/faker beside seedbank",
    "scaling": "generate with 1 worker and more, of 10k entities and more",
}
ON_REQUEST = ("peers", "scaling")
# What the README's table is made of.
TABLE_GROUPS = ("generation-small", "generation-medium", "generation-large", "files", "machine", "peers")
TABLE_SINGLES = ("row_company",)

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
FAIL = re.compile(r"(min|median|mean|max):(\d{1,6}(?:\.\d{1,6})?)%")
COUNT = re.compile(r"([1-9]\d{0,11})([kmb]?)")

USAGE = """Usage: scripts/bench [OPTION]...
Runs the benchmarks, prints their statistics, saves and compares them. docs/benchmarks.md says what each times.

What to measure
  --group GROUP[,GROUP]...   these groups; `all` is every one. Default: all but peers and scaling. See --list
  --name PATTERN             only benchmarks of that name; * and ? as in a shell
  --rounds N                 so many rounds each (1 to 2000). Default: as many as fit into --max-time, at least 5
  --warmup SECONDS           before the first round (default 0.2)
  --max-time SECONDS         for the rounds of a benchmark (default 1)
  --clock wall|cpu           time that passes (default), or that processors spend: for machines with other work
  --entities N[,N]...        of group scaling (default 10k,100k,1m,10m)
  --workers N[,N]...         of group scaling (default 1 to the number of processors)
  --install-peers            of group peers: puts them into a temporary folder for this run
  --peers DIR                of group peers: where bench/peers/install put them
  --build DIR                where the programs are (default build/release)
  --scratch DIR              where temporary files go (default TMPDIR or /tmp)
  --list                     only names groups and benchmarks
  --from NAME                measures nothing: takes a saved run

What to do with it
  --save NAME                keeps it as .benchmarks/NNNN_NAME.json
  --data                     keeps the time of each round too
  --compare NAME             beside the latest saved run of that name, or its number, or a JSON file
  --fail STAT:N%             ends with 1 if min, median, mean or max is more than N % above the one compared with
  --storage DIR              instead of .benchmarks
  --json FILE                writes it there, as pytest-benchmark does; - is standard output
  --svg FILE                 draws a chart
  --table                    prints the README's table instead; chooses its own groups
  --help                     this text

Exit status: 0 done, 1 worse than --fail allows, 2 usage, 3 something could not be measured.
"""


class Usage(Exception):
    """A request that does not hold together; its text is one line."""


class _Parser(argparse.ArgumentParser):
    def error(self, message):
        raise Usage(message)


class _Once(argparse.Action):
    """Takes an option once; the same again is fine."""

    def __call__(self, parser, namespace, value, option=None):
        before = getattr(namespace, self.dest)
        if before is not None and before != value:
            raise Usage(f"{option}: given twice, as {before} and {value}")
        setattr(namespace, self.dest, value)


def _parser():
    parser = _Parser(add_help=False, allow_abbrev=False, argument_default=None)
    for name in ("--group", "--fail"):
        parser.add_argument(name, action="append")
    for name in ("--name", "--rounds", "--warmup", "--max-time", "--clock", "--entities", "--workers", "--peers",
                 "--build", "--scratch", "--from", "--save", "--compare", "--storage", "--json", "--svg"):
        parser.add_argument(name, action=_Once, dest=name[2:].replace("-", "_").replace("from", "saved"))
    for name in ("--install-peers", "--list", "--data", "--table", "--help"):
        parser.add_argument(name, action="store_true")
    return parser


def _seconds(option, text):
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 3600:
        raise Usage(f"{option}: takes seconds, 0 to 3600, not '{text}'")
    return value


def _groups(texts):
    groups = []
    for group in (g for text in texts for g in text.split(",")):
        if group == "all":
            groups += GROUPS
        elif group in GROUPS:
            groups.append(group)
        else:
            raise Usage(f"--group: unknown '{group}'; see --list")
    return [group for group in GROUPS if group in groups]


def _counts(option, text, most):
    counts = []
    for part in text.split(","):
        match = COUNT.fullmatch(part)
        count = int(match[1]) * {"": 1, "k": 10**3, "m": 10**6, "b": 10**9}[match[2]] if match else 0
        if not 1 <= count <= most:
            raise Usage(f"{option}: takes numbers of 1 to {most}, separated by commas, not '{part}'")
        if count not in counts:
            counts.append(count)
    return counts


def _fails(texts):
    fails = {}
    for text in texts:
        match = FAIL.fullmatch(text)
        if not match:
            raise Usage(f"--fail: takes min, median, mean or max and a percentage, like mean:10%, not '{text}'")
        if match[1] in fails and fails[match[1]] != match[2]:
            raise Usage(f"--fail: {match[1]} given twice, as {fails[match[1]]}% and {match[2]}%")
        fails[match[1]] = match[2]
    return fails


def _check_name(option, name, path_too):
    if path_too and ("/" in name or name.endswith(".json")):
        return
    if not NAME.fullmatch(name):
        raise Usage(f"{option}: '{name}' is no name of letters, digits, dots, dashes and underscores")


def _refuse(options, culprits, why):
    for option in culprits:
        value = getattr(options, option[2:].replace("-", "_").replace("from", "saved"))
        if value not in (None, False):
            raise Usage(f"{option}: {why}")


MEASURING = ("--group", "--name", "--rounds", "--warmup", "--max-time", "--clock", "--entities", "--workers",
             "--peers", "--build", "--scratch")
OUTCOMES = ("--from", "--save", "--data", "--compare", "--fail", "--storage", "--json", "--svg", "--table")


def _check_paths(options):
    """Before anything is measured, not after."""
    for option, folder in (("--scratch", options.scratch), ("--peers", options.peers)):
        if folder is not None and not os.path.isdir(folder):
            raise Usage(f"{option}: {folder}: no such folder")
    for option, file in (("--json", options.json), ("--svg", options.svg)):
        if file is not None and (os.path.isdir(file) or not os.path.isdir(os.path.dirname(file) or ".")):
            raise Usage(f"{option}: {file}: cannot be a file there")


def _check(options, processors):
    if options.list:
        _refuse(options, MEASURING + ("--install-peers",) + OUTCOMES, "has no effect with --list")
        return
    if options.saved is not None:
        _refuse(options, [o for o in MEASURING if o != "--name"] + ["--install-peers"],
                "has no effect with --from, which measures nothing")
        _refuse(options, ["--save", "--data"], "has no effect with --from: that run is saved already")
        _check_name("--from", options.saved, True)
    if options.table:
        _refuse(options, ["--group", "--name"], "has no effect with --table, which chooses what to measure")
    if options.fail and options.compare is None:
        raise Usage("--fail: needs --compare, which says with what")
    if options.storage is not None and all(o is None for o in (options.save, options.compare, options.saved)):
        raise Usage("--storage: has no effect without --save, --compare or --from")
    if options.data and options.save is None and options.json is None:
        raise Usage("--data: has no effect without --save or --json")
    if options.table and options.json == "-":
        raise Usage("--json: - and --table both want standard output")
    if options.rounds is not None and options.max_time is not None:
        raise Usage("--max-time: has no effect with --rounds")
    if options.save is not None:
        _check_name("--save", options.save, False)
    if options.compare is not None:
        _check_name("--compare", options.compare, True)
    if options.rounds is not None:
        if not re.fullmatch(r"[1-9]\d{0,3}", options.rounds) or int(options.rounds) > 2000:
            raise Usage(f"--rounds: takes 1 to 2000, not '{options.rounds}'")
        options.rounds = int(options.rounds)
    if options.clock not in (None, "wall", "cpu"):
        raise Usage(f"--clock: takes wall or cpu, not '{options.clock}'")
    options.fails = _fails(options.fail or [])
    options.singles = TABLE_SINGLES if options.table else ()
    if options.table:
        options.groups = list(TABLE_GROUPS)
    elif options.group:
        options.groups = _groups(options.group)
    else:
        options.groups = [group for group in GROUPS if group not in ON_REQUEST]
    if "scaling" not in options.groups:
        _refuse(options, ["--entities", "--workers"], "has no effect without --group scaling")
    if "peers" not in options.groups:
        _refuse(options, ["--install-peers", "--peers"], "has no effect without --group peers")
    if options.install_peers and options.peers is not None:
        raise Usage("--peers: contradicts --install-peers, which chooses a temporary folder")
    options.entities = _counts("--entities", options.entities or "10k,100k,1m,10m", 10**12)
    options.workers = (_counts("--workers", options.workers, 4096) if options.workers
                       else list(range(1, processors + 1)))
    options.warmup = _seconds("--warmup", options.warmup or "0.2")
    options.max_time = _seconds("--max-time", options.max_time or "1")
    _check_paths(options)


def parse(arguments, processors):
    """The options as a namespace; Usage says what is wrong."""
    options, rest = _parser().parse_known_args(arguments)
    if rest:
        raise Usage(f"{rest[0]}: unknown option" if rest[0].startswith("-")
                    else f"{rest[0]}: there are no arguments, only options")
    if options.help:
        sys.stdout.write(USAGE)
        sys.exit(0)
    _check(options, processors)
    return options
