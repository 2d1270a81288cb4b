"""Runs what measures: seedbank_bench, the peers, and the command itself for the scaling curve."""
import fnmatch
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

from . import options as opt

PEER_MISSING = 77
SCALING_ROUNDS = 3


class Failed(Exception):
    """Something could not be measured; the text is one line."""


def say(line):
    print(f"bench: {line}", file=sys.stderr, flush=True)


def scratch_of(options):
    return options.scratch or os.environ.get("TMPDIR") or "/tmp"


def program(options, root, name):
    path = os.path.join(options.build or os.path.join(root, "build/release"), name)
    if not os.access(path, os.X_OK):
        raise opt.Usage(f"{path}: no program; build it (cmake --preset release && cmake --build --preset release)")
    return path


def listing(options, root):
    """(group, name, what) of all that seedbank_bench has."""
    done = subprocess.run([program(options, root, "seedbank_bench"), "--list"], capture_output=True, text=True,
                          check=False)
    if done.returncode != 0:
        raise Failed(done.stderr.strip() or "seedbank_bench --list failed")
    return [line.split("\t") for line in done.stdout.splitlines()]


def is_wanted(name, options):
    return options.name is None or fnmatch.fnmatchcase(name, options.name)


# ---- in process ----------------------------------------------------------------------------------

def _run_native(options, root, names, scratch):
    command = [program(options, root, "seedbank_bench"), "--warmup", str(options.warmup), "--scratch", scratch]
    command += ["--rounds", str(options.rounds)] if options.rounds else ["--max-time", str(options.max_time)]
    command += ["--clock", options.clock or "wall"]
    if any(name.startswith("process_") for name in names):
        command += ["--seedbank", program(options, root, "seedbank")]
    for name in names:  # one at a time: what one leaves in memory is nothing to the next
        done = subprocess.run(command + ["--name", name], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise Failed(done.stderr.strip() or f"seedbank_bench --name {name} failed")
        yield json.loads(done.stdout)


# ---- peers ---------------------------------------------------------------------------------------

def _python_with_faker(environment):
    for python in ("/usr/bin/python3", sys.executable):
        if os.path.exists(python) and subprocess.run([python, "-c", "import faker"], env=environment, check=False,
                                                     capture_output=True).returncode == 0:
            return python
    return None


def _peer(command, environment, name, why):
    try:
        done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    except OSError:
        done = None
    if done is None or done.returncode == PEER_MISSING:
        say(f"{name}: {why}: skipped; --install-peers puts it into a temporary folder")
        return []
    if done.returncode != 0:
        raise Failed(f"{name}: {(done.stderr.strip().splitlines() or ['failed'])[-1]}")
    return [json.loads(done.stdout)]


def _run_peers(options, root, folder):
    environment = dict(os.environ)
    packages = os.path.join(folder, "debian/usr/lib/python3/dist-packages")
    if os.path.isdir(packages):
        environment["PYTHONPATH"] = packages
    times = [str(options.rounds or 0), str(options.warmup), str(options.max_time), options.clock or "wall"]
    peers = os.path.join(root, "bench/peers")
    if is_wanted("peer_faker_python", options):
        python = _python_with_faker(environment)
        yield from _peer([python or "", os.path.join(peers, "faker_python.py"), *times], environment,
                         "peer_faker_python", "Faker is not installed")
    if is_wanted("peer_faker_js", options):
        yield from _peer(["node", os.path.join(peers, "faker_js.mjs"), folder, *times], environment,
                         "peer_faker_js", "node or @faker-js/faker is not installed")


def _peers(options, root, scratch):
    folder = options.peers or root
    if options.install_peers:
        folder = os.path.join(scratch, "peers")
        subprocess.run([os.path.join(root, "bench/peers/install"), folder], check=False, stdout=sys.stderr)
    yield from _run_peers(options, root, folder)


# ---- the scaling curve ---------------------------------------------------------------------------

def _generate(seedbank, workers, entities, out, by_cpu):
    """Seconds of one run, and what it said of itself."""
    shutil.rmtree(out, ignore_errors=True)
    command = [seedbank, "generate", "--seed", "42", "--entities", str(entities), "--workers", str(workers), "--out",
               out, "-q", "--json"]
    before, begin = os.times(), time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    passed, after = time.perf_counter() - begin, os.times()
    shutil.rmtree(out, ignore_errors=True)
    if done.returncode != 0:
        raise Failed(done.stderr.strip() or "seedbank generate failed")
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return (cpu if by_cpu else passed), json.loads(done.stdout)


def _scaling(options, root, scratch):
    seedbank = program(options, root, "seedbank")
    out = os.path.join(scratch, "scaling")
    for entities in options.entities:
        for workers in options.workers:
            if not is_wanted(f"scaling[{workers}-{entities}]", options) and not is_wanted("scaling", options):
                continue
            runs = [_generate(seedbank, workers, entities, out, options.clock == "cpu")
                    for _ in range(options.rounds or SCALING_ROUNDS)]
            result = runs[0][1]
            yield {"group": "scaling", "name": "scaling", "params": {"workers": workers, "entities": entities},
                   "unit": "rows", "what": f"{entities:,} entities into files by {workers} workers",
                   "questions": False, "iterations": 1, "count": result["rows"], "bytes": result["raw_bytes"],
                   "file_bytes": result["bytes"], "memory_per_worker_bytes": result["memory_per_worker_bytes"],
                   "workers_used": result["workers"], "data": [seconds for seconds, _ in runs]}


# ---- all -----------------------------------------------------------------------------------------

def run(options, root):
    """A line (a dictionary) a benchmark, as it is measured."""
    native = [name for group, name, _ in listing(options, root)
              if (group in options.groups and is_wanted(name, options)) or name in options.singles]
    with tempfile.TemporaryDirectory(prefix="seedbank-bench-", dir=scratch_of(options)) as scratch:
        yield from _run_native(options, root, native, scratch)
        if "peers" in options.groups:
            yield from _peers(options, root, scratch)
        if "scaling" in options.groups:
            yield from _scaling(options, root, scratch)
