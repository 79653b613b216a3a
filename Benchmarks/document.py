"""docs/performance.md, of which each benchmark writes its part: verifications all up to the daemon, the daemon the rest."""

import pathlib

PATH = pathlib.Path(__file__).resolve().parent.parent / "docs/performance.md"
DAEMON = "## The daemon\n"


def parts():
    text = PATH.read_text() if PATH.exists() else ""
    before, heading, after = text.partition(DAEMON)
    return before.rstrip() + "\n", (heading + after).rstrip()


def write(verifications):
    daemon = parts()[1]
    PATH.write_text(verifications.rstrip() + "\n" + (f"\n{daemon}\n" if daemon else ""))


def write_daemon(body):
    PATH.write_text(f"{parts()[0]}\n{DAEMON}\n{body.strip()}\n")
