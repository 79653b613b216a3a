#!/usr/bin/env python3
"""Prints the rules of alerts/ as the Swift source that `restorable rules` writes them from.

    embed_rules.py alerts/restorable.rules.yml > Sources/Commands/Rules/ShippedRules.swift
"""
import sys

with open(sys.argv[1], encoding="utf-8") as file:
    text = file.read()
if '"""#' in text or "\\#(" in text or not text.endswith("\n"):
    sys.exit(f"{sys.argv[1]}: can't stand in a raw string of Swift")
lines = "".join(f"        {line}\n" if line else "\n" for line in text.split("\n")[:-1])
print(f'''\
// Made from alerts/restorable.rules.yml by scripts/support/embed_rules.py: change it there.

/// The alert rules as they are shipped: in the program itself, which is one file.
enum ShippedRules {{
    static let text = #"""
{lines}
        """#
}}''')
