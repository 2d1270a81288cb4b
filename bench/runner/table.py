"""The table in README.md: seedbank beside Faker, the system it replaces, and what the machine can do."""
# Rows a second that the old system published for its own batches, in the words of its documentation.
REFERENCE = {"persons": 1912, "accounts": 6592, "transactions": 7519, "communications": 54}

# What is made in memory, and what is made into files, by kind.
KINDS = {
    "persons": ("test_person_generation_1000", "files_persons"),
    "companies": ("row_company", "files_companies"),
    "accounts": ("test_account_generation_1000", "files_accounts"),
    "transactions": ("test_transaction_generation_10000", "files_transactions"),
    "communications": ("test_communication_generation_100", "files_communications"),
}
PEERS = (("peer_seedbank", "seedbank, all fields, as JSON"), ("peer_faker_python", "Faker (Python), 14 fields"),
         ("peer_faker_js", "@faker-js/faker, 14 fields"))


def _rate(benchmark):
    return benchmark["extra_info"]["count"] / benchmark["stats"]["median"]


def _megabytes(benchmark):
    return benchmark["extra_info"]["bytes"] / benchmark["stats"]["median"] / 1e6


def _rounded(value):
    """Three digits of a rate: more would claim what no run repeats."""
    if value < 10:
        return f"{value:.1f}"
    digits = max(0, len(str(int(value))) - 3)
    return f"{int(round(value, -digits)):,}"


def _of(known, name, how):
    return how(known[name]) if name in known else None


def _cell(value):
    return _rounded(value) if value else ""


def _kind_rows(known):
    for kind, (memory, files) in KINDS.items():
        in_memory, in_files = _of(known, memory, _rate), _of(known, files, _rate)
        before = REFERENCE.get(kind)
        times = f"{_rounded(in_memory / before)} x" if before and in_memory else ""
        zstd = _of(known, f"zstd_1_{kind}", _megabytes)
        yield [kind, _cell(in_memory), _cell(in_files), f"{before:,}" if before else "", times,
               _cell(_of(known, files, _megabytes)), _cell(zstd)]


def _peer_rows(known):
    ours = _of(known, "peer_seedbank", _rate)
    for name, label in PEERS:
        if name not in known:
            continue
        rate = _rate(known[name])
        times = f"{_rounded(ours / rate)} x" if ours and name != "peer_seedbank" else ""
        yield [label, _rounded(rate), _rounded(_megabytes(known[name])), times]


def _markdown(header, rows, out):
    print("| " + " | ".join(header) + " |", file=out)
    print("|---" + "|---:" * (len(header) - 1) + "|", file=out)
    for row in rows:
        print("| " + " | ".join(row) + " |", file=out)


def print_table(document, out):
    known = {b["name"]: b for b in document["benchmarks"]}
    cpu = document["machine_info"].get("cpu", {})
    by_cpu = any(b["options"]["timer"] == "process_time" for b in document["benchmarks"])
    print(f"One core of {cpu.get('brand_raw', 'this machine')} ({cpu.get('count')} processors), seedbank "
          f"{document['version']}, medians{', processor time' if by_cpu else ''}, {document['datetime'][:10]}:",
          file=out)
    print(file=out)
    _markdown(["rows a second", "made and encoded", "into files", "the system it replaces", "times",
               "into files, raw MB/s", "`zstd -1` alone, raw MB/s"], _kind_rows(known), out)
    print(file=out)
    print("Made and encoded in memory, in batches of 1,000 persons and accounts, 10,000 transactions and 100 messages; "
          "into files with compression, hashes, writing and fsync.", file=out)
    print(file=out)
    peers = list(_peer_rows(known))
    if peers:
        _markdown(["persons as lines of JSON", "a second", "MB/s", "seedbank makes"], peers, out)
        print(file=out)
    # The processor has little to do while a disk writes, so that time says nothing of the disk.
    machine = (("memcpy", "memcpy"),) + (() if by_cpu else (("write_fsync", "writing and syncing a file"),))
    limits = [f"{label} {_rounded(_megabytes(known[name]))} MB/s" for name, label in machine if name in known]
    if limits:
        print("The machine itself: " + ", ".join(limits) + ".", file=out)
