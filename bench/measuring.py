"""What bench/versus_zstd and bench/figures share: running a command and knowing what it cost."""
import argparse
import os
import re
import shutil
import subprocess
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


class Trouble(Exception):
    """Something of the world: printed as one line, exit 3."""


class Parser(argparse.ArgumentParser):
    """Options as all our scripts have them: errors are one line, names are not abbreviated."""

    def __init__(self, **more):
        super().__init__(allow_abbrev=False, formatter_class=argparse.RawDescriptionHelpFormatter, **more)

    def error(self, message):
        self.exit(2, f"{self.prog}: {message}; see --help\n")


def positive(text):
    if not re.fullmatch(r"[1-9]\d{0,2}", text):
        raise argparse.ArgumentTypeError(f"takes 1 to 999, not {text}")
    return int(text)


def factor(text):
    if not re.fullmatch(r"\d{1,3}(\.\d+)?", text) or not 0 < float(text) <= 100:
        raise argparse.ArgumentTypeError(f"takes a number above 0 and up to 100, not {text}")
    return float(text)


def scaled(options, by):
    """Spec options with every count multiplied; some kinds need two rows of another."""
    def count(match):
        number = int(match[1]) * {"": 1, "k": 1000, "m": 1000000}[match[2]]
        return f" {max(2, round(number * by))}"
    return re.sub(r" (\d+)([km]?)\b", count, options)


def timed(command, cpus=None, output=subprocess.DEVNULL):
    """Runs a command, on the given processors only; its wall seconds, the user+sys seconds of it and its
    children, and the peak resident bytes of the largest of them."""
    prepare = (lambda: os.sched_setaffinity(0, cpus)) if cpus else None
    began = time.perf_counter()
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, preexec_fn=prepare)
    _, status, usage = os.wait4(child.pid, 0)
    wall = time.perf_counter() - began
    child.returncode = os.waitstatus_to_exitcode(status)  # so Popen does not wait again
    if child.returncode != 0:
        raise Trouble(f"{command[0]} ended with {child.returncode}: {' '.join(command[1:4])} ...")
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024


def one_cpu():
    """The last of the processors we may use: the first tends to serve interrupts."""
    return {max(os.sched_getaffinity(0))}


def clean(path):
    shutil.rmtree(path, ignore_errors=True)


def fresh(path):
    clean(path)
    os.makedirs(path)
    return path


def size_of(directory, ending):
    return sum(entry.stat().st_size for entry in os.scandir(directory) if entry.name.endswith(ending))


def program(path):
    if not os.access(path, os.X_OK):
        raise Trouble(f"{path}: no program; build it first (cmake --preset release; "
                      "cmake --build --preset release)")
    return os.path.abspath(path)


def installed(name, package):
    path = shutil.which(name)
    if path is None:
        raise Trouble(f"no {name} command here; install the package {package}")
    return path


def machine(seedbank):
    model = "unknown processor"
    with open("/proc/cpuinfo") as file:
        for text in file:
            if text.startswith("model name"):
                model = text.split(":", 1)[1].strip()
                break
    version = subprocess.run([seedbank, "version"], capture_output=True, text=True).stdout
    return {"version": version.split("\n")[0], "processor": model, "cpus": os.cpu_count(),
            "load": round(os.getloadavg()[0], 1)}
