#!/usr/bin/env python3
"""Tests scripts/bench: what it measures, the JSON, saving and comparing, the limits of --fail, and what it refuses.

Usage: run.py BUILD_DIR        (where seedbank_bench and seedbank are)"""
import collections
import csv
import json
import os
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BENCH = os.path.join(ROOT, "scripts/bench")
BUILD = os.path.abspath(sys.argv.pop(1))
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(ROOT, "bench"))

from runner import compare, document  # noqa: E402

# Section 8 of the replaced system's description: names and groups are what its users know.
SIXTEEN = {
    "generation-small": {"test_person_generation_100", "test_account_generation_100",
                         "test_transaction_generation_100", "test_communication_generation_100"},
    "generation-medium": {"test_person_generation_1000", "test_account_generation_1000"},
    "generation-large": {"test_transaction_generation_10000"},
    "orchestration": {"test_orchestrator_small_dataset"},
    "streaming-serialization": {"test_person_event_serialization", "test_account_event_serialization"},
    "streaming-batch": {"test_batch_event_creation_100", "test_batch_serialization_100"},
    "memory": {"test_person_generation_memory", "test_transaction_generation_memory"},
    "validation": {"test_person_validation_100", "test_account_validation_100"},
}
STATS = {"min", "max", "mean", "stddev", "rounds", "median", "iqr", "q1", "q3", "iqr_outliers", "stddev_outliers",
         "outliers", "ld15iqr", "hd15iqr", "ops", "total", "iterations"}


def run(*arguments):
    return subprocess.run([sys.executable, BENCH, *arguments], capture_output=True, text=True, check=False)


def made_up(name, all_stats, **others):
    """A saved run of one benchmark whose statistics are all the same, but for those given."""
    stats = {stat: all_stats for stat in STATS} | {"rounds": 5, "iterations": 1, "outliers": "0;0"} | others
    return {"machine_info": {"cpu": {"brand_raw": "none", "count": 1}}, "commit_info": {"id": "0" * 40},
            "benchmarks": [{"group": "micro", "name": name, "fullname": f"bench/micro::{name}", "params": None,
                            "param": None, "extra_info": {"count": 10, "unit": "rows", "bytes": 1e6},
                            "options": {"timer": "perf_counter"}, "stats": stats}],
            "datetime": "2025-12-01T00:00:00+00:00", "version": "0.0.0"}


class Bench(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix="seedbank-test-bench-")
        self.addCleanup(self.folder.cleanup)

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def write(self, name, run_document):
        with open(self.path(name), "w", encoding="utf-8") as file:
            json.dump(run_document, file)
        return self.path(name)

    def measure(self, *arguments, status=0):
        """What a short run wrote as JSON."""
        done = run("--build", BUILD, "--scratch", self.folder.name, "--warmup", "0", "--rounds", "3", "--json",
                   self.path("out.json"), *arguments)
        self.assertEqual(done.returncode, status, done.stderr)
        with open(self.path("out.json"), encoding="utf-8") as file:
            return json.load(file)


class Measuring(Bench):
    def test_the_sixteen_have_their_names_and_groups(self):
        done = subprocess.run([os.path.join(BUILD, "seedbank_bench"), "--list"], capture_output=True, text=True,
                              check=True)
        found = {}
        for line in done.stdout.splitlines():
            group, name, _ = line.split("\t")
            found.setdefault(group, set()).add(name)
        for group, names in SIXTEEN.items():
            self.assertEqual(found[group], names)
        self.assertEqual(sum(map(len, SIXTEEN.values())), 16)
        parts = [name.split("_")[0] for name in found["graph"]]
        self.assertEqual({part: parts.count(part) for part in parts},
                         {"vertex": 4, "edge": 3, "query": 3, "batch": 3, "index": 3})

    def test_json_has_the_shape_of_pytest_benchmark(self):
        result = self.measure("--group", "streaming-batch,validation", "--data")
        self.assertEqual(set(result), {"machine_info", "commit_info", "benchmarks", "datetime", "version"})
        self.assertIn("brand_raw", result["machine_info"]["cpu"])
        self.assertLessEqual({"id", "time", "dirty", "branch", "project"}, set(result["commit_info"]))
        self.assertEqual([b["name"] for b in result["benchmarks"]],
                         ["test_batch_event_creation_100", "test_batch_serialization_100",
                          "test_person_validation_100", "test_account_validation_100"])
        for benchmark in result["benchmarks"]:
            self.assertEqual(set(benchmark), {"group", "name", "fullname", "params", "param", "extra_info",
                                              "options", "stats"})
            stats = benchmark["stats"]
            self.assertEqual(set(stats), STATS | {"data"})
            self.assertEqual((stats["rounds"], len(stats["data"])), (3, 3))
            self.assertGreater(stats["min"], 0)
            self.assertTrue(stats["min"] <= stats["q1"] <= stats["median"] <= stats["q3"] <= stats["max"])
            self.assertAlmostEqual(stats["mean"] * stats["ops"], 1)
            self.assertEqual(benchmark["extra_info"]["count"], 100)

    def test_data_is_kept_on_request_only(self):
        result = self.measure("--name", "test_batch_serialization_100")
        self.assertEqual(set(result["benchmarks"][0]["stats"]), STATS)
        self.assertEqual(result["benchmarks"][0]["options"]["timer"], "perf_counter")

    def test_processor_time_counts_children_too(self):
        result = self.measure("--group", "process", "--name", "process_generate_*", "--clock", "cpu")
        self.assertEqual(result["benchmarks"][0]["options"]["timer"], "process_time")
        self.assertGreater(result["benchmarks"][0]["stats"]["min"], 1e-4)

    def test_graph_operations_have_percentiles_and_limits(self):
        result = self.measure("--group", "graph", "--name", "vertex_*")
        self.assertEqual(len(result["benchmarks"]), 4)
        for benchmark in result["benchmarks"]:
            extra = benchmark["extra_info"]
            self.assertTrue(0 < extra["p50"] <= extra["p95"] <= extra["p99"])
            self.assertEqual(extra["limit_seconds"], 0.05)

    def test_memory_is_reported_and_nothing_is_left_behind(self):
        result = self.measure("--group", "memory,orchestration")
        people, payments = result["benchmarks"][1:]
        for benchmark in (people, payments):
            self.assertGreater(benchmark["extra_info"]["peak_bytes"], 2**20)
            self.assertLess(benchmark["extra_info"]["peak_bytes"], benchmark["extra_info"]["limit_bytes"])
        self.assertEqual(result["benchmarks"][0]["extra_info"]["count"], 710)
        self.assertEqual(os.listdir(self.folder.name), ["out.json"])

    def test_scaling_has_parameters(self):
        result = self.measure("--group", "scaling", "--entities", "1k,2k", "--workers", "1")
        self.assertEqual([b["params"] for b in result["benchmarks"]],
                         [{"workers": 1, "entities": 1000}, {"workers": 1, "entities": 2000}])
        self.assertEqual(result["benchmarks"][1]["name"], "scaling[1-2000]")
        self.assertEqual(result["benchmarks"][1]["extra_info"]["count"], 2000)

    def test_a_peer_that_is_not_there_is_skipped_with_one_line(self):
        done = run("--build", BUILD, "--group", "peers", "--name", "peer_*", "--peers", self.folder.name,
                   "--rounds", "1", "--warmup", "0")
        self.assertEqual(done.returncode, 0, done.stderr)
        skipped = [line for line in done.stderr.splitlines() if "peer_faker_js" in line]
        self.assertEqual(len(skipped), 1)
        self.assertIn("skipped", skipped[0])

    def test_what_cannot_be_measured_ends_with_3(self):
        program = self.path("seedbank_bench")
        with open(program, "w", encoding="utf-8") as file:
            file.write('#!/bin/sh\n[ "$1" = --list ] && printf "micro\\tdraw_field\\tx\\n" && exit 0\n'
                       'echo "seedbank_bench: no room" >&2\nexit 3\n')
        os.chmod(program, 0o755)
        done = run("--build", self.folder.name, "--name", "draw_field")
        self.assertEqual((done.returncode, done.stderr), (3, "bench: seedbank_bench: no room\n"))


class Answers(Bench):
    """The graph operations count what the dataset's rows say."""

    ROUNDS = 8
    GRAPH_SPEC = ("--seed", "42", "--entities", "1m")  # of bench/graph.c

    @staticmethod
    def asked(turn, count):
        """Which of so many a call asks for: bench_random() of bench/fixture.h, halved."""
        mask = 2**64 - 1
        z = (turn + 1) * 0x9E3779B97F4A7C15 & mask
        z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9 & mask
        z = (z ^ z >> 27) * 0x94D049BB133111EB & mask
        return ((z ^ z >> 31) >> 1) % count

    def payments(self):
        """Neighbours, and the number of completed payments, by account."""
        neighbours, counts = collections.defaultdict(set), collections.Counter()
        with subprocess.Popen([os.path.join(BUILD, "seedbank"), "cat", "--kind", "transactions", *self.GRAPH_SPEC,
                               "--to", "csv"], stdout=subprocess.PIPE, text=True) as process:
            for row in csv.DictReader(process.stdout):
                ends = [int(row[end]) for end in ("from_account_id", "to_account_id") if row[end]]
                if row["status"] != "completed":
                    continue
                counts.update(set(ends))
                if len(ends) == 2:
                    neighbours[ends[0]].add(ends[1])
                    neighbours[ends[1]].add(ends[0])
        return neighbours, counts

    @staticmethod
    def reached(neighbours, account, hops):
        seen, edge = {account}, {account}
        for _ in range(hops):
            edge = {other for one in edge for other in neighbours[one]} - seen
            seen |= edge
        return len(seen) - 1

    def test_traversals_and_sums_agree_with_the_rows(self):
        neighbours, counts = self.payments()
        plan = subprocess.run([os.path.join(BUILD, "seedbank"), "plan", *self.GRAPH_SPEC, "--json"],
                              capture_output=True, text=True, check=True)
        accounts = json.loads(plan.stdout)["kinds"]["accounts"]["rows"]
        asked = [self.asked(turn, accounts) for turn in range(1, self.ROUNDS + 1)]  # turn 0 warms up
        expected = {"query_aggregation_of_account": [counts[a] for a in asked]}
        for hops, name in enumerate(("edge_neighbours_of_account", "query_two_hops", "query_three_hops"), 1):
            expected[name] = [self.reached(neighbours, a, hops) for a in asked]
        for name, answers in expected.items():
            done = subprocess.run([os.path.join(BUILD, "seedbank_bench"), "--name", name, "--warmup", "0", "--rounds",
                                   str(self.ROUNDS)], capture_output=True, text=True, check=True)
            self.assertEqual(json.loads(done.stdout)["count"], sum(answers) / self.ROUNDS, name)


class Saved(Bench):
    def compared(self, now, before, *fails):
        self.write("0001_before.json", before)
        arguments = [part for fail in fails for part in ("--fail", fail)]
        return run("--from", self.write("now.json", now), "--storage", self.folder.name, "--compare", "before",
                   *arguments)

    def test_saved_runs_are_numbered_and_the_latest_is_taken(self):
        for _ in range(2):
            self.measure("--name", "draw_field", "--save", "nightly", "--storage", self.path("kept"))
        self.assertEqual(sorted(os.listdir(self.path("kept"))), ["0001_nightly.json", "0002_nightly.json"])
        self.assertTrue(document.find("--compare", self.path("kept"), "nightly").endswith("0002_nightly.json"))
        self.assertTrue(document.find("--compare", self.path("kept"), "0001").endswith("0001_nightly.json"))
        done = run("--from", "0001", "--compare", "nightly", "--storage", self.path("kept"))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("draw_field", done.stdout)

    def test_a_measurement_is_compared_with_a_saved_run(self):
        self.write("0001_fast.json", made_up("draw_field", 1e-12))
        self.write("0002_slow.json", made_up("draw_field", 1e6))
        self.measure("--name", "draw_field", "--storage", self.folder.name, "--compare", "slow", "--fail", "mean:0%")
        self.measure("--name", "draw_field", "--storage", self.folder.name, "--compare", "fast", "--fail", "mean:10%",
                     status=1)

    def test_fail_inside_at_and_past_the_limit(self):
        before = made_up("x", 1.0)
        for mean, limit, status in ((0.5, "0%", 0), (1.0, "0%", 0), (1.05, "10%", 0), (1.1, "10%", 0),
                                    (1.1000001, "10%", 1), (1.2, "10%", 1), (1.0000001, "0%", 1),
                                    (1.125, "12.5%", 0), (1.126, "12.5%", 1)):
            done = self.compared(made_up("x", mean), before, f"mean:{limit}")
            self.assertEqual(done.returncode, status, f"{mean} with {limit}: {done.stderr}")

    def test_each_statistic_is_held_by_itself(self):
        before = made_up("x", 1.0)
        for stat in ("min", "median", "mean", "max"):
            now = made_up("x", 1.0, **{stat: 1.2})
            for asked in ("min", "median", "mean", "max"):
                self.assertEqual(self.compared(now, before, f"{asked}:10%").returncode, 1 if asked == stat else 0)
        now = made_up("x", 1.0, max=1.2)
        self.assertEqual(self.compared(now, before, "min:10%", "max:30%").returncode, 0)
        self.assertEqual(self.compared(now, before, "min:10%", "max:10%").returncode, 1)

    def test_small_figures_at_the_limit_are_exact(self):
        self.assertFalse(compare.is_worse(1.1e-7, 1e-7, "10"))
        self.assertTrue(compare.is_worse(1.1000000001e-7, 1e-7, "10"))
        self.assertFalse(compare.is_worse(3.3, 3.0, "10"))

    def test_nothing_in_common_is_refused(self):
        done = self.compared(made_up("x", 1.0), made_up("y", 1.0), "mean:10%")
        self.assertEqual(done.returncode, 2)
        self.assertIn("in common", done.stderr)

    def test_a_file_that_is_no_run_is_refused(self):
        for content in ("", "{}", "[]", '{"benchmarks": [{"name": "x"}]}', '{"benchmarks": 3}'):
            with open(self.path("bad.json"), "w", encoding="utf-8") as file:
                file.write(content)
            done = run("--from", self.path("bad.json"))
            self.assertEqual(done.returncode, 2, content)
            self.assertEqual(len(done.stderr.splitlines()), 1)

    def test_chart_is_well_formed_and_names_all(self):
        now = made_up("a<b&c", 1e-3)
        now["benchmarks"] += made_up("scaling[2-1000]", 0.5)["benchmarks"]
        now["benchmarks"][1] |= {"group": "scaling", "params": {"workers": 2, "entities": 1000}}
        done = run("--from", self.write("now.json", now), "--svg", self.path("chart.svg"))
        self.assertEqual(done.returncode, 0, done.stderr)
        words = "".join(xml.etree.ElementTree.parse(self.path("chart.svg")).getroot().itertext())
        self.assertIn("a<b&c", words)
        self.assertIn("2 workers", words)

    def test_table_puts_the_published_figures_beside_ours(self):
        now = made_up("test_person_generation_1000", 1e-3)  # ten rows in a millisecond
        now["benchmarks"] += made_up("peer_faker_python", 0.1)["benchmarks"] + made_up("memcpy", 1e-4)["benchmarks"]
        done = run("--from", self.write("now.json", now), "--table")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("| persons | 10,000 |  | 1,912 | 5.2 x |", done.stdout)
        for published in ("6,592", "7,519", "54"):
            self.assertIn(f"| {published} |", done.stdout)
        self.assertIn("| Faker (Python), 14 fields | 100 | 10 |  |", done.stdout)
        self.assertIn("memcpy 10,000 MB/s", done.stdout)


class Refused(Bench):
    def test_each_with_one_line_and_2(self):
        saved = self.write("0001_a.json", made_up("x", 1.0))
        for arguments in (
                ["--nope"], ["word"], ["--group", "nix"], ["--gro", "micro"], ["--group"], ["--rounds", "0"],
                ["--rounds", "2001"], ["--rounds", "x"], ["--rounds", "3", "--rounds", "4"], ["--warmup", "-1"],
                ["--warmup", "nan"], ["--max-time", "3601"], ["--rounds", "3", "--max-time", "1"],
                ["--clock", "sun"], ["--fail", "mean:10%"], ["--from", saved, "--compare", saved, "--fail", "mean:10"],
                ["--from", saved, "--compare", saved, "--fail", "mode:1%"],
                ["--from", saved, "--compare", saved, "--fail", "mean:-1%"],
                ["--from", saved, "--compare", saved, "--fail", "mean:1%", "--fail", "mean:2%"],
                ["--from", self.path("none.json")], ["--compare", "none", "--storage", self.folder.name],
                ["--from", saved, "--rounds", "3"], ["--from", saved, "--group", "micro"],
                ["--from", saved, "--save", "b"], ["--from", saved, "--name", "y"], ["--list", "--json", "-"],
                ["--list", "--group", "micro"], ["--table", "--group", "graph"], ["--table", "--json", "-"],
                ["--entities", "5"], ["--workers", "1"], ["--group", "scaling", "--entities", "0"],
                ["--group", "scaling", "--entities", "1k,,2k"], ["--install-peers"], ["--peers", self.folder.name],
                ["--group", "peers", "--peers", self.folder.name, "--install-peers"], ["--storage", self.folder.name],
                ["--data"], ["--save", "a/b"], ["--save", ""], ["--scratch", self.path("none")],
                ["--from", saved, "--svg", self.path("none/x.svg")], ["--from", saved, "--json", self.folder.name],
                ["--build", self.path("none")], ["--build", BUILD, "--name", "none"]):
            done = run(*arguments)
            self.assertEqual(done.returncode, 2, f"{arguments}: {done.stderr}")
            self.assertEqual(done.stdout, "", arguments)
            self.assertEqual(len(done.stderr.splitlines()), 1, f"{arguments}: {done.stderr}")
            self.assertTrue(done.stderr.startswith("bench: "), done.stderr)

    def test_help_is_given(self):
        done = run("--help")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn("--fail STAT:N%", done.stdout)


class Statistics(unittest.TestCase):
    def test_of_known_data(self):
        stats = document.stats_of([3.0, 1.0, 2.0, 4.0, 100.0], 7)
        self.assertEqual((stats["min"], stats["max"], stats["median"], stats["mean"]), (1.0, 100.0, 3.0, 22.0))
        self.assertEqual((stats["q1"], stats["q3"], stats["iqr"]), (2.0, 4.0, 2.0))
        self.assertEqual((stats["ld15iqr"], stats["hd15iqr"], stats["outliers"]), (1.0, 4.0, "1;1"))
        self.assertEqual((stats["rounds"], stats["iterations"], stats["total"]), (5, 7, 110.0))
        self.assertAlmostEqual(stats["stddev"], 43.6177, 4)

    def test_of_one_round(self):
        stats = document.stats_of([2.0], 1)
        self.assertEqual((stats["stddev"], stats["q1"], stats["q3"], stats["outliers"]), (0.0, 2.0, 2.0, "0;0"))

    def test_percentiles_are_values_that_occurred(self):
        ordered = list(range(1, 101))
        self.assertEqual([document.percentile(ordered, p) for p in (50, 95, 99)], [50, 95, 99])
        self.assertEqual(document.percentile([7], 99), 7)
        self.assertEqual(document.percentile([1, 2], 50), 1)


unittest.main(argv=["run.py"], verbosity=1)
