"""docs/performance.md, of which each benchmark writes its part: verifications all up to the daemon, the daemon the rest."""

import pathlib
import re

PATH = pathlib.Path(__file__).resolve().parent.parent / "docs/performance.md"
DAEMON = "## The daemon\n"


def parts():
    text = PATH.read_text() if PATH.exists() else ""
    before, heading, after = text.partition(DAEMON)
    return before.rstrip() + "\n", (heading + after).rstrip()


def sections(text):
    """Its head, and heading → text of each section."""
    head, *rest = re.split(r"^(?=## )", text, flags=re.MULTILINE)
    return head, {section.partition("\n")[0]: section for section in rest}


def write(verifications):
    """What was not measured this time (`--only`, no `--peak`) stays as it was, and the head with it that says when and where."""
    before, daemon = parts()
    old_head, old = sections(before)
    new_head, new = sections(verifications.rstrip() + "\n")
    merged = {**old, **new}
    head = new_head if len(new) > 1 or not old else old_head
    text = head.rstrip() + "\n\n" + "\n".join(section.rstrip() + "\n" for section in merged.values())
    PATH.write_text(text + (f"\n{daemon}\n" if daemon else ""))


def write_daemon(body):
    PATH.write_text(f"{parts()[0]}\n{DAEMON}\n{body.strip()}\n")
