"""Measures `restorable serve` beside Prometheus' node_exporter and postgres_exporter. Started by scripts/bench serve."""

import argparse
import json
import os
import pathlib
import platform
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

import document
from bench import ROOT, Server, run, say

MONITORING = pathlib.Path(os.environ.get("RESTORABLE_TEST_MONITORING", "/opt/restorable-test/monitoring")) / "usr/bin"
OURS = "**restorable serve**"


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Exporter:
    """A server of metrics on loopback; it ends with `stop`."""

    def __init__(self, name, command, environment=None, log="/dev/null"):
        self.name = name
        self.port = free_port()
        self.process = subprocess.Popen(
            command(self.port), stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=open(log, "w"), env={**os.environ, **(environment or {})})
        self.wait()

    def wait(self):
        for _ in range(600):
            if self.process.poll() is not None:
                sys.exit(f"bench: {self.name} ended with {self.process.returncode}")
            try:
                return self.page()
            except OSError:
                time.sleep(0.1)
        sys.exit(f"bench: {self.name} does not answer")

    def page(self):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/metrics", timeout=60) as answer:
            return answer.read().decode()

    def resident(self):
        """MiB, now: `VmRSS` of /proc/PID/status."""
        with open(f"/proc/{self.process.pid}/status") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmRSS")) / 1024

    def processor(self):
        """Seconds used so far, of all threads: fields 14 and 15 of /proc/PID/stat."""
        with open(f"/proc/{self.process.pid}/stat") as stat:
            fields = stat.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Bench:
    def __init__(self, arguments, directory):
        self.arguments = arguments
        self.directory = directory
        self.client = f"{directory}/scrape"
        run(["gcc", "-O2", "-o", self.client, str(ROOT / "Benchmarks/scrape.c")])
        self.server = Server(f"{directory}/server")

    def load(self, exporter, connections, requests):
        line = [self.client, "load", "127.0.0.1", str(exporter.port), str(connections), str(requests), "gzip"]
        return json.loads(run(line)[2])

    # Contenders

    def restorable(self, folder, databases):
        folder = f"{self.directory}/{folder}"
        entries = "".join(
            f"  - name: {name}\n    backups: {{ location: {folder}/backups, match: \"{name}-{{time:yyyyMMdd-HHmmss}}.sql\" }}\n"
            "    objectives: { backup_every: 24h, rpo: 26h, rto: 1h, verify_every: 7d }\n    suspend: true\n"
            for name in (f"db{number:04}" for number in range(databases)))
        def command(port):
            with open(f"{folder}/restorable.yml", "w") as file:
                file.write(f"listen: 127.0.0.1:{port}\nhistory: {folder}/history.sqlite\n"
                           f"scratch: {{ directory: {folder}/scratch }}\ndatabases:\n{entries}")
            return [self.arguments.restorable, "serve", "--config", file.name]
        exporter = Exporter(OURS, command, log=f"{folder}/log")
        # Ready once the locations were looked at: until then there is little to say.
        for _ in range(600):
            if f'backup_catalog_backups{{database="db{databases - 1:04}"}}' in exporter.page():
                return exporter
            time.sleep(0.1)
        sys.exit(f"bench: the daemon finds no backups: {open(f'{folder}/log').read()}")

    def node_exporter(self):
        return Exporter("node_exporter", lambda port: [str(MONITORING / "prometheus-node-exporter"),
                                                       f"--web.listen-address=127.0.0.1:{port}"])

    def postgres_exporter(self):
        source = f"host={self.server.directory} user=postgres dbname=postgres sslmode=disable"
        return Exporter("postgres_exporter", lambda port: [str(MONITORING / "prometheus-postgres-exporter"),
                                                           f"--web.listen-address=127.0.0.1:{port}"], {"DATA_SOURCE_NAME": source})

    def fill(self, folder, databases, days):
        os.mkdir(f"{self.directory}/{folder}")
        say(f"writing {days} days of {databases} databases")
        run([self.arguments.fixture, f"{self.directory}/{folder}", str(databases), str(days)])

    # Questions

    def side_by_side(self):
        """The same scrapes of each in turn: all at once, as many as node_exporter allows, and beside slow clients."""
        self.fill("one", 1, self.arguments.days)
        makers = [lambda: self.restorable("one", 1), self.node_exporter, self.postgres_exporter]
        rows = {}
        for number in range(self.arguments.runs):
            for maker in makers:
                exporter = maker()
                try:
                    self.load(exporter, 1, 20)
                    row = {
                        "alone": self.load(exporter, 1, 200), "forty": self.load(exporter, 40, 25),
                        "thousand": self.load(exporter, 1000, 1), "slow": self.beside_slow(exporter),
                    }
                    row["memory"] = exporter.resident()
                finally:
                    exporter.stop()
                rows.setdefault(exporter.name, []).append(row)
                say(f"run {number + 1} of {self.arguments.runs}: {exporter.name}: {json.dumps(row)}")
        return rows

    def beside_slow(self, exporter):
        slow = subprocess.Popen([self.client, "slow", "127.0.0.1", str(exporter.port), "200", "600"],
                                stdout=subprocess.PIPE)
        try:
            # All of them are there after the second round.
            for _ in range(2):
                slow.stdout.readline()
            return self.load(exporter, 1, 200)
        finally:
            slow.kill()
            slow.wait()

    def idle(self, exporter):
        """MiB, and the part of one processor, while nobody asks."""
        before = exporter.processor()
        time.sleep(self.arguments.idle)
        return exporter.resident(), (exporter.processor() - before) / self.arguments.idle

    def alone(self):
        """What one daemon needs, with one database and with many."""
        self.fill("many", self.arguments.databases, self.arguments.days)
        results = {}
        for folder, databases in (("one", 1), ("many", self.arguments.databases)):
            exporter = self.restorable(folder, databases)
            try:
                time.sleep(5)
                memory, processor = self.idle(exporter)
                self.load(exporter, 1, 3)
                scrape = self.load(exporter, 1, 200)
                plain = json.loads(run([self.client, "load", "127.0.0.1", str(exporter.port), "1", "200"])[2])
                results[databases] = {"idle": memory, "processor": processor, "scrape": scrape, "plain": plain,
                                      "after": exporter.resident()}
            finally:
                exporter.stop()
            say(f"{databases} databases: {json.dumps(results[databases])}")
        return results


def median(rows, *path):
    def value(row):
        for key in path:
            row = row[key]
        return row
    return statistics.median(map(value, rows))


def table(rows):
    lines = ["| | one scrape after another, p50 | 40 at once, p50 | p99 | 1,000 at once, answered 200 | p99 | beside 200 slow clients, p99 "
             "| p99 at 40, theirs / ours | memory after it |", "|---|---|---|---|---|---|---|---|---|"]
    ours = rows[OURS]
    for name, runs in rows.items():
        # Paired: each run of theirs against the run of ours beside it, for the machine drifts.
        ratio = "" if runs is ours else "%.1f ×" % statistics.median(
            b["forty"]["p99"] / a["forty"]["p99"] for a, b in zip(ours, runs))
        least = min(run["thousand"]["ok"] for run in runs)
        lines.append(
            f"| {name} | {median(runs, 'alone', 'p50'):.2f} ms | {median(runs, 'forty', 'p50'):.1f} ms "
            f"| {median(runs, 'forty', 'p99'):.1f} ms | {least} | {median(runs, 'thousand', 'p99'):.0f} ms "
            f"| {median(runs, 'slow', 'p99'):.2f} ms | {ratio} | {median(runs, 'memory'):.0f} MiB |")
    return "\n".join(lines)


def report(arguments, rows, alone):
    few, many = alone[1], alone[arguments.databases]
    count = f"{arguments.databases:,}"
    return f"""Measured by `scripts/bench serve` on {os.cpu_count()} cores, {platform.system()} {platform.release()}, {time.strftime('%Y-%m-%d')}: \
medians of {arguments.runs} alternating runs beside Debian's exporters, each with gzip. The pages are not the same: restorable's is rendered when a fact \
changes, theirs when somebody asks.

{table(rows)}

| restorable serve | asked | measured |
|---|---|---|
| idle memory, 1 database | ≤ 40 MiB | {few['idle']:.1f} MiB |
| idle CPU, 1 database | ≤ 0.5 % | {few['processor'] * 100:.2f} % |
| idle CPU, {count} databases | | {many['processor'] * 100:.2f} % |
| idle memory, {count} databases with {arguments.days} days of history | ≤ 80 MiB | {many['idle']:.1f} MiB |
| the same after 400 scrapes | | {many['after']:.1f} MiB |
| a scrape of {count} databases, gzip, p50 and p99 | ≤ 20 ms | {many['scrape']['p50']:.2f} ms, {many['scrape']['p99']:.2f} ms \
({many['scrape']['bytes'] / 1024:.0f} KiB) |
| the same, not compressed | ≤ 20 ms | {many['plain']['p50']:.2f} ms, {many['plain']['p99']:.2f} ms ({many['plain']['bytes'] / 1024:.0f} KiB) |"""


def main():
    parser = argparse.ArgumentParser(prog="scripts/bench serve")
    parser.add_argument("--restorable", required=True)
    parser.add_argument("--fixture", required=True)
    parser.add_argument("--databases", type=int, default=1000)
    parser.add_argument("--days", type=int, default=7)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--idle", type=float, default=60)
    parser.add_argument("--no-write", action="store_true")
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    directory = tempfile.mkdtemp(prefix="rserve.", dir="/var/tmp")
    os.chmod(directory, 0o755)
    bench = None
    try:
        bench = Bench(arguments, directory)
        text = report(arguments, bench.side_by_side(), bench.alone())
        print(text)
        if not arguments.no_write:
            document.write_daemon(text)
    finally:
        if bench:
            bench.server.stop()
        shutil.rmtree(directory, ignore_errors=True)


if __name__ == "__main__":
    main()
