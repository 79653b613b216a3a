#!/usr/bin/env python3
"""Builds the manifests of a directory as `kubectl kustomize` does, for machines without kubectl.

    kustomize.py DIRECTORY [--check FILE]

It knows what our kustomizations use: resources, namespace, labels, configMapGenerator with files, images. Any other key is an
error, so that nothing is passed over. With --check FILE it holds its own manifests against those that kubectl made, but for the digests in names.
"""
import hashlib
import json
import os
import re
import sys

import yaml

KNOWN = {"apiVersion", "kind", "namespace", "resources", "labels", "configMapGenerator", "images"}
CLUSTER_WIDE = {"Namespace", "ClusterRole", "ClusterRoleBinding"}


def load(path):
    with open(path, encoding="utf-8") as opened:
        return [document for document in yaml.safe_load_all(opened) if document]


def config_maps(generators, directory):
    """The resources, and the name that each gets, which goes with its content."""
    names, resources = {}, []
    for generator in generators:
        data = {}
        for file in generator["files"]:
            with open(os.path.join(directory, file), encoding="utf-8") as opened:
                data[os.path.basename(file)] = opened.read()
        digest = hashlib.sha256(repr(sorted(data.items())).encode()).hexdigest()[:10]
        names[generator["name"]] = f"{generator['name']}-{digest}"
        resources.append({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": names[generator["name"]]}, "data": data})
    return names, resources


def templates(node):
    """Everything that makes pods, down to the pods."""
    if isinstance(node, dict):
        if isinstance(node.get("template"), dict):
            yield node["template"]
        for value in node.values():
            yield from templates(value)


def label(resource, entry):
    unknown = set(entry) - {"pairs", "includeTemplates"}
    if unknown:
        sys.exit(f"kustomize.py does not know labels with {', '.join(sorted(unknown))}")
    resource["metadata"].setdefault("labels", {}).update(entry["pairs"])
    for template in templates(resource.get("spec", {})) if entry.get("includeTemplates") else []:
        template.setdefault("metadata", {}).setdefault("labels", {}).update(entry["pairs"])


def finish(pod, names, images):
    for container in pod.get("initContainers", []) + pod["containers"]:
        for image in images:
            if container["image"].split(":")[0] == image["name"]:
                container["image"] = f"{image.get('newName', image['name'])}:{image.get('newTag', 'latest')}"
    for volume in pod.get("volumes", []):
        if volume.get("configMap", {}).get("name") in names:
            volume["configMap"]["name"] = names[volume["configMap"]["name"]]


def build(directory):
    (kustomization,) = load(os.path.join(directory, "kustomization.yaml"))
    unknown = set(kustomization) - KNOWN
    if unknown:
        sys.exit(f"{directory}/kustomization.yaml: kustomize.py does not know {', '.join(sorted(unknown))}")
    names, resources = config_maps(kustomization.get("configMapGenerator", []), directory)
    resources += [resource for file in kustomization["resources"] for resource in load(os.path.join(directory, file))]
    for resource in resources:
        if "namespace" in kustomization:
            if resource["kind"] == "Namespace":
                resource["metadata"]["name"] = kustomization["namespace"]
            if resource["kind"] not in CLUSTER_WIDE:
                resource["metadata"]["namespace"] = kustomization["namespace"]
        for entry in kustomization.get("labels", []):
            label(resource, entry)
        for template in templates(resource.get("spec", {})):
            if "containers" in template.get("spec", {}):
                finish(template["spec"], names, kustomization.get("images", []))
    return resources


def comparable(resources):
    """Digests are made in another way here: the names that they stand in are cut."""
    text = re.sub(r"-[0-9a-z]{10}\b", "-DIGEST", json.dumps(resources, sort_keys=True))
    return {(resource["kind"], resource["metadata"]["name"]): resource for resource in json.loads(text)}


def main(directory, *arguments):
    own = build(directory)
    if arguments[:1] != ("--check",):
        yaml.safe_dump_all(own, sys.stdout, sort_keys=False)
        return 0
    ours, theirs = comparable(own), comparable(load(arguments[1]))
    different = [key for key in sorted(set(ours) | set(theirs)) if ours.get(key) != theirs.get(key)]
    for kind, name in different:
        print(f"kustomize.py: {kind} {name} of {directory} is not what kubectl makes", file=sys.stderr)
    return 1 if different else 0


sys.exit(main(*sys.argv[1:]))
