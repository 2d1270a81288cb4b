#!/usr/bin/python3
"""Holds the distributions of two datasets to their targets, from the files alone.

Usage: measure.py AML PEOPLE
AML: a dataset of the profile aml, for money and the graph. PEOPLE: one of many persons and messages and few
transactions, in whole patterns of 128 cells (run.sh makes both). One line a measure:
ok|FAIL name: measured x, target y +- t (source); the last line counts. Exit status 1 when one failed.
"""
import sys

sys.dont_write_bytecode = True
import money
import people
import texts
from dataset import Dataset, read_locales
from report import Report


def main():
    if "--help" in sys.argv or len(sys.argv) != 3:
        print(__doc__)
        return 0 if "--help" in sys.argv else 2
    report, locales = Report(), read_locales()
    aml, many = Dataset(sys.argv[1]), Dataset(sys.argv[2])
    people.measure(report, many, locales)
    money.measure(report, aml, many, locales)
    texts.measure(report, many, locales)
    return report.end()


sys.exit(main())
