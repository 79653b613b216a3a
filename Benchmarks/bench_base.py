"""Measures what is done with a base backup, beside PostgreSQL's own tools. Started by scripts/bench base."""

import argparse
import os
import pathlib
import shlex
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
# Scales of pgbench that make one GiB of data directory, measured with PostgreSQL 15.
SCALES_PER_GIB = 68


def say(text):
    print(f"bench: {text}", file=sys.stderr, flush=True)


def run(command):
    """Runs a command to its end: seconds, and standard output."""
    begun = time.monotonic()
    ended = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    seconds = time.monotonic() - begun
    if ended.returncode != 0:
        sys.exit(f"bench: {command} ended with {ended.returncode}\n{ended.stdout}{ended.stderr}")
    return seconds, ended.stdout


def script(line):
    source = f"set -euo pipefail; source {shlex.quote(str(ROOT / 'scripts/support/private-server.bash'))}; "
    return run(["bash", "-c", source + line])[1]


def make(directory, size):
    """A server with pgbench's tables, and two base backups of it: plain, and tars packed by gzip."""
    server = f"{directory}/server"
    os.mkdir(server)
    tools = script("private_server_bin").strip()
    script(f"private_server_start {shlex.quote(server)}")
    try:
        connection = ["-h", server, "-U", "postgres"]
        say(f"making {size} GiB")
        run([f"{tools}/pgbench", *connection, "-i", "-q", "-s", str(max(1, round(size * SCALES_PER_GIB))), "postgres"])
        base = [f"{tools}/pg_basebackup", *connection, "--checkpoint=fast", "--no-sync"]
        run([*base, "-D", f"{directory}/plain", "-Fp"])
        run([*base, "-D", f"{directory}/tars", "-Ft", "-z"])
    finally:
        script(f"private_server_stop {shlex.quote(server)}")
        shutil.rmtree(server, ignore_errors=True)
    return tools


def fresh(directory):
    shutil.rmtree(directory, ignore_errors=True)
    os.mkdir(directory, 0o700)


def measure(sections, runs):
    """By turns, page cache warm. What is unpacked is removed, and written back, between the runs."""
    for title, contenders, unpacked in sections:
        seconds = {name: [] for name, _ in contenders}
        for number in range(runs + 1):
            for name, command in contenders:
                fresh(unpacked)
                os.sync()
                took, _ = run(command)
                if number > 0:
                    seconds[name].append(took)
        shutil.rmtree(unpacked)
        ours = seconds[contenders[0][0]]
        print(f"\n| {title} | median | least to most | theirs / ours |\n|---|---|---|---|")
        for name, each in seconds.items():
            ratio = "" if each is ours else f"{statistics.median(b / a for a, b in zip(ours, each)):.2f} ×"
            print(f"| {name} | {statistics.median(each):.3f} s | {min(each):.3f}–{max(each):.3f} | {ratio} |")


def main():
    parser = argparse.ArgumentParser(prog="scripts/bench base")
    parser.add_argument("--restorable", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--fixture", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--size", type=float, default=1, metavar="GIB")
    parser.add_argument("--runs", type=int, default=3)
    arguments = parser.parse_args()
    directory = tempfile.mkdtemp(prefix="restorable-bench-base-", dir="/var/tmp")
    # The server runs as another user.
    os.chmod(directory, 0o755)
    try:
        tools = make(directory, arguments.size)
        plain, tars, unpacked = (f"{directory}/{name}" for name in ("plain", "tars", "unpacked"))
        verify = [arguments.restorable, "verify", "--until", "integrity"]
        theirs = (f"tar -xzf {tars}/base.tar.gz -C {unpacked} && mkdir -p {unpacked}/pg_wal "
                  f"&& tar -xzf {tars}/pg_wal.tar.gz -C {unpacked}/pg_wal && cp {tars}/backup_manifest {unpacked} "
                  f"&& {tools}/pg_verifybackup {unpacked}")
        measure([
            ("plain, raw", [("restorable verify --until integrity", [*verify, plain]),
                            ("pg_verifybackup", [f"{tools}/pg_verifybackup", plain])], unpacked),
            ("tars of gzip, unpacked", [("unpacked and checked in one pass", [arguments.fixture, tars, unpacked]),
                                        ("tar -xzf, then pg_verifybackup", ["bash", "-c", theirs])], unpacked),
            ("tars of gzip, read only", [("restorable verify --until integrity", [*verify, tars]),
                                         ("tar -xzf, then pg_verifybackup", ["bash", "-c", theirs])], unpacked),
        ], arguments.runs)
    finally:
        shutil.rmtree(directory, ignore_errors=True)


main()
