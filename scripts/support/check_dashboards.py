#!/usr/bin/env python3
"""Checks what a dashboard needs beside expressions that parse: links to runbooks that are there, thresholds, panels that say
what they show.

    check_dashboards.py RUNBOOKS RULES FILE...

Of each alert that is about a database or the daemon some panel links to the runbook; a panel that colours by a threshold has more
than one step, in order, and its base. No expression takes the increase of a moment in time.
"""
import json
import os
import re
import sys

import yaml

RUNBOOK = re.compile(r"https://github\.com/restorable/restorable/blob/main/docs/runbooks/([A-Za-z]+)\.md")
# A moment, a size or a state is no counter: its increase means nothing.
GAUGES = re.compile(r"\b(?:increase|rate|irate|resets)\s*\(\s*(?:backup|postgres|restorable)_\w+(?<!_total)\s*[\[{]")


def panels(container):
    for panel in container.get("panels", []):
        yield panel
        yield from panels(panel)


def threshold_problems(panel):
    defaults = panel.get("fieldConfig", {}).get("defaults", {})
    steps = defaults.get("thresholds", {}).get("steps", [])
    values = [step.get("value") for step in steps]
    if not steps or values[0] is not None:
        yield "has no first step without a value"
    elif None in values[1:] or values[1:] != sorted(values[1:]) or any(not step.get("color") for step in steps):
        yield "its steps are not in order, or have no colour"
    # What has a runbook has a bad value, but for one that each database's own objective decides: that stays uncoloured.
    plain = len(steps) < 2 and [step.get("color") for step in steps] != ["text"]
    if panel["type"] == "stat" and panel.get("links") and plain and not is_mapped(panel):
        yield "has a runbook, and neither a threshold nor colours of its values"


def is_mapped(panel):
    """By the panel, or by one of its series."""
    config = panel.get("fieldConfig", {})
    properties = [one for override in config.get("overrides", []) for one in override.get("properties", [])]
    return bool(config.get("defaults", {}).get("mappings")) or any(one["id"] in ("mappings", "thresholds", "color") for one in properties)


def panel_problems(panel, runbooks):
    if not panel.get("title"):
        yield "has no title"
    if panel["type"] == "row":
        return
    if not panel.get("targets"):
        yield "asks for nothing"
    for target in panel.get("targets", []):
        if GAUGES.search(target.get("expr", "")):
            yield f"takes a gauge for a counter: {target['expr']}"
    for link in panel.get("links", []):
        runbook = RUNBOOK.fullmatch(link.get("url", ""))
        if not runbook or not os.path.exists(os.path.join(runbooks, f"{runbook[1]}.md")):
            yield f"links to {link.get('url')}, which is no runbook"
    yield from threshold_problems(panel)


def main(runbooks, rules_file, *files):
    with open(rules_file, encoding="utf-8") as opened:
        groups = yaml.safe_load(opened)["groups"]
    alerts = {rule["alert"] for group in groups for rule in group["rules"] if "alert" in rule}
    found, linked, count = [], set(), 0
    for file in files:
        with open(file, encoding="utf-8") as opened:
            dashboard = json.load(opened)
        for key in ("uid", "title", "schemaVersion", "tags"):
            if not dashboard.get(key):
                found.append(f"{file}: has no {key}")
        for panel in panels(dashboard):
            count += 1
            linked |= set(RUNBOOK.findall(json.dumps(panel.get("links", []))))
            found += [f"{file}: panel \"{panel.get('title')}\" {problem}" for problem in panel_problems(panel, runbooks)]
    missing = alerts - linked - {"Watchdog"}
    found += [f"no panel links to the runbook of {name}" for name in sorted(missing)]
    for problem in found:
        print(f"check_dashboards: {problem}", file=sys.stderr)
    print(f"{len(files)} dashboards, {count} panels, {len(linked)} runbooks")
    return 1 if found or not files else 0


sys.exit(main(*sys.argv[1:]))
