"""Measures `restorable verify` against other tools, in alternating runs. Started by scripts/bench."""

import argparse
import json
import os
import pathlib
import platform
import shlex
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time

import document

ROOT = pathlib.Path(__file__).resolve().parent.parent
# Orders of Benchmarks/shop.sql that make one GiB of SQL, measured with pg_dump 15.
ORDERS_PER_GIB = 2_640_000
# Rows of Benchmarks/readings.sql that make one GiB of SQL.
ROWS_PER_GIB = 11_000_000


def say(text):
    print(f"bench: {text}", file=sys.stderr, flush=True)


class Peak(threading.Thread):
    """The largest resident set of one process, without its children: VmHWM never falls, so the last look counts."""

    def __init__(self, pid):
        super().__init__(daemon=True)
        self.path = f"/proc/{pid}/status"
        self.kibibytes = 0
        self.ended = threading.Event()

    def run(self):
        while not self.ended.wait(0.02):
            try:
                for line in open(self.path):
                    if line.startswith("VmHWM:"):
                        self.kibibytes = int(line.split()[1])
            except OSError:
                return


def run(command, wanted=0):
    """Runs a command (a list, or a line of bash) to its end: seconds, peak MiB, standard output."""
    line = command if isinstance(command, list) else ["bash", "-o", "pipefail", "-c", command]
    begun = time.monotonic()
    process = subprocess.Popen(line, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    peak = Peak(process.pid)
    peak.start()
    output, error = process.communicate()
    seconds = time.monotonic() - begun
    peak.ended.set()
    if process.returncode != wanted:
        sys.exit(f"bench: {command} ended with {process.returncode}\n{output}{error}")
    return seconds, peak.kibibytes / 1024, output


class Server:
    """A private server of scripts/support/private-server.bash, with PostgreSQL's default settings."""

    def __init__(self, directory):
        self.directory = directory
        os.mkdir(directory)
        self.bin = self.script("private_server_bin").strip()
        self.script(f"private_server_start {shlex.quote(directory)}")

    def script(self, line):
        source = f"set -euo pipefail; source {shlex.quote(str(ROOT / 'scripts/support/private-server.bash'))}; "
        return run(["bash", "-c", source + line])[2]

    def stop(self):
        self.script(f"private_server_stop {shlex.quote(self.directory)}")

    def tool(self, name, *arguments):
        return [f"{self.bin}/{name}", "-h", self.directory, "-U", "postgres", *arguments]


class Store:
    """`rclone serve s3` on loopback over a directory, in the environment of what is started from here on."""

    def __init__(self, directory):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        place = os.environ.get("RESTORABLE_TEST_RCLONE", "/opt/restorable-test/rclone")
        self.process = subprocess.Popen(
            [f"{place}/bin/rclone", "serve", "s3", "--config", "/dev/null", "--addr", f"127.0.0.1:{port}", "--auth-key",
             "bench,bench-secret", "--vfs-cache-mode", "off", directory],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.environ.update(AWS_ENDPOINT_URL=f"http://127.0.0.1:{port}", AWS_ACCESS_KEY_ID="bench",
                          AWS_SECRET_ACCESS_KEY="bench-secret", AWS_REGION="us-east-1")
        while True:
            try:
                return socket.create_connection(("127.0.0.1", port)).close()
            except ConnectionRefusedError:
                if self.process.poll() is not None:
                    sys.exit("bench: rclone does not serve: run scripts/setup")
                time.sleep(0.05)

    def stop(self):
        self.process.kill()
        self.process.wait()


def median_row(name, seconds, ours):
    median = statistics.median(seconds)
    spread = f"{min(seconds):.2f}–{max(seconds):.2f}"
    # Paired: each run of theirs against the run of ours beside it, for the machine drifts.
    ratio = "" if seconds is ours else f"{statistics.median(b / a for a, b in zip(ours, seconds)):.2f} ×"
    return f"| {name} | {median:.2f} s | {spread} | {ratio} |"


def alternate(runs, contenders):
    """Runs each contender in turn, `runs` times: name → seconds, and the largest peak of each."""
    seconds = {name: [] for name, _ in contenders}
    peaks = {name: 0.0 for name, _ in contenders}
    for number in range(runs):
        for name, work in contenders:
            # What the one before left to write must not be paid for by the next one.
            os.sync()
            took, peak = work()
            seconds[name].append(took)
            peaks[name] = max(peaks[name], peak)
            say(f"run {number + 1} of {runs}: {name}: {took:.2f} s")
    return seconds, peaks


def table(seconds):
    ours = next(iter(seconds.values()))
    rows = [median_row(name, values, ours) for name, values in seconds.items()]
    return "\n".join(["| | median | least to most | theirs / ours |", "|---|---|---|---|", *rows])


class Bench:
    def __init__(self, arguments, directory):
        self.arguments = arguments
        self.directory = directory
        self.restorable = arguments.restorable
        self.server = Server(f"{directory}/server")
        self.sections = []
        self.custom = f"{directory}/shop.custom"

    def shop(self, gibibytes, archive):
        """A shop of that size, as .sql.gz and, where asked for, as custom archive."""
        self.fill("shop", "orders", int(gibibytes * ORDERS_PER_GIB))
        if archive:
            run(self.server.tool("pg_dump", "-Fc", "-f", self.custom, "shop"))
        return self.dump("shop", "gzip -6")

    def fill(self, name, unit, count):
        """A database that `name`.sql makes."""
        say(f"making {name} with {count} {unit}")
        run(self.server.tool("createdb", name))
        run(self.server.tool("psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-v", f"{unit}={count}", "-d", name,
                             "-f", str(ROOT / f"Benchmarks/{name}.sql")))

    def dump(self, database, compressor):
        """Dumps and drops the database: the file, and the bytes of SQL in it."""
        name = f"{self.directory}/{database}.sql.gz"
        dump = " ".join(map(shlex.quote, self.server.tool("pg_dump", database)))
        size = int(run(f"{dump} | tee >({compressor} >{name}) | wc -c")[2])
        run(self.server.tool("dropdb", database))
        # `tee` does not wait for the compressor: the file is whole when it has a trailer.
        while subprocess.run(["gzip", "-t", name], capture_output=True).returncode:
            time.sleep(1)
        return name, size

    def verify(self, *arguments):
        def work():
            seconds, peak, output = run([self.restorable, "verify", "--json", *arguments])
            self.last = json.loads(output)
            return seconds, peak
        return work

    def facts(self, name, size):
        stored = os.path.getsize(name)
        return f"{size / 2**30:.2f} GiB of SQL in {stored / 2**20:.0f} MiB of gzip"

    def integrity(self, name, size):
        tools = [("gunzip -t", f"gunzip -t {name}"), ("pigz -t", f"pigz -t {name}"), ("igzip -t", f"igzip -t {name}")]
        contenders = [("**restorable verify --until integrity**", self.verify("--until", "integrity", name))]
        contenders += [(tool, lambda line=line: run(line)[:2]) for tool, line in tools]
        seconds, peaks = alternate(self.arguments.runs, contenders)
        peak = next(iter(peaks.values()))
        self.sections.append(f"## Integrity\n\n{self.facts(name, size)}. Restorable also makes the SHA-256, scans the SQL, "
                             f"counts the rows and plans the load.\n\n{table(seconds)}\n\nPeak memory of restorable: {peak:.0f} MiB.")

    def store(self, name, size):
        """The same dump from a bucket and from the disk. The store computes an MD5 for each request, beside us on the same processors."""
        buckets = f"{self.directory}/buckets"
        os.makedirs(f"{buckets}/bench")
        shutil.copy(name, f"{buckets}/bench/shop.sql.gz")
        store = Store(buckets)
        try:
            tables = []
            for title, options in (("bytes", ["--until", "integrity"]), ("whole verification", [])):
                seconds, peaks = alternate(self.arguments.runs, [
                    (f"**from a bucket**, {title}", self.verify(*options, "s3://bench/shop.sql.gz")),
                    (f"from the disk, {title}", self.verify(*options, name)),
                ])
                peak = next(iter(peaks.values()))
                tables.append(f"{table(seconds)}\n\nPeak memory of restorable: {peak:.0f} MiB.")
        finally:
            store.stop()
        self.sections.append(
            f"## From object storage\n\n{self.facts(name, size)}, from `rclone serve s3` on the same machine, which computes an "
            f"MD5 of the object for each request.\n\n" + "\n\n".join(tables))

    def psql(self, name):
        def work():
            run(self.server.tool("dropdb", "--if-exists", "target"))
            run(self.server.tool("createdb", "target"))
            psql = " ".join(map(shlex.quote, self.server.tool("psql", "-X", "-q", "-d", "target")))
            result = run(f"gunzip -t {name} && zcat {name} | {psql} >/dev/null")[:2]
            # Left there, it would be vacuumed and checkpointed while the next contender runs.
            run(self.server.tool("dropdb", "target"))
            run(self.server.tool("psql", "-X", "-q", "-d", "postgres", "-c", "CHECKPOINT"))
            return result
        return work

    def kept_scratch(self):
        """A scratch server such as `restorable verify` starts, left running: where it is, and as whom to connect."""
        dump = f"{self.directory}/one.sql"
        run(self.server.tool("psql", "-X", "-q", "-d", "postgres", "-c", "CREATE TABLE one AS SELECT 1 AS a"))
        run(self.server.tool("pg_dump", "-f", dump, "postgres"))
        self.verify("--keep-scratch", dump)()
        note = next(note for note in self.last["notes"] if "Connect: " in note)
        words = shlex.split(note.split("Connect: ")[1])
        return words[0].removesuffix("/psql"), words[words.index("-h") + 1], words[words.index("-U") + 1]

    def pg_restore(self, bin, host, user):
        def tool(program, *rest):
            return [f"{bin}/{program}", "-h", host, "-U", user, *rest]

        def work():
            run(tool("dropdb", "--if-exists", "target"))
            run(tool("createdb", "-T", "template0", "target"))
            result = run(tool("pg_restore", "-j", "2", "-d", "target", self.custom))[:2]
            # Left there, the kernel would write its gigabytes to the disk while the next contender runs; ours leaves nothing.
            run(tool("dropdb", "target"))
            return result
        return work

    def whole(self, name, size):
        scratch = self.kept_scratch()
        try:
            seconds, peaks = alternate(self.arguments.runs, [
                ("**restorable verify**", self.verify(name)),
                ("`gunzip -t` and `zcat \\| psql`, default server", self.psql(name)),
                ("`pg_restore -j 2` of `-Fc`, a scratch server", self.pg_restore(*scratch)),
            ])
        finally:
            run([self.restorable, "gc", "--kept"])
        peak = next(iter(peaks.values()))
        small = f"{self.directory}/one.sql"
        ready = statistics.median(self.ready(small) for _ in range(max(3, self.arguments.runs)))
        self.sections.append(
            f"## The whole verification\n\n{self.facts(name, size)}. Restorable also proves the bytes first and counts the rows "
            f"afterwards; `pg_restore` does neither.\n\n{table(seconds)}\n\nPeak memory of restorable: {peak:.0f} MiB. "
            f"A dump of one row takes {ready:.2f} s from the first byte to the verdict, scratch server included.")

    def ready(self, small):
        return self.verify(small)()[0]

    def value(self, mebibytes):
        """One row whose value is that large: nothing may be kept whole on the way."""
        name = f"{self.directory}/value.sql.gz"
        run(self.server.tool("createdb", "value"))
        run(self.server.tool("psql", "-X", "-q", "-d", "value", "-c",
                             f"CREATE TABLE value AS SELECT 1 AS id, repeat(md5('x'), {mebibytes} << 15) AS content"))
        run(" ".join(map(shlex.quote, self.server.tool("pg_dump", "value"))) + f" | gzip -1 >{name}")
        run(self.server.tool("dropdb", "value"))
        took, peak = self.verify(name)()
        return f"A dump with one value of {mebibytes} MiB took {took:.0f} s and {peak:.0f} MiB."

    def memory(self):
        self.fill("readings", "rows", int(self.arguments.peak * ROWS_PER_GIB))
        name, size = self.dump("readings", "pigz -1")
        took, peak = self.verify(name)()
        self.sections.append(f"## Memory\n\n{time.strftime('%Y-%m-%d')}, {self.facts(name, size)}: the whole verification took {took:.0f} s, "
                             f"and restorable's own peak was {peak:.0f} MiB. {self.value(900)}")

    def report(self):
        cpu = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), "?")
        version = run([f"{self.server.bin}/postgres", "--version"])[2].strip()
        head = (f"# Performance\n\nMeasured by `scripts/bench` on {os.cpu_count()} cores ({cpu}), {version}, "
                f"{platform.system()} {platform.release()}, {time.strftime('%Y-%m-%d')}: "
                f"{self.arguments.runs} alternating runs, page cache warm. “theirs / ours” is the median of the ratios of runs "
                f"beside each other.\n")
        return "\n\n".join([head.rstrip(), *self.sections]) + "\n"


def main():
    parser = argparse.ArgumentParser(prog="scripts/bench")
    parser.add_argument("--restorable", required=True)
    parser.add_argument("--size", type=float, default=1.0)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--peak", type=float)
    parser.add_argument("--only", choices=["integrity", "whole", "store", "memory"])
    parser.add_argument("--data")
    parser.add_argument("--no-write", action="store_true")
    arguments = parser.parse_args()
    directory = tempfile.mkdtemp(prefix="rbench.", dir="/var/tmp")
    os.chmod(directory, 0o755)
    bench = None
    try:
        bench = Bench(arguments, directory)
        if arguments.only != "memory":
            if arguments.data:
                name, bench.custom = f"{arguments.data}/shop.sql.gz", f"{arguments.data}/shop.custom"
                size = int(run(f"pigz -dc {shlex.quote(name)} | wc -c")[2])
            else:
                name, size = bench.shop(arguments.size, archive=arguments.only in (None, "whole"))
            run(f"cat {name} >/dev/null")
            if arguments.only in (None, "integrity"):
                bench.integrity(name, size)
            if arguments.only in (None, "whole"):
                bench.whole(name, size)
            if arguments.only in (None, "store"):
                bench.store(name, size)
        if arguments.peak:
            bench.memory()
        report = bench.report()
        print(report)
        if not arguments.no_write:
            document.write(report)
    finally:
        if bench:
            bench.server.stop()
        shutil.rmtree(directory, ignore_errors=True)


if __name__ == "__main__":
    main()
