"""Measures how `restorable serve` lists many backups: its first look and later ones, and the memory they take. Started by
scripts/bench catalog."""

import argparse
import os
import re
import shutil
import signal
import statistics
import sys
import tempfile
import time

from bench_serve import Exporter

DURATION = re.compile(r'^restorable_collector_duration_seconds\{collector="catalog"\} (\S+)$', re.MULTILINE)
ASKED = 2.0


def say(text):
    print(f"bench: {text}", file=sys.stderr, flush=True)


def make(directory, files, databases):
    """So many backups, spread over databases; each an hour older than the one before. Of a few bytes: names and times count."""
    now = int(time.time()) - 3600
    for number in range(files):
        folder = f"{directory}/{number // 1000:04}"
        if number % 1000 == 0:
            os.mkdir(folder)
        moment = now - number // databases * 3600
        stamp = time.strftime("%Y%m%d-%H%M%S", time.gmtime(moment))
        path = f"{folder}/db{number % databases:04}-{stamp}.sql.gz"
        with open(path, "wb") as file:
            file.write(b"x" * (100 + number % 900))
        os.utime(path, (moment + 60, moment + 60))


def drop_caches():
    """The next look finds no name and no inode in memory."""
    os.sync()
    with open("/proc/sys/vm/drop_caches", "w") as file:
        file.write("2\n")


def peak(process):
    """MiB: `VmHWM` of /proc/PID/status."""
    with open(f"/proc/{process.pid}/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1024


def duration(exporter):
    found = DURATION.search(exporter.page())
    return float(found.group(1)) if found else None


def next_look(exporter, last):
    """Seconds of the first look that is another one than `last`."""
    for _ in range(6000):
        seconds = duration(exporter)
        if seconds is not None and seconds != last:
            return seconds
        time.sleep(0.02)
    sys.exit("bench: the daemon does not look at its locations any more")


def measure(arguments, directory, files, databases):
    backups = f"{directory}/backups-{files}-{databases}"
    os.mkdir(backups)
    say(f"making {files} files of {databases} databases")
    make(backups, files, databases)
    name = '"{database}"' if databases > 1 else "db0000"
    prefix = "{database}" if databases > 1 else "db0000"

    def command(port):
        with open(f"{directory}/restorable.yml", "w") as file:
            file.write(
                f"listen: 127.0.0.1:{port}\nhistory: {backups}.sqlite\ncatalog_interval: 1s\n"
                f"scratch: {{ directory: {directory}/scratch }}\ndatabases:\n  - name: {name}\n"
                f"    backups: {{ location: {backups}, match: \"**/{prefix}-{{time:yyyyMMdd-HHmmss}}.sql.gz\" }}\n"
                "    suspend: true\n")
        return [arguments.restorable, "serve", "--config", file.name]

    if arguments.cold:
        drop_caches()
    exporter = Exporter("restorable serve", command, log=f"{directory}/log")
    try:
        first = next_look(exporter, None)
        page = exporter.page()
        found = sum(int(line.rsplit(" ", 1)[1]) for line in page.splitlines() if line.startswith("backup_catalog_backups{"))
        if found != files:
            sys.exit(f"bench: {found} of {files} backups are found: {open(f'{directory}/log').read()}")
        # What the start alone needed is given back by then.
        second = next_look(exporter, first)
        before, cpu, later = exporter.resident(), exporter.processor(), []
        last = second
        for _ in range(arguments.looks):
            last = next_look(exporter, last)
            later.append(last)
        return {
            "files": files, "databases": databases, "first": first, "later": statistics.median(later), "slowest": max(later),
            "cpu": (exporter.processor() - cpu) / len(later), "memory": before, "after": exporter.resident(),
            "peak": peak(exporter.process),
        }
    finally:
        exporter.stop()


def table(rows, looks):
    lines = [
        f"| files | databases | first look | later looks, median | slowest | CPU of a look | memory after two looks | after {looks} more | peak |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        lines.append(
            f"| {row['files']:,} | {row['databases']:,} | {row['first']:.2f} s | {row['later']:.2f} s | {row['slowest']:.2f} s "
            f"| {row['cpu']:.2f} s | {row['memory']:.0f} MiB | {row['after']:.0f} MiB | {row['peak']:.0f} MiB |")
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(prog="scripts/bench catalog")
    parser.add_argument("--restorable", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--files", type=int, default=100_000)
    parser.add_argument("--looks", type=int, default=20)
    parser.add_argument("--cold", action="store_true", help="drop the caches of the machine before each first look (root)")
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    directory = tempfile.mkdtemp(prefix="restorable-bench-catalog-", dir="/var/tmp")
    try:
        rows = []
        for files, databases in ((1000, 1), (arguments.files, 1), (arguments.files, max(1, arguments.files // 100))):
            rows.append(measure(arguments, directory, files, databases))
            say(f"{rows[-1]}")
        print(table(rows, arguments.looks))
        slowest = max(max(row["first"], row["slowest"]) for row in rows)
        print(f"\nThe slowest look took {slowest:.2f} s; {ASKED:.0f} s are asked for.")
    finally:
        shutil.rmtree(directory, ignore_errors=True)


if __name__ == "__main__":
    main()
