"""Measures `restorable wal` on an archive of many segments, beside what lists the same directory. Started by scripts/bench wal."""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time


def say(text):
    print(f"bench: {text}", file=sys.stderr, flush=True)


def make(directory, segments):
    """Segments of 16 MiB without a byte on disk, each 997th missing, in one directory; and the notes of a base backup at the first."""
    for number in range(1, segments + 1):
        if number % 997 == 0:
            continue
        # By an ending that is not read: what is measured is the names.
        descriptor = os.open(f"{directory}/00000001{number >> 8:08X}{number & 255:08X}.lzo", os.O_WRONLY | os.O_CREAT, 0o644)
        os.ftruncate(descriptor, 16 << 20)
        os.close(descriptor)
    with open(f"{directory}/000000010000000000000001.00000028.backup", "w") as notes:
        notes.write("START WAL LOCATION: 0/1000028 (file 000000010000000000000001)\n"
                    "STOP WAL LOCATION: 0/1000138 (file 000000010000000000000001)\n"
                    "START TIME: 2026-01-01 00:00:00 UTC\nSTART TIMELINE: 1\nSTOP TIME: 2026-01-01 00:00:01 UTC\n")


def measure(command, wanted):
    begun = time.monotonic()
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.monotonic() - begun
    if os.waitstatus_to_exitcode(status) != wanted:
        sys.exit(f"bench: {command} ended with {os.waitstatus_to_exitcode(status)}")
    return seconds, usage.ru_maxrss / 1024, output


def main():
    parser = argparse.ArgumentParser(prog="scripts/bench wal")
    parser.add_argument("--restorable", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--segments", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=5)
    arguments = parser.parse_args()
    directory = tempfile.mkdtemp(prefix="restorable-bench-wal-", dir="/var/tmp")
    try:
        say(f"making {arguments.segments} segments")
        make(directory, arguments.segments)
        wal = [arguments.restorable, "wal", directory, "--headers", "1", "--no-times", "--grace", "0s", "--json"]
        rows = {"restorable wal": [], "of it: names to verdict": [], "find -printf": []}
        peak = 0.0
        for number in range(arguments.runs):
            seconds, megabytes, output = measure(wal, 1)
            report = json.loads(output)
            missing = report["bases"][0]["missing_segments"]
            if missing != arguments.segments // 997:
                sys.exit(f"bench: {missing} segments are said to be missing, and {arguments.segments // 997} are")
            peak = max(peak, megabytes)
            rows["restorable wal"].append(seconds)
            rows["of it: names to verdict"].append(report["seconds"]["analysis"])
            with open(os.devnull, "w") as nowhere:
                begun = time.monotonic()
                subprocess.run(["find", directory, "-printf", "%s %T@ %p\n"], stdout=nowhere, check=True)
                rows["find -printf"].append(time.monotonic() - begun)
            say(f"run {number + 1} of {arguments.runs}: {seconds:.2f} s")
        print(f"| {arguments.segments:,} segments | median | least to most |\n|---|---|---|")
        for name, seconds in rows.items():
            print(f"| {name} | {statistics.median(seconds):.2f} s | {min(seconds):.2f}–{max(seconds):.2f} |")
        print(f"\nPeak of memory: {peak:.0f} MiB.")
    finally:
        shutil.rmtree(directory, ignore_errors=True)


main()
