#!/usr/bin/env python3
"""Prints the arguments of the container of a Deployment or a CronJob, one a line, with another configuration file.

    container_arguments.py MANIFEST CONFIGURATION
"""
import sys

import yaml

with open(sys.argv[1], encoding="utf-8") as opened:
    spec = yaml.safe_load(opened)["spec"]
if "jobTemplate" in spec:
    spec = spec["jobTemplate"]["spec"]
(container,) = spec["template"]["spec"]["containers"]
for argument in container["args"]:
    print(sys.argv[2] if argument == "/etc/restorable/restorable.yml" else argument)
