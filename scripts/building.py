"""What scripts/instructions and scripts/profile share: a program as it is released, but with names to its code."""
import os
import subprocess

from stages import ROOT

BUILD = os.path.join(ROOT, "build/counted")


class Trouble(Exception):
    """Something of the world: printed as one line, exit 3."""


def build():
    """Builds the program as for release, with debug information: -g changes no instruction."""
    for command in (["cmake", "-S", ROOT, "-B", BUILD, "-DCMAKE_BUILD_TYPE=Release", "-DCMAKE_C_FLAGS=-g",
                     "-DSB_BUILD_TESTS=OFF", "-DSB_BUILD_BENCH=OFF"],
                    ["cmake", "--build", BUILD, "--target", "seedbank",
                     "--parallel", str(len(os.sched_getaffinity(0)))]):
        run = subprocess.run(command, capture_output=True, text=True)
        if run.returncode != 0:
            raise Trouble(f"cannot build in {BUILD}: {(run.stderr or run.stdout).strip().splitlines()[-1]}")
    return os.path.join(BUILD, "seedbank")
