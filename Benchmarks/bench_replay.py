"""Measures how fast a drill replays an archive, beside the commands that people write into restore_command. Started by scripts/bench replay."""

import argparse
import json
import os
import pathlib
import re
import shlex
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

from bench import Store, run, say

ROOT = pathlib.Path(__file__).resolve().parent.parent
# As scratch servers are started (Sources/PostgreSQL/Scratch/ServerSettings.swift), so that only the command differs.
SETTINGS = [
    "listen_addresses=", "fsync=off", "synchronous_commit=off", "full_page_writes=off", "wal_level=minimal", "max_wal_senders=0",
    "max_wal_size=1GB", "checkpoint_timeout=5min", "bgwriter_lru_maxpages=0", "autovacuum=off", "shared_buffers=256MB",
    "dynamic_shared_memory_type=mmap", "archive_mode=off", "hot_standby=off", "log_line_prefix=%n ", "lc_messages=C",
    "recovery_target_action=promote", "max_prepared_transactions=256",
]


def script(line):
    source = f"set -euo pipefail; source {shlex.quote(str(ROOT / 'scripts/support/private-server.bash'))}; "
    return run(["bash", "-c", source + line])[2]


class Cluster:
    """A base backup, and the archive of what pgbench wrote after it: raw, and packed by gzip."""

    def __init__(self, directory, megabytes):
        self.directory, self.raw, self.packed = directory, f"{directory}/wal", f"{directory}/packed"
        self.base = f"{directory}/base"
        self.tools = script("private_server_bin").strip()
        server = f"{directory}/server"
        for each in (self.raw, server, self.packed):
            os.mkdir(each)
            os.chmod(each, 0o777)
        archive = f"archive_command=cp\\ %p\\ {self.raw}/%f"
        script(f"private_server_start {server} archive_mode=on {shlex.quote(archive)} fsync=off max_wal_size=4GB")
        try:
            connection = ["-h", server, "-U", "postgres"]
            run([f"{self.tools}/pgbench", *connection, "-i", "-q", "-s", "30", "postgres"])
            run([f"{self.tools}/pg_basebackup", *connection, "--checkpoint=fast", "--no-sync", "-D", self.base, "-X", "none"])
            say(f"writing {megabytes} MiB of log")
            ask = [f"{self.tools}/psql", *connection, "-X", "-q", "-A", "-t", "-d", "postgres", "-c"]
            begun = self.position(ask)
            while self.position(ask) - begun < megabytes << 20:
                run([f"{self.tools}/pgbench", *connection, "-c", "4", "-j", "2", "-t", "5000", "-n", "postgres"])
            last = run([*ask, "SELECT pg_walfile_name(pg_switch_wal())"])[2].strip()
            while run([*ask, f"SELECT last_archived_wal >= '{last}' FROM pg_stat_archiver"])[2].strip() != "t":
                time.sleep(0.1)
        finally:
            script(f"private_server_stop {server}")
        run(f"cp {self.raw}/* {self.packed}/ && gzip -1 {self.packed}/0*")
        first = re.search(r"file ([0-9A-F]{24})\)", pathlib.Path(f"{self.base}/backup_label").read_text())[1]
        self.segments = sum(name >= first for name in os.listdir(self.raw) if re.fullmatch("[0-9A-F]{24}", name))

    @staticmethod
    def position(ask):
        return int(run([*ask, "SELECT pg_current_wal_lsn() - '0/0'"])[2])


class Replay:
    def __init__(self, cluster, restorable):
        self.cluster, self.restorable = cluster, restorable

    def ours(self, archive, address=None):
        """Seconds of replay, and of the whole recovery, of a drill."""
        command = [self.restorable, "drill", "--base", self.cluster.base, "--wal", address or archive, "--skip-amcheck", "--json"]
        report = json.loads(run(command)[2])
        if report["drill"]["archived_files"] < self.cluster.segments - 1:
            sys.exit(f"bench: only {report['drill']['archived_files']} of {self.cluster.segments} segments were replayed")
        return report["drill"]["replay_seconds"]

    def theirs(self, command):
        """Seconds between the log's `redo starts` and `redo done` of a server with that restore_command."""
        place = f"{self.cluster.directory}/theirs"
        shutil.rmtree(place, ignore_errors=True)
        os.mkdir(place)
        run(["cp", "-r", self.cluster.base, f"{place}/data"])
        os.chmod(f"{place}/data", 0o700)
        open(f"{place}/data/recovery.signal", "w").close()
        run(["chown", "-R", "restorable:", place])
        settings = [*SETTINGS, f"unix_socket_directories={place}", f"restore_command={command}"]
        arguments = [part for each in settings for part in ("-c", each)]
        line = (f"private_server_as_user env {' '.join(f'{n}={shlex.quote(v)}' for n, v in os.environ.items() if n.startswith('AWS_'))} "
                f"{self.cluster.tools}/pg_ctl -D {place}/data -w -t 600 -l {place}/log "
                f"-o {shlex.quote(shlex.join(arguments))} start >/dev/null </dev/null")
        try:
            script(line)
            # With hot_standby off it is told to run before it is recovered.
            deadline = time.monotonic() + 600
            while "ready to accept connections" not in pathlib.Path(f"{place}/log").read_text() and time.monotonic() < deadline:
                time.sleep(0.2)
        finally:
            script(f"private_server_as_user {self.cluster.tools}/pg_ctl -D {place}/data -m immediate -w stop >/dev/null 2>&1 || true")
        log = pathlib.Path(f"{place}/log").read_text()
        begun, done = (re.search(rf"^(\d+\.\d+) .*{what}", log, re.M) for what in ("redo starts at", "redo done at"))
        restored = log.count("restored log file")
        if not begun or not done or restored < self.cluster.segments - 1:
            sys.exit(f"bench: only {restored} of {self.cluster.segments} segments were replayed\n{log}")
        shutil.rmtree(place)
        return float(done[1]) - float(begun[1])


def aws(directory):
    """Amazon's own command, from PyPI, where the servers' user can run it; it goes with the benchmark."""
    run(["/usr/bin/python3", "-m", "venv", f"{directory}/aws"])
    run([f"{directory}/aws/bin/pip", "install", "--quiet", "--disable-pip-version-check", "awscli"])
    return f"{directory}/aws/bin/aws"


def measure(title, contenders, runs):
    """By turns, page cache warm: the first run of each does not count."""
    seconds = {name: [] for name, _ in contenders}
    for number in range(runs + 1):
        for name, work in contenders:
            took = work()
            say(f"{title}: {name}: {took:.2f} s")
            if number > 0:
                seconds[name].append(took)
    ours = seconds[contenders[0][0]]
    print(f"\n| {title} | median | least to most | theirs / ours |\n|---|---|---|---|")
    for name, each in seconds.items():
        ratio = "" if each is ours else f"{statistics.median(b / a for a, b in zip(ours, each)):.2f} ×"
        print(f"| {name} | {statistics.median(each):.2f} s | {min(each):.2f}–{max(each):.2f} | {ratio} |", flush=True)


def main():
    parser = argparse.ArgumentParser(prog="scripts/bench replay")
    parser.add_argument("--restorable", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--size", type=int, default=1024, metavar="MIB", help="of the log that is replayed")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--only", choices=["raw", "store"])
    arguments = parser.parse_args()
    if os.geteuid() != 0:
        sys.exit("bench: the servers are started as another user: run it as root")
    directory = tempfile.mkdtemp(prefix="restorable-bench-replay-", dir="/var/tmp")
    os.chmod(directory, 0o755)
    store = None
    try:
        cluster = Cluster(directory, arguments.size)
        replay = Replay(cluster, arguments.restorable)
        print(f"{cluster.segments} segments of 16 MiB of pgbench.")
        if arguments.only != "store":
            measure("raw, in a directory", [
                ("restorable drill", lambda: replay.ours(cluster.raw)),
                ("cp", lambda: replay.theirs(f"cp {cluster.raw}/%f %p"))], arguments.runs)
        if arguments.only != "raw":
            os.makedirs(f"{directory}/bucket/wal")
            run(f"cp {cluster.packed}/* {directory}/bucket/wal/")
            client = aws(directory)
            store = Store(f"{directory}/bucket")
            endpoint = os.environ["AWS_ENDPOINT_URL"]
            user = f"{os.environ['AWS_ACCESS_KEY_ID']}:{os.environ['AWS_SECRET_ACCESS_KEY']}"
            measure("packed by gzip, in a bucket", [
                ("restorable drill", lambda: replay.ours(None, "s3://wal")),
                ("curl, then gunzip", lambda: replay.theirs(
                    f"curl -sf --aws-sigv4 aws:amz:us-east-1:s3 --user {user} -o %p.gz {endpoint}/wal/%f.gz && gunzip -c %p.gz >%p && rm %p.gz")),
                ("aws s3 cp, then gunzip", lambda: replay.theirs(
                    f"{client} s3 cp --quiet --endpoint-url {endpoint} s3://wal/%f.gz %p.gz && gunzip -c %p.gz >%p && rm %p.gz")),
            ], arguments.runs)
    finally:
        if store:
            store.stop()
        shutil.rmtree(directory, ignore_errors=True)


main()
