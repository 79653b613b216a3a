#!/usr/bin/env python3
"""Checks what promtool does not: that every alert is complete, has a runbook and is tested in all three ways.

    check_alerts.py RUNBOOKS RULES TESTS...

A test is named `<Alert> fires …`, `<Alert> stays silent …`; the third kind, what happens when series vanish or the daemon
restarts, has `restart` or `vanish` in its name. A test that says it fires must expect that alert, with its annotations.
"""
import os
import re
import sys

import yaml

SEVERITIES = {"critical", "warning", "none"}
ANNOTATIONS = {"summary", "description", "runbook_url"}
SECTIONS = ["## Meaning", "## Impact", "## Diagnosis", "## Mitigation"]
BASE = "https://github.com/restorable/restorable/blob/main/docs/runbooks/"

# A moment, a size or a state is no counter: its increase means nothing.
GAUGES = re.compile(r"\b(?:increase|rate|irate|resets)\s*\(\s*(?:backup|postgres|restorable)_\w+(?<!_total)\s*[\[{]")


def rule_problems(rule, runbooks):
    name, notes = rule["alert"], rule.get("annotations", {})
    if rule.get("labels", {}).get("severity") not in SEVERITIES:
        yield f"severity is none of {sorted(SEVERITIES)}"
    if set(notes) != ANNOTATIONS:
        yield f"annotations are {sorted(notes)}"
    if "$value" not in notes.get("description", ""):
        yield "the description does not tell the value"
    if notes.get("runbook_url") != f"{BASE}{name}.md":
        yield "runbook_url is not its own"
    if re.search(r"\bon\s*\(\s*database", rule["expr"]):
        yield "matches on(database): two replicas make that many-to-many"
    if GAUGES.search(rule["expr"]):
        yield "takes a gauge for a counter"
    path = os.path.join(runbooks, f"{name}.md")
    if not os.path.exists(path):
        yield f"{path} is missing"
        return
    with open(path, encoding="utf-8") as opened:
        text = opened.read()
    if [line for line in text.splitlines() if line.startswith("#")][:1] != [f"# {name}"]:
        yield f"{path} has another title"
    if [line for line in text.splitlines() if line.startswith("## ")] != SECTIONS:
        yield f"{path} has not the sections {SECTIONS}"


def test_problems(name, tests):
    own = [test for test in tests if test["name"].split()[0] == name]

    def expects(test, firing):
        steps = [step for step in test["alert_rule_test"] if step["alertname"] == name]
        return any(bool(step.get("exp_alerts")) == firing for step in steps)

    if not any(test["name"].startswith(f"{name} fires") and expects(test, True) for test in own):
        yield "no test shows it fire"
    if name == "Watchdog":
        return
    if not any(" stays silent" in test["name"] and expects(test, False) for test in own):
        yield "no test shows it stay silent"
    if not any(re.search("restart|vanish", test["name"]) for test in own):
        yield "no test restarts the daemon or lets its series vanish"


def main(runbooks, rules_file, *test_files):
    def load(file):
        with open(file, encoding="utf-8") as opened:
            return yaml.safe_load(opened)

    rules = [rule for group in load(rules_file)["groups"] for rule in group["rules"] if "alert" in rule]
    tests = [test for file in test_files for test in load(file)["tests"]]
    problems = [
        f"{rule['alert']}: {problem}"
        for rule in rules
        for problem in [*rule_problems(rule, runbooks), *test_problems(rule["alert"], tests)]
    ]
    orphans = {name[:-3] for name in os.listdir(runbooks)} - {rule["alert"] for rule in rules}
    problems += [f"{name}.md: a runbook without an alert" for name in sorted(orphans)]
    for problem in problems:
        print(f"check_alerts: {problem}", file=sys.stderr)
    print(f"{len(rules)} alerts, {len(tests)} tests")
    return 1 if problems else 0


sys.exit(main(*sys.argv[1:]))
